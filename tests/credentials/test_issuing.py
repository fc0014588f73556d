"""Credentials from a list: checked row by row, signed for the institution, kept, written, found, revoked, resumed."""

import json
import random

import pytest
from award_cast import world
from django.core.exceptions import ValidationError

from sunmao.credentials import actions, issuing, queries, recipients, trusting
from sunmao.credentials.actions import conferring
from sunmao.credentials.models import Batch, BatchState, Issued, StatusList
from sunmao.kernel import changes, clock, sheets
from sunmao.kernel.merkle import leaf_hash, root_of
from sunmao.kernel.models import Change, Leaf
from sunmao.kernel.sealing import seal, witness
from sunmao.keys import actions as keys
from sunmao.site.commands.issue import main
from sunmao.vc import integrity
from sunmao.vc.checks import Asked
from sunmao.vc.contexts import default_contexts
from sunmao.vc.known import Known
from sunmao.vc.trust import credential_digest

pytestmark = pytest.mark.django_db
HEAD = "recipient_name,recipient_id,awarded_on,result,narrative\n"
NAMES = (
    "Nodira Karimova",
    "李小龙",
    "Пётр Иванов",
    '"Aziz ""Az"" O\'Brien"',
    "Ayşe 👩🏽‍🔧",
    "علي\u200f",
    "=SUM(A1)",
    "a\u202eb",
)


@pytest.fixture
def w():
    return world(joint=False, learners=1)


def listed(path, count, encoding="utf-8-sig", ids=("", "did:example:{}")):
    """Write a list: some rows say everything, some little."""
    rows = [
        f"{NAMES[n % len(NAMES)]},{ids[n % len(ids)].format(n)},{clock.today()},{87 + n},{'Well done' if n % 2 else ''}\n"
        for n in range(count)
    ]
    path.write_text(HEAD + "".join(rows), encoding=encoding)
    return path


def issue(w, path, out, *, by=None, **more):
    """What `sunmao issue` does."""
    checked = recipients.check(path, recipients.checker_of(w.award))
    assert not checked.bad
    batch = actions.propose(w.award, count=checked.count, sha256=sheets.digest(path), by=by or w.lin)
    return issuing.Run(batch, recipients.recipients(path), out, by=by or w.lin, **more).finish()


def judged(out):
    known = Known(Asked(trusting.live(), clock.now(), default_contexts()))
    return [str(known.verify(line).verdict) for line in out.read_bytes().splitlines()]


def test_every_row_becomes_a_genuine_credential_that_is_kept_and_counted(w, tmp_path):
    out = tmp_path / "out.jsonl"
    ids = ("", "did:example:{}", "mailto:n{}@example.org", "https://example.org/people/{}")
    batch = issue(w, listed(tmp_path / "list.csv", 12, ids=ids), out)
    lines = out.read_bytes().splitlines()
    assert judged(out) == ["genuine and in force"] * 12
    assert (batch.state, batch.count) == (BatchState.COMPLETE, 12)
    assert batch.root == root_of(map(leaf_hash, lines)).hex()
    rows = list(Issued.objects.filter(batch=batch).order_by("serial"))
    documents = [json.loads(line) for line in lines]
    assert [issuing.document_of(row) for row in rows] == documents
    assert [row.digest for row in rows] == [credential_digest(document) for document in documents]
    assert len({(row.status_list_id, row.status_index) for row in rows}) == 12
    assert len({document["id"] for document in documents}) == 12
    assert Leaf.objects.filter(record__in=[row.uid for row in rows]).count() == 12
    assert Change.objects.filter(record=str(batch.uid), deed="finish").exists()


def test_plain_rows_are_signed_by_shapes_alone(w, tmp_path):
    path = listed(tmp_path / "list.csv", 6)
    batch = actions.propose(w.award, count=6, sha256=sheets.digest(path), by=w.lin)
    run = issuing.Run(batch, recipients.recipients(path), tmp_path / "out.jsonl", by=w.lin)
    run.finish()
    assert run.filler.general == 0


def test_what_is_issued_equals_what_the_general_path_signs(w, tmp_path):
    batch = issue(w, listed(tmp_path / "list.csv", 8), tmp_path / "out.jsonl")
    filler = issuing.filler_of(batch)
    for line in (tmp_path / "out.jsonl").read_bytes().splitlines():
        bare = {name: value for name, value in json.loads(line).items() if name != "proof"}
        (by,) = filler.signatories
        assert json.loads(line) == integrity.sign(bare, by.key, created=batch.signed_at, method=by.method)


