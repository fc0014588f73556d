"""All that a learner holds here, as one record that an institution signs: Comprehensive Learner Record 2.0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from sunmao.cohorts import actions as cohorts
from sunmao.credentials import document, transcripts
from sunmao.credentials.models import Credential, CredentialState
from sunmao.credentials.policy import SIGNERS
from sunmao.kernel import changes, clock
from sunmao.kernel.ids import uuid7
from sunmao.keys import actions as keys
from sunmao.keys.queries import acts_for
from sunmao.vc import clr, issue
from sunmao.vc.errors import VcError


def learner_record(credential: Credential, *, rows: Any, by: Any, why: str = "") -> dict[str, Any]:
    """Return the signed record around what is in force of the credential's learner among `rows`, those the person sees.

    The credential's issuer signs that they belong to one learner; each keeps its own proofs. It is called partial where
    more is in force than stands in it. The learner has his made; for another, an officer or director of the issuer.
    """
    if credential.state != CredentialState.ISSUED or not credential.document:
        raise ValidationError(_("Its state does not allow this now."), code="state")
    learner = credential.learner
    holder = learner is not None and learner.person_id is not None and learner.person_id == by.person_id
    if not holder and not acts_for(by, credential.issuer, *SIGNERS):
        raise ValidationError(_("Only the holder, or an officer or director of %(name)s, has the record signed.") % {
            "name": credential.issuer,
        })  # fmt: skip
    held = transcripts.record_of(credential, rows)
    controller = credential.signed_document["issuer"]["id"]
    key = keys.need_signing_key(credential.issuer, controller)
    try:
        unsigned = clr.learner_record(
            id=f"urn:uuid:{uuid7()}", names=_names(), issuer=document.institution(credential.issuer, controller),
            recipient=issue.Recipient(_name(credential)), credentials=[row.signed_document for row in held],
            valid_from=clock.now(), associations=_associations(held), partial=_in_force(credential) > len(held),
            demonstration=key.test or any(row.award.demo for row in held),
        )  # fmt: skip
    except VcError as error:
        raise ValidationError(_("The record cannot be written: %(why)s") % {"why": error}) from error
    signed = keys.sign(unsigned, key)
    codes = " ".join(row.code for row in held)
    changes.note(credential, by=cohorts.Oneself(by) if holder else by, deed="record", why=why, facts={"holds": codes})
    return signed


def _in_force(credential: Credential) -> int:
    if credential.learner_id is None:
        return 1
    return len(transcripts.record_of(credential, Credential.objects.all()))


def _name(credential: Credential) -> str:
    return str(credential.signed_document["credentialSubject"]["identifier"][0]["identityHash"])


def _names() -> dict[str, str]:
    out = {}
    for code, language in document.LANGUAGES.items():
        with translation.override(language):
            out[code] = _("Learner record")
    return out


def _associations(held: Sequence[Credential]) -> list[clr.Association]:
    """Return which unit's achievement is part of which whole programme's."""
    return [
        clr.Association(document.award_address(part.award), "isPartOf", document.award_address(whole.award))
        for part in held if part.award.unit_id is not None
        for whole in held if whole.award.unit_id is None and whole.award.programme_id == part.award.programme_id
    ]  # fmt: skip
