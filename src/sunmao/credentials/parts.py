"""What the parts of the room's pages show."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sunmao.credentials import queries, stating
from sunmao.credentials.models import Award, Credential, CredentialState, CrosswalkCredential
from sunmao.credentials.papers import FORMS
from sunmao.kernel import clock
from sunmao.kernel.cells import listed


def preview(award: Award, user: Any) -> dict[str, Any]:
    """Return the way to an unsigned, watermarked specimen of the paper."""
    return {"url": f"/awards/{award.code}/preview.pdf", "hidden": not award.issuers.exists()}


def faces(credential: Credential, user: Any) -> dict[str, Any]:
    """Return the files of a credential and what its link shows today."""
    base = f"/credentials/{credential.code}/certificate"
    ready = bool(credential.document) and credential.state != CredentialState.AWAITING
    return {
        "files": [(form_name(form), f"{base}.{form}") for form in FORMS] if ready else [],
        "erased": not credential.document,
        "link": f"/v/{credential.token}/",
        "released": queries.released(credential, clock.today()),
        "credential": credential,
    }


def crosswalk(credential: CrosswalkCredential, user: Any) -> dict[str, Any]:
    """Return the file of a crosswalk credential and the rows it states."""
    return {
        "url": f"/crosswalk-credentials/{credential.code}/credential.json",
        "case": f"/ims/case/v1p1/CFPackages/{credential.crosswalk.uid}",
        "ready": credential.state not in (CredentialState.AWAITING, CredentialState.DROPPED),
        "rows": stating.rows(credential.signed_document),
    }


def form_name(form: str) -> str:
    return _("QR code of the whole") if form == "qr.png" else form.upper()


def where(credential: Credential) -> str:
    """Return the sentence that says where a credential stands."""
    day = date_format(credential.state_since)
    match credential.state:
        case CredentialState.AWAITING:
            names = listed(credential.conferral.missing)
            return _("Not in force yet: %(names)s still to sign.") % {"names": names}
        case CredentialState.SUSPENDED:
            return _("Suspended on %(day)s: %(why)s") % {"day": day, "why": credential.reason}
        case CredentialState.REVOKED:
            return _("Revoked on %(day)s: %(why)s") % {"day": day, "why": credential.reason}
        case CredentialState.SUPERSEDED:
            return _("Replaced on %(day)s: %(why)s") % {"day": day, "why": credential.reason}
        case CredentialState.DROPPED:
            return _("Dropped on %(day)s before it was signed: %(why)s") % {"day": day, "why": credential.reason}
    if credential.valid_until is not None and credential.valid_until < clock.today():
        return _("Expired on %(day)s.") % {"day": date_format(credential.valid_until)}
    return _("In force since %(day)s.") % {"day": date_format(credential.awarded_on)}
