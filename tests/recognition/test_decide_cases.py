"""The twelve cases that must come out right."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from recognition_builder import (
    TODAY,
    agreement,
    ask,
    diploma,
    holder,
    lawful,
    programme,
    row,
    target_keys,
    world,
)

from sunmao.recognition.appeal import hear
from sunmao.recognition.decide import Result, Standing, decision_hash, replay, rests_on, stands
from sunmao.recognition.evidence import LanguageCertificate, PriorLearning, StatusChange
from sunmao.recognition.facts import (
    Accreditation,
    BridgingModule,
    Competence,
    Condition,
    Referencing,
    Revocation,
    Thresholds,
)
from sunmao.recognition.record import State
from sunmao.recognition.terms import (
    ConditionKind,
    Consequence,
    DateCounts,
    Known,
    Level,
    Purpose,
    Relation,
    Span,
    Status,
    Unit,
)
from sunmao.recognition.tree import AllOf, AnyOf, Credits, Need
from sunmao.recognition.world import World

ALL = range(1, 41)
ROWS = [row(i) for i in ALL]
DAY = timedelta(days=1)


def covered(decision):
    return {c.outcome for c in decision.covered}


def test_case_01_agreement_one_way_leaves_the_other_way_out_of_scope_not_refused():
    facts = world(*ROWS)
    assert ask(facts, holder(diploma(ALL))).result is Result.FULL
    back = facts.plus(programme(key="chinese target", country="CN"))
    decision = ask(back, holder(diploma(ALL, country="UZ")), target="chinese target")
    assert decision.result is Result.OUT_OF_SCOPE
    assert ("instrument", "CN") in {a.question for a in decision.asked if not a.found}


def test_case_02_two_agreements_through_a_third_country_give_nothing():
    legs = [
        agreement(key="cn-kz", home=frozenset({"CN"}), host=frozenset({"KZ"})),
        agreement(key="kz-uz", home=frozenset({"KZ"}), host=frozenset({"UZ"})),
    ]
    facts = world(*ROWS, *legs, without=("agreement",))
    assert ask(facts, holder(diploma(ALL))).result is Result.OUT_OF_SCOPE
    assert ask(facts, holder(diploma(ALL, country="KZ"))).result is not Result.OUT_OF_SCOPE


@pytest.mark.parametrize(
    ("relation", "is_covered"),
    [(Relation.EXACT, True), (Relation.NARROWER, True), (Relation.BROADER, False), (Relation.CLOSE, False)],
)
def test_case_03_target_broader_is_partial_evidence_and_target_narrower_covers(relation, is_covered):
    facts = world(*ROWS[1:], row(1, relation))
    decision = ask(facts, holder(diploma(ALL)))
    assert ("T01" in covered(decision)) is is_covered
    gaps = [(g.subject, g.partly) for g in decision.gaps]
    assert gaps == ([] if is_covered else [("T01", ("row-01",))])


@pytest.mark.parametrize("relation", [Relation.EXACT, Relation.NARROWER])
def test_case_03_a_row_in_the_reversed_direction_covers_nothing(relation):
    reversed_row = row(1, relation, sources=frozenset({"T01"}), target="S01")
    decision = ask(world(*ROWS[1:], reversed_row), holder(diploma(ALL)))
    assert [(g.subject, g.partly) for g in decision.gaps] == [("T01", ())]


@pytest.mark.parametrize("date_counts", list(DateCounts))
def test_case_04_the_last_day_before_until_counts_and_until_does_not(date_counts):
    until = date(2026, 1, 1)
    facts = world(*ROWS, agreement(date_counts=date_counts, span=Span(date(2020, 1, 1), until)))

    def asked(day):
        late = until + 400 * DAY
        days = {DateCounts.APPLICATION: late, DateCounts.DECISION: late, DateCounts.ISSUE: late}
        days[date_counts] = day
        as_of = max(days.values()) if date_counts is not DateCounts.DECISION else day
        awarded = min(days[DateCounts.ISSUE], as_of)
        evidence = holder(diploma(ALL, awarded_on=awarded))
        return ask(facts, evidence, as_of=as_of, applied_on=days[DateCounts.APPLICATION]).result

    assert asked(until - DAY) is Result.FULL
    assert asked(until) is Result.OUT_OF_SCOPE
    assert asked(date(2020, 1, 1)) is Result.FULL
    assert asked(date(2020, 1, 1) - DAY) is Result.OUT_OF_SCOPE


def fifteen_percent(*facts):
    return world(*ROWS, agreement(thresholds=Thresholds(missing_percent=15)), *facts)


def test_case_05_uncritical_gaps_within_the_threshold_are_full_with_differences_noted():
    decision = ask(fifteen_percent(), holder(diploma(range(1, 35))))
    assert decision.result is Result.FULL
    assert [(g.subject, g.substantial) for g in decision.gaps] == [(f"T{i}", False) for i in range(35, 41)]
    assert decision.element("outcomes").state is State.NOTED
    assert ask(fifteen_percent(), holder(diploma(range(1, 34)))).result is Result.PARTIAL


def test_case_05_one_critical_gap_is_conditional_on_exactly_the_module_that_gives_it():
    offers = [
        BridgingModule(key="m-40", country="UZ", cost=900, covers=frozenset({"T40"})),
        BridgingModule(key="m-40-dear", country="UZ", cost=1200, covers=frozenset({"T40", "T35"})),
        BridgingModule(key="m-35", country="UZ", cost=10, covers=frozenset({"T35", "T36"})),
        BridgingModule(key="m-abroad", country="KZ", cost=1, covers=frozenset({"T40"})),
    ]
    facts = fifteen_percent(programme(critical={"T40"}), *offers)
    decision = ask(facts, holder(diploma(range(1, 35))))
    assert decision.result is Result.CONDITIONAL
    assert [g.subject for g in decision.gaps if g.substantial] == ["T40"]
    assert (decision.measures.modules, decision.measures.cost, decision.measures.proved) == (
        ("m-40",),
        900,
        True,
    )
    assert decision.measures.chosen_by == "holder"


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        ({"thresholds": Thresholds(level_steps=1)}, Result.FULL),
        ({"level_below": Consequence.PARTIAL}, Result.PARTIAL),
        ({"level_below": Consequence.REFUSED}, Result.REFUSED),
        (
            {
                "level_below": Consequence.CONDITIONAL,
                "measures": frozenset({"adaptation"}),
                "adaptation_months": 6,
            },
            Result.CONDITIONAL,
        ),
    ],
)
def test_case_06_one_level_lower_comes_out_as_the_instrument_says(fields, result):
    lower = Referencing(key="ref-cn", level=Level("CN-NQF", 5), common=4)
    decision = ask(world(*ROWS, agreement(**fields), lower), holder(diploma(ALL)))
    assert decision.result is result
    assert not [g for g in decision.gaps if g.kind == "outcome"]
    if result is Result.CONDITIONAL:
        assert (decision.measures.ways, decision.measures.adaptation_months) == (("adaptation",), 6)


def test_case_06_without_referencing_the_case_is_pending_and_says_what_was_not_found():
    decision = ask(world(*ROWS, without=("ref-cn",)), holder(diploma(ALL)))
    assert decision.result is Result.PENDING
    assert decision.element("level").reason == "no_referencing"
    assert ("referencing", "CN-NQF", "5") in {a.question for a in decision.asked if not a.found}


RECORDED = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(("second_row", "standing"), [(True, Standing.OTHER_GROUND), (False, Standing.REVIEW_DUE)])
def test_case_07_a_revoked_row_leaves_standing_what_has_a_second_witness(second_row, standing):
    second = [row(1, key="row-01-second", sources=frozenset({"S02", "S03"}))] if second_row else []
    facts, evidence = world(*ROWS, *second), holder(diploma(ALL))
    decision = ask(facts, evidence)
    assert "row-01" in rests_on(decision)
    assert stands(decision, facts, evidence, known_at=RECORDED) is Standing.STANDS
    revoked = facts.plus(Revocation(key="rev", of="row-01", effective_on=TODAY, from_start=True, known=Known(RECORDED)))
    assert stands(decision, revoked, evidence, known_at=RECORDED) is standing
    assert replay(decision, revoked, evidence) == decision_hash(decision)


def test_case_07_a_row_revoked_from_now_touches_only_what_is_asked_from_now():
    facts, evidence = world(*ROWS), holder(diploma(ALL))
    decision = ask(facts, evidence)
    later = TODAY + 31 * DAY
    revoked = facts.plus(Revocation(key="rev", of="row-01", effective_on=later, known=Known(RECORDED)))
    assert stands(decision, revoked, evidence, known_at=RECORDED) is Standing.STANDS
    assert stands(decision, revoked, evidence, known_at=RECORDED, as_of=later) is Standing.REVIEW_DUE


@pytest.mark.parametrize(
    ("host", "home", "result"),
    [(Relation.BROADER, Relation.EXACT, Result.PARTIAL), (Relation.EXACT, Relation.BROADER, Result.FULL)],
)
def test_case_08_the_competent_host_authoritys_row_counts_whichever_way_it_goes(host, home, result):
    differing = [row(1, host), row(1, home, authority="CN-ministry", key="row-01-cn")]
    decision = ask(world(programme(critical={"T01"}), *ROWS[1:], *differing, *units()), holder(diploma(ALL)))
    assert decision.result is result
    assert not decision.disputes


def units():
    """A target that lists its units, so that part of it can be recognised."""
    return [programme(critical={"T01"}, units=(Unit("U", frozenset(target_keys(40)[1:]), 1000),))]


def test_case_08_without_a_competent_host_row_the_case_is_pending_with_both_shown():
    facts = world(
        programme(critical={"T01"}),
        *ROWS[1:],
        Competence(key="c-uz-2", authority="UZ-health", country="UZ", fields=frozenset({"09"})),
        row(1, Relation.BROADER, authority="UZ-health", key="row-a"),
        row(1, Relation.EXACT, authority="CN-ministry", key="row-b"),
    )
    decision = ask(facts, holder(diploma(ALL)))
    assert decision.result is Result.PENDING
    assert decision.at_least is Result.PARTIAL
    assert decision.disputes[0].rows == (("row-a", "UZ-health", "broader"), ("row-b", "CN-ministry", "exact"))
    assert "T01" not in covered(decision)


def test_case_08_a_dispute_on_which_nothing_hangs_holds_nothing_up():
    facts = world(
        *ROWS,
        Competence(key="c-uz-2", authority="UZ-health", country="UZ", fields=frozenset({"09"})),
        row(1, Relation.BROADER, authority="UZ-health", key="row-a", sources=frozenset({"S02"})),
        row(1, Relation.EXACT, authority="CN-ministry", key="row-b", sources=frozenset({"S02"})),
    )
    decision = ask(facts, holder(diploma(ALL)))
    assert decision.result is Result.FULL
    assert len(decision.disputes) == 1


def test_case_09_missing_workload_is_substantial_and_closed_by_prior_learning():
    facts = world(*ROWS, programme(credits=12000), agreement(thresholds=Thresholds(credits_percent=10)))
    evidence = holder(diploma(ALL, credits=9000))
    decision = ask(facts, evidence)
    assert decision.element("workload").state is State.SUBSTANTIAL
    assert decision.element("outcomes").state is State.MET
    assert [(g.kind, g.short, g.substantial) for g in decision.gaps] == [("workload", 3000, True)]
    assert decision.result is Result.PARTIAL
    prior = replace(evidence, prior_learning=(PriorLearning(key="prior", credits=3000),))
    assert ask(facts, prior).result is Result.FULL
    assert ask(facts, prior).gaps == ()


def test_case_10_an_expired_language_certificate_leaves_recognition_full_and_the_licence_conditional():
    condition = Condition(ConditionKind.LANGUAGE, frozenset({Purpose.LICENCE}), "uz", 4)
    facts = world(*ROWS, agreement(conditions=(condition,)), programme(regulated=True))

    def asked(until):
        certificate = LanguageCertificate(key="lang", language="uz", level=4, span=Span(None, until))
        return ask(facts, holder(diploma(ALL), languages=(certificate,)), purpose=Purpose.LICENCE)

    expired, valid = asked(TODAY), asked(TODAY + DAY)
    assert (expired.result, expired.licence) == (Result.FULL, Result.CONDITIONAL)
    assert expired.open_conditions == ("language:uz:4",)
    assert (valid.result, valid.licence) == (Result.FULL, Result.FULL)


def test_case_11_a_card_that_expired_yesterday_covers_nothing_today_and_covered_last_week():
    evidence = holder(diploma(ALL, span=Span(None, TODAY)))
    today, last_week = ask(world(*ROWS), evidence), ask(world(*ROWS), evidence, as_of=TODAY - 7 * DAY)
    assert (today.result, covered(today)) == (Result.REFUSED, set())
    assert today.element("authenticity").reason == "expired"
    assert (last_week.result, len(covered(last_week))) == (Result.FULL, 40)


def test_case_11_an_issuer_who_lost_accreditation_after_award_does_not_void_it():
    def with_until(until):
        return world(*ROWS, Accreditation(key="acc", institution="college", span=Span(None, until)))

    awarded = date(2024, 7, 1)
    assert ask(with_until(awarded + DAY), holder(diploma(ALL))).result is Result.FULL
    lost_before = ask(with_until(awarded), holder(diploma(ALL)))
    assert lost_before.result is Result.REFUSED
    assert lost_before.element("institution").reason == "not_accredited_on_award"


def test_case_11_fraud_voids_from_the_start_where_a_revocation_does_not():
    def asked(status):
        history = (StatusChange(status, TODAY),)
        return ask(world(*ROWS), holder(diploma(ALL, history=history)), as_of=TODAY - 7 * DAY).result

    assert asked(Status.REVOKED) is Result.FULL
    assert asked(Status.FRAUD) is Result.REFUSED


def two_blocks(left, right):
    blocks = (
        Credits("A", left, frozenset({"T01", "T02"}), "electives"),
        Credits("B", right, frozenset({"T01", "T03"}), "electives"),
    )
    return programme(3, requirement=AllOf((*(Need(k) for k in target_keys(3)), *blocks)))


def taught(*units):
    return diploma((), units=tuple(Unit(key, frozenset(outcomes), credits) for key, credits, *outcomes in units))


def test_case_12_a_unit_that_fits_two_exclusive_blocks_counts_once():
    facts = world(two_blocks(600, 600), *ROWS[:3])
    shared = taught(("x", 600, "S01"), ("y", 300, "S02"), ("z", 300, "S03"))
    decision = ask(facts, holder(shared))
    assert [(g.kind, g.short) for g in decision.gaps] == [("credits", 300)]
    assert sorted(unit for unit, _ in decision.credit.spent) == ["x", "y", "z"]


def test_case_12_the_assignment_is_the_best_for_the_holder_where_greedy_fails():
    facts = world(two_blocks(500, 600), *ROWS[:3])
    # the largest unit first into the first open block would leave B short
    held = taught(("x", 600, "S01"), ("y", 500, "S02"), ("z", 0, "S03"))
    decision = ask(facts, holder(held))
    assert decision.result is Result.FULL
    assert decision.credit.spent == (("x", "B"), ("y", "A"))


def test_case_12_a_timely_appeal_with_new_evidence_makes_a_second_decision_and_keeps_the_first():
    facts = world(*ROWS)
    first = ask(facts, holder(diploma(range(1, 21))))
    before = decision_hash(first)
    more = holder(diploma(range(1, 21)), diploma(range(21, 41), key="second diploma"))
    notice = TODAY + DAY

    def appeal(days):
        return hear(facts, first, more, notified_on=notice, filed_on=notice + days * DAY, known_at=RECORDED, days=30)

    timely, late = appeal(30), appeal(31)
    assert (timely.admissible, timely.second.result, timely.second.follows) == (True, Result.FULL, before)
    assert decision_hash(timely.first) == before
    assert first.result is not Result.FULL
    assert (late.admissible, late.reason, late.second) == (False, "late", None)
    again = hear(
        facts,
        timely.second,
        more,
        notified_on=timely.second.as_of,
        filed_on=timely.second.as_of + 40 * DAY,
        known_at=RECORDED,
        days=30,
    )
    assert (again.admissible, again.second) == (False, None)


def test_the_lawful_world_of_these_tests_recognises_in_full_only_with_its_rows():
    assert decide_without(ROWS) is Result.FULL
    assert decide_without([]) is Result.REFUSED


def decide_without(rows):
    facts = World.of([programme(), agreement(), *lawful(), *rows])
    return ask(facts, holder(diploma(ALL))).result


def test_any_of_two_pathways_needs_one_only():
    ways = AnyOf((AllOf((Need("T01"), Need("T02"))), AllOf((Need("T03"),))))
    facts = world(programme(3, requirement=ways), *ROWS[:3])
    assert ask(facts, holder(diploma([3]))).result is Result.FULL
    assert [g.subject for g in ask(facts, holder(diploma([1]))).gaps] == ["T02"]


def test_decide_refuses_a_target_it_does_not_know():
    with pytest.raises(LookupError):
        ask(world(), holder(diploma(ALL)), target="nowhere")
