"""The papers of a whole class: each the very one a credential has by itself, for those who see it, in portions or a folder."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest
from award_cast import world
from cast import sign_in
from django.core.exceptions import ValidationError
from django.test import Client
from test_papers import text_of

from sunmao.cohorts.models import Sight
from sunmao.credentials import actions, papers, printing, trusting
from sunmao.credentials.models import AwardKind, Batch, Issued
from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.site.commands import issue as issue_command
from sunmao.site.commands import papers as command
from sunmao.vc.containers import extract
from sunmao.vc.verify import verify

pytestmark = pytest.mark.django_db
FOUR = {"en": "Modern logistics", "zh": "现代物流管理", "ru": "Логистика", "ar": "اللوجستيات الحديثة"}
NAMES = ("Nodira Karimova", "李小龙", "Пётр Иванов", "علي بن محمد", '#image("/etc/passwd") *b* $x$', '"Aziz ""Az"""')


def _world(**more):
    made = world(**more)
    made.award.title = Texts.of(FOUR)
    changes.save(made.award, by=made.lin)
    return made


def _batch(made, tmp_path, monkeypatch, *, names=NAMES) -> Batch:
    """What `sunmao issue` makes of a list."""
    path = tmp_path / "list.csv"
    rows = "".join(f"{name},{clock.today()},good\n" for name in names)
    path.write_text("recipient_name,awarded_on,result\n" + rows, encoding="utf-8")
    monkeypatch.setattr(issue_command, "person", lambda _name, _code: made.lin)
    asked = [str(path), "--achievement", made.award.code, "--out", str(tmp_path / "out.jsonl")]
    assert issue_command.main(asked) == 0
    return Batch.objects.get()


def _verdict(data: bytes) -> str:
    return str(verify(data, trust=trusting.live(), now=clock.now() + timedelta(seconds=1)).verdict)


def _unpacked(answer) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as box:
        assert box.testzip() is None
        return {name: box.read(name) for name in box.namelist()}


def test_every_paper_of_a_list_is_a_file_that_verifies_and_carries_the_line_of_the_file(tmp_path, monkeypatch):
    w = _world(joint=False, learners=1)
    batch = _batch(w, tmp_path, monkeypatch)
    made = {paper.number: paper.data for paper in printing.of(batch, w.lin)}
    lines = (tmp_path / "out.jsonl").read_bytes().splitlines()
    rows = list(batch.rows.order_by("serial"))
    assert list(made) == [row.number for row in rows]
    for row, line in zip(rows, lines, strict=True):
        assert _verdict(made[row.number]) == "genuine and in force"
        assert extract(made[row.number]).text == line
        assert row.number in text_of(made[row.number])


def test_a_paper_of_many_says_what_the_single_one_says():
    made = _world(learners=3)
    conferral = made.issued().conferral
    many = {paper.number: paper.data for paper in printing.of(conferral, made.lin)}
    for row in conferral.credentials.all():
        assert text_of(many[row.number]) == text_of(papers.pdf(row))
        assert extract(many[row.number]).text.decode() == row.document
    assert len(many) == 3


def test_a_paper_speaks_the_languages_of_the_title_or_those_asked_for():
    made = _world(learners=1)
    row = made.issued()
    words = {"en": "This is to certify", "zh": "兹证明", "ru": "Настоящим удостоверяется"}
    whole = text_of(papers.pdf(row))
    assert all(word in whole for word in words.values())
    assert re.search("[\u0600-\u06ff\ufe70-\ufeff]", whole)
    alone = text_of(papers.pdf(row, papers.shared(made.award, ("ru",))))
    assert words["ru"] in alone
    assert words["en"] not in alone
    assert words["zh"] not in alone
    with pytest.raises(ValidationError, match="“fr”"):
        papers.shared(made.award, ("en", "fr"))


