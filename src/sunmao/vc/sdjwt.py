"""Credentials of which the holder shows a part: made, cut to what he shows, bound to his key (RFC 9901).

``vc+sd-jwt`` carries a credential of VC Data Model 2.0 (VC-JOSE-COSE 1.0 section 3.2). One issuer makes compact text;
several sign one payload in the JSON form. SD-JWT VC (``dc+sd-jwt``) is read: its claims are those of a JWT.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sunmao.vc import disclosing, jose
from sunmao.vc.disclosing import Way
from sunmao.vc.errors import VcError
from sunmao.vc.strict_json import loads_object
from sunmao.vc.times import format_instant

CREDENTIAL_TYPE = "vc+sd-jwt"
BINDING_TYPE = "kb+jwt"
LIVE_SECONDS = 300  # a showing may be so old, or so far ahead, where it is shown live
# Of the subject of an Open Badge: what names or describes the learner and is his to keep back.
OF_SUBJECT = (
    "identifier",
    "licenseNumber",
    "activityStartDate",
    "activityEndDate",
    "narrative",
    "role",
    "result",
    "image",
)
_ADDED = ("iat", "cnf")  # what a part says besides the credential
_DATES = {"nbf": "validFrom", "iat": "validFrom", "exp": "validUntil"}


@dataclass(frozen=True)
class Signer:
    """A private JWK and the address by which verifiers find its public half."""

    secret: dict[str, Any]
    kid: str


def holder_ways(document: dict[str, Any]) -> list[Way]:
    """Return what the holder of an Open Badge shows or keeps back: who he is, each of his results, each evidence."""
    subject = document.get("credentialSubject")
    held = subject if isinstance(subject, dict) else {}
    ways: list[Way] = []
    for name in OF_SUBJECT:
        if name == "result" and isinstance(held.get(name), list):
            ways += [("credentialSubject", name, number) for number in range(len(held[name]))]
        elif name in held:
            ways.append(("credentialSubject", name))
    evidence = document.get("evidence")
    if isinstance(evidence, list):
        ways += [("evidence", number) for number in range(len(evidence))]
    return ways


def issue(
    document: dict[str, Any],
    signers: Sequence[Signer],
    *,
    ways: Collection[Way],
    issued_at: datetime,
    holder: dict[str, str] | None = None,
    decoys: int = 0,
) -> str:
    """Return a credential as SD-JWT with everything disclosed; each of ``ways`` can be kept back by its holder.

    ``holder`` is his public JWK: whoever shows it then signs with that key. A subject without an address gets one, since
    one who keeps his name back must still be somebody.
    """
    claims, disclosures = disclosing.conceal(_to_sign(document), ways, decoys=decoys)
    claims["iat"] = int(issued_at.timestamp())
    if holder is not None:
        jose.algorithm_of(holder)
        claims["cnf"] = {"jwk": holder}
    header = {"typ": CREDENTIAL_TYPE, "cty": "vc"}
    tokens = [jose.sign_claims(claims, signer.secret, header | {"kid": signer.kid}) for signer in signers]
    return _joined(tokens, disclosures)


def is_part(shown: dict[str, Any], document: dict[str, Any]) -> bool:
    """Say whether everything that a text shows of its holder's credential stands in the document, at the same place and
    in the same order; whether it was signed is not asked."""
    return _within({name: value for name, value in shown.items() if name not in _ADDED}, _to_sign(document))


def _to_sign(document: dict[str, Any]) -> dict[str, Any]:
    bare = {name: value for name, value in document.items() if name != "proof"}
    subject = bare.get("credentialSubject")
    if isinstance(subject, dict) and "id" not in subject and "id" in bare:
        bare["credentialSubject"] = {"id": f"{bare['id']}#holder", **subject}
    return bare


def _within(shown: Any, whole: Any) -> bool:
    if isinstance(shown, dict) and isinstance(whole, dict):
        return all(name in whole and _within(value, whole[name]) for name, value in shown.items())
    if isinstance(shown, list) and isinstance(whole, list):
        rest = iter(whole)  # each is looked for behind the one before
        return all(any(_within(item, held) for held in rest) for item in shown)
    return type(shown) is type(whole) and bool(shown == whole)


def disclosed(text: str) -> dict[Way, Any]:
    """Return what a text discloses: way -> value; nothing is verified."""
    (envelope, *_others) = open_any(text)
    revealed = envelope.revealed
    return {way: _at(revealed.claims, way) for way in revealed.ways} if revealed else {}


def present(
    text: str,
    wished: Collection[Way],
    *,
    key: dict[str, Any] | None = None,
    audience: str = "",
    nonce: str = "",
    now: datetime | None = None,
) -> str:
    """Return the text with what is wished disclosed and nothing else.

    With ``key``, the holder's private JWK, it is signed for one reader (``audience``) and his question (``nonce``); it
    must be the key the text is bound to.
    """
    envelopes = open_any(text)
    revealed = envelopes[0].revealed
    if revealed is None:
        raise VcError("sd_none")
    chosen = disclosing.choose(revealed.ways, wished)
    tokens = [envelope.token for envelope in envelopes]
    if key is None:
        return _joined(tokens, chosen)
    bound = revealed.claims.get("cnf")
    own = bound.get("jwk") if isinstance(bound, dict) else None
    if not isinstance(own, dict) or any(own.get(name) != key.get(name) for name in ("kty", "crv", "x", "y", "n", "e")):
        raise VcError("holder_key_other")
    claims = {
        "iat": int((now or datetime.now(UTC)).timestamp()),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": disclosing.digest_of(
            _bound(tokens[0], chosen), disclosing.algorithm_in(_signed_claims(envelopes[0]))
        ),
    }
    return _joined(tokens, chosen, jose.sign_claims(claims, key, {"typ": BINDING_TYPE}))


def open_any(text: str) -> list[jose.Envelope]:
    """Take compact or JSON text apart; nothing is verified."""
    return jose.open_json(loads_object(text)) if text.lstrip().startswith("{") else [jose.open_envelope(text)]


def check_binding(
    envelope: jose.Envelope, *, now: datetime, live: bool, challenge: str | None, domain: str | None
) -> str:
    """Check who shows it (RFC 9901 section 7.3) and return a reason code; raise VcError where it is not the holder.

    Shown live, it must be signed by the holder where a challenge was given, be of these minutes and answer the question.
    """
    bound = envelope.claims.get("cnf")
    jwk = bound.get("jwk") if isinstance(bound, dict) else None
    if not envelope.binding:
        if live and challenge is not None:
            raise VcError("holder_missing")
        return "holder_silent" if bound is not None else "holder_any"
    if not isinstance(jwk, dict):
        raise VcError("holder_key_missing")
    header, claims = jose.read_signed(envelope.binding, jwk)
    if header.get("typ") != BINDING_TYPE:
        raise VcError("jwt_type", type=str(header.get("typ"))[:60])
    if claims.get("sd_hash") != disclosing.digest_of(envelope.bound, disclosing.algorithm_in(_signed_claims(envelope))):
        raise VcError("holder_hash")
    moment = claims.get("iat")
    if isinstance(moment, bool) or not isinstance(moment, int | float):
        raise VcError("field_kind", field="kb.iat", expected="a number of seconds")
    for name in ("nonce", "aud"):
        if not isinstance(claims.get(name), str):
            raise VcError("field_kind", field=f"kb.{name}", expected="text")
    if live and abs(now.timestamp() - moment) > LIVE_SECONDS:
        raise VcError("holder_old", date=str(moment))
    if not live and moment - now.timestamp() > LIVE_SECONDS:
        raise VcError("jwt_not_yet")
    for field, held, wanted in (("challenge", claims["nonce"], challenge), ("domain", claims["aud"], domain)):
        if wanted is not None and held != wanted:
            raise VcError("proof_answer", field=field, found=held[:120])
    return "holder_showed"


def as_credential(claims: dict[str, Any]) -> dict[str, Any]:
    """Return the claims of an SD-JWT VC under the names by which credentials are asked here; raise VcError where its own
    needed ones are missing."""
    if not isinstance(claims.get("vct"), str) or not claims["vct"]:
        raise VcError("field_missing", field="vct")
    if not isinstance(claims.get("iss"), str) or ":" not in claims["iss"]:
        raise VcError("field_missing", field="iss")
    document = dict(claims) | {"issuer": claims["iss"], "type": [claims["vct"]]}
    document.pop("credentialStatus", None)
    if "status" in claims:  # of another kind than is read here, which the check then says
        document["credentialStatus"] = {"type": "status_list"}
    for name, said in _DATES.items():
        value = claims.get(name)
        if value is None or (name == "iat" and "nbf" in claims):
            continue
        try:
            document[said] = format_instant(datetime.fromtimestamp(value, UTC)) if type(value) in (int, float) else ""
        except (ValueError, OverflowError, OSError):
            document[said] = ""
        if not document[said]:
            raise VcError("field_kind", field=name, expected="a number of seconds")
    return document


def _signed_claims(envelope: jose.Envelope) -> dict[str, Any]:
    return jose.claims_of(envelope.token)


def _bound(token: str, disclosures: Sequence[str]) -> str:
    return "~".join([token, *disclosures, ""])


def _joined(tokens: Sequence[str], disclosures: Sequence[str], binding: str = "") -> str:
    """Return compact text, or JSON where several signed."""
    if len(tokens) == 1:
        return _bound(tokens[0], disclosures) + binding
    signatures: list[dict[str, Any]] = []
    for token in tokens:
        protected, payload, signature = token.split(".")
        signatures.append({"protected": protected, "signature": signature})
    signatures[0]["header"] = {"disclosures": list(disclosures), **({"kb_jwt": binding} if binding else {})}
    return json.dumps({"payload": payload, "signatures": signatures})


def _at(value: Any, way: Way) -> Any:
    for step in way:
        value = value[step]
    return value
