"""Strict base58btc, base64url, hex and multibase: one text per value, everything else refused.

Lenient decoders let two texts stand for one value; then a changed byte in a proof goes unseen.
Multibase as in Controlled Identifiers 1.0 section 2.4 (z base58btc, u base64url without padding).
"""

import base64
import binascii
import re

from sunmao.vc.errors import VcError

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_PAIR_VALUES = {pair: value for value, pair in enumerate(_PAIRS)}
_TWO, _EIGHT = 58**2, 58**8
# Decoding is quadratic in the length; signatures and keys need fewer than 200 characters.
MAX_BASE58_LENGTH = 1_000
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*\Z")
_HEX = re.compile(r"(?:[0-9a-f]{2})*\Z")


def base58_encode(data: bytes) -> str:
    """Return base58btc text; leading zero bytes become leading ``1``."""
    number = int.from_bytes(data, "big")
    digits: list[str] = []
    while number:
        # Eight digits at a time: dividing the long number is what takes time.
        number, rest = divmod(number, _EIGHT)
        high, low = divmod(rest, _TWO * _TWO)
        first, second = divmod(high, _TWO)
        third, fourth = divmod(low, _TWO)
        digits.append(_PAIRS[first] + _PAIRS[second] + _PAIRS[third] + _PAIRS[fourth])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(digits)).lstrip("1")


def base58_decode(text: str) -> bytes:
    """Return the bytes of base58btc text, at most MAX_BASE58_LENGTH characters; raise VcError otherwise."""
    if not isinstance(text, str) or len(text) > MAX_BASE58_LENGTH:
        raise VcError("encoding_bad", kind="base58btc")
    number = _VALUES.get(text[0], -1) if len(text) % 2 else 0
    try:
        for at in range(len(text) % 2, len(text), 2):
            number = number * _TWO + _PAIR_VALUES[text[at : at + 2]]
    except KeyError:
        number = -1
    if number < 0:
        raise VcError("encoding_bad", kind="base58btc")
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base64url_encode(data: bytes) -> str:
    """Return base64url text without padding (RFC 4648 section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def base64url_decode(text: str) -> bytes:
    """Return the bytes of unpadded base64url; padding, other characters and loose last bits are refused."""
    if not isinstance(text, str) or len(text) % 4 == 1 or not _BASE64URL.match(text):
        raise VcError("encoding_bad", kind="base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        raise VcError("encoding_bad", kind="base64url") from None
    if base64url_encode(data) != text:
        raise VcError("encoding_bad", kind="base64url")
    return data


def hex_decode(text: str) -> bytes:
    """Return the bytes of lower-case hex without spaces."""
    if not isinstance(text, str) or not _HEX.match(text):
        raise VcError("encoding_bad", kind="hex")
    return bytes.fromhex(text)


def multibase_encode(data: bytes) -> str:
    """Return multibase text in base58btc, header ``z``."""
    return "z" + base58_encode(data)


def multibase_decode(text: str) -> bytes:
    """Return the bytes of multibase text with header ``z`` (base58btc) or ``u`` (base64url)."""
    if not isinstance(text, str) or len(text) < 2:
        raise VcError("encoding_bad", kind="multibase")
    if text[0] == "z":
        return base58_decode(text[1:])
    if text[0] == "u":
        return base64url_decode(text[1:])
    raise VcError("encoding_bad", kind="multibase")
