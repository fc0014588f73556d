"""Questions others ask of standards."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from sunmao.standards.alignment.items import Slice
from sunmao.standards.models import Crosswalk, CrosswalkRow, Outcome, ProgrammeVersion, RowState

LEAST_JUDGED = 10  # so many proposals must be judged before a precision is told


def progress(crosswalk: Crosswalk) -> dict[str, int]:
    """Return how far a crosswalk is: outcomes of the target, those with a confirmed row, rows by state."""
    rows = crosswalk.rows.order_by().values_list("state").annotate(n=Count("id"))
    states = {f"{state}_rows": n for state, n in rows}
    unjudged = unjudged_proposals(crosswalk.rows.all()).count()
    return {
        **states,
        "proposed_rows": states.get("proposed_rows", 0) - unjudged,
        "machine_rows": unjudged,
        "outcomes": crosswalk.target.outcomes.count(),
        "confirmed": _confirmed(crosswalk.rows.all()).count(),
    }


def _confirmed(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(state=RowState.CONFIRMED).order_by().values("target").distinct()


def with_progress(crosswalks: QuerySet[Any]) -> QuerySet[Any]:
    """Return crosswalks with `outcome_count` and `confirmed_count`, counted with the list in one query."""
    outcomes = Outcome.objects.filter(version=OuterRef("target")).order_by().values("version").annotate(n=Count("id"))
    rows = CrosswalkRow.objects.filter(crosswalk=OuterRef("pk"), state=RowState.CONFIRMED).order_by()
    confirmed = rows.values("crosswalk").annotate(n=Count("target", distinct=True))
    return crosswalks.annotate(
        outcome_count=Coalesce(Subquery(outcomes.values("n")), 0),
        confirmed_count=Coalesce(Subquery(confirmed.values("n")), 0),
    )


def counting_rows(target: ProgrammeVersion, on: date) -> QuerySet[Any]:
    """Return the rows towards a version that count on a day: confirmed by both sides and not yet withdrawn."""
    return CrosswalkRow.objects.filter(crosswalk__target=target, from_on__lte=on).filter(
        Q(until_on=None) | Q(until_on__gt=on)
    )


def in_force(version: ProgrammeVersion, on: date) -> bool:
    """True when a published version is valid on a day (half-open)."""
    begun = version.from_on is None or version.from_on <= on
    return version.state == "published" and begun and (version.until_on is None or on < version.until_on)


def side(version: ProgrammeVersion) -> list[Any]:
    """Return the organisations that speak for a version: its competent authority and its keeper."""
    programme = version.programme
    found = [programme.authority, programme.owner]
    return [one for place, one in enumerate(found) if one is not None and one not in found[:place]]


def said_by(row: CrosswalkRow, name: str) -> str:
    """Return for whom a side's word was given, empty where that side has not spoken."""
    return next((str(one.organisation) for one in row.judgements.all() if one.side == name), "")


def notes(row: CrosswalkRow) -> list[str]:
    """Return what both sides said, each as a sentence with its remark: a disagreement is shown from both."""
    out = []
    for one in row.judgements.select_related("organisation").order_by("side"):
        text = _("%(who)s agrees.") if one.agrees else _("%(who)s disagrees.")
        out.append(text % {"who": one.organisation} + (f" “{one.note}”" if one.note else ""))
    return out


def unjudged_proposals(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows the machine proposed that nobody has said a word on."""
    return rows.filter(state=RowState.PROPOSED, judgements=None).exclude(why=[])


def waiting(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the open rows that a person put forward or has spoken on: they wait for a side."""
    return rows.filter(state=RowState.PROPOSED).exclude(pk__in=unjudged_proposals(rows).values("pk"))


def to_judge(user: Any) -> list[tuple[Crosswalk, int]]:
    """Return the crosswalks a person speaks for a side of, with how many proposals of the machine nobody has judged."""
    seats = user.seats("officer", "authority")
    sides = [f"{side}__programme__{role}__in" for side in ("source", "target") for role in ("owner", "authority")]
    rows = unjudged_proposals(CrosswalkRow.objects.all()).order_by().values("crosswalk").annotate(n=Count("id"))
    held = {row["crosswalk"]: row["n"] for row in rows}
    mine = Crosswalk.objects.filter(reduce(or_, (Q(**{name: seats}) for name in sides)), pk__in=held)
    return [(one, held[one.pk]) for one in mine.select_related("source__programme", "target__programme").order_by("id")]


def precision() -> list[Slice]:
    """Return how often the machine's proposals were confirmed, by slice of certainty, over every crosswalk; empty while
    fewer than `LEAST_JUDGED` were judged. One whose relation people corrected counts as found."""
    rows = CrosswalkRow.objects.filter(certainty__isnull=False).exclude(state=RowState.PROPOSED)
    held = rows.annotate(corrected=Exists(CrosswalkRow.objects.filter(instead_of=OuterRef("pk"))))
    judged = [
        (certainty, state != RowState.REJECTED or corrected)
        for certainty, state, corrected in held.values_list("certainty", "state", "corrected")
        if certainty is not None
    ]
    from sunmao.standards.alignment.confidence import slices  # brings numpy along

    return slices(judged) if len(judged) >= LEAST_JUDGED else []