@pytest.mark.parametrize("kind", AwardKind.values)
def test_each_language_of_the_paper_has_words_of_its_own(kind):
    made = _world(joint=False, learners=1, kind=kind)
    english, *others = papers._said(made.award, list(papers.SPOKEN))
    assert [said["lang"] for said in others] == ["zh", "ru", "ar"]
    for said in others:
        for name in ("kind", "certify", "has", "by", "verify", "whole", "too_long"):
            assert not re.search("[a-z]{4}", said[name]), (said["lang"], name)
        assert not set(said["labels"]) & set(english["labels"]), said["lang"]


def test_a_portion_is_a_zip_of_papers_for_those_who_see_the_conferral_and_its_learners_are_told():
    made = _world(learners=2)
    conferral = made.issued().conferral
    address = f"/conferrals/{conferral.code}/papers.zip"
    held = _unpacked(sign_in(Client(), made.lin).get(address, {"languages": ["en", "ar"]}))
    assert set(held) == {f"{row.number}.pdf" for row in conferral.credentials.all()}
    assert {_verdict(data) for data in held.values()} == {"genuine and in force"}
    assert "兹证明" not in text_of(next(iter(held.values())))
    learners = {row.learner_id for row in conferral.credentials.all()}
    assert set(Sight.objects.filter(face="file").values_list("learner", flat=True)) == learners
    assert set(_unpacked(sign_in(Client(), made.tea).get(f"/api{address}"))) == set(held)
    for stranger in (made.bob, made.auditor):
        expected = 404 if stranger is made.bob else 200
        assert sign_in(Client(), stranger).get(address).status_code == expected
    assert Client().get(address).status_code == 404
    assert sign_in(Client(), made.lin, second_factor=False).get(address).status_code == 404
    assert sign_in(Client(), made.bob).get(f"/api{address}").status_code == 404


@pytest.mark.parametrize(
    ("given", "status"), [("0", 409), ("-1", 409), ("x", 409), ("9" * 40, 409), ("³", 409), ("2", 404)]
)
def test_a_portion_that_is_not_there_is_refused(given, status):
    made = world(joint=False, learners=1)
    conferral = made.issued().conferral
    address = f"/conferrals/{conferral.code}/papers.zip"
    assert sign_in(Client(), made.lin).get(address, {"from": given}).status_code == status


def test_portions_hold_each_paper_once_and_the_page_names_them(tmp_path, monkeypatch):
    monkeypatch.setattr(printing, "PORTION", 4)
    monkeypatch.setattr(printing, "_PIECE", 3)
    made = _world(joint=False, learners=1)
    batch = _batch(made, tmp_path, monkeypatch)
    client = sign_in(Client(), made.lin)
    page = client.get(f"/batches/{batch.code}/").content.decode()
    found = []
    for first, last in ((1, 4), (5, 6)):
        assert f"{first}–{last}" in page
        found += _unpacked(client.get(f"/batches/{batch.code}/papers.zip", {"from": first}))
    assert found == [f"{row.number}.pdf" for row in batch.rows.order_by("serial")]
    assert sign_in(Client(), made.bob).get(f"/batches/{batch.code}/papers.zip").status_code == 404


def test_what_is_not_in_force_erased_or_without_a_font_is_named_and_the_others_are_made(tmp_path, monkeypatch):
    made = _world(joint=False, learners=1)
    batch = _batch(made, tmp_path, monkeypatch, names=("Ann", "Bob", "Runic ᚠ", "Dee"))
    first, second, third, fourth = batch.rows.order_by("serial")
    actions.revoke(first, why="in error", by=made.lin)
    actions.forget_issued(second, why="asked", by=made.lin)
    held = _unpacked(sign_in(Client(), made.lin).get(f"/batches/{batch.code}/papers.zip"))
    assert set(held) == {f"{fourth.number}.pdf", "not-made.txt"}
    told = held["not-made.txt"].decode()
    assert f"{first.number}: revoked" in told
    assert f"{second.number}: The holder's data are erased here" in told
    assert "RUNIC LETTER FEHU" in told
    assert third.number in told


