"""Questions others ask of alliances: who belonged to one on a day, and how many from where."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from sunmao.alliances.counting import Standing, standing
from sunmao.alliances.models import Alliance, Member, MemberState
from sunmao.alliances.policy import SETTLED, run_by


def _members(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(counts=True, state__in=SETTLED)


def surely_on(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Return the members of `rows` that surely belonged on `day`."""
    since = Q(joined__surely_by=day) | Q(known__surely_by=day)
    return _members(rows).filter(since).exclude(left__possibly_by=day)


def unsure_on(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Return the members of `rows` that may have belonged on `day`, but not surely."""
    since = Q(joined="") | Q(joined__possibly_by=day)
    possible = _members(rows).filter(since).exclude(left__surely_by=day)
    return possible.exclude(pk__in=surely_on(rows, day).values("pk"))


def members_as_of(alliance: Alliance, day: date) -> Standing:
    """Return how many members from how many countries and regions the alliance surely had on `day`, and how
    many more it may have had. Counts its own rows, prefetched where a list shows many alliances; what others
    reported stands in the figures."""
    rows = (row for row in alliance.members.all() if row.counts and row.state in SETTLED)
    return standing(rows, day)


def alliances_of(organisation: Any, day: date) -> QuerySet[Any]:
    """Return the alliances that an organisation surely belongs to on `day`."""
    rows = surely_on(Member.objects.filter(organisation=organisation), day)
    return Alliance.objects.filter(pk__in=rows.values("alliance"))


def to_answer(user: Any) -> QuerySet[Any]:
    """Return the applications that the person may answer: to alliances he or she runs, for the secretariat to all; never
    that of an own organisation. Oldest first."""
    rows = Member.objects.filter(state=MemberState.APPLIED).select_related("organisation", "alliance__organisation")
    if not user.holds("secretariat"):
        if not user.seats("officer"):
            return Member.objects.none()
        rows = rows.filter(alliance__in=Alliance.objects.filter(run_by(user)).values("pk"))
    return rows.exclude(organisation__in=user.seats("officer")).order_by("id")


def leaving(user: Any, day: date, until: date) -> QuerySet[Any]:
    """Return the memberships of the person's organisations whose end is set and comes by `until`."""
    rows = Member.objects.filter(organisation__in=user.seats("officer"), state__in=SETTLED, left__surely_by=until)
    return rows.exclude(left__possibly_by=day).select_related("organisation", "alliance__organisation").order_by("id")
