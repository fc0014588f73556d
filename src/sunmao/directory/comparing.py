"""How likely two organisations are one: names weighed word by word, then place, website and identifiers.

Words that few names share weigh much (渤海, Serikbayev), words that many share weigh little (职业, college).
Between scripts a Chinese name is held against the English words and the pinyin that may stand for it.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz.distance import Levenshtein

from sunmao.directory.naming import GENERIC, GENERIC_TERMS, PLACES, Name

# What a pair can reach when this holds, found on the tuning half of benchmarks/duplicates/pairs.csv.
_SAME_NAME = 0.93
_COMMON_NAME = 0.8
_NEAR_NAME = 0.9
_ACROSS_SCRIPTS = 0.8
_RENAMED = 0.8
_ONE_SAYS_MORE = 0.72
_CONTRADICTION = 0.5

# What is left of the score when this speaks against the pair.
_OTHER_COUNTRY = 0.3
_OTHER_CITY = 0.72
_FAR_APART = 0.6
_OTHER_NUMBER = 0.4
_OTHER_RANK = 0.55
_PART_OF = 0.5
_OTHER_ID = 0.64
_DENIED = 0.92

# The share of the doubt that is taken away when this speaks for the pair.
_SAME_CITY = 0.3
_SAME_HOST = 0.5

_TELLING = frozenset({"vocational", "technical", "technology", "polytechnic", "city"})
_KINDS = frozenset({"technical", "technology", "polytechnic"})
_LOOSE = 0.85
_FAR_KM = 60.0
_FUZZY = 0.83
_GENERIC_WEIGHT = 0.35


REASONS: Mapping[str, tuple[str, ...]] = {
    "same_id": ("scheme", "value"),
    "same_name": ("left", "right"),
    "same_acronym": ("name",),
    "same_words": ("left", "right"),
    "near_spelling": ("left", "right"),
    "same_in_translation": ("left", "right"),
    "one_says_more": ("left", "right"),
    "some_words_shared": ("left", "right"),
    "maybe_renamed": ("left", "right"),
    "same_city": ("city",),
    "near_in_place": ("km",),
    "same_website": ("host",),
    "other_id": ("scheme",),
    "other_country": ("left", "right"),
    "other_city": ("left", "right"),
    "far_apart": ("km",),
    "other_number": ("left", "right"),
    "other_kind": ("left", "right"),
    "part_of": ("left", "right"),
}
"""Every code a reason may carry, with the names of its values, for the pages that put it into words."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pair is pointed out: a code that pages translate, and the values its sentence needs."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """An organisation with everything read that comparing needs."""

    names: tuple[Name, ...]
    country: str | None
    city: str | None
    chinese_city: str | None
    ids: Mapping[str, str]
    host: str | None
    place: tuple[float, float] | None
    handles: frozenset[str]

    def names_city(self, city: str) -> bool:
        """Whether one of the names says the city, in Latin letters or as pinyin."""
        return city in self.handles


class Weights:
    """How telling a word is: the logarithm of how rarely organisations carry it."""

    def __init__(self) -> None:
        self._holders: Counter[str] = Counter()
        self._total = 0

    def count(self, words: Iterable[str]) -> None:
        """Note the words of one more organisation, each once."""
        self._holders.update(words)
        self._total += 1

    def copy(self) -> "Weights":
        """The same counts, to be continued apart."""
        twin = Weights()
        twin._holders = self._holders.copy()
        twin._total = self._total
        return twin

    def of(self, word: str) -> float:
        """The weight of a word; generic ones keep about a third of it."""
        rarity = math.log1p((self._total + 10) / (self._holders[word] + 1))
        return rarity * _GENERIC_WEIGHT if word in GENERIC else rarity

    def telling(self) -> float:
        """What the words of a name must weigh together for the name to tell one institution from all."""
        return 0.6 * math.log1p(self._total + 10)


def compare(left: Profile, right: Profile, weights: Weights) -> tuple[float, tuple[Reason, ...]]:
    """The score of a pair in 0–1 and the reasons that raised or lowered it, the name first."""
    reasons: list[Reason] = []
    schemes = left.ids.keys() & right.ids.keys()
    for scheme in schemes:
        if left.ids[scheme] == right.ids[scheme]:
            return 0.99, (Reason("same_id", {"scheme": scheme, "value": left.ids[scheme]}),)
    score, name_reasons = _names(left, right, weights)
    reasons.extend(name_reasons)
    if left.country and right.country and left.country != right.country:
        score *= _OTHER_COUNTRY
        reasons.append(Reason("other_country", {"left": left.country, "right": right.country}))
    if score and left.host and left.host == right.host:
        score += (1 - score) * _SAME_HOST
        reasons.append(Reason("same_website", {"host": left.host}))
    score = _place(score, left, right, reasons)
    if schemes:
        score *= _OTHER_ID
        reasons.append(Reason("other_id", {"scheme": min(schemes)}))
    return min(score, 0.98), tuple(reasons)


