"""Credentials in a JWT envelope: VC-JOSE-COSE 1.0 section 3.1, and the older VC-JWT of data model 1.1.

The algorithm follows from the key: a header that says otherwise is refused, and a key inside the header
is a claim, never a ground for trust. SD-JWT disclosures are filled in when they come along (RFC 9901); several
issuers sign one payload in its JSON form (RFC 7515 section 7.2.1, RFC 9901 section 8).
"""

import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sunmao.vc.contexts import CREDENTIALS_V2
from sunmao.vc.disclosing import Revealed, reveal
from sunmao.vc.encoding import base64url_decode, base64url_encode
from sunmao.vc.errors import CannotCheck, VcError
from sunmao.vc.keys import PrivateKey, public_from_jwk
from sunmao.vc.strict_json import MAX_BYTES, loads_object

CREDENTIAL_TYPES = ("vc+jwt", "vc+ld+json+jwt", "vc+sd-jwt", "vc+ld+json+sd-jwt")
PRESENTATION_TYPES = ("vp+jwt", "vp+ld+json+jwt", "vp+sd-jwt", "vp+ld+json+sd-jwt")
# SD-JWT VC: claims of its own kind and no JSON-LD. Its drafts before November 2024 shared the name vc+sd-jwt.
PLAIN_TYPE = "dc+sd-jwt"
# A header without typ or with plain JWT is that of data model 1.1.
_OLD_TYPES = (None, "JWT", "jwt")
_CONTENT_TYPES = (None, "vc", "vp", "vc+ld+json", "vp+ld+json", "application/vc", "application/vp")
_CURVES = {"P-256": ("ES256", 32), "P-384": ("ES384", 48), "P-521": ("ES512", 66)}
_JWS_MEMBERS = ("protected", "signature", "header")
MIN_RSA_BYTES = 256
MAX_SIGNATURES = 20


@dataclass(frozen=True)
class Envelope:
    """A JWT taken apart but not yet verified: ``document`` is the credential or presentation inside.

    Of an SD-JWT ``revealed`` tells what was disclosed, ``bound`` is the text before the holder's own JWT, ``binding``.
    """

    header: dict[str, Any]
    claims: dict[str, Any]
    document: dict[str, Any]
    token: str
    presentation: bool
    revealed: Revealed | None = None
    bound: str = ""
    binding: str = ""

    @property
    def kid(self) -> str:
        """The key named by the header, or nothing."""
        return str(self.header.get("kid", ""))


def open_envelope(text: str) -> Envelope:
    """Take a compact JWT or SD-JWT apart, strictly; nothing is verified yet. Raise VcError if malformed."""
    if len(text) > MAX_BYTES:
        raise VcError("json_too_large", limit=MAX_BYTES)
    whole = text.strip()
    token, *rest = whole.split("~")
    parts = token.split(".")
    if len(parts) != 3:
        raise VcError("jwt_bad")
    *disclosures, binding = rest or [""]
    return _opened(token, disclosures, binding, whole[: len(whole) - len(binding)] if rest else "")


def open_json(value: dict[str, Any]) -> list[Envelope]:
    """Take a JWS in JSON form apart, one envelope for each signature over its one payload.

    Disclosures and the holder's own JWT stand in the first signature's header that is not signed.
    """
    signatures = value.get("signatures", [{name: value[name] for name in _JWS_MEMBERS if name in value}])
    if not isinstance(signatures, list) or not 0 < len(signatures) <= MAX_SIGNATURES:
        raise VcError("jwt_bad")
    unsigned = signatures[0].get("header", {}) if isinstance(signatures[0], dict) else None
    disclosures, binding = (unsigned or {}).get("disclosures", []), (unsigned or {}).get("kb_jwt", "")
    if not isinstance(unsigned, dict) or not isinstance(disclosures, list) or not isinstance(binding, str):
        raise VcError("jwt_bad")
    if unsigned.keys() - {"disclosures", "kb_jwt", "kid"}:
        raise VcError("jwt_critical")
    opened = []
    for held in signatures:
        own = held if isinstance(held, dict) else {}
        texts: list[Any] = [own.get("protected"), value.get("payload"), own.get("signature")]
        if not all(isinstance(text, str) for text in (*texts, *disclosures)):
            raise VcError("jwt_bad")
        token = ".".join(texts)
        opened.append(_opened(token, disclosures, binding, "~".join([token, *disclosures, ""])))
    return opened


