"""Public and private keys: Multikey text, did:key, JWK. One key has one algorithm and one text.

Ed25519 points of low order, outside the prime-order group or in a non-canonical form are refused when a
key is decoded: under such a key a fixed signature fits every document.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from nacl.bindings import crypto_core_ed25519_is_valid_point
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from sunmao.vc.elliptic import (
    PUBLIC_CODECS,
    SECRET_CODECS,
    WIDTHS,
    DidKey,
    EllipticPrivateKey,
    EllipticPublicKey,
    elliptic_from_jwk,
)
from sunmao.vc.encoding import base64url_decode, base64url_encode, multibase_decode, multibase_encode
from sunmao.vc.errors import CannotCheck, VcError

# Multicodec headers (Controlled Identifiers 1.0 section 2.2.2): varints 0xed and 0x1300.
ED25519_PUBLIC = b"\xed\x01"
ED25519_SECRET = b"\x80\x26"
_OTHER_CODECS = {b"\xe7\x01": "secp256k1", b"\xec\x01": "X25519", **PUBLIC_CODECS}
KEY_LENGTH = 32
SIGNATURE_LENGTH = 64


@dataclass(frozen=True)
class PublicKey(DidKey):
    """An Ed25519 public key whose point has been checked. ``raw`` has 32 bytes."""

    raw: bytes
    digest: ClassVar[str] = "sha256"
    signature_length: ClassVar[int] = SIGNATURE_LENGTH

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_LENGTH or not crypto_core_ed25519_is_valid_point(self.raw):
            raise VcError("key_weak")

    @property
    def multikey(self) -> str:
        """The key as Multikey text, z6Mk…"""
        return multibase_encode(ED25519_PUBLIC + self.raw)

    @property
    def jwk(self) -> dict[str, str]:
        """The key as an OKP JWK (RFC 8037)."""
        return public_to_jwk(self)

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Say whether a 64-byte Ed25519 signature (RFC 8032) fits the message."""
        if len(signature) != SIGNATURE_LENGTH:
            return False
        try:
            VerifyKey(self.raw).verify(message, signature)
        except (BadSignatureError, ValueError):
            return False
        return True


@dataclass(frozen=True)
class PrivateKey:
    """An Ed25519 private key. ``seed`` has 32 bytes and never appears in text made from this object."""

    seed: bytes

    def __post_init__(self) -> None:
        if len(self.seed) != KEY_LENGTH:
            raise VcError("key_length", expected=KEY_LENGTH)

    def __repr__(self) -> str:
        return f"PrivateKey(of {self.public.multikey})"

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(bytes(SigningKey(self.seed).verify_key))

    @property
    def jwk(self) -> dict[str, str]:
        """The secret as an OKP JWK; keep it where secrets are kept."""
        return {**self.public.jwk, "d": base64url_encode(self.seed)}

    @property
    def multikey(self) -> str:
        """The secret as Multikey text, z3u2…; keep it where secrets are kept."""
        return multibase_encode(ED25519_SECRET + self.seed)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature (RFC 8032)."""
        return SigningKey(self.seed).sign(message).signature


AnyPublicKey = PublicKey | EllipticPublicKey
AnyPrivateKey = PrivateKey | EllipticPrivateKey


def generate_key() -> PrivateKey:
    """Return a fresh private key from the system's random source."""
    return PrivateKey(bytes(SigningKey.generate()))


def private_from_multikey(text: str) -> PrivateKey:
    """Return the private key of secretKeyMultibase text."""
    data = multibase_decode(text)
    if not data.startswith(ED25519_SECRET) or not text.startswith("z"):
        raise VcError("key_kind_unknown", kind="secret multikey")
    return PrivateKey(data[len(ED25519_SECRET) :])


def public_from_multikey(text: str) -> PublicKey:
    """Return the public key of publicKeyMultibase text; the base58 form is the only one accepted."""
    if not isinstance(text, str) or not text.startswith("z"):
        raise VcError("encoding_bad", kind="multikey")
    data = multibase_decode(text)
    if not data.startswith(ED25519_PUBLIC):
        kind = _OTHER_CODECS.get(data[:2])
        if kind:
            raise CannotCheck("key_kind_unknown", kind=kind)
        raise VcError("encoding_bad", kind="multikey")
    return PublicKey(data[len(ED25519_PUBLIC) :])


def public_from_did_key(method: str) -> PublicKey:
    """Return the Ed25519 key of ``did:key:z…`` or ``did:key:z…#z…``; raise CannotCheck for another kind."""
    key = key_of_did_key(method)
    if not isinstance(key, PublicKey):
        raise CannotCheck("key_kind_unknown", kind=key.curve)
    return key


def read_multikey(text: str) -> AnyPublicKey:
    """Return the public key of Multikey text: Ed25519, P-256 or P-384."""
    data = multibase_decode(text) if isinstance(text, str) and text.startswith("z") else b""
    curve = PUBLIC_CODECS.get(data[:2])
    return public_from_multikey(text) if curve is None else EllipticPublicKey(curve, data[2:])


def read_secret(text: str) -> AnyPrivateKey:
    """Return the private key of secretKeyMultibase text: Ed25519, P-256 or P-384."""
    data = multibase_decode(text) if isinstance(text, str) and text.startswith("z") else b""
    curve = SECRET_CODECS.get(data[:2])
    return private_from_multikey(text) if curve is None else EllipticPrivateKey(curve, data[2:])


def read_jwk(jwk: dict[str, Any]) -> AnyPublicKey:
    """Return the public key of a JWK: Ed25519, P-256 or P-384."""
    if jwk.get("kty") == "EC" and jwk.get("crv") in WIDTHS:
        return elliptic_from_jwk(jwk)
    return public_from_jwk(jwk)


def key_of_did_key(method: str) -> AnyPublicKey:
    """Return the key of ``did:key:z…`` or ``did:key:z…#z…``; both halves must name the same key."""
    did, mark, fragment = method.partition("#")
    name = did.removeprefix("did:key:")
    if not did.startswith("did:key:") or (mark and fragment != name):
        raise VcError("did_key_bad", method=method[:200])
    return read_multikey(name)


def public_to_jwk(key: PublicKey) -> dict[str, str]:
    """Return the key as an OKP JWK (RFC 8037)."""
    return {"kty": "OKP", "crv": "Ed25519", "x": base64url_encode(key.raw)}


def public_from_jwk(jwk: dict[str, Any]) -> PublicKey:
    """Return the Ed25519 key of a JWK (RFC 8037 section 2)."""
    if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519" or not isinstance(jwk.get("x"), str):
        raise CannotCheck("key_kind_unknown", kind=f"{jwk.get('kty')} {jwk.get('crv')}"[:60])
    return PublicKey(base64url_decode(jwk["x"]))
