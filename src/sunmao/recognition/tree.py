"""Requirement trees: what a target asks, and the least that is missing from what is covered.

A tree says all of, any of, k of n, or at least so many credits in a block. Every node is compiled to "k of
its parts", outcomes and blocks as bits of an integer, in the order of their keys, so that the answer does
not depend on the order in which anything was written.

The least completion is exact. In a tree where every outcome stands once a single pass gives it; an outcome
that stands in several places is branched on, at most `BRANCH_LIMIT` times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

BRANCH_LIMIT = 20_000
ORDINARY = 840  # the price of one uncritical gap, which up to eight places share without a remainder
CRITICAL = 1 << 40  # the price of one critical gap: above any number of ordinary ones
BANNED = 1 << 60


class LimitExceeded(Exception):
    """An exact search left its documented bound; the question goes to a person instead."""


@dataclass(frozen=True, slots=True)
class Need:
    outcome: str


@dataclass(frozen=True, slots=True)
class Credits:
    """At least `least` hundredths of credits from units that show an outcome in `accepts` (any if empty).

    Blocks of one `pool` are exclusive: a unit counts in one of them only. Without a pool it counts freely.
    """

    block: str
    least: int
    accepts: frozenset[str] = frozenset()
    pool: str = ""


@dataclass(frozen=True, slots=True)
class AllOf:
    of: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    of: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class KOf:
    k: int
    of: tuple[Requirement, ...]


Requirement = Need | Credits | AllOf | AnyOf | KOf


@dataclass(frozen=True, slots=True)
class Node:
    """At least `k` of: the outcomes in `leaves`, the blocks in `blocks`, the `parts`."""

    k: int
    leaves: int
    blocks: int
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    root: Node
    outcomes: tuple[str, ...]
    bit: Mapping[str, int]
    critical: int
    blocks: tuple[Credits, ...]
    prices: tuple[int, ...]  # of missing each outcome
    occurs: tuple[int, ...]  # in how many places each outcome stands
    essential: int  # outcomes without which nothing meets the requirement, read from its outer all-of
    breadth: int  # outcomes in the least completion from nothing

    def mask(self, outcomes: frozenset[str] | set[str]) -> int:
        """The outcomes of the tree among these, as bits."""
        bit = self.bit
        return sum(1 << bit[o] for o in outcomes if o in bit)

    def names(self, mask: int) -> tuple[str, ...]:
        return tuple(self.outcomes[i] for i in bits(mask))


@dataclass(frozen=True, slots=True)
class Completion:
    """The least that is missing: bits of outcomes and of blocks."""

    price: int
    outcomes: int
    blocks: int


def bits(mask: int) -> list[int]:
    """The positions of the set bits, lowest first."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def walk(requirement: Requirement) -> list[Need | Credits]:
    """The leaves of a tree, each as often as it stands there."""
    if isinstance(requirement, (Need, Credits)):
        return [requirement]
    return [leaf for part in requirement.of for leaf in walk(part)]


def compile_tree(requirement: Requirement, critical: Mapping[str, bool]) -> Compiled:
    """Compile a tree over the outcomes in `critical` (outcome key: is it critical).

    Raises ValueError for an outcome the programme does not have, a block named twice, or a k out of reach.
    """
    leaves = walk(requirement)
    places = [leaf.outcome for leaf in leaves if isinstance(leaf, Need)]
    outcomes = tuple(sorted(set(places)))
    blocks = tuple(sorted((b for b in leaves if isinstance(b, Credits)), key=lambda b: b.block))
    named = sorted({*outcomes, *(o for block in blocks for o in block.accepts)})
    if unknown := [o for o in named if o not in critical]:
        raise ValueError(f"The requirement names outcomes the programme does not have: {', '.join(unknown)}.")
    if len({b.block for b in blocks}) < len(blocks):
        raise ValueError("Two credit blocks of one requirement have the same name.")
    bit = {o: i for i, o in enumerate(outcomes)}
    block_bit = {b.block: i for i, b in enumerate(blocks)}
    root = _node(requirement, bit, block_bit)
    mask = sum(1 << bit[o] for o in outcomes if critical[o])
    prices = tuple(CRITICAL if critical[o] else ORDINARY for o in outcomes)
    occurs = tuple(places.count(o) for o in outcomes)
    compiled = Compiled(root, outcomes, bit, mask, blocks, prices, occurs, _essential(root), 0)
    breadth = completion(compiled, 0, (1 << len(blocks)) - 1).outcomes.bit_count()
    return Compiled(root, outcomes, bit, mask, blocks, prices, occurs, compiled.essential, breadth)


