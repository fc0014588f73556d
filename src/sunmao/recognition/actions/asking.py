"""What is asked in a case, of the applicant and of issuers, and the time to decide, which stands still meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.kernel import changes, clock
from sunmao.recognition.fields import codes
from sunmao.recognition.models import (
    OF_APPLICANT,
    STOPS_TIME,
    Authenticity,
    Case,
    CaseState,
    Instrument,
    InstrumentState,
    Qualification,
    Step,
    StepKind,
)
from sunmao.recognition.statutory import Stop
from sunmao.recognition.statutory import clock as time_of

DAYS_TO_DECIDE = 120  # where no instrument says less: four months, the longest Lisbon's practice allows
_EXAMINING = (CaseState.INTAKE, CaseState.EXAMINED)


def ask_applicant(
    case: Case, *, kind: str, note: str = "", qualification: Qualification | None = None, days: int = 30, by: Any
) -> Case:
    """Ask the applicant for a legalisation, a sworn translation or something else, within so many days. Until it is there
    the file is not complete, and the time to decide stands still where it runs."""
    if case.state not in _EXAMINING:
        raise ValidationError(_("Nothing is being examined any more."), code="state")
    if StepKind(kind) not in OF_APPLICANT:
        raise ValidationError({"kind": _("This is not asked of the applicant.")})
    return _ask(case, StepKind(kind), qualification, note, days, by=by, deed="ask_applicant")


def query_issuer(case: Case, *, qualification: Qualification, note: str = "", days: int = 30, by: Any) -> Case:
    """Ask the issuer, or the service that answers for it, whether a document is genuine. The clock stops meanwhile."""
    if case.state not in _EXAMINING:
        raise ValidationError(_("Nothing is being examined any more."), code="state")
    if case.steps.filter(kind=StepKind.QUERY, qualification=qualification, done_on=None).exists():
        raise ValidationError(_("The issuer has been asked about it and has not answered yet."))
    return _ask(case, StepKind.QUERY, qualification, note, days, by=by, deed="query_issuer")


def _ask(case: Case, kind: StepKind, about: Qualification | None, note: str, days: int, *, by: Any, deed: str) -> Case:
    today = clock.today()
    step = Step(
        case=case, kind=kind, qualification=about, asked_on=today, note=note, due_on=today + timedelta(days=days)
    )
    keep_step(step, by=by, deed=deed)
    return case


def can_be_received(step: Step) -> bool:
    """True of an open step whose answer is a paper; an issuer's answer about a document is recorded on the case."""
    return step.is_open and step.kind in STOPS_TIME and (step.kind in OF_APPLICANT or step.qualification_id is None)


def receive(step: Step, *, on: date | None = None, note: str = "", by: Any) -> Case:
    """Record that what was asked for is there since a day (today unless given), from which the time to decide runs again."""
    day = on or clock.today()
    if not step.is_open:
        raise ValidationError(_("It is there already."), code="state")
    if not can_be_received(step):
        raise ValidationError(_("Its own deed on the case records this."), code="state")
    if not step.asked_on <= day <= clock.today():
        raise ValidationError({"on": _("Choose a day from when it was asked until today.")})
    step.done_on, step.note = day, _joined(step.note, note)
    keep_step(step, by=by, deed="receive")
    return step.case


def record_answer(
    case: Case, *, qualification: Qualification, authenticity: str, on: date | None = None, note: str = "", by: Any
) -> Case:
    """Record what the issuer answered. The days of waiting are added to the time to decide."""
    day = on or clock.today()
    if day > clock.today():
        raise ValidationError({"on": _("The answer lies in the future.")})
    asked = list(case.steps.filter(kind=StepKind.QUERY, qualification=qualification, done_on=None).order_by("id"))
    if any(day < step.asked_on for step in asked):
        raise ValidationError({"on": _("Choose a day from when it was asked until today.")})
    with changes.together():
        qualification.authenticity, qualification.answered_on = Authenticity(authenticity), day
        changes.save(qualification, by=by, deed="record_answer")
        for step in asked:
            step.case, step.done_on, step.note = case, day, _joined(step.note, note)
            keep_step(step, by=by, deed="record_answer")
    return case