def _opened(token: str, disclosures: list[str], binding: str, bound: str) -> Envelope:
    parts = token.split(".")
    header = loads_object(base64url_decode(parts[0]))
    claims = loads_object(base64url_decode(parts[1]))
    base64url_decode(parts[2])
    if "crit" in header or header.get("b64") is False:
        raise VcError("jwt_critical")
    kind, content = header.get("typ"), header.get("cty")
    if kind not in (*CREDENTIAL_TYPES, *PRESENTATION_TYPES, PLAIN_TYPE, *_OLD_TYPES):
        raise VcError("jwt_type", type=str(kind)[:60])
    if content not in _CONTENT_TYPES:
        raise VcError("jwt_type", type=str(content)[:60])
    if kind not in _OLD_TYPES and ("vc" in claims or "vp" in claims):
        raise VcError("jwt_old_claims")
    selective = bool(bound) or str(kind).endswith("sd-jwt")
    revealed = reveal(claims, disclosures) if selective else None
    body = revealed.claims if revealed else claims
    presentation = kind in PRESENTATION_TYPES or (kind in _OLD_TYPES and "vp" in body)
    document = _document(body, kind, presentation)
    return Envelope(header, body, document, token, presentation, revealed, bound, binding)


def verify_envelope(envelope: Envelope, jwk: dict[str, Any]) -> None:
    """Raise VcError unless the envelope's signature holds under a public key given as JWK."""
    _need_signature(envelope.token, envelope.header, jwk)


def read_signed(token: str, jwk: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a compact JWT that holds under a public JWK; raise VcError otherwise."""
    if token.count(".") != 2:
        raise VcError("jwt_bad")
    header = loads_object(base64url_decode(token.partition(".")[0]))
    if "crit" in header or header.get("b64") is False:
        raise VcError("jwt_critical")
    _need_signature(token, header, jwk)
    return header, claims_of(token)


def claims_of(token: str) -> dict[str, Any]:
    """Return the claims of a compact JWT as they were signed."""
    return loads_object(base64url_decode(token.split(".")[1]))


def _need_signature(token: str, header: dict[str, Any], jwk: dict[str, Any]) -> None:
    algorithm = algorithm_of(jwk)
    if header.get("alg") not in (algorithm, *(("EdDSA",) if algorithm == "Ed25519" else ())):
        raise VcError("jwt_algorithm", named=str(header.get("alg"))[:40], expected=algorithm)
    signed, _, signature = token.rpartition(".")
    if algorithm == "Ed25519":
        good = public_from_jwk(jwk).verifies(base64url_decode(signature), signed.encode("ascii"))
    else:
        good = _joserfc_verifies(token, jwk, algorithm)
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
    kind = "vp" if presentation else "vc"
    return sign_claims(document, secret, {"typ": f"{kind}+jwt", "cty": kind, "kid": kid})


def enveloped(token: str) -> dict[str, Any]:
    """Return a credential in a JWT as an EnvelopedVerifiableCredential (VC Data Model 2.0 section 4.13)."""
    return {
        "@context": CREDENTIALS_V2, "id": f"data:application/vc+jwt,{token}", "type": "EnvelopedVerifiableCredential",
    }  # fmt: skip


def sign_claims(claims: dict[str, Any], secret: dict[str, Any], header: dict[str, str]) -> str:
    """Return claims as a compact JWT under a private JWK; ``header`` is what it says besides the algorithm."""
    import rfc8785

    algorithm = algorithm_of(secret)
    if not isinstance(secret.get("d"), str):
        raise VcError("key_not_private")
    header = {"alg": "EdDSA" if algorithm == "Ed25519" else algorithm, **header}
    signed = ".".join(base64url_encode(rfc8785.dumps(part)) for part in (header, claims))
    if algorithm != "Ed25519":
        return _joserfc_signs(header, rfc8785.dumps(claims), secret, algorithm)
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