def _place(score: float, left: Profile, right: Profile, reasons: list[Reason]) -> float:
    """The score after the city and the distance have spoken."""
    km = None if left.place is None or right.place is None else kilometres(left.place, right.place)
    if left.city and right.city:
        if left.city == right.city and not _other_signs(left, right):
            reasons.append(Reason("same_city", {"city": left.city}))
            return score + (1 - score) * _SAME_CITY * score
        reasons.append(Reason("other_city", {"left": left.city, "right": right.city}))
        # A seat in a town of the city the name says (Yixing for Wuxi) does not speak against the pair.
        said = left.names_city(right.city) or right.names_city(left.city)
        if not said and (km is None or km > 15):
            score *= _OTHER_CITY
    if km is None:
        return score
    if km > _FAR_KM:
        reasons.append(Reason("far_apart", {"km": str(round(km))}))
        return score * _FAR_APART
    if km < 1:
        reasons.append(Reason("near_in_place", {"km": f"{km:.1f}"}))
        return score + (1 - score) * _SAME_CITY * score
    return score


def _other_signs(left: Profile, right: Profile) -> bool:
    return bool(left.chinese_city and right.chinese_city and left.chinese_city != right.chinese_city)


def kilometres(left: tuple[float, float], right: tuple[float, float]) -> float:
    """Great-circle distance in km between two (latitude, longitude) pairs in degrees."""
    (lat1, lng1), (lat2, lng2) = ((math.radians(a), math.radians(b)) for a, b in (left, right))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lng2 - lng1) / 2) ** 2
    return 12742 * math.asin(math.sqrt(h))


def _names(left: Profile, right: Profile, weights: Weights) -> tuple[float, tuple[Reason, ...]]:
    """The best of all pairs of names; a match across scripts counts less where a Chinese pair denies it."""
    best: tuple[float, tuple[Reason, ...]] = (0.0, ())
    across: tuple[float, tuple[Reason, ...]] = (0.0, ())
    denied = agreed = False
    for a in left.names:
        for b in right.names:
            if a.han == b.han:
                found = _one_script(a, b, weights)
                denied = denied or (a.han and found[0] <= _CONTRADICTION)
                agreed = agreed or (a.han and found[0] > _CONTRADICTION)
                best = max(best, found, key=lambda pair: pair[0])
            elif not (a.acronym or b.acronym):
                found = _two_scripts(*((a, b) if a.han else (b, a)), weights)
                across = max(across, found, key=lambda pair: pair[0])
    if denied and not agreed:
        across = (across[0] * _DENIED, across[1])
        best = (best[0] * _DENIED, best[1])
    return max(best, across, key=lambda pair: pair[0])


def _one_script(a: Name, b: Name, weights: Weights) -> tuple[float, tuple[Reason, ...]]:
    """Two names in one script: equal, equal but for the level, near, or contradicting each other."""
    if a.key == b.key:
        if a.acronym or b.acronym:
            return 0.35, (Reason("same_acronym", {"name": a.text}),)
        telling = sum(weights.of(word) for word in a.content) > weights.telling()
        reason = Reason("same_name", {"left": a.text, "right": b.text})
        return (_SAME_NAME if telling else _COMMON_NAME), (reason,)
    if a.acronym or b.acronym:
        return 0.0, ()
    only_a, only_b, slips = _differences(a, b)
    names = {"left": a.text, "right": b.text}
    total = sum(map(weights.of, a.words)) + sum(map(weights.of, b.words))
    lost = sum(map(weights.of, only_a)) + sum(map(weights.of, only_b))
    likeness = max(0.0, 1 - lost / total) if total else 0.0
    more_a, more_b = only_a - GENERIC_TERMS, only_b - GENERIC_TERMS
    if not (a.content & b.content) and not slips:
        return 0.0, ()
    score, code = _NEAR_NAME, "near_spelling" if slips else "same_words"
    if more_a and more_b:
        score, code = min(_CONTRADICTION, likeness), "some_words_shared"
    elif more_a or more_b:
        # A Chinese name is fixed by the ministry: one word more is another institution.
        score, code = min(_CONTRADICTION if a.han else _ONE_SAYS_MORE, likeness), "one_says_more"
    else:
        score *= 0.9 + 0.1 * likeness
    if _other_kind(a, b, only_a, only_b):
        kind_score, kind = _ranks(score * _OTHER_RANK, a, b, Reason(code, names), across=False)
        return kind_score, (*kind, Reason("other_kind", names))
    return _ranks(score, a, b, Reason(code, names), across=False)