def _essential(node: Node) -> int:
    """The outcomes an all-of asks, with those of the all-ofs directly in it."""
    size = node.leaves.bit_count() + node.blocks.bit_count() + len(node.parts)
    if node.k < size:
        return 0
    mask = node.leaves
    for part in node.parts:
        mask |= _essential(part)
    return mask


def _node(requirement: Requirement, bit: Mapping[str, int], block_bit: Mapping[str, int]) -> Node:
    match requirement:
        case Need(outcome):
            return Node(1, 1 << bit[outcome], 0, ())
        case Credits(block):
            return Node(1, 0, 1 << block_bit[block], ())
        case AllOf(of):
            k = None
        case AnyOf(of):
            k = 1
        case KOf(k, of):
            pass
    leaves = {bit[part.outcome] for part in of if isinstance(part, Need)}
    blocks = {block_bit[part.block] for part in of if isinstance(part, Credits)}
    deeper = tuple(_node(part, bit, block_bit) for part in of if not isinstance(part, (Need, Credits)))
    size = len(leaves) + len(blocks) + len(deeper)
    if k is None:
        k = size
    if not 0 <= k <= size or (k == 0 and isinstance(requirement, (AnyOf, KOf))):
        raise ValueError(f"A requirement asks {k} of {size} different parts.")
    return Node(k, sum(1 << i for i in leaves), sum(1 << i for i in blocks), deeper)


def least(node: Node, covered: int, met: int, prices: Sequence[int], block_price: int) -> Completion:
    """The cheapest completion of a node, an outcome paid in each place it stands: a lower bound, exact where
    nothing chosen stands twice. Ties go to the parts that come first.
    """
    need = node.k - (node.leaves & covered).bit_count() - (node.blocks & met).bit_count()
    options: list[tuple[int, int, int, int, int]] = []
    for part in node.parts:
        found = least(part, covered, met, prices, block_price)
        if found.price == 0 and not found.outcomes and not found.blocks:
            need -= 1
        else:
            options.append((found.price, 2, len(options), found.outcomes, found.blocks))
    if need <= 0:
        return Completion(0, 0, 0)
    options += [(prices[i], 0, i, 1 << i, 0) for i in bits(node.leaves & ~covered)]
    options += [(block_price, 1, i, 0, 1 << i) for i in bits(node.blocks & ~met)]
    if need < len(options):
        options.sort()
    chosen = options[:need]
    outcomes = blocks = 0
    for option in chosen:
        outcomes |= option[3]
        blocks |= option[4]
    return Completion(sum(option[0] for option in chosen), outcomes, blocks)


def completion(tree: Compiled, covered: int, met: int) -> Completion:
    """The least completion: fewest critical gaps (a block short is one), then fewest others; exact.

    `covered` and `met` are bits of outcomes and of blocks. Raises LimitExceeded beyond BRANCH_LIMIT branches.
    """
    prices = tree.prices
    shared = sum(1 << i for i, places in enumerate(tree.occurs) if places > 1)
    best = Completion(BANNED, 0, 0)
    stack = [(covered, shared & ~covered, 0, 0)]
    for _ in range(BRANCH_LIMIT):
        if not stack:
            return best
        have, open_, banned, spent = stack.pop()
        split = (
            [
                BANNED if banned >> i & 1 else price // tree.occurs[i] if open_ >> i & 1 else price
                for i, price in enumerate(prices)
            ]
            if shared
            else prices
        )
        found = least(tree.root, have, met, split, CRITICAL)
        if spent + found.price >= best.price:
            continue
        if undecided := found.outcomes & open_:
            low = undecided & -undecided
            stack.append((have, open_ & ~low, banned | low, spent))
            stack.append((have | low, open_ & ~low, banned, spent + prices[low.bit_length() - 1]))
        else:
            best = Completion(spent + found.price, found.outcomes | have & ~covered, found.blocks)
    raise LimitExceeded("The least completion of the requirement is beyond the search bound.")
