"""Rules of alliances: who applies, who answers, who sees it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cast import TESTS, organisation, refusal, sign_in, user
from django.test import Client

from sunmao.alliances import actions
from sunmao.alliances.desk import AllianceDesk, MemberDesk
from sunmao.alliances.models import Alliance, Body, Member, MemberState, Role
from sunmao.directory.models import Kind
from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    class World:
        lead = organisation("Leading College", country="CN")
        hopeful = organisation("Zqanary Hopeful", country="UZ")
        body = organisation("Corridor Alliance", kind=Kind.ALLIANCE, zh="通道联盟")

    w = World()
    with clock.stopped_at(datetime(2026, 11, 22, 9, tzinfo=UTC)):
        w.alliance = changes.save(Alliance(organisation=w.body, founded=When.read("2021")), by=TESTS)
        w.first = changes.save(
            Member(alliance=w.alliance, organisation=w.lead, role=Role.LEAD, joined=When.read("2021")), by=TESTS
        )
        w.lin, w.anna = user("Lin Example", ("officer", w.lead)), user("Anna Example", ("officer", w.hopeful))
        w.bob = user("Bob Example", ("officer", organisation("Elsewhere")))
        w.sec = user("Sec Example", ("secretariat", organisation("Register")))
        yield w


def applied(w) -> Member:
    return actions.apply(w.alliance, organisation=w.hopeful, reason=Texts.of("We teach logistics."), by=w.anna)


def test_one_applies_for_ones_own_organisation_only(w):
    said = refusal(actions.apply, w.alliance, organisation=w.lead, reason=Texts.of("x"), by=w.anna)
    assert said == "You may apply for your own organisation only."


def test_who_has_applied_cannot_apply_again_and_a_member_cannot_apply(w):
    applied(w)
    assert "already has a place" in refusal(applied, w)
    said = refusal(actions.apply, w.alliance, organisation=w.lead, reason=Texts.of("x"), by=w.lin)
    assert "already has a place" in said


def test_an_applicant_counts_only_once_accepted(w):
    made = applied(w)
    desk = AllianceDesk()
    assert desk.member_count(w.alliance).value == 1
    actions.accept(made, joined=When.read("2026-11-01"), by=w.lin)
    assert desk.member_count(Alliance.objects.get()).value == 2


def test_nobody_answers_the_application_of_an_own_organisation(w):
    made = applied(w)
    both = user("Both Example", ("officer", w.lead), ("officer", w.hopeful))
    desk = MemberDesk()
    assert [desk.may(person, "accept", made) for person in (w.lin, w.anna, both, w.bob, w.sec)] == [
        True, False, False, False, True,
    ]  # fmt: skip
    assert "another organisation" in refusal(actions.accept, made, joined=When.read("2026"), by=both)


def test_an_application_is_answered_once(w):
    made = actions.decline(applied(w), why="The council is full.", by=w.lin)
    assert (made.state, str(made.reason)) == (MemberState.DECLINED, "The council is full.")
    assert "already answered" in refusal(actions.accept, made, joined=When.read("2026"), by=w.lin)


def test_after_a_refusal_one_may_apply_again(w):
    actions.decline(applied(w), why="Not yet.", by=w.lin)
    assert applied(w).state == MemberState.APPLIED


def test_who_leaves_no_longer_counts_from_that_day(w):
    actions.leave(w.first, left=When.read("2026-11-22"), by=w.lin)
    assert AllianceDesk().member_count(Alliance.objects.get()).value == 0
    assert "Only a member can leave" in refusal(actions.leave, w.first, by=w.lin)


def test_an_alliance_is_an_organisation_of_that_kind(w):
    assert "kind alliance" in refusal(changes.save, Alliance(organisation=w.lead), by=TESTS)


def test_an_alliance_cannot_join_itself(w):
    own = user("Own Example", ("officer", w.body))
    said = refusal(actions.apply, w.alliance, organisation=w.body, reason=Texts.of("x"), by=own)
    assert said == "An alliance cannot be a member of itself."


def test_an_application_is_seen_by_its_two_sides_only(w):
    made = applied(w)
    faces = (f"/members/{made.key}/", f"/api/members/{made.key}/")
    lists = ("/members/", "/api/members/", f"/alliances/{w.alliance.key}/", "/members/export.csv", "/search/?q=logist")
    for person, may in ((None, False), (w.bob, False), (w.lin, True), (w.anna, True), (w.sec, True)):
        client = Client()
        if person:
            sign_in(client, person)
        assert [client.get(url).status_code for url in faces] == [200 if may else 404] * 2
        for url in lists[:4]:
            told = w.hopeful.code.encode() if url.endswith("csv") else b"Zqanary"
            assert (told in client.get(url).getvalue()) is may, (person, url)


@pytest.mark.parametrize("language", ["en", "zh-hans", "ru"])
def test_pages_render_in_every_language(w, language):
    body = changes.save(Body(alliance=w.alliance, title=Texts.of("Council"), seat=w.lead), by=TESTS)
    made = applied(w)
    client = sign_in(Client(headers={"accept-language": language}), w.lin)
    for url in ("/alliances/", f"/alliances/{w.alliance.key}/", "/members/", f"/members/{made.key}/",
                f"/bodies/{body.key}/", "/bodies/", f"/members/{made.key}/do/accept/", "/alliances/add/",
                f"/alliances/{w.alliance.key}/do/apply/", "/alliance-citations/"):  # fmt: skip
        assert client.get(url).status_code in (200, 403), url
    assert client.get(f"/alliances/{w.alliance.key}/").status_code == 200


def test_the_numbers_in_the_sentence_open_to_as_many_rows(w, client):
    changes.save(Member(alliance=w.alliance, name=Texts.of("one more"), country="LA"), by=TESTS)
    page = client.get(f"/alliances/{w.alliance.key}/").content.decode()
    assert "/members/?alliance=ALL-" in page
    base = f"/api/members/?alliance={w.alliance.key}"
    assert client.get(f"{base}&surely_on=2026-11-22").json()["count"] == 1
    assert client.get(f"{base}&unsure_on=2026-11-22").json()["count"] == 1
