"""The fee, the time to decide, and a certificate of one unit only."""

import award_cast
import pytest
from cast import sign_in
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from recognition_room import DAY, case, instrument, kept, room

from sunmao.credentials import actions as credentials
from sunmao.credentials.models import Award, AwardIssuer
from sunmao.kernel import clock
from sunmao.kernel.models import ChangeValues
from sunmao.kernel.text import Texts
from sunmao.recognition import actions, names, queries
from sunmao.recognition.models import Applicant, Case, Qualification, Step
from sunmao.standards.models import Outcome, Unit

pytestmark = pytest.mark.django_db
LAW = {"fee_for": "study", "decide_within_days": 60}


@pytest.fixture
def r():
    return room()


def test_a_fee_paid_after_the_intake_is_entered_with_its_receipt_and_closes_the_condition(r):
    instrument(r, **LAW)
    made = case(r)
    assert actions.indicate(made, by=r.first).indicated == "conditional"
    step = kept(Step(case=made, kind="fee", asked_on=clock.today()))
    actions.receive_fee(made, on=clock.today(), receipt="No. 17", by=r.first)
    stored = Case.objects.get(pk=made.pk)
    step.refresh_from_db()
    assert (stored.fee_paid_on, stored.fee_receipt, step.done_on) == (clock.today(), "No. 17", clock.today())
    assert actions.indicate(stored, by=r.first).indicated == "full"
    with pytest.raises(ValidationError, match="already"):
        actions.receive_fee(stored, by=r.first)


def test_a_fee_that_is_waived_counts_as_paid_and_says_why(r):
    instrument(r, **LAW)
    made = actions.waive_fee(case(r), why="Refugee, article 9", by=r.first)
    assert (made.fee_paid_on, made.fee_waived) == (None, "Refugee, article 9")
    assert actions.indicate(made, by=r.first).indicated == "full"


def test_a_fee_is_not_paid_in_the_future(r):
    with pytest.raises(ValidationError, match="future"):
        actions.receive_fee(case(r), on=clock.today() + DAY, by=r.first)


def test_the_time_to_decide_runs_with_the_papers_unless_the_law_waits_for_the_fee(r):
    instrument(r, **LAW)
    made = case(r)
    assert (made.runs_from, made.due_on) == (clock.today(), clock.today() + 60 * DAY)


def test_where_the_law_waits_for_the_fee_the_time_runs_from_its_day(r):
    instrument(r, clock_after_fee=True, **LAW)
    made = case(r)
    assert (made.complete_on, made.runs_from, made.due_on) == (clock.today(), None, None)
    actions.receive_fee(made, by=r.first)
    assert (made.runs_from, made.due_on) == (clock.today(), clock.today() + 60 * DAY)


def test_an_instrument_of_another_country_does_not_say_how_long_an_authority_has(r):
    instrument(r, decide_within_days=90)
    instrument(r, title="With another", home="KZ", decide_within_days=10)
    assert case(r).due_on == clock.today() + 90 * DAY


def test_the_days_an_issuer_is_waited_for_are_added_once_and_only_while_the_time_runs(r):
    instrument(r, **LAW)
    made = case(r)
    first = made.qualifications.get()
    second = actions.lay(
        Qualification(case=made, programme=r.taught, issuer=r.college, number="2", awarded_on=clock.today() - DAY),
        by=r.first,
    )
    made.complete_on = made.runs_from = clock.today() - 10 * DAY
    made.due_on = made.runs_from + 60 * DAY
    kept(made)
    for row, asked in ((first, 15), (second, 8)):
        kept(Step(case=made, kind="query", qualification=row, asked_on=clock.today() - asked * DAY))
    actions.record_answer(made, qualification=first, authenticity="confirmed", on=clock.today() - 4 * DAY, by=r.first)
    actions.record_answer(made, qualification=second, authenticity="confirmed", on=clock.today() - DAY, by=r.first)
    assert made.due_on == clock.today() - 10 * DAY + (60 + 6 + 3) * DAY


def laid(r, unit, **fields):
    """A case on a document about one unit of a programme of two, and the crosswalk that covers the target's one unit."""
    made = actions.open_case(
        Case(authority=r.uz_ministry, target=r.target, purpose="study", applied_on=clock.today()), by=r.first
    )
    kept(Applicant(case=made, name="Zhang San"))
    actions.lay(
        Qualification(
            case=made, programme=r.taught, unit=unit, issuer=r.college, authenticity="confirmed",
            awarded_on=clock.today() - DAY, **fields,
        ),
        by=r.first,
    )  # fmt: skip
    return actions.complete_intake(made, by=r.first)


def test_a_certificate_of_one_unit_counts_as_credit_and_never_as_the_qualification(r):
    instrument(r)
    unit = r.taught.units.get()
    found = actions.indicate(laid(r, unit), by=r.first)
    computed, evidence = queries.restored(found)
    assert found.indicated == "partial"
    assert computed.element("rights").reason == "one_unit_only"
    assert computed.credit.units == (f"{r.target.code}/unit 1",)
    assert evidence.credentials[0].unit == f"{r.taught.code}/unit 1"
    assert queries.replayed(found) == found.digest


def test_a_unit_shows_its_own_outcomes_and_credits_only(r):
    other = r.taught
    with pytest.raises(ValidationError, match="another programme"):
        laid(r, r.target.units.get())
    held = queries.evidence_of(laid(r, other.units.get())).credentials[0]
    assert len(held.outcomes) == 3
    assert (held.credits, [unit.credits for unit in held.units]) == (0, [12000])


def test_a_unit_award_of_this_register_is_taken_as_one_unit(r):
    held = award_cast.world(joint=False, learners=1)
    unit = Unit(version=held.version, number=1, title=Texts.of("Planning"), credits=5)
    unit.created_at = unit.updated_at = clock.now()
    QuerySet(Unit).bulk_create([unit])  # past the door: a published programme takes no unit any more
    QuerySet(Outcome).filter(version=held.version, number="1").update(unit=unit)
    award = kept(
        Award(title=Texts.of("Planning"), programme=held.version, unit=unit, criteria=Texts.of("The outcome."))
    )
    kept(AwardIssuer(award=award, number=1, organisation=held.college))
    issued = credentials.confer(award, cohort=held.cohort, awarded_on=clock.today(), by=held.lin).credentials.get()
    made = actions.open_case(
        Case(authority=r.uz_ministry, target=r.target, purpose="study", applied_on=clock.today()), by=r.first
    )
    row = actions.lay(Qualification(case=made, number=issued.number), by=r.first)
    assert (row.credential, row.unit) == (issued, unit)
    shown = queries.evidence_of(made).credentials[0]
    assert (shown.outcomes, shown.credits) == ({f"{held.version.code}/1"}, 0)
    assert [found.credits for found in shown.units] == [500]


def test_the_spellings_of_a_name_are_held_against_the_passport_with_the_reason(r, client):
    made = case(r)
    who = made.applicant
    who.passport_name, who.certificate_name = "ZHANG<<SAN", "Li Si"
    kept(who)
    sign_in(client, r.first, second_factor=True)
    page = client.get(f"/applicants/{who.key}/").content.decode()
    assert "The characters are read in pinyin." in page
    assert "Not found on the other side: li, si." in page
    actions.close(made, why="Withdrawn", by=r.first)
    actions.erase(made, why="Asked for", by=r.first)
    who.refresh_from_db()
    assert names.side_by_side(who, r.first)["hidden"]
    assert (who.passport_name, who.certificate_name) == ("", "")
    assert "ZHANG<<SAN" not in str(list(ChangeValues.objects.values_list("values", flat=True)))
