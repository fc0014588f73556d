"""Whether two programmes are of one profile: by their field or, where the instrument says so, by the rows between them."""

from datetime import UTC, datetime, timedelta

from recognition_builder import agreement, ask, diploma, holder, programme, row, world

from sunmao.recognition.decide import Result, decision_hash, replay, rests_on
from sunmao.recognition.evidence import PriorLearning
from sunmao.recognition.facts import ShownDifference, Thresholds
from sunmao.recognition.record import State
from sunmao.recognition.terms import Basis, Known, Relation
from sunmao.recognition.world import World

ALL = range(1, 41)
ROWS = [row(i) for i in ALL]
DAY = timedelta(days=1)
NOW_LATER = datetime(2026, 6, 1, tzinfo=UTC)


def profile(facts, *, field="0411", **diploma_fields):
    found = ask(facts, holder(diploma(ALL, field=field, **diploma_fields)))
    return found, found.element("profile")


def test_another_field_is_the_same_profile_where_the_instrument_says_so_and_rows_connect_enough():
    by_rows = agreement(thresholds=Thresholds(missing_percent=15, profile_percent=85))
    some = [*(row(i) for i in range(1, 31)), *(row(i, Relation.BROADER) for i in range(31, 35))]
    facts = world(*some, by_rows, programme(critical=()))
    found, said = profile(facts)
    assert (said.state, said.reason) == (State.NOTED, "other_field_connected")
    assert dict(said.params) == {"held": "0411", "asked": "0715", "connected": 34, "of": 40}
    assert set(said.rests_on) == {f"row-{i:02}" for i in range(1, 35)} <= rests_on(found)
    fewer = world(*some[:-1], by_rows)
    assert profile(fewer)[1].reason == "other_field_apart" and profile(fewer)[1].state is State.SUBSTANTIAL
    by_field = world(*some, agreement(thresholds=Thresholds(missing_percent=15)))
    assert profile(by_field)[1].reason == "other_field"


def test_rows_towards_what_others_than_the_qualification_show_connect_nothing():
    by_rows = world(*ROWS, agreement(thresholds=Thresholds(profile_percent=50)))
    prior = PriorLearning(key="prior", outcomes=frozenset(f"S{i:02}" for i in range(11, 41)))
    alone = holder(diploma(range(1, 11), field="0411"), prior_learning=(prior,))
    found = ask(by_rows, alone)
    assert len(found.covered) == 40
    assert dict(found.element("profile").params)["connected"] == 10
    assert found.element("profile").state is State.SUBSTANTIAL


def test_a_profile_that_an_authority_has_shown_to_differ_differs_whatever_rows_connect():
    by_rows = agreement(thresholds=Thresholds(profile_percent=50))
    shown = ShownDifference(key="shown", target="target", subject="profile", authority="UZ-ministry")
    assert profile(world(*ROWS, by_rows))[0].result is Result.FULL
    _found, said = profile(world(*ROWS, by_rows, shown))
    assert said.state is State.SUBSTANTIAL and "shown" in said.rests_on


def test_a_decision_before_the_instrument_spoke_of_rows_replays_to_its_hash():
    first = agreement(known=Known(None, NOW_LATER))
    second = agreement(thresholds=Thresholds(profile_percent=50), known=Known(NOW_LATER, None))
    before = world(*ROWS, agreement())
    evidence = holder(diploma(ALL, field="0411"))
    old = ask(before, evidence)
    after = World.of([*(f for f in before.facts() if f.key != "agreement"), first, second])
    assert old.result is not Result.FULL
    assert replay(old, after, evidence) == decision_hash(old)
    assert ask(after, evidence, known_at=NOW_LATER + DAY).result is Result.FULL


def test_under_a_convention_too_few_rows_leave_another_field_to_a_person():
    by_rows = agreement(basis=Basis.CONVENTION, thresholds=Thresholds(profile_percent=50))
    assert profile(world(*ROWS[:19], by_rows))[1].state is State.UNKNOWN
    assert profile(world(*ROWS[:20], by_rows))[1].state is State.NOTED
