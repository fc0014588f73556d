"""Appeals: in time, a second decision beside the first; late, none.

The right runs for the instrument's days after the day of notice; a decision without an instrument uses the
days the authority's own law gives. The first decision is never touched: the second names it by its hash.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sunmao.recognition.decide import decide
from sunmao.recognition.evidence import Evidence
from sunmao.recognition.record import Decision, decision_hash
from sunmao.recognition.world import World


@dataclass(frozen=True, slots=True)
class Hearing:
    """What became of an appeal: the decision made, or none with a reason; `until` is half-open."""

    admissible: bool
    reason: str
    until: date
    first: Decision
    second: Decision | None


def appeal_until(notified_on: date, days: int) -> date:
    """The first day that is too late: the days run from the day after notice."""
    return notified_on + timedelta(days=days + 1)


def hear(
    world: World,
    decision: Decision,
    evidence: Evidence,
    *,
    notified_on: date,
    filed_on: date,
    known_at: datetime,
    days: int,
) -> Hearing:
    """Hear an appeal filed with evidence, all of it, old and new; decided as of the day of filing.

    Raises ValueError where it was filed before the decision was notified.
    """
    if filed_on < notified_on:
        raise ValueError("An appeal cannot be filed before the decision was notified.")
    until = appeal_until(notified_on, days)
    if filed_on >= until:
        return Hearing(False, "late", until, decision, None)
    second = decide(world, evidence, decision.application, as_of=filed_on, known_at=known_at)
    return Hearing(True, "in_time", until, decision, replace(second, follows=decision_hash(decision)))
