"""Whether two spellings of a person's name can be of the same person, and by which ways of writing.

Known ways: capitals, blanks and hyphens; accents; the letters of passports (ICAO 9303 part 3, section 6); Chinese
characters in pinyin, also after Palladius; Cyrillic in Latin letters by several systems; Uzbek in both alphabets; the
consonants of Arabic; order; a father's name, initials and further parts on one side only. It compares letters, not
persons: an indication, which a person of the authority judges.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from sunmao.recognition import letters_of as tables


class Verdict(StrEnum):
    """How far two spellings agree."""

    SAME = "same"  # letter by letter, capitals, blanks and accents aside
    POSSIBLE = "possible"  # by the ways of writing that are named
    PARTLY = "partly"  # one of them lacks a part, or says it with less
    DIFFERENT = "different"  # no way of writing known here makes one of the other


class Way(StrEnum):
    """A way of writing that makes one spelling of the other."""

    LETTERS = "letters"
    ACCENTS = "accents"
    PASSPORT = "passport"
    PINYIN = "pinyin"
    PALLADIUS = "palladius"
    CYRILLIC = "cyrillic"
    UZBEK = "uzbek"
    SYSTEMS = "systems"
    ARABIC = "arabic"
    ORDER = "order"
    JOINED = "joined"
    FATHER = "father"
    FATHER_FORM = "father_form"
    INITIAL = "initial"
    FURTHER = "further"


LESS = frozenset({Way.INITIAL, Way.FURTHER})  # after which the two agree in part only
PLAIN = frozenset({Way.LETTERS, Way.ACCENTS})


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two spellings come to, the ways in the order of `Way`, and the parts that do not agree."""

    verdict: Verdict
    ways: tuple[Way, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A name as parts in plain Latin letters, and the ways that lead there."""

    parts: tuple[str, ...]
    ways: frozenset[Way]


_HAN = re.compile("[\u3400-\u9fff]")
_ARABIC = re.compile("[\u0600-\u06ff]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_APART = re.compile(r"[\s<·•.,;/\-‐‑–—]+")
_MARKS = re.compile("['’‘ʻʼ`´ʹʿʾ\u200b-\u200f]")


def compare(one: str, other: str) -> Likeness:
    """Return how far two spellings agree, by the fewest ways. Names without a letter are different from all."""
    best = Likeness(Verdict.DIFFERENT)
    if _HAN.search(one) and _HAN.search(other):
        same = _characters(one) == _characters(other)
        return Likeness(Verdict.SAME, (Way.LETTERS,)) if same else best
    for a, b in itertools.product(tuple(forms(one)), tuple(forms(other))):
        found = _parts(a, b)
        if found is not None and _rank(found) < _rank(best):
            best = found
    if best.verdict is Verdict.DIFFERENT:
        return Likeness(Verdict.DIFFERENT, (), _unlike(one, other))
    return best


def _rank(found: Likeness) -> tuple[int, int, list[int]]:
    return list(Verdict).index(found.verdict), len(found.ways), [list(Way).index(way) for way in found.ways]


def forms(name: str) -> Iterator[Form]:
    """Yield the ways to read a name in plain Latin letters, the likeliest first."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name)).casefold()
    if _HAN.search(text):
        yield from _chinese(text)
        return
    if _ARABIC.search(text):
        yield Form(tuple(_consonants(part) for part in _arabic_parts(text)), frozenset({Way.ARABIC}))
        return
    parts = tuple(part for part in _APART.split(text) if _plain(part))
    if _CYRILLIC.search(text):
        yield from _cyrillic(parts)
        return
    yield from _latin(parts)


def _plain(part: str) -> str:
    """Return the letters of a part without accents and marks."""
    folded = unicodedata.normalize("NFKD", _MARKS.sub("", part))
    return "".join(c for c in folded.translate(tables.SINGLE) if c.isalpha() and not unicodedata.combining(c))


# Latin


def _latin(parts: tuple[str, ...]) -> Iterator[Form]:
    plain = tuple(_plain(part) for part in parts)
    bare = tuple(_MARKS.sub("", part) for part in parts)
    ways = {Way.LETTERS} | ({Way.ACCENTS} if plain != bare else set())
    uzbek = any(re.search(f"[og]{_MARKS.pattern}", part) for part in parts)
    yield Form(plain, frozenset(ways | ({Way.UZBEK} if uzbek else set())))
    passport = tuple(_plain(part.translate(tables.PASSPORT)) for part in parts)
    if passport != plain:
        yield Form(passport, frozenset({Way.PASSPORT}))
    russian = tuple(_in_passports(_palladius(part)) for part in plain)
    if len(plain) > 1 and all(russian) and russian != plain:
        yield Form(russian, frozenset({Way.PALLADIUS}))
    if any(re.match("[ln]v", part) for part in plain):
        yield Form(tuple(re.sub("^([ln])v", r"\1yu", part) for part in plain), frozenset({Way.PINYIN}))
    if uzbek:
        closed = tuple(_plain(re.sub(f"o{_MARKS.pattern}", "u", part)) for part in parts)
        yield Form(closed, frozenset({Way.UZBEK}))


# Cyrillic


def _cyrillic(parts: tuple[str, ...]) -> Iterator[Form]:
    uzbek = {Way.UZBEK} if set("ўғқҳ") & set("".join(parts)) else set()
    for name, table in tables.CYRILLIC.items():
        spelled = [tables.SOFT.sub(r"\1ye", part) for part in parts] if name in ("bgn", "uzbek") else parts
        read = tuple(_plain("".join(table.get(c, c) for c in part)) for part in spelled)
        yield Form(read, frozenset({Way.CYRILLIC, Way.PASSPORT} if name == "passport" else {Way.CYRILLIC} | uzbek))
    chinese = tuple(_from_palladius(part) for part in parts)
    if all(chinese):
        yield Form(tuple(part or "" for part in chinese), frozenset({Way.PALLADIUS}))


# Chinese


def _chinese(text: str) -> Iterator[Form]:
    """The family name first, as characters write it; each character by its usual reading, or as a family name."""
    run = [c for c in text.translate(tables.SIMPLIFIED) if _HAN.match(c)]
    if len(run) < 2 or any(not tables.reading(c) for c in run):
        return
    long = 2 if "".join(run[:2]) in tables.DOUBLE else 1
    first = {"".join(tables.reading(c) for c in run[:long]), tables.FAMILY.get(run[0], "")} - {""}
    given = "".join(tables.reading(c) for c in run[long:])
    for family in sorted(first):
        for spelled in itertools.product(_umlaut(family), _umlaut(given)):
            yield Form(spelled, frozenset({Way.PINYIN}))
        russian = tuple(_palladius(part) for part in (family, given))
        if all(russian):
            yield Form(tuple(_in_passports(part) for part in russian), frozenset({Way.PINYIN, Way.PALLADIUS}))


def _characters(text: str) -> str:
    """Return the Chinese characters of a name, simplified: two persons may share a reading."""
    return "".join(c for c in text.translate(tables.SIMPLIFIED) if _HAN.match(c))


def _umlaut(syllables: str) -> list[str]:
    """Return how passports write lü and nü: LYU since 2012, LV or LU before."""
    ways = [syllables]
    ways += (
        [re.sub("([ln])v", rf"\1{vowel}", syllables) for vowel in ("yu", "u")] if re.search("[ln]v", syllables) else []
    )
    return ways


def _cut(word: str) -> list[str] | None:
    """Return the syllables of a pinyin word; None where it is none. The longest first, as it is read."""
    if not word:
        return []
    for length in range(min(6, len(word)), 0, -1):
        if word[:length] in tables.PALLADIUS:
            rest = _cut(word[length:])
            if rest is not None:
                return [word[:length], *rest]
    return None


def _palladius(word: str) -> str:
    return "".join(tables.PALLADIUS[syllable] for syllable in _cut(word) or ())


def _from_palladius(word: str) -> str | None:
    """Return a word in Palladius' Cyrillic as pinyin; None where it is none."""
    if not word:
        return ""
    for length in range(min(5, len(word)), 0, -1):
        syllable = tables.FROM_PALLADIUS.get(word[:length])
        if syllable:
            rest = _from_palladius(word[length:])
            if rest is not None:
                return syllable + rest
    return None


def _in_passports(word: str) -> str:
    return _plain("".join(tables.CYRILLIC["passport"].get(c, c) for c in word))


# Arabic


def _arabic_parts(text: str) -> list[str]:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c) and c != "ـ")
    parts = [re.sub("^ال", "", part) for part in _APART.split(bare)]
    return [part for part in parts if part and part not in tables.PARTICLES]


