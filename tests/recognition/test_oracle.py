"""An independent oracle: the same law written as an answer set program agrees on random worlds.

The program shares no code with the core. It is given raw facts, with days and instants as numbers, and
is asked for the best result per qualification and instrument, once with what is open counted and once
without, and for the cheapest modules. `SUNMAO_TRIALS=1` takes thousands of worlds instead of a hundred.
"""

import random
from itertools import combinations

import clingo
import pytest
from recognition_law import LAW
from recognition_random import AS_OF, DAY_0, KNOWN_AT, day, instant, sample
from surroundings import TRIALS

from sunmao.recognition.decide import Result, decide
from sunmao.recognition.facts import (
    Accreditation,
    BridgingModule,
    Competence,
    CrosswalkRow,
    DeliveryPermit,
    HomeRight,
    Instrument,
    ProgrammeVersion,
    Referencing,
    Revocation,
    ShownDifference,
)
from sunmao.recognition.terms import Authenticity, ConditionKind
from sunmao.recognition.tree import AllOf, AnyOf, Credits, KOf, Need
from sunmao.recognition.world import World

WORLDS = 4000 if TRIALS else 100
NUMBER = {Result.REFUSED: 0, Result.PARTIAL: 1, Result.CONDITIONAL: 2, Result.FULL: 3}


def text(value):
    return '"' + str(value) + '"'


def number(moment, origin, otherwise):
    return otherwise if moment is None else (moment - origin).days


