"""The marks of every target for one query: how far titles, texts, classifications and memory agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .groups import CUTS, closeness, likely_groups
from .items import Item
from .reading import Reading
from .space import Numbers, Space
from .text import grams, plain_title, words

NAMES = (
    "text_grams",  # all of the query against all of the target, by runs of characters
    "text_words",  # the same by stems
    "names_words",  # the titles of the query against all of the target
    "label_title_grams",  # the title of the query against the first title of the target
    "label_best_words",  # ... against the best of all its titles
    "label_best_grams",
    "alternates_best",  # the best of the query's other titles against the best title of the target
    "alternates_mean",
    "description",  # description against description
    "group",  # the target lies in a group the query's classification leads to
    "group_above",
    "group_broad",
    "residual",  # a target for what has no place of its own
    "siblings",  # how well the target's closest group fits as a whole
    "siblings_above",
)
_RESIDUAL = ("all other", "not elsewhere classified", "n.e.c", "not otherwise specified")
# Runs of characters cost more than stems: only the likeliest readings of a title are compared by them.
_READINGS_BY_GRAMS = 4
# Among more targets than this, runs of characters that are common are counted for those only that words and the
# rarer runs have put in front. So many are put in front; far fewer are ever shown.
_MANY = 5000
_IN_FRONT = 200
_COMMON = 0.01
_PUTS_IN_FRONT = ("text_grams", "text_words", "label_best_words", "label_best_grams", "alternates_best", "description")


class Targets:
    """The targets made ready: their words in spaces, their titles one by one, their groups."""

    def __init__(self, items: Sequence[Item], scheme: str) -> None:
        self.items = items
        self.scheme = scheme
        self.titles: list[str] = []
        starts: list[int] = []
        for item in items:
            starts.append(len(self.titles))
            own = dict.fromkeys(plain_title(title) for title in (item.label, *item.alternates) if title)
            self.titles.extend(own or [item.id])
        self.starts = np.array(starts, dtype=np.intp)
        self.owners = np.repeat(np.arange(len(items)), np.diff(self.starts, append=len(self.titles)))
        texts = [" ".join((item.label, *item.alternates, item.description)) for item in items]
        self.text_words = Space([words(text) for text in texts])
        self.many = len(items) > _MANY
        common = _COMMON if self.many else 1.0
        self.text_grams = Space([grams(text) for text in texts], least=2, common=common)
        self.title_words = Space([words(title) for title in self.titles])
        self.title_grams = Space([grams(title) for title in self.titles], common=common)
        self.descriptions = Space([words(item.description or item.label) for item in items])
        self.residual = np.array(
            [any(said in item.label.lower() for said in _RESIDUAL) for item in items], dtype=np.float32
        )
        self.codes = [item.codes.get(scheme, "") for item in items]
        self.known_codes, self.code_places = np.unique(self.codes, return_inverse=True)
        close, above, _ = CUTS.get(scheme, (0, 0, 0))
        self.sibling_means = [self._means(cut) for cut in (close, above)] if scheme else []
        self._by_groups: dict[tuple[str, ...], Numbers] = {}

    def _means(self, cut: int) -> tuple[np.ndarray, sparse.csr_matrix]:
        """Return for each target the place of its group, and the matrix that averages over groups."""
        groups = [code[:cut] or f"alone {place}" for place, code in enumerate(self.codes)]
        names, places = np.unique(groups, return_inverse=True)
        counts = np.bincount(places)
        matrix = sparse.csr_matrix(
            (1 / counts[places], (places, np.arange(len(places)))), shape=(len(names), len(places))
        )
        return places, matrix

    def marks(self, query: Item, reading: Reading) -> Numbers:
        """Return the marks of all targets: shape (targets, len(NAMES)); cosines lie between 0 and 1."""
        count = len(self.items)
        found = dict.fromkeys(NAMES, np.zeros(count, dtype=np.float32))
        found["text_words"], found["names_words"] = self.text_words.near(
            [reading.terms(True), reading.name_terms(True)]
        )
        if reading.description:
            found["description"] = self.descriptions.near([Counter(words(reading.description))])[0]
        self._mark_titles(reading, found)
        self._mark_grams(reading, found)
        if self.scheme:
            self._mark_groups(query, found)
        found["residual"] = self.residual
        # By mark in memory: that is how they were found, and how they are weighed.
        return np.stack([found[name] for name in NAMES]).T

    def _mark_titles(self, reading: Reading, found: dict[str, Numbers]) -> None:
        labels, others = reading.labels, reading.alternates
        rows = self.title_words.rows([Counter(words(title)) for title in (*labels, *others)])
        near = self.title_words.touched(rows)
        found["label_best_words"] = near.likeliest(len(labels)).by_owner(self.owners, len(self.items))[0]
        if others:
            best = near.by_owner(self.owners, len(self.items))[len(labels) :]
            found["alternates_best"] = best.max(axis=0)
            found["alternates_mean"] = best.mean(axis=0)

    def _mark_grams(self, reading: Reading, found: dict[str, Numbers]) -> None:
        """Compare runs of characters: whole texts, and the likeliest readings of the title with every title."""
        text = self.text_grams.rows([reading.terms(False)])
        found["text_grams"] = self.text_grams.near_rows(text)[0]
        labels = self.title_grams.rows([Counter(grams(title)) for title in reading.labels[:_READINGS_BY_GRAMS]])
        near = self.title_grams.touched(labels)
        nearest = near.likeliest(len(near.near))
        found["label_best_grams"] = nearest.by_owner(self.owners, len(self.items))[0]
        found["label_title_grams"] = nearest.of(self.starts)[0]
        if not self.many:
            return
        rough = sum((found[name] for name in _PUTS_IN_FRONT[1:]), found[_PUTS_IN_FRONT[0]])
        front = np.sort(np.argpartition(-rough, _IN_FRONT)[:_IN_FRONT])
        titles, starts = self._titles_of(front)
        best = (near.of(titles) + self.title_grams.common(labels, titles)).max(axis=0)
        found["text_grams"][front] += self.text_grams.common(text, front)[0]
        found["label_best_grams"][front] = np.maximum.reduceat(best, starts)
        found["label_title_grams"][front] = best[starts]

    def _titles_of(self, places: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the places of all titles of these targets, and where in them each target's titles begin."""
        first = self.starts[places]
        counts = np.append(self.starts, len(self.titles))[places + 1] - first
        starts = np.cumsum(counts) - counts
        return np.arange(counts.sum()) + np.repeat(first - starts, counts), starts

    def _mark_groups(self, query: Item, found: dict[str, Numbers]) -> None:
        groups = likely_groups(query.codes, self.scheme)
        if groups not in self._by_groups:
            rated = [closeness(code, groups, self.scheme) if code else (0, 0, 0) for code in self.known_codes]
            self._by_groups[groups] = np.array(rated, dtype=np.float32)[self.code_places]
        lying = self._by_groups[groups]
        found["group"], found["group_above"], found["group_broad"] = lying[:, 0], lying[:, 1], lying[:, 2]
        fit = found["text_words"] + found["label_best_grams"] + found["alternates_mean"]
        for name, (places, means) in zip(("siblings", "siblings_above"), self.sibling_means, strict=True):
            found[name] = np.asarray(means @ fit, dtype=np.float32)[places]
