"""The time to decide runs from a complete file and stands still while the applicant or the issuer is asked."""

from datetime import date

import pytest
from cast import refusal, sign_in, user
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from recognition_room import DAY, case, decided, instrument, kept, room

from sunmao.kernel import clock
from sunmao.kernel.models import ChangeValues
from sunmao.recognition import actions, timing
from sunmao.recognition.models import Applicant, Case, Qualification, Step
from sunmao.recognition.statutory import Clock, Stop
from sunmao.recognition.statutory import clock as time_of
from sunmao.site.cli import main
from sunmao.site.today import turns

START = date(2026, 1, 1)


def on(day):
    return START + day * DAY


@pytest.mark.parametrize(
    ("stops", "found"),
    [
        ([], Clock(on(60))),
        ([Stop(on(10), on(17))], Clock(on(67), stood=7)),
        ([Stop(on(-9), on(5)), Stop(on(-3), on(5))], Clock(on(65), stood=5)),
        ([Stop(on(10), on(20)), Stop(on(15), on(25))], Clock(on(75), stood=15)),
        ([Stop(on(10), on(10))], Clock(on(60))),
        ([Stop(on(10))], Clock(None, on(10), 50)),
        ([Stop(on(10), on(20)), Stop(on(15))], Clock(None, on(10), 50, 10)),
        ([Stop(on(10), on(20)), Stop(on(30))], Clock(None, on(30), 40, 10)),
        ([Stop(on(-5))], Clock(None, on(0), 60)),
        ([Stop(on(60))], Clock(None, on(60), 0)),
        ([Stop(on(61))], Clock(on(60))),
        ([Stop(on(50), on(55)), Stop(on(65), on(70))], Clock(on(70), stood=10)),
    ],
)
def test_the_time_stands_still_on_each_day_of_waiting_once_and_never_comes_back(stops, found):
    assert time_of(START, 60, stops) == time_of(START, 60, reversed(stops)) == found


pytestmark = pytest.mark.django_db


@pytest.fixture
def r():
    made = room()
    instrument(made, decide_within_days=60)
    return made


def taking_in(r):
    """A case in which nothing is complete yet."""
    made = actions.open_case(
        Case(authority=r.uz_ministry, target=r.target, purpose="study", applied_on=clock.today() - 20 * DAY), by=r.first
    )
    kept(Applicant(case=made, name="Zhang San"))
    row = Qualification(
        case=made, programme=r.taught, issuer=r.college, number="1", awarded_on=clock.today() - 30 * DAY
    )
    actions.lay(row, by=r.first)
    return made


def stand(case):
    case.refresh_from_db()
    return case.due_on, case.stands_since, case.days_left


@pytest.mark.parametrize("kind", ["legalisation", "translation", "request"])
def test_a_file_is_not_complete_while_a_paper_is_asked_of_the_applicant(r, kind):
    made = taking_in(r)
    actions.ask_applicant(made, kind=kind, days=14, by=r.first)
    assert "The file is not complete" in refusal(actions.complete_intake, made, by=r.first)
    assert stand(made) == (None, None, None)
    actions.receive(made.steps.get(), by=r.first)
    actions.complete_intake(made, by=r.first)
    assert stand(made) == (clock.today() + 60 * DAY, None, None)


def test_the_time_runs_from_the_day_of_the_last_paper_and_not_from_when_the_officer_says_so(r):
    made = taking_in(r)
    step = kept(Step(case=made, kind="translation", asked_on=clock.today() - 9 * DAY, done_on=clock.today() - 4 * DAY))
    assert "last paper" in refusal(actions.complete_intake, made, on=step.done_on - DAY, by=r.first)
    assert "last paper" in refusal(actions.complete_intake, made, on=clock.today() + DAY, by=r.first)
    actions.complete_intake(made, on=step.done_on, by=r.first)
    assert (made.complete_on, made.runs_from, made.due_on) == (step.done_on, step.done_on, step.done_on + 60 * DAY)


@pytest.mark.parametrize("kind", ["legalisation", "translation", "request"])
def test_the_time_stands_still_while_a_paper_is_asked_for_and_runs_on_once_it_is_there(r, kind):
    made = case(r)
    with clock.stopped_at(clock.now() + 10 * DAY):
        since = clock.today()
        actions.ask_applicant(made, kind=kind, note="of the diploma", days=14, by=r.first)
        assert stand(made) == (None, since, 50)
    with clock.stopped_at(clock.now() + 30 * DAY):
        actions.receive(made.steps.get(kind=kind), by=r.second)
    assert stand(made) == (clock.today() + 80 * DAY, None, None)


