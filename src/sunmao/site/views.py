"""The pages that are nobody's room: search, Today, account, language, theme, errors."""

from __future__ import annotations

import logging
import sys
import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from sunmao.kernel import busy, clock, search
from sunmao.kernel.desk import registry
from sunmao.kernel.errors import NotAllowed, shape
from sunmao.kernel.pages import table_rows
from sunmao.site import today as today_page

YEAR = 365 * 24 * 3600


def search_page(request: HttpRequest) -> HttpResponse:
    """Find in everything this person may see: per desk the first hits, each desk's list for the rest."""
    words = request.GET.get("q", "").strip()[:200]
    desks = [desk for desk in registry.by_slug.values() if desk.search and desk.may(request.user, "see")]
    groups = [
        {
            "desk": desk,
            "rows": table_rows(desk, request.user, rows),
            "heads": [desk.shown[name].label for name in desk.columns],
            "more": more,
        }
        for desk, rows, more in (search.everywhere(desks, request.user, words, 10) if words else ())
    ]
    return render(request, "site/search.html", {"groups": groups, "words": words})


def today(request: HttpRequest) -> HttpResponse:
    """What waits for this person, the late first."""
    if not request.user.is_authenticated:
        raise NotAllowed("sign-in")
    day = clock.today()
    found = today_page.turns(request.user)
    groups = [
        (label, [{"turn": t, "late": t.days_late(day)} for t in found[kind]])
        for kind, label in today_page.KINDS.items()
    ]
    total = len(found["late"]) + len(found["mine"])
    context = {"groups": groups, "late": found["late"], "total": total, "own": today_page.own(request.user)}
    return render(request, "site/today.html", context)


def account(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    if not user.is_authenticated:
        raise NotAllowed("sign-in")
    return render(request, "site/account.html", {"memberships": user._memberships()})


def fresh(request: HttpRequest) -> HttpResponse:
    """Send to the second factor: to give it anew, or to set one up first."""
    user: Any = request.user
    if not user.is_authenticated:
        raise NotAllowed("sign-in")
    from allauth.mfa.models import Authenticator

    name = "mfa_reauthenticate" if Authenticator.objects.filter(user_id=user.pk).exists() else "mfa_activate_totp"
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': _back(request)})}")


def _back(request: HttpRequest) -> str:
    target = request.GET.get("next", "/")
    return target if url_has_allowed_host_and_scheme(target, {request.get_host()}) else "/"


def language(request: HttpRequest, code: str) -> HttpResponse:
    if code not in dict(settings.LANGUAGES):
        raise Http404
    response = HttpResponseRedirect(_back(request))
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, samesite="Lax")
    return response


def theme(request: HttpRequest, theme: str) -> HttpResponse:
    if theme not in ("light", "dark"):
        raise Http404
    response = HttpResponseRedirect(_back(request))
    response.set_cookie("theme", theme, max_age=YEAR, samesite="Lax")
    return response


def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse(shape(_("Not found, or not yours to see."), "not-found"), status=404)
    context = {"heading": _("Not found"), "says": _("Not found, or not yours to see.")}
    return render(request, "kernel/error.html", context, status=404)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    says = _("What was sent cannot be understood. Go back, reload the page and try again. Nothing was saved.")
    return refused(request, _("Not understood"), says, "invalid", 400)


def not_open(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what the framework or the sign-in refuses; what a role does not allow is told in `middleware`."""
    says = _("This is not open to you as you are signed in now. Go back, or sign in afresh.")
    return refused(request, _("Not allowed"), says, "not-allowed", 403)


def refused(request: HttpRequest, heading: str, says: str, code: str, status: int) -> HttpResponse:
    """Answer with a page of ours, or in the interface's one shape of errors."""
    if request.path.startswith("/api/"):
        return JsonResponse(shape(says, code), status=status)
    return render(request, "kernel/error.html", {"heading": heading, "says": says}, status=status)


def busy_page(request: HttpRequest, says: str) -> HttpResponse:
    """Say that others write, and when a program may try again."""
    if request.path.startswith("/api/"):
        answer: HttpResponse = JsonResponse(shape(says, "busy"), status=503)
    else:
        answer = render(request, "kernel/error.html", {"heading": _("The register is busy"), "says": says}, status=503)
    answer["Retry-After"] = busy.RETRY_AFTER
    return answer


def too_many(request: HttpRequest) -> HttpResponse:
    """Say that a sign-in or a new password was asked for too often from one place; allauth counts them."""
    says = _("This was tried too often in a short time. Wait some minutes, then try again.")
    return render(request, "kernel/error.html", {"heading": _("Tried too often"), "says": says}, status=429)


def broken(request: HttpRequest) -> HttpResponse:
    if busy.is_busy(sys.exc_info()[1]):  # past the page itself, as when its session is kept
        return busy_page(request, busy.words(undone=False))
    code = uuid.uuid4().hex[:8]
    logging.getLogger("sunmao").error("page broke, code %s, path %s", code, request.path)
    says = _("Something broke on our side. Nothing was saved. Tell the secretariat this code: %(code)s.") % {
        "code": code
    }
    return render(request, "kernel/error.html", {"heading": _("An error of ours"), "says": says}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    context = {
        "heading": _("The form is too old"),
        "says": _("Go back, reload the page and send the form again. Nothing was saved."),
    }
    return render(request, "kernel/error.html", context, status=403)
