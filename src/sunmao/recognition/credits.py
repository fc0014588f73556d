"""Credits are spent once: which unit counts in which block.

A unit is never divided. Within a pool of exclusive blocks each unit is given to one block at most; the
assignment is exact, by dynamic programming over what each block is still short of. The bound is
`STATE_LIMIT` different shortfalls in one pool; only units that fit several blocks of a pool are searched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from sunmao.recognition.tree import Credits, LimitExceeded

STATE_LIMIT = 10_000

Placed = tuple[tuple[str, str], ...]
Way = tuple[tuple[int, ...], Placed]


@dataclass(frozen=True, slots=True)
class Spendable:
    """A unit held: its key, its credits in hundredths of host credits, the target outcomes it shows."""

    key: str
    credits: int
    shows: frozenset[str]


@dataclass(frozen=True, slots=True)
class Spending:
    """One way to spend: bits of the blocks met, what each block is short of, and unit by block."""

    met: int
    short: tuple[int, ...]
    placed: Placed


def spendings(blocks: Sequence[Credits], asks: Sequence[int], units: Sequence[Spendable]) -> list[Spending]:
    """All ways to spend that no other way beats in the blocks it meets, fewest hundredths short first.

    `asks` is what each block must reach, in hundredths, after any tolerance. Raises LimitExceeded.
    """
    pools: dict[str, list[int]] = {}
    for i, block in enumerate(blocks):
        pools.setdefault(block.pool or f"\0{block.block}", []).append(i)
    ordered = sorted((u for u in units if u.credits), key=lambda u: (-u.credits, u.key))
    ways = [_pool([blocks[i] for i in members], [asks[i] for i in members], ordered) for members in pools.values()]
    found: dict[int, Spending] = {}
    for choice in product(*ways):
        short = [0] * len(blocks)
        for members, way in zip(pools.values(), choice, strict=True):
            for i, missing in zip(members, way[0], strict=True):
                short[i] = missing
        met = sum(1 << i for i, missing in enumerate(short) if not missing)
        placed = tuple(sorted(pair for way in choice for pair in way[1]))
        spending = Spending(met, tuple(short), placed)
        if met not in found or (sum(short), placed) < (sum(found[met].short), found[met].placed):
            found[met] = spending
    best = [s for s in found.values() if not any(s.met != t.met and s.met & t.met == s.met for t in found.values())]
    return sorted(best, key=lambda s: (sum(s.short), s.placed))


def _pool(blocks: Sequence[Credits], asks: Sequence[int], units: Sequence[Spendable]) -> list[Way]:
    """The undominated ways to spend units in one pool: what stays short per block, and the placements."""
    short = list(asks)
    certain: list[tuple[str, str]] = []
    contested: list[tuple[Spendable, list[int]]] = []
    for unit in units:
        fits = [i for i, b in enumerate(blocks) if not b.accepts or not b.accepts.isdisjoint(unit.shows)]
        if len(fits) == 1:
            short[fits[0]] = max(0, short[fits[0]] - unit.credits)
            certain.append((unit.key, blocks[fits[0]].block))
        elif fits:
            contested.append((unit, fits))
    states: dict[tuple[int, ...], Placed] = {tuple(short): tuple(certain)}
    for unit, fits in contested:
        grown: dict[tuple[int, ...], Placed] = {}
        for state, placed in states.items():
            wanting = [i for i in fits if state[i]]
            if not wanting:
                grown.setdefault(state, placed)
            for i in wanting:
                reached = (*state[:i], max(0, state[i] - unit.credits), *state[i + 1 :])
                grown.setdefault(reached, (*placed, (unit.key, blocks[i].block)))
        states = grown
        if len(states) > STATE_LIMIT:
            raise LimitExceeded("The assignment of units to exclusive blocks is beyond the search bound.")
    best: dict[tuple[bool, ...], Way] = {}
    for state, placed in states.items():
        met = tuple(not missing for missing in state)
        if met not in best or (sum(state), state) < (sum(best[met][0]), best[met][0]):
            best[met] = (state, placed)
    return list(best.values())
