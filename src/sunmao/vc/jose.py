"""Credentials in a JWT envelope: VC-JOSE-COSE 1.0 section 3.1, and the older VC-JWT of data model 1.1.

The algorithm follows from the key: a header that says otherwise is refused, and a key inside the header
is a claim, never a ground for trust. SD-JWT disclosures are resolved when they come along (RFC 9901).
"""

import hashlib
import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sunmao.vc.encoding import base64url_decode, base64url_encode
from sunmao.vc.errors import CannotCheck, VcError
from sunmao.vc.keys import PrivateKey, public_from_jwk
from sunmao.vc.strict_json import MAX_BYTES, loads, loads_object

CREDENTIAL_TYPES = ("vc+jwt", "vc+ld+json+jwt", "vc+sd-jwt", "vc+ld+json+sd-jwt")
PRESENTATION_TYPES = ("vp+jwt", "vp+ld+json+jwt", "vp+sd-jwt", "vp+ld+json+sd-jwt")
# A header without typ or with plain JWT is that of data model 1.1.
_OLD_TYPES = (None, "JWT", "jwt")
_CONTENT_TYPES = (None, "vc", "vp", "vc+ld+json", "vp+ld+json", "application/vc", "application/vp")
_CURVES = {"P-256": ("ES256", 32), "P-384": ("ES384", 48), "P-521": ("ES512", 66)}
MIN_RSA_BYTES = 256
MAX_DISCLOSURES = 1_000


@dataclass(frozen=True)
class Envelope:
    """A JWT taken apart but not yet verified: ``document`` is the credential or presentation inside."""

    header: dict[str, Any]
    claims: dict[str, Any]
    document: dict[str, Any]
    token: str
    presentation: bool

    @property
    def kid(self) -> str:
        """The key named by the header, or nothing."""
        return str(self.header.get("kid", ""))


def open_envelope(text: str) -> Envelope:
    """Take a compact JWT or SD-JWT apart, strictly; nothing is verified yet. Raise VcError if malformed."""
    if len(text) > MAX_BYTES:
        raise VcError("json_too_large", limit=MAX_BYTES)
    token, *disclosures = text.strip().split("~")
    parts = token.split(".")
    if len(parts) != 3:
        raise VcError("jwt_bad")
    header = loads_object(base64url_decode(parts[0]))
    claims = loads_object(base64url_decode(parts[1]))
    base64url_decode(parts[2])
    if "crit" in header or header.get("b64") is False:
        raise VcError("jwt_critical")
    kind, content = header.get("typ"), header.get("cty")
    if kind not in (*CREDENTIAL_TYPES, *PRESENTATION_TYPES, *_OLD_TYPES):
        raise VcError("jwt_type", type=str(kind)[:60])
    if content not in _CONTENT_TYPES:
        raise VcError("jwt_type", type=str(content)[:60])
    if kind not in _OLD_TYPES and ("vc" in claims or "vp" in claims):
        raise VcError("jwt_old_claims")
    body = _resolve(claims, disclosures)
    presentation = kind in PRESENTATION_TYPES or (kind in _OLD_TYPES and "vp" in body)
    return Envelope(header, body, _document(body, kind, presentation), token, presentation)


def verify_envelope(envelope: Envelope, jwk: dict[str, Any]) -> None:
    """Raise VcError unless the envelope's signature holds under a public key given as JWK."""
    algorithm = algorithm_of(jwk)
    if envelope.header.get("alg") not in (algorithm, *(("EdDSA",) if algorithm == "Ed25519" else ())):
        raise VcError("jwt_algorithm", named=str(envelope.header.get("alg"))[:40], expected=algorithm)
    signed, _, signature = envelope.token.rpartition(".")
    if algorithm == "Ed25519":
        good = public_from_jwk(jwk).verifies(base64url_decode(signature), signed.encode("ascii"))
    else:
        good = _joserfc_verifies(envelope.token, jwk, algorithm)
    if not good:
        raise VcError("proof_wrong")


def algorithm_of(jwk: dict[str, Any]) -> str:
    """Return the one algorithm of a public JWK: Ed25519, ES256, ES384, ES512 or RS256."""
    kind, curve = jwk.get("kty"), str(jwk.get("crv"))
    if kind == "OKP" and curve == "Ed25519":
        return "Ed25519"
    if kind == "EC" and curve in _CURVES:
        algorithm, width = _CURVES[curve]
        if any(len(base64url_decode(jwk.get(name, ""))) != width for name in ("x", "y")):
            raise VcError("key_length", expected=width)
        return algorithm
    if kind == "RSA":
        modulus = base64url_decode(jwk.get("n", ""))
        if len(modulus) < MIN_RSA_BYTES:
            raise VcError("key_length", expected=MIN_RSA_BYTES)
        return "RS256"
    raise CannotCheck("key_kind_unknown", kind=f"{kind} {curve}"[:60])


def issue_jwt(credential: dict[str, Any], key: PrivateKey, *, kid: str | None = None) -> str:
    """Return the credential as vc+jwt signed with EdDSA. ``kid`` is by default the key's did:key method."""
    return sign_jwt(credential, key.jwk, kid=kid or key.public.did_method)


