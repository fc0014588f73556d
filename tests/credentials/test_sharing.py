"""A holder shows a part of his credential: he chooses, the institutions that signed the whole sign the part."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from award_cast import learner, world
from cast import sign_in, user
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sunmao.credentials import actions, sharing, trusting
from sunmao.credentials.actions.sharing import share
from sunmao.credentials.models import Credential
from sunmao.kernel import clock
from sunmao.kernel.changes import history
from sunmao.keys import actions as keys
from sunmao.keys import queries as key_queries
from sunmao.portal import showing
from sunmao.portal.judging import judge_file
from sunmao.vc import elliptic, sdjwt
from sunmao.vc.disclosing import way_text
from sunmao.vc.keys import generate_key
from sunmao.vc.verify import verify

pytestmark = pytest.mark.django_db


def judged(text: str):
    return verify(text.encode(), trust=trusting.live(), now=clock.now() + timedelta(seconds=1))


def ways(row: Credential) -> dict[str, tuple]:
    return {way_text(way): way for way, _label, _says in sharing.choices(row.signed_document)}


def held_by(person, made) -> Credential:
    """Return a credential of a learner with an account."""
    row = learner(made.cohort, "Zarina Example", person=person.person)
    conferral = made.confer(learners=[row])
    if conferral.missing:
        actions.sign(conferral, by=made.alisher)
    return Credential.objects.get(conferral=conferral)


@pytest.mark.parametrize("joint", [False, True])
def test_what_is_shared_holds_in_the_name_of_every_institution_and_shows_no_more(joint):
    made = world(joint=joint)
    row = made.issued()
    places = ways(row)
    assert "/credentialSubject/identifier" in places and "/credentialSubject/result/1" in places
    part = share(row, show=[places["/credentialSubject/result/1"]], by=made.lin, why="asked at the counter")
    report = judged(part)
    assert (report.exit_code, part.startswith("{")) == (0, joint)
    assert sum(check.name == "proof" for check in report.checks) == 1 + joint
    subject = report.document["credentialSubject"]
    assert (len(subject["result"]), "identifier" in subject) == (1, False)
    assert "Dilnoza" not in json.dumps(report.document)


def test_revoking_reaches_the_part_and_a_rotated_key_signs_on():
    made = world(joint=False)
    row = made.issued()
    before = share(row, show=[], by=made.lin)
    keys.rotate(key_queries.signing_key(made.college), by=made.lin, why="yearly")
    after = share(row, show=[], by=made.lin)
    assert [judged(text).exit_code for text in (before, after)] == [0, 0]
    actions.revoke(row, why="mistake", by=made.lin)
    assert {str(judged(text).verdict) for text in (before, after)} == {"genuine but not in force"}
    with pytest.raises(ValidationError, match="does not allow"):
        share(row, show=[], by=made.lin)


def test_the_log_says_what_was_shown_and_by_whom_but_not_its_contents():
    made = world(joint=False)
    zarina = user("Zarina Example")
    row = held_by(zarina, made)
    share(row, show=[ways(row)["/credentialSubject/identifier"]], by=zarina)
    entry = history(row).filter(deed="share").get()
    assert entry.actor == "the learner"
    assert "Zarina" not in json.dumps(str(entry.__dict__))


def test_the_holder_ticks_on_the_page_and_gets_the_file():
    made = world(joint=False)
    zarina = user("Zarina Example")
    row = held_by(zarina, made)
    client, url = sign_in(Client(), zarina, second_factor=False), f"/credentials/{row.code}/share/"
    page = client.get(url).content.decode()
    assert "Zarina Example" in page and "Plan transport 1: excellent" in page and "Asked for by" not in page
    assert f'href="{url}"' in client.get(f"/credentials/{row.code}/").content.decode()
    key = elliptic.generate_elliptic("P-256").public
    answer = client.post(url, {"show": ["/credentialSubject/result/0"], "holder_key": key.did})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/vc+sd-jwt")
    report = judged(answer.content.decode())
    assert report.exit_code == 0 and "identifier" not in report.document["credentialSubject"]
    assert next(check.code for check in report.checks if check.name == "holder") == "holder_silent"
    for wrong in ({"show": ["/issuer"]}, {"holder_key": "did:key:z6Mk"}):
        assert client.post(url, wrong).status_code == 422


def test_only_the_holder_and_those_who_issue_it_share_it():
    made = world(joint=False)
    zarina = user("Zarina Example")
    row = held_by(zarina, made)
    url = f"/credentials/{row.code}/share/"
    codes = {
        name: sign_in(Client(), getattr(made, name)).get(url).status_code for name in ("lin", "tea", "auditor", "bob")
    }
    assert codes == {"lin": 200, "tea": 403, "auditor": 403, "bob": 404}
    assert sign_in(Client(), made.lin).post(url, {"show": []}).status_code == 422  # for another he says who asked
    assert sign_in(Client(), user("Other Learner")).get(f"/api{url}").status_code == 404


def test_rest_tells_the_choices_and_makes_the_part():
    made = world(joint=True)
    row, client = made.issued(), sign_in(Client(), made.lin)
    url = f"/api/credentials/{row.code}/share/"
    told = client.get(url).json()
    assert {"place": "/credentialSubject/result/0", "label": "Plan transport 1", "says": "excellent"} in told["choices"]
    sent = {"show": ["/credentialSubject/result/0"], "why": "asked by mail"}
    answer = client.post(url, sent, content_type="application/json")
    assert (answer.status_code, judged(answer.json()["credential"]).exit_code) == (201, 0)
    for wrong in ({"show": "all"}, {"show": [1]}, {"show": ["/x"], "why": "x"}, {"show": []}, []):
        assert client.post(url, wrong, content_type="application/json").status_code == 422, wrong


def brought(text: str):
    return Client().post("/verify/", {"file": SimpleUploadedFile("part.jwt", text.encode())}).context["result"]


@pytest.mark.parametrize("joint", [False, True])
def test_the_page_knows_which_credential_a_part_is_of_and_tells_no_more_of_it(joint):
    made = world(joint=joint)
    row = made.issued()
    part = share(row, show=[ways(row)["/credentialSubject/result/1"]], by=made.lin, why="asked at the counter")
    result = brought(part)
    assert result["recognised"] == showing.recognised(row)
    assert (result["contents"]["title"], result["about_recognition"]) == (row.award.title, True)
    assert (result["contents"]["name"], len(result["contents"]["results"])) == ("", 1)
    page = Client().post("/verify/", {"file": SimpleUploadedFile("part.jwt", part.encode())}).content.decode()
    hidden = (row.number, row.token, row.code, "Dilnoza")
    assert [text for text in hidden if text in page] == []
    actions.revoke(row, why="a mistake in the list", by=made.lin)
    result = brought(part)
    assert (result["reason"], result["about_recognition"]) == ("a mistake in the list", False)


def test_a_part_that_says_another_thing_or_comes_from_another_belongs_to_no_row():
    made = world(joint=False)
    row = made.issued()
    document = row.signed_document
    key = keys.private_half(key_queries.signing_key(made.college))
    method = key_queries.signing_key(made.college).method
    assert showing.copy_of(judged_as(document, key.jwk, method)) == row
    altered = document | {"awardedDate": "2001-01-01T00:00:00Z"}
    assert showing.copy_of(judged_as(altered, key.jwk, method)) is None
    stranger = generate_key()
    forged = document | {"issuer": {**document["issuer"], "id": stranger.public.did}}
    assert showing.copy_of(judged_as(forged, stranger.jwk, stranger.public.did_method)) is None
    assert showing.copy_of(judged_as(document, stranger.jwk, stranger.public.did_method)) is None


def judged_as(document, secret, kid):
    text = sdjwt.issue(document, [sdjwt.Signer(secret, kid)], ways=sdjwt.holder_ways(document), issued_at=clock.now())
    return judge_file(sdjwt.present(text, []).encode())