def test_there_are_no_papers_before_all_have_signed():
    made = world()
    conferral = made.confer()
    answer = sign_in(Client(), made.lin).get(f"/conferrals/{conferral.code}/papers.zip")
    assert (answer.status_code, b"not signed by all" in answer.content) == (409, True)
    assert "papers.zip" not in sign_in(Client(), made.lin).get(f"/conferrals/{conferral.code}/").content.decode()


def test_one_paper_of_a_list_is_handed_to_those_who_see_it_only(tmp_path, monkeypatch):
    made = _world(joint=False, learners=1)
    row = _batch(made, tmp_path, monkeypatch).rows.order_by("serial").first()
    for form in papers.FORMS:
        address = f"/issued/{row.uid}/certificate.{form}"
        answer = sign_in(Client(), made.lin).get(address)
        assert (answer.status_code, _verdict(answer.content)) == (200, "genuine and in force"), form
        assert sign_in(Client(), made.lin).get(f"/api{address}").status_code == 200
        assert {sign_in(Client(), one).get(address).status_code for one in (made.bob, made.alisher)} == {404}
        assert Client().get(address).status_code == 404
    page = sign_in(Client(), made.lin).get(f"/issued/{row.uid}/").content.decode()
    assert f"/issued/{row.uid}/certificate.pdf" in page
    assert sign_in(Client(), made.lin).get(f"/issued/{row.uid}/certificate.exe").status_code == 404


def test_the_code_of_a_paper_from_a_list_leads_to_the_verdict_without_a_name(tmp_path, monkeypatch, settings, client):
    made = _world(joint=False, learners=1)
    row = _batch(made, tmp_path, monkeypatch).rows.order_by("serial").first()
    page = client.get(papers.link(row).removeprefix(settings.SUNMAO_ADDRESS)).content.decode()
    assert row.number in page
    assert NAMES[0] not in page


def test_the_command_writes_each_paper_once_and_goes_on_where_it_stopped(tmp_path, monkeypatch, capsys):
    made = _world(joint=False, learners=1)
    batch = _batch(made, tmp_path, monkeypatch)
    monkeypatch.setattr(command, "person", lambda _name, _code: made.lin)
    folder = tmp_path / "papers"
    asked = [batch.code, "--out", str(folder), "--languages", "en,zh,ru,ar"]
    held = papers.pdf
    calls = []

    def until(row, common=None):
        if len(calls) == 3:
            raise KeyboardInterrupt
        calls.append(row.number)
        return held(row, common)

    monkeypatch.setattr(printing, "_PIECE", 2)
    monkeypatch.setattr(papers, "pdf", until)
    assert command.main(asked) == 130
    assert len(list(folder.iterdir())) == 2
    monkeypatch.setattr(papers, "pdf", held)
    assert command.main(asked) == 0
    assert f"{batch.code}\t4 written\t2 there before" in capsys.readouterr().out
    assert {path.name for path in folder.iterdir()} == {f"{row.number}.pdf" for row in Issued.objects.all()}
    assert {_verdict(path.read_bytes()) for path in folder.iterdir()} == {"genuine and in force"}
    monkeypatch.setattr(command, "person", lambda _name, _code: made.bob)
    assert command.main(asked) == 2
    assert "not yours to see" in capsys.readouterr().err


def test_two_who_ask_at_once_each_get_a_paper_of_their_own():
    from concurrent.futures import ThreadPoolExecutor

    told = {"kind": "training", "by": "College", "year": "2026", "mark": ""}
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: papers._set("badge.typ", told | {"title": f"Title {n}"}, "svg"), range(12)))
    assert found == [papers._set("badge.typ", told | {"title": f"Title {n}"}, "svg") for n in range(12)]
    assert len(set(found)) == 12
