"""The demonstration's story: everything in it is marked as made up, and it stands where its pages are worth a look."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from cast import TESTS, sign_in
from django.test import Client
from django.utils import translation
from laid import demonstration

from sunmao.agreements.models import Agreement, ClauseState
from sunmao.cohorts.models import Cohort, Enrolment, Learner
from sunmao.credentials.models import Award, Conferral, Credential, CrosswalkCredential
from sunmao.kernel import changes, clock
from sunmao.kernel.changes import System
from sunmao.kernel.models import Change
from sunmao.kernel.text import Texts
from sunmao.keys.models import InstitutionKey
from sunmao.recognition import queries as recognition
from sunmao.recognition.models import Case, Decision, Instrument
from sunmao.site import signins
from sunmao.site.demo.load import load
from sunmao.site.today import KINDS, turns
from sunmao.sources.models import Document
from sunmao.standards.models import Crosswalk, CrosswalkRow, Programme
from sunmao.workshops import queries as workshops
from sunmao.workshops.models import Item, Workshop

# What each person of the demonstration finds, by kind.
WAITS = {
    "secretariat": {"mine": {"Answer the application to join China-Uzbekistan Vocational Education Alliance"},
                    "others": {"Owed by others"}},
    "officer-cvie": {"late": {"Keep the clause", "Stage “teachers”"},
                     "mine": {"Answer the application to join China-Uzbekistan Vocational Education Alliance",
                              "Sign off “equipment”"}},
    "officer-tstu": {"late": {"Stage “teachers”"}, "others": {"Owed by others"},
                     "mine": {"Answer what was done for a clause", "Put the equipment back to use",
                              "Record the arrival of the equipment", "Say whether the row holds"}},
    "officer-zte": {"late": {"Stage “teachers”"}, "others": {"Owed by others"},
                    "mine": {"Answer the text: Amendment 1, version 2", "Answer what was done for a clause",
                             "Sign off “equipment”"}},
    "director": {"late": {"Stage “teachers”"},
                 "mine": {"Put the equipment back to use", "Record the arrival of the equipment"}},
    "teacher": {"late": {"Stage “teachers”"}},
    "authority-uz": {"mine": {"Say whether the row holds"}},
    "authority-uz-second": {"mine": {"Say whether the row holds"}},
    "authority-cn": {},
    "auditor": {"others": {"Owed by others"}},
    "learner": {"ends": {"The last day to appeal"}},
}  # fmt: skip


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The demonstration, laid out for this module and taken back."""
    with django_db_blocker.unblock(), demonstration() as world:
        yield world
    signins.place().unlink(missing_ok=True)


@pytest.mark.django_db
def test_a_register_that_holds_something_is_told_no_story():
    changes.save(Document(title=Texts.of("The first document")), by=System("test"))
    before = Change.objects.count()
    assert load(lambda *said: None) is None
    assert Change.objects.count() == before and not Agreement.objects.exists()


def test_the_story_takes_less_than_8_seconds_of_work(told):
    assert told.story_seconds < 8


def test_everything_made_up_is_marked(told):
    for model in (Cohort, Learner, Award, Case, Instrument, Programme, Crosswalk):
        assert model.objects.exists() and not model.objects.filter(demo=False).exists(), model
    assert InstitutionKey.objects.count() == 4
    assert not InstitutionKey.objects.filter(test=False).exists()
    assert list(Workshop.objects.filter(demo=True)) == [told.workshops["uz-telecom-college"]]
    assert list(Agreement.objects.filter(demo=True)) == [told.agreements["uz-telecom-school"]]
    assert not told.workshops["uz-telecom-college"].citations.filter(fact__in=("state", "unveiled")).exists()


def test_no_deed_lies_in_the_future_or_before_the_year_the_story_spans(told):
    today = clock.today()
    days = [at.date() for at in Change.objects.values_list("at", flat=True)]
    assert max(days) <= today
    assert 250 < (today - min(days)).days < 300


def test_of_the_clauses_four_are_kept_one_is_late_and_the_others_open(told):
    clauses = told.agreements["uz-telecom-school"].clauses.order_by("number")
    kept = [row.number for row in clauses if row.state == ClauseState.KEPT]
    late = [row.number for row in clauses if row.state == ClauseState.OPEN and row.due.surely_by(clock.today())]
    assert (kept, late) == ([1, 2, 3, 6], [4])
    assert told.agreements["uz-telecom-school"].state == "in_force"


def test_of_the_stages_three_are_passed_one_waits_for_chongqing_and_the_teachers_are_late(told):
    college = told.workshops["uz-telecom-college"]
    assert set(college.stages.filter(state="passed").values_list("kind", flat=True)) == {"filing", "site", "unveiling"}
    chongqing = told.cast["officer-cvie"]
    assert [row.kind for row in workshops.to_sign_off(chongqing)] == ["equipment"]
    assert [row.kind for row in workshops.late(chongqing, clock.today())] == ["teachers"]
    assert len(set(Item.objects.filter(workshop=college).values_list("state", flat=True))) == 5


