"""All pairs of coverage: each cell as one decision sees it, kept up row by row, and what a single thing would unlock.

`SUNMAO_TRIALS=1` takes thousands of worlds instead of dozens.
"""

import random
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from surroundings import TRIALS
from test_decide_properties import random_tree

from sunmao.recognition.coverage import Parties, cover
from sunmao.recognition.facts import CrosswalkRow, Instrument, ProgrammeVersion
from sunmao.recognition.inquiry import Inquiry
from sunmao.recognition.matrix import Home, Matrix, Rule
from sunmao.recognition.terms import Basis, Level, Outcome, Purpose, Relation, RowsFrom
from sunmao.recognition.tree import AllOf, Need, completion
from sunmao.recognition.unlocking import LARGEST, NO_INSTRUMENT, Key, modules_of, unlock
from sunmao.recognition.world import World

seeds = st.integers(0, 2**32)
MANY = 40 if TRIALS else 1  # times as many worlds in the trials
COUNTRIES = ("CN", "UZ", "KZ")


class Small:
    """A few programmes and profiles of three countries, with rows that may differ, be close, or need two outcomes."""

    def __init__(self, seed, *, choice=True, outcomes=6):
        self.rng = rng = random.Random(seed)
        self.homes = [
            Home(
                f"H{h}",
                rng.choice(["CN", "CN", "KZ"]),
                frozenset(f"H{h}/{i}" for i in range(6)),
                rng.choice([0, 3, 7, 40]),
            )
            for h in range(rng.randint(1, 4))
        ]
        self.targets = [self.target(t, choice, outcomes) for t in range(rng.randint(1, 4))]
        self.rows = {}
        for n in range(rng.randint(5, 60)):
            self.put(self.row(f"R{n}"))
        self.close, self.host_only = rng.random() < 0.5, rng.random() < 0.3

    def target(self, number, choice, outcomes):
        keys = [f"T{number}/{i}" for i in range(outcomes)]
        tree = random_tree(self.rng, keys) if choice and self.rng.random() < 0.4 else AllOf(tuple(map(Need, keys)))
        made = tuple(Outcome(k, self.rng.random() < 0.3) for k in keys)
        country = self.rng.choice(["UZ", "UZ", "KZ"])
        return ProgrammeVersion(
            key=f"T{number}", country=country, field="07", level=Level("L", 5), outcomes=made, requirement=tree
        )

    def row(self, key):
        rng, home = self.rng, self.rng.choice(self.homes)
        held = sorted(home.shown) + [f"{home.key}/beyond", "elsewhere/1"]
        sources = frozenset(rng.choices(held[:6] * 4 + held, k=rng.choice([1, 1, 2])))
        return CrosswalkRow(
            key=key, sources=sources, target=rng.choice(rng.choice(self.targets).outcome_keys),
            relation=rng.choice(list(Relation)), authority=rng.choice(["UZ-a", "KZ-a", "CN-a", "XX-a"]),
        )  # fmt: skip

    def put(self, row):
        rows = [one for one in self.rows.get(row.target, ()) if one.key != row.key]
        self.rows[row.target] = (*rows, row)

    def drop(self, row):
        self.rows[row.target] = tuple(one for one in self.rows[row.target] if one.key != row.key)

    def parties(self, home, target):
        return Parties(frozenset({f"{home}-a", f"{target.country}-a"}), frozenset({f"{target.country}-a"}))

    def rule(self, home, target):
        return Rule(self.parties(home, target), self.host_only, self.close)

    def matrix(self):
        return Matrix(self.homes, self.targets, self.rows, self.rule)


def cells(matrix):
    return {
        (home.key, target.key): set(matrix.lacking(h, t))
        for h, home in enumerate(matrix.homes)
        for t, target in enumerate(matrix.targets)
    }


@settings(max_examples=80 * MANY, deadline=None)
@given(seeds)
def test_a_cell_says_what_one_decision_would_say_is_missing(seed):
    small = Small(seed)
    found = cells(small.matrix())
    inquiry = Inquiry(World({}, small.rows, {}, {}, {}), None, None)
    inquiry.holds = lambda fact, day=None: True
    for home in small.homes:
        for target in small.targets:
            rows_from = RowsFrom.HOST if small.host_only else RowsFrom.EITHER
            terms = Instrument(
                key="i", basis=Basis.MINISTRY, home=frozenset(), host=frozenset(), purposes=frozenset(Purpose),
                close_counts=small.close, rows_from=rows_from,
            )  # fmt: skip
            covered = cover(inquiry, target, {"held": home.shown}, small.parties(home.country, target), terms)
            tree = target.compiled
            least = completion(tree, covered.mask, 0)
            assert found[home.key, target.key] == set(tree.names(least.outcomes)), (home.key, target.key)


@settings(max_examples=80 * MANY, deadline=None)
@given(seeds)
def test_rows_that_change_one_by_one_leave_what_computing_everything_again_gives(seed):
    small = Small(seed)
    matrix = small.matrix()
    for n in range(12):
        there = [row for rows in small.rows.values() for row in rows]
        changed = small.rng.choice(there) if there and small.rng.random() < 0.6 else small.row(f"new {n}")
        kind = small.rng.choice(["drop", "other relation", "keep"])
        if kind == "drop" and changed in there:
            small.drop(changed)
        else:
            small.put(
                replace(changed, relation=small.rng.choice(list(Relation))) if kind == "other relation" else changed
            )
        matrix.update(changed, small.rows.get(changed.target, ()))
        assert (matrix.missing == small.matrix().missing).all(), (n, kind)


