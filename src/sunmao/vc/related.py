"""Integrity of related resources (VC Data Model 2.0 section 5.3): each named once, each with a digest.

Nothing is fetched, so a digest is compared only where the text of the resource is known: the contexts.
"""

import base64
import binascii
import hashlib
from functools import cache
from typing import Any

from sunmao.vc.contexts import CREDENTIALS_V2, SHIPPED, shipped_text
from sunmao.vc.encoding import multibase_decode
from sunmao.vc.errors import VcError

# The base context of July 2024, as the standard's drafts printed its digests; credentials of then name it.
EARLIER_PRINTINGS = {
    CREDENTIALS_V2: {
        "sha256": ("24a18c90e9856d526111f29376e302d970b2bd10182e33959995b0207d7043b9",),
        "sha384": ("35239c36999d2155312091af194a1edb61634d6ad789a5e5b19f2aebdd762dd9d1dcaada40eda7ef921c6b8c0ae107a0",),
    }
}
# Multihash headers (code, length): a digest may also stand bare, its length then tells the function.
_MULTIHASH = {b"\x12\x20": "sha256", b"\x20\x30": "sha384", b"\x13\x40": "sha512"}
_BY_LENGTH = {32: "sha256", 48: "sha384", 64: "sha512"}


def check_related(resources: list[dict[str, Any]]) -> None:
    """Raise VcError when a resource is named twice, has no digest, or one that is known to be wrong."""
    seen: set[str] = set()
    for item in resources:
        name = item["id"]
        claimed = [*_of_sri(item.get("digestSRI")), *_of_multibase(item.get("digestMultibase"))]
        if name in seen or not claimed:
            raise VcError("field_kind", field="relatedResource", expected="one entry per address, with a digest")
        seen.add(name)
        if name in SHIPPED and any(digest not in _known(name, kind) for kind, digest in claimed):
            raise VcError("resource_digest", id=name)


@cache
def _known(url: str, kind: str) -> frozenset[bytes]:
    earlier = EARLIER_PRINTINGS.get(url, {}).get(kind, ())
    return frozenset({hashlib.new(kind, shipped_text(url)).digest(), *(bytes.fromhex(text) for text in earlier)})


def _of_sri(value: Any) -> list[tuple[str, bytes]]:
    """Return function and digest of each hash expression (Subresource Integrity section 3.5)."""
    found = []
    for text in _texts(value, "digestSRI"):
        for expression in text.split():
            kind, _, data = expression.partition("-")
            if kind not in ("sha256", "sha384", "sha512"):
                raise VcError("encoding_bad", kind="digestSRI")
            try:
                found.append((kind, base64.b64decode(data.partition("?")[0], validate=True)))
            except (binascii.Error, ValueError):
                raise VcError("encoding_bad", kind="digestSRI") from None
    return found


def _of_multibase(value: Any) -> list[tuple[str, bytes]]:
    found = []
    for text in _texts(value, "digestMultibase"):
        data = multibase_decode(text)
        kind = _MULTIHASH.get(data[:2])
        if kind and len(data) == data[1] + 2:
            found.append((kind, data[2:]))
        elif len(data) in _BY_LENGTH:
            found.append((_BY_LENGTH[len(data)], data))
        else:
            raise VcError("encoding_bad", kind="digestMultibase")
    return found


def _texts(value: Any, field: str) -> list[str]:
    items = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(item, str) for item in items):
        raise VcError("field_kind", field=field, expected="text")
    return items
