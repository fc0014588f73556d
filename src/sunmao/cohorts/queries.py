"""Questions others ask of cohorts: whose they are, who completed, how far one learner is, how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import ExtractYear

from sunmao.cohorts.completion import Assessed, Attended, Decision, Rule, decide
from sunmao.cohorts.models import (
    Attendance,
    Cohort,
    CohortState,
    Enrolment,
    EnrolmentState,
    Learner,
    Presence,
    Result,
    Session,
)
from sunmao.workshops.models import Workshop

TEACHING = ("officer", "director", "teacher")
OFFICE = ("officer", "director")
# What persons may be counted by: name → column of Enrolment.
BY = {
    "country": "cohort__country", "brand": "cohort__workshop__brand", "workshop": "cohort__workshop",
    "field": "cohort__version__programme__field", "kind": "cohort__kind", "state": "state", "year": "year",
    "cohort": "cohort", "institution": "cohort__institution", "demo": "cohort__demo",
}  # fmt: skip


def cohorts_of(user: Any) -> QuerySet[Any]:
    """Return the cohorts whose learners the person's institutions teach or host; nothing is said of second factors."""
    teach, office = user.seats(*TEACHING), user.seats(*OFFICE)
    if not teach:
        return Cohort.objects.none()
    found = Q(institution__in=teach) | Q(co_institution__in=teach)
    if office:
        partnered = Workshop.objects.filter(Q(host__in=office) | Q(partners__organisation__in=office))
        found |= Q(workshop__in=partnered.values("pk"))
    return Cohort.objects.filter(found)


def institutions_of(cohort: Cohort) -> frozenset[int]:
    """Return the ids of the institutions that teach a cohort."""
    return frozenset({cohort.institution_id, cohort.co_institution_id} - {None})  # type: ignore[arg-type]


def completed(cohort: Cohort) -> QuerySet[Any]:
    """Return the enrolments that completed and whose learner is not erased, with learners, oldest first."""
    rows = cohort.enrolments.filter(state=EnrolmentState.COMPLETED, learner__erased_on=None)
    return rows.select_related("learner__institution", "cohort").order_by("id")


def rule_of(cohort: Cohort) -> Rule:
    return Rule(cohort.minimum_attendance, str(cohort.pass_rule), cohort.pass_count or 0)


def judged(cohort: Cohort, enrolments: Iterable[Enrolment] | None = None) -> dict[int, Decision]:
    """Return per enrolment id what the rule says now: five queries for any number of learners."""
    chosen = list(cohort.enrolments.all() if enrolments is None else enrolments)
    ids = [row.pk for row in chosen]
    held = list(Session.objects.filter(cohort=cohort).values_list("pk", "held_on"))
    marks: dict[int, dict[int, str]] = {pk: {} for pk in ids}
    for enrolment, session, state in Attendance.objects.filter(session__cohort=cohort, enrolment__in=ids).values_list(
        "enrolment_id", "session_id", "state"
    ):
        marks[enrolment][session] = state
    asked = list(cohort.version.outcomes.order_by("order", "id").values_list("pk", "number", "critical"))
    found = {
        (enrolment, outcome): passed
        for enrolment, outcome, passed in Result.objects.filter(enrolment__in=ids).values_list(
            "enrolment_id", "outcome_id", "passed"
        )
    }
    rule, out = rule_of(cohort), {}
    for row in chosen:
        outcomes = [Assessed(number, critical, found.get((row.pk, pk))) for pk, number, critical in asked]
        out[row.pk] = decide(rule, _attended(held, marks[row.pk], row.enrolled_on), outcomes)
    return out


def _attended(held: list[tuple[int, date]], marks: Mapping[int, str], since: date) -> Attended:
    states = list(marks.values())
    return Attended(
        held=sum(day >= since or pk in marks for pk, day in held), marked=len(states),
        present=states.count(Presence.PRESENT), excused=states.count(Presence.EXCUSED),
    )  # fmt: skip


