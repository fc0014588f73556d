"""Weighing what is held against what the target needs: gaps, thresholds, and the modules that close them.

A gap is critical or other. Others may be missing up to the instrument's threshold, critical ones never.
Under a convention only what a competent host authority has shown to differ is weighed at all; the rest is
noted. Which is missing is the least completion of the requirement, over the best way to spend credits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sunmao.recognition.bridging import Cheapest, cheapest
from sunmao.recognition.credits import Spendable, Spending, spendings
from sunmao.recognition.facts import BridgingModule, Instrument, ProgrammeVersion
from sunmao.recognition.record import Element, Gap, State
from sunmao.recognition.terms import Basis
from sunmao.recognition.tree import CRITICAL, Completion, bits, completion, least

SCALE = 1 << 12  # prices per outcome stay whole numbers below what a module really costs


def ask_within(least_credits: int, percent: int) -> int:
    """What must be reached when `percent` of it may be missing, rounded up to a whole hundredth."""
    return -(-least_credits * (100 - percent) // 100)


@dataclass(frozen=True, slots=True)
class Scale:
    """What one target asks under one instrument: tolerances, and what is presumed to be no difference."""

    target: ProgrammeVersion
    instrument: Instrument
    shown: frozenset[str]

    @property
    def presumes(self) -> bool:
        return self.instrument.basis is Basis.CONVENTION

    @property
    def allowance(self) -> int:
        """How many uncritical outcomes may be missing."""
        return self.instrument.thresholds.missing_percent * self.target.compiled.breadth // 100

    @property
    def presumed(self) -> int:
        """Bits of the outcomes no authority has shown to differ, where that is enough."""
        tree = self.target.compiled
        return ((1 << len(tree.outcomes)) - 1) & ~tree.mask(self.shown) if self.presumes else 0

    def asks(self, *, presuming: bool) -> list[int]:
        """Hundredths of credits each block must reach."""
        percent = self.instrument.thresholds.credits_percent
        return [
            0 if presuming and self.presumes and b.block not in self.shown else ask_within(b.least, percent)
            for b in self.target.compiled.blocks
        ]

    def workload_missing(self, credits: int) -> int:
        """Hundredths of credits substantially missing from the whole."""
        if self.presumes and "workload" not in self.shown:
            return 0
        asked = ask_within(self.target.credits, self.instrument.thresholds.credits_percent)
        return max(0, asked - credits)

    def spend(self, units: Sequence[Spendable], *, presuming: bool) -> list[Spending]:
        blocks = self.target.compiled.blocks
        if not blocks:
            return [Spending(0, (), ())]
        return spendings(blocks, self.asks(presuming=presuming), units)

    def missing(self, covered: int, units: Sequence[Spendable], *, presuming: bool) -> tuple[Completion, Spending]:
        """The least that is missing and the way of spending that leaves it; the holder's best."""
        covered |= self.presumed if presuming else 0
        tree = self.target.compiled
        ways = [(completion(tree, covered, s.met), s) for s in self.spend(units, presuming=presuming)]
        return min(ways, key=lambda way: (way[0].price, sum(way[1].short), way[1].placed))

    def tolerates(self, gap: Completion) -> bool:
        """Whether what is missing is no substantial difference."""
        return gap.price < CRITICAL and gap.outcomes.bit_count() <= self.allowance


@dataclass(frozen=True, slots=True)
class Weighed:
    """Gaps, the elements workload and outcomes, and how the credits were spent."""

    gaps: tuple[Gap, ...]
    outcomes: Element
    workload: Element
    spending: Spending
    critical: int


def weigh(
    scale: Scale,
    covered: int,
    units: Sequence[Spendable],
    partly: dict[str, tuple[str, ...]],
    unsettled: bool,
) -> Weighed:
    """Weigh coverage and credits; `covered` are bits of the target's outcomes."""
    tree = scale.target.compiled
    real, spending = scale.missing(covered, units, presuming=False)
    judged, judged_spending = scale.missing(covered, units, presuming=True) if scale.presumes else (real, spending)
    tolerated = scale.tolerates(judged)
    too_many = (judged.outcomes & ~tree.critical).bit_count() > scale.allowance
    gaps = []
    for i in bits(real.outcomes | (0 if tolerated else judged.outcomes)):
        critical = bool(tree.critical >> i & 1)
        substantial = not tolerated and bool(judged.outcomes >> i & 1) and (critical or too_many)
        name = tree.outcomes[i]
        gaps.append(Gap("outcome", name, critical, substantial, 0, partly.get(name, ())))
    for i in bits(real.blocks | judged.blocks):
        substantial = bool(judged.blocks >> i & 1)
        short = (judged_spending if substantial else spending).short[i]
        gaps.append(Gap("credits", tree.blocks[i].block, True, substantial, short))
    workload = _workload(scale, sum(u.credits for u in units))
    if workload.state in {State.NOTED, State.SUBSTANTIAL}:
        missing = int(dict(workload.params)["missing"])
        gaps.append(Gap("workload", "", False, workload.state is State.SUBSTANTIAL, missing))
    return Weighed(
        tuple(gaps),
        _outcomes(scale, covered, real, tolerated, unsettled),
        workload,
        judged_spending,
        sum(g.critical and g.substantial for g in gaps),
    )


