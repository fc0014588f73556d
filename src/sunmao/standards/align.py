"""The alignment engine: for an item of one standard, its likely counterparts in another, and why.

It proposes; people of both authorities confirm, correct or reject. A proposal never feeds a decision. In one
language it weighs stems, runs of characters, titles and descriptions against each other, with the groups of
the classifications as neighbours; from Chinese it renders by glossary and dictionary first; from Russian,
Uzbek and others it reads what confirmed rows and parallel texts have taught it. Every confirmed row is
remembered. Pure: numbers and texts only.

    aligner = Aligner().fit(targets, confirmed=[(item, target_id), ...])
    for proposal in aligner.propose(item, k=5): ...
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .alignment.chinese import Chinese
from .alignment.confidence import calibrated, certainties, measured, slices
from .alignment.groups import CUTS
from .alignment.items import Item, Proposal, Reason, Slice
from .alignment.learned import Lexicon, Memory, source_words
from .alignment.marks import Targets
from .alignment.reading import Reading, read
from .alignment.reasons import reasons_for
from .alignment.text import script_of
from .alignment.weights import (
    ACROSS,
    ACROSS_CERTAINTY,
    BARE,
    BARE_CERTAINTY,
    LIKE_CONFIRMED,
    LIKENESS_POWER,
    SAME_GROUP_CONFIRMED,
    WITHIN,
    WITHIN_CERTAINTY,
    as_array,
)

__all__ = ["Aligner", "Item", "Proposal", "Reason", "Slice"]

_LABELS_LOOKED_AT = 200


class Aligner:
    """Targets made ready, what was learned about them, and the proposing of counterparts among them."""

    def __init__(self, *, chinese: Chinese | None = None) -> None:
        self._chinese = chinese
        self._bands: list[Slice] = []

    def fit(
        self,
        targets: Iterable[Item],
        *,
        confirmed: Iterable[tuple[Item, str]] = (),
        parallel: Iterable[tuple[Item, Item]] = (),
    ) -> Self:
        """Make `targets` ready and learn from what is known; returns the aligner itself.

        `confirmed` holds rows people accepted as (source item, id of its target), several targets for one
        source as several rows; rows to unknown ids are left out. `parallel` holds items that say the
        same, first in the language of the queries, then in that of the targets. Raises ValueError without targets
        or where two share an id.
        """
        self.targets = list(targets)
        if not self.targets:
            raise ValueError("There is nothing to align to: no targets were given.")
        self._places = {item.id: place for place, item in enumerate(self.targets)}
        if len(self._places) != len(self.targets):
            raise ValueError("Two targets have the same id.")
        self._script = _script(self.targets)
        self._ready = Targets(self.targets, _scheme(self.targets))
        rows = [(item, self._places[target]) for item, target in confirmed if target in self._places]
        self._memory = Memory(rows, self.targets)
        pairs = [(source_words(item), source_words(self.targets[place])) for item, place in rows]
        pairs += [(source_words(one), source_words(other)) for one, other in parallel]
        self._lexicon = Lexicon(pairs, self._ready.text_words.places)
        self._bands = []
        return self

    def scores(self, item: Item) -> NDArray[np.float64]:
        """Return the score of every target for `item`, in the order the targets were given."""
        return self._score(item, self._read(item))

    def certainties(self, item: Item, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return for every target how sure it is, from its score: the share of proposals like it that were right among
        the judged pairs the engine was fitted on. They need not add up to one."""
        return calibrated(certainties(scores), self._weighing(item)[1])

    def rank(self, item: Item) -> list[str]:
        """Return the ids of all targets, the likeliest counterpart of `item` first."""
        order = np.argsort(-self.scores(item), kind="stable")
        return [self.targets[place].id for place in order]

    def propose(self, item: Item, k: int = 5) -> list[Proposal]:
        """Return the `k` likeliest counterparts of `item`, the best first, each with its reasons."""
        reading = self._read(item)
        scores = self._score(item, reading)
        chances = self.certainties(item, scores)
        alike = self._memory.likeness(item)
        return [
            Proposal(
                target=self.targets[place],
                score=float(scores[place]),
                why=reasons_for(item, reading, self._ready, int(place), self._memory, alike),
                confidence=measured(float(chances[place]), self._bands),
            )
            for place in np.argsort(-scores, kind="stable")[:k]
        ]

    def calibrate(self, gold: Iterable[tuple[Item, Collection[str]]]) -> list[Slice]:
        """Measure first proposals against judged rows: (item, ids of its right targets); returns the bands.

        From then on the confidence of a proposal is the precision measured at its certainty. The rows must
        not be among those the aligner was fitted with as confirmed: it would recognise them.
        """
        judged: list[tuple[float, bool]] = []
        for item, right in gold:
            chances = self.certainties(item, self.scores(item))
            best = int(chances.argmax())
            judged.append((float(chances[best]), self.targets[best].id in right))
        self._bands = slices(judged)
        return self._bands

    def _read(self, item: Item) -> Reading:
        if self._chinese is None and script_of(item.label) == "zh" and self._script != "zh":
            self._chinese = Chinese()
        chinese = self._chinese or Chinese({}, {})
        return read(item, chinese, self._lexicon, render=self._script != "zh")

    def _weighing(self, item: Item) -> tuple[Mapping[str, float], tuple[float, float]]:
        """Return the weights for an item like this, and what its chances are worth."""
        if script_of(item.label) != self._script:
            return ACROSS, ACROSS_CERTAINTY
        return (WITHIN, WITHIN_CERTAINTY) if item.alternates or item.description else (BARE, BARE_CERTAINTY)

    def _score(self, item: Item, reading: Reading) -> NDArray[np.float64]:
        scores = self._ready.marks(item, reading) @ as_array(self._weighing(item)[0])
        alike, share = self._memory.marks(item)
        learned = LIKE_CONFIRMED * alike**LIKENESS_POWER + SAME_GROUP_CONFIRMED * share
        return np.asarray(scores + learned, dtype=np.float64)


def _script(items: Sequence[Item]) -> str:
    """Return the script most of the first labels are written in."""
    return Counter(script_of(item.label) for item in items[:_LABELS_LOOKED_AT]).most_common(1)[0][0]


def _scheme(items: Sequence[Item]) -> str:
    """Return the classification most of the items are placed in, "" where there is none."""
    found = Counter(scheme for item in items for scheme, code in item.codes.items() if scheme in CUTS and code)
    return found.most_common(1)[0][0] if found else ""
