"""A list that several institutions issue together: each signs it in its own seat, then all proofs are made at once."""

from datetime import timedelta

import pytest
from award_cast import world
from cast import organisation, user
from django.core.exceptions import ValidationError
from test_issuing import issue, judged, listed

from sunmao.credentials import actions, issuing, queries, recipients, trusting
from sunmao.credentials.actions import conferring
from sunmao.credentials.batch_desk import BatchDesk, IssuedDesk
from sunmao.credentials.desk import AwardDesk
from sunmao.credentials.models import AwardIssuer, Batch, BatchState, Issued
from sunmao.kernel import changes, clock, sheets
from sunmao.kernel.sealing import seal, witness
from sunmao.keys import actions as keys
from sunmao.site.commands.issue import main
from sunmao.vc import integrity
from sunmao.vc.verify import verify_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return world(learners=1)


def proposed(w, path, count, by=None):
    path = listed(path, count)
    return actions.propose(w.award, count=count, sha256=sheets.digest(path), by=by or w.lin), path


def signed(batch, by):
    return actions.sign_batch(batch, file_sha256=batch.file_sha256, by=by)


def run(batch, path, out, by, **more):
    return issuing.Run(batch, recipients.recipients(path), out, by=by, **more).finish()


@pytest.mark.parametrize("first", ["lin", "alisher"])
def test_each_institution_adds_its_proof_to_every_credential_whoever_began(w, tmp_path, first):
    batch, path = proposed(w, tmp_path / "list.csv", 9, getattr(w, first))
    assert (batch.state, batch.issuer) == (BatchState.AWAITING, w.college)
    batch = signed(batch, w.alisher if first == "lin" else w.lin)
    assert (batch.state, batch.missing) == (BatchState.SIGNING, [])
    out = tmp_path / "out.jsonl"
    runs = issuing.Run(batch, recipients.recipients(path), out, by=w.lin)
    assert runs.finish().state == BatchState.COMPLETE
    assert runs.filler.general == 0
    assert judged(out) == ["genuine and in force"] * 9
    rows = list(Issued.objects.filter(batch=batch).order_by("serial"))
    documents = [issuing.document_of(row) for row in rows]
    assert [issuing.json.loads(line) for line in out.read_bytes().splitlines()] == documents
    for document in documents:
        controllers = [proof["verificationMethod"].partition("#")[0] for proof in document["proof"]]
        assert controllers == [document["issuer"]["id"], document["jointIssuer"][0]["id"]]
        bare = {name: value for name, value in document.items() if name != "proof"}
        again = bare
        for one in runs.filler.signatories:
            again = integrity.sign(again, one.key, created=one.created, method=one.method)
        assert again == document


def test_without_the_joint_proof_a_verifier_says_who_is_missing(w, tmp_path):
    batch, path = proposed(w, tmp_path / "list.csv", 1)
    run(signed(batch, w.alisher), path, tmp_path / "out.jsonl", w.lin)
    document = issuing.document_of(Issued.objects.get())
    del document["proof"][1]
    report = verify_document(document, trust=trusting.live(), now=clock.now())
    assert "joint_missing" in [check.code for check in report.checks]


def test_nothing_is_issued_before_every_institution_has_signed(w, tmp_path):
    batch, path = proposed(w, tmp_path / "list.csv", 3)
    with pytest.raises(ValidationError, match="Not every institution"):
        run(batch, path, tmp_path / "out.jsonl", w.lin)
    with pytest.raises(ValidationError, match="signed already"):
        signed(batch, w.wang)
    with pytest.raises(ValidationError, match="signed already"):
        signed(batch, w.bob)
    with pytest.raises(ValidationError, match="another"):
        actions.sign_batch(batch, file_sha256="f" * 64, by=w.alisher)
    assert not Issued.objects.exists()


