"""Claims that stand in a signed text as digests only, and the disclosures that fill them in (RFC 9901 sections 4 and 7).

A *disclosure* is a salted claim of an object, or a salted element of an array, as base64url; its digest stands where it
belongs, under ``_sd`` or ``...``. A *way* is where a value stands in the whole document: its keys and numbers in order.
"""

import hashlib
import json
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sunmao.vc.encoding import base64url_decode, base64url_encode
from sunmao.vc.errors import CannotCheck, VcError
from sunmao.vc.strict_json import MAX_DEPTH, check_value, loads

DIGESTS, ELEMENT, ALGORITHM = "_sd", "...", "_sd_alg"
DEFAULT = "sha-256"
# Names of the IANA registry of named information hashes.
HASHES: dict[str, Callable[..., Any]] = {DEFAULT: hashlib.sha256, "sha-384": hashlib.sha384, "sha-512": hashlib.sha512}
MAX_DISCLOSURES = 1_000
SALT_BYTES = 16
Way = tuple[str | int, ...]


@dataclass
class Revealed:
    """Claims with what was disclosed: ``ways`` says where each disclosure stands, ``hidden`` how many digests are left
    without one, decoys among them."""

    claims: dict[str, Any]
    ways: dict[Way, str] = field(default_factory=dict)
    hidden: int = 0


def digest_of(text: str, algorithm: str = DEFAULT) -> str:
    """Return the digest of a disclosure, or of a whole presentation, as it stands in signed texts."""
    return base64url_encode(HASHES[algorithm](text.encode("ascii")).digest())


def algorithm_in(claims: dict[str, Any]) -> str:
    """Return the hash that the claims name; raise CannotCheck where it is not supported."""
    name = claims.get(ALGORITHM, DEFAULT)
    if not isinstance(name, str) or name not in HASHES:
        raise CannotCheck("jwt_disclosure_hash", name=str(name)[:40])
    return name


def conceal(document: dict[str, Any], ways: Collection[Way], *, decoys: int = 0) -> tuple[dict[str, Any], list[str]]:
    """Return the document with a digest in the place of each value in ``ways``, and the disclosures.

    One may lie inside another. ``decoys`` digests of nothing are mixed in at each place, so that nobody can count what
    is left out. Raise VcError where a way leads nowhere, or the document uses the reserved names.
    """
    disclosures: list[str] = []
    wanted = set(ways)

    def walk(value: Any, way: Way) -> Any:
        if isinstance(value, dict):
            if not value.keys().isdisjoint((DIGESTS, ELEMENT, ALGORITHM)):
                raise VcError("sd_reserved")
            inner = {key: walk(item, (*way, key)) for key, item in value.items()}
            taken = [key for key in inner if (*way, key) in wanted]
            if not taken:
                return inner
            digests = [hide([key, inner.pop(key)]) for key in taken] + [_decoy() for _ in range(decoys)]
            return {**inner, DIGESTS: sorted(digests)}
        if isinstance(value, list):
            items = [walk(item, (*way, number)) for number, item in enumerate(value)]
            taken_at = [number for number in range(len(items)) if (*way, number) in wanted]
            for number in taken_at:
                items[number] = {ELEMENT: hide([items[number]])}
            return items + [{ELEMENT: _decoy()} for _ in range(decoys if taken_at else 0)]
        return value

    def hide(parts: list[Any]) -> str:
        text = json.dumps([_salt(), *parts], ensure_ascii=False)
        disclosures.append(base64url_encode(text.encode("utf-8")))
        return digest_of(disclosures[-1])

    result = walk(document, ())
    if len(disclosures) != len(wanted):
        raise VcError("sd_way_absent")
    if len(disclosures) > MAX_DISCLOSURES:
        raise VcError("sd_too_many", limit=MAX_DISCLOSURES)
    return {**result, ALGORITHM: DEFAULT}, disclosures