def sign_jwt(document: dict[str, Any], secret: dict[str, Any], *, kid: str, presentation: bool = False) -> str:
    """Return a credential or presentation as JWT under a private JWK; the key says the algorithm."""
    import rfc8785

    algorithm = algorithm_of(secret)
    if not isinstance(secret.get("d"), str):
        raise VcError("key_not_private")
    kind = "vp" if presentation else "vc"
    named = "EdDSA" if algorithm == "Ed25519" else algorithm
    header = {"alg": named, "typ": f"{kind}+jwt", "cty": kind, "kid": kid}
    signed = ".".join(base64url_encode(rfc8785.dumps(part)) for part in (header, document))
    if algorithm != "Ed25519":
        return _joserfc_signs(header, rfc8785.dumps(document), secret, algorithm)
    key = PrivateKey(base64url_decode(secret["d"]))
    if key.public != public_from_jwk(secret):
        raise VcError("key_not_private")
    return f"{signed}.{base64url_encode(key.sign(signed.encode('ascii')))}"


def check_claims(envelope: Envelope, speaker: str) -> None:
    """Raise VcError where a claim of the JWT contradicts what the document says (VC-JOSE-COSE section 3.1.3)."""
    document, claims = envelope.document, envelope.claims
    same = {"iss": speaker, "jti": document.get("id")}
    if not envelope.presentation:
        subject = document.get("credentialSubject")
        same["sub"] = subject.get("id") if isinstance(subject, dict) else None
    for name, value in same.items():
        if name in claims and value is not None and claims[name] != value:
            raise VcError("jwt_claim_differs", claim=name)


def check_times(envelope: Envelope, now: datetime) -> None:
    """Raise VcError when the JWT's own time is not now (RFC 7519 sections 4.1.4 and 4.1.5)."""
    for name in ("exp", "nbf"):
        value = envelope.claims.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise VcError("field_kind", field=name, expected="a number of seconds")
        if name == "nbf" and value > now.timestamp():
            raise VcError("jwt_not_yet")
        if name == "exp" and value <= now.timestamp():
            raise VcError("proof_expired", expires=str(value))


def _joserfc_signs(header: dict[str, str], payload: bytes, secret: dict[str, Any], algorithm: str) -> str:
    from joserfc import jws
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey, RSAKey

    members = ("kty", "crv", "x", "y", "n", "e", "d", "p", "q", "dp", "dq", "qi")
    private: dict[str, Any] = {name: secret[name] for name in members if name in secret}
    try:
        key: Any = RSAKey.import_key(private) if algorithm == "RS256" else ECKey.import_key(private)
        registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
        return jws.serialize_compact(dict(header), payload, key, registry=registry)
    except (JoseError, ValueError, TypeError, KeyError):
        raise VcError("key_not_private") from None


def _joserfc_verifies(token: str, jwk: dict[str, Any], algorithm: str) -> bool:
    from joserfc import jws
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey, RSAKey

    public: dict[str, Any] = {name: jwk[name] for name in ("kty", "crv", "x", "y", "n", "e") if name in jwk}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            key: Any = RSAKey.import_key(public) if algorithm == "RS256" else ECKey.import_key(public)
            registry = jws.JWSRegistry(algorithms=[algorithm], strict_check_header=False)
            registry.max_header_length = registry.max_payload_length = MAX_BYTES
            jws.deserialize_compact(token, key, registry=registry)
    except (JoseError, ValueError, TypeError, KeyError):
        return False
    return True


def _document(claims: dict[str, Any], kind: object, presentation: bool) -> dict[str, Any]:
    """Return the credential inside: the claims themselves, or the ``vc``/``vp`` claim of data model 1.1."""
    if kind not in _OLD_TYPES:
        return claims
    inner = claims.get("vp" if presentation else "vc", claims)
    if not isinstance(inner, dict):
        raise VcError("jwt_bad")
    return inner


def _resolve(claims: dict[str, Any], disclosures: list[str]) -> dict[str, Any]:
    """Return the claims with every disclosure put where its digest stands; a loose one is refused."""
    if not disclosures and "_sd_alg" not in claims:
        return _strip(claims, {})
    if claims.get("_sd_alg", "sha-256") != "sha-256":
        raise CannotCheck("jwt_disclosure_hash", name=str(claims["_sd_alg"])[:40])
    if len(disclosures) > MAX_DISCLOSURES or (disclosures and disclosures[-1]):
        raise VcError("jwt_disclosure")
    held: dict[str, list[Any]] = {}
    for text in disclosures[:-1]:
        value = loads(base64url_decode(text))
        digest = base64url_encode(hashlib.sha256(text.encode("ascii")).digest())
        if not isinstance(value, list) or len(value) not in (2, 3) or digest in held:
            raise VcError("jwt_disclosure")
        held[digest] = value
    result = _strip(claims, held)
    if held:
        raise VcError("jwt_disclosure")
    return result


def _strip(value: Any, held: dict[str, list[Any]]) -> Any:
    """Put disclosed values in, take undisclosed digests out; used disclosures leave ``held``."""
    if isinstance(value, list):
        kept = []
        for item in value:
            if isinstance(item, dict) and item.keys() == {"..."}:
                disclosed = held.pop(str(item["..."]), None)
                if disclosed is not None and len(disclosed) == 2:
                    kept.append(_strip(disclosed[1], held))
            else:
                kept.append(_strip(item, held))
        return kept
    if not isinstance(value, dict):
        return value
    result = {key: _strip(inner, held) for key, inner in value.items() if key not in ("_sd", "_sd_alg")}
    digests = value.get("_sd", [])
    for digest in digests if isinstance(digests, list) else []:
        disclosed = held.pop(str(digest), None)
        if disclosed is None:
            continue
        if len(disclosed) != 3 or not isinstance(disclosed[1], str) or disclosed[1] in result:
            raise VcError("jwt_disclosure")
        result[disclosed[1]] = _strip(disclosed[2], held)
    return result
