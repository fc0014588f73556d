"""What a cohort's page says in words: where it stands, and why somebody has not completed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sunmao.cohorts.models import Cohort, CohortState, PassRule
from sunmao.kernel.cells import sentences


def reason(held: Mapping[str, Any]) -> str:
    """Return a stored reason as a sentence in the reader's language."""
    params = held.get("params", {})
    match held.get("code"):
        case "attendance":
            return _("Was at %(present)s of %(counted)s sessions (%(percent)s %%); %(minimum)s %% are asked.") % params
        case "no_attendance":
            return _("Was at no session that counts.")
        case "sessions_not_marked":
            count = params.get("count", 0)
            return ngettext("%(count)s session is not marked.", "%(count)s sessions are not marked.", count) % params
        case "outcome_not_passed":
            text = (
                _("Critical outcome %(outcome)s is not passed.")
                if params.get("critical")
                else _("Outcome %(outcome)s is not passed.")
            )
            return text % params
        case "outcome_not_assessed":
            text = (
                _("Critical outcome %(outcome)s is not assessed.")
                if params.get("critical")
                else _("Outcome %(outcome)s is not assessed.")
            )
            return text % params
        case "too_few_outcomes":
            return _("Passed %(passed)s of %(all)s outcomes; %(needed)s are asked.") % params
        case "no_outcomes":
            return _("The programme has no outcomes to pass.")
    return str(held.get("code", ""))


def rule(cohort: Cohort) -> str:
    """Return the cohort's rule of completion in one sentence."""
    attendance = {"minimum": cohort.minimum_attendance, "count": cohort.pass_count}
    match cohort.pass_rule:
        case PassRule.ALL:
            return (
                _("Completed by whoever was at %(minimum)s %% of the sessions and passed every outcome.") % attendance
            )
        case PassRule.K_OF_N:
            text = _(
                "Completed by whoever was at %(minimum)s %% of the sessions and passed every critical outcome and %(count)s outcomes in all."
            )
            return text % attendance
    return (
        _("Completed by whoever was at %(minimum)s %% of the sessions and passed every critical outcome.") % attendance
    )


def where(cohort: Cohort, day: date) -> str:
    """Return where a cohort stands; never how many are in it."""
    begins, ends = date_format(cohort.starts_on), date_format(cohort.ends_on) if cohort.ends_on else ""
    match cohort.state:
        case CohortState.COMPLETED:
            said = _("Completed.")
        case CohortState.CANCELLED:
            said = _("Cancelled.")
        case CohortState.RUNNING if cohort.ends_on and cohort.ends_on < day:
            said = _("Its last day was %(day)s; who completed is not yet decided.") % {"day": ends}
        case CohortState.RUNNING:
            said = _("Running since %(day)s.") % {"day": begins}
        case _:
            late = cohort.starts_on < day
            said = (_("Was to begin on %(day)s.") if late else _("Begins on %(day)s.")) % {"day": begins}
    return sentences((said, rule(cohort)))


def second(cohort: Cohort) -> str:
    """Return whose word it is that a second institution teaches the cohort too."""
    if cohort.co_confirmed_on:
        return _("confirmed by itself on %(date)s") % {"date": date_format(cohort.co_confirmed_on)}
    return _("named by %(who)s, not yet confirmed") % {"who": cohort.institution}