def test_above_the_limit_two_people_of_each_institution_sign(w, tmp_path, monkeypatch):
    monkeypatch.setattr(conferring, "FOUR_EYES", 2)
    second = user("Olim Example", ("director", w.host))
    batch, path = proposed(w, tmp_path / "list.csv", 3)
    assert batch.state == BatchState.PROPOSED
    assert signed(batch, w.alisher).state == BatchState.PROPOSED
    with pytest.raises(ValidationError, match="second person"):
        signed(batch, w.alisher)
    batch = signed(batch, second)
    assert (batch.state, batch.missing) == (BatchState.AWAITING, [w.college])
    with pytest.raises(ValidationError, match="second person"):
        signed(batch, w.lin)
    batch = signed(batch, w.wang)
    assert batch.state == BatchState.SIGNING
    assert {row.organisation: (row.first, row.signer) for row in batch.signings.all()} == {
        w.college: (w.lin.actor_name, w.wang.actor_name), w.host: (w.alisher.actor_name, second.actor_name),
    }  # fmt: skip
    assert run(batch, path, tmp_path / "out.jsonl", w.wang).state == BatchState.COMPLETE


def test_a_list_waits_in_today_of_those_who_may_sign_it_and_have_not(w, tmp_path, monkeypatch):
    monkeypatch.setattr(conferring, "FOUR_EYES", 2)
    second = user("Olim Example", ("director", w.host))
    people = {"lin": w.lin, "wang": w.wang, "alisher": w.alisher, "olim": second, "bob": w.bob, "tea": w.tea}
    batch, _path = proposed(w, tmp_path / "list.csv", 3)

    def asked():
        return [name for name, one in people.items() if list(queries.batches_to_sign(one)) == [batch]]

    assert asked() == ["wang", "alisher", "olim"]
    signed(batch, w.alisher)
    assert asked() == ["wang", "olim"]
    signed(batch, second)
    assert asked() == ["wang"]
    signed(batch, w.wang)
    assert asked() == []


def test_after_the_last_day_nobody_signs_until_it_is_extended(w, tmp_path, monkeypatch):
    batch, _path = proposed(w, tmp_path / "list.csv", 2)
    last = batch.sign_by
    assert last == clock.today() + timedelta(days=w.award.days_to_sign)
    monkeypatch.setattr(clock, "today", lambda: last + timedelta(days=1))
    with pytest.raises(ValidationError, match="Extend"):
        signed(batch, w.alisher)
    batch = actions.extend_batch(batch, sign_by=last + timedelta(days=9), why="Holidays", by=w.lin)
    assert signed(batch, w.alisher).state == BatchState.SIGNING


def test_a_dropped_list_issues_nothing_and_may_be_proposed_again(w, tmp_path):
    batch, path = proposed(w, tmp_path / "list.csv", 2)
    actions.drop_batch(batch, why="Wrong day", by=w.lin)
    with pytest.raises(ValidationError, match="Nothing is left"):
        signed(batch, w.alisher)
    again = actions.propose(w.award, count=2, sha256=sheets.digest(path), by=w.lin)
    assert again.pk != batch.pk
    assert not Issued.objects.exists()


def test_a_key_that_ended_before_the_last_signature_stops_the_list(w, tmp_path):
    batch, _path = proposed(w, tmp_path / "list.csv", 2)
    keys.rotate(batch.key_used, by=w.lin, why="Every year")
    with pytest.raises(ValidationError, match="not in use any more"):
        signed(batch, w.alisher)
    assert Batch.objects.get().state == BatchState.AWAITING


