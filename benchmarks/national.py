"""A nation's recognition in memory, made with a fixed seed: one decision with its witnesses beside an answer set
solver, the coverage of all programmes against all profiles, one changed row, and what would unlock most learners.

1,300 majors and 3,000 profiles of 40 outcomes each, every major laid beside 25 profiles in rows of 36 on average:
1,170,000 confirmed rows; a home country and 69 hosts, one in ten of them without an instrument. All times are CPU time of
the process, ours and the solver's alike, so that what else runs on the machine does not count.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "recognition"))

import test_oracle
from recognition_random import AS_OF, DAY_0, KNOWN_AT, Sample, day, instant

from sunmao.recognition.coverage import Parties
from sunmao.recognition.decide import Decision, Result, decide
from sunmao.recognition.evidence import Application, Credential, Evidence
from sunmao.recognition.facts import (
    Accreditation,
    BridgingModule,
    Competence,
    CrosswalkRow,
    Fact,
    HomeRight,
    Instrument,
    ProgrammeVersion,
    Referencing,
    Thresholds,
)
from sunmao.recognition.matrix import Home, Matrix, Rule, fill
from sunmao.recognition.terms import Basis, Level, Outcome, Purpose, Relation
from sunmao.recognition.tree import AllOf, Need
from sunmao.recognition.unlocking import NO_INSTRUMENT, Key, modules_of, unlock
from sunmao.recognition.world import World

SEED = 4
HOME = "CN"
HOSTS = tuple(f"{a}{b}" for a in "PQRSTUV" for b in "ABCDEFGHIJ")[:69]
MAJORS, PROFILES, OUTCOMES, BESIDE, ROWS = 1300, 3000, 40, 25, 1_170_000
MODULES = 8  # on offer for each profile
GOOD = (Relation.EXACT, Relation.EXACT, Relation.NARROWER)
MIXED = (*GOOD, Relation.EXACT, Relation.CLOSE, Relation.BROADER)


@dataclass(frozen=True)
class Nation:
    world: World
    majors: list[Home]
    targets: list[ProgrammeVersion]
    beside: list[tuple[int, int]]
    instruments: dict[str, Instrument]

    def rule(self, _home: str, target: ProgrammeVersion) -> Rule:
        found = self.instruments.get(target.country)
        competent = frozenset({f"{target.country} ministry"})
        return Rule(Parties(competent | {f"{HOME} ministry"}, competent), False, bool(found and found.close_counts))

    def matrix(self) -> Matrix:
        return Matrix(self.majors, self.targets, self.world.rows, self.rule)

    def allowed(self) -> NDArray[np.int16]:
        own = [self.instruments.get(target.country) for target in self.targets]
        row = [NO_INSTRUMENT if i is None else i.thresholds.missing_percent * OUTCOMES // 100 for i in own]
        return np.tile(np.array(row, np.int16), (len(self.majors), 1))

    def evidence(self, major: int) -> Evidence:
        home = self.majors[major]
        held = Credential(
            key="diploma", programme=home.key, issuer=f"college {major % 400}", country=HOME, field="0715",
            level=Level(f"{HOME}-NQF", 5), awarded_on=day(2), outcomes=home.shown, commitment="c0ffee",
        )  # fmt: skip
        return Evidence(learner="someone", credentials=(held,))


def nation(seed: int = SEED) -> Nation:
    """The same nation for the same seed."""
    rng = random.Random(seed)
    majors = [
        Home(f"M{m}", HOME, frozenset(f"M{m}/{i}" for i in range(OUTCOMES)), int(rng.paretovariate(0.9) * 20) % 5000)
        for m in range(MAJORS)
    ]
    targets = [_profile(rng, p) for p in range(PROFILES)]
    beside = [(m, p) for m in range(MAJORS) for p in rng.sample(range(PROFILES), BESIDE)]
    law = list(_law(rng))
    found = {next(iter(i.host)): i for i in law if isinstance(i, Instrument)}
    facts = [*targets, *law, *_modules(rng, targets), *_rows(rng, targets, beside)]
    return Nation(World.of(facts), majors, targets, beside, found)


def _profile(rng: random.Random, number: int) -> ProgrammeVersion:
    country = HOSTS[number % len(HOSTS)]
    keys = [f"P{number}/{i:02}" for i in range(OUTCOMES)]
    critical = set(rng.sample(keys, 12))
    return ProgrammeVersion(
        key=f"P{number}", country=country, field="0715", level=Level(f"{country}-NQF", 5),
        outcomes=tuple(Outcome(k, k in critical) for k in keys), requirement=AllOf(tuple(Need(k) for k in keys)),
    )  # fmt: skip


def _law(rng: random.Random) -> Iterator[Fact]:
    for country in (HOME, *HOSTS):
        yield Competence(key=f"competent {country}", authority=f"{country} ministry", country=country)
        yield Referencing(key=f"level {country}", level=Level(f"{country}-NQF", 5), common=5)
    for place, country in enumerate(HOSTS):
        if place % 10 != 9:
            yield Instrument(
                key=f"instrument {country}", basis=rng.choice([Basis.INTERGOVERNMENTAL, Basis.MINISTRY]),
                home=frozenset({HOME}), host=frozenset({country}), purposes=frozenset(Purpose),
                close_counts=rng.random() < 0.3, thresholds=Thresholds(missing_percent=rng.choice([0, 5, 10])),
            )  # fmt: skip
    for college in range(400):
        yield Accreditation(key=f"accredited {college}", institution=f"college {college}")
    for major in range(MAJORS):
        yield HomeRight(key=f"right {major}", programme=f"M{major}", purpose=Purpose.STUDY)


def _modules(rng: random.Random, targets: list[ProgrammeVersion]) -> Iterator[Fact]:
    for target in targets:
        for n in range(MODULES):
            covers = frozenset(rng.sample(target.outcome_keys, 6))
            yield BridgingModule(
                key=f"module {target.key} {n}", country=target.country, cost=rng.randint(100, 900), covers=covers
            )


def _rows(rng: random.Random, targets: list[ProgrammeVersion], beside: list[tuple[int, int]]) -> Iterator[Fact]:
    """32 to 40 rows for each pair, most towards different outcomes; in a third of the pairs all of them cover."""
    sources = [[frozenset({f"M{m}/{i}"}) for i in range(OUTCOMES)] for m in range(MAJORS)]
    number = 0
    for place, (m, p) in enumerate(beside):
        size = 36 if place == len(beside) - 1 else 32 + place % 9
        keys = rng.sample(targets[p].outcome_keys, size)
        if place % 2:
            keys[-3:] = keys[:3]  # another way to the same outcome
        likely = GOOD if place % 3 == 2 else MIXED
        authorities = (*[f"{targets[p].country} ministry"] * 9, f"{HOME} ministry")
        for key in keys:
            yield CrosswalkRow(
                key=f"R{number}", sources=sources[m][int(rng.random() * OUTCOMES)], target=key,
                relation=likely[int(rng.random() * len(likely))], authority=authorities[int(rng.random() * 10)],
            )  # fmt: skip
            number += 1
    assert number == ROWS


def cut(world: World, decision: Decision, held: frozenset[str] | None = None) -> tuple[Any, ...]:
    """What one decision needs of a nation: the facts its questions are about, as the room reads them for one case.
    With `held`, of the rows only those that somebody who holds these outcomes can use."""
    target = world.programmes[decision.application.target]
    facts: list[Any] = [target, *world.instruments[target.country]]
    for item in decision.asked:
        if item.question[0] == "row":
            rows = world.rows.get(item.question[1], ())
            facts += [row for row in rows if held is None or row.sources <= held]
        else:
            facts += world.others.get(item.question, ())
    return tuple({fact.key: fact for fact in facts}.values())


def _solved(facts: tuple[Any, ...], evidence: Evidence, decision: Decision) -> float:
    """Milliseconds of the solver for the same answer."""
    asked = decision.application
    lines = ((asked.applied_on - DAY_0).days, test_oracle.Translation(Sample(facts, evidence, asked)).lines)
    start = time.process_time()
    rank, cost = test_oracle.ranked(lines, ("diploma", decision.instrument), best_case=False)
    taken = (time.process_time() - start) * 1000
    assert rank == test_oracle.NUMBER[decision.at_least], asked
    if decision.measures and decision.measures.ways == ("modules",):
        assert decision.measures.cost == cost, asked
    return taken


def decisions(found: Nation, cases: int = 2000, solved: int = 40) -> dict[str, float]:
    """Milliseconds per decision in the whole nation, and of the solver on what it needs, in turn."""
    test_oracle.breadth = lambda target: OUTCOMES  # all are asked; trying all subsets is for small targets
    rng = random.Random(SEED)
    ours, theirs, bare, results = [], [], [], set()
    for m, p in rng.sample(found.beside, cases):
        target, evidence = found.targets[p], found.evidence(m)
        asked = Application(target=target.key, applied_on=day(5))
        target.compiled  # noqa: B018  # made once per immutable version
        start = time.process_time()
        decision = decide(found.world, evidence, asked, as_of=day(AS_OF), known_at=instant(KNOWN_AT))
        ours.append((time.process_time() - start) * 1000)
        results.add(decision.result)
        if decision.instrument and len(ours) % (cases // solved) == 0:
            theirs.append(_solved(cut(found.world, decision), evidence, decision))
            bare.append(_solved(cut(found.world, decision, evidence.credentials[0].outcomes), evidence, decision))
    assert {Result.FULL, Result.CONDITIONAL, Result.PARTIAL, Result.OUT_OF_SCOPE} <= results, results
    return {
        "p50": median(ours), "p95": quantiles(ours, n=20)[-1], "clingo_p50": median(theirs),
        "clingo_own_rows_p50": median(bare), "solved": float(len(theirs)),
    }  # fmt: skip


def _in_turn(*acts: Callable[[], Any], times: int = 25) -> list[float]:
    """Median milliseconds of each act, one after the other again and again."""
    taken: list[list[float]] = [[] for _ in acts]
    for _ in range(times):
        for act, own in zip(acts, taken, strict=True):
            start = time.process_time()
            act()
            own.append((time.process_time() - start) * 1000)
    return [median(own) for own in taken]


def filled(matrix: Matrix) -> Any:
    return fill(matrix.needed, len(matrix.homes), matrix.slots, matrix.starts, matrix.masks)


def coverage(found: Nation) -> dict[str, float]:
    """All pairs beside writing as much memory, one changed row, what would unlock most learners."""
    start = time.process_time()
    matrix = found.matrix()
    read = time.process_time() - start
    shape = matrix.missing.shape
    again = filled(matrix)
    assert (again == matrix.missing).all()
    del again
    full = np.uint64((1 << OUTCOMES) - 1)
    written, bare, pairs = _in_turn(matrix.missing.copy, lambda: np.full(shape, full), lambda: filled(matrix))
    allowed = found.allowed()
    offered = modules_of(matrix, {t.key: _offered(found, t) for t in found.targets})
    (asked,) = _in_turn(lambda: unlock(matrix, allowed, offered=offered))
    answers = unlock(matrix, allowed, offered=offered)
    assert all(answers[key] for key in Key)
    changed = _changes(found, matrix)
    whole = found.matrix()
    assert (whole.missing == matrix.missing).all(), "incremental is not what computing everything again gives"
    return {
        "read_s": read, "pairs": float(shape[0] * shape[1]), "written_ms": written, "bare_ms": bare,
        "pairs_ms": pairs,
        "unlock_ms": asked, "row_us_p50": median(changed), "row_us_p95": quantiles(changed, n=20)[-1],
    }  # fmt: skip


def _offered(found: Nation, target: ProgrammeVersion) -> list[frozenset[str]]:
    modules = {
        fact.key: fact
        for key in target.outcome_keys
        for fact in found.world.others.get(("module", key), ())
        if isinstance(fact, BridgingModule)
    }
    return [module.covers for module in modules.values()]


def _changes(found: Nation, matrix: Matrix, count: int = 2000) -> list[float]:
    """Microseconds of each change: rows taken away, brought back with another relation, and new ones."""
    rng, rows = random.Random(SEED), found.world.rows
    assert isinstance(rows, dict)
    taken = []
    for n in range(count):
        m, p = rng.choice(found.beside)
        outcome = rng.choice(found.targets[p].outcome_keys)
        there = rows.get(outcome, ())
        if n % 2 and there:
            row = rng.choice(there)
            kept = tuple(one for one in there if one is not row)
            now = kept if n % 4 == 1 else (*kept, replace(row, relation=rng.choice(MIXED)))
        else:
            sources = frozenset({f"M{m}/{rng.randrange(OUTCOMES)}"})
            row = CrosswalkRow(
                key=f"new {n}", sources=sources, target=outcome, relation=rng.choice(MIXED),
                authority=f"{found.targets[p].country} ministry",
            )  # fmt: skip
            now = (*there, row)
        rows[outcome] = now
        start = time.process_time()
        matrix.update(row, now)
        taken.append((time.process_time() - start) * 1e6)
    return taken


def measure() -> dict[str, dict[str, float]]:
    found = nation()
    gc.collect()
    gc.freeze()  # a million facts that stay are not looked through again and again
    return {"decisions": decisions(found), "coverage": coverage(found)}


if __name__ == "__main__":
    for part, figures in measure().items():
        for name, value in figures.items():
            print(f"{part} {name} {value:.3f}")
