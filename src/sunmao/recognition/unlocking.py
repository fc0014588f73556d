"""Which single crosswalk row, instrument or module would open recognition to most learners.

A pair of home programme and target is open where an instrument is in force and no more is missing than it lets be:
no critical outcome, and no more others than its threshold. Looked at for outcomes and legal basis only. Where several
things are needed at once, no single one is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from sunmao.recognition.matrix import Matrix, Words
from sunmao.recognition.tree import bits

LARGEST = 3  # outcomes that one module gives at most
CANDIDATES = 64  # different gaps of one target that modules are made of, those with most learners first
NO_INSTRUMENT = -1
PRESUMED = 32_767  # under a convention what nobody has shown to differ holds nobody up

Cells = NDArray[np.bool_]
Counts = NDArray[np.int64]


class Key(StrEnum):
    """What is missing: one thing of its kind."""

    ROW = "row"
    INSTRUMENT = "instrument"
    MODULE = "module"


@dataclass(frozen=True, slots=True)
class Unlocking:
    """One thing that is not there, the learners it would unlock, and their pairs of home programme and target.

    Of a row `outcomes` are those of the target any one of which is enough; of a module all that it gives. An
    instrument goes from `countries[0]` to `countries[1]`.
    """

    kind: Key
    learners: int
    pairs: tuple[tuple[str, str], ...]
    outcomes: tuple[str, ...] = ()
    countries: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class _Near:
    """The cells that little is missing in: where they lie, what is missing, how many outcomes short they are."""

    h: Counts
    t: Counts
    missing: Words
    critical: Words
    slack: Counts
    short: Counts
    learners: Counts

    @property
    def lawful(self) -> Cells:
        return np.asarray(self.slack != NO_INSTRUMENT)

    def of(self, which: Cells | Counts) -> _Near:
        return _Near(*(getattr(self, name)[which] for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Modules:
    """Modules by the place of their target in a matrix, each with the outcomes it gives."""

    t: Counts
    gives: Words


def modules_of(matrix: Matrix, covers: Mapping[str, Iterable[frozenset[str]]]) -> Modules:
    """Return the modules given by target key as sets of outcomes."""
    found = [
        (t, target.compiled.mask(given))
        for t, target in enumerate(matrix.targets)
        for given in covers.get(target.key, ())
    ]
    return Modules(np.array([t for t, _mask in found], np.int64), matrix.as_words([mask for _t, mask in found]))


def unlock(
    matrix: Matrix, allowed: NDArray[np.int16], *, most: int = 10, offered: Modules | None = None
) -> dict[Key, list[Unlocking]]:
    """Return the best of each kind, most learners first; ties in the order of the matrix.

    `allowed` (homes × targets) says how many uncritical outcomes may be missing under the instrument in force,
    NO_INSTRUMENT where none is, PRESUMED where recognition is presumed. What one of the modules `offered` closes waits for no other module.
    """
    near = _near(matrix, allowed)
    return {
        Key.ROW: _rows(matrix, near, most),
        Key.INSTRUMENT: _instruments(matrix, near, most),
        Key.MODULE: _modules(matrix, near, most, offered or modules_of(matrix, {})),
    }


def _count(masks: Words) -> Counts:
    return np.bitwise_count(masks).sum(axis=-1, dtype=np.int64)


def _near(matrix: Matrix, allowed: NDArray[np.int16]) -> _Near:
    """Return the cells of programmes with learners that are at most LARGEST outcomes short."""
    counts = np.bitwise_count(matrix.missing)
    missed = counts[..., 0] if matrix.words == 1 else counts.sum(axis=2, dtype=np.int64)
    flat = np.flatnonzero(missed <= np.maximum(allowed, 0).astype(np.int32) + LARGEST)
    h, t = np.divmod(flat, max(len(matrix.targets), 1))
    held = np.array([home.learners for home in matrix.homes], np.int64)[h]
    h, t, held = h[held > 0], t[held > 0], held[held > 0]
    missing, slack = matrix.missing[h, t], allowed[h, t].astype(np.int64)
    critical = missing & matrix.critical[t]
    short = np.maximum(_count(critical), _count(missing) - np.maximum(slack, 0))
    short = np.where(slack == PRESUMED, 0, np.maximum(short, 0))
    found = _Near(h, t, missing, critical, slack, short, held)
    return found.of(found.short <= LARGEST)


def _first(order: Counts, most: int) -> list[int]:
    """Return the places of the largest, the earlier of equal ones first."""
    return [int(i) for i in np.argsort(-order, kind="stable")[:most]]


def _pair(matrix: Matrix, h: int, t: int) -> tuple[str, str]:
    return matrix.homes[h].key, matrix.targets[t].key


def _names(matrix: Matrix, t: int, cell: Words) -> tuple[str, ...]:
    tree = matrix.targets[t].compiled
    return tuple(tree.outcomes[i] for i in bits(matrix.mask(cell)))


def _rows(matrix: Matrix, near: _Near, most: int) -> list[Unlocking]:
    one = near.of(near.lawful & (near.short == 1))
    gives = np.where((_count(one.critical) == 1)[:, None], one.critical, one.missing)
    return [
        Unlocking(
            Key.ROW, int(one.learners[i]), (_pair(matrix, one.h[i], one.t[i]),), _names(matrix, one.t[i], gives[i])
        )
        for i in _first(one.learners, most)
    ]


def _instruments(matrix: Matrix, near: _Near, most: int) -> list[Unlocking]:
    """Learners of whom no pair towards a country is open, and one would be under an instrument that lets nothing be
    missing."""
    names = sorted({*(target.country for target in matrix.targets), *(home.country for home in matrix.homes)})
    at = {name: i for i, name in enumerate(names)}
    host_of = np.array([at[target.country] for target in matrix.targets], np.int64)
    home_of = np.array([at[home.country] for home in matrix.homes], np.int64)
    closed = near.of(near.short == 0)
    closed = closed.of(home_of[closed.h] != host_of[closed.t])
    place = closed.h * len(names) + host_of[closed.t]
    wanting = np.setdiff1d(place[~closed.lawful], place[closed.lawful])
    if not len(wanting):
        return []
    h, host = np.divmod(wanting, len(names))
    learners = np.array([home.learners for home in matrix.homes], np.int64)
    bridge = home_of[h] * len(names) + host
    sums = np.bincount(bridge, learners[h], len(names) ** 2).astype(np.int64)
    found = []
    for i in _first(sums, most):
        if sums[i]:
            own = np.isin(place, wanting[bridge == i])
            pairs = tuple(_pair(matrix, a, b) for a, b in zip(closed.h[own], closed.t[own], strict=True))
            countries = names[i // len(names)], names[i % len(names)]
            found.append(Unlocking(Key.INSTRUMENT, int(sums[i]), pairs, (), countries))
    return found


def _modules(matrix: Matrix, near: _Near, most: int, offered: Modules) -> list[Unlocking]:
    """For each target the best set of at most LARGEST outcomes; of equal ones the smallest."""
    want = near.of(near.lawful & (near.short > 0))
    want = want.of(np.argsort(want.t, kind="stable"))
    module, cell = _each(want, offered.t)
    closed = np.unique(cell[_opens(matrix, want.of(cell), offered.gives[module])])
    want = want.of(np.delete(np.arange(len(want.t)), closed))
    t, gives = _candidates(matrix, want)
    module, cell = _each(want, t)
    open_ = _opens(matrix, want.of(cell), gives[module])
    sums = np.bincount(module, np.where(open_, want.learners[cell], 0), len(t)).astype(np.int64)
    order = np.lexsort((np.arange(len(t)), _count(gives), -sums, t))
    order = order[np.flatnonzero(np.diff(t[order], prepend=-1))]
    found = []
    for i in order[_first(sums[order], most)]:
        own = cell[(module == i) & open_]
        pairs = tuple(_pair(matrix, want.h[c], want.t[c]) for c in own)
        found.append(Unlocking(Key.MODULE, int(sums[i]), pairs, _names(matrix, int(t[i]), gives[i])))
    return found


def _each(want: _Near, t: Counts) -> tuple[Counts, Counts]:
    """Return all pairs of a module for a target and a cell of it, as places; the cells come in order of targets."""
    first, last = np.searchsorted(want.t, t, "left"), np.searchsorted(want.t, t, "right")
    sizes = last - first
    before = np.cumsum(sizes) - sizes
    return np.repeat(np.arange(len(t)), sizes), np.arange(sizes.sum()) + np.repeat(first - before, sizes)


def _candidates(matrix: Matrix, want: _Near) -> tuple[Counts, Words]:
    """Return targets and sets of outcomes: what single programmes lack, of each target the CANDIDATES with most
    learners, and all that can be joined of these within LARGEST."""
    lacked: dict[int, dict[int, int]] = {}
    asked = _asked(want)
    whole = asked[:, 0].tolist() if matrix.words == 1 else [matrix.mask(cell) for cell in asked]
    for t, mask, learners in zip(want.t.tolist(), whole, want.learners.tolist(), strict=True):
        own = lacked.setdefault(t, {})
        own[mask] = own.get(mask, 0) + learners
    targets: list[int] = []
    sets: list[int] = []
    for t, own in lacked.items():
        wanted = sorted(own, key=lambda mask: -own[mask])[:CANDIDATES]
        joined = set(wanted)
        for _ in range(LARGEST - 1):
            joined |= {a | b for a in joined for b in wanted if (a | b).bit_count() <= LARGEST}
        targets += [t] * len(joined)
        sets += sorted(joined)
    return np.array(targets, np.int64), matrix.as_words(sets)


def _opens(matrix: Matrix, cells: _Near, gives: Words) -> Cells:
    """Whether what `gives` gives is enough for each cell."""
    left = cells.missing & ~gives
    enough = (_count(left & matrix.critical[cells.t]) == 0) & (_count(left) <= cells.slack)
    return np.asarray(enough)


def _asked(want: _Near) -> Words:
    """Return for each cell the outcomes a module would have to give: the critical ones, then the first others."""
    asked, rest = want.critical.copy(), want.missing & ~want.critical
    need = want.short - _count(asked)
    for _ in range(LARGEST):
        open_ = need > 0
        for word in range(rest.shape[1]):
            at = open_ & (rest[:, word] != 0)
            low = rest[at, word] & (~rest[at, word] + np.uint64(1))
            asked[at, word] |= low
            rest[at, word] ^= low
            need[at] -= 1
            open_ &= ~at
    return asked
