"""An institution's word for somebody else's credential, achievement or college: a credential of its own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.credentials.policy import endorses
from sunmao.directory.models import Organisation
from sunmao.kernel import changes
from sunmao.keys import actions as keys
from sunmao.keys.models import InstitutionKey
from sunmao.vc import openbadges
from sunmao.vc.errors import VcError
from sunmao.vc.structure import check_credential, issuer_id, types_of
from sunmao.vc.trust import credential_digest


def endorse(endorsement: dict[str, Any], *, by: Any) -> dict[str, Any]:
    """Return an EndorsementCredential (Open Badges 3.0 section B.1.5) signed by the institution it names as issuer.

    Learners' credentials are awarded from their results and never signed here. What was endorsed, and the digest of
    what was signed, is noted at the key. VcError where the document is wrong, ValidationError where the person or
    the institution may not.
    """
    check_credential(endorsement)
    if openbadges.ENDORSEMENT_TYPE not in types_of(endorsement):
        raise ValidationError(
            _("Only endorsements are signed here. What learners are awarded follows from their results."), code="kind"
        )
    openbadges.check_badge(endorsement)
    if "proof" in endorsement or "credentialStatus" in endorsement:
        raise ValidationError(_("Send the endorsement without a proof and without a status."), code="kind")
    home = _home(issuer_id(endorsement), by)
    signed = keys.sign(endorsement, keys.need_signing_key(home, issuer_id(endorsement)))
    method = signed["proof"][0]["verificationMethod"]
    key = next(row for row in InstitutionKey.objects.filter(organisation=home) if row.method == method)
    about = str(endorsement["credentialSubject"]["id"])
    changes.note(key, by=by, deed="endorse", facts={"about": about, "digest": credential_digest(signed)})
    return signed


def _home(identifier: str, by: Any) -> Organisation:
    """Return the institution that speaks under an identifier and for which the person may endorse."""
    held = InstitutionKey.objects.filter(controller=identifier).select_related("organisation").order_by("-id").first()
    if held is None or not endorses(by, held.organisation_id):
        raise VcError("issuer_not_mine", found=identifier[:200], own=_("an institution of yours"))
    return held.organisation