def _consonants(part: str) -> str:
    return tables.bare_bones("".join(tables.ARABIC.get(c, "") for c in part))


def _bones(parts: Iterable[str]) -> list[str]:
    """Return the consonants of Latin parts as the Arabic script writes them; articles and particles left out."""
    found: list[str] = []
    for part in parts:
        held = re.sub("^abd(?:[aeou][lrsnzdt]?)?", "abd ", part)
        found += [tables.bones(word) for word in held.split() if word not in tables.PARTICLES]
    return [bone for bone in found if bone]


# Two forms side by side


def _parts(a: Form, b: Form) -> Likeness | None:
    """Return how two forms agree, part by part in any order; None where they do not."""
    ways = a.ways | b.ways
    if Way.ARABIC in ways:
        return _arabic(a, b)
    if not a.parts or not b.parts:
        return None
    if "".join(a.parts) == "".join(b.parts):
        return _told(ways, joined=len(a.parts) != len(b.parts))
    if len(a.parts) == len(b.parts) == 1:
        return _told(ways | {Way.SYSTEMS}) if _alike(a.parts[0], b.parts[0]) and len(a.parts[0]) > 3 else None
    if any("".join(turned) == "".join(b.parts) for turned in _turned(a.parts)):
        return _told(ways | {Way.ORDER}, joined=len(a.parts) != len(b.parts))
    return _matched(a.parts, b.parts, ways)