def test_a_step_written_by_hand_counts_as_well_and_comparing_names_or_a_fee_does_not(r, client):
    made = case(r)
    sign_in(client, r.first)
    for kind, told in (("names", (made.due_on, None, None)), ("fee", (made.due_on, None, None)),
                       ("translation", (None, clock.today(), 60))):  # fmt: skip
        data = {"case": made.code, "kind": kind, "asked_on": clock.today().isoformat()}
        assert client.post("/api/steps/", data, content_type="application/json").status_code == 201
        assert stand(made) == told


def test_an_open_question_to_the_issuer_lets_the_time_stand_still_from_its_first_day(r):
    made = taking_in(r)
    actions.query_issuer(made, qualification=made.qualifications.get(), by=r.first)
    actions.complete_intake(made, by=r.first)
    assert stand(made) == (None, clock.today(), 60)


def test_a_question_asked_once_the_time_is_over_does_not_bring_it_back(r):
    made = case(r)
    due = made.due_on
    with clock.stopped_at(clock.now() + 70 * DAY):
        actions.ask_applicant(made, kind="translation", by=r.first)
        assert stand(made) == (due, None, None)
        tags = [str(tag.word) for tag in actions_desk().tags(made)]
        assert tags == ["being examined", "Late, 10 days"]


def actions_desk():
    from sunmao.kernel.desk import desk_of

    return desk_of(Case)


def test_a_case_whose_time_began_before_its_days_were_kept_keeps_what_it_had(r):
    made = case(r)
    row = made.qualifications.get()
    start = clock.today() - 20 * DAY
    QuerySet(Step).filter(case=made).update(
        asked_on=start + DAY, done_on=start + 8 * DAY
    )  # these 7 days were added then
    QuerySet(Case).filter(pk=made.pk).update(
        runs_from=start, complete_on=start, due_on=start + 67 * DAY, days_to_decide=None
    )
    made.refresh_from_db()
    actions.query_issuer(made, qualification=row, by=r.first)
    actions.record_answer(made, qualification=row, authenticity="confirmed", by=r.first)
    assert (made.days_to_decide, stand(made)) == (60, (start + 67 * DAY, None, None))


def test_dates_that_cannot_be_and_papers_of_another_case_are_refused(r):
    made, other = case(r), case(r)
    row, tomorrow = other.qualifications.get(), clock.today() + DAY
    for fields, word in (
        ({"asked_on": tomorrow}, "future"), ({"asked_on": clock.today(), "done_on": tomorrow}, "future"),
        ({"asked_on": clock.today(), "done_on": clock.today() - DAY}, "not done before"),
        ({"asked_on": clock.today(), "qualification": row}, "another case"),
    ):  # fmt: skip
        assert word in refusal(actions.keep_step, Step(case=made, kind="translation", **fields), by=r.first)
    step = actions.keep_step(Step(case=made, kind="translation", asked_on=clock.today()), by=r.first)
    step.case = other
    assert "stays in its case" in refusal(actions.keep_step, step, by=r.first)
    step = Step.objects.get(pk=step.pk)
    assert "when it was asked" in refusal(actions.receive, step, on=clock.today() - DAY, by=r.first)
    assert "not asked of the applicant" in refusal(actions.ask_applicant, made, kind="query", by=r.first)
    answer = {"qualification": made.qualifications.get(), "authenticity": "confirmed"}
    actions.query_issuer(made, qualification=answer["qualification"], by=r.first)
    assert "when it was asked" in refusal(actions.record_answer, made, on=clock.today() - DAY, **answer, by=r.first)
    assert made.qualifications.get().answered_on == clock.today()  # as before


def test_an_answer_about_a_document_is_recorded_on_the_case_and_not_on_its_step(r):
    made = case(r)
    actions.query_issuer(made, qualification=made.qualifications.get(), by=r.first)
    step = made.steps.get(done_on=None)
    assert "own deed" in refusal(actions.receive, step, by=r.first)


