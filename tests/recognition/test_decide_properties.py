"""What holds of every decision: evidence only helps, order never matters, what is restored is as before."""

import random
from dataclasses import replace
from itertools import combinations, product

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from recognition_builder import agreement, programme
from recognition_random import AS_OF, KNOWN_AT, day, instant, sample

from sunmao.recognition.bridging import cheapest
from sunmao.recognition.credits import Spendable, spendings
from sunmao.recognition.decide import (
    Result,
    Standing,
    canonical,
    decide,
    decision_hash,
    replay,
    rests_on,
    stands,
)
from sunmao.recognition.facts import BridgingModule, Fact, Revocation, Thresholds
from sunmao.recognition.inquiry import Inquiry
from sunmao.recognition.record import RANK, asked
from sunmao.recognition.terms import Known, Outcome
from sunmao.recognition.tree import CRITICAL, AllOf, AnyOf, Credits, KOf, Need, compile_tree, completion
from sunmao.recognition.weighing import Scale, ask_within, closing
from sunmao.recognition.world import World, index_keys

seeds = st.integers(0, 2**32)


def decided(found, facts=None, evidence=None, known=KNOWN_AT):
    return decide(
        World.of(found.facts if facts is None else facts),
        evidence or found.evidence,
        found.application,
        as_of=day(AS_OF),
        known_at=instant(known),
    )


@examples(300)
@given(seeds, seeds)
def test_more_evidence_never_lowers_the_outcome_outside_exclusive_pools(seed, other):
    found = sample(random.Random(seed), pools=False)
    more = sample(random.Random(other), pools=False).evidence
    added = replace(
        found.evidence,
        credentials=found.evidence.credentials + tuple(replace(c, key=f"+{c.key}") for c in more.credentials),
        prior_learning=found.evidence.prior_learning + tuple(replace(p, key=f"+{p.key}") for p in more.prior_learning),
        languages=found.evidence.languages + tuple(replace(c, key=f"+{c.key}") for c in more.languages),
    )
    before, after = decided(found), decided(found, evidence=added)
    assert RANK.get(after.at_least, -1) >= RANK.get(before.at_least, -1)


@examples(200)
@given(seeds)
def test_the_order_of_facts_and_evidence_never_matters(seed):
    found = sample(random.Random(seed))
    rng = random.Random(seed + 1)

    def shuffled(items):
        return tuple(rng.sample(items, len(items)))

    evidence = replace(
        found.evidence,
        credentials=shuffled(tuple(replace(c, units=shuffled(c.units)) for c in found.evidence.credentials)),
        prior_learning=shuffled(found.evidence.prior_learning),
    )
    assert canonical(decided(found)) == canonical(decided(found, shuffled(found.facts), evidence))


@examples(200)
@given(seeds)
def test_revoking_and_restoring_is_identity_and_what_was_known_between_is_kept(seed):
    found = sample(random.Random(seed))
    before = decided(found)
    facts = [f for f in found.facts if isinstance(f, Fact) and not isinstance(f, Revocation)]
    gone = [
        Revocation(key=f"gone-{f.key}", of=f.key, effective_on=day(0), from_start=True, known=known)
        for f in facts
        for known in [Known(instant(20), instant(30))]
    ]
    revoked = (*found.facts, *gone)
    between = decided(found, revoked, known=25)
    assert between.result is Result.OUT_OF_SCOPE
    unrevoked = decided(found, known=35)
    assert decided(found, revoked, known=35) == unrevoked
    assert decision_hash(decided(found, revoked)) == decision_hash(before)


@examples(200)
@given(seeds)
def test_a_fact_added_or_taken_away_is_found_by_the_questions_of_every_decision_it_touches(seed):
    found = sample(random.Random(seed))
    world, decision = World.of(found.facts), decided(found)
    at = {"known_at": instant(KNOWN_AT)}
    assert stands(decision, world, found.evidence, **at) is Standing.STANDS
    assert replay(decision, world, found.evidence) == decision_hash(decision)
    questions = asked(decision)
    for fact in found.facts:
        if not isinstance(fact, Fact) or isinstance(fact, Revocation):
            continue
        less = World.of(f for f in found.facts if f is not fact)
        if stands(decision, less, found.evidence, **at) is not Standing.STANDS:
            assert questions & set(index_keys(fact))
        without = decided(found, less.facts())
        if stands(without, world, found.evidence, **at) is not Standing.STANDS:
            assert asked(without) & set(index_keys(fact))


