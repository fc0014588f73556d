"""Cases are indicated by the machine and decided by two persons of the right authority; what was decided can be
replayed, appealed against and looked at again."""

import io

import award_cast
import pytest
from cast import TESTS, sign_in, user
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import TestCase
from recognition_room import DAY, case, confirmed, decided, instrument, kept, organisation, room

from sunmao.credentials import actions as credentials
from sunmao.kernel import clock, doctor, files
from sunmao.kernel.desk import desk_of
from sunmao.kernel.models import ChangeValues, StoredFile
from sunmao.kernel.text import Texts
from sunmao.recognition import actions, queries
from sunmao.recognition.models import (
    Accreditation,
    Appeal,
    Applicant,
    BridgingModule,
    Case,
    Competence,
    Decision,
    HomeRight,
    Instrument,
    InstrumentParty,
    ModuleOutcome,
    Qualification,
)
from sunmao.standards import actions as standards
from sunmao.standards.models import Crosswalk

pytestmark = pytest.mark.django_db


@pytest.fixture
def r():
    return room()


def test_a_confirmed_crosswalk_under_a_ministry_act_is_indicated_in_full(r):
    act = instrument(r)
    found = actions.indicate(case(r), by=r.first)
    assert (found.indicated, found.state, found.instrument) == ("full", "indication", act)


def test_without_an_instrument_a_case_is_out_of_scope_and_not_refused(r):
    found = actions.indicate(case(r), by=r.first)
    assert found.indicated == "out of scope"
    assert "instrument | UZ" in found.questions.filter(found=False).values_list("question", flat=True)


def test_a_memorandum_gives_nothing(r):
    row = instrument(r, basis="memorandum")
    found = actions.indicate(case(r), by=r.first)
    assert found.indicated == "out of scope"
    computed, _evidence = queries.restored(found)
    assert [(key, why) for _held, key, why in computed.passed_over] == [(row.code, "memorandum")]
    assert queries.recognised_today(r.taught) == []


def test_a_draft_instrument_is_no_basis(r):
    kept(Instrument(title="Draft", basis="ministry", authority=r.uz_ministry, home="CN", host="UZ", purposes="study"))
    assert actions.indicate(case(r), by=r.first).indicated == "out of scope"


def test_an_agreement_between_institutions_gives_credit_only(r):
    row = kept(
        Instrument(
            title="Credits", basis="institutional", authority=r.uz_ministry, document=r.act, home="CN", host="UZ",
            purposes="study",
        )
    )  # fmt: skip
    with pytest.raises(ValidationError, match="institutions"):
        actions.publish(row, by=r.first)
    kept(InstrumentParty(instrument=row, organisation=r.college, side="home"))
    kept(InstrumentParty(instrument=row, organisation=r.university, side="host"))
    actions.publish(row, by=r.first)
    assert actions.indicate(case(r), by=r.first).indicated == "partial"


def test_a_scan_whose_issuer_has_not_answered_is_pending(r):
    instrument(r)
    made = case(r)
    diploma = made.qualifications.get()
    actions.record_answer(made, qualification=diploma, authenticity="unconfirmed", by=r.first)
    assert actions.indicate(made, by=r.first).indicated == "pending"


def test_a_proposal_of_a_row_counts_for_nothing_until_both_sides_confirm_it():
    r = room(rows=2)
    instrument(r, measures="modules")
    third = r.target.outcomes.get(number="3")
    row = standards.propose(r.crosswalk, r.taught.outcomes.get(number="3"), third, "exact", by=r.home)
    assert actions.indicate(case(r), by=r.first).indicated == "refused"
    standards.confirm(row, by=r.home)
    standards.confirm(row, by=r.first)
    assert actions.indicate(case(r), by=r.first).indicated == "full"


def test_a_critical_gap_is_conditional_on_the_module_that_closes_it():
    r = room(rows=0)
    confirmed(r, 2)
    confirmed(r, 3)
    instrument(r, measures="modules")
    module = kept(BridgingModule(title="Safety", institution=r.university, country="UZ", cost=10, hours=36))
    kept(ModuleOutcome(module=module, outcome=r.target.outcomes.get(number="1")))
    actions.offer(module, by=r.first)
    found = actions.indicate(case(r), by=r.first)
    computed, _evidence = queries.restored(found)
    assert found.indicated == "conditional"
    assert computed.measures.modules == (module.code,)


