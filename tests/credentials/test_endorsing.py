"""What others say for an award: signed by themselves, in credentials once taken up, really checked, taken back at once."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from award_cast import world
from cast import organisation, sign_in, user
from django.core.exceptions import ValidationError
from django.test import Client

from sunmao.credentials import actions, trusting
from sunmao.credentials.models import Endorsement, EndorsementState
from sunmao.kernel import clock, sealing
from sunmao.keys import actions as keys
from sunmao.vc.trust import load_bundle
from sunmao.vc.verify import verify

pytestmark = pytest.mark.django_db
WORDS = "We take on whoever holds it."


@pytest.fixture
def made():
    """The award's world, and a works whose officer is Olim."""
    held = world(learners=1)
    works = organisation("A works", ru="Завод", country="UZ")
    olim = user("Olim Example", ("officer", works))
    keys.make(works, by=olim)
    return SimpleNamespace(world=held, works=works, olim=olim, award=held.award)


def endorsed(made, **more) -> Endorsement:
    row = actions.endorse(made.award, organisation=made.works, words=WORDS, by=made.olim, **more)
    return actions.take_up(row, by=made.world.lin)


def told(document: str, trust=None) -> list[tuple[str, str]]:
    report = verify(document.encode(), trust=trust or trusting.live(), now=clock.now() + timedelta(seconds=1))
    assert str(report.verdict) == "genuine and in force"
    return [(str(check.state), check.code) for check in report.checks if check.name == "endorsement"]


def test_an_endorsement_stands_in_a_credential_once_it_was_taken_up(made):
    actions.endorse(made.award, organisation=made.works, words=WORDS, by=made.olim)
    early = made.world.issued()
    assert told(early.document) == []
    actions.take_up(Endorsement.objects.get(), by=made.world.alisher)
    late = actions.supersede(early, why="anew", by=made.world.lin)
    actions.sign(late.conferral, by=made.world.alisher)
    late.refresh_from_db()
    assert told(late.document) == [("good", "endorsed_by_known")]
    assert late.signed_document["credentialSubject"]["achievement"]["endorsement"][0]["issuer"]["name"] == "A works"


def test_an_institution_that_gives_the_award_is_endorsed_in_its_own_place(made):
    issuer = made.award.issuers.get(organisation=made.world.host)
    row = actions.endorse_issuer(issuer, organisation=made.works, words=WORDS, by=made.olim)
    actions.take_up(row, by=made.world.lin)
    document = made.world.issued().signed_document
    assert "endorsement" not in document["issuer"]
    assert document["jointIssuer"][0]["endorsement"][0]["credentialSubject"]["id"] == document["jointIssuer"][0]["id"]
    assert told(json.dumps(document)) == [("good", "endorsed_by_known")]


def test_an_endorsement_altered_inside_a_credential_is_found_by_page_and_library(made):
    endorsed(made)
    document = made.world.issued().document
    forged = document.replace(WORDS, "The best of all.")
    report = verify(forged.encode(), trust=trusting.live(), now=clock.now() + timedelta(seconds=1))
    assert (str(report.verdict), forged == document) == ("not genuine", False)


def test_withdrawing_reaches_every_verifier_at_once_and_leaves_the_credential_in_force(made):
    row = endorsed(made)
    credential = made.world.issued()
    bundle = load_bundle(trusting.bundle(), now=clock.now() + timedelta(seconds=1))
    assert told(credential.document, bundle) == [("good", "endorsed_by_known")]
    actions.withdraw(row, why="the contract ended", by=made.olim)
    fresh = load_bundle(trusting.bundle(), now=clock.now() + timedelta(seconds=1))
    for trust in (fresh, trusting.live()):
        assert told(credential.document, trust) == [("bad", "endorsement_withdrawn")]
    page = Client().get(f"/v/{credential.token}/").content.decode()
    assert "A works has withdrawn its endorsement." in page


def test_the_page_names_who_endorses_in_the_viewers_language(made):
    endorsed(made)
    client = Client()
    client.cookies["language"] = "ru"
    assert "Завод" in client.get(f"/v/{made.world.issued().token}/").content.decode()


def test_what_holds_no_more_is_not_put_into_new_credentials(made):
    endorsed(made, valid_until=clock.today() + timedelta(days=5))
    with clock.stopped_at(clock.now() + timedelta(days=6)):
        document = made.world.issued().signed_document
    assert "endorsement" not in document["credentialSubject"]["achievement"]


def test_left_out_it_stands_in_nothing_new(made):
    actions.leave_out(endorsed(made), why="another line", by=made.world.lin)
    assert "endorsement" not in made.world.issued().signed_document["credentialSubject"]["achievement"]


def test_nobody_endorses_his_own_award_for_another_house_or_twice(made):
    college, lin = made.world.college, made.world.lin
    for place, by in ((college, lin), (made.works, lin), (made.works, made.world.tea)):
        with pytest.raises(ValidationError):
            actions.endorse(made.award, organisation=place, words=WORDS, by=by)
    endorsed(made)
    with pytest.raises(ValidationError):
        actions.endorse(made.award, organisation=made.works, words=WORDS, by=made.olim)
    actions.withdraw(Endorsement.objects.get(), why="anew", by=made.olim)
    assert endorsed(made).state == EndorsementState.TAKEN


def test_a_place_in_a_status_list_is_never_given_to_a_credential_and_an_endorsement(made, monkeypatch):
    from sunmao.credentials import lists

    row = endorsed(made)
    places = iter([row.status_index, row.status_index, row.status_index + 1])
    monkeypatch.setattr(lists.secrets, "randbelow", lambda _size: next(places))
    assert lists.place(made.works, row.status_list.controller, 1, by=made.olim) == [
        (row.status_list, row.status_index + 1)
    ]


def test_after_a_theft_only_a_witnessed_endorsement_stands(made):
    with clock.stopped_at(clock.now() - timedelta(days=9)):
        keys.make(made.works, by=made.olim)
        row = endorsed(made)
        kept = sealing.seal()
        sealing.witness(kept.size, kept.root, "the host's mail")
    document = made.world.issued().document
    key = row.key_used
    keys.report_compromised(key, since=clock.now() - timedelta(days=5), by=made.olim, why="stolen")
    assert told(document) == [("good", "endorsed_by_known")]
    keys.report_compromised(key, since=clock.now() - timedelta(days=20), by=made.olim, why="stolen earlier")
    assert told(document) == [("bad", "key_compromised")]


def test_pages_and_rest_do_the_deeds_with_a_fresh_second_factor_only(made):
    asked = {"organisation": made.works.code, "words": WORDS}
    url = f"/api/awards/{made.award.code}/endorse/"
    weak = sign_in(Client(), made.olim, ago=timedelta(hours=2))
    assert weak.post(url, json.dumps(asked), content_type="application/json").status_code == 403
    olim, lin = sign_in(Client(), made.olim), sign_in(Client(), made.world.lin)
    answer = olim.post(url, json.dumps(asked), content_type="application/json")
    assert answer.status_code == 200, answer.content
    row = Endorsement.objects.get()
    assert WORDS in olim.get(f"/endorsements/{row.code}/").content.decode()
    assert Client().get(f"/endorsements/{row.code}/").status_code == 404
    lin.post(f"/endorsements/{row.code}/do/take_up/", {"why": ""})
    assert WORDS in Client().get(f"/awards/{made.award.code}/").content.decode()
