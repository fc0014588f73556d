"""Identifiers: UUIDv7 to the outside (RFC 9562 section 5.7), random tokens for links."""

import base64
import os
import secrets
import time
import uuid


def uuid7() -> uuid.UUID:
    """Return a UUID that sorts by the millisecond it was made in (RFC 9562 section 5.7)."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (2**48 - 1)) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)


def link_token() -> str:
    """Return 128 random bits as 26 letters and digits that can be read aloud."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()