@settings(max_examples=50 * MANY, deadline=None)
@given(seeds)
def test_taking_a_row_away_and_bringing_it_back_is_as_before_in_whatever_order_rows_come(seed):
    small = Small(seed)
    matrix = small.matrix()
    before = matrix.missing.copy()
    for row in [row for rows in small.rows.values() for row in rows][:10]:
        small.drop(row)
        matrix.update(row, small.rows[row.target])
        small.put(row)
        matrix.update(row, small.rows[row.target])
    assert (matrix.missing == before).all()
    small.rows = {key: tuple(small.rng.sample(rows, len(rows))) for key, rows in reversed(small.rows.items())}
    assert (small.matrix().missing == before).all()


@settings(max_examples=50 * MANY, deadline=None)
@given(seeds)
def test_a_programme_that_shows_more_never_lacks_what_it_did_not_lack(seed):
    small = Small(seed, choice=False)
    before = cells(small.matrix())
    small.homes = [replace(home, shown=home.shown | {f"{home.key}/beyond"}) for home in small.homes]
    after = cells(small.matrix())
    assert all(after[pair] <= before[pair] for pair in before)


def test_a_target_of_more_outcomes_than_a_word_holds_keeps_them_apart():
    small = Small(5, choice=False, outcomes=130)
    target = small.targets[0]
    small.rows = {}
    for outcome in (target.outcome_keys[0], target.outcome_keys[100], target.outcome_keys[129]):
        small.put(
            CrosswalkRow(
                key=outcome, sources=frozenset({"H0/1"}), target=outcome, relation=Relation.EXACT,
                authority=f"{target.country}-a",
            )
        )  # fmt: skip
    matrix = small.matrix()
    assert matrix.missing.shape[2] == 3
    assert set(target.outcome_keys) - set(matrix.lacking(0, 0)) == set(small.rows)
    gone = small.rows.pop(target.outcome_keys[100])[0]
    matrix.update(gone, ())
    assert (matrix.missing == small.matrix().missing).all()


def brute(small, matrix, allowed, offered):
    """Learners by each single thing, by trying all of them on sets."""
    lacks, places = cells(matrix), {}
    for h, home in enumerate(small.homes):
        for t, target in enumerate(small.targets):
            critical = {o.key for o in target.outcomes if o.critical}
            places[home.key, target.key] = (home, target, critical, int(allowed[h, t]))

    def opened(pair, given=frozenset(), under=None):
        _home, _target, critical, slack = places[pair]
        slack = slack if under is None else under
        left = lacks[pair] - given
        return slack != NO_INSTRUMENT and not left & critical and len(left) <= slack

    shut = [pair for pair in places if not opened(pair)]
    rows, instruments, modules = {}, {}, {}
    for pair in shut:
        home, target, _critical, slack = places[pair]
        if opens := frozenset(o for o in lacks[pair] if opened(pair, {o})):
            rows[pair, opens] = home.learners
        if slack == NO_INSTRUMENT and home.country != target.country and opened(pair, under=0):
            host = target.country
            if not any(opened(p) for p, (a, b, *_more) in places.items() if a is home and b.country == host):
                instruments.setdefault((home.country, host), {})[home.key] = home.learners
    for target in small.targets:
        waiting = [
            pair for pair in shut
            if pair[1] == target.key and not any(opened(pair, covers) for covers in offered.get(target.key, ()))
        ]  # fmt: skip
        for size in range(1, LARGEST + 1):
            for gives in combinations(target.outcome_keys, size):
                score = sum(places[pair][0].learners for pair in waiting if opened(pair, set(gives)))
                modules[target.key, gives] = score
    return rows, {key: sum(homes.values()) for key, homes in instruments.items()}, modules


@settings(max_examples=80 * MANY, deadline=None)
@given(seeds)
def test_what_would_unlock_most_learners_is_what_trying_every_single_thing_finds(seed):
    small = Small(seed, choice=False, outcomes=random.Random(seed).choice([2, 6]))
    matrix, rng = small.matrix(), small.rng
    by_host = {country: rng.choice([NO_INSTRUMENT, 0, 1, 3]) for country in COUNTRIES}
    row = [rng.choice([by_host[t.country], by_host[t.country], NO_INSTRUMENT]) for t in small.targets]
    allowed = np.tile(np.array(row, np.int16), (len(small.homes), 1))
    offered = {small.targets[0].key: [frozenset(rng.sample(small.targets[0].outcome_keys, 2))]}
    found = unlock(matrix, allowed, most=1000, offered=modules_of(matrix, offered))
    rows, instruments, modules = brute(small, matrix, allowed, offered)
    told = {(u.pairs[0], frozenset(u.outcomes)): u.learners for u in found[Key.ROW]}
    assert told == {key: n for key, n in rows.items() if n}
    assert {u.countries: u.learners for u in found[Key.INSTRUMENT]} == {k: n for k, n in instruments.items() if n}
    homes = {home.key: home.learners for home in small.homes}
    for one in found[Key.MODULE]:
        assert one.learners == modules[one.pairs[0][1], one.outcomes] == sum(homes[home] for home, _t in one.pairs)
    best = {target.key: max(n for (t, _given), n in modules.items() if t == target.key) for target in small.targets}
    if max(by_host.values()) <= 0:  # where outcomes may be missing, several sets are as good for one programme
        assert {one.pairs[0][1]: one.learners for one in found[Key.MODULE]} == {k: n for k, n in best.items() if n}
    assert all(one.learners >= two.learners for us in found.values() for one, two in pairwise(us))


def test_no_programme_and_no_profile_make_an_empty_matrix():
    matrix = Matrix([], [], {}, lambda home, target: pytest.fail("nothing is asked"))
    assert matrix.missing.shape == (0, 0, 1)
    assert unlock(matrix, np.zeros((0, 0), np.int16)) == {Key.ROW: [], Key.INSTRUMENT: [], Key.MODULE: []}
