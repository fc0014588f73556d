"""Deeds of cohorts: open, enrol, hold sessions, assess, complete, forget."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.cohorts import sentences
from sunmao.cohorts.models import (
    Attendance,
    Cohort,
    CohortState,
    Enrolment,
    EnrolmentState,
    Learner,
    Result,
    Session,
)
from sunmao.cohorts.queries import OFFICE, cohorts_of, judged
from sunmao.directory.models import Organisation
from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.people.queries import has_people

OPEN = (EnrolmentState.ENROLLED, EnrolmentState.FAILED)


def _cohort_in(cohort: Cohort, *states: CohortState) -> None:
    if cohort.state not in states:
        now = CohortState(cohort.state).label
        raise ValidationError(
            _("The cohort is “%(state)s”, so this cannot be done now.") % {"state": now}, code="state"
        )


def _enrolment_in(enrolment: Enrolment, *states: EnrolmentState) -> None:
    if enrolment.state not in states:
        now = EnrolmentState(enrolment.state).label
        raise ValidationError(
            _("This learner is “%(state)s”, so this cannot be done now.") % {"state": now}, code="state"
        )


def open_cohort(cohort: Cohort, *, by: Any, why: str = "") -> Cohort:
    """Add a cohort, planned."""
    cohort.state = CohortState.PLANNED
    return keep_cohort(cohort, by=by, why=why)


def keep_cohort(cohort: Cohort, *, by: Any, why: str = "", seen: int | None = None) -> Cohort:
    """Save a cohort. A second institution counts as confirmed only where the person acts for it too, or once it has
    said so (`confirm_co`)."""
    stored = Cohort.objects.filter(pk=cohort.pk).first() if cohort.pk else None
    if stored is None or stored.co_institution_id != cohort.co_institution_id:
        cohort.co_confirmed_on = clock.today() if cohort.co_institution_id in by.seats(*OFFICE) else None
    return changes.save(cohort, by=by, why=why, seen=seen)


def confirm_co(cohort: Cohort, *, by: Any) -> Cohort:
    """Say for the second institution that it teaches and awards together with the first."""
    if not cohort.co_waits:
        raise ValidationError(_("Nothing waits for your institution to confirm."), code="state")
    cohort.co_confirmed_on = clock.today()
    return changes.save(cohort, by=by, deed="confirm_co")


def start(cohort: Cohort, *, by: Any) -> Cohort:
    """Say that a cohort has begun."""
    _cohort_in(cohort, CohortState.PLANNED)
    if cohort.starts_on > clock.today():
        raise ValidationError(_("It begins on %(day)s. Change the day first.") % {"day": cohort.starts_on.isoformat()})
    cohort.state = CohortState.RUNNING
    return changes.save(cohort, by=by, deed="start")


def cancel(cohort: Cohort, *, why: str, by: Any) -> Cohort:
    """End a cohort that will not be completed; nobody in it completes."""
    _cohort_in(cohort, CohortState.PLANNED, CohortState.RUNNING)
    cohort.state = CohortState.CANCELLED
    return changes.save(cohort, by=by, why=why, deed="cancel")


def enrol(
    cohort: Cohort, *, name: Any, number: str = "", birth_year: int | None = None, institution: Organisation | None = None,
    enrolled_on: date | None = None, person: Any = None, by: Any, demo: bool = False,
) -> Enrolment:  # fmt: skip
    """Take a learner into a cohort. Whoever is known at the institution under the same number is the same learner,
    whose name then stays as it is; `institution` is the one that gave the number (default: the teaching one)."""
    _cohort_in(cohort, CohortState.PLANNED, CohortState.RUNNING)
    place = institution or cohort.institution
    number = number.strip()
    with changes.together():
        learner = known_under(place, number, Texts.of(name), by=by) if number else None
        if learner is None:
            learner = changes.save(
                Learner(name=Texts.of(name), institution=place, number=number, birth_year=birth_year, person=person,
                        demo=demo or cohort.demo),
                by=by, deed="enrol",
            )  # fmt: skip
        day = enrolled_on or min(clock.today(), cohort.starts_on)
        return changes.save(Enrolment(cohort=cohort, learner=learner, enrolled_on=day), by=by, deed="enrol")


def known_under(place: Organisation, number: str, name: Texts, *, by: Any) -> Learner | None:
    """Return the learner an institution knows under a number, None where it knows none. Only its own people ask for
    its numbers, as far as it has any here: else whoever opens a cohort could take in learners of any house."""
    if not by.holds(*OFFICE, at=place.pk) and has_people(place, *OFFICE):
        raise ValidationError(
            {"number": _("Only people of %(name)s enrol under its numbers. Ask them, or leave the number empty.") % {"name": place}}
        )  # fmt: skip
    learner = Learner.objects.filter(institution=place, number=number).first()
    if learner is not None and not _spellings(name) & _spellings(learner.name):
        raise ValidationError(
            {"number": _("This number belongs to another name here. Correct the number, or the learner first.")}
        )
    if learner is not None and not by.holds(*OFFICE, at=place.pk) and not _knows(by, learner):
        raise ValidationError({"number": _("This number is taken here by another institution's class.")})
    return learner


def _knows(by: Any, learner: Learner) -> bool:
    """True where the person's institutions teach or host the learner already."""
    return learner.enrolments.filter(cohort__in=cohorts_of(by).values("pk")).exists()