def _joined(*notes: str) -> str:
    return "; ".join(filter(None, notes))[:300]


def keep_step(step: Step, *, by: Any, why: str = "", seen: int | None = None, deed: str = "") -> Step:
    """Keep a step and set its case's time to decide by it. A step asked for stays in its case and is of its documents."""
    with changes.together():
        case = step.case
        _check(step)
        Case.objects.select_for_update().get(pk=case.pk)  # two steps of one case wait for each other
        case.refresh_from_db()
        if case.state == CaseState.CLOSED:
            raise ValidationError(_("The case is closed."), code="state")
        _know_days(case)
        changes.save(step, by=by, why=why, seen=seen, deed=deed)
        _set_by_steps(case)
        changes.save(case, by=by, deed=deed)
    return step


def _check(step: Step) -> None:
    today = clock.today()
    if step.pk and Step.objects.values_list("case_id", flat=True).get(pk=step.pk) != step.case_id:
        raise ValidationError({"case": _("A step stays in its case.")})
    for name in ("asked_on", "done_on"):
        if (day := getattr(step, name)) is not None and day > today:
            raise ValidationError({name: _("The day lies in the future.")})
    if step.done_on is not None and step.done_on < step.asked_on:
        raise ValidationError({"done_on": _("It was not done before it was asked.")})
    if step.qualification is not None and step.qualification.case_id != step.case_id:
        raise ValidationError({"qualification": _("This document belongs to another case.")})


def start(case: Case, *, since: date | None = None) -> None:
    """Let the time to decide run from `since`: the day on which the papers are complete unless given, or that of the fee
    where it is later and the law waits for it. The case is not saved."""
    days, waits = _time_to_decide(case)
    if case.complete_on is None or (waits and not case.fee_settled):
        return
    if since is None:
        since = max(case.complete_on, case.fee_paid_on or clock.today()) if waits else case.complete_on
    case.runs_from, case.days_to_decide = since, days
    _set_by_steps(case)


def _time_to_decide(case: Case) -> tuple[int, bool]:
    """Return the shortest time that an instrument in force for the case allows, in days, and whether that instrument lets
    it wait for the fee."""
    host, homes = str(case.target.programme.country), set()
    for row in case.qualifications.select_related("programme__programme"):
        homes.add(str(row.programme.programme.country) if row.programme else "")
    rows = Instrument.objects.filter(
        host__contains=f",{host},", purposes__contains=f",{case.purpose},", state=InstrumentState.PUBLISHED,
        superseded_at=None,
    )  # fmt: skip
    law = [row for row in rows if row.holds_on(clock.today()) and homes & codes(row.home)]
    first = min(law, key=lambda row: (row.decide_within_days, row.code), default=None)
    if first is None or first.decide_within_days > DAYS_TO_DECIDE:
        return DAYS_TO_DECIDE, False
    return first.decide_within_days, first.clock_after_fee and case.purpose in codes(first.fee_for)


def _set_by_steps(case: Case) -> None:
    """Set until when a case is to be decided, or since when its time stands still and how much of it is left."""
    if case.runs_from is None or case.days_to_decide is None:
        return
    rows = case.steps.filter(kind__in=STOPS_TIME).values_list("asked_on", "done_on")
    found = time_of(case.runs_from, case.days_to_decide, (Stop(first, until) for first, until in rows))
    case.due_on, case.stands_since, case.days_left = found.due_on, found.stands_since, found.left


def _know_days(case: Case) -> None:
    """Work out how many days a case has whose time began before that was kept: only issuers' answers were added then."""
    if case.days_to_decide is not None or case.due_on is None:
        return
    case.runs_from = case.runs_from or case.complete_on
    if case.runs_from is None:
        return
    rows = case.steps.filter(kind=StepKind.QUERY).exclude(done_on=None).values_list("asked_on", "done_on")
    had = (case.due_on - case.runs_from).days
    case.days_to_decide = had - time_of(case.runs_from, had, (Stop(first, until) for first, until in rows)).stood