def test_five_rows_of_the_crosswalk_count_one_was_refused_and_one_is_open(told):
    rows = CrosswalkRow.objects.filter(crosswalk=Crosswalk.objects.earliest("pk"))
    states = sorted(rows.values_list("state", flat=True))
    assert states == ["confirmed"] * 5 + ["proposed", "rejected"]


def test_the_rows_that_count_are_a_credential_signed_by_both_sides(told):
    made = CrosswalkCredential.objects.get()
    assert (made.state, len(made.rows), made.missing) == ("issued", 5, [])
    assert list(made.signings.order_by("id").values_list("side", "role")) == [
        ("source", "officer"), ("target", "authority"),
    ]  # fmt: skip
    page = Client().get(f"/crosswalk-credentials/{made.code}/").content.decode()
    assert "Demonstration" in page and "In force since" in page


def test_eleven_of_twelve_complete_and_the_other_is_told_why(told):
    rows = Enrolment.objects.filter(cohort__kind="trainee")
    assert (rows.count(), rows.filter(state="completed").count()) == (12, 11)
    assert [reason["code"] for reason in rows.get(state="failed").reasons] == ["attendance", "outcome_not_passed"]
    assert Enrolment.objects.filter(cohort__kind="teacher", state="completed").count() == 4


def test_both_houses_signed_one_holder_released_and_one_certificate_is_revoked(told):
    conferral = Conferral.objects.get()
    assert conferral.state == "complete" and conferral.signings.count() == 2
    released = Credential.objects.get(shows_name=True)
    assert released.learner.person == told.cast["learner"].person
    assert Credential.objects.filter(state="revoked").count() == 1
    page = Client().get(f"/v/{released.token}/").content.decode()
    assert "Bobur Example" in page and "Demonstration" in page


def test_two_people_of_the_ministry_decided_and_the_decision_still_replays(told):
    decision = Decision.objects.get()
    assert decision.state == "issued" and decision.published and decision.result == decision.indicated == "full"
    assert decision.proposed_by == told.cast["authority-uz"].person
    assert decision.decided_by == told.cast["authority-uz-second"].person
    assert recognition.replayed(decision)
    assert str(recognition.standing_of(decision)) == "stands"


def test_a_case_on_paper_stands_still_until_its_translation_is_there(told):
    case = Case.objects.get(purpose="study")
    assert (case.state, case.due_on, case.stands_since, case.days_left) == (
        "examined", None, clock.today() - timedelta(days=5), 58,
    )  # fmt: skip
    for key in ("authority-uz", "authority-uz-second"):
        (turn,) = [turn for turn in turns(told.cast[key])["mine"] if turn.record == case]
        assert turn.what.startswith("The time to decide stands still") and turn.what.endswith("sworn translation")


@pytest.mark.parametrize("key", ["officer-cvie", "officer-tstu", "officer-zte", "teacher", "authority-uz", "learner"])
def test_each_of_the_cast_finds_a_page_of_their_own(told, key):
    client = sign_in(Client(), told.cast[key])
    assert client.get("/today/").status_code == 200


def test_what_is_recognised_names_the_order_and_the_demonstration(told):
    page = Client().get("/recognised/register/").content.decode()
    assert "Order on the recognition of telecommunication training" in page and "made up" in page


def test_everybody_of_the_demonstration_finds_what_waits(told):
    assert set(WAITS) == set(told.cast)
    for key, account in told.cast.items():
        found = {kind: {turn.what for turn in rows} for kind, rows in turns(account).items() if rows}
        expected = WAITS[key]
        assert {kind: expected.get(kind, set()) - found.get(kind, set()) for kind in KINDS} == {
            kind: set() for kind in KINDS
        }, key
        assert set(found) <= {*expected, "mine"}, key


def test_the_page_of_the_day_speaks_the_readers_language_and_each_link_opens(told):
    opened = 0
    for number, (key, account) in enumerate(told.cast.items()):
        client, links = sign_in(Client(), account), []
        with translation.override("en"):
            english = {re.sub("[“:].*", "", turn.what).strip() for rows in turns(account).values() for turn in rows}
        for code in ("en", "zh-hans", "ru"):
            client.cookies["language"] = code
            page = client.get("/today/").content.decode()
            assert not [words for words in english if words in page] or code == "en", (key, code)
            links.append(re.findall(r'<h3><a href="([^"]+)"', page))
        assert sorted(links[0]) == sorted(links[1]) == sorted(links[2])
        client.cookies["language"] = ("en", "zh-hans", "ru")[number % 3]
        for link in links[0]:
            assert client.get(link).status_code == 200, (key, link)
            opened += 1
    assert opened > 20


def test_an_instrument_that_runs_out_soon_is_told_to_its_authority(told):
    account = told.cast["authority-uz"]
    row = Instrument.objects.filter(authority__in=account.seats("authority"), state="published").first()
    row.valid_until = clock.today() + timedelta(days=40)
    changes.save(row, by=TESTS)
    (turn,) = turns(account)["ends"]
    assert (turn.what, turn.record, turn.due) == ("The instrument runs out", row, row.valid_until)
    assert all(turn.record != row for turn in turns(told.cast["authority-cn"])["ends"])
