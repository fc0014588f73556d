"""Every home programme against every target at once: which outcomes are missing where, one bit an outcome.

A cell holds the least completion of the target's requirement for whoever completed the home programme and brings
nothing else: for a requirement of all its outcomes simply those that no counting row covers. Rows count as in
`coverage`; credits, levels and institutions are not looked at here, that is for a decision. A changed row changes
one bit of one cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sunmao.recognition.coverage import Parties, settle
from sunmao.recognition.facts import CrosswalkRow, ProgrammeVersion
from sunmao.recognition.tree import LimitExceeded, bits, completion

Words = NDArray[np.uint64]
WORD = 64  # outcomes in one word of a cell


@dataclass(frozen=True, slots=True)
class Home:
    """A completed programme: the outcomes its holders have shown for certain, and how many learners there are."""

    key: str
    country: str
    shown: frozenset[str]
    learners: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """Whose rows count from one country towards a target, and whether close ones do."""

    parties: Parties
    host_only: bool = False
    close_counts: bool = False

    @property
    def accepted(self) -> frozenset[str]:
        return self.parties.competent if self.host_only else self.parties.either


class Rows(Protocol):
    """Rows by the key of their target outcome: a mapping, or what reads them target by target."""

    def get(self, outcome: str, default: Sequence[CrosswalkRow] = ..., /) -> Sequence[CrosswalkRow]: ...


def fill(needed: Words, homes: int, slots: NDArray[np.int64], starts: NDArray[np.int64], masks: Words) -> Words:
    """Return a matrix of `homes` copies of `needed` (targets × words) without what is covered.

    `masks` are what counting rows cover, word by word of the matrix; `slots` are the words' flat indices, each once,
    and `starts` where the masks of each begin.
    """
    missing: Words = np.empty((homes, *needed.shape), np.uint64)
    missing[:] = needed
    if len(slots):
        missing.reshape(-1)[slots] &= ~np.bitwise_or.reduceat(masks, starts)
    return missing


class Matrix:
    """All pairs of `homes` and `targets`; `missing` is homes × targets × words of 64 outcomes, in the order of a
    target's compiled requirement.

    `rule` says for a home country and a target which rows count, `holds` whether a row does on the day asked about.
    """

    def __init__(
        self,
        homes: Iterable[Home],
        targets: Iterable[ProgrammeVersion],
        rows: Rows,
        rule: Callable[[str, ProgrammeVersion], Rule],
        holds: Callable[[CrosswalkRow], bool] = lambda row: True,
    ) -> None:
        self.homes, self.targets = tuple(homes), tuple(targets)
        self._rule, self._holds = rule, holds
        self._rules: dict[tuple[str, int], Rule] = {}
        self._home_of = {outcome: h for h, home in enumerate(self.homes) for outcome in home.shown}
        self._place = {o: (t, i) for t, target in enumerate(self.targets) for o, i in target.compiled.bit.items()}
        self.words = -(-max((len(t.compiled.outcomes) for t in self.targets), default=1) // WORD) or 1
        self._plain = [_asks_all(target) for target in self.targets]
        self.covered: dict[tuple[int, int], int] = {}
        self._least = [self._completion(t, 0) for t in range(len(self.targets))]
        self.needed = self.as_words(self._least)
        self.critical = self.as_words([target.compiled.critical for target in self.targets])
        self.slots, self.starts, self.masks = self._compiled(rows)
        self.missing = fill(self.needed, len(self.homes), self.slots, self.starts, self.masks)
        self._settle_cells()

    def _compiled(self, rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64], Words]:
        """Return what counting rows cover: slots in order, where each begins, and the bits."""
        slots: list[int] = []
        places: list[int] = []
        width = len(self.targets)
        for outcome, (t, i) in self._place.items():
            word, place = divmod(i, WORD)
            for h in self._covering(outcome, rows.get(outcome, ())):
                slots.append((h * width + t) * self.words + word)
                places.append(place)
        found = np.array(slots, np.int64)
        order = np.argsort(found, kind="stable")
        found = found[order]
        starts = np.flatnonzero(np.diff(found, prepend=-1))
        return found[starts], starts, np.uint64(1) << np.array(places, np.uint64)[order]

    def _settle_cells(self) -> None:
        """Keep what is covered of each cell, and complete exactly where a requirement leaves a choice."""
        if not len(self.slots):
            return
        masks = np.bitwise_or.reduceat(self.masks, self.starts).tolist()
        for slot, mask in zip(self.slots.tolist(), masks, strict=True):
            cell, word = divmod(slot, self.words)
            pair = divmod(cell, len(self.targets))
            self.covered[pair] = self.covered.get(pair, 0) | mask << WORD * word
        for h, t in self.covered:
            if not self._plain[t]:
                self._write(h, t)

    def _covering(self, outcome: str, rows: Iterable[CrosswalkRow]) -> set[int]:
        """Return the homes that cover a target outcome, through these rows or because it is their own."""
        own, t = self._home_of.get(outcome), self._place[outcome][0]
        found = set() if own is None else {own}
        groups: dict[frozenset[str], tuple[int, list[CrosswalkRow]]] = {}
        for row in rows:
            h = self._home(row.sources)
            if h is not None and row.authority in self._rule_for(h, t).accepted and self._holds(row):
                groups.setdefault(row.sources, (h, []))[1].append(row)
        for h, said in groups.values():
            rule = self._rule_for(h, t)
            if settle(said, rule.parties.competent, rule.close_counts, False).counting:
                found.add(h)
        return found

    def _home(self, sources: frozenset[str]) -> int | None:
        """Return the one home that has shown all of these, if there is one."""
        if len(sources) == 1:
            (outcome,) = sources
            return self._home_of.get(outcome)
        found = {self._home_of.get(outcome) for outcome in sources}
        return found.pop() if len(found) == 1 else None

    def _rule_for(self, h: int, t: int) -> Rule:
        key = self.homes[h].country, t
        if key not in self._rules:
            self._rules[key] = self._rule(key[0], self.targets[t])
        return self._rules[key]

    def _completion(self, t: int, covered: int) -> int:
        """Return the least completion as bits, every block of credits taken as met."""
        tree = self.targets[t].compiled
        everything = (1 << len(tree.outcomes)) - 1
        if self._plain[t]:
            return everything & ~covered
        try:
            return completion(tree, covered, (1 << len(tree.blocks)) - 1).outcomes
        except LimitExceeded:
            return everything & ~covered

    def as_words(self, masks: Sequence[int]) -> Words:
        """Return masks of outcomes as rows of words."""
        wide = [[mask >> WORD * w & (1 << WORD) - 1 for w in range(self.words)] for mask in masks]
        return np.array(wide, np.uint64).reshape(len(masks), self.words)

    def _write(self, h: int, t: int) -> None:
        mask = self._completion(t, self.covered.get((h, t), 0))
        for word in range(self.words):
            self.missing[h, t, word] = mask >> WORD * word & (1 << WORD) - 1

    def update(self, changed: CrosswalkRow, rows: Iterable[CrosswalkRow]) -> None:
        """Bring the cell of one changed row up to date; `rows` are all that now stand towards its target outcome.

        Same as computing everything again. A row of programmes that are not in the matrix changes nothing.
        """
        h, at = self._home(changed.sources), self._place.get(changed.target)
        if h is None or at is None:
            return
        t, i = at
        own = [row for row in rows if self._home(row.sources) == h]
        before = self.covered.get((h, t), 0)
        after = before | 1 << i if h in self._covering(changed.target, own) else before & ~(1 << i)
        if after != before:
            self.covered[h, t] = after
            self._write(h, t)

    def lacking(self, h: int, t: int) -> tuple[str, ...]:
        """Return the outcomes missing in one cell, by their keys."""
        tree = self.targets[t].compiled
        return tuple(tree.outcomes[i] for i in bits(self.mask(self.missing[h, t])))

    def covers(self, h: int, t: int) -> tuple[str, ...]:
        """Return the outcomes covered in one cell, needed or not."""
        tree = self.targets[t].compiled
        return tuple(tree.outcomes[i] for i in bits(self.covered.get((h, t), 0)))

    def mask(self, cell: Words) -> int:
        """Return the words of a cell as one number."""
        return sum(int(word) << WORD * w for w, word in enumerate(cell))


def _asks_all(target: ProgrammeVersion) -> bool:
    tree = target.compiled
    return tree.essential.bit_count() == len(tree.outcomes)
