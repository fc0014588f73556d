"""One hash over a wording: its texts in every language, its parties, its clauses. Thinks; touches no database.

SHA-256 (FIPS 180-4) over canonical JSON (sorted keys, no spaces, UTF-8). A text counts by the SHA-256 of its
UTF-8 body, or of the file that holds it, so that the hash can be recomputed by whoever holds the texts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any


def text_hash(body: str, file_sha256: str = "") -> str:
    """Return the hash a text counts by: of its file where it has one, else of its words."""
    return file_sha256 or hashlib.sha256(body.replace("\r\n", "\n").strip().encode()).hexdigest()


def wording_hash(
    *, agreement: str, amendment: int, prevails: str, held: Mapping[str, Any], texts: Sequence[tuple[str, str]]
) -> str:
    """Return the hash (64 hex digits) of a wording.

    `agreement` is the agreement's UUID, `held` its title, kind, parties and clauses as worded, `texts` the pairs
    of language and text hash in any order.
    """
    whole = {
        "agreement": agreement,
        "amendment": amendment,
        "prevails": prevails,
        "held": held,
        "texts": sorted([language, digest] for language, digest in texts),
    }
    data = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(data.encode()).hexdigest()


def spaced(digest: str, groups: int = 4) -> str:
    """Return the start of a hash in groups of four, as people compare it."""
    return " ".join(digest[i : i + 4] for i in range(0, 4 * groups, 4))