class Translation:
    """A sample as facts of the answer set program."""

    def __init__(self, found):
        self.found, self.lines, self.fresh = found, [], 0
        self.target = next(f for f in found.facts if isinstance(f, ProgrammeVersion))
        self.groups = {}
        for fact in found.facts:
            if isinstance(fact, ProgrammeVersion):
                self.programme(fact)
            else:
                self.world_fact(fact)
        self.say("host_country", text(self.target.country))
        self.say("purpose", found.application.purpose.value)
        for subject in ("level", "workload", "profile", "B0", "B1", *(o.key for o in self.target.outcomes)):
            self.say("subject", text(subject))
        for item in found.evidence.credentials:
            self.credential(item)
        for item in found.evidence.prior_learning:
            name = self.dated(item, item.key)
            self.say("prior", name, item.credits)
            for outcome in item.outcomes:
                self.say("prior_shows", name, text(outcome))
        for item in found.evidence.languages:
            self.say("language", self.dated(item), item.level)

    def say(self, name, *terms):
        self.lines.append(f"{name}({','.join(map(str, terms))}).")

    def dated(self, fact, name=None):
        """State a fact's times and return its identity."""
        self.fresh += 1
        identity = text(name or f"{fact.key}#{self.fresh}")
        origin = instant(0)
        self.say(
            "fact",
            identity,
            text(fact.key),
            number(fact.span.start, DAY_0, -999),
            number(fact.span.until, DAY_0, 999),
            number(fact.known.recorded_at, origin, -999),
            number(fact.known.superseded_at, origin, 999),
        )
        return identity

    def world_fact(self, fact):
        name = self.dated(fact, fact.key if isinstance(fact, (Instrument, BridgingModule)) else None)
        match fact:
            case Revocation():
                self.say("revoked", name, text(fact.of), (fact.effective_on - DAY_0).days, int(fact.from_start))
            case Competence():
                fits = not fact.fields or any(self.field().startswith(f) for f in fact.fields)
                self.say("competence", name, text(fact.authority), text(fact.country), int(fits))
            case Accreditation():
                self.say("accreditation", name, text(fact.institution))
            case DeliveryPermit():
                self.say("permit", name, text(fact.institution), text(fact.country), int(fact.lawful))
            case HomeRight():
                self.say("right", name, text(fact.programme), int(fact.given))
            case Referencing():
                self.say("referencing", name, text(fact.level.framework), fact.common)
            case ShownDifference():
                of = text(fact.programme) if fact.programme else "any"
                self.say("difference", name, text(fact.subject), text(fact.authority), of)
            case BridgingModule():
                self.say("module", name, fact.cost, fact.credits, text(fact.country))
                for outcome in fact.covers:
                    self.say("module_covers", name, text(outcome))
                if fact.programmes:
                    self.say("counts_for_target", name)
            case CrosswalkRow():
                group = self.groups.setdefault((fact.target, fact.sources), len(self.groups))
                self.say("row", name, group, fact.relation.value, text(fact.authority))
                self.say("group_target", group, text(fact.target))
                for source in fact.sources:
                    self.say("source", group, text(source))
            case Instrument():
                self.instrument(name, fact)

    def field(self):
        return next(f for f in self.found.facts if isinstance(f, ProgrammeVersion)).field

    def instrument(self, name, fact):
        self.say("instrument", name)
        self.say("basis", name, fact.basis.value)
        for home in fact.home:
            self.say("home", name, text(home))
        for purpose in fact.purposes:
            self.say("for", name, purpose.value)
        if fact.fields:
            self.say("limits_field", name)
            if any(self.field().startswith(f) for f in fact.fields):
                self.say("field_ok", name)
        self.say("counts_date", name, fact.date_counts.value)
        if fact.close_counts:
            self.say("close_counts", name)
        if fact.rows_from.value == "host":
            self.say("host_rows", name)
        thresholds = fact.thresholds
        self.say("allowance", name, thresholds.missing_percent * breadth(self.target) // 100)
        self.say("slack", name, thresholds.credits_percent)
        self.say("steps", name, thresholds.level_steps)
        self.say("from_share", name, thresholds.conditional_from_percent)
        self.say("profile_from", name, thresholds.profile_percent)
        self.say("below", name, fact.level_below.value)
        for kind in fact.measures:
            self.say("measure", name, kind.value)
        self.say("ratio", name, *fact.credit_ratio)
        for condition in fact.conditions:
            assert condition.kind is ConditionKind.LANGUAGE
            self.say("asks_language", name, condition.least)
            for purpose in condition.purposes:
                self.say("condition_for", name, purpose.value)

    def programme(self, target):
        self.say("target_credits", target.credits)
        self.say("target_level", text(target.level.framework))
        self.say("breadth", breadth(target))
        leaves = set()
        for name, part in nodes(target.requirement, "root"):
            match part:
                case Need(outcome):
                    self.say("leaf", name, text(outcome))
                    leaves.add(outcome)
                case Credits(block, asked, accepts, pool):
                    self.say("block_leaf", name, text(block))
                    self.say("block", text(block), asked, text(pool))
                    for outcome in accepts:
                        self.say("accepts", text(block), text(outcome))
                case _:
                    self.say("node", name, needed(part))
                    for i in range(len(part.of)):
                        self.say("child", name, f"n({name},{i})")
        for outcome in target.outcomes:
            self.say("target_outcome", text(outcome.key))
            if outcome.key in leaves:
                self.say("tree_outcome", text(outcome.key))
            if outcome.critical:
                self.say("critical", text(outcome.key))
        for unit in target.units:
            self.say("target_unit", text(unit.key))
            for outcome in unit.outcomes:
                self.say("target_unit_outcome", text(unit.key), text(outcome))

    def credential(self, item):
        name = self.dated(item, item.key)
        self.say("cred", name)
        self.say("from", name, text(item.country))
        self.say("awarded", name, (item.awarded_on - DAY_0).days)
        self.say("issuer", name, text(item.issuer))
        self.say("programme", name, text(item.programme))
        self.say("level", name, text(item.level.framework))
        if item.field[:2] == self.field()[:2]:
            self.say("same_field", name)
        if item.authenticity is Authenticity.REFUTED:
            self.say("refuted", name)
        if item.authenticity is Authenticity.UNCONFIRMED:
            self.say("unconfirmed", name)
        if item.delivered_in and item.delivered_in != item.country:
            for country in (item.country, item.delivered_in):
                for when in (item.delivered_from or item.awarded_on, item.awarded_on):
                    self.say("taught", name, text(country), (when - DAY_0).days)
        for change in item.history:
            recorded = number(change.known.recorded_at, instant(0), -999)
            superseded = number(change.known.superseded_at, instant(0), 999)
            effective = (change.effective_on - DAY_0).days
            self.say("says", name, change.status.value, effective, recorded, superseded)
        for outcome in item.outcomes.union(*(u.outcomes for u in item.units)):
            self.say("shows_outcome", name, text(outcome))
        units = [(u.key, u.credits, u.outcomes) for u in item.units]
        for key, credits, outcomes in units or [(item.programme, item.credits, item.outcomes)]:
            self.say("unit_of", name, text(key), credits)
            for outcome in outcomes:
                self.say("unit_outcome", name, text(key), text(outcome))


def needed(part):
    return part.k if isinstance(part, KOf) else 1 if isinstance(part, AnyOf) else len(part.of)


def nodes(part, name):
    yield name, part
    if isinstance(part, (AllOf, AnyOf, KOf)):
        for i, child in enumerate(part.of):
            yield from nodes(child, f"n({name},{i})")


def true(part, have):
    if isinstance(part, Need):
        return part.outcome in have
    if isinstance(part, Credits):
        return True
    return sum(true(child, have) for child in part.of) >= needed(part)


def breadth(target):
    """The outcomes in the least completion from nothing, fewest critical first, by trying all."""
    critical = {o.key: o.critical for o in target.outcomes}
    subsets = (s for size in range(len(critical) + 1) for s in combinations(sorted(critical), size))
    prices = [(sum(critical[k] for k in s), len(s)) for s in subsets if true(target.requirement, set(s))]
    return min(prices)[1]


def solve(lines, *, best_case, pick=None, only=None):
    """The best model's atoms by name; without a pick, the pairs in scope."""
    applied, extra = lines
    facts = [f"#const today={AS_OF}. #const now={KNOWN_AT}. #const applied={applied}."]
    if pick:
        facts.append(f"pick({text(pick[0])},{text(pick[1])}).")
    else:
        facts.append("#show scope/2.")
    if best_case:
        facts.append("best_case.")
    if only is not None:
        facts.append("restricted." + "".join(f"allowed_module({text(m)})." for m in only))
    control = clingo.Control(["--warn=none"])
    control.add("base", [], LAW + "\n".join([*facts, *extra]))
    control.ground([("base", [])])
    atoms, cost = [], []
    with control.solve(yield_=True) as handle:
        for model in handle:
            atoms, cost = model.symbols(shown=True), model.cost
    return atoms, cost


def pairs_in_scope(lines):
    atoms, _ = solve(lines, best_case=False)
    return sorted((a.arguments[0].string, a.arguments[1].string) for a in atoms if a.name == "scope")


def ranked(lines, pick, *, best_case, only=None):
    atoms, cost = solve(lines, best_case=best_case, pick=pick, only=only)
    return next(a.arguments[0].number for a in atoms if a.name == "rank"), (cost[1] if len(cost) > 1 else 0)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(5))
