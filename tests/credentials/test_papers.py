"""The faces of a credential: each carries what was signed; a paper that cannot be set right is not made."""

from __future__ import annotations

from datetime import timedelta

import pytest
from award_cast import world
from cast import sign_in, user
from django.core.exceptions import ValidationError
from django.test import Client

from sunmao.credentials import actions, papers, trusting
from sunmao.credentials.models import AwardKind
from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.vc import qr
from sunmao.vc.verify import verify

pytestmark = pytest.mark.django_db


def text_of(pdf: bytes) -> str:
    import io

    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("form", papers.FORMS)
def test_every_face_carries_the_credential_and_verifies(form):
    row = world().issued()
    report = verify(papers.face(row, form), trust=trusting.live(), now=clock.now() + timedelta(seconds=1))
    assert (str(report.verdict), report.document) == ("genuine and in force", row.signed_document)


def test_the_paper_says_name_title_in_each_language_issuers_number_and_kind():
    row = world(learners=1).issued()
    said = text_of(papers.pdf(row)).replace("\n", " ")
    for word in (
        "Dilnoza Example 1",
        "Modern logistics",
        "现代物流管理",
        "Логистика",
        "Shipping College",
        "海运学院",
        row.number,
    ):
        assert word in said
    assert "does not belong to formal education" in said


def test_a_diploma_says_that_it_belongs_to_formal_education():
    row = world(learners=1, kind=AwardKind.DIPLOMA).issued()
    assert "It belongs to formal education" in text_of(papers.pdf(row)).replace("\n", " ")


def test_a_name_that_looks_like_markup_stays_a_name():
    made = world(joint=False, learners=1)
    person = made.cohort.enrolments.get().learner
    person.name = Texts.of(en='#image("/etc/passwd") *bold* $x$ <b>')
    changes.save(person, by=made.lin)
    said = text_of(papers.pdf(made.issued()))
    assert '#image("/etc/passwd") *bold* $x$ <b>' in said.replace("\n", " ")


def test_a_paper_without_a_font_for_its_script_is_refused_by_the_fonts_name(monkeypatch):
    row = world(learners=1).issued()
    monkeypatch.setattr(papers, "_families", lambda: frozenset({"Noto Serif"}))
    with pytest.raises(ValidationError, match="Noto Serif CJK SC"):
        papers.pdf(row)


@pytest.mark.parametrize(
    ("name", "missing"), [("สมชาย", "Noto Serif Thai"), ("محمد", "Noto Naskh Arabic"), ("ᚠᚢᚦ", "RUNIC LETTER FEHU")]
)
def test_letters_of_any_script_are_set_or_refused_by_name_never_left_to_boxes(monkeypatch, name, missing):
    monkeypatch.setattr(papers, "_families", lambda: frozenset({"Noto Serif"}))
    with pytest.raises(ValidationError, match=missing):
        papers.fonts_for(f"Example {name}")
    assert papers.fonts_for("Пример 7 · “Example” №") == ["Noto Serif"]


def test_the_paper_carries_the_whole_credential_as_a_code_and_says_where_it_does_not_fit(monkeypatch):
    row = world(learners=1).issued()
    assert "can be checked where there is no connection" in text_of(papers.pdf(row)).replace("\n", " ")
    monkeypatch.setattr(qr, "MAX_TEXT", 500)
    assert "too long for a code" in text_of(papers.pdf(row)).replace("\n", " ")
    with pytest.raises(ValidationError, match="too long for a code"):
        papers.face(row, "qr.png")


def test_each_institution_that_signed_has_its_seal_with_day_and_key():
    row = world(learners=1).issued()
    said = text_of(papers.pdf(row))
    for proof in row.signed_document["proof"]:
        assert proof["verificationMethod"][-8:] in said


def test_there_is_no_paper_before_every_institution_signed():
    made = world()
    row = made.confer().credentials.first()
    with pytest.raises(ValidationError, match="not signed by all"):
        papers.pdf(row)


def test_the_specimen_is_watermarked_and_holds_no_credential():
    made = world()
    data = papers.specimen(made.award)
    assert "PREVIEW, NOT SIGNED" in text_of(data)
    assert str(verify(data).verdict) == "cannot be checked"


def test_files_are_handed_to_those_who_may_see_the_credential_only():
    made = world()
    row = made.issued()
    address = f"/credentials/{row.code}/certificate.json"
    assert sign_in(Client(), made.lin).get(address).content.decode() == row.document
    assert sign_in(Client(), made.bob).get(address).status_code == 404
    assert Client().get(address).status_code == 404
    weak = user("Weak Example", ("officer", made.college))
    assert sign_in(Client(), weak, second_factor=False).get(address).status_code == 404


def test_an_erased_credential_has_no_files():
    made = world(joint=False)
    row = made.issued()
    actions.forget(row, by=made.lin, why="asked by the holder")
    answer = sign_in(Client(), made.lin).get(f"/credentials/{row.code}/certificate.pdf")
    assert (answer.status_code, b"erased here" in answer.content) == (409, True)
