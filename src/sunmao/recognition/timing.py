"""The time to decide of one case, with what it stood still for: on its page, by REST and on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sunmao.kernel import clock
from sunmao.kernel.cells import Link
from sunmao.kernel.desk import registry
from sunmao.recognition.models import OF_APPLICANT, STOPS_TIME, Case, CaseState, Step


@dataclass(frozen=True)
class Asked:
    """One thing the time stood still for: the step, and the days on which it did (None while it is open)."""

    step: Step
    first: date
    days: int | None


def asked(case: Case) -> list[Asked]:
    """Return what was asked in a case of those on whose answer the time waits, in the order of asking."""
    found = []
    steps = case.steps.filter(kind__in=STOPS_TIME).select_related("qualification__programme__programme")
    for step in steps.order_by("asked_on", "id"):
        first = max(step.asked_on, case.runs_from or step.asked_on)
        found.append(Asked(step, first, max(0, (step.done_on - first).days) if step.done_on else None))
    return found


def says(case: Case) -> str:
    """Return where the time to decide stands, in one sentence."""
    if case.state == CaseState.CLOSED:
        return _("The time to decide ended when the case was closed.")
    if case.state == CaseState.DECIDED:
        return _("It is decided: no time runs.")
    if case.complete_on is None:
        return _("The time to decide does not run yet: the file is not complete.")
    if case.stands_since is not None:
        left = case.days_left or 0
        return ngettext(
            "The time to decide stands still since %(day)s; %(n)s day of it is left.",
            "The time to decide stands still since %(day)s; %(n)s days of it are left.",
            left,
        ) % {"day": date_format(case.stands_since), "n": left}  # fmt: skip
    if case.due_on is None:
        return _("The time to decide runs once the fee is paid.")
    left = (case.due_on - clock.today()).days
    if left < 0:
        return _("The time to decide ended on %(day)s.") % {"day": date_format(case.due_on)}
    return ngettext(
        "The time to decide runs: %(n)s day is left, until %(day)s.",
        "The time to decide runs: %(n)s days are left, until %(day)s.",
        left,
    ) % {"n": left, "day": date_format(case.due_on)}  # fmt: skip


def waits_for(case: Case) -> list[Step]:
    """Return the open steps on which a case waits: during intake what is asked of the applicant, then the issuer's answer
    too. Reads `open_steps` where a query has laid them ready."""
    held = getattr(case, "open_steps", None)
    steps = case.steps.filter(done_on=None).order_by("asked_on", "id") if held is None else held
    kinds = OF_APPLICANT if case.complete_on is None else STOPS_TIME
    return [step for step in steps if step.kind in kinds]


def part(record: Case, user: Any) -> dict[str, Any]:
    """Return what the page of a case shows of its time to decide: from when, what it stood still for, where it stands."""
    rows = asked(record)
    begins = ""
    if record.runs_from is not None and record.days_to_decide is not None:
        days = record.days_to_decide
        begins = ngettext(
            "%(n)s day, counted from %(day)s.", "%(n)s days, counted from %(day)s.", days
        ) % {"n": days, "day": date_format(record.runs_from)}  # fmt: skip
    return {
        "says": says(record), "begins": begins, "hidden": record.complete_on is None and not rows,
        "several": len({one.step.qualification_id for one in rows}) > 1,
        "rows": [(one, Link(str(one.step), f"/steps/{one.step.key}/")) for one in rows],
    }  # fmt: skip


def found(code: str, user: Any) -> Case | None:
    """Return the case of a code where this person may see it."""
    desk = registry.by_model[Case]
    record = desk.rows(user).filter(code=code).first()
    return record if isinstance(record, Case) and desk.may(user, "see", record) else None


def data_of(case: Case) -> dict[str, Any]:
    """Return the time to decide as JSON."""
    days = ("complete_on", "runs_from", "stands_since", "due_on")
    return {
        "case": case.code, "state": str(case.state), "says": says(case),
        **{name: value.isoformat() if (value := getattr(case, name)) else None for name in days},
        "days_to_decide": case.days_to_decide, "days_left": case.days_left,
        "stops": [
            {
                "step": one.step.code, "kind": str(one.step.kind),
                "about": str(one.step.qualification) if one.step.qualification else None,
                "asked_on": one.step.asked_on.isoformat(),
                "there_on": one.step.done_on.isoformat() if one.step.done_on else None, "days": one.days,
            }
            for one in asked(case)
        ],
    }  # fmt: skip
