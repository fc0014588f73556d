"""The cheapest set of bridging modules that closes what is substantial: exact, by branch and bound.

The search runs over modules as bits. What it must reach is a question that more modules never turn from yes
to no, so a branch that cannot reach it with everything left is cut, and so is one whose cost with a lower
bound on the rest is not below the best found. Beyond `NODE_LIMIT` nodes the best set found is returned with
`proved` false.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

NODE_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Cheapest:
    """Bits of the modules chosen, their cost, and whether nothing cheaper can exist."""

    modules: int
    cost: int
    proved: bool


def cheapest(costs: Sequence[int], reaches: Callable[[int], bool], rest: Callable[[int], int]) -> Cheapest | None:
    """The cheapest set for which `reaches` holds, or None if all modules together do not reach it.

    `costs` are whole and not negative, in an order that settles ties; `rest` gives for a chosen set a lower
    bound on what must still be paid.
    """
    everything = (1 << len(costs)) - 1
    if not reaches(everything):
        return None
    needed, best = 0, everything
    for i in sorted(range(len(costs)), key=lambda i: (-costs[i], -i)):
        if not reaches(everything & ~(1 << i)):
            needed |= 1 << i
        elif reaches(best & ~(1 << i)):
            best &= ~(1 << i)
    price = _price(costs, best)
    free = [i for i in sorted(range(len(costs)), key=lambda i: (costs[i], i)) if not needed >> i & 1]
    later = [0] * (len(free) + 1)
    for at in range(len(free) - 1, -1, -1):
        later[at] = later[at + 1] | 1 << free[at]
    stack = [(0, needed, _price(costs, needed))]
    for _ in range(NODE_LIMIT):
        if not stack:
            return Cheapest(best, price, True)
        at, chosen, spent = stack.pop()
        if spent >= price:
            continue
        if spent + rest(chosen) >= price:
            continue
        if reaches(chosen):
            best, price = chosen, spent
            continue
        if at == len(free) or not reaches(chosen | later[at]):
            continue
        stack.append((at + 1, chosen, spent))
        stack.append((at + 1, chosen | 1 << free[at], spent + costs[free[at]]))
    return Cheapest(best, price, False)


def _price(costs: Sequence[int], modules: int) -> int:
    return sum(cost for i, cost in enumerate(costs) if modules >> i & 1)