def _turned(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return (parts[n:] + parts[:n] for n in range(1, len(parts)))


def _told(ways: frozenset[Way] | set[Way], *, joined: bool = False, left: Iterable[str] = ()) -> Likeness:
    said = set(ways) | ({Way.JOINED} if joined and not ways & {Way.PINYIN, Way.PALLADIUS} else set())
    if said >= {Way.PASSPORT, Way.CYRILLIC}:
        said.remove(Way.PASSPORT if said & {Way.SYSTEMS, Way.UZBEK} else Way.CYRILLIC)
    if said - {Way.LETTERS}:
        said -= {Way.LETTERS}
    plain = said <= PLAIN | {Way.JOINED}
    verdict = Verdict.SAME if plain else Verdict.PARTLY if said & LESS else Verdict.POSSIBLE
    return Likeness(verdict, tuple(way for way in Way if way in said), tuple(left))


def _matched(one: tuple[str, ...], other: tuple[str, ...], ways: frozenset[Way]) -> Likeness | None:
    """Match the parts one to one; what is left over on one side may be a father's name, or a further part."""
    said = set(ways)
    one, a_father = _father(one)
    other, b_father = _father(other)
    if a_father and b_father:
        if not _alike(a_father[1], b_father[1]):
            return None
        said |= {Way.FATHER_FORM} if a_father[0] != b_father[0] else set()
        said |= {Way.SYSTEMS} if a_father[1] != b_father[1] else set()
    elif a_father or b_father:
        said.add(Way.FATHER)
    short, long = sorted((list(one), list(other)), key=len)
    places, whole = [], 0
    free = list(range(len(long)))
    for part in short:
        found = next(((at, how) for how in (_equal, _alike, _initial) for at in free if how(part, long[at])), None)
        if found is None:
            return None
        at, how = found
        free.remove(at)
        places.append(at)
        whole += how is not _initial
        said |= {_alike: {Way.SYSTEMS}, _initial: {Way.INITIAL}}.get(how, set())
    if whole < min(2, len(long)) and not (whole and Way.INITIAL in said):
        return None
    said |= {Way.ORDER} if places != sorted(places) else set()
    said |= {Way.FURTHER} if free else set()
    return _told(
        said, left=[long[at] for at in free] + [f"{f[1]}" for f in (a_father, b_father) if f and Way.FATHER in said]
    )


def _father(parts: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, str] | None]:
    """Return the parts without the father's name, and that name: its form and its stem. Only of three parts or more."""
    if len(parts) < 3:
        return parts, None
    for at, part in enumerate(parts):
        if at and part in tables.SON_OF:
            return parts[: at - 1] + parts[at + 1 :], ("son of", parts[at - 1])
        ending = tables.PATRONYMIC.search(part)
        if ending and ending.start() > 1:
            return parts[:at] + parts[at + 1 :], ("ending", part[: ending.start()])
    return parts, None


def _equal(a: str, b: str) -> bool:
    return a == b


def _alike(a: str, b: str) -> bool:
    """Whether two words can stand for the same letters of another alphabet."""
    return bool(tables.sounds(a) & tables.sounds(b))


def _initial(a: str, b: str) -> bool:
    short, long = sorted((a, b), key=len)
    return len(short) == 1 and long.startswith(short)


def _arabic(a: Form, b: Form) -> Likeness | None:
    read = [list(form.parts) if Way.ARABIC in form.ways else _bones(form.parts) for form in (a, b)]
    if min(map(len, read)) < 1 or len("".join(read[0])) < 4:
        return None
    ways = a.ways | b.ways
    if tables.bare_bones("".join(read[0])) == tables.bare_bones("".join(read[1])):
        return _told(ways)
    if sorted(read[0]) == sorted(read[1]):
        return _told(ways | {Way.ORDER})
    short, long = sorted(read, key=len)
    rest = list(long)
    for bone in short:
        if bone not in rest:
            return None
        rest.remove(bone)
    return _told(ways | {Way.FURTHER}) if len(short) > 1 else None


def _unlike(one: str, other: str) -> tuple[str, ...]:
    """Return the parts of the second name that are in no reading of the first."""
    known = [part for form in forms(one) for part in form.parts]
    first = next(forms(other), None)
    if first is None or not known:
        return ()
    return tuple(part for part in first.parts if not any(_alike(part, held) for held in known))
