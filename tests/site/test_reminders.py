"""Reminders: one letter a day to each person, in the person's language, of what waits; nothing twice on a day."""

from __future__ import annotations

import smtplib
from datetime import UTC, date, datetime, timedelta
from unittest import mock

import agreement_cast
import pytest
from cast import TESTS, organisation, sign_in, user
from django.core import mail
from django.test import Client

from sunmao.agreements import actions
from sunmao.agreements.models import Clause
from sunmao.alliances import actions as alliances
from sunmao.alliances.models import Alliance, Member
from sunmao.directory.models import Kind
from sunmao.events import actions as events
from sunmao.events.models import Commitment, ConsensusText
from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When
from sunmao.people import actions as people
from sunmao.people.models import Digest, Membership
from sunmao.site import reminding
from sunmao.site.cli import main
from sunmao.site.today import KINDS, turns

pytestmark = pytest.mark.django_db
DUE = date(2026, 9, 30)


def at(day: date):
    return clock.stopped_at(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


@pytest.fixture
def w():
    """An agreement in force whose college owes a clause by DUE."""
    made = agreement_cast.world()
    agreement_cast.clause(made, "Equip two rooms", DUE.isoformat(), made.college)
    agreement_cast.in_force(made)
    return made


def sent_to(person) -> list:
    return [letter for letter in mail.outbox if letter.to == [person.email]]


def run(day: date) -> int:
    with at(day):
        return main(["remind"])


@pytest.mark.parametrize(
    ("due", "told", "day", "expected"),
    [
        (None, None, 1, True), (None, 1, 7, False), (None, 1, 8, True),  # nothing due: when new, then weekly
        (20, None, 1, True), (20, 1, 12, False), (20, 1, 13, True), (20, 13, 18, False), (20, 13, 19, True),
        (20, 19, 20, True), (20, 20, 26, False), (20, 20, 27, True), (20, 27, 33, False), (20, 27, 34, True),
        (20, 2, 25, True),  # the days before were missed
    ],
)  # fmt: skip
def test_a_thing_is_told_when_new_before_it_is_due_on_the_day_and_then_weekly(due, told, day, expected):
    days = [date(2026, 3, 1) + timedelta(days=number) for number in range(40)]
    at_day = lambda number: None if number is None else days[number]  # noqa: E731
    assert reminding.is_time(at_day(due), at_day(told), days[day]) is expected


def test_who_owes_a_clause_gets_one_letter_a_day_and_nothing_twice(w, capsys):
    assert run(DUE - timedelta(days=1)) == 0
    (letter,) = sent_to(w.lin)
    assert letter.subject == "Sunmao: 1 thing waits"
    assert "30 Sep 2026: Keep the clause" in letter.body and "Equip two rooms (CL-" in letter.body
    assert f"/people/{w.lin.person.code}/do/choose_reminders/" in letter.body
    before = len(mail.outbox)
    run(DUE - timedelta(days=1))
    assert len(mail.outbox) == before
    assert Digest.objects.filter(person=w.lin.person).count() == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 sent"
    run(DUE)
    assert len(sent_to(w.lin)) == 2
    run(DUE + timedelta(days=1))  # it has become late, which is news
    assert len(sent_to(w.lin)) == 3 and "1 day late" in sent_to(w.lin)[2].body
    run(DUE + timedelta(days=2))
    assert len(sent_to(w.lin)) == 3


def test_the_letter_speaks_the_persons_language(w):
    people.choose_reminders(w.lin.person, reminders=True, language="zh-hans", by=w.lin)
    people.choose_reminders(w.sec.person, reminders=True, language="ru", by=w.sec)
    run(DUE + timedelta(days=3))
    assert "履行条款" in sent_to(w.lin)[0].body and "逾期" in sent_to(w.lin)[0].body
    assert "Keep the clause" not in sent_to(w.lin)[0].body
    assert "Должны другие" in sent_to(w.sec)[0].body


def test_whoever_switched_them_off_gets_none_and_a_closed_account_neither(w):
    page = sign_in(Client(), w.lin)
    answer = page.post(f"/people/{w.lin.person.code}/do/choose_reminders/", {"language": "en"})
    assert answer.status_code == 302
    w.alisher.is_active = False
    w.alisher.save()
    run(DUE + timedelta(days=1))
    assert sent_to(w.lin) == sent_to(w.alisher) == []
    assert len(sent_to(w.zhao)) == 1


def test_nobody_but_the_person_and_the_secretariat_chooses_for_a_person(w):
    url = f"/api/people/{w.lin.person.code}/choose_reminders/"
    asked = {"reminders": False, "language": "ru"}
    for stranger in (w.zhao, w.bob):
        assert sign_in(Client(), stranger).post(url, asked, "application/json").status_code in (403, 404)
    assert sign_in(Client(), w.sec).post(url, asked, "application/json").status_code == 200


def test_a_reminder_by_another_party_is_told_the_next_day_although_the_clause_was_told_before(w):
    late = DUE + timedelta(days=4)
    run(late)
    with at(late):
        actions.remind(Clause.objects.get(), reminder="The hall waits", by=w.alisher)
    run(late + timedelta(days=1))
    assert len(sent_to(w.lin)) == 2
    assert "Transport University reminds you: The hall waits" in sent_to(w.lin)[1].body


def test_a_letter_that_cannot_be_sent_is_tried_again_and_the_others_go_out(w, capsys):
    day, send = DUE + timedelta(days=1), mail.EmailMessage.send

    def failing(letter, *words, **named):
        if letter.to == [w.lin.email]:
            raise smtplib.SMTPServerDisconnected("gone")
        return send(letter, *words, **named)

    with mock.patch.object(mail.EmailMessage, "send", failing):
        assert run(day) == 1
    assert sent_to(w.lin) == [] and len(sent_to(w.zhao)) == 1
    assert "gone" in capsys.readouterr().err
    assert run(day) == 0
    assert len(sent_to(w.lin)) == 1 and len(sent_to(w.zhao)) == 1


def test_two_runs_at_once_send_one_letter(w):
    with at(DUE):
        first, second = list(reminding.letters(DUE)), list(reminding.letters(DUE))
        assert [reminding.send(letter) for letter in first] == [True] * len(first)
        assert [reminding.send(letter) for letter in second] == [False] * len(second)
    assert len(sent_to(w.lin)) == 1


def test_a_dry_run_prints_the_letters_and_sends_none(w, capsys):
    with at(DUE):
        assert main(["remind", "--dry-run"]) == 0
    assert f"To: {w.lin.email}" in capsys.readouterr().out
    assert mail.outbox == [] and not Digest.objects.exists()


def test_page_interface_and_command_tell_the_same(w, capsys):
    with at(DUE + timedelta(days=2)):
        told = sign_in(Client(), w.lin).get("/api/today/").json()
        page = sign_in(Client(), w.lin).get("/today/").content.decode()
        assert main(["today", "--as", w.lin.email]) == 0
        assert Client().get("/api/today/").status_code == 401
    (row,) = told["late"]
    assert set(told) == set(KINDS)
    assert (row["what"], row["due"], row["days_late"]) == ("Keep the clause", "2026-09-30", 2)
    assert "Keep the clause" in page and "2 days late" in page and row["url"] in page
    assert "2026-09-30  Keep the clause (2 days late)" in capsys.readouterr().out


def test_a_role_that_ends_soon_is_told_to_its_holder_and_the_secretariat():
    place = organisation("College")
    lin, sec = user("Lin Example", ("officer", place)), user("Sec Example", ("secretariat", place))
    held = Membership.objects.get(person=lin.person)
    held.until_on = DUE
    changes.save(held, by=sec)
    with at(DUE - timedelta(days=30)):
        for person, what in ((lin, "Your role ends"), (sec, "A role ends")):
            (turn,) = turns(person)["ends"]
            assert (turn.what, turn.due, turn.record) == (what, DUE, held)
    with at(DUE - timedelta(days=90)):
        assert turns(lin)["ends"] == []


def test_a_membership_that_ends_and_a_commitment_taken_on_are_told_to_the_officer():
    college = organisation("College", country="CN")
    lin, anna = user("Lin Example", ("officer", college)), user("Anna Example", ("officer", organisation("Other")))
    body = organisation("Corridor Alliance", kind=Kind.ALLIANCE)
    alliance = changes.save(Alliance(organisation=body), by=TESTS)
    member = changes.save(Member(alliance=alliance, organisation=college, joined=When.read("2021")), by=TESTS)
    end = clock.today() + timedelta(days=20)
    alliances.leave(member, left=When.on(end), by=lin)
    text = changes.save(ConsensusText(title=Texts.of("Consensus")), by=TESTS)
    commitment = changes.save(Commitment(consensus=text, theme=Texts.of("Standards")), by=TESTS)
    events.take_up(commitment, organisation=college, by=lin)
    found = turns(lin)
    assert [(turn.what, turn.due) for turn in found["ends"]] == [("The membership ends", end)]
    assert [turn.what for turn in found["mine"]] == ["Report what was done for the commitment"]
    assert not any(turns(anna).values())
