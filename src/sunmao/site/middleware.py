"""Turns refusals into pages: what is needed, and whom to ask; a stored error never shows its insides."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from sunmao.kernel.errors import NotAllowed


class RefusalMiddleware:
    """Answers `NotAllowed` raised by any page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, NotAllowed):
            return None
        here = urlencode({"next": request.get_full_path()})
        if not request.user.is_authenticated:
            return HttpResponseRedirect(f"/accounts/login/?{here}")
        if error.need == "second-factor":
            says = _(
                "Sign in afresh with your second factor. What binds your institution is done within 15 minutes of it."
            )
            return render(request, "kernel/error.html", {
                "heading": _("Sign in afresh"), "says": says, "link": f"/accounts/fresh/?{here}", "link_text": _("Sign in afresh"),
            }, status=403)  # fmt: skip
        says = _(
            "Your role does not allow this here. Ask the secretariat of the register, or whoever holds the role at this institution."
        )
        return render(request, "kernel/error.html", {"heading": _("Not allowed"), "says": says}, status=403)
