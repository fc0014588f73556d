"""A CASE package (1.0 or 1.1), with its translations where their packages come along.

Items without children become outcomes, the topmost items with children units. A package whose items say that they
translate another's (isTranslationOf) gives that one's texts in its language.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.standards.reading.drafts import Draft, DraftOutcome, DraftUnit, language_of

KINDS = ("knowledge", "skill", "responsibility")
LARGEST = 64 * 1024 * 1024
Json = Mapping[str, Any]


def fits(path: Path) -> bool:
    """True where a JSON file looks like a CASE package."""
    try:
        with path.open("rb") as opened:
            return b'"CFDocument"' in opened.read(1 << 16)
    except OSError:
        return False


def read(paths: Sequence[Path]) -> Draft:
    """Return the standard in CASE packages, one of them the original; raises ValidationError in words."""
    packages = [_load(path) for path in paths]
    try:
        main = next((one for one in packages if not _translated(one)), packages[0])
        return _draft(main, [one for one in packages if one is not main])
    except (KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise ValidationError(_("“%(name)s” is no CASE package.") % {"name": paths[0].name}) from error


def _load(path: Path) -> Json:
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(path.name)
        held = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(held["CFDocument"], dict):
            raise KeyError("CFDocument")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValidationError(_("“%(name)s” is no CASE package.") % {"name": path.name}) from error
    return held  # type: ignore[no-any-return]


def _ties(package: Json, kind: str) -> Iterable[tuple[str, str, int]]:
    for tie in package.get("CFAssociations") or ():
        if tie["associationType"] == kind:
            place = tie.get("sequenceNumber")
            ends = (tie["originNodeURI"]["identifier"], tie["destinationNodeURI"]["identifier"])
            yield (*ends, place if isinstance(place, int) else 1 << 30)


def _translated(package: Json) -> dict[str, str]:
    return {origin: onto for origin, onto, _place in _ties(package, "isTranslationOf")}


def _draft(package: Json, translations: Sequence[Json]) -> Draft:
    document = package["CFDocument"]
    items = {one["identifier"]: one for one in package.get("CFItems") or ()}
    texts = {key: _texts(one, document) for key, one in items.items()}
    title = _texts({"fullStatement": document["title"], "language": document.get("language")}, document)
    for other in translations:
        onto = _translated(other)
        for one in other.get("CFItems") or ():
            if onto.get(one["identifier"]) in texts:
                texts[onto[one["identifier"]]] |= _texts(one, other["CFDocument"])
        title |= _texts({"fullStatement": other["CFDocument"]["title"]}, other["CFDocument"])
    above: dict[str, str] = {}
    places: dict[str, int] = {}
    for origin, onto_item, place in _ties(package, "isChildOf"):
        above.setdefault(origin, onto_item)
        places.setdefault(origin, place)
    order = sorted(items, key=lambda key: places.get(key, 1 << 30))
    parents = {above[key] for key in order if above.get(key) in items}
    tops = [key for key in order if key in parents and above.get(key) not in items]
    units = {key: DraftUnit(number, texts[key]) for number, key in enumerate(tops, 1)}
    leaves = [key for key in order if key not in parents]
    numbers = _numbers([str(items[key].get("humanCodingScheme") or "") for key in leaves])
    outcomes = []
    for key, number in zip(leaves, numbers, strict=True):
        unit = units.get(_top(key, above, items))
        kind = str(items[key].get("CFItemType") or "").casefold()
        outcomes.append(
            DraftOutcome(number, texts[key], kind if kind in KINDS else "skill", unit.number if unit else None)
        )
    if not outcomes:
        raise ValidationError(_("This CASE package has no items."))
    return Draft(
        title, outcomes, tuple(units.values()), label=str(document.get("version") or "")[:40],
        outside_code=str(document["identifier"])[:60],
    )  # fmt: skip


def _texts(item: Json, document: Json) -> dict[str, str]:
    said = str(item["fullStatement"]).strip()
    stated = str(item.get("language") or document.get("language") or "")[:2].lower()
    return {stated if len(stated) == 2 and stated.isalpha() else language_of(said): said}


def _top(key: str, above: Mapping[str, str], items: Mapping[str, Any]) -> str:
    seen = {key}
    while (onto := above.get(key)) in items and onto not in seen:
        key = str(onto)
        seen.add(key)
    return key


def _numbers(stated: list[str]) -> list[str]:
    """Return the items' own codes where each has a short one of its own, else running numbers."""
    whole = all(0 < len(one) <= 20 for one in stated) and len(set(stated)) == len(stated)
    return stated if whole else [str(place) for place in range(1, len(stated) + 1)]
