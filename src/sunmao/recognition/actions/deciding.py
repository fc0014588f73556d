"""From the machine's indication to a decision: one person of the authority proposes, another confirms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.recognition import decide as core
from sunmao.recognition.appeal import appeal_until
from sunmao.recognition.evidence import Evidence
from sunmao.recognition.keeping import freeze
from sunmao.recognition.models import (
    Asked,
    Case,
    CaseState,
    Competence,
    Decision,
    DecisionState,
    Ground,
    Instrument,
    Result,
    Standing,
)
from sunmao.recognition.queries.asking import case_indication
from sunmao.recognition.queries.impact import LIVE, question_text, standing_of

APPEAL_DAYS = 30  # where a decision rests on no instrument that says its own


def indicate(case: Case, *, by: Any) -> Decision:
    """Compute what the case comes to today, and keep it with everything it rested on. It binds nobody.

    An earlier indication that nobody took up is superseded; a decision in force stays, this one follows it.
    """
    if case.state == CaseState.CLOSED:
        raise ValidationError(_("The case is closed."), code="state")
    if case.complete_on is None:
        raise ValidationError(_("Complete the intake first."), code="state")
    if case.decisions.filter(state=DecisionState.PROPOSED).exists():
        raise ValidationError(_("A decision is proposed already. Confirm it or send it back first."), code="state")
    computed, evidence = case_indication(case)
    return keep(case, computed, evidence, first=last_issued(case), by=by)


def last_issued(case: Case) -> Decision | None:
    """Return the decision in force in a case."""
    return case.decisions.filter(state__in=LIVE).order_by("-id").first()


def keep(case: Case, computed: core.Decision, evidence: Evidence, *, first: Decision | None, by: Any) -> Decision:
    """Store an indication with its frozen evidence, its ground and its questions."""
    if first is not None:
        computed = replace(computed, follows=first.digest)
    with changes.together():
        for old in case.decisions.filter(state=DecisionState.INDICATION):
            old.state = DecisionState.SUPERSEDED
            changes.save(old, by=by, deed="indicate")
        decision = Decision(
            case=case, as_of=computed.as_of, known_at=computed.known_at, computed=core.canonical(computed).decode(),
            digest=core.decision_hash(computed), evidence=freeze(evidence), indicated=Result(computed.result.value),
            instrument=Instrument.objects.filter(code=computed.instrument, superseded_at=None).first(), follows=first,
        )  # fmt: skip
        changes.save(decision, by=by, deed="indicate")
        Ground.objects.bulk_create(Ground(decision=decision, key=key) for key in sorted(core.rests_on(computed)))
        asked = {question_text(item.question): bool(item.found) for item in computed.asked}
        Asked.objects.bulk_create(Asked(decision=decision, question=q, found=f) for q, f in asked.items())
        if case.state == CaseState.INTAKE:
            case.state = CaseState.EXAMINED
            changes.save(case, by=by, deed="indicate")
    return decision


def is_competent(case: Case, day: date) -> bool:
    """Return whether the case's authority is competent for the target on a day: in its country and its field."""
    programme = case.target.programme
    rows = Competence.objects.filter(authority=case.authority, country=str(programme.country), superseded_at=None)
    return any(
        row.holds_on(day) and (not row.fields or any(programme.field.startswith(str(f)) for f in row.fields))
        for row in rows
    )  # fmt: skip


def propose(decision: Decision, *, result: str, reasons: Texts | str | None = None, by: Any) -> Decision:
    """Propose what the authority is to decide. Reasons are needed to refuse, and to say other than the machine."""
    _of_authority(decision, by)
    if decision.state != DecisionState.INDICATION:
        raise ValidationError(_("Only an indication can be taken up as a proposal."), code="state")
    if Result(result) not in (Result.FULL, Result.CONDITIONAL, Result.PARTIAL, Result.REFUSED, Result.OUT_OF_SCOPE):
        raise ValidationError({"result": _("Pending and suspended are no decisions. Wait for what is open.")})
    said = Texts.of(reasons)
    if not said and (result == Result.REFUSED or result != decision.indicated):
        raise ValidationError({"reasons": _("Give the reasons: the applicant has a right to them.")})
    if not is_competent(decision.case, clock.today()):
        raise ValidationError(
            _("%(authority)s is not competent for this target.") % {"authority": decision.case.authority}
        )
    decision.result, decision.reasons = Result(result), said
    decision.state, decision.proposed_by, decision.proposed_at = DecisionState.PROPOSED, by.person, clock.now()
    with changes.together():
        changes.save(decision, by=by, deed="propose")
        _set_case(decision.case, CaseState.PROPOSED, by=by, deed="propose")
    return decision


