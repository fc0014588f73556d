"""The single questions of a verification: who signed, is the issuer known, is it in force.

Each function returns checks and never raises VcError. What makes a document false is BAD, what could not
be found out is UNKNOWN.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sunmao.vc import integrity, jose, sdjwt
from sunmao.vc.contexts import Contexts
from sunmao.vc.errors import CannotCheck, VcError
from sunmao.vc.report import Check, State
from sunmao.vc.resolve import FoundKey, find_jose_key, find_key
from sunmao.vc.status import read_entry
from sunmao.vc.structure import check_credential, issuer_id, types_of
from sunmao.vc.times import format_instant, parse_instant
from sunmao.vc.trust import Trust, credential_digest

JOINT_FIELD = "jointIssuer"
# A document too costly for one proof is not tried again for the next.
_COSTLY = {"graph_poison", "graph_too_large", "graph_blank_nodes"}
MESSAGE = "message"  # statusPurpose and name of the check: it never decides whether a credential holds
_BAD_STATUS = {"revocation": "revoked", "suspension": "suspended"}


@dataclass(frozen=True)
class Asked:
    """What one verification rests on: trust, the instant it is asked for, and the contexts.

    ``live``: a presentation is shown now, so its own times count and it must answer ``challenge`` and
    ``domain`` where they were asked; in a file it was shown to another, once. ``lists``: what was found of status lists
    on the way, by address and issuer, since the credentials of one file share them.
    """

    trust: Trust
    now: datetime
    contexts: Contexts
    live: bool = False
    challenge: str | None = None
    domain: str | None = None
    lists: dict[tuple[str, str], VcError | None] = field(default_factory=dict, repr=False, compare=False)


@dataclass
class Signatures:
    """The checked proofs of one credential: the checks to tell, and the keys whose signature holds."""

    checks: list[Check] = field(default_factory=list)
    keys: list[FoundKey] = field(default_factory=list)
    missing: list[VcError] = field(default_factory=list)


def failed(name: str, error: VcError) -> Check:
    """Return the check that an error stands for."""
    state = State.UNKNOWN if isinstance(error, CannotCheck) else State.BAD
    return Check(name, state, error.code, dict(error.params))


def check_proofs(document: dict[str, Any], asked: Asked, *, purpose: str = integrity.ASSERTION) -> Signatures:
    """Check every Data Integrity proof of a document; each must have been made for ``purpose``."""
    result = Signatures()
    try:
        proofs = integrity.proofs_of(document)
        if not proofs:
            raise VcError("proof_missing")
    except VcError as error:
        result.checks.append(failed("proof", error))
        return result
    for proof in proofs:
        try:
            integrity.check_options(proof, now=asked.now, purpose=purpose)
            found = find_key(proof["verificationMethod"], asked.trust)
            key = found.key
            # Asked first: it is cheap, and after a theft it decides of all that is brought.
            check_key_time(found, proof.get("created"), document, asked)
            integrity.check_proof(document, proof, key, now=asked.now, purpose=purpose, contexts=asked.contexts)
        except VcError as error:
            result.checks.append(failed("proof", error))
            result.missing.append(error)
            if error.code in _COSTLY:
                break
        else:
            result.keys.append(found)
            result.checks.append(Check("proof", State.GOOD, *_signed_by(found)))
    return result


def check_jwt(envelope: jose.Envelope, asked: Asked) -> Signatures:
    """Check the envelope's signature and that its claims say what the credential says."""
    return check_jwts([envelope], asked)


def check_jwts(envelopes: list[jose.Envelope], asked: Asked) -> Signatures:
    """Check each signature over one payload, and that its claims say what the credential says."""
    result = Signatures()
    for envelope in envelopes:
        document = envelope.document
        try:
            issuer = issuer_id(document)
            jose.check_claims(envelope, issuer)
            if envelope.header.get("typ") != jose.PLAIN_TYPE:  # whose own times are those of the credential
                jose.check_times(envelope, asked.now)
            found = find_jose_key(envelope.header, issuer, asked.trust)
            jose.verify_envelope(envelope, found.jwk)
            check_key_time(found, _signed_at(envelope), document, asked)
        except VcError as error:
            result.checks.append(failed("proof", error))
            result.missing.append(error)
        else:
            result.keys.append(found)
            result.checks.append(Check("proof", State.GOOD, *_signed_by(found)))
    return result