def _spellings(name: Texts) -> set[str]:
    return {entry["text"].casefold() for entry in name.values()}


def withdraw(enrolment: Enrolment, *, why: str, by: Any) -> Enrolment:
    """End a learner's part in a cohort before its end. `why` stays in the log for good: it names nobody."""
    _enrolment_in(enrolment, *OPEN)
    enrolment.state, enrolment.reasons = EnrolmentState.WITHDRAWN, []
    return changes.save(enrolment, by=by, why=why, deed="withdraw")


def hold_session(
    cohort: Cohort, *, held_on: date, topic: Any = None, marks: Mapping[Enrolment, str], by: Any
) -> Session:
    """Record a session with who was there: `marks` gives present, absent or excused per enrolment."""
    _cohort_in(cohort, CohortState.RUNNING)
    if held_on > clock.today():
        raise ValidationError({"held_on": _("A session is recorded once it was held.")})
    if held_on < cohort.starts_on or (cohort.ends_on and held_on > cohort.ends_on):
        raise ValidationError({"held_on": _("This day lies outside the cohort's days.")})
    with changes.together():
        session = changes.save(
            Session(cohort=cohort, held_on=held_on, topic=Texts.of(topic)), by=by, deed="hold_session"
        )
        _mark(session, marks, by=by)
    return session


def mark_attendance(session: Session, *, marks: Mapping[Enrolment, str], why: str = "", by: Any) -> Session:
    """Correct or complete who was at a session; what decided a completion stays."""
    _cohort_in(session.cohort, CohortState.RUNNING, CohortState.COMPLETED)
    with changes.together():
        _mark(session, marks, by=by, why=why)
    return session


def _mark(session: Session, marks: Mapping[Enrolment, str], *, by: Any, why: str = "") -> None:
    held = {row.enrolment_id: row for row in session.attendance.all()}
    fresh: list[Attendance] = []
    for enrolment, state in marks.items():
        if enrolment.cohort_id != session.cohort_id:
            raise ValidationError(_("A learner of another cohort cannot be marked here."))
        row = held.get(enrolment.pk)
        if row is None:
            fresh.append(Attendance(session=session, enrolment=enrolment, state=state))
        elif row.state != state:
            row.state = state
            changes.save(row, by=by, why=why, deed="mark_attendance")
    for row in fresh:
        row.clean_fields(exclude=("uid", "code", "register", "created_at", "updated_at"))
        row.clean()
    changes.bulk(fresh, by=by, why=why, deed="mark_attendance")


