"""Keys on the curves P-256 and P-384, for ecdsa-rdfc-2019: Multikey text, did:key, JWK.

The curve says the hash: SHA-256 for P-256, SHA-384 for P-384 (Data Integrity ECDSA Cryptosuites 1.0, section 3.1).
Signatures are the two numbers strung together, each as wide as the curve; signing is deterministic (RFC 6979).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sunmao.vc.encoding import base64url_decode, base64url_encode, multibase_encode
from sunmao.vc.errors import VcError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec

P256, P384 = "P-256", "P-384"
WIDTHS = {P256: 32, P384: 48}
DIGESTS = {P256: "sha256", P384: "sha384"}
# Multicodec headers (Controlled Identifiers 1.0 section 2.2.2): varints 0x1200, 0x1201, 0x1306, 0x1307.
PUBLIC_CODECS = {b"\x80\x24": P256, b"\x81\x24": P384}
SECRET_CODECS = {b"\x86\x26": P256, b"\x87\x26": P384}


class DidKey:
    """A public key of any kind under the names that its Multikey text gives it (did:key method, section 3.1)."""

    @property
    def multikey(self) -> str:
        """The key as Multikey text."""
        raise NotImplementedError

    @property
    def did(self) -> str:
        """The did:key of the key."""
        return f"did:key:{self.multikey}"

    @property
    def did_method(self) -> str:
        """The address of the verification method inside that did:key document."""
        return f"{self.did}#{self.multikey}"


@dataclass(frozen=True)
class EllipticPublicKey(DidKey):
    """A public key whose point has been checked. ``point`` is compressed (SEC 1 section 2.3.3): 33 or 49 bytes."""

    curve: str
    point: bytes

    def __post_init__(self) -> None:
        width = WIDTHS[self.curve]
        if len(self.point) != width + 1 or self.point[0] not in (2, 3):
            raise VcError("key_length", expected=width + 1)
        self._key()

    @property
    def digest(self) -> str:
        """The hash that goes with the curve."""
        return DIGESTS[self.curve]

    @property
    def signature_length(self) -> int:
        """Bytes of a signature."""
        return 2 * WIDTHS[self.curve]

    @property
    def multikey(self) -> str:
        """The key as Multikey text, zDna… or z82L…"""
        return multibase_encode(_header(PUBLIC_CODECS, self.curve) + self.point)

    @property
    def jwk(self) -> dict[str, str]:
        """The key as an EC JWK (RFC 7518 section 6.2)."""
        numbers, width = self._key().public_numbers(), WIDTHS[self.curve]
        x, y = (base64url_encode(number.to_bytes(width, "big")) for number in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": self.curve, "x": x, "y": y}

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Say whether a signature fits the message."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

        width = WIDTHS[self.curve]
        if len(signature) != 2 * width:
            return False
        r, s = (int.from_bytes(half, "big") for half in (signature[:width], signature[width:]))
        try:
            self._key().verify(encode_dss_signature(r, s), message, _ecdsa(self.curve))
        except (InvalidSignature, ValueError):
            return False
        return True

    def _key(self) -> "ec.EllipticCurvePublicKey":
        from cryptography.hazmat.primitives.asymmetric import ec

        try:
            return ec.EllipticCurvePublicKey.from_encoded_point(_curve(self.curve), self.point)
        except ValueError:
            raise VcError("encoding_bad", kind="multikey") from None


@dataclass(frozen=True)
class EllipticPrivateKey:
    """A private key. ``secret`` is its number, 32 or 48 bytes, and never appears in text made from this object."""

    curve: str
    secret: bytes

    def __post_init__(self) -> None:
        if len(self.secret) != WIDTHS[self.curve]:
            raise VcError("key_length", expected=WIDTHS[self.curve])
        self._key()

    def __repr__(self) -> str:
        return f"EllipticPrivateKey(of {self.public.multikey})"

    @property
    def public(self) -> EllipticPublicKey:
        """The public half."""
        return _public(self.curve, self._key().public_key())

    @property
    def multikey(self) -> str:
        """The secret as Multikey text, z42t… or z2fa…; keep it where secrets are kept."""
        return multibase_encode(_header(SECRET_CODECS, self.curve) + self.secret)

    @property
    def jwk(self) -> dict[str, str]:
        """The secret as an EC JWK; keep it where secrets are kept."""
        return {**self.public.jwk, "d": base64url_encode(self.secret)}

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message."""
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

        signed = self._key().sign(message, _ecdsa(self.curve, deterministic=True))
        return b"".join(number.to_bytes(WIDTHS[self.curve], "big") for number in decode_dss_signature(signed))

    def _key(self) -> "ec.EllipticCurvePrivateKey":
        from cryptography.hazmat.primitives.asymmetric import ec

        try:
            return ec.derive_private_key(int.from_bytes(self.secret, "big"), _curve(self.curve))
        except ValueError:
            raise VcError("key_not_private") from None


def generate_elliptic(curve: str) -> EllipticPrivateKey:
    """Return a fresh private key from the system's random source."""
    from cryptography.hazmat.primitives.asymmetric import ec

    number = ec.generate_private_key(_curve(curve)).private_numbers().private_value
    return EllipticPrivateKey(curve, number.to_bytes(WIDTHS[curve], "big"))


def elliptic_from_jwk(jwk: dict[str, Any]) -> EllipticPublicKey:
    """Return the key of an EC JWK of one of the two curves."""
    from cryptography.hazmat.primitives.asymmetric import ec

    curve = str(jwk["crv"])
    width = WIDTHS[curve]
    x, y = (base64url_decode(jwk.get(name, "")) for name in ("x", "y"))
    if len(x) != width or len(y) != width:
        raise VcError("key_length", expected=width)
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(_curve(curve), b"\x04" + x + y)
    except ValueError:
        raise VcError("encoding_bad", kind="JWK") from None
    return _public(curve, key)


def _public(curve: str, key: "ec.EllipticCurvePublicKey") -> EllipticPublicKey:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return EllipticPublicKey(curve, key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))


def _curve(name: str) -> "ec.EllipticCurve":
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.SECP256R1() if name == P256 else ec.SECP384R1()


def _ecdsa(curve: str, *, deterministic: bool = False) -> "ec.ECDSA":
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.ECDSA(hashes.SHA256() if curve == P256 else hashes.SHA384(), deterministic_signing=deterministic)


def _header(codecs: dict[bytes, str], curve: str) -> bytes:
    return next(header for header, name in codecs.items() if name == curve)