def test_a_decision_needs_two_people_of_the_authority(r):
    instrument(r)
    found = actions.indicate(case(r), by=r.first)
    actions.propose(found, result="full", by=r.first)
    with pytest.raises(ValidationError, match="Another person"):
        actions.confirm(found, by=r.first)
    assert Decision.objects.get(pk=found.pk).state == "proposed"
    actions.confirm(found, by=r.second)
    stored = Decision.objects.get(pk=found.pk)
    assert (stored.state, stored.proposed_by, stored.decided_by) == ("issued", r.first.person, r.second.person)


def test_another_authority_neither_proposes_nor_confirms(r):
    instrument(r)
    found = actions.indicate(case(r), by=r.first)
    with pytest.raises(ValidationError, match="Only people of"):
        actions.propose(found, result="full", by=r.home)
    actions.propose(found, result="full", by=r.first)
    with pytest.raises(ValidationError, match="Only people of"):
        actions.confirm(found, by=r.home)


def test_an_authority_that_is_not_competent_for_the_target_decides_nothing(r):
    instrument(r)
    other = organisation("Culture office", kind="authority", country="UZ")
    clerk = user("Clerk", ("authority", other))
    found = actions.indicate(case(r, authority=other), by=clerk)
    with pytest.raises(ValidationError, match="not competent"):
        actions.propose(found, result="full", by=clerk)
    kept(Competence(authority=other, country="UZ", fields="0714"))
    assert actions.propose(found, result="full", by=clerk).state == "proposed"


def test_whoever_decides_other_than_the_machine_gives_reasons(r):
    instrument(r)
    found = actions.indicate(case(r), by=r.first)
    with pytest.raises(ValidationError, match="reasons"):
        actions.propose(found, result="refused", by=r.first)
    assert actions.propose(found, result="refused", reasons="Forged seal", by=r.first).result == "refused"
    assert found.indicated == "full"


def test_what_was_decided_replays_to_the_same_hash_after_the_applicant_is_erased(r):
    instrument(r)
    made = case(r)
    found = decided(r, made)
    assert queries.replayed(found) == found.digest
    actions.erase(made, why="asked for it", by=r.first)
    found.refresh_from_db()
    made.applicant.refresh_from_db()
    assert queries.replayed(found) == found.digest
    kept_values = str(list(ChangeValues.objects.values_list("values", flat=True)))
    for word in ("Zhang", "张三", "Chzhan", "CN-1234"):
        assert word not in kept_values
        assert word not in found.computed + found.evidence + str(made.applicant.name)


def test_scans_are_erased_with_their_bytes_and_their_names(r):
    made = case(r)
    row = made.qualifications.get()
    row.file = files.store(io.BytesIO(b"scan of a diploma"), "Zhang_San.pdf", by=r.first)
    actions.lay(row, by=r.first, why="", seen=None)
    kept = settings.SUNMAO_HOME / "files" / row.file.sha256[:2] / row.file.sha256
    assert kept.exists()
    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.erase(made, why="asked for it", by=r.first)
    assert not kept.exists()
    assert "Zhang_San" not in str(list(StoredFile.objects.values())) + str(list(ChangeValues.objects.values()))


def test_a_stored_decision_names_nobody(r):
    instrument(r)
    found = actions.indicate(case(r), by=r.first)
    assert found.case.holder in found.computed
    for word in ("Zhang", "张三", "CN-1234", "2001"):
        assert word not in found.computed + found.evidence


def test_revoking_an_instrument_from_the_start_makes_exactly_the_resting_decisions_due_for_review(r):
    act, other = instrument(r, purposes="study"), instrument(r, title="Work act", purposes="work")
    on_act, on_other = decided(r, case(r)), decided(r, case(r, purpose="work"))
    assert [list(queries.resting_on([row.code])) for row in (act, other)] == [[on_act], [on_other]]
    actions.revoke(act, reason="Void", from_start=True, by=r.first)
    on_act.refresh_from_db()
    on_other.refresh_from_db()
    assert (on_act.state, on_act.standing) == ("review_due", "review due")
    assert on_other.state == "issued"
    assert queries.replayed(on_act) == on_act.digest


