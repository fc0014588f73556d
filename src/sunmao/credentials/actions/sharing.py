"""A part of a credential, as its holder chooses it: signed anew as SD-JWT by those who signed the whole."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.cohorts import actions as cohorts
from sunmao.credentials.models import Credential, CredentialState
from sunmao.kernel import changes, clock
from sunmao.keys import actions as keys
from sunmao.keys.models import InstitutionKey
from sunmao.vc import sdjwt
from sunmao.vc.disclosing import Way, way_text
from sunmao.vc.errors import VcError
from sunmao.vc.keys import key_of_did_key

DECOYS = 2  # digests of nothing at each place, so that nobody counts what is kept back


def share(credential: Credential, *, show: Collection[Way], by: Any, holder_key: str = "", why: str = "") -> str:
    """Return the credential as SD-JWT (RFC 9901) with what is in `show` disclosed and nothing else of its holder.

    Every institution that signed the whole signs it with its key of today, under the same identifier; nothing is said
    that they did not sign. `holder_key` (did:key) binds it to the holder. What was shown, never its contents, is logged.
    """
    if credential.state != CredentialState.ISSUED:
        raise ValidationError(_("Its state does not allow this now."), code="state")
    if not credential.document:
        raise ValidationError(_("The learner's data are erased here, so there is nothing to show."))
    document = credential.signed_document
    try:
        bound = key_of_did_key(holder_key.strip()).jwk if holder_key.strip() else None
    except VcError as error:
        raise ValidationError({"holder_key": str(error)}) from error
    try:
        whole = sdjwt.issue(
            document, _signers(document), ways=sdjwt.holder_ways(document), issued_at=clock.now(), holder=bound,
            decoys=DECOYS,
        )  # fmt: skip
        part = sdjwt.present(whole, show)
    except VcError as error:
        raise ValidationError(_("The part cannot be written: %(why)s") % {"why": error}) from error
    learner = credential.learner
    holder = learner is not None and learner.person_id is not None and learner.person_id == by.person_id
    shown = " ".join(sorted(way_text(way) for way in show))
    changes.note(credential, by=cohorts.Oneself(by) if holder else by, deed="share", why=why, facts={"shows": shown})
    return part


def _signers(document: dict[str, Any]) -> list[sdjwt.Signer]:
    """Return who signed the credential, the issuer first, each with the key it signs with today."""
    named = [document["issuer"]["id"], *(row["id"] for row in document.get("jointIssuer", []))]
    signers = []
    for controller in named:
        held = InstitutionKey.objects.filter(controller=controller).select_related("organisation").first()
        if held is None:
            raise ValidationError(_("%(name)s signs elsewhere, not here.") % {"name": controller}, code="key")
        key = keys.need_signing_key(held.organisation, controller)
        signers.append(sdjwt.Signer(keys.private_half(key).jwk, key.method))
    return signers
