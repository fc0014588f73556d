"""Deeds on cases: open, take in, ask the issuer, close, erase."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.kernel import changes, clock, erasing, files
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.recognition.fields import codes
from sunmao.recognition.models import (
    Authenticity,
    Case,
    CaseState,
    Exhibit,
    Instrument,
    InstrumentState,
    Qualification,
    Step,
    StepKind,
)
from sunmao.standards.models import VersionState

E = TypeVar("E", bound=Exhibit)
DAYS_TO_DECIDE = 120  # where no instrument says less: four months, the longest Lisbon's practice allows
_UNCOMMITTED = frozenset({"uid", "salt", "commitment", "revision", "authenticity", "answered_on", "laid_at"})


def open_case(case: Case, *, by: Any, why: str = "", seen: int | None = None) -> Case:
    """Open a case for a target that is published, or correct its intake."""
    if case.target_id and case.target.state == VersionState.DRAFT:
        raise ValidationError({"target": _("Choose a published version.")})
    if case.pk and Case.objects.get(pk=case.pk).state != CaseState.INTAKE:
        raise ValidationError(_("The intake is complete. What was applied for stays as it was."), code="state")
    return changes.save(case, by=by, why=why, seen=seen, deed="" if case.pk else "open_case")


def lay(exhibit: E, *, by: Any, why: str = "", seen: int | None = None) -> E:
    """Lay evidence before the authority. What it says is committed to, afresh once it says something else; decisions know
    the commitment only."""
    if exhibit.case_id and exhibit.case.state == CaseState.CLOSED:
        raise ValidationError(_("The case is closed."), code="state")
    said = {name: value for name, value in changes.plain(exhibit).items() if name not in _UNCOMMITTED}
    if not exhibit.salt or exhibit.commitment != changes.commit_to(exhibit.salt, said):
        exhibit.salt = secrets.token_hex(16)
        exhibit.commitment = changes.commit_to(exhibit.salt, said)
    return changes.save(exhibit, by=by, why=why, seen=seen)


def complete_intake(case: Case, *, by: Any) -> Case:
    """Say that all papers are there; the statutory clock begins to run, or waits for the fee where the law says so."""
    if case.state != CaseState.INTAKE:
        raise ValidationError(_("The intake is complete already."), code="state")
    if not hasattr(case, "applicant"):
        raise ValidationError(_("Write down who applies first."))
    if not case.qualifications.exists():
        raise ValidationError(_("A case needs at least one qualification."))
    case.complete_on = clock.today()
    case.state = CaseState.EXAMINED
    _start_clock(case)
    return changes.save(case, by=by, deed="complete_intake")


def receive_fee(case: Case, *, on: date | None = None, receipt: str = "", by: Any) -> Case:
    """Record that the fee was paid. Where the law lets the time to decide wait for it, the time begins to run."""
    day = on or clock.today()
    if day > clock.today():
        raise ValidationError({"on": _("The day of payment lies in the future.")})
    _fee_open(case)
    case.fee_paid_on, case.fee_receipt = day, receipt
    return _settle_fee(case, day, by=by, deed="receive_fee")


def waive_fee(case: Case, *, why: str, by: Any) -> Case:
    """Waive the fee, with the reason; the case then goes on as if it were paid today."""
    _fee_open(case)
    case.fee_waived = why
    return _settle_fee(case, clock.today(), why=why, by=by, deed="waive_fee")


def _fee_open(case: Case) -> None:
    if case.state == CaseState.CLOSED:
        raise ValidationError(_("The case is closed."), code="state")
    if case.fee_settled:
        raise ValidationError(_("The fee is paid or waived already."), code="state")


def _settle_fee(case: Case, day: date, *, why: str = "", by: Any, deed: str) -> Case:
    if case.complete_on is not None and case.runs_from is None and case.due_on is None:
        _start_clock(case)
    with changes.together():
        changes.save(case, by=by, why=why, deed=deed)
        for step in case.steps.filter(kind=StepKind.FEE, done_on=None):
            step.done_on = max(day, step.asked_on)
            changes.save(step, by=by, deed=deed)
    return case


def _start_clock(case: Case) -> None:
    """Let the time to decide run from the day on which the papers are complete, or that of the fee where it is later and
    the law waits for it. What the issuer was waited for since then is added."""
    days, waits = _time_to_decide(case)
    if case.complete_on is None or (waits and not case.fee_settled):
        return
    paid = (case.fee_paid_on or clock.today()) if waits else case.complete_on
    case.runs_from = max(case.complete_on, paid)
    case.due_on = case.runs_from + timedelta(days=days + _stood_still(case))


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


def _stood_still(case: Case) -> int:
    """Return the days on which an issuer was waited for while the time to decide ran, each once."""
    start = case.runs_from or case.complete_on
    if start is None:
        return 0
    waited: set[date] = set()
    for step in case.steps.filter(kind=StepKind.QUERY, done_on__gt=start):
        first = max(start, step.asked_on)
        waited |= {first + timedelta(days=n) for n in range(((step.done_on or first) - first).days)}
    return len(waited)


def query_issuer(case: Case, *, qualification: Qualification, note: str = "", days: int = 30, by: Any) -> Case:
    """Ask the issuer, or the service that answers for it, whether a document is genuine. The clock stops meanwhile."""
    if case.state not in (CaseState.INTAKE, CaseState.EXAMINED):
        raise ValidationError(_("Nothing is being examined any more."), code="state")
    if case.steps.filter(kind=StepKind.QUERY, qualification=qualification, done_on=None).exists():
        raise ValidationError(_("The issuer has been asked about it and has not answered yet."))
    step = Step(
        case=case, kind=StepKind.QUERY, qualification=qualification, asked_on=clock.today(), note=note,
        due_on=clock.today() + timedelta(days=days),
    )  # fmt: skip
    changes.save(step, by=by, deed="query_issuer")
    return case


def record_answer(
    case: Case, *, qualification: Qualification, authenticity: str, on: date | None = None, note: str = "", by: Any
) -> Case:
    """Record what the issuer answered. The days of waiting are added to the time to decide."""
    day = on or clock.today()
    if day > clock.today():
        raise ValidationError({"on": _("The answer lies in the future.")})
    qualification.authenticity, qualification.answered_on = Authenticity(authenticity), day
    changes.save(qualification, by=by, deed="record_answer")
    before = _stood_still(case)
    for step in case.steps.filter(kind=StepKind.QUERY, qualification=qualification, done_on=None):
        step.done_on = day
        step.note = "; ".join(filter(None, (step.note, note)))[:300]
        changes.save(step, by=by, deed="record_answer")
    waited = _stood_still(case) - before
    if waited and case.due_on:
        case.due_on += timedelta(days=waited)
        changes.save(case, by=by, deed="record_answer")
    return case


def close(case: Case, *, why: str, by: Any) -> Case:
    """Close a case without a decision, as when it was taken back."""
    if case.state in (CaseState.DECIDED, CaseState.CLOSED):
        raise ValidationError(_("The case is over already."), code="state")
    case.state = CaseState.CLOSED
    return changes.save(case, by=by, why=why, deed="close")


def erase(case: Case, *, why: str, by: Any) -> Case:
    """Erase who the applicant was: names, document numbers, scans, salts, and what the log holds of them.

    Decisions stay, replay to the same hash, and name nobody.
    """
    applicant = getattr(case, "applicant", None)
    if applicant is None or applicant.erased_at is not None:
        raise ValidationError(_("Nothing personal is kept in this case."), code="state")
    applicant.name = Texts.of({"und": case.holder})
    applicant.passport_name = applicant.certificate_name = applicant.variants = ""
    applicant.birth_year, applicant.person = None, None
    applicant.erased_at = clock.now()
    changes.save(applicant, by=by, why=why, deed="erase")
    rows: list[Record] = [applicant]
    exhibits = [*case.qualifications.all(), *case.priorlearnings.all(), *case.languagecertificates.all()]
    for row in exhibits:
        if row.file is not None:
            files.forget(row.file, by=by, why=why)
            rows.append(row.file)
        row.file, row.salt = None, ""
        if isinstance(row, Qualification):
            row.number = ""
        rows.append(changes.save(row, by=by, why=why, deed="erase"))
    erasing.erase(rows, by=by, why=why)
    return case