def test_the_second_decision_has_its_own_time_from_the_day_of_filing(r):
    found = decided(r, case(r))
    with clock.stopped_at(clock.now() + 20 * DAY):
        filed = actions.appeal(found, grounds="New papers", by=r.first)
    with clock.stopped_at(clock.now() + 25 * DAY):
        actions.hear_appeal(filed, by=r.second)
    assert stand(found.case) == (clock.today() + 80 * DAY, None, None)


def test_page_rest_and_command_say_what_the_time_stands_still_for(r, client, capsys):
    made = case(r)
    actions.ask_applicant(made, kind="translation", note="of the supplement", by=r.first)
    code = made.steps.get(kind="translation").code
    sign_in(client, r.first)
    page = client.get(f"/recognition-cases/{made.code}/").content.decode()
    assert "Waits for: sworn translation." in page and "60 days of it are left" in page
    assert "not there yet" in page and "The time stands still" in page
    data = client.get(f"/api/recognition-cases/{made.code}/clock/").json()
    assert (data["due_on"], data["stands_since"], data["days_left"]) == (None, clock.today().isoformat(), 60)
    assert [(one["kind"], one["there_on"], one["days"]) for one in data["stops"]] == [
        ("query", clock.today().isoformat(), 0), ("translation", None, None),
    ]  # fmt: skip
    assert client.get(f"/api/recognition-cases/{made.code}/").json()["time"] == "stands_still"
    assert main(["clock", made.code, "--as", r.first.email]) == 0
    assert f"{code}\tsworn translation" in capsys.readouterr().out
    client.logout()
    sign_in(client, r.stranger)
    assert client.get(f"/api/recognition-cases/{made.code}/clock/").status_code == 404
    assert main(["clock", made.code, "--as", r.stranger.email]) == 2


def said(person):
    return {kind: [(turn.what, turn.due) for turn in rows] for kind, rows in turns(person).items() if rows}


def test_today_says_what_a_case_waits_for_to_the_authority_and_to_the_applicant(r):
    made, zhang = taking_in(r), user("Zhang")
    applicant = made.applicant
    applicant.person = zhang.person
    kept(applicant)
    assert said(r.first) == {"mine": [("Complete the intake", None)]}
    actions.ask_applicant(made, kind="legalisation", days=14, by=r.first)
    due = clock.today() + 14 * DAY
    assert said(r.first) == {"mine": [("The file waits for the applicant: legalisation or apostille", None)]}
    assert said(zhang) == {"mine": [("Send what the authority asks for: legalisation or apostille", due)]}
    actions.receive(made.steps.get(), by=r.first)
    actions.complete_intake(made, by=r.first)
    assert said(r.first) == {"mine": [("Propose a decision", clock.today() + 60 * DAY)]}
    actions.ask_applicant(made, kind="translation", by=r.first)
    ((what, none),) = said(r.first)["mine"]
    assert (
        what.startswith("The time to decide stands still since") and what.endswith("sworn translation") and none is None
    )
    actions.close(made, why="Taken back", by=r.first)
    assert said(zhang) == said(r.first) == {}


def test_the_applicant_reads_where_the_time_stands_and_asks_nothing_of_himself(r, client):
    made, zhang = case(r), user("Zhang")
    applicant = made.applicant
    applicant.person = zhang.person
    kept(applicant)
    actions.ask_applicant(made, kind="request", note="The supplement", by=r.first)
    sign_in(client, zhang)
    assert "request to the applicant" in client.get(f"/recognition-cases/{made.code}/").content.decode()
    step = made.steps.get(kind="request")
    assert client.post(f"/api/steps/{step.code}/receive/", {}, content_type="application/json").status_code == 403
    assert stand(made)[1] == clock.today()


def test_remarks_on_steps_are_erased_with_the_applicant(r):
    made = case(r)
    kept(Step(case=made, kind="names", asked_on=clock.today(), note="Chzhan is Zhang"))
    actions.close(made, why="Taken back", by=r.first)
    actions.erase(made, why="asked for", by=r.first)
    assert set(made.steps.values_list("note", flat=True)) == {""}
    assert "Chzhan" not in str(list(ChangeValues.objects.values_list("values", flat=True)))


def test_a_closed_case_takes_no_step(r):
    made = case(r)
    actions.close(made, why="Taken back", by=r.first)
    with pytest.raises(ValidationError, match="closed"):
        actions.keep_step(Step(case=made, kind="translation", asked_on=clock.today()), by=r.first)
    assert timing.says(made) == "The time to decide ended when the case was closed."
