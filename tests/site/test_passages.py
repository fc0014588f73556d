"""Where something was said reads in the reader's language, and a column that nobody has filled is not drawn."""

import pytest
from cast import TESTS, organisation
from django.utils import translation

from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.sources.models import Document
from sunmao.sources.passages import in_words
from sunmao.workshops.models import Partner, Workshop, WorkshopCitation


@pytest.mark.parametrize(
    ("written", "zh", "ru"),
    [
        ("paragraph 4", "第 4 段", "абзац 4"),
        ("paragraphs 10, 11 and 13", "第 10、11、13 段", "абзацы 10, 11, 13"),
        ("row 19", "第 19 行", "строка 19"),
        ("whole page", "整页", "вся страница"),
        ("paragraph 8: words of the minister", "第 8 段: words of the minister", "абзац 8: words of the minister"),
        ("item of 2025-06-13", "2025-06-13 的条目", "запись от 13.06.2025"),
        ("item of 2025-08: among others", "2025-08 的条目: among others", "запись от 08.2025: among others"),
        ("第三段", "第三段", "第三段"),
    ],
)
def test_a_passage_reads_in_the_readers_language(written, zh, ru):
    for language, said in (("zh-hans", zh), ("ru", ru)):
        with translation.override(language):
            assert in_words(written) == said


@pytest.mark.django_db
def test_a_part_leaves_out_the_columns_in_which_no_row_has_a_value(client):
    workshop = changes.save(Workshop(title=Texts.of("A workshop"), country="UZ"), by=TESTS)
    paper = changes.save(Document(title=Texts.of("A report"), outlet="Daily"), by=TESTS)
    changes.save(WorkshopCitation(record=workshop, document=paper, fact="country", passage="paragraph 4"), by=TESTS)
    for brings in ("", "rooms"):
        changes.save(Partner(workshop=workshop, organisation=organisation(), brings=Texts.of(brings)), by=TESTS)
    page = client.get(f"/workshops/{workshop.code}/").content.decode()
    assert '<th scope="col">Passage</th>' in page and '<th scope="col">As said</th>' not in page
    assert '<th scope="col">What it brings</th>' in page and "not stated by the source" in page


@pytest.mark.django_db
def test_a_citation_of_the_whole_record_says_so_and_a_language_is_called_by_its_name(client):
    workshop = changes.save(Workshop(title=Texts.of("A workshop"), country="UZ"), by=TESTS)
    paper = changes.save(Document(title=Texts.of("A report"), language="uz"), by=TESTS)
    made = changes.save(WorkshopCitation(record=workshop, document=paper), by=TESTS)
    assert "the whole record" in client.get(f"/workshop-citations/{made.key}/").content.decode()
    assert client.get(f"/api/workshop-citations/{made.key}/").json()["fact"] == ""
    assert "Uzbek" in client.get(f"/documents/{paper.code}/").content.decode()
    assert client.get(f"/api/documents/{paper.code}/").json()["language"] == "uz"
