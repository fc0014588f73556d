"""Today: what waits for this person. Each room's question gives turns; they are shown by urgency.

A turn is something the person can do now, with the day it is due and the record it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from sunmao.agreements import queries as agreements
from sunmao.directory.models import Doubt
from sunmao.kernel import clock
from sunmao.kernel.desk import desk_of
from sunmao.standards.models import CrosswalkRow, RowState
from sunmao.workshops import queries as workshops
from sunmao.workshops.models import StageKind

SOON = timedelta(days=60)


@dataclass(frozen=True)
class Turn:
    """One thing that waits: whether it is mine to do, owed by others, or running out; when; what; on which record."""

    kind: str  # mine, late, others, ends
    what: str
    record: Any
    due: date | None = None
    then: str = ""  # the deed's address under the record

    @property
    def url(self) -> str:
        desk = desk_of(self.record)
        return desk.url(self.record, self.then) if desk else ""

    def days_late(self, day: date) -> int:
        return max(0, (day - self.due).days) if self.due else 0


def _agreements(user: Any, day: date) -> Iterable[Turn]:
    for row in agreements.deadlines_of(user):
        if row.kind == "turn" and row.ours:
            yield Turn("mine", _("Answer the text: %(what)s") % {"what": row.what}, row.agreement, row.day)
        elif row.kind == "end":
            if day <= row.day <= day + SOON:
                yield Turn("ends", _("The agreement runs out"), row.agreement, row.day)
        elif row.clause is not None:
            kind = "others" if not row.ours else "late" if row.days_late(day) else "mine"
            if row.ours or row.days_late(day):
                yield Turn(kind, _("Keep the clause: %(what)s") % {"what": row.what}, row.clause, row.day)
    for version in agreements.to_sign(user):
        yield Turn("mine", _("Sign the approved text"), version.agreement)
    for fulfilment in agreements.to_confirm(user):
        yield Turn("mine", _("Answer what was done for a clause"), fulfilment)


def _workshops(user: Any, day: date) -> Iterable[Turn]:
    seats = user.seats("officer", "director")
    for stage in workshops.to_sign_off(user):
        if len(seats) > 1 or stage.proposed_by_id not in seats:
            what = _("Sign off “%(stage)s”") % {"stage": StageKind(stage.kind).label}
            yield Turn("mine", what, stage, stage.due_on, "do/sign_off")
    for stage in workshops.late(user, day):
        yield Turn("late", _("Stage “%(stage)s”") % {"stage": StageKind(stage.kind).label}, stage, stage.due_on)


def _standards(user: Any, day: date) -> Iterable[Turn]:
    desk = desk_of(CrosswalkRow)
    if desk is None or not user.holds("officer", "authority"):
        return
    rows = CrosswalkRow.objects.filter(state=RowState.PROPOSED).select_related(
        "crosswalk__source__programme", "crosswalk__target__programme", "source", "target"
    )
    for row in rows.prefetch_related("judgements")[:200]:
        if desk.may(user, "confirm", row) and not any(
            said.person_id == user.person_id for said in row.judgements.all()
        ):
            yield Turn("mine", _("Say whether the row holds"), row)


def _directory(user: Any, day: date) -> Iterable[Turn]:
    if user.holds("secretariat"):
        for doubt in (
            Doubt.objects.filter(state=Doubt.State.WAITING).select_related("organisation").order_by("-score")[:10]
        ):
            yield Turn("mine", _("Decide whether these are the same"), doubt)


ASKED: tuple[Callable[[Any, date], Iterable[Turn]], ...] = (_agreements, _workshops, _standards, _directory)


def turns(user: Any) -> dict[str, list[Turn]]:
    """Return what waits for the person: mine, late, others, ends; each by its day, the undated last."""
    day = clock.today()
    found: dict[str, list[Turn]] = {"late": [], "mine": [], "others": [], "ends": []}
    for ask in ASKED:
        for turn in ask(user, day):
            kind = "late" if turn.kind == "mine" and turn.days_late(day) else turn.kind
            found[kind].append(turn)
    for rows in found.values():
        rows.sort(key=lambda turn: (turn.due or date.max, turn.what))
    return found
