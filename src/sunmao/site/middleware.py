"""Turns refusals into pages: what is needed, and whom to ask; a stored error never shows its insides."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from sunmao.kernel import busy, files
from sunmao.kernel.errors import NotAllowed
from sunmao.site import views

LARGEST = files.LIMIT + 1024 * 1024  # bytes of a request: a file and the form around it


class SizeMiddleware:
    """Refuses a body larger than any file that is taken, before a byte of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and len(length) < 12 and int(length) <= LARGEST:
            return self.get_response(request)
        says = _("What was sent is larger than %(limit)s MB. Make it smaller or split it.") % {
            "limit": files.LIMIT >> 20
        }
        return views.refused(request, _("Too large"), says, "too-large", 413)


class RefusalMiddleware:
    """Answers `NotAllowed` raised by any page, and a database that gave no turn to write."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if busy.is_busy(error):
            return views.busy_page(request, busy.words())
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
