"""Completion by rule: pure, so it is held to its rules by properties."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sunmao.cohorts.completion import ALL, ALL_CRITICAL, K_OF_N, Assessed, Attended, Rule, decide

marks = st.tuples(*(st.integers(0, 40) for _ in range(4))).map(
    lambda n: Attended(held=sum(n), marked=n[0] + n[1] + n[2], present=n[0], excused=n[1])
)
outcomes = st.lists(st.tuples(st.booleans(), st.sampled_from([None, True, False])), max_size=8).map(
    lambda rows: [Assessed(str(number), critical, passed) for number, (critical, passed) in enumerate(rows)]
)
rules = st.builds(Rule, st.integers(0, 100), st.sampled_from([ALL, ALL_CRITICAL, K_OF_N]), st.integers(0, 9))


def codes(decision):
    return [reason.code for reason in decision.reasons]


@given(rules, marks, outcomes)
def test_whoever_completed_has_no_reason_against_and_whoever_did_not_has_one(rule, attended, assessed):
    decision = decide(rule, attended, assessed)
    assert decision.completed is (decision.reasons == ())


@given(rules, marks, outcomes)
def test_nobody_completes_without_every_critical_outcome(rule, attended, assessed):
    if decide(rule, attended, assessed).completed:
        assert all(row.passed for row in assessed if row.critical)
        assert any(row.passed for row in assessed) or rule.outcomes == K_OF_N


@given(rules, marks, outcomes, st.integers(0, 7))
def test_passing_one_more_outcome_never_takes_a_completion_away(rule, attended, assessed, which):
    better = [replace(row, passed=True) if place == which else row for place, row in enumerate(assessed)]
    assert decide(rule, attended, better).completed >= decide(rule, attended, assessed).completed


@given(rules, marks, outcomes)
def test_being_present_once_more_never_takes_a_completion_away(rule, attended, assessed):
    more = replace(attended, held=attended.held + 1, marked=attended.marked + 1, present=attended.present + 1)
    assert decide(rule, more, assessed).completed >= decide(rule, attended, assessed).completed


@given(rules, marks, outcomes)
def test_an_excused_absence_changes_nothing(rule, attended, assessed):
    more = replace(attended, held=attended.held + 1, marked=attended.marked + 1, excused=attended.excused + 1)
    assert decide(rule, more, assessed) == decide(rule, attended, assessed)


@given(rules, marks, outcomes)
def test_a_looser_share_of_sessions_completes_whoever_the_stricter_does(rule, attended, assessed):
    looser = replace(rule, minimum_attendance=rule.minimum_attendance // 2)
    assert decide(looser, attended, assessed).completed >= decide(rule, attended, assessed).completed


def test_exactly_the_minimum_is_enough_and_one_session_less_is_not():
    rule, one = Rule(80, ALL), [Assessed("1", passed=True)]
    assert decide(rule, Attended(held=10, marked=10, present=8), one).completed
    found = decide(rule, Attended(held=10, marked=10, present=7), one)
    assert codes(found) == ["attendance"]
    assert found.reasons[0].params == {"present": 7, "counted": 10, "minimum": 80, "percent": 70}


def test_an_unmarked_session_holds_completion_back_until_it_is_marked():
    rule, one = Rule(50, ALL), [Assessed("1", passed=True)]
    assert codes(decide(rule, Attended(held=4, marked=3, present=3), one)) == ["sessions_not_marked"]


def test_all_that_is_missing_is_named_and_not_only_the_first():
    found = decide(
        Rule(80, ALL), Attended(held=2, marked=2, present=1), [Assessed("1", True), Assessed("2", False, False), Assessed("3", passed=True)]
    )  # fmt: skip
    assert codes(found) == ["attendance", "outcome_not_assessed", "outcome_not_passed"]
    assert [reason.params.get("outcome") for reason in found.reasons] == [None, "1", "2"]


def test_a_number_of_all_counts_beside_the_critical_ones():
    rows = [Assessed("1", True, True), Assessed("2"), Assessed("3", passed=False)]
    assert codes(decide(Rule(0, K_OF_N, 2), Attended(), rows)) == ["too_few_outcomes"]
    assert decide(Rule(0, K_OF_N, 1), Attended(), rows).completed


def test_where_no_outcome_is_critical_every_one_is_asked():
    rows = [Assessed("1", passed=True), Assessed("2", passed=None)]
    assert codes(decide(Rule(0, ALL_CRITICAL), Attended(), rows)) == ["outcome_not_assessed"]


def test_a_programme_without_outcomes_completes_nobody():
    assert codes(decide(Rule(0, ALL), Attended(), [])) == ["no_outcomes"]