def send_back(decision: Decision, *, why: str, by: Any) -> Decision:
    """Send a proposal back with a reason; it is an indication again."""
    _of_authority(decision, by)
    if decision.state != DecisionState.PROPOSED:
        raise ValidationError(_("Only a proposal can be sent back."), code="state")
    decision.state, decision.result, decision.reasons = DecisionState.INDICATION, "", Texts()
    decision.proposed_by = decision.proposed_at = None
    with changes.together():
        changes.save(decision, by=by, why=why, deed="send_back")
        _set_case(decision.case, CaseState.EXAMINED, by=by, deed="send_back")
    return decision


def confirm(decision: Decision, *, by: Any) -> Decision:
    """Confirm what another person of the authority proposed: it is decided. The decision it follows is superseded.

    Refused where the ground has gone since it was computed.
    """
    _of_authority(decision, by)
    if decision.state != DecisionState.PROPOSED:
        raise ValidationError(_("Nothing is proposed here."), code="state")
    if decision.proposed_by_id == by.person_id:
        raise ValidationError(_("Another person of the authority must confirm what you proposed."), code="four_eyes")
    if standing_of(decision) == Standing.REVIEW_DUE:
        raise ValidationError(_("What it rests on has changed since. Send it back and compute it again."), code="stale")
    decision.state, decision.decided_by, decision.decided_at = DecisionState.ISSUED, by.person, clock.now()
    with changes.together():
        changes.save(decision, by=by, deed="confirm")
        first = Decision.objects.filter(followed_by=decision, state__in=LIVE).first()
        if first is not None:
            first.state = DecisionState.SUPERSEDED
            changes.save(first, by=by, deed="confirm")
        _set_case(decision.case, CaseState.DECIDED, by=by, deed="confirm")
    return decision


def notify(decision: Decision, *, on: date | None = None, by: Any) -> Decision:
    """Record the day on which the applicant was told; the time to appeal begins to run."""
    day = on or clock.today()
    if decision.state not in LIVE or decision.decided_at is None:
        raise ValidationError(_("Only a decision in force is notified."), code="state")
    if decision.notified_on is not None:
        raise ValidationError(_("The applicant was told already."), code="state")
    if not decision.decided_at.date() <= day <= clock.today():
        raise ValidationError({"on": _("Choose a day from the decision until today.")})
    days = decision.instrument.appeal_days if decision.instrument else APPEAL_DAYS
    decision.notified_on, decision.appeal_until = day, appeal_until(day, days)
    return changes.save(decision, by=by, deed="notify")


def publish_decision(decision: Decision, *, by: Any) -> Decision:
    """Enter a decision into the public register: programme, result, authority, legal basis and month, nobody's name."""
    if decision.state not in LIVE or decision.published:
        raise ValidationError(_("Only a decision in force that is not public yet can be published."), code="state")
    decision.published = True
    return changes.save(decision, by=by, deed="publish")


def _of_authority(decision: Decision, by: Any) -> None:
    if not by.holds("authority", at=decision.case.authority_id):
        raise ValidationError(_("Only people of %(authority)s decide here.") % {"authority": decision.case.authority})
    if decision.case.is_of(by):
        raise ValidationError(_("This is your own case. Two other people of the authority decide it."), code="own_case")


def _set_case(case: Case, state: CaseState, *, by: Any, deed: str) -> None:
    fresh = Case.objects.get(pk=case.pk)
    fresh.state = state
    changes.save(fresh, by=by, deed=deed)
