"""Public verification: by number (the verdict only), by the link in the QR (as the holder allows), by file.

Nothing is kept of who looked or what was brought. Where it is recognised is told by the rooms that know
(`RECOGNITION`, filled in the assembly): an indication, not a decision.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sunmao.credentials import papers, queries, saying
from sunmao.credentials.models import Credential, Issued
from sunmao.kernel import clock
from sunmao.portal import showing, verdicts
from sunmao.portal.judging import LARGEST, Judged, judge_file, judge_own
from sunmao.portal.showing import RECOGNITION, Recognised
from sunmao.vc.report import Verdict

__all__ = ["RECOGNITION", "Recognised", "link", "link_file", "verify"]


def page(judged: Judged, own: Credential | Issued | None, *, name: bool, results: bool) -> dict[str, Any]:
    """Return what a verdict's page shows; `name` and `results` say what may be told of the holder."""
    issuers = showing.institutions(judged.document)
    names = {row["id"]: row["texts"].best(get_language())[0] for row in issuers if row["known"]}
    shown = showing.is_part(judged)
    parts = [page(part, showing.copy_of(part), name=name, results=results) for part in judged.parts]
    return {
        "judged": judged, "heading": verdicts.heading(judged), "checks": verdicts.rows(judged, names), "own": None if shown else own,
        "issuers": issuers, "test": judged.test, "checked_at": clock.now(), "parts": parts,
        "contents": showing.contents(judged.document, name=name, results=results, own=own, part=shown),
        "says": saying.rows(judged.told.get("says")), "recognised": showing.recognised(own), "about_recognition": own is not None and judged.verdict == Verdict.IN_FORCE,
        "reason": own.reason if own is not None and own.state in ("revoked", "suspended", "superseded") else "",
    }  # fmt: skip


def _private(response: HttpResponse) -> HttpResponse:
    """Keep a page out of caches and indexes. Its address goes to no other host (SECURE_REFERRER_POLICY); a stricter policy
    would hide the origin of its own form, too, which is then refused."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a number or a file, and answer with the verdict."""
    context: dict[str, Any] = {"limit": LARGEST >> 20, "typed": request.GET.get("number", "")[:60]}
    status = 200
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            context["error"], status = _("Choose a file first."), 422
        elif (file.size or 0) > LARGEST:
            context["error"], status = _("The file is larger than %(limit)s MB.") % {"limit": LARGEST >> 20}, 422
        else:
            judged = judge_file(file.read(), file.name or "")
            context["result"] = page(judged, showing.copy_of(judged), name=True, results=True)
    elif context["typed"]:
        typed = context["typed"]
        found = queries.by_number(typed) or queries.issued_by_number(typed) or queries.by_token(_token_in(typed))
        if found is None:
            context["error"] = _("No credential has this number. Compare it with the paper, letter by letter.")
            status = 404
        else:
            context["result"] = page(judge_own(found), found, name=False, results=False) | {"by_number": True}
    return _private(render(request, "portal/verify.html", context, status=status))


def _token_in(text: str) -> str:
    """Return the token of a pasted link."""
    parts = [part for part in text.strip().split("/") if part]
    return parts[-1].lower() if len(parts) > 1 and len(parts[-1]) == 26 else ""


def _credential(token: str) -> Credential:
    found = queries.by_token(token)
    if found is None:
        raise Http404
    return found


@require_GET
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Answer the link in the QR: verdict for everybody, name and results as the holder allows today."""
    own = _credential(token)
    name, results = queries.released(own, clock.today())
    result = page(judge_own(own), own, name=name, results=results)
    files = [(form.upper(), f"/v/{token}/certificate.{form}") for form in ("json", "pdf")] if name and results else []
    context = {
        "result": result | {"by_link": True, "released": name or results, "files": files},
        "limit": LARGEST >> 20,
    }
    return _private(render(request, "portal/verify.html", context))


@require_GET
def link_file(request: HttpRequest, token: str, form: str) -> HttpResponse:
    """Hand out the credential's file while the holder shows both name and results, which the file holds."""
    own = _credential(token)
    if form not in papers.FORMS or queries.released(own, clock.today()) != (True, True):
        raise Http404
    return _private(papers.respond(own, form))
