"""Whether a learner has completed, and why not. Pure: no Django, no clock, no database.

A rule asks for a share of the sessions and for outcomes. Everything that is missing is named, not only the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

ALL, ALL_CRITICAL, K_OF_N = "all", "all_critical", "k_of_n"


@dataclass(frozen=True)
class Rule:
    """What a cohort asks: per cent of sessions, which outcomes, and for K_OF_N how many of all."""

    minimum_attendance: int = 0
    outcomes: str = ALL_CRITICAL
    count: int = 0


@dataclass(frozen=True)
class Attended:
    """Counts of sessions: held since the learner enrolled, marked for the learner, and of these present, excused."""

    held: int = 0
    marked: int = 0
    present: int = 0
    excused: int = 0

    @property
    def counted(self) -> int:
        """Return the sessions that count: the marked ones without excused absences."""
        return self.marked - self.excused


@dataclass(frozen=True)
class Assessed:
    """One outcome of the programme: its number, whether it is critical, and passed, not passed or not assessed."""

    number: str
    critical: bool = False
    passed: bool | None = None


@dataclass(frozen=True)
class Reason:
    """Why it is not completed: a code and what belongs to it."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        return {"code": self.code, "params": self.params}


@dataclass(frozen=True)
class Decision:
    completed: bool
    reasons: tuple[Reason, ...] = ()


def decide(rule: Rule, attended: Attended, outcomes: Sequence[Assessed]) -> Decision:
    """Return whether the rule is met, with every reason where it is not.

    Excused absences count neither for nor against. Where no outcome is marked critical, `ALL_CRITICAL` asks for every
    one: a rule that asks for nothing would call everybody complete. A programme without outcomes completes nobody.
    """
    reasons = (*_attendance(rule, attended), *_outcomes(rule, outcomes))
    return Decision(not reasons, reasons)


def _attendance(rule: Rule, attended: Attended) -> tuple[Reason, ...]:
    if not rule.minimum_attendance:
        return ()
    out: list[Reason] = []
    if attended.held > attended.marked:
        out.append(Reason("sessions_not_marked", {"count": attended.held - attended.marked}))
    if attended.counted <= 0:
        return (*out, Reason("no_attendance"))
    if attended.present * 100 < rule.minimum_attendance * attended.counted:
        out.append(
            Reason("attendance", {
                "present": attended.present, "counted": attended.counted, "minimum": rule.minimum_attendance,
                "percent": attended.present * 100 // attended.counted,
            })
        )  # fmt: skip
    return tuple(out)


def _outcomes(rule: Rule, outcomes: Sequence[Assessed]) -> tuple[Reason, ...]:
    if not outcomes:
        return (Reason("no_outcomes"),)
    critical = [row for row in outcomes if row.critical]
    asked = list(outcomes) if rule.outcomes == ALL or (rule.outcomes == ALL_CRITICAL and not critical) else critical
    out = [
        Reason("outcome_not_passed" if row.passed is False else "outcome_not_assessed",
               {"outcome": row.number, "critical": row.critical})
        for row in asked if not row.passed
    ]  # fmt: skip
    passed = sum(row.passed is True for row in outcomes)
    if rule.outcomes == K_OF_N and passed < rule.count:
        out.append(Reason("too_few_outcomes", {"passed": passed, "needed": rule.count, "all": len(outcomes)}))
    return tuple(out)
