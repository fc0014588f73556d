"""What confirmed rows and parallel texts teach: which target a like text went to, and which words pair up.

Nothing here is guessed from the queries of the moment; only what people confirmed, or what a catalogue
itself says in two languages, is counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence

import numpy as np

from .groups import CUTS
from .items import Item
from .space import Numbers, Space
from .text import words

_PAIRS_KEPT = 4
_LEAST_ASSOCIATION = 0.25


def source_words(item: Item) -> list[str]:
    """Return the words of an item in its own language, its titles counted twice."""
    titles = " ".join((item.label, *item.alternates))
    return words(f"{titles} {titles} {item.description} {item.context}", item.language)


class Lexicon:
    """A dictionary counted from pairs of texts: for a word of one side the words that come with it.

    The association of two words is the Dice coefficient over the pairs, 2·both / (one + other), lowered
    for pairs seen once only. Words in `known` are those the targets use themselves; they need no rendering.
    """

    def __init__(self, pairs: Sequence[tuple[Sequence[str], Sequence[str]]], known: Container[str] = ()) -> None:
        left: Counter[str] = Counter()
        right: Counter[str] = Counter()
        both: dict[str, Counter[str]] = defaultdict(Counter)
        for one, other in pairs:
            left.update(set(one))
            right.update(set(other))
            for word in sorted(set(one)):
                if word in known:
                    continue
                both[word].update(set(other))
        self.renderings: dict[str, tuple[tuple[str, float], ...]] = {}
        for word, found in both.items():
            rated = [
                (said, 2 * count / (left[word] + right[said]) * count / (count + 0.5)) for said, count in found.items()
            ]
            kept = sorted((r for r in rated if r[1] >= _LEAST_ASSOCIATION), key=lambda r: (-r[1], r[0]))
            if kept:
                self.renderings[word] = tuple(kept[:_PAIRS_KEPT])

    def render(self, terms: Sequence[str]) -> dict[str, float]:
        """Return the words learned for `terms`, each with its weight."""
        found: dict[str, float] = {}
        for term in set(terms):
            for said, association in self.renderings.get(term, ()):
                found[said] = max(found.get(said, 0.0), association)
        return found


class Memory:
    """The confirmed rows: sources by their words, and how groups of one scheme went to groups of another."""

    def __init__(self, rows: Sequence[tuple[Item, int]], targets: Sequence[Item]) -> None:
        self.rows = [(item, place) for item, place in rows]
        self.places = np.array([place for _, place in rows], dtype=np.intp)
        self.space = Space([source_words(item) for item, _ in rows]) if rows else None
        self.target_count = len(targets)
        self._went: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        for item, place in rows:
            for key in _group_keys(item.codes):
                self._went[key][place] += 1

    def likeness(self, query: Item) -> Numbers:
        """Return for every confirmed row how like its source is to `query`, between 0 and 1."""
        if self.space is None:
            return np.zeros(0, dtype=np.float32)
        return self.space.near([Counter(source_words(query))])[0]

    def marks(self, query: Item) -> tuple[Numbers, Numbers]:
        """Return for every target the best likeness of a confirmed source, and its share of the same group."""
        alike = np.zeros(self.target_count, dtype=np.float32)
        share = np.zeros(self.target_count, dtype=np.float32)
        if self.space is not None:
            np.maximum.at(alike, self.places, self.likeness(query))
            for key in _group_keys(query.codes):
                went = self._went.get(key)
                if went:
                    total = sum(went.values()) + 1
                    for place, count in went.items():
                        share[place] = max(share[place], count / total)
        return alike, share


def _group_keys(codes: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(scheme, code[: CUTS[scheme][0]]) for scheme, code in codes.items() if scheme in CUTS and code]
