"""Deeds on cases: open, take in, close, erase."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.kernel import changes, clock, erasing, files
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.recognition.actions.asking import start
from sunmao.recognition.models import OF_APPLICANT, Case, CaseState, Exhibit, PriorLearning, Qualification, StepKind
from sunmao.standards.models import VersionState

E = TypeVar("E", bound=Exhibit)
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
    if isinstance(exhibit, PriorLearning) and exhibit.outcome and exhibit.outcome.version_id != exhibit.case.target_id:
        raise ValidationError({"outcome": _("Choose an outcome of the target programme.")})
    said = {name: value for name, value in changes.plain(exhibit).items() if name not in _UNCOMMITTED}
    if not exhibit.salt or exhibit.commitment != changes.commit_to(exhibit.salt, said):
        exhibit.salt = secrets.token_hex(16)
        exhibit.commitment = changes.commit_to(exhibit.salt, said)
    return changes.save(exhibit, by=by, why=why, seen=seen)


def complete_intake(case: Case, *, on: date | None = None, by: Any) -> Case:
    """Say that all papers are there, the last since `on` (today unless given): the statutory clock begins to run on that
    day, or waits for the fee where the law says so. Refused while something is asked of the applicant."""
    day = on or clock.today()
    if case.state != CaseState.INTAKE:
        raise ValidationError(_("The intake is complete already."), code="state")
    if not hasattr(case, "applicant"):
        raise ValidationError(_("Write down who applies first."))
    if not case.qualifications.exists():
        raise ValidationError(_("A case needs at least one qualification."))
    asked = case.steps.filter(kind__in=OF_APPLICANT)
    if missing := [str(step) for step in asked.filter(done_on=None).order_by("id")]:
        raise ValidationError(
            _("The file is not complete. This is still asked of the applicant: %(steps)s.")
            % {"steps": ", ".join(missing)},
            code="incomplete",
        )
    first = max([case.applied_on, *(step.done_on for step in asked if step.done_on)])
    if not first <= day <= clock.today():
        raise ValidationError({"on": _("Choose a day from that of the last paper until today.")})
    case.complete_on = day
    case.state = CaseState.EXAMINED
    start(case)
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
        start(case)
    with changes.together():
        changes.save(case, by=by, why=why, deed=deed)
        for step in case.steps.filter(kind=StepKind.FEE, done_on=None):
            step.done_on = max(day, step.asked_on)
            changes.save(step, by=by, deed=deed)
    return case


def close(case: Case, *, why: str, by: Any) -> Case:
    """Close a case without a decision, as when it was taken back."""
    if case.state in (CaseState.DECIDED, CaseState.CLOSED):
        raise ValidationError(_("The case is over already."), code="state")
    case.state = CaseState.CLOSED
    return changes.save(case, by=by, why=why, deed="close")


def erase(case: Case, *, why: str, by: Any) -> Case:
    """Erase who the applicant was: names, document numbers, scans, salts, remarks on steps, and what the log holds of them.

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
    for step in case.steps.order_by("id"):
        step.note = ""
        rows.append(changes.save(step, by=by, why=why, deed="erase"))
    erasing.erase(rows, by=by, why=why)
    return case