@examples(200)
@given(seeds)
def test_a_covered_outcome_is_carried_by_each_of_its_witnesses_alone(seed):
    found = sample(random.Random(seed))
    decision = decided(found)
    world = Inquiry(World.of(found.facts), day(AS_OF), instant(KNOWN_AT))
    rows = {r.key: r for rows in world.world.rows.values() for r in rows}
    held = {c.key: c.outcomes.union(*(u.outcomes for u in c.units)) for c in found.evidence.credentials}
    held |= {p.key: p.outcomes for p in found.evidence.prior_learning}
    for covered in decision.covered:
        assert len(set(covered.witnesses)) == len(covered.witnesses)
        for witness in covered.witnesses:
            shown = frozenset().union(*(held[k] for k in witness if k in held))
            through = [rows[k] for k in witness if k in rows]
            assert len(through) <= 1
            needs = through[0].sources if through else {covered.outcome}
            assert needs <= shown
            for key in witness:
                rest = frozenset().union(*(held[k] for k in witness if k in held and k != key))
                assert key in rows or not needs <= rest, "a smaller witness would do"
        assert set(covered.witnesses[0]) <= rests_on(decision)


def random_tree(rng, keys, depth=2):
    parts = [Need(k) for k in rng.sample(keys, rng.randint(1, 3))]
    if depth:
        parts += [random_tree(rng, keys, depth - 1) for _ in range(rng.randint(0, 2))]
    kind = rng.choice([AllOf, AnyOf, KOf])
    return KOf(rng.randint(1, len(parts)), tuple(parts)) if kind is KOf else kind(tuple(parts))


def satisfied(tree, have):
    if isinstance(tree, Need):
        return tree.outcome in have
    count = sum(satisfied(part, have) for part in tree.of)
    return count >= (tree.k if isinstance(tree, KOf) else 1 if isinstance(tree, AnyOf) else len(tree.of))


@examples(300)
@given(seeds)
def test_the_least_completion_is_what_trying_all_subsets_finds(seed):
    rng = random.Random(seed)
    keys = [f"T{i}" for i in range(6)]
    tree = random_tree(rng, keys)
    critical = {k: rng.random() < 0.4 for k in keys}
    compiled = compile_tree(tree, critical)
    have = {k for k in keys if rng.random() < 0.3}
    found = completion(compiled, compiled.mask(have), 0)
    names = set(compiled.names(found.outcomes))
    subsets = [{k for k, yes in zip(keys, picks, strict=True) if yes} for picks in product([0, 1], repeat=6)]
    prices = [
        (sum(critical[k] for k in s), sum(not critical[k] for k in s))
        for s in subsets
        if not s & have and satisfied(tree, s | have)
    ]
    assert satisfied(tree, names | have)
    assert (sum(critical[k] for k in names), sum(not critical[k] for k in names)) == min(prices)
    assert (found.price < CRITICAL) is (min(prices)[0] == 0)


@examples(200)
@given(seeds)
def test_credits_are_spent_as_well_as_any_assignment_of_units_to_blocks_can(seed):
    rng = random.Random(seed)
    blocks = [
        Credits(f"B{i}", rng.randint(1, 9), frozenset(rng.sample("abc", rng.randint(0, 3))), "pool")
        for i in range(rng.randint(1, 3))
    ]
    units = [
        Spendable(f"u{i}", rng.randint(1, 5), frozenset(rng.sample("abc", rng.randint(1, 2))))
        for i in range(rng.randint(0, 5))
    ]
    found = spendings(blocks, [b.least for b in blocks], units)
    reachable = set()
    for choice in product(range(-1, len(blocks)), repeat=len(units)):
        totals = [0] * len(blocks)
        for unit, at in zip(units, choice, strict=True):
            if at >= 0 and (not blocks[at].accepts or blocks[at].accepts & unit.shows):
                totals[at] += unit.credits
        reachable.add(frozenset(i for i, b in enumerate(blocks) if totals[i] >= b.least))
    best = {r for r in reachable if not any(r < other for other in reachable)}
    assert {frozenset(i for i in range(len(blocks)) if s.met >> i & 1) for s in found} == best


