"""Who else gives his word: the endorsements inside a credential, each a credential of its own whose proof is checked.

They stand at the credential, its issuers or its achievement (Open Badges 3.0 sections B.1.3, B.2.1 and B.5.1), as
objects with Data Integrity proofs or, under ``endorsementJwt``, in JWTs.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sunmao.vc import jose
from sunmao.vc.checks import (
    JOINT_FIELD,
    Asked,
    Signatures,
    check_issuer,
    check_jwt,
    check_proofs,
    check_status,
    check_validity,
    failed,
)
from sunmao.vc.contexts import CREDENTIALS_V2, OPEN_BADGES
from sunmao.vc.errors import VcError
from sunmao.vc.issue import DEMONSTRATION, Institution, in_own_terms
from sunmao.vc.openbadges import ENDORSEMENT_TYPE, check_badge
from sunmao.vc.report import Check, State
from sunmao.vc.structure import check_credential, check_types, issuer_id
from sunmao.vc.times import format_instant

MAX_ENDORSEMENTS = 20


def endorsement_credential(
    *,
    id: str,
    issuer: Institution,
    about: str,
    words: str,
    valid_from: datetime,
    valid_until: datetime | None = None,
    status: Sequence[dict[str, Any]] = (),
    demonstration: bool = False,
) -> dict[str, Any]:
    """Return an unsigned EndorsementCredential (Open Badges 3.0 section B.1.5) that speaks of ``about``, the address of
    a credential, an achievement or an institution. Raise VcError where it would break Open Badges 3.0."""
    credential: dict[str, Any] = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": id,
        "type": ["VerifiableCredential", ENDORSEMENT_TYPE],
        "issuer": issuer.to_json(),
        "validFrom": format_instant(valid_from),
        "name": "Endorsement",
        "credentialSubject": {"id": about, "type": ["EndorsementSubject"], "endorsementComment": words},
    }
    if demonstration:
        credential["description"] = DEMONSTRATION
    if valid_until is not None:
        credential["validUntil"] = format_instant(valid_until)
    if status:
        credential["credentialStatus"] = status[0] if len(status) == 1 else list(status)
    credential = in_own_terms(credential)
    check_credential(credential)
    check_badge(credential)
    return credential


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
    joint = _items(document.get(JOINT_FIELD))
    return (place for place in (document, document.get("issuer"), *joint, *achievements) if isinstance(place, dict))


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
        statuses = check_status(endorsement, asked)
        for check in (issuer, check_validity(endorsement, asked.now)):
            if check.state is State.BAD:
                raise VcError(check.code, **check.params)
    except VcError as error:
        return failed("endorsement", error)
    except (TypeError, AttributeError, KeyError):
        return Check("endorsement", State.BAD, "endorsement_form", {})
    params = {
        "id": issuer_id(endorsement),
        "names": issuer.params.get("names", {}),
        "comment": str(subject.get("endorsementComment", "")),
    }
    return Check("endorsement", *_outcome(issuer, statuses), params)


def _outcome(issuer: Check, statuses: list[Check]) -> tuple[State, str]:
    """Return state and reason of an endorsement whose proof holds."""
    found = {check.state for check in statuses}
    if State.BAD in found:
        return State.BAD, "endorsement_withdrawn"
    if issuer.code == "issuer_test":
        return State.UNKNOWN, "endorsed_by_test"
    if issuer.state is not State.GOOD:
        return State.UNKNOWN, "endorsed_by_unknown"
    return (State.UNKNOWN, "endorsed_unsure") if State.UNKNOWN in found else (State.GOOD, "endorsed_by_known")
