"""Possible duplicates among organisations, with a score and the reasons for it.

The register meets the same institution in files nobody here wrote: under an English name in one, a Chinese
one in the other, before and after it was renamed. This module points such pairs out to a person; it merges
nothing. It knows neither the database nor the web.

An `Index` first looks up who shares an identifier, a website, a whole name or a telling word, and then
compares only those. The score runs from 0 to 1: `CERTAIN` and above may be taken as the same institution,
`POSSIBLE` and above is worth a look, less is not shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from rapidfuzz import fuzz, process

from sunmao.directory.comparing import Profile, Reason, Weights, compare
from sunmao.directory.naming import Name, chinese_place, fold_place, read_name

CERTAIN = 0.9
"""From here on a person who looks will practically always confirm the match."""

POSSIBLE = 0.6
"""From here on a pair is shown to a person; below it stays silent."""

MARGIN = 0.1
"""How far behind the best match another one may lie and still be shown beside it."""

_COMPARED = 40
_COMMON = 250
_RARE = 2
_NEAR_SPELLING = 85


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation as far as it matters here.

    `key` is the caller's own (a row id or a line number); `names` are all its names in any language;
    `country` is ISO 3166-1 alpha-2; `ids` are outside identifiers by scheme, such as {"ror": "01j1rma10"};
    `lat` and `lng` are degrees (WGS 84).
    """

    key: str
    names: tuple[str, ...]
    country: str | None = None
    city: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    website: str | None = None
    lat: float | None = None
    lng: float | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A candidate that may be the same organisation: its key, the score in 0–1, and why."""

    key: str
    score: float
    reasons: tuple[Reason, ...]


class Index:
    """Organisations arranged so that those which may equal another are found without reading all.

    Memory is about 3 KB per organisation; a look-up compares at most 40 of them.
    """

    def __init__(self, candidates: Iterable[Candidate] = ()) -> None:
        self._profiles: dict[str, Profile] = {}
        self._by_id: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._by_host: dict[str, set[str]] = defaultdict(set)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._by_city: dict[str, set[str]] = defaultdict(set)
        self._by_word: dict[str, dict[str, None]] = defaultdict(dict)
        self._weights = Weights()
        self._spellings: dict[str, list[str]] = defaultdict(list)
        for candidate in candidates:
            self.add(candidate)

    def __len__(self) -> int:
        return len(self._profiles)

    def add(self, candidate: Candidate) -> None:
        """Take one more organisation in. Raises ValueError where its key is taken already."""
        if candidate.key in self._profiles:
            raise ValueError(f"the key {candidate.key!r} is taken")
        profile = profile_of(candidate)
        self._profiles[candidate.key] = profile
        for identity in profile.ids.items():
            self._by_id[identity].add(candidate.key)
        if profile.host:
            self._by_host[profile.host].add(candidate.key)
        for name in profile.names:
            self._by_name[name.key].add(candidate.key)
        if profile.city:
            self._by_city[profile.city].add(candidate.key)
        words = {word for name in profile.names for word in name.words}
        self._weights.count(words)
        for word in profile.handles:
            if word not in self._by_word and len(word) >= 5:
                self._spellings[word[0]].append(word)
            self._by_word[word][candidate.key] = None

    def score(self, candidate: Candidate, key: str) -> Match:
        """Compare a candidate with the one kept under `key`, however unlike they are."""
        score, reasons = compare(profile_of(candidate), self._profiles[key], self._weights)
        return Match(key, round(score, 3), reasons)

    def matches(self, candidate: Candidate, limit: int = 3) -> list[Match]:
        """At most `limit` organisations that may be the candidate itself, the likeliest first.

        The candidate's own key is passed over. Beside a certain match the merely possible ones are left
        out: an institution that has been found is not looked for elsewhere.
        """
        found = self._search(candidate.key, profile_of(candidate), self._weights)
        return [match for match in found if match.score >= _floor(found[0].score)][:limit]

    def _search(self, own_key: str, profile: Profile, weights: Weights) -> list[Match]:
        """All possible matches, the likeliest first."""
        found = []
        for key in self._likely(profile, own_key):
            score, reasons = compare(profile, self._profiles[key], weights)
            if score >= POSSIBLE:
                found.append(Match(key, round(score, 3), reasons))
        found.sort(key=lambda match: (-match.score, match.key))
        return found

    def match_file(self, rows: Iterable[Candidate], limit: int = 3) -> dict[str, list[Match]]:
        """The possible duplicates here of every row of one file, by the row's key.

        The words of the file are weighed with those of the register. A file seldom names an institution
        twice, so rows that fit one entry of the register compete for it: what is certain is settled first,
        then what lies clearly behind the best for the row or for the entry is dropped. Rows without a match
        have an empty list.
        """
        profiles = {row.key: profile_of(row) for row in rows}
        weights = self._weights.copy()
        for profile in profiles.values():
            weights.count({word for name in profile.names for word in name.words})
        found = {key: self._search(key, profile, weights) for key, profile in profiles.items()}
        found = _without_taken(found)
        best: dict[str, float] = defaultdict(float)
        for matches in found.values():
            for match in matches:
                best[match.key] = max(best[match.key], match.score)
        return {
            key: [m for m in matches if m.score >= _floor(max(best[m.key], matches[0].score))][:limit]
            for key, matches in found.items()
        }

    def _likely(self, profile: Profile, own_key: str) -> list[str]:
        """Keys worth comparing: those that share an identifier, website or whole name, and the nearest."""
        sure: dict[str, None] = {}
        for identity in profile.ids.items():
            sure.update(dict.fromkeys(self._by_id.get(identity, ())))
        if profile.host:
            sure.update(dict.fromkeys(self._by_host.get(profile.host, ())))
        for name in profile.names:
            sure.update(dict.fromkeys(self._by_name.get(name.key, ())))
        shared: dict[str, float] = defaultdict(float)
        for word in profile.handles:
            for near in self._spelt_like(word):
                holders = self._by_word[near]
                if len(holders) > max(_COMMON, len(self) // 20):
                    continue
                weight = self._weights.of(near)
                for key in holders:
                    shared[key] += weight
        for key in self._by_city.get(profile.city or "", ()):
            # Words shared in translation are many and loose; of those rows the ones in the same city lead.
            if key in shared:
                shared[key] *= 2
        nearest = [
            key
            for key, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))
            if not profile.country or self._profiles[key].country in (None, profile.country)
        ]
        sure.update(dict.fromkeys(nearest[:_COMPARED]))
        sure.pop(own_key, None)
        return list(sure)

    def _spelt_like(self, word: str) -> list[str]:
        """The known words to look under: the word itself, and for a rare one those a slip of the pen away."""
        known = word in self._by_word
        if len(word) < 5 or word.isdigit() or (known and len(self._by_word[word]) > _RARE):
            return [word] if known else []
        near = process.extract(
            word, self._spellings.get(word[0], ()), scorer=fuzz.ratio, score_cutoff=_NEAR_SPELLING, limit=4
        )
        return [spelling for spelling, _, _ in near]


def _without_taken(found: dict[str, list[Match]]) -> dict[str, list[Match]]:
    """The same without merely possible matches of a row, or with an entry, that has a certain one."""
    taken = {m.key for matches in found.values() for m in matches if m.score >= CERTAIN}
    return {
        key: [m for m in matches if m.score >= CERTAIN or (m.key not in taken and matches[0].score < CERTAIN)]
        for key, matches in found.items()
    }


def _floor(best: float) -> float:
    """The score below which a match is not shown beside the best one."""
    return CERTAIN if best >= CERTAIN else best - MARGIN


def duplicates_within(candidates: Iterable[Candidate], limit: int = 3) -> Iterator[tuple[str, Match]]:
    """Rows of one file that may be the same organisation, each pair once, the later row first."""
    rows = list(candidates)
    index = Index(rows)
    order = {row.key: place for place, row in enumerate(rows)}
    for row in rows:
        for match in index.matches(row, limit):
            if order[match.key] < order[row.key]:
                yield row.key, match


def profile_of(candidate: Candidate) -> Profile:
    """The candidate with its names read, its city folded and its website cut down to the host."""
    names = {name.key: name for text in candidate.names if (name := read_name(text)).key}
    if all(name.acronym for name in names.values()):
        # Where an acronym is all there is, it is the name.
        names = {key: replace(name, acronym=False) for key, name in names.items()}
    return Profile(
        names=tuple(names.values()),
        country=(candidate.country or "").upper() or None,
        city=fold_place(candidate.city),
        chinese_city=chinese_place(candidate.city),
        ids={scheme: value.strip().casefold() for scheme, value in candidate.ids.items() if value.strip()},
        host=_host(candidate.website),
        place=None if candidate.lat is None or candidate.lng is None else (candidate.lat, candidate.lng),
        handles=frozenset(word for name in names.values() for word in _handles(name)),
    )


def _host(website: str | None) -> str | None:
    """The registered host of a website without www and language prefixes; None where there is none."""
    if not website:
        return None
    host = urlsplit(website if "//" in website else f"//{website}").hostname or ""
    for prefix in ("www.", "www2.", "en.", "english.", "e."):
        host = host.removeprefix(prefix)
    return host or None


def _handles(name: Name) -> Iterator[str]:
    """Words by which a name is looked up: its own, and for Chinese the Latin words that may stand for it."""
    if name.acronym:
        return
    yield from name.words
    if not name.han:
        return
    for term in name.terms:
        if term.kind in ("place", "subject"):
            yield from term.english
    spelt: list[str] = []
    for syllable in (*name.syllables, ""):
        if syllable:
            spelt.append(syllable)
            continue
        for start in range(len(spelt)):
            for end in range(start + 2, min(start + 4, len(spelt)) + 1):
                yield "".join(spelt[start:end])
        spelt = []
