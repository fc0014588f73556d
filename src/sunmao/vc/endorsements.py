"""Who else gives his word: the endorsements inside a credential, each a credential of its own whose proof is checked.

They stand at the credential, its issuer or its achievement (Open Badges 3.0 sections B.1.3, B.2.1 and B.5.1), as
objects with Data Integrity proofs or, under ``endorsementJwt``, in JWTs.
"""

from collections.abc import Callable, Iterator
from typing import Any

from sunmao.vc import jose
from sunmao.vc.checks import (
    Asked,
    Signatures,
    check_issuer,
    check_jwt,
    check_proofs,
    check_status,
    check_validity,
    failed,
)
from sunmao.vc.errors import VcError
from sunmao.vc.openbadges import ENDORSEMENT_TYPE
from sunmao.vc.report import Check, State
from sunmao.vc.structure import check_credential, check_types, issuer_id

MAX_ENDORSEMENTS = 20


def check_endorsements(document: dict[str, Any], asked: Asked) -> list[Check]:
    """Verify each endorsement inside a credential, and that it speaks of what it stands at."""
    found: list[Check] = []
    for place in _places(document):
        about = str(place.get("id"))
        found += [_endorsement(held, about, asked, check_proofs) for held in _items(place.get("endorsement"))]
        found += [_in_jwt(token, about, asked) for token in _items(place.get("endorsementJwt"))]
        if len(found) > MAX_ENDORSEMENTS:
            more = Check("endorsement", State.UNKNOWN, "endorsement_many", {"limit": MAX_ENDORSEMENTS})
            return [*found[:MAX_ENDORSEMENTS], more]
    return found


def _places(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    subjects = _items(document.get("credentialSubject"))
    achievements = [item.get("achievement") for item in subjects if isinstance(item, dict)]
    return (place for place in (document, document.get("issuer"), *achievements) if isinstance(place, dict))


def _items(value: Any) -> list[Any]:
    return value[: MAX_ENDORSEMENTS + 1] if isinstance(value, list) else [] if value is None else [value]


def _in_jwt(token: Any, about: str, asked: Asked) -> Check:
    try:
        if not isinstance(token, str):
            raise VcError("jwt_bad")
        envelope = jose.open_envelope(token)
    except VcError as error:
        return failed("endorsement", error)
    return _endorsement(envelope.document, about, asked, lambda _document, more: check_jwt(envelope, more))


def _endorsement(
    endorsement: Any, about: str, asked: Asked, proofs: Callable[[dict[str, Any], Asked], Signatures]
) -> Check:
    try:
        check_credential(endorsement)
        check_types(endorsement, ENDORSEMENT_TYPE, field="endorsement.type")
        subject = endorsement["credentialSubject"]
        if not isinstance(subject, dict) or subject.get("id") != about:
            raise VcError("endorsement_elsewhere")
        signatures = proofs(endorsement, asked)
        if not signatures.keys:
            raise signatures.missing[0] if signatures.missing else VcError("proof_missing")
        issuer = check_issuer(endorsement, signatures, asked)
        for check in (issuer, check_validity(endorsement, asked.now), *check_status(endorsement, asked)):
            if check.state is State.BAD:
                raise VcError(check.code, **check.params)
    except VcError as error:
        return failed("endorsement", error)
    except (TypeError, AttributeError, KeyError):
        return Check("endorsement", State.BAD, "endorsement_form", {})
    params = {"id": issuer_id(endorsement), "comment": str(subject.get("endorsementComment", ""))}
    if issuer.state is State.GOOD:
        return Check("endorsement", State.GOOD, "endorsed_by_known", params)
    return Check("endorsement", State.UNKNOWN, "endorsed_by_unknown", params)