def test_people_of_each_institution_see_it_and_revoke_and_strangers_do_not(w, tmp_path):
    batch, path = proposed(w, tmp_path / "list.csv", 2)
    for one in (w.lin, w.alisher, w.bob, w.auditor):
        one.second_factor = True
    seen = [list(BatchDesk().rows(one)) for one in (w.lin, w.alisher, w.bob)]
    assert seen == [[batch], [batch], []]
    policy = BatchDesk().policy
    people = {"lin": w.lin, "alisher": w.alisher, "bob": w.bob, "auditor": w.auditor}
    assert [name for name, one in people.items() if policy.may(one, "sign", batch)] == ["alisher"]
    assert [name for name, one in people.items() if policy.may(one, "drop", batch)] == ["lin"]
    run(signed(batch, w.alisher), path, tmp_path / "out.jsonl", w.lin)
    row = IssuedDesk().rows(w.alisher).first()
    assert not IssuedDesk().rows(w.bob).exists()
    assert IssuedDesk().policy.may(w.alisher, "revoke", row)
    actions.revoke(row, why="Issued in error", by=w.alisher)
    assert sorted(judged(tmp_path / "out.jsonl")) == ["genuine and in force", "genuine but not in force"]


def test_an_award_that_was_proposed_from_a_list_keeps_its_institutions_and_months(w, tmp_path):
    proposed(w, tmp_path / "list.csv", 1)
    third = AwardIssuer(award=w.award, number=3, organisation=organisation("Elsewhere College"))
    with pytest.raises(ValidationError, match="already given"):
        changes.save(third, by=w.lin)
    assert not AwardDesk().may(w.lin, "edit", w.award)


def test_after_a_theft_of_the_joint_key_only_what_was_witnessed_before_holds(w, tmp_path):
    old, young = tmp_path / "old.jsonl", tmp_path / "young.jsonl"
    batch, path = proposed(w, tmp_path / "old.csv", 2)
    run(signed(batch, w.alisher), path, old, w.lin)
    checkpoint = seal()
    witness(checkpoint.size, checkpoint.root, "Archive")
    stolen = clock.now()
    batch, path = proposed(w, tmp_path / "young.csv", 3)
    run(signed(batch, w.alisher), path, young, w.lin)
    key = batch.signings.get(organisation=w.host).key_used
    keys.make(w.host, by=w.alisher)
    keys.report_compromised(key, since=stolen, by=w.alisher, why="A laptop was stolen")
    assert judged(old) == ["genuine and in force"] * 2
    assert "genuine and in force" not in judged(young)


def test_a_stopped_run_goes_on_with_all_proofs(w, tmp_path, monkeypatch):
    monkeypatch.setattr(issuing, "PART", 4)
    batch, path = proposed(w, tmp_path / "list.csv", 11)
    batch = signed(batch, w.alisher)

    class Stop(BaseException):
        pass

    def tell(done):
        if done >= 4:
            raise Stop

    out = tmp_path / "out.jsonl"
    with pytest.raises(Stop):
        run(batch, path, out, w.lin, tell=tell)
    out.write_bytes(out.read_bytes()[:500])
    assert run(batch, path, out, w.lin, workers=1).state == BatchState.COMPLETE
    assert judged(out) == ["genuine and in force"] * 11


def test_the_same_command_by_each_institution_signs_and_the_last_issues(w, tmp_path, capsys, monkeypatch):
    path, out = listed(tmp_path / "list.csv", 2), tmp_path / "out.jsonl"
    asked = [str(path), "--achievement", w.award.code, "--out", str(out), "--as"]
    from sunmao.site.commands import issue as command

    people = {one.email: one for one in (w.lin, w.alisher)}
    for one in people.values():
        one.bound = one.second_factor = True
    monkeypatch.setattr(command, "person", lambda email, _code: people[email])
    assert main([*asked, w.lin.email]) == 0
    assert "waits for Transport University" in capsys.readouterr().out
    assert main([*asked, w.lin.email]) == 0
    assert not out.exists()
    assert main([*asked, w.alisher.email]) == 0
    assert judged(out) == ["genuine and in force"] * 2
    assert queries.issued_by_number(Issued.objects.first().number) is not None


def test_one_institution_alone_still_issues_at_once(tmp_path):
    alone = world(joint=False, learners=1)
    batch = issue(alone, listed(tmp_path / "list.csv", 2), tmp_path / "out.jsonl")
    assert (batch.sign_by, batch.signings.count()) == (None, 1)
    assert {row.joint_proofs for row in batch.rows.all()} == {""}
