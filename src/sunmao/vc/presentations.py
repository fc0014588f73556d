"""What a holder shows: the presentation's own form and proof (VC Data Model 2.0 section 4.13).

The credentials inside are judged one by one by ``verify``; here it is asked who shows them, and whether he
answers to this reader (challenge and domain) rather than repeating what he once showed to another.
"""

from typing import Any

from sunmao.vc import integrity, jose
from sunmao.vc.checks import Asked, check_proofs, failed
from sunmao.vc.errors import VcError
from sunmao.vc.report import Check, State
from sunmao.vc.resolve import find_jose_key
from sunmao.vc.structure import check_contexts, check_types, need_url

# Media types of secured credentials inside a presentation (VC-JOSE-COSE section 6), jwt as older wallets say.
ENVELOPES = ("vc+jwt", "vc+sd-jwt", "vc+cose;base64", "jwt")


def check_presentation(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the credentials inside; raise VcError at the first rule of section 4.13 that is broken."""
    check_contexts(document)
    check_types(document, "VerifiablePresentation")
    if "id" in document:
        need_url(document["id"], "id")
    holder_id(document)
    value = document.get("verifiableCredential", [])
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, dict) and item for item in items):
        raise VcError("field_kind", field="verifiableCredential", expected="an object")
    return items


def holder_id(document: dict[str, Any]) -> str | None:
    """Return who shows it: ``holder`` itself or its ``id``, nothing where none is named."""
    if "holder" not in document:
        return None
    holder = document["holder"]
    if isinstance(holder, dict):
        return need_url(holder.get("id"), "holder.id")
    return need_url(holder, "holder")


def check_envelope(item: dict[str, Any]) -> None:
    """Raise VcError unless an item is a secured credential in an envelope; its signature is not asked here."""
    check_contexts(item)
    check_types(item, "EnvelopedVerifiableCredential")
    media, comma, data = str(item.get("id")).partition(",")
    known = {f"data:application/{kind}" for kind in ENVELOPES}
    if media not in known or not comma or not data.strip():
        raise VcError("envelope_bad")


def check_showing(document: dict[str, Any], asked: Asked) -> list[Check]:
    """Check the proofs of a presentation, that they answer what was asked, and that the holder made one."""
    signatures = check_proofs(document, asked, purpose=integrity.AUTHENTICATION)
    if not signatures.keys:
        return signatures.checks
    try:
        for proof in integrity.proofs_of(document):
            _check_answer(proof.get("challenge"), "challenge", asked.challenge)
            _check_answer(proof.get("domain"), "domain", asked.domain)
        holder = holder_id(document)
        if holder and holder.startswith("did:") and all(key.controller != holder for key in signatures.keys):
            raise VcError("holder_did_not_sign", id=holder[:200])
    except VcError as error:
        return [*signatures.checks, failed("proof", error)]
    return signatures.checks


def check_jwt_showing(envelope: jose.Envelope, asked: Asked) -> Check:
    """Check the signature of a presentation in a JWT, its claims, and that it answers what was asked."""
    try:
        holder = holder_id(envelope.document) or str(envelope.claims.get("iss", ""))
        found = find_jose_key(envelope.header, holder, asked.trust)
        jose.verify_envelope(envelope, found.jwk)
        jose.check_claims(envelope, holder)
        if asked.live:
            jose.check_times(envelope, asked.now)
        _check_answer(envelope.claims.get("nonce"), "challenge", asked.challenge)
        _check_answer(envelope.claims.get("aud"), "domain", asked.domain)
    except VcError as error:
        return failed("proof", error)
    if found.known is None:
        return Check("proof", State.GOOD, "signed_by_key", {"id": found.controller or holder})
    return Check("proof", State.GOOD, "signed_by_known", {"id": found.known.id, "names": found.known.names})


def _check_answer(held: Any, name: str, wanted: str | None) -> None:
    if wanted is not None and wanted not in (held if isinstance(held, list) else [held]):
        raise VcError("proof_answer", field=name, found=str(held)[:120])