def reveal(claims: dict[str, Any], disclosures: Sequence[str]) -> Revealed:
    """Return the claims with every disclosure where its digest stands (RFC 9901 section 7.1).

    Refused: a disclosure that belongs nowhere or comes twice, a digest that stands twice, a name that is there already
    or reserved, another form than that of its place.
    """
    algorithm = algorithm_in(claims)
    if len(disclosures) > MAX_DISCLOSURES:
        raise VcError("sd_too_many", limit=MAX_DISCLOSURES)
    held: dict[str, tuple[str, list[Any]]] = {}
    for text in disclosures:
        value = loads(base64url_decode(text))
        digest = digest_of(text, algorithm)
        if not isinstance(value, list) or len(value) not in (2, 3) or not isinstance(value[0], str):
            raise VcError("sd_form")
        if digest in held:
            raise VcError("sd_twice")
        held[digest] = text, value
    found = _Filling(held)
    result = found.fill({key: value for key, value in claims.items() if key != ALGORITHM}, ())
    if len(found.ways) != len(held):
        raise VcError("sd_unused")
    check_value(result)
    return Revealed(result, found.ways, found.hidden)


class _Filling:
    """One document while it is filled in: each digest may stand once, in whatever depth."""

    def __init__(self, held: dict[str, tuple[str, list[Any]]]) -> None:
        self.held = held
        self.ways: dict[Way, str] = {}
        self.seen: set[str] = set()
        self.hidden = 0

    def fill(self, value: Any, way: Way) -> Any:
        if len(way) > MAX_DEPTH:
            raise VcError("json_too_deep", limit=MAX_DEPTH)
        if isinstance(value, list):
            return self._list(value, way)
        return self._object(value, way) if isinstance(value, dict) else value

    def _list(self, value: list[Any], way: Way) -> list[Any]:
        kept: list[Any] = []
        for item in value:
            place = (*way, len(kept))
            if isinstance(item, dict) and ELEMENT in item:
                if len(item) != 1:
                    raise VcError("sd_reserved")
                parts = self._take(item[ELEMENT], 2, place)
                if parts is None:
                    continue
                item = parts[1]
            kept.append(self.fill(item, place))
        return kept

    def _object(self, value: dict[str, Any], way: Way) -> dict[str, Any]:
        if ELEMENT in value or ALGORITHM in value:
            raise VcError("sd_reserved")
        digests = value.get(DIGESTS, [])
        if not isinstance(digests, list):
            raise VcError("sd_form")
        result = {key: self.fill(inner, (*way, key)) for key, inner in value.items() if key != DIGESTS}
        for digest in digests:
            named = self._name(digest)
            parts = self._take(digest, 3, (*way, named))
            if parts is None:
                continue
            if named in result or named in (DIGESTS, ELEMENT):
                raise VcError("sd_name", name=named[:80])
            result[named] = self.fill(parts[2], (*way, named))
        return result

    def _name(self, digest: Any) -> str:
        parts = self.held[digest][1] if isinstance(digest, str) and digest in self.held else []
        if len(parts) == 3 and not isinstance(parts[1], str):
            raise VcError("sd_form")
        return parts[1] if len(parts) == 3 else ""

    def _take(self, digest: Any, length: int, way: Way) -> list[Any] | None:
        """Return what a digest discloses, nothing where that is kept back."""
        if not isinstance(digest, str):
            raise VcError("sd_form")
        if digest in self.seen:
            raise VcError("sd_digest_twice")
        self.seen.add(digest)
        if digest not in self.held:
            self.hidden += 1
            return None
        text, parts = self.held[digest]
        if len(parts) != length:
            raise VcError("sd_form")
        self.ways[way] = text
        return parts


def choose(ways: dict[Way, str], wished: Collection[Way]) -> list[str]:
    """Return the disclosures that show what is wished: it, what it lies in, and what lies in it."""
    for way in wished:
        if not any(held[: len(way)] == way or way[: len(held)] == held for held in ways):
            raise VcError("sd_way_absent")

    def shown(held: Way) -> bool:
        return any(held[: len(way)] == way or way[: len(held)] == held for way in wished)

    return [text for held, text in ways.items() if shown(held)]


def way_text(way: Way) -> str:
    """Return a way as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in way)


def _salt() -> str:
    return base64url_encode(secrets.token_bytes(SALT_BYTES))


def _decoy() -> str:
    return digest_of(_salt())
