"""Evidence, language and picture: from the records to the signed credential, the paper, the page and the copies."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from award_cast import world
from cast import TESTS
from django.core.exceptions import ValidationError
from django.test import Client

from sunmao.credentials import actions, papers, pictures, transcripts, trusting
from sunmao.credentials.models import AwardEvidence
from sunmao.kernel import changes, clock, files
from sunmao.kernel.text import Texts
from sunmao.sources.models import Document
from sunmao.vc.transcripts import elm_reading
from sunmao.vc.verify import verify

pytestmark = pytest.mark.django_db
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def png(side: int = 4) -> bytes:
    import struct
    import zlib

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = (b"\x00" + b"\x20\x40\x80" * side) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def stored(data: bytes, name: str = "a.png"):
    return files.store(io.BytesIO(data), name, by=TESTS)


def pdf_text(data: bytes) -> str:
    from pypdf import PdfReader

    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).replace("\n", " ")


@pytest.fixture
def made():
    found = world(learners=1)
    award, outcome = found.award, found.version.outcomes.order_by("order").first()
    award.language, award.picture = "zh", stored(png())
    changes.save(award, by=found.lin)
    document = changes.save(Document(title=Texts.of(en="Rules"), address="https://rules.example.org/1"), by=TESTS)
    changes.save(
        AwardEvidence(
            award=award, title=Texts.of(en="Rules of examination"), narrative=Texts.of(en="Two examiners."), genre="rules",
            audience="employers", document=document,
        ),
        by=found.lin,
    )  # fmt: skip
    changes.save(AwardEvidence(award=award, title=Texts.of(en="Task"), outcome=outcome, sha256=DIGEST), by=found.lin)
    return found


def with_result_evidence(made):
    """Write evidence to the one learner's first result before it is decided upon."""
    from award_cast import learner

    from sunmao.cohorts import actions as cohorts
    from sunmao.cohorts.models import Enrolment

    row = learner(made.cohort, "Evi Example", completed=False)
    enrolment = Enrolment.objects.get(learner=row)
    for outcome in made.version.outcomes.order_by("order"):
        result = cohorts.record_result(
            enrolment, outcome=outcome, passed=True, grade="good", assessed_on=clock.today(), by=made.lin
        )
        if outcome.number == "1":
            result.evidence, result.evidence_genre, result.evidence_sha256 = "Gearbox", "workpiece", DIGEST
            changes.save(result, by=made.lin)
    cohorts.complete(enrolment, by=made.lin)
    return row


def test_the_signed_credential_holds_evidence_language_and_picture(made):
    row = made.issued()
    held = row.signed_document
    assert held["evidence"] == [
        {
            "type": ["Evidence"], "name": "Rules of examination", "id": "https://rules.example.org/1",
            "narrative": "Two examiners.", "genre": "rules", "audience": "employers",
        },
        {
            "type": ["Evidence"], "name": "Task", "id": "ni:///sha-256;n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg",
            "description": "1 Plan transport 1",
        },
    ]  # fmt: skip
    achievement = held["credentialSubject"]["achievement"]
    assert achievement["inLanguage"] == "zh"
    assert achievement["image"] == {"id": pictures.address(made.award), "type": "Image"}
    report = verify(row.document.encode(), trust=trusting.live(), now=clock.now() + timedelta(seconds=1))
    assert str(report.verdict) == "genuine and in force"


def test_evidence_of_a_result_stands_in_that_learners_credential_only(made):
    row = with_result_evidence(made)
    conferral = made.confer()
    own = {
        held.learner_id == row.pk: [one["name"] for one in held.signed_document["evidence"]]
        for held in conferral.credentials.all()
    }
    assert own == {True: ["Rules of examination", "Task", "Gearbox"], False: ["Rules of examination", "Task"]}


def test_evidence_of_a_result_needs_a_name_and_a_sound_digest(made):
    from sunmao.cohorts.models import Result

    result = Result.objects.first()
    result.evidence_genre = "film"
    with pytest.raises(ValidationError, match="Name the evidence"):
        changes.save(result, by=made.lin)
    result.evidence, result.evidence_sha256 = "Film", "ABC"
    with pytest.raises(ValidationError, match="64 digits"):
        changes.save(result, by=made.lin)


def test_paper_page_and_copy_say_them(made):
    row = made.issued()
    paper = pdf_text(papers.pdf(row))
    for text in ("Evidence", "Rules of examination", "1 Plan transport 1: Task", "Language of instruction", "Chinese"):
        assert text in paper, text
    page = Client().post("/verify/", {"file": io.BytesIO(row.document.encode())}).content.decode()
    for text in ("Rules of examination", "Two examiners.", "Chinese", pictures.path(made.award)):
        assert text in page, text
    found = elm_reading.read(transcripts.write([row], transcripts.ELM))
    assert found is not None
    assert found.achievements[0].languages == ["zh"]


def test_a_link_shows_evidence_only_with_the_results(made):
    row = made.issued()
    actions.release(row, shows_name=True, shows_results=False, shown_until=None, by=made.lin, why="letter")
    assert "Rules of examination" not in Client().get(f"/v/{row.token}/").content.decode()
    actions.release(row, shows_name=True, shows_results=True, shown_until=None, by=made.lin, why="letter")
    assert "Rules of examination" in Client().get(f"/v/{row.token}/").content.decode()


def test_the_picture_is_served_under_its_digest_and_no_other(made):
    path = pictures.path(made.award)
    answer = Client().get(path)
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/png", png())
    assert Client().get(path.replace(made.award.picture.sha256, DIGEST)).status_code == 404


@pytest.mark.parametrize(
    "data",
    [b"<svg/>", png()[:-6], png() + b"x", png(2001), png() + b"\0" * 600_000],
    ids=["svg", "cut", "more", "wide", "big"],
)
def test_only_a_sound_small_png_is_a_picture(made, data):
    made.award.picture = stored(data)
    with pytest.raises(ValidationError, match="PNG"):
        changes.save(made.award, by=made.lin)


def test_what_was_given_keeps_its_evidence(made):
    made.confer()
    with pytest.raises(ValidationError, match="already given"):
        changes.save(AwardEvidence(award=made.award, title=Texts.of(en="Late")), by=made.lin)