def test_an_independent_oracle_agrees_on_random_worlds(part):
    compared = 0
    for seed in range(part * WORLDS // 5, (part + 1) * WORLDS // 5):
        found = sample(random.Random(f"recognition-{seed}"))
        decision = decide(
            World.of(found.facts), found.evidence, found.application, as_of=day(AS_OF), known_at=instant(KNOWN_AT)
        )
        lines = ((found.application.applied_on - DAY_0).days, Translation(found).lines)
        expected = pairs_in_scope(lines)
        assert [(c.qualification, c.instrument) for c in decision.considered] == expected, seed
        assert (decision.result is Result.OUT_OF_SCOPE) is (not expected), seed
        lows = []
        for considered in decision.considered:
            pick = (considered.qualification, considered.instrument)
            low, cost = ranked(lines, pick, best_case=False)
            high, _ = ranked(lines, pick, best_case=True)
            assert (NUMBER[considered.at_least], NUMBER[considered.at_best]) == (low, high), (seed, pick)
            lows.append((low, high))
            chosen = pick == (decision.qualification, decision.instrument)
            if chosen and decision.measures and decision.measures.ways == ("modules",):
                measures = decision.measures
                assert (measures.cost, measures.proved) == (cost, True), seed
                assert ranked(lines, pick, best_case=False, only=measures.modules) == (2, cost), seed
            compared += 1
        if lows:
            best_low, best_high = max(low for low, _ in lows), max(high for _, high in lows)
            assert NUMBER[decision.at_least] == best_low, seed
            open_ = decision.result in {Result.PENDING, Result.SUSPENDED}
            assert open_ is (best_high > best_low), seed
            assert open_ or NUMBER[decision.result] == best_low, seed
    assert compared > WORLDS // 10