@examples(200)
@given(seeds)
def test_the_cheapest_set_of_modules_is_what_trying_all_sets_finds(seed):
    rng = random.Random(seed)
    gains = [rng.randint(0, 31) for _ in range(rng.randint(0, 8))]
    costs = [rng.randint(0, 9) for _ in gains]

    def reaches(chosen):
        mask = 0
        for i, gain in enumerate(gains):
            mask |= gain if chosen >> i & 1 else 0
        return mask == 31

    prices = [sum(c for i, c in enumerate(costs) if s >> i & 1) for s in range(1 << len(gains)) if reaches(s)]
    found = cheapest(costs, reaches, lambda chosen: 0)
    if not prices:
        assert found is None
    else:
        assert (found.cost, found.proved, reaches(found.modules)) == (min(prices), True, True)


@pytest.mark.parametrize(
    "requirement",
    [KOf(3, (Need("a"), Need("b"))), KOf(0, (Need("a"),)), AnyOf(()), AllOf((Need("z"),))],
)
def test_a_requirement_nobody_could_meet_as_written_is_refused(requirement):
    with pytest.raises(ValueError, match="requirement"):
        compile_tree(requirement, {"a": False, "b": True})


def test_a_shared_outcome_is_counted_missing_once():
    tree = AllOf((AnyOf((Need("a"), Need("b"))), AnyOf((Need("b"), Need("c")))))
    compiled = compile_tree(tree, dict.fromkeys("abc", False))
    assert compiled.names(completion(compiled, 0, 0).outcomes) == ("b",)
    assert compiled.breadth == 1


@examples(200)
@given(seeds)
def test_closing_modules_cost_no_more_than_the_best_of_all_sets(seed):
    rng = random.Random(seed)
    keys = [f"T{i}" for i in range(8)]
    critical = {k: rng.random() < 0.5 for k in keys}
    tree = AllOf((*(Need(k) for k in keys[:5]), random_tree(rng, keys)))
    target = programme(
        0,
        requirement=tree,
        outcomes=tuple(Outcome(k, critical[k]) for k in keys),
        credits=rng.choice([0, 700]),
    )
    thresholds = Thresholds(missing_percent=rng.choice([0, 20, 40]))
    scale = Scale(target, agreement(thresholds=thresholds), frozenset())
    modules = [
        BridgingModule(
            key=f"m{i}",
            country="UZ",
            cost=rng.randint(1, 20),
            covers=frozenset(rng.sample(keys, rng.randint(1, 3))),
            credits=rng.choice([0, 150, 300]),
            programmes=frozenset({"target"}),
        )
        for i in range(8)
    ]
    prices = []
    for picks in product([0, 1], repeat=8):
        taken = [m for m, yes in zip(modules, picks, strict=True) if yes]
        have = frozenset().union(*(m.covers for m in taken))
        spare = [k for k in keys if not critical[k] and k not in have]
        waivers = combinations(spare, min(scale.allowance, len(spare)))
        enough = sum(m.credits for m in taken) >= target.credits
        if enough and any(satisfied(tree, have | set(w)) for w in waivers):
            prices.append(sum(m.cost for m in taken))
    found = closing(scale, 0, [], modules)
    if not prices:
        assert found is None
    else:
        chosen, cheapest_found = found
        assert (sum(m.cost for m in chosen), cheapest_found.proved) == (min(prices), True)


def test_a_tolerated_shortfall_is_rounded_in_favour_of_the_whole_hundredth_asked():
    assert [ask_within(1001, 10), ask_within(1000, 10), ask_within(1, 99)] == [901, 900, 1]