def _other_kind(a: Name, b: Name, only_a: set[str], only_b: set[str]) -> bool:
    """Whether generic words tell two kinds of school apart: vocational or not, technical or polytechnic."""
    if a.han:
        return a.vocational != b.vocational or (not a.vocational and "技术" in only_a | only_b)
    return bool(only_a & _KINDS and only_b & _KINDS)


def _ranks(score: float, a: Name, b: Name, reason: Reason, *, across: bool) -> tuple[float, tuple[Reason, ...]]:
    """What level words, numbers and a body inside another say about names that are otherwise alike."""
    reasons = [reason]
    if a.numbers != b.numbers:
        score *= _OTHER_NUMBER
        numbers = {"left": " ".join(sorted(a.numbers)), "right": " ".join(sorted(b.numbers))}
        reasons.append(Reason("other_number", numbers))
    if a.inside_another != b.inside_another:
        score *= _PART_OF
        reasons.append(Reason("part_of", {"left": a.text, "right": b.text}))
    elif a.level and b.level and not _ranks_agree(a.level, b.level, across=across):
        levels = {"left": a.level, "right": b.level}
        if "academy" in levels.values() or "centre" in levels.values():
            score *= _OTHER_RANK
            reasons.append(Reason("other_kind", {"left": a.text, "right": b.text}))
        else:
            score = score * 0.93 if across else min(score, _RENAMED)
            reasons.append(Reason("maybe_renamed", levels))
    return score, tuple(reasons)


def _ranks_agree(left: str, right: str, *, across: bool) -> bool:
    """Whether two level words may name one level: translations use institute for all of them."""
    if left == right or {left, right} == {"college", "institute"}:
        return True
    return across and "institute" in (left, right) and "school" not in (left, right)


def _differences(a: Name, b: Name) -> tuple[set[str], set[str], int]:
    """Words only one of two names has, and how many pairs of words differ by a slip of the pen."""
    only_a, only_b = set(a.words - b.words), set(b.words - a.words)
    slips = 0
    if a.han:
        return only_a - {"市", "省"}, only_b - {"市", "省"}, 0
    for word in list(only_a):
        for other in only_b:
            # Henan and Hunan are one letter apart and two provinces: short words must be equal.
            near = len(word) > 4 and len(other) > 4 and word[0] == other[0]
            if near and Levenshtein.normalized_similarity(word, other) >= _FUZZY and word not in PLACES:
                only_a.discard(word)
                only_b.discard(other)
                slips += 1
                break
    for one, others in ((only_a, only_b), (only_b, only_a)):
        for glued in list(one):
            # A missing blank: TVETSCHOOL.
            parts = {part for part in others if part in glued}
            if len(parts) > 1 and sorted("".join(parts)) == sorted(glued):
                one.discard(glued)
                others -= parts
    return only_a, only_b, slips


def _two_scripts(han: Name, latin: Name, weights: Weights) -> tuple[float, tuple[Reason, ...]]:
    """A Chinese name against one in Latin letters, by the words and the pinyin that may stand for it."""
    words = set(latin.words)
    explained: set[str] = set()
    total = covered = 0.0
    spelt, spelling = _spelt(han, words)
    explained |= spelling
    telling = False
    for place, term in enumerate(han.terms):
        weight = 0.3 if term.kind in ("level", "generic") else max(1.0, weights.of(term.text))
        total += weight
        hit = term.english & words
        explained |= hit
        if hit or place in spelt:
            covered += weight * (_LOOSE if hit and term.usual not in hit else 1.0)
            telling = telling or term.kind in ("place", "sign", "subject")
    for word in words:
        weight = 0.3 if word in GENERIC and word not in _TELLING else max(2.0, weights.of(word))
        total += weight
        covered += weight if word in explained else 0.0
    if not telling:
        return 0.0, ()
    score = _ACROSS_SCRIPTS * covered / total
    if latin.vocational and not han.vocational:
        score *= _OTHER_RANK
    elif han.vocational and not latin.vocational:
        score *= 0.85 if latin.level == "university" else 0.95
    reason = Reason("same_in_translation", {"left": han.text, "right": latin.text})
    return _ranks(score, han, latin, reason, across=True)


def _spelt(han: Name, words: set[str]) -> tuple[set[int], set[str]]:
    """The places of characters outside the glossary that words spell in pinyin, and those words."""
    places: set[int] = set()
    spelling: set[str] = set()
    for start in range(len(han.syllables)):
        spelt = ""
        for end in range(start, len(han.syllables)):
            if not han.syllables[end]:
                break
            spelt += han.syllables[end]
            if spelt in words and (end > start or len(spelt) > 3):
                spelling.add(spelt)
                places.update(range(start, end + 1))
    return places, spelling
