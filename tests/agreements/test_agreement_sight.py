"""Who sees what of agreements, on every face: page, REST, search, export, feed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from agreement_cast import clause, proposed, reported, world
from cast import organisation, sign_in, user
from django.test import Client

from sunmao.agreements import actions, queries
from sunmao.agreements.models import Clause, ClauseDebtor, Fulfilment, Party, Subject
from sunmao.kernel import changes, clock
from sunmao.kernel.desk import registry
from sunmao.kernel.text import Texts

pytestmark = pytest.mark.django_db
CANARY = "Zqanary"
ROOM = (
    "agreements", "parties", "clauses", "clause-debtors", "fulfilments", "versions", "texts", "approvals",
    "signatures", "subjects", "agreement-citations",
)  # fmt: skip


@pytest.fixture
def w():
    with clock.stopped_at(datetime(2026, 11, 22, 9, tzinfo=UTC)):
        made = world()
        made.agreement.title = Texts.of(en=f"{CANARY} college", zh=f"{CANARY} 学院")
        actions.keep_agreement(made.agreement, by=made.lin)
        clause(made, f"{CANARY} promise", "2026-10-31", made.company)
        actions.keep_part(
            Subject(agreement=made.agreement, name=Texts.of(f"{CANARY} field")), made.agreement, by=made.lin
        )
        yield proposed(made, f"{CANARY} words.")


def records_of(agreement) -> list:
    found = [agreement]
    for slug in ROOM[1:]:
        model = registry.by_slug[slug].model
        for path in ("agreement", "record", "version_of__agreement", "clause__agreement"):
            if all(part in {f.name for f in model._meta.get_fields()} for part in path.split("__")[:1]):
                found += list(model.objects.filter(**{path: agreement}))
                break
    return found


def urls(record) -> list[str]:
    base = registry.by_model[type(record)].url(record)
    return [base, f"/api{base}", f"{base}history/", f"/api{base}history/", f"{base}edit/", f"{base}delete/"]


@pytest.mark.parametrize("who", ["visitor", "stranger"])
def test_a_stranger_sees_no_draft_on_any_face(w, who, client):
    if who == "stranger":
        sign_in(client, w.bob)
    rows = records_of(w.agreement)
    assert len(rows) >= 10
    for record in rows:
        for url in urls(record):
            answer = client.get(url)
            assert answer.status_code in (403, 404), url
            assert CANARY not in answer.content.decode(), url
        assert client.get(urls(record)[0]).status_code == 404
    for url in [f"/{slug}/{rest}" for slug in ROOM for rest in ("", "export.csv")] + [f"/api/{slug}/?size=500" for slug in ROOM] + [
        "/search/?q=Zqanar", "/agreements/?q=Zqanar", f"/clauses/?agreement={w.agreement.key}",
        f"/organisations/{w.host.key}/", "/agreements/pick/?name=x&x=Zqanar", "/",
    ]:  # fmt: skip
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert CANARY.encode() not in answer.getvalue(), url


@pytest.mark.parametrize("who", ["lin", "alisher", "sec"])
def test_those_inside_see_the_draft(w, who, client):
    sign_in(client, getattr(w, who))
    answer = client.get(f"/agreements/{w.agreement.key}/")
    assert answer.status_code == 200
    assert CANARY in answer.content.decode()
    assert CANARY in client.get(f"/api/agreements/{w.agreement.key}/").content.decode()


def test_a_deed_on_what_one_does_not_see_answers_as_if_it_were_absent(w, client):
    sign_in(client, w.bob)
    for deed in ("approve", "sign", "propose_text", "end"):
        assert client.post(f"/agreements/{w.agreement.key}/do/{deed}/", {"digest": w.digest}).status_code == 404
        assert client.post(f"/api/agreements/{w.agreement.key}/{deed}/", {"digest": w.digest}).status_code == 404


def test_an_officer_of_another_party_is_refused_the_turn_that_is_not_his(w, client):
    sign_in(client, w.zhao)
    answer = client.post(f"/agreements/{w.agreement.key}/do/approve/", {"digest": w.digest})
    assert answer.status_code == 403
    assert not queries.open_version(w.agreement).approvals.exists()


def test_the_approval_form_carries_the_hash_that_is_shown(w, client):
    sign_in(client, w.lin)
    url = f"/agreements/{w.agreement.key}/do/approve/"
    assert w.digest in client.get(url).content.decode()
    seen = w.digest
    proposed(w, "Other words entirely.")
    answer = client.post(url, {"digest": seen})
    assert answer.status_code == 422
    assert "The text has changed since you opened it" in answer.content.decode()


def test_of_a_published_agreement_the_public_sees_no_amendment_in_drafting(w, client):
    in_force_with_publication(w)
    actions.propose_amendment(w.fresh(), text=Texts.of("Secretamendment words"), prevails="en", by=w.zhao)
    added = Clause(agreement=w.agreement, number=9, promise=Texts.of("Secretamendment clause"))
    registry.by_slug["clauses"].write(added, by=w.lin)
    current = queries.open_version(w.agreement)
    for url in (f"/agreements/{w.agreement.key}/", f"/api/agreements/{w.agreement.key}/", "/clauses/", "/api/clauses/",
                f"/api/versions/?agreement={w.agreement.key}", "/texts/", "/search/?q=Secretamendmen"):  # fmt: skip
        text = client.get(url).content.decode()
        assert "Secretamendment" not in text
        assert "Amendment 1" not in text
    assert client.get(f"/versions/{current.key}/").status_code == 404
    assert client.get(f"/clauses/{added.key}/").status_code == 404
    sign_in(client, w.alisher)
    assert "Amendment 1" in client.get(f"/agreements/{w.agreement.key}/").content.decode()


def in_force_with_publication(w):
    for person in (w.lin, w.zhao, w.alisher):
        actions.approve(w.agreement, digest=w.digest, by=person)
    for person in (w.lin, w.zhao, w.alisher):
        actions.sign(w.agreement, digest=w.digest, by=person)
    from sunmao.kernel.when import When

    actions.bring_into_force(w.agreement, on=When.read("2026-03-02"), by=w.lin)
    for person in (w.lin, w.zhao, w.alisher):
        actions.publish(w.fresh(), by=person)


def test_the_public_sees_a_published_agreement_without_approvals_and_lateness(w, client):
    in_force_with_publication(w)
    page = client.get(f"/agreements/{w.agreement.key}/").content.decode()
    assert f"{CANARY} promise" in page
    assert "Late" not in page
    assert client.get("/api/approvals/").json()["count"] == 0
    sign_in(client, w.zhao)
    assert "Late, 22 days" in client.get(f"/agreements/{w.agreement.key}/").content.decode()


def test_what_was_told_and_not_confirmed_stays_between_the_parties(w, client):
    in_force_with_publication(w)
    row = Clause.objects.get(agreement=w.agreement)
    actions.fulfil(row, text=Texts.of("Toldonly done"), by=w.zhao)
    assert "Toldonly" not in client.get(f"/agreements/{w.agreement.key}/").content.decode()
    assert client.get("/api/fulfilments/").json()["count"] == 0
    actions.confirm(Fulfilment.objects.get(), by=w.alisher)
    assert "Toldonly" in client.get(f"/agreements/{w.agreement.key}/").content.decode()


def test_what_was_read_in_the_press_is_public_but_not_what_its_parties_add(w, client):
    made = reported(w)
    assert client.get(f"/agreements/{made.key}/").status_code == 200
    from sunmao.kernel.when import When

    actions.record_signed(made, signed=When.read("2026-03"), text=Texts.of("Privatewords"), by=w.lin)
    version = queries.signed_version(made)
    assert client.get(f"/versions/{version.key}/").status_code == 404
    assert "Privatewords" not in client.get("/texts/").content.decode()
    assert client.get("/api/signatures/").json()["count"] == 0


@pytest.mark.parametrize("language", ["en", "zh-hans", "ru"])
def test_pages_render_in_every_language_for_those_inside_and_outside(w, language):
    in_force_with_publication(w)
    actions.fulfil(Clause.objects.get(), text=Texts.of("done"), by=w.zhao)
    press = reported(w)
    for person in (None, w.lin):
        client = Client(headers={"accept-language": language})
        if person:
            sign_in(client, person)
        for record in [*records_of(w.agreement), press]:
            url = urls(record)[0]
            answer = client.get(url)
            assert answer.status_code == 200 if person else answer.status_code in (200, 404), url
        for slug in ROOM:
            assert client.get(f"/{slug}/").status_code == 200


# Deadlines


def test_the_deadline_feed_only_shows_ones_own(w, client):
    other = organisation("Other College")
    person = user("Otto Example", ("officer", other))
    in_force_with_publication(w)
    owed_by_us = clause_on(w, "Ours to keep", w.college)
    clause_on(w, "Theirs to keep", w.host)
    sign_in(client, w.lin)
    page = client.post("/agreements/deadlines/feed/").content.decode()
    address = page.split('class="hash">')[1].split("<")[0].replace("&amp;", "&")
    feed = Client().get(address.replace("http://testserver", ""))
    assert feed["Content-Type"] == "text/calendar; charset=utf-8"
    text = feed.content.decode()
    assert f"UID:clause-{owed_by_us.uid}@sunmao.sunmao" in text
    assert "Ours to keep" in text
    assert "Theirs to keep" not in text
    assert CANARY not in text.replace(f"DESCRIPTION;LANGUAGE=en:{CANARY} college", "")
    sign_in(other_client := Client(), person)
    assert "Ours to keep" not in other_client.get("/agreements/deadlines/").content.decode()


def clause_on(w, promise, place):
    made = Clause(
        agreement=w.agreement, number=w.agreement.clauses.count() + 1, promise=Texts.of(promise), due="2026-12-31"
    )
    changes.save(made, by=w.sec)
    changes.save(
        ClauseDebtor(clause=made, party=Party.objects.get(agreement=w.agreement, organisation=place)), by=w.sec
    )
    return made


def test_a_calendar_address_is_secret_and_ends_when_closed_or_renewed(w, client):
    assert client.get("/agreements/deadlines.ics").status_code == 404
    assert client.get("/agreements/deadlines.ics?key=guess").status_code == 404
    sign_in(client, w.lin)

    def address() -> str:
        page = client.post("/agreements/deadlines/feed/").content.decode()
        return page.split('class="hash">http://testserver')[1].split("<")[0].replace("&amp;", "&")

    first = address()
    assert Client().get(first).status_code == 200
    second = address()
    assert [Client().get(url).status_code for url in (first, second)] == [404, 200]
    client.post("/agreements/deadlines/feed/close/")
    assert Client().get(second).status_code == 404


def test_deadlines_are_asked_for_by_whoever_signed_in(w, client):
    assert client.get("/agreements/deadlines/").status_code in (302, 401, 403)
    sign_in(client, w.zhao)
    assert client.get("/agreements/deadlines/").status_code == 200


def test_a_turn_is_a_deadline_of_the_party_whose_turn_it_is(w):
    assert [(row.kind, row.ours) for row in queries.deadlines_of(w.lin)] == [("turn", True)]
    assert [(row.kind, row.ours) for row in queries.deadlines_of(w.zhao)] == [("turn", False)]
    assert queries.deadlines_of(w.bob) == []


def test_what_waits_for_a_signature_is_told_to_the_parties_that_have_not_signed(w):
    approved_here(w)
    actions.sign(w.agreement, digest=w.digest, by=w.lin)
    assert [queries.to_sign(person).count() for person in (w.lin, w.zhao, w.bob)] == [0, 1, 0]


def approved_here(w):
    for person in (w.lin, w.zhao, w.alisher):
        actions.approve(w.agreement, digest=w.digest, by=person)


@pytest.mark.parametrize("many", [1, 12])
def test_the_record_page_asks_the_same_number_of_questions_for_few_and_many_clauses(
    w, many, client, django_assert_max_num_queries
):
    for number in range(many):
        clause_on(w, f"Promise {number}", w.college)
    sign_in(client, w.lin)
    client.get(f"/agreements/{w.agreement.key}/")
    with django_assert_max_num_queries(95):
        assert client.get(f"/agreements/{w.agreement.key}/").status_code == 200


def test_the_rest_face_does_the_same_deeds(w, client):
    sign_in(client, w.lin)
    body = {"digest": w.digest, "basis": {"en": "President's meeting 7"}}
    answer = client.post(f"/api/agreements/{w.agreement.key}/approve/", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert str(queries.open_version(w.agreement).approvals.get().basis) == "President's meeting 7"


def test_an_organisations_page_counts_only_the_agreements_its_reader_may_see(w, client):
    reported(w)
    url, figure = f"/organisations/{w.host.key}/", '<a class="fig" href="/agreements/?party='
    assert f'{figure}{w.host.key}"><span class="num">1</span>' in client.get(url).content.decode()
    sign_in(client, w.alisher)
    assert f'{figure}{w.host.key}"><span class="num">2</span>' in client.get(url).content.decode()
    assert client.get(f"/api/agreements/?party={w.host.key}").json()["count"] == 2


def test_an_officer_adds_an_agreement_in_the_name_of_his_own_organisation_only(w, client):
    sign_in(client, w.zhao)
    body = {
        "title": {"en": "Plan"},
        "kind": "annual_plan",
        "origin": "here",
        "opened_by": w.company.code,
        "how_many": 1,
    }
    answer = client.post("/api/agreements/", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert [party["name"] for party in answer.json()["parties"]] == ["Telecom Company"]
    refused = client.post("/api/agreements/", {**body, "opened_by": w.host.code}, content_type="application/json")
    assert refused.status_code == 403


def test_languages_of_a_wording_have_names_for_readers_and_codes_for_machines(client, w):
    sign_in(client, w.lin)
    version = queries.open_version(w.agreement)
    page = client.get(f"/versions/{version.key}/").content.decode()
    assert "English, Chinese" in page
    assert client.get(f"/api/versions/{version.key}/").json()["languages"] == ["en", "zh"]
