"""A QR code that carries the whole credential, so that it can be checked where there is no connection.

The text is ``VC1:`` and the base45 (RFC 9285) of the zlib-compressed JSON: the letters of a QR code's
alphanumeric mode. The compression knows beforehand what most credentials say (``qr_words``); a text compressed without
that is read, too. What does not fit into the largest code is refused; a smaller one needs a shorter text.
"""

import json
import zlib
from typing import Any

from sunmao.vc.errors import VcError
from sunmao.vc.qr_words import WORDS
from sunmao.vc.strict_json import MAX_BYTES

PREFIX = "VC1:"
# What version 40 holds at the lowest level of correction (ISO/IEC 18004 table 7).
MAX_TEXT = 4296
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
# The text is compressed, as good as drawn at random, and any mask scatters it alike: the search for the best of the eight
# (ISO/IEC 18004 section 7.8.3) would take four times as long as all the rest. Readers are told the mask by the code.
_MASK = 3
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}


def to_text(document: dict[str, Any]) -> str:
    """Return the text of the code for a credential; raise VcError when it is too long for one."""
    packer = zlib.compressobj(9, memLevel=9, zdict=WORDS)
    packed = packer.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())
    text = PREFIX + base45_encode(packed + packer.flush())
    if len(text) > MAX_TEXT:
        raise VcError("qr_too_large", limit=MAX_TEXT)
    return text


def from_text(text: str) -> bytes:
    """Return the JSON of a credential from the text of its code; raise VcError when it carries none."""
    if not text.startswith(PREFIX) or len(text) > MAX_TEXT:
        raise VcError("encoding_bad", kind="QR")
    unpacker = zlib.decompressobj(zdict=WORDS)
    try:
        data = unpacker.decompress(base45_decode(text.removeprefix(PREFIX)), MAX_BYTES + 1)
    except zlib.error:
        raise VcError("encoding_bad", kind="QR") from None
    if len(data) > MAX_BYTES:
        raise VcError("json_too_large", limit=MAX_BYTES)
    if not unpacker.eof or unpacker.unused_data:
        raise VcError("encoding_bad", kind="QR")
    return data


def svg(document: dict[str, Any]) -> bytes:
    """Return the code of a credential as SVG, one unit per module."""
    return _made(document, kind="svg", svgns=True, xmldecl=True)


def png(document: dict[str, Any], *, scale: int = 4) -> bytes:
    """Return the code of a credential as PNG, ``scale`` pixels per module."""
    return _made(document, kind="png", scale=scale)


def _made(document: dict[str, Any], **how: Any) -> bytes:
    import io

    import segno

    out = io.BytesIO()
    segno.make(to_text(document), error="l", mode="alphanumeric", micro=False, mask=_MASK).save(out, border=4, **how)
    return out.getvalue()


def base45_encode(data: bytes) -> str:
    """Return the base45 text of bytes (RFC 9285 section 4)."""
    letters: list[str] = []
    for place in range(0, len(data), 2):
        pair = data[place : place + 2]
        value = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            value, rest = divmod(value, 45)
            letters.append(_LETTERS[rest])
    return "".join(letters)


def base45_decode(text: str) -> bytes:
    """Return the bytes of a base45 text; any other letter, length or value is refused."""
    out = bytearray()
    for place in range(0, len(text), 3):
        group = text[place : place + 3]
        if len(group) == 1 or any(letter not in _VALUES for letter in group):
            raise VcError("encoding_bad", kind="base45")
        value = sum(_VALUES[letter] * 45**power for power, letter in enumerate(group))
        if value >= 256 ** (len(group) - 1):
            raise VcError("encoding_bad", kind="base45")
        out += value.to_bytes(len(group) - 1, "big")
    return bytes(out)