def test_revoking_from_a_later_day_leaves_what_was_decided_before_standing(r):
    act = instrument(r)
    found = decided(r, case(r))
    actions.revoke(act, reason="Ended", effective_on=clock.today() + DAY, by=r.first)
    found.refresh_from_db()
    assert found.state == "issued"


def test_a_revocation_taken_back_is_as_if_it_had_not_been(r):
    act = instrument(r)
    found = decided(r, case(r))
    actions.revoke(act, reason="Void", from_start=True, by=r.first)
    found.refresh_from_db()
    assert found.state == "review_due"
    act.refresh_from_db()
    actions.restore(act, why="Court", by=r.first)
    found.refresh_from_db()
    assert (found.state, found.standing) == ("issued", "stands")


def test_a_corrected_instrument_leaves_its_first_wording_and_old_decisions_replay(r):
    act = instrument(r)
    found = decided(r, case(r))
    act.purposes = "work"
    fresh = actions.correct(act, by=r.first, why="Study was never meant")
    assert (fresh.code, fresh.pk != act.pk) == (act.code, True)
    assert Instrument.objects.filter(code=act.code, superseded_at=None).count() == 1
    found.refresh_from_db()
    assert found.state == "review_due"
    assert queries.replayed(found) == found.digest


def test_a_withdrawn_crosswalk_row_brings_its_decisions_up_for_review(r):
    instrument(r)
    found = decided(r, case(r))
    standards.withdraw_row(r.rows[0], note="Wrong", by=r.first)
    found.refresh_from_db()
    assert found.state == "review_due"
    assert queries.replayed(found) == found.digest


def test_a_decision_whose_ground_went_while_it_was_proposed_cannot_be_confirmed(r):
    act = instrument(r)
    found = actions.indicate(case(r), by=r.first)
    actions.propose(found, result="full", by=r.first)
    actions.revoke(act, reason="Void", from_start=True, by=r.first)
    with pytest.raises(ValidationError, match="has changed since"):
        actions.confirm(found, by=r.second)


def test_a_timely_appeal_makes_a_second_decision_and_keeps_the_first():
    r = room(rows=0)
    act = instrument(r)
    made = case(r)
    first = decided(r, made, reasons="Nothing laid side by side")
    assert first.result == "refused"
    for n in (1, 2, 3):
        confirmed(r, n)
    filed = actions.appeal(first, grounds="Rows were confirmed since", by=r.first)
    second = actions.hear_appeal(filed, by=r.second)
    assert (second.indicated, second.follows, second.instrument) == ("full", first, act)
    actions.propose(second, result="full", by=r.first)
    actions.confirm(second, by=r.second)
    first.refresh_from_db()
    assert (first.state, first.result) == ("superseded", "refused")
    assert queries.replayed(second) == second.digest


def test_a_late_appeal_is_kept_and_inadmissible(r):
    instrument(r, appeal_days=10)
    found = decided(r, case(r))
    assert found.appeal_until == clock.today() + 11 * DAY
    with clock.stopped_at(clock.now() + 11 * DAY):
        late = actions.appeal(found, grounds="Too late", by=r.first)
        with pytest.raises(ValidationError, match="over"):
            actions.hear_appeal(late, by=r.first)
    assert (late.state, Appeal.objects.count(), Decision.objects.count()) == ("inadmissible", 1, 1)


def test_the_time_to_decide_stands_still_while_the_issuer_is_asked(r):
    instrument(r, decide_within_days=60)
    made = case(r)
    due = made.due_on
    assert due == clock.today() + 60 * DAY
    diploma = made.qualifications.get()
    actions.query_issuer(made, qualification=diploma, by=r.first)
    with clock.stopped_at(clock.now() + 7 * DAY):
        actions.record_answer(made, qualification=diploma, authenticity="confirmed", by=r.first)
    made.refresh_from_db()
    assert made.due_on == due + 7 * DAY


def test_recognised_today_says_where_by_whom_under_what_until_when(r):
    act = instrument(r, valid_until=clock.today() + 30 * DAY)
    found = queries.recognised_today(r.taught)
    said = [(str(x.country), x.purpose, x.result, x.authority, x.instrument, x.until, x.target) for x in found]
    assert said == [
        ("UZ", "study", "full", r.uz_ministry, act, act.valid_until, r.target),
        ("UZ", "work", "full", r.uz_ministry, act, act.valid_until, r.target),
    ]
    assert queries.recognised_today(r.taught, on=act.valid_until) == []
    assert queries.recognised_today(r.target) == []