def attended(enrolment: Enrolment) -> Attended:
    """Return one learner's counts of sessions."""
    held = list(Session.objects.filter(cohort=enrolment.cohort_id).values_list("pk", "held_on"))
    return _attended(held, dict(enrolment.attendance.values_list("session_id", "state")), enrolment.enrolled_on)


def results_of(enrolment: Enrolment) -> list[tuple[Any, Result | None]]:
    """Return every outcome of the programme with this learner's result, or None where it is not assessed."""
    held = {row.outcome_id: row for row in enrolment.results.all()}
    rows = enrolment.cohort.version.outcomes.select_related("unit").order_by("order", "id")
    return [(outcome, held.get(outcome.pk)) for outcome in rows]


def enrolments(filters: Mapping[str, Any] | None = None) -> QuerySet[Any]:
    """Return the enrolments that fit filters named as in `BY` (one value or several each), the year being that in
    which the cohort begins. Withdrawn ones are in: whoever counts says the states."""
    rows = Enrolment.objects.all()
    asked = dict(filters or {})
    unknown = set(asked) - set(BY)
    if unknown:
        raise ValueError(f"Persons are not counted by {', '.join(sorted(unknown))}.")
    if "year" in asked:
        rows = rows.annotate(year=ExtractYear("cohort__starts_on"))
    for name, value in asked.items():
        several = isinstance(value, list | tuple | set | frozenset)
        rows = rows.filter(**{f"{BY[name]}__in" if several else BY[name]: list(value) if several else value})
    return rows


def persons(filters: Mapping[str, Any] | None = None, by: tuple[str, ...] = ()) -> dict[tuple[Any, ...], int]:
    """Return how many distinct learners fit, per value of `by`: {(value, …): count}, {(): count} where `by` is empty.

    A learner in two cohorts counts once in each cell and once in the whole, so cells may add up to more. Hiding small
    cells is the caller's business.
    """
    rows = enrolments(filters)
    if not by:
        return {(): rows.values("learner").distinct().count()}
    if "year" in by and "year" not in (filters or {}):
        rows = rows.annotate(year=ExtractYear("cohort__starts_on"))
    names = {f"by_{name}": F(BY[name]) for name in by}
    counted = rows.order_by().values(**names).annotate(n=Count("learner", distinct=True))
    return {tuple(row[f"by_{name}"] for name in by): row["n"] for row in counted}


def learners(filters: Mapping[str, Any] | None = None) -> int:
    """Return the number of distinct learners that fit."""
    return persons(filters)[()]


def own(user: Any) -> QuerySet[Any]:
    """Return what the person is as a learner."""
    return Learner.objects.filter(person=user.person_id) if user.is_authenticated else Learner.objects.none()


def _taught(user: Any, *roles: str) -> QuerySet[Any]:
    seats = user.seats(*roles)
    rows = Cohort.objects.filter(Q(institution__in=seats) | Q(co_institution__in=seats))
    return rows.order_by("starts_on", "id")


def to_start(user: Any, day: date) -> QuerySet[Any]:
    """Return the planned cohorts of the person's institutions whose first day has come."""
    return _taught(user, *OFFICE).filter(state=CohortState.PLANNED, starts_on__lte=day)


def to_confirm(user: Any) -> QuerySet[Any]:
    """Return the cohorts that name an institution the person acts for as the second, and wait for its word."""
    rows = Cohort.objects.filter(co_institution__in=user.seats(*OFFICE), co_confirmed_on=None)
    return rows.exclude(state=CohortState.CANCELLED).order_by("starts_on", "id")


def to_finish(user: Any, until: date) -> QuerySet[Any]:
    """Return the running cohorts that the person's institutions teach and that end by `until`."""
    return _taught(user, *TEACHING).filter(state=CohortState.RUNNING, ends_on__lte=until)
