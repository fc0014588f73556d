"""Bitstring Status List 1.0: make, encode, decode and read lists of revocation, suspension and messages.

Two gzip libraries write different bytes for one list, so lists are compared by their decoded bits only.
Index 0 is the leftmost bit (section 3.2). Placement at random is the caller's duty.
"""

import gzip
import io
import zlib
from datetime import datetime
from typing import Any

from sunmao.vc.contexts import CREDENTIALS_V2
from sunmao.vc.encoding import base64url_encode, multibase_decode
from sunmao.vc.errors import VcError
from sunmao.vc.structure import types_of
from sunmao.vc.times import format_instant

# Section 6.1: at least 131,072 entries, so that a learner hides among many.
MIN_BITS = 2**17
# Two million entries of 8 bits; a compressed list that grows beyond is refused while it grows.
MAX_BYTES = 2 * 1024 * 1024
MAX_STATUS_SIZE = 8


class StatusBits:
    """The values of one list: ``count`` entries of ``size`` bits, all 0 at first."""

    def __init__(self, count: int = MIN_BITS, *, size: int = 1, data: bytes | None = None) -> None:
        if not 1 <= size <= MAX_STATUS_SIZE:
            raise VcError("status_size", size=size)
        self.size = size
        self.data = bytearray(data) if data is not None else bytearray((count * size + 7) // 8)
        if len(self.data) > MAX_BYTES:
            raise VcError("status_too_large", limit=MAX_BYTES)

    def __len__(self) -> int:
        return len(self.data) * 8 // self.size

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StatusBits) and (self.size, self.data) == (other.size, other.data)

    __hash__ = None  # type: ignore[assignment]

    def __getitem__(self, index: int) -> int:
        """Return the value at an index; raise VcError beyond the list."""
        self._need(index)
        value = 0
        for bit in range(index * self.size, (index + 1) * self.size):
            value = value << 1 | (self.data[bit // 8] >> (7 - bit % 8) & 1)
        return value

    def __setitem__(self, index: int, value: int) -> None:
        """Set the value at an index, 0 … 2^size - 1."""
        self._need(index)
        if not 0 <= value < 2**self.size:
            raise VcError("status_value", value=value)
        for place in range(self.size):
            bit = index * self.size + place
            mask = 0x80 >> (bit % 8)
            if value >> (self.size - 1 - place) & 1:
                self.data[bit // 8] |= mask
            else:
                self.data[bit // 8] &= ~mask & 0xFF

    def encoded(self) -> str:
        """Return the multibase text of the gzip-compressed bits (section 3.3)."""
        packed = io.BytesIO()
        with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9, mtime=0) as stream:
            stream.write(bytes(self.data))
        return "u" + base64url_encode(packed.getvalue())

    def _need(self, index: int) -> None:
        if not 0 <= index < len(self):
            raise VcError("status_range", index=index, length=len(self))


def decode_bits(text: str, *, size: int = 1) -> StatusBits:
    """Return the bits of an encodedList (section 3.4), at most MAX_BYTES, refused while growing beyond."""
    if not isinstance(text, str) or not text.startswith("u"):
        raise VcError("status_encoding")
    unpacker = zlib.decompressobj(wbits=31)
    try:
        data = unpacker.decompress(multibase_decode(text), MAX_BYTES + 1)
    except zlib.error:
        raise VcError("status_encoding") from None
    if len(data) > MAX_BYTES:
        raise VcError("status_too_large", limit=MAX_BYTES)
    if not unpacker.eof or unpacker.unused_data:
        raise VcError("status_encoding")
    if len(data) * 8 < MIN_BITS:
        raise VcError("status_too_small", limit=MIN_BITS)
    return StatusBits(size=size, data=data)


def status_list_credential(
    url: str,
    bits: StatusBits,
    *,
    issuer: str,
    purpose: str,
    valid_from: datetime,
    valid_until: datetime | None = None,
) -> dict[str, Any]:
    """Return the unsigned BitstringStatusListCredential (section 2.2) to be signed and served at ``url``."""
    credential: dict[str, Any] = {
        "@context": [CREDENTIALS_V2],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": format_instant(valid_from),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": bits.encoded(),
        },
    }
    if valid_until is not None:
        credential["validUntil"] = format_instant(valid_until)
    return credential


def status_entry(
    list_url: str, index: int, *, purpose: str, messages: list[tuple[str, str]] | None = None
) -> dict[str, Any]:
    """Return the credentialStatus entry of a credential (section 2.1).

    ``messages`` are (hex value, text) pairs; their number, a power of two, gives statusSize.
    """
    entry: dict[str, Any] = {
        "id": f"{list_url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": list_url,
    }
    if messages:
        size = (len(messages) - 1).bit_length()
        if len(messages) != 2**size:
            raise VcError("status_messages", count=len(messages))
        entry["statusSize"] = size
        entry["statusMessage"] = [{"status": status, "message": text} for status, text in messages]
    return entry


def read_entry(entry: dict[str, Any], status_list: dict[str, Any]) -> tuple[int, str]:
    """Return the value of an entry and its message, from an already verified list (section 3.2)."""
    value = list_bits(entry, status_list)[int(entry["statusListIndex"])]
    return value, _message(entry, value)


def list_bits(entry: dict[str, Any], status_list: dict[str, Any]) -> StatusBits:
    """Return the bits of a list as an entry reads them; raise VcError where the list is none or of another purpose."""
    if "BitstringStatusListCredential" not in types_of(status_list):
        raise VcError("status_not_list", url=str(entry.get("statusListCredential"))[:200])
    subject = status_list.get("credentialSubject")
    if not isinstance(subject, dict) or subject.get("type") != "BitstringStatusList":
        raise VcError("status_not_list", url=str(entry.get("statusListCredential"))[:200])
    purposes = subject.get("statusPurpose")
    purposes = purposes if isinstance(purposes, list) else [purposes]
    if entry["statusPurpose"] not in purposes:
        raise VcError("status_purpose", purpose=str(entry["statusPurpose"])[:60])
    return decode_bits(str(subject.get("encodedList")), size=entry.get("statusSize", 1))


def _message(entry: dict[str, Any], value: int) -> str:
    """Return the text of the message whose hex status (0x…) is the value, or nothing."""
    for item in entry.get("statusMessage") or []:
        try:
            if isinstance(item, dict) and int(str(item.get("status")), 16) == value:
                return str(item.get("message", ""))
        except ValueError:
            continue
    return ""