def test_the_log_is_whole_after_a_decision_a_correction_and_an_erasure(r):
    act = instrument(r)
    made = case(r)
    found = decided(r, made)
    act.passage = "article 4"
    actions.correct(act, by=r.first, why="Passage")
    actions.erase(made, why="asked for it", by=r.first)
    actions.review(found, by=r.first)
    assert [str(finding) for finding in doctor.examine()] == []


def test_a_credential_of_this_register_is_known_by_its_number_and_its_revocation_brings_up_the_decision():
    r = room(rows=0)
    held = award_cast.world(joint=False, learners=1)
    issued = held.issued()
    programme = held.version.programme
    programme.country, programme.field, programme.authority = "CN", "0714", r.cn_ministry
    kept(programme)
    kept(Accreditation(institution=held.college))
    kept(HomeRight(programme=held.version, purpose="study"))
    crosswalk = kept(Crosswalk(source=held.version, target=r.target))
    for number in ("1", "2"):
        row = standards.propose(
            crosswalk, held.version.outcomes.get(number=number), r.target.outcomes.get(number=number), "exact", by=TESTS
        )
        standards.confirm(row, by=r.home)
        standards.confirm(row, by=r.first)
    instrument(r, basis="convention", missing_percent=40)
    made = actions.open_case(
        Case(authority=r.uz_ministry, target=r.target, purpose="study", applied_on=clock.today()), by=r.first
    )
    kept(Applicant(case=made, name="Dilnoza"))
    laid = actions.lay(Qualification(case=made, number=issued.number), by=r.first)
    assert (laid.credential, laid.programme, laid.issuer) == (issued, held.version, held.college)
    assert laid.authenticity == "confirmed"
    actions.complete_intake(made, by=r.first)
    found = decided(r, made)
    assert found.result == "full"
    credentials.revoke(issued, why="Awarded in error", by=held.lin)
    found.refresh_from_db()
    assert found.state == "review_due"
    assert queries.replayed(found) == found.digest


@pytest.mark.parametrize("known_by", ["account", "name"])
def test_nobody_decides_his_own_case_or_is_the_second_pair_of_eyes_on_it(r, known_by):
    instrument(r)
    found = actions.indicate(case(r), by=r.first)
    applicant = found.case.applicant
    applicant.name = r.first.person.name
    if known_by == "account":
        applicant.person = r.first.person
    kept(applicant)
    found = Decision.objects.get(pk=found.pk)
    policy = desk_of(found).policy
    assert [policy.may(who, "propose", found) for who in (r.first, r.second)] == [False, True]
    with pytest.raises(ValidationError, match="your own case"):
        actions.propose(found, result="full", by=r.first)
    actions.propose(found, result="full", by=r.second)
    with pytest.raises(ValidationError, match="your own case"):
        actions.confirm(found, by=r.first)
    third = user("Dilnoza", ("authority", r.uz_ministry))
    assert actions.confirm(found, by=third).state == "issued"


def test_what_an_instrument_said_as_a_draft_is_told_to_its_own_authority_and_auditors_only(client, r):
    act = kept(
        Instrument(
            title="First wording", basis="ministry", authority=r.uz_ministry, document=r.act, home="CN", host="UZ",
            purposes="study", valid_from=clock.today(),
        ),
        by=r.first,
    )  # fmt: skip
    act.title = Texts.of("Second wording")
    actions.publish(kept(act, by=r.first), by=r.first)
    auditor = user("Olga", ("auditor", r.college))
    for who, told in ((r.first, True), (auditor, True), (r.home, False), (r.stranger, False)):
        sign_in(client, who)
        for address in (f"/instruments/{act.key}/history/", f"/api/instruments/{act.key}/history/"):
            page = client.get(address)
            assert (page.status_code, "First wording" in page.content.decode()) == (200, told)
        deeds = [row["deed"] for row in client.get(f"/api/instruments/{act.key}/history/").json()["results"]]
        assert deeds == (["publish", "edit", "add"] if told else ["publish"])