def test_the_number_gives_the_verdict_on_the_page_and_by_rest_and_no_name(w, tmp_path, client):
    batch = issue(w, listed(tmp_path / "list.csv", 1), tmp_path / "out.jsonl")
    number = batch.rows.get().number
    page = client.get("/verify/", {"number": number}).content.decode()
    assert number in page
    assert NAMES[0] not in page
    assert client.get("/api/verify/", {"number": number}).json()["verdict"] == "genuine and in force"


def test_a_row_is_found_by_its_number_and_revoked_for_every_verifier(w, tmp_path):
    out = tmp_path / "out.jsonl"
    batch = issue(w, listed(tmp_path / "list.csv", 3), out)
    first, second, _third = Issued.objects.filter(batch=batch).order_by("serial")
    assert queries.issued_by_number(first.number.lower()) == first
    assert queries.issued_by_digest(second.digest) == second
    actions.revoke(first, why="Issued in error", by=w.lin)
    actions.suspend(second, why="Under review", by=w.lin)
    assert judged(out) == ["genuine but not in force"] * 2 + ["genuine and in force"]


def test_a_run_that_was_stopped_anywhere_goes_on_without_doubles(w, tmp_path, monkeypatch):
    monkeypatch.setattr(issuing, "PART", 4)
    draw, path = random.Random(3), listed(tmp_path / "list.csv", 26)
    out = tmp_path / "out.jsonl"

    class Stop(BaseException):
        pass

    def until(limit):
        def tell(done):
            if done >= limit:
                raise Stop

        return tell

    for limit in (4, 16):
        with pytest.raises(Stop):
            issue(w, path, out, tell=until(limit))
        whole = out.read_bytes()
        out.write_bytes(
            draw.choice((whole[: draw.randrange(len(whole))], whole + b'{"half', b"", whole.replace(b"a", b"b", 1)))
        )
    batch = issue(w, path, out)
    assert Issued.objects.filter(batch=batch).count() == 26
    assert len(set(out.read_bytes().splitlines())) == 26
    assert judged(out) == ["genuine and in force"] * 26
    before = out.read_bytes()
    out.unlink()
    assert issue(w, path, out).root == batch.root
    assert out.read_bytes() == before


def test_two_processes_that_sign_write_what_one_writes(w, tmp_path, monkeypatch):
    monkeypatch.setattr(issuing, "PART", 3)
    batch = issue(w, listed(tmp_path / "list.csv", 10), tmp_path / "out.jsonl", workers=1)
    assert judged(tmp_path / "out.jsonl") == ["genuine and in force"] * 10
    assert batch.state == BatchState.COMPLETE


def test_above_the_limit_a_second_person_confirms_the_same_list(w, tmp_path, monkeypatch):
    monkeypatch.setattr(conferring, "FOUR_EYES", 2)
    path = listed(tmp_path / "list.csv", 3)
    batch = actions.propose(w.award, count=3, sha256=sheets.digest(path), by=w.lin)
    assert batch.state == BatchState.PROPOSED
    held = {"file_sha256": batch.file_sha256}
    with pytest.raises(ValidationError, match="second person"):
        actions.sign_batch(batch, by=w.lin, **held)
    with pytest.raises(ValidationError, match="not its turn"):
        actions.sign_batch(batch, by=w.alisher, **held)
    with pytest.raises(ValidationError, match="another"):
        actions.sign_batch(batch, by=w.wang, file_sha256="0" * 64)
    assert actions.propose(w.award, count=3, sha256=sheets.digest(path), by=w.wang) == batch
    batch = actions.sign_batch(batch, by=w.wang, **held)
    assert (
        issuing.Run(batch, recipients.recipients(path), tmp_path / "out.jsonl", by=w.wang).finish().signer
        == w.wang.actor_name
    )


def test_the_quota_of_a_day_counts_small_lists_too(w, tmp_path, monkeypatch):
    monkeypatch.setattr(conferring, "QUOTA", 4)
    issue(w, listed(tmp_path / "one.csv", 3), tmp_path / "one.jsonl")
    with pytest.raises(ValidationError, match="a day"):
        issue(w, listed(tmp_path / "two.csv", 2), tmp_path / "two.jsonl")


