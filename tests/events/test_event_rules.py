"""Rules of events, consensus texts and commitments."""

from __future__ import annotations

import pytest
from cast import TESTS, organisation, refusal, sign_in, user
from django.test import Client

from sunmao.events import actions
from sunmao.events.desk import CommitmentDesk, ConsensusTextDesk, EventDesk
from sunmao.events.models import (
    Commitment,
    CommitmentOwner,
    CommitmentState,
    ConsensusCitation,
    ConsensusText,
    Event,
    EventCitation,
    EventRole,
    Statement,
    StatementCitation,
)
from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When
from sunmao.sources.models import Document

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    class World:
        college = organisation("Host College", zh="承办学院")

    w = World()
    w.lin = user("Lin Example", ("officer", w.college))
    w.bob = user("Bob Example", ("officer", organisation("Elsewhere")))
    w.sec = user("Sec Example", ("secretariat", organisation("Register")))
    w.event = changes.save(
        Event(title=Texts.of(en="Exchange conference", zh="交流会"), country="CN", city="Qingdao",
              began=When.read("2025-06-13", said="on Friday")),
        by=TESTS,
    )  # fmt: skip
    w.role = changes.save(EventRole(event=w.event, role="host", organisation=w.college), by=TESTS)
    w.text = changes.save(ConsensusText(title=Texts.of("Consensus"), event=w.event), by=TESTS)
    w.one = changes.save(Commitment(consensus=w.text, number=1, theme=Texts.of("Mutual recognition")), by=TESTS)
    w.two = changes.save(Commitment(consensus=w.text, number=2, theme=Texts.of("Digital training")), by=TESTS)
    return w


def test_the_sentence_of_an_event_keeps_the_sources_own_words(w):
    assert EventDesk().where(w.event, w.bob) == (
        "Conference, Qingdao, China, 13 Jun 2025 (“on Friday”). Hosted by Host College."
    )


def test_what_is_not_stated_is_said_so():
    bare = changes.save(Event(title=Texts.of("Forum")), by=TESTS)
    assert (
        EventDesk().where(bare, None)
        == "Conference, a place the source does not state, on a day the source does not state."
    )


def test_an_event_does_not_end_before_it_begins():
    wrong = Event(title=Texts.of("Forum"), began=When.read("2025-06"), ended=When.read("2025-05"))
    assert refusal(changes.save, wrong, by=TESTS) == "It ends before it begins."


def test_a_role_names_somebody(w):
    assert "Name an organisation" in refusal(changes.save, EventRole(event=w.event), by=TESTS)


def test_only_an_owner_tells_what_became_of_a_commitment(w):
    desk = CommitmentDesk()
    assert not desk.may(w.lin, "report_progress", w.one)
    actions.take_up(w.one, organisation=w.college, by=w.lin)
    assert [desk.may(person, "report_progress", w.one) for person in (w.lin, w.bob, w.sec)] == [True, False, True]


def test_one_takes_a_commitment_on_for_ones_own_organisation_and_once(w):
    assert "your own organisation only" in refusal(actions.take_up, w.one, organisation=w.college, by=w.bob)
    actions.take_up(w.one, organisation=w.college, by=w.lin)
    assert "already taken it on" in refusal(actions.take_up, w.one, organisation=w.college, by=w.lin)


def test_a_commitment_is_kept_only_with_evidence(w):
    actions.take_up(w.one, organisation=w.college, by=w.lin)
    assert "Name the evidence" in refusal(actions.keep, w.one, progress=Texts.of("done"), by=w.lin)
    actions.report_progress(w.one, progress=Texts.of("Two standards compared"), by=w.lin)
    assert w.one.state == CommitmentState.ACTING
    actions.keep(w.one, progress=Texts.of("Signed"), evidence="AG-00001", by=w.lin)
    assert Commitment.objects.get(pk=w.one.pk).state == CommitmentState.KEPT


def test_the_numbers_of_a_consensus_text_open_to_as_many_rows(w, client):
    actions.take_up(w.one, organisation=w.college, by=w.lin)
    actions.report_progress(w.one, progress=Texts.of("Begun"), by=w.lin)
    said = str(ConsensusTextDesk().where(w.text, None))
    assert "Of 2 commitments" in said
    for state, count in (("kept", 0), ("acting", 1), ("open", 1)):
        assert f"state={state}" in said
        assert client.get(f"/api/commitments/?consensus={w.text.key}&state={state}").json()["count"] == count


def test_strangers_write_nothing_and_officers_do(w, client):
    body = {"title_en": "Forum", "kind": "forum"}
    assert client.post("/api/events/", {"title": {"en": "Forum"}}, content_type="application/json").status_code == 401
    assert client.post("/events/add/", body).status_code in (302, 401, 403)
    sign_in(client, w.lin)
    answer = client.post("/api/events/", {"title": {"en": "Forum"}, "kind": "forum"}, content_type="application/json")
    assert answer.status_code == 201
    assert client.delete(f"/api/events/{answer.json()['code']}/").status_code == 403


@pytest.mark.parametrize("language", ["en", "zh-hans", "ru"])
def test_pages_render_in_every_language(w, language):
    paper = changes.save(Document(title=Texts.of("A report"), outlet="Daily"), by=TESTS)
    said = changes.save(
        Statement(name=Texts.of("An official"), text=Texts.of("Standards matter"), event=w.event), by=TESTS
    )
    made = [w.event, w.role, w.text, w.one, said]
    made.append(changes.save(CommitmentOwner(commitment=w.one, organisation=w.college), by=TESTS))
    cited = ((EventCitation, w.event, "began"), (ConsensusCitation, w.text, "title"), (StatementCitation, said, "text"))
    for model, record, fact in cited:
        made.append(changes.save(model(record=record, document=paper, fact=fact, passage="paragraph 2"), by=TESTS))
    from sunmao.kernel.desk import registry

    client = Client(headers={"accept-language": language})
    for record in made:
        desk = registry.by_model[type(record)]
        for url in (desk.url(record), desk.list_url(), f"/api{desk.url(record)}"):
            assert client.get(url).status_code == 200, url
    said_where = {"en": "A report, paragraph 2", "zh-hans": "A report，第 2 段", "ru": "A report, абзац 2"}[language]
    assert said_where in client.get(f"/events/{w.event.key}/").content.decode()