def record_result(
    enrolment: Enrolment,
    *,
    outcome: Any,
    passed: bool,
    grade: str = "",
    assessed_on: date,
    by: Any,
    assessed_by: Any = None,
) -> Result:
    """Record how a learner did in one outcome; assessing again overwrites, and the log keeps what was."""
    _cohort_in(enrolment.cohort, CohortState.RUNNING, CohortState.COMPLETED)
    if assessed_on > clock.today():
        raise ValidationError({"assessed_on": _("This day lies in the future.")})
    row = Result.objects.filter(enrolment=enrolment, outcome=outcome).first() or Result(
        enrolment=enrolment, outcome=outcome
    )
    row.enrolment, row.passed, row.grade, row.assessed_on = enrolment, passed, grade, assessed_on
    row.assessed_by = assessed_by or by.person
    return changes.save(row, by=by, deed="record_results")


def record_results(
    cohort: Cohort, *, outcome: Any, assessed_on: date, marks: Mapping[Enrolment, tuple[bool, str]], by: Any
) -> Cohort:
    """Record one outcome for the whole class: (passed, grade) per enrolment."""
    with changes.together():
        for enrolment, (passed, grade) in marks.items():
            enrolment.cohort = cohort
            record_result(enrolment, outcome=outcome, passed=passed, grade=grade, assessed_on=assessed_on, by=by)
    return cohort


def complete(enrolment: Enrolment, *, completed_on: date | None = None, by: Any) -> Enrolment:
    """Say that one learner has completed. Refused in words, reason by reason, where the cohort's rule is not met."""
    _enrolment_in(enrolment, *OPEN)
    _cohort_in(enrolment.cohort, CohortState.RUNNING, CohortState.COMPLETED)
    day = _day(enrolment.cohort, completed_on)
    decision = judged(enrolment.cohort, [enrolment])[enrolment.pk]
    if not decision.completed:
        raise ValidationError([sentences.reason(row.stored()) for row in decision.reasons], code="not-completed")
    enrolment.state, enrolment.completed_on, enrolment.reasons = EnrolmentState.COMPLETED, day, []
    return changes.save(enrolment, by=by, deed="complete")


def complete_cohort(cohort: Cohort, *, completed_on: date | None = None, by: Any) -> Cohort:
    """Decide for everyone enrolled by the cohort's rule and close it. Who does not fulfil it is kept with the reasons
    and may still be completed one by one when what is missing has come."""
    _cohort_in(cohort, CohortState.RUNNING)
    day = _day(cohort, completed_on)
    with changes.together():
        rows = list(cohort.enrolments.filter(state__in=OPEN).select_related("learner", "cohort").order_by("id"))
        if not rows:
            raise ValidationError(_("Nobody is enrolled in this cohort."))
        decisions = judged(cohort, rows)
        for row in rows:
            decision = decisions[row.pk]
            row.reasons = [reason.stored() for reason in decision.reasons]
            row.state = EnrolmentState.COMPLETED if decision.completed else EnrolmentState.FAILED
            row.completed_on = day if decision.completed else None
            changes.save(row, by=by, deed="complete")
        cohort.state = CohortState.COMPLETED
        return changes.save(cohort, by=by, deed="complete_cohort")


def _day(cohort: Cohort, day: date | None) -> date:
    found = day or clock.today()
    if found > clock.today():
        raise ValidationError({"completed_on": _("This day lies in the future.")})
    if found < cohort.starts_on:
        raise ValidationError({"completed_on": _("This day lies before the cohort began.")})
    return found


def consent(learner: Learner, *, consent_show_name: bool, consent_show_results: bool, by: Any) -> Learner:
    """Let the learner say what a verification page may show, or take it back. The log calls the person "the learner",
    so that it says nothing after erasure."""
    learner.consent_show_name, learner.consent_show_results = consent_show_name, consent_show_results
    return changes.save(learner, by=Oneself(by), deed="consent")


class Oneself:
    """The learner as the one who acts: known by key, not by name, since the log is never rewritten."""

    actor_name = "the learner"

    def __init__(self, person: Any) -> None:
        self.actor_key = person.actor_key
