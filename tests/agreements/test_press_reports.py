"""What is known from published sources only says whose word it is."""

import pytest
from agreement_cast import reported, world

from sunmao.agreements import actions
from sunmao.agreements.models import AgreementCitation
from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When
from sunmao.sources.models import Document

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return world()


def test_a_press_report_names_its_source_and_that_no_party_has_confirmed_it(w, client):
    made = reported(w)
    page = client.get(f"/agreements/{made.code}/").content.decode()
    assert "No source is named for it yet, and its parties have not confirmed it here." in page
    paper = changes.save(Document(title=Texts.of("A report"), outlet="Daily"), by=w.sec)
    for passage in ("paragraph 2", "paragraph 4"):
        changes.save(AgreementCitation(record=made, document=paper, fact="state", passage=passage), by=w.sec)
    page = client.get(f"/agreements/{made.code}/").content.decode()
    said = f'Known from <a href="/documents/{paper.code}/"><bdi>A report</bdi></a>; its parties have not confirmed it here.'
    assert page.count(said) == 1


def test_once_a_party_records_the_signed_text_it_is_no_mere_report(w, client):
    made = reported(w)
    actions.record_signed(
        made, signed=When.read("2026-03-02"), text=Texts.of(en="We agree."), prevails="en", originals=Texts.of("Archive"),
        by=w.lin,
    )  # fmt: skip
    assert "not confirmed it here" not in client.get(f"/agreements/{made.code}/").content.decode()