def _signed_at(envelope: jose.Envelope) -> object:
    """Return when a JWT says it was signed: its ``iat``, else the first day of what it carries."""
    told = envelope.claims.get("iat")
    if envelope.revealed is None or isinstance(told, bool) or not isinstance(told, int | float):
        return envelope.document.get("validFrom")
    try:
        return format_instant(datetime.fromtimestamp(told, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def check_disclosures(envelope: jose.Envelope, asked: Asked) -> list[Check]:
    """Say of an SD-JWT what is shown of it, and whether its holder shows it."""
    revealed = envelope.revealed
    if revealed is None:
        return []
    shown = Check("disclosure", State.GOOD, "sd_shown", {"shown": len(revealed.ways), "hidden": revealed.hidden})
    try:
        code = sdjwt.check_binding(
            envelope, now=asked.now, live=asked.live, challenge=asked.challenge, domain=asked.domain
        )
    except VcError as error:
        return [shown, failed("holder", error)]
    state = {"holder_showed": State.GOOD, "holder_silent": State.UNKNOWN}.get(code, State.NOT_ASKED)
    return [shown, Check("holder", state, code, {})]


def check_key_time(found: FoundKey, created: object, document: dict[str, Any], asked: Asked) -> None:
    """Raise VcError when a trusted key was not yet, no longer or not safely in use for this document."""
    key = found.trusted
    if key is None:
        return
    if key.compromised_since is not None:
        witnessed = asked.trust.witnessed.get(credential_digest(document))
        if witnessed is None or witnessed >= key.compromised_since:
            raise VcError("key_compromised", since=key.compromised_since.date().isoformat())
    if key.valid_from is None and key.valid_until is None:
        return
    if created is None:
        raise VcError("proof_undated")
    moment = parse_instant(created, field="proof.created")
    if key.valid_from is not None and moment < key.valid_from:
        raise VcError("key_not_yet", date=key.valid_from.date().isoformat())
    if key.valid_until is not None and moment >= key.valid_until:
        raise VcError("key_retired", date=key.valid_until.date().isoformat())


def _signed_by(found: FoundKey) -> tuple[str, dict[str, Any]]:
    if found.known is not None:
        return "signed_by_known", {"names": found.known.names, "id": found.known.id}
    return "signed_by_key", {"id": found.controller or "a key that came along"}


def check_issuer(document: dict[str, Any], signatures: Signatures, asked: Asked) -> Check:
    """Say whether the one named as issuer is among those who signed, and whether he is known."""
    issuer = issuer_id(document)
    known = asked.trust.issuers.get(issuer)
    own = [key for key in signatures.keys if key.known is not None and key.known.id == issuer]
    if known is not None and own:
        test = known.test or all(key.trusted is not None and key.trusted.test for key in own)
        params = {"names": known.names, "id": issuer}
        if test:
            state = State.GOOD if asked.trust.accept_test else State.UNKNOWN
            return Check("issuer", state, "issuer_test", params)
        return Check("issuer", State.GOOD, "issuer_known", params)
    if not signatures.keys:
        return Check("issuer", State.NOT_ASKED, "issuer_unsigned", {"id": issuer})
    if known is not None:
        return _known_but_silent(document, issuer, asked)
    speaks = [key for key in signatures.keys if key.controller in (issuer, "")]
    if issuer.startswith("did:key:") and not any(key.controller == issuer for key in speaks):
        return Check("issuer", State.BAD, "issuer_did_not_sign", {"id": issuer})
    if issuer.startswith("did:") and not speaks:
        return Check("issuer", State.BAD, "issuer_did_not_sign", {"id": issuer})
    return Check("issuer", State.UNKNOWN, "issuer_unknown", {"id": issuer})


def _known_but_silent(document: dict[str, Any], issuer: str, asked: Asked) -> Check:
    """A known issuer's key is not among ours: a newer key than our knowledge, or a forgery."""
    made_at = asked.trust.made_at
    for proof in integrity.proofs_of(document):
        created = proof.get("created")
        if made_at and created and parse_instant(created, field="proof.created") > made_at:
            return Check("issuer", State.UNKNOWN, "issuer_key_newer", {"id": issuer, "made": str(made_at.date())})
    return Check("issuer", State.BAD, "issuer_key_unknown", {"id": issuer})


def check_joint(document: dict[str, Any], signatures: Signatures) -> list[Check]:
    """Say of each institution named as joint issuer whether its proof is there."""
    value = document.get(JOINT_FIELD, [])
    checks = []
    signers = {key.known.id if key.known else key.controller for key in signatures.keys}
    for item in value if isinstance(value, list) else [value]:
        name = item.get("id") if isinstance(item, dict) else item
        if isinstance(name, str) and name in signers:
            checks.append(Check("joint", State.GOOD, "joint_signed", {"id": str(name)}))
        else:
            checks.append(Check("joint", State.UNKNOWN, "joint_missing", {"id": str(name)[:200]}))
    return checks


def check_validity(document: dict[str, Any], now: datetime) -> Check:
    """Say whether the credential's own dates hold now (VC Data Model 2.0 section 4.9)."""
    start = document.get("validFrom", document.get("issuanceDate"))
    end = document.get("validUntil", document.get("expirationDate"))
    if start is not None and parse_instant(start, field="validFrom") > now:
        return Check("dates", State.BAD, "not_yet_valid", {"date": start})
    if end is not None and parse_instant(end, field="validUntil") < now:
        return Check("dates", State.BAD, "expired", {"date": end})
    code = "dates_good" if end is not None else "dates_open"
    return Check("dates", State.GOOD, code, {"date": end} if end is not None else {})


def check_status(document: dict[str, Any], asked: Asked) -> list[Check]:
    """Look every status entry up in the lists the reader has; each list's own proof is checked."""
    value = document.get("credentialStatus")
    if value is None:
        return [Check("status", State.NOT_ASKED, "status_none", {})]
    entries = value if isinstance(value, list) else [value]
    return [_status_of(entry, document, asked) for entry in entries]


def _status_of(entry: dict[str, Any], document: dict[str, Any], asked: Asked) -> Check:
    try:
        if "BitstringStatusListEntry" not in types_of(entry):
            raise CannotCheck("status_kind_unknown", kind=str(entry.get("type"))[:80])
        url = entry["statusListCredential"]
        held = asked.trust.status_lists.get(url)
        if held is None:
            raise CannotCheck("status_list_missing", url=url[:200])
        _check_list_once(url, held, document, asked)
        value, message = read_entry(entry, held)
    except VcError as error:
        # A bad list says nothing about the credential; only that its status cannot be known.
        name = MESSAGE if entry.get("statusPurpose") == MESSAGE else "status"
        return Check(name, State.UNKNOWN, error.code, dict(error.params))
    purpose = str(entry["statusPurpose"])
    if purpose == MESSAGE:
        return _said(value, message)
    if value == 0:
        return Check("status", State.GOOD, "status_clear", {"purpose": purpose})
    if purpose in _BAD_STATUS:
        return Check("status", State.BAD, _BAD_STATUS[purpose], {"message": message})
    return Check("status", State.GOOD, "status_says", {"purpose": purpose, "value": value, "message": message})


def _said(value: int, message: str) -> Check:
    """Return what a list of messages says; it decides nothing, and a reader should know of it."""
    if value == 0:
        return Check(MESSAGE, State.GOOD, "status_clear", {"purpose": MESSAGE})
    return Check(MESSAGE, State.UNKNOWN, "status_message", {"message": message or f"0x{value:x}", "value": value})


def _check_list_once(url: str, held: dict[str, Any], document: dict[str, Any], asked: Asked) -> None:
    key = url, issuer_id(document)
    if key not in asked.lists:
        try:
            check_list(held, document, asked)
        except VcError as error:
            asked.lists[key] = error
        else:
            asked.lists[key] = None
    found = asked.lists[key]
    if found is not None:
        raise found


def check_list(held: dict[str, Any], document: dict[str, Any], asked: Asked) -> None:
    """Raise unless the list is signed by the credential's own issuer and of today."""
    check_credential(held)
    if issuer_id(held) != issuer_id(document):
        raise VcError("status_list_issuer", id=issuer_id(held))
    signatures = check_proofs(held, asked)
    if not signatures.keys:
        raise CannotCheck("status_list_unsigned")
    if check_issuer(held, signatures, asked).state is State.BAD:
        raise CannotCheck("status_list_unsigned")
    validity = check_validity(held, asked.now)
    if validity.state is not State.GOOD:
        raise CannotCheck("status_list_old", date=str(validity.params.get("date")))


def instant_now() -> datetime:
    """The instant a verification is asked for when the caller names none."""
    return datetime.now(UTC)