def _outcomes(scale: Scale, covered: int, real: Completion, tolerated: bool, unsettled: bool) -> Element:
    gaps = real.outcomes.bit_count() + real.blocks.bit_count()
    params = (("covered", covered.bit_count()), ("needed", scale.target.compiled.breadth), ("missing", gaps))
    if not gaps:
        return Element("outcomes", State.MET, "all_covered", params)
    if tolerated:
        reason = "within_threshold" if scale.tolerates(real) else "presumed"
        return Element("outcomes", State.NOTED, reason, params)
    if unsettled:
        return Element("outcomes", State.UNKNOWN, "authorities_differ", params)
    return Element("outcomes", State.SUBSTANTIAL, "missing", params)


def _workload(scale: Scale, credits: int) -> Element:
    asked = scale.target.credits
    short = max(0, asked - credits)
    params = (("held", credits), ("asked", asked), ("missing", short))
    if not short:
        return Element("workload", State.MET, "enough", params)
    if scale.workload_missing(credits):
        return Element("workload", State.SUBSTANTIAL, "below_threshold", params)
    within = credits >= ask_within(asked, scale.instrument.thresholds.credits_percent)
    return Element("workload", State.NOTED, "within_threshold" if within else "presumed", params)


def closing(
    scale: Scale, covered: int, units: Sequence[Spendable], modules: Sequence[BridgingModule]
) -> tuple[tuple[BridgingModule, ...], Cheapest] | None:
    """The cheapest modules after which no outcome, block or workload is substantially missing; exact.

    None where all modules together do not close it. Modules come in the order of their keys.
    """
    tree = scale.target.compiled
    held = sum(u.credits for u in units)
    gains = [tree.mask(m.covers) & ~covered for m in modules]
    credits = [m.credits if scale.target.key in m.programmes else 0 for m in modules]
    wants_credits = bool(tree.blocks) or scale.workload_missing(held) > 0
    useful = [i for i in range(len(modules)) if gains[i] or (wants_credits and credits[i])]
    extra = [Spendable(m.key, c, m.covers) for m, c in zip(modules, credits, strict=True)]

    presumed, allowance = scale.presumed, scale.allowance
    asks_all = tree.essential.bit_count() == len(tree.outcomes) and not tree.blocks

    def after(chosen: int) -> tuple[int, list[int]]:
        picked = [useful[i] for i in bits(chosen)]
        mask = covered
        for i in picked:
            mask |= gains[i]
        return mask, picked

    def reaches(chosen: int) -> bool:
        mask, picked = after(chosen)
        absent = tree.essential & ~mask & ~presumed
        if absent & tree.critical or absent.bit_count() > allowance:
            return False
        if scale.workload_missing(held + sum(credits[i] for i in picked)):
            return False
        if asks_all:
            return True
        gap, _ = scale.missing(mask, [*units, *(extra[i] for i in picked)], presuming=True)
        return scale.tolerates(gap)

    prices = _prices([modules[i].cost for i in useful], [gains[i] for i in useful], tree.occurs)
    # a waived outcome saves its price in every place it stands
    ordinary = [p * tree.occurs[i] for i, p in enumerate(prices) if not tree.critical >> i & 1]
    waived = sum(sorted(ordinary, reverse=True)[:allowance])
    offers = [(modules[i].cost * SCALE, gains[i]) for i in useful]
    all_blocks = (1 << len(tree.blocks)) - 1
    rates = [modules[i].cost * SCALE // credits[i] for i in useful if credits[i]]

    def rest(chosen: int) -> int:
        mask, picked = after(chosen)
        by_outcome = least(tree.root, mask | presumed, all_blocks, prices, 0).price - waived
        short = scale.workload_missing(held + sum(credits[i] for i in picked))
        by_credits = short * min(rates) if short and rates else 0
        by_critical = _least_share(offers, tree.essential & tree.critical & ~mask & ~presumed)
        return -(-max(0, by_outcome, by_credits, by_critical) // SCALE)

    found = cheapest([modules[i].cost for i in useful], reaches, rest)
    if found is None:
        return None
    return tuple(modules[useful[i]] for i in bits(found.modules)), found


def _least_share(offers: Sequence[tuple[int, int]], wanted: int) -> int:
    """What covering all `wanted` outcomes costs at least, each at its cheapest share of a module's cost."""
    shares = sorted((cost // (gain & wanted).bit_count(), gain) for cost, gain in offers if gain & wanted)
    total = 0
    for share, gain in shares:
        total += share * (gain & wanted).bit_count()
        wanted &= ~gain
    return total


def _prices(costs: Sequence[int], gains: Sequence[int], occurs: Sequence[int]) -> list[int]:
    """A price per outcome such that no module costs less than the outcomes it gives, in 1/SCALE units.

    Each outcome pays its share of the cheapest module by outcomes given, divided over the places it stands.
    """
    prices = []
    for i, places in enumerate(occurs):
        shares = [cost * SCALE // gain.bit_count() for cost, gain in zip(costs, gains, strict=True) if gain >> i & 1]
        prices.append(min(shares, default=0) // places)
    return prices