def test_bad_rows_are_told_by_number_column_and_reason(w, tmp_path):
    path = tmp_path / "list.csv"
    rows = (
        f"Ann,,{clock.today()},,", ",,2026-01-01,,", "Bob,,2026-02-30,,", "Cid,,9999-01-01,,", "Dee,not an address,2026-01-01,,",
        "Eve,,2026-01-01,\ufffe,", "Fay,,2026-01-01,1,2,3", "", "Gus,https://example.org/?a=b c,2026-01-01,,",
    )  # fmt: skip
    path.write_text(HEAD + "\n".join(rows), encoding="utf-8")
    checked = recipients.check(path, recipients.checker_of(w.award))
    assert [(problem.row, problem.column) for problem in checked.problems] == [
        (3, "recipient_name"), (4, "awarded_on"), (5, "awarded_on"), (6, "recipient_id"), (7, "result"), (8, "column 6"),
        (10, "recipient_id"),
    ]  # fmt: skip
    assert checked.count == 1
    assert all(problem.reason for problem in checked.problems)
    path.write_text("name,awarded_on\nAnn,2026-01-01\n", encoding="utf-8")
    with pytest.raises(ValidationError, match="recipient_name"):
        recipients.check(path, recipients.checker_of(w.award))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_lists_are_read_in_the_encodings_of_sheets(w, tmp_path, encoding):
    path = listed(tmp_path / "list.csv", 3, encoding)
    assert [one.said["recipient_name"] for one in recipients.recipients(path)] == [
        "Nodira Karimova",
        "李小龙",
        "Пётр Иванов",
    ]
    assert [one.serial for one in recipients.recipients(path)] == sheets.read(path).numbers


def test_what_a_row_says_can_be_erased_and_the_file_still_verifies(w, tmp_path):
    out = tmp_path / "out.jsonl"
    batch = issue(w, listed(tmp_path / "list.csv", 2), out)
    row = Issued.objects.filter(batch=batch).first()
    actions.forget_issued(row, why="asked for", by=w.lin)
    assert issuing.document_of(Issued.objects.get(pk=row.pk)) == {}
    assert judged(out) == ["genuine and in force"] * 2


def test_after_a_theft_only_what_was_witnessed_before_it_holds(w, tmp_path):
    old, young = tmp_path / "old.jsonl", tmp_path / "young.jsonl"
    batch = issue(w, listed(tmp_path / "old.csv", 2), old)
    checkpoint = seal()
    witness(checkpoint.size, checkpoint.root, "Archive")
    stolen = clock.now()
    issue(w, listed(tmp_path / "young.csv", 3), young)
    keys.make(w.college, by=w.lin)
    keys.report_compromised(batch.key_used, since=stolen, by=w.lin, why="A laptop was stolen")
    assert judged(old) == ["genuine and in force"] * 2
    assert judged(young) == ["not genuine"] * 3


def test_conferrals_never_take_places_in_the_lists_of_batches(w, tmp_path):
    batch = issue(w, listed(tmp_path / "list.csv", 2), tmp_path / "out.jsonl")
    credential = w.issued()
    assert credential.status_list.batch is None
    assert set(StatusList.objects.filter(batch=batch)) == {row.status_list for row in batch.rows.all()}
    assert changes.history(batch).count() == 3


def test_the_command_says_what_is_wrong_and_binds_only_with_a_second_factor(w, tmp_path, capsys):
    path, out = listed(tmp_path / "list.csv", 2), tmp_path / "out.jsonl"
    asked = [str(path), "--achievement", w.award.code, "--out", str(out), "--as", w.lin.email]
    assert main([*asked, "--check"]) == 0
    assert "2 rows to issue, 0 bad" in capsys.readouterr().err
    assert main(asked) == 3
    assert "--code" in capsys.readouterr().err
    path.write_text(HEAD + ",,2026-01-01,,\n", encoding="utf-8")
    assert main([*asked, "--check"]) == 1
    assert "row 2, recipient_name" in capsys.readouterr().err
    assert main([*asked[:-1], w.bob.email, "--check"]) == 3
    assert not out.exists()
    assert not Batch.objects.exists()
