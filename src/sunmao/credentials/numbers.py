"""Printed numbers: eight letters and digits in Crockford's alphabet, the last one a check.

The check is a weighted sum over the field of 32 elements (x⁵ + x² + 1). Its weights are distinct powers of a
generator, so that one wrong character and any two exchanged ones are always found.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_SPOKEN = str.maketrans({"O": "0", "I": "1", "L": "1"})


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 0b100000 else doubled


def _weighed() -> Iterator[dict[str, int]]:
    row = list(range(len(ALPHABET)))
    for _place in range(LENGTH - 1):
        row = [_times_x(value) for value in row]
        yield dict(zip(ALPHABET, row, strict=True))


_WEIGHED = tuple(_weighed())  # by place and letter


def _check(body: str) -> str:
    total = 0
    for weights, letter in zip(_WEIGHED, body, strict=True):
        total ^= weights[letter]
    return ALPHABET[total]


def fresh() -> str:
    """Return a random number as printed: `7QK4-M2XD`. 35 random bits."""
    bits = secrets.randbits(5 * (LENGTH - 1))
    body = "".join([ALPHABET[bits >> shift & 31] for shift in range(0, 5 * (LENGTH - 1), 5)])
    whole = body + _check(body)
    return f"{whole[:4]}-{whole[4:]}"


def read(text: str) -> str:
    """Return the printed form of what someone typed; empty where it is no number or its check does not fit.

    Small letters, blanks and hyphens do not matter; O reads as 0, I and L as 1.
    """
    letters = "".join(text.split()).replace("-", "").replace("–", "").upper().translate(_SPOKEN)
    if len(letters) != LENGTH or not all(letter in ALPHABET for letter in letters):
        return ""
    return f"{letters[:4]}-{letters[4:]}" if _check(letters[:-1]) == letters[-1] else ""
