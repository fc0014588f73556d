"""The letter tells what was decided, why and how to appeal, in the two languages of the case, to who may know the name."""

import io

import pypdf
import pytest
from cast import TESTS, refusal, sign_in, user
from recognition_room import case, decided, instrument, room

from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.recognition import actions, letters
from sunmao.recognition.models import Applicant, Case
from sunmao.site.cli import main

pytestmark = pytest.mark.django_db


@pytest.fixture
def r():
    made = room(rows=2)
    made.act_in_force = instrument(made, missing_percent=40, passage="article 4")
    made.case = case(made)
    return made


def read(data):
    """The words of each page, whatever the lines."""
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def pages(r, found):
    return read(letters.letter(found, by=r.first))


def test_the_letter_says_decision_basis_reasons_and_how_to_appeal(r):
    r.case.letter_in = "en"
    changes.save(r.case, by=r.first)
    english = " ".join(pages(r, decided(r, r.case, "full", Texts.of("Two of three are enough."))))
    told = r.case.decisions.get()
    for words in (
        "Host ministry has decided: recognised in full.", "Act on recognition", "article 4", "Zhang San", "张三",
        "Two of three are enough.", "Institution: Accredited on the day of award.", "Home skill, awarded by Home college",
        "Noted, and no obstacle Host skill 3", "within 30 days after the day", told.code, r.case.code, "Proposed by Aziza, confirmed by Bobur",
    ):  # fmt: skip
        assert words in english, words
    assert "What is missing" not in english


def test_its_languages_are_those_of_host_and_home_country_unless_the_case_says_others(r):
    found = decided(r, r.case)
    assert letters.languages(found) == ["ru", "zh"]
    first, second = pages(r, found)
    assert "Решение о признании" in first and "认可决定书" in second
    r.case.refresh_from_db()
    r.case.letter_in = "en,ru"
    changes.save(r.case, by=r.first)
    found.case.refresh_from_db()
    first, second = pages(r, found)
    assert "Decision on recognition" in first and "Решение о признании" in second
    asked = pypdf.PdfReader(io.BytesIO(letters.letter(found, by=r.first, into="zh"))).pages
    assert len(asked) == 1 and "认可决定书" in asked[0].extract_text()
    assert "two languages at most" in refusal(letters.letter, found, by=r.first, into="en,fr")
    r.case.letter_in = "en,ru,zh"
    assert "two languages at most" in refusal(changes.save, r.case, by=r.first)


def test_a_refusal_names_what_is_missing_and_what_is_critical(r):
    r.act_in_force = None
    other = case(r, purpose="work")
    found = actions.indicate(other, by=r.first)
    actions.propose(found, result="refused", reasons="The third outcome is the heart of the work.", by=r.first)
    actions.confirm(found, by=r.second)
    found.case.letter_in = "en"
    text = " ".join(pages(r, found))
    assert "has decided: refused. " in text and "The third outcome is the heart of the work." in text
    assert "You may appeal within 30 days" in text and "Appeals go to: Host ministry." in text


def test_where_the_authority_departs_from_the_comparison_its_letter_calls_nothing_no_obstacle(r):
    r.case.letter_in = "en"
    changes.save(r.case, by=r.first)
    text = " ".join(pages(r, decided(r, r.case, "refused", "The third outcome is the heart of the trade here.")))
    own, comparison = text.index("heart of the trade"), text.index("What the comparison found")
    assert (
        own < text.index("The authority decides otherwise for these reasons") < comparison < text.index("Outcomes: 1")
    )
    assert "no obstacle" not in text and "Not covered Host skill 3" in text
    assert "By the comparison alone the result would be: recognised in full." in text


def test_nothing_is_told_before_two_persons_have_decided(r, client):
    found = actions.indicate(r.case, by=r.first)
    sign_in(client, r.first)
    assert client.get(f"/decisions/{found.code}/letter.pdf").status_code == 409
    assert client.get(f"/api/decisions/{found.code}/letter.pdf").status_code == 422
    assert "letter.pdf" not in client.get(f"/decisions/{found.code}/").content.decode()
    actions.propose(found, result="full", by=r.first)
    assert "Nothing is decided here yet" in refusal(letters.letter, found, by=r.first)


def test_it_is_handed_to_the_authority_and_the_applicant_with_a_second_factor_and_to_nobody_else(r, client, tmp_path):
    found = decided(r, r.case)
    holder = user("Zhang")
    applicant = Applicant.objects.get(case=r.case)
    applicant.person = holder.person
    changes.save(applicant, by=TESTS)
    page, rest = f"/decisions/{found.code}/letter.pdf", f"/api/decisions/{found.code}/letter.pdf"
    assert client.get(page).status_code == 404
    for person, factor, told in (
        (r.first, True, 200), (r.first, False, 403), (holder, True, 200), (holder, False, 403),
        (r.home, True, 404), (r.stranger, True, 404),
    ):  # fmt: skip
        sign_in(client, person, second_factor=factor)
        answers = [client.get(address) for address in (page, rest)]
        assert [answer.status_code for answer in answers] == [told, told], (person, factor)
        assert told != 200 or [a["Content-Type"] for a in answers] == ["application/pdf"] * 2
        client.logout()
    assert main(["letter", found.code, str(tmp_path / "a.pdf"), "--as", r.first.email]) == 3
    assert main(["letter", found.code, str(tmp_path / "a.pdf"), "--as", r.stranger.email]) == 2
    assert not (tmp_path / "a.pdf").exists()


def test_after_erasure_it_names_nobody(r):
    found = decided(r, r.case)
    actions.erase(Case.objects.get(pk=r.case.pk), why="asked for", by=r.first)
    found.refresh_from_db()
    text = " ".join(pages(r, found))
    assert "Zhang" not in text and "张三" not in text and found.case.holder in text


def test_a_letter_that_cannot_be_set_is_refused_by_the_fonts_name(r, client, monkeypatch):
    from sunmao.credentials import papers

    found = decided(r, r.case)
    monkeypatch.setattr(papers, "_families", lambda: frozenset({"DejaVu Serif"}))
    assert "Noto Serif CJK SC" in refusal(letters.letter, found, by=r.first)
    sign_in(client, r.first)
    assert client.get(f"/decisions/{found.code}/letter.pdf").status_code == 409


def test_the_page_of_the_decision_leads_to_the_letter_and_says_its_languages(r, client):
    found = decided(r, r.case)
    sign_in(client, r.first)
    page = client.get(f"/decisions/{found.code}/").content.decode()
    assert f'href="/decisions/{found.code}/letter.pdf"' in page
    assert "Russian" in page and "Chinese" in page
