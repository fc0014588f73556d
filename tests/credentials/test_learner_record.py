"""A learner's whole record: his institution signs that it is his, each certificate keeps its own proofs."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from award_cast import learner, unit_award, world
from cast import refusal, sign_in, user
from django.test import Client

from sunmao.credentials import actions, trusting
from sunmao.credentials.actions.recording import learner_record
from sunmao.credentials.models import Credential
from sunmao.kernel import clock
from sunmao.kernel.changes import history
from sunmao.site.commands import learner_record as command
from sunmao.vc.verify import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    """Zarina holds the joint award and one of the college alone, for a unit of the programme."""
    made = world(joint=True, learners=0)
    made.zarina = user("Zarina Example")
    row = learner(made.cohort, "Zarina Example", person=made.zarina.person)
    part = unit_award(made)
    actions.sign(made.confer(learners=[row]), by=made.alisher)
    actions.confer(part, cohort=made.cohort, awarded_on=clock.today(), learners=[row], by=made.lin)
    made.whole, made.part = Credential.objects.order_by("id")
    return made


def judged(signed: dict):
    return verify(json.dumps(signed).encode(), trust=trusting.live(), now=clock.now() + timedelta(seconds=1))


def found(report) -> list[str]:
    return [check.code for check in report.checks if check.name == "record"]


def test_the_record_holds_both_certificates_with_their_own_proofs_and_says_which_is_part_of_which(made):
    signed = learner_record(made.whole, rows=Credential.objects.all(), by=made.zarina)
    report = judged(signed)
    assert (report.exit_code, found(report)) == (0, ["record_in_force"] * 2)
    subject = signed["credentialSubject"]
    assert [len(one["proof"]) for one in subject["verifiableCredential"]] == [2, 1]
    ids = {
        row.award.code: row.signed_document["credentialSubject"]["achievement"]["id"] for row in (made.whole, made.part)
    }
    assert subject["association"] == [
        {"type": "Association", "associationType": "isPartOf", "sourceId": ids[made.part.award.code],
         "targetId": ids[made.whole.award.code]}
    ]  # fmt: skip
    assert (signed["partial"], signed["nameIn"]["zh"]) == (False, "学习档案")
    entry = history(made.whole).filter(deed="record").get()
    assert entry.actor == "the learner"


def test_a_revocation_of_one_reaches_the_record_and_the_next_one_leaves_it_out(made):
    before = learner_record(made.whole, rows=Credential.objects.all(), by=made.zarina)
    actions.revoke(made.whole, why="mistake", by=made.lin)
    assert found(judged(before)) == ["record_not_in_force", "record_in_force"]
    after = learner_record(made.part, rows=Credential.objects.all(), by=made.zarina)
    assert (judged(after).exit_code, len(after["credentialSubject"]["verifiableCredential"])) == (0, 1)
    assert "does not allow" in refusal(learner_record, made.whole, rows=Credential.objects.all(), by=made.zarina)


def test_only_the_holder_and_the_issuer_have_it_signed_and_what_others_may_not_see_makes_it_partial(made):
    client = sign_in(Client(), made.zarina, second_factor=False)
    url = f"/credentials/{made.whole.code}/learner-record/"
    assert 'action="' + url in client.get(f"/credentials/{made.whole.code}/share/").content.decode()
    answer = client.post(url)
    assert (answer.status_code, judged(answer.json()).exit_code) == (200, 0)
    assert client.get(url).status_code == 405

    host = sign_in(Client(), made.alisher)
    assert host.post(url, {"why": "asked"}).status_code == 409
    assert sign_in(Client(), made.bob).post(url, {"why": "asked"}).status_code == 404
    assert sign_in(Client(), made.tea).post(url, {"why": "asked"}).status_code == 403
    lin = sign_in(Client(), made.lin)
    assert [lin.post(url, {"why": why}).status_code for why in ("", "asked by letter")] == [409, 200]
    some = Credential.objects.filter(pk=made.whole.pk)
    assert learner_record(made.whole, rows=some, by=made.lin, why="asked")["partial"] is True


def test_rest_and_the_command_line_make_the_same(made, tmp_path, capsys):
    url = f"/api/credentials/{made.part.code}/learner-record/"
    answer = sign_in(Client(), made.lin).post(url, {"why": "asked by mail"}, content_type="application/json")
    assert (answer.status_code, found(judged(answer.json()))) == (201, ["record_in_force"] * 2)
    assert Client().post(url).status_code == 401
    file = tmp_path / "record.json"
    words = [made.part.code, str(file), "--as", made.zarina.email]
    assert command.main(words) == 0
    assert judged(json.loads(file.read_text("utf-8"))).exit_code == 0
    assert "with 2 of the learner's credentials" in capsys.readouterr().out
    assert command.main(["CRD-99999", str(file), "--as", made.zarina.email]) == 2
