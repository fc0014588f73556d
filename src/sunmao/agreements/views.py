"""The deadlines of one's agreements as a list, and as a calendar feed under an address of one's own."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sunmao.agreements import calendar, queries
from sunmao.agreements.models import DeadlineFeed
from sunmao.kernel import changes, clock
from sunmao.kernel.errors import NotAllowed
from sunmao.kernel.ids import link_token
from sunmao.kernel.text import short
from sunmao.people.models import User


def _signed_in(request: HttpRequest) -> Any:
    if not request.user.is_authenticated:
        raise NotAllowed("sign-in")
    return request.user


def _label(row: queries.Deadline) -> str:
    if row.kind == "turn":
        return _("%(version)s: answer the text") % {"version": row.what}
    if row.kind == "end":
        return _("The agreement runs out")
    return row.what


@require_GET
def deadlines(request: HttpRequest) -> HttpResponse:
    """List what one's parties owe, then what is owed to them, soonest first."""
    user = _signed_in(request)
    return _draw(request, user)


def _draw(request: HttpRequest, user: Any, address: str = "") -> HttpResponse:
    today = clock.today()
    rows: list[dict[str, Any]] = [
        {"row": row, "label": _label(row), "late": row.days_late(today), "url": f"/agreements/{row.agreement.key}/",
         "clause": f"/clauses/{row.clause.key}/" if row.clause else ""}
        for row in queries.deadlines_of(user)
    ]  # fmt: skip
    groups = [
        (_("Your organisation's turn"), [row for row in rows if row["row"].ours]),
        (_("Owed to your organisation"), [row for row in rows if not row["row"].ours]),
    ]
    context = {
        "groups": groups, "address": address,
        "feeds": DeadlineFeed.objects.filter(person=user.person, closed=False).count(),
    }  # fmt: skip
    response = render(request, "agreements/deadlines.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def make_feed(request: HttpRequest) -> HttpResponse:
    """Make a secret address for the person's calendar program and show it this once. Older ones stop working."""
    user = _signed_in(request)
    token = link_token()
    with changes.together():
        _close(user)
        changes.save(DeadlineFeed(person=user.person, digest=_digest(token)), by=user)
    path = f"{reverse('agreement-deadlines-feed')}?key={token}&lang={short(translation.get_language())}"
    return _draw(request, user, request.build_absolute_uri(path))


@require_POST
def close_feed(request: HttpRequest) -> HttpResponse:
    """Close the person's calendar address."""
    user = _signed_in(request)
    with changes.together():
        _close(user)
    return HttpResponseRedirect(reverse("agreement-deadlines"))


def _close(user: Any) -> None:
    for row in DeadlineFeed.objects.filter(person=user.person, closed=False):
        row.closed = True
        changes.save(row, by=user, deed="close")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@require_GET
def deadlines_feed(request: HttpRequest) -> HttpResponse:
    """Answer a calendar program, which cannot sign in: the key in the address says whose deadlines are asked for.

    Only what the person's own parties owe today is told: a role that has ended ends the feed's contents too.
    """
    found = DeadlineFeed.objects.filter(digest=_digest(request.GET.get("key", "")), closed=False).first()
    user = User.objects.filter(person=found.person_id, is_active=True).first() if found else None
    if user is None:
        raise Http404
    language = {"zh": "zh-hans", "ru": "ru"}.get(request.GET.get("lang", ""), "en")
    with translation.override(language):
        entries = [
            calendar.Entry(
                uid=row.uid, day=row.day, summary=f"{row.agreement.code} {_label(row)}",
                description=str(row.agreement), changed=row.changed,
                url=request.build_absolute_uri(f"/agreements/{row.agreement.key}/"),
            )
            for row in queries.deadlines_of(user) if row.ours
        ]  # fmt: skip
        text = calendar.feed(
            entries, name=_("Deadlines of agreements"), host=f"{settings.SUNMAO_REGISTER.lower()}.sunmao",
            language=short(language),
        )  # fmt: skip
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
