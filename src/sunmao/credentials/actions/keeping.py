"""What happens to a credential afterwards: suspended, restored, revoked, superseded, released, forgotten."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.cohorts import actions as cohorts
from sunmao.credentials import lists
from sunmao.credentials.actions.conferring import confer
from sunmao.credentials.models import Credential, CredentialState, Remark
from sunmao.credentials.policy import SIGNERS, issues
from sunmao.kernel import changes, clock, erasing


def _turn(
    credential: Credential, state: CredentialState, allowed: tuple[str, ...], deed: str, why: str, by: Any
) -> Credential:
    if credential.state not in allowed:
        raise ValidationError(_("Its state does not allow this now."), code="state")
    credential.state, credential.state_since, credential.reason = state, clock.now(), why
    return changes.save(credential, by=by, why=why, deed=deed)


def suspend(credential: Credential, *, why: str, by: Any) -> Credential:
    """Suspend it: every verifier sees it at once; it can be restored."""
    return _turn(credential, CredentialState.SUSPENDED, (CredentialState.ISSUED,), "suspend", why, by)


def restore(credential: Credential, *, why: str, by: Any) -> Credential:
    """End a suspension."""
    return _turn(credential, CredentialState.ISSUED, (CredentialState.SUSPENDED,), "restore", why, by)


def revoke(credential: Credential, *, why: str, by: Any) -> Credential:
    """Revoke it for good: every verifier sees it at once, with the reason on the page.

    From a unit it reaches the credentials of the whole programme that rest on it: revoked where the person may revoke
    them, else suspended, for those who give them to decide.
    """
    allowed = (CredentialState.ISSUED, CredentialState.SUSPENDED)
    with changes.together():
        done = _turn(credential, CredentialState.REVOKED, allowed, "revoke", why, by)
        for row in _resting_on(done):
            told = _("It rests on %(number)s, which was revoked: %(why)s") % {"number": done.number, "why": why}
            if issues(by, row.award, *SIGNERS):
                _turn(row, CredentialState.REVOKED, allowed, "revoke", told[:500], by)
            elif row.state == CredentialState.ISSUED:
                _turn(row, CredentialState.SUSPENDED, allowed, "suspend", told[:500], by)
    return done


def _resting_on(credential: Credential) -> list[Credential]:
    """Return the credentials of the whole programme in force that rest on a unit's: those of the same enrolment."""
    if credential.award.unit_id is None or credential.enrolment_id is None:
        return []
    rows = Credential.objects.filter(
        enrolment=credential.enrolment_id, award__unit=None,
        state__in=(CredentialState.ISSUED, CredentialState.SUSPENDED),
    )  # fmt: skip
    return list(rows.select_related("award"))


def remark(credential: Credential, *, remark: str, by: Any, why: str = "") -> Credential:
    """Say something of it to verifiers that does not change whether it holds, or take that back."""
    if credential.state not in (CredentialState.ISSUED, CredentialState.SUSPENDED):
        raise ValidationError(_("Its state does not allow this now."), code="state")
    _need_place(credential)
    credential.remark = Remark(remark)
    return changes.save(credential, by=by, why=why, deed="remark")


def _need_place(credential: Credential) -> None:
    """Raise ValidationError where the document names no list of messages, so that nobody would ever be told."""
    if credential.document and not _tells(credential):
        raise ValidationError(_("This credential names no list in which a remark could stand."))


def _tells(credential: Credential) -> bool:
    held = credential.signed_document.get("credentialStatus", [])
    return any(entry.get("statusPurpose") == lists.MESSAGE for entry in (held if isinstance(held, list) else [held]))


def supersede(credential: Credential, *, why: str, by: Any) -> Credential:
    """Replace it by a new one composed from the records as they stand now, such as a corrected name. Returns the new
    one; the old counts as revoked and names its successor."""
    if credential.enrolment is None or credential.learner is None:
        raise ValidationError(_("The learner's data are erased here, so no new credential can be written."))
    with changes.together():
        allowed = (CredentialState.ISSUED, CredentialState.SUSPENDED)
        _turn(credential, CredentialState.SUPERSEDED, allowed, "supersede", why, by)
        numbered = {credential.learner.key: credential.registration_number}
        conferral = confer(
            credential.award, cohort=credential.enrolment.cohort, awarded_on=credential.awarded_on, by=by,
            learners=[credential.learner], registration_numbers=numbered, why=why,
        )  # fmt: skip
        fresh = conferral.credentials.get()
        credential.superseded_by, credential.remark = fresh, Remark.REISSUED
        changes.save(credential, by=by, why=why, deed="supersede")
    return fresh


def release(
    credential: Credential, *, shows_name: bool, shows_results: bool, shown_until: date | None, by: Any, why: str = ""
) -> Credential:
    """Say what the link shows, and until when. Everything off withdraws it at once; switching something on is the
    learner's consent to showing it, too."""
    if shown_until is not None and shown_until < clock.today():
        raise ValidationError({"shown_until": _("This day has passed. Choose a later one, or switch both off.")})
    learner = credential.learner
    if learner is None:
        raise ValidationError(_("The learner's data are erased here, so there is nothing to show."))
    with changes.together():
        cohorts.consent(
            learner, consent_show_name=learner.consent_show_name or shows_name,
            consent_show_results=learner.consent_show_results or shows_results, by=by,
        )  # fmt: skip
        holder = learner.person_id is not None and learner.person_id == by.person_id
        actor = cohorts.Oneself(by) if holder else by
        return _release(credential, shows_name, shows_results, shown_until, by=actor, why=why)


def _release(
    credential: Credential, shows_name: bool, shows_results: bool, shown_until: date | None, *, by: Any, why: str
) -> Credential:
    credential.shows_name, credential.shows_results = shows_name, shows_results
    credential.shown_until = shown_until if shows_name or shows_results else None
    return changes.save(credential, by=by, why=why, deed="release")


def forget(credential: Credential, *, by: Any, why: str = "") -> Credential:
    """Erase what it says of the learner. Its number, issuer, date, status and digest stay, so that the holder's own
    file still verifies; the log keeps commitments without the values and salts behind them. `why` names nobody."""
    with changes.together():
        credential.learner = credential.enrolment = None
        credential.document = credential.registration_number = ""
        credential.shows_name = credential.shows_results = False
        credential.shown_until = None
        changes.save(credential, by=by, why=why, deed="forget")
        erasing.erase([credential], by=by, why=why)
    return credential


def forget_learner(learner: Any, *, by: Any, why: str = "") -> int:
    """Erase what every credential of a learner says; return how many. Part of erasing the learner."""
    rows = list(Credential.objects.filter(learner=learner))
    for row in rows:
        forget(row, by=by, why=why)
    return len(rows)
