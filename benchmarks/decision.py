"""One recognition decision with its witnesses, against the same law in an answer set solver, in one run.

The case is of realistic size: a target of 40 outcomes, some ten rows from other programmes for each outcome
besides the holder's own, alternative rows, a few gaps, bridging modules to choose from. The solver is given
the text of the independent oracle and asked for the certain result only, the core for everything.
"""

import random
import sys
import time
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "recognition"))

import test_oracle
from recognition_builder import agreement, diploma, holder, lawful, programme, row
from recognition_random import AS_OF, DAY_0, KNOWN_AT, Sample, day, instant

from sunmao.recognition.decide import Result, decide
from sunmao.recognition.evidence import Application
from sunmao.recognition.facts import BridgingModule, CrosswalkRow, Thresholds
from sunmao.recognition.terms import Relation
from sunmao.recognition.world import World


def realistic(seed: int) -> Sample:
    """One holder's case among the rows of other programmes to the same target."""
    rng = random.Random(seed)
    critical = {f"T{i:02}" for i in rng.sample(range(1, 41), 12)}
    own = [row(i, rng.choice([Relation.EXACT, Relation.NARROWER, Relation.BROADER])) for i in range(1, 41)]
    second = [row(i, key=f"second-{i}", sources=frozenset({f"S{rng.randint(1, 40):02}"})) for i in range(1, 41, 2)]
    others = [
        CrosswalkRow(
            key=f"other-{i}-{n}",
            sources=frozenset({f"X{rng.randint(1, 4000)}"}),
            target=f"T{i:02}",
            relation=Relation.EXACT,
            authority="UZ-ministry",
        )
        for i in range(1, 41)
        for n in range(10)
    ]
    modules = [
        BridgingModule(
            key=f"m{i:02}",
            country="UZ",
            cost=rng.randint(100, 900),
            covers=frozenset(f"T{n:02}" for n in rng.sample(range(1, 41), 5)),
        )
        for i in range(20)
    ]
    terms = agreement(thresholds=Thresholds(missing_percent=10))
    facts = (programme(critical=critical), terms, *lawful(), *own, *second, *others, *modules)
    evidence = holder(diploma(range(1, 41)))
    return Sample(facts, evidence, Application(target="target", applied_on=day(5)))


def measure(cases: int = 200, solved: int = 10) -> dict[str, float]:
    """Milliseconds per decision (median, 95th percentile), per solver run, and the ratio of the medians."""
    test_oracle.breadth = lambda target: 40  # all of 40; trying all subsets is for small targets
    ours, theirs = [], []
    for seed in range(cases):
        found = realistic(seed)
        world = World.of(found.facts)
        assert world.programmes["target"].compiled.breadth == 40  # made once per immutable version
        start = time.perf_counter()
        decision = decide(world, found.evidence, found.application, as_of=day(AS_OF), known_at=instant(KNOWN_AT))
        ours.append((time.perf_counter() - start) * 1000)
        if seed < solved:
            lines = ((found.application.applied_on - DAY_0).days, test_oracle.Translation(found).lines)
            start = time.perf_counter()
            rank, _ = test_oracle.ranked(lines, ("diploma", "agreement"), best_case=False)
            theirs.append((time.perf_counter() - start) * 1000)
            assert rank == [Result.REFUSED, Result.PARTIAL, Result.CONDITIONAL, Result.FULL].index(decision.result)
    return {
        "decision_ms_p50": median(ours),
        "decision_ms_p95": quantiles(ours, n=20)[-1],
        "clingo_ms_p50": median(theirs),
        "ratio": median(theirs) / median(ours),
    }


if __name__ == "__main__":
    for name, value in measure().items():
        print(f"{name} {value:.2f}")
