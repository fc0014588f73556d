"""A record's page shows what matters first: two deeds, five facts that nobody stated, and folds the rest away."""

from __future__ import annotations

import re
from typing import Any

import pytest
from cast import TESTS, organisation, sign_in, user
from django.test import Client

from sunmao.directory.models import OrganisationCitation
from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.sources.models import Document

pytestmark = pytest.mark.django_db


def page_of(url: str, client: Client | None = None, language: str = "en") -> str:
    client = client or Client()
    client.cookies["language"] = language
    return client.get(url).content.decode()


def inside(html: str, opening: str, closing: str) -> str:
    return html.partition(opening)[2].partition(closing)[0]


@pytest.fixture
def college() -> Any:
    return organisation("Quiet College", country="UZ")


def test_beside_the_title_stand_two_deeds_and_the_rest_is_folded(client: Client, college: Any) -> None:
    lin = user("Lin Example", ("secretariat", organisation("Register office")))
    deeds = inside(page_of(f"/organisations/{college.code}/", sign_in(client, lin)), '<div class="deeds">', "</div>")
    beside, _details, folded = deeds.partition('<details class="more">')
    address = re.compile(rf'href="/organisations/{college.code}/([^"]+)"')
    assert address.findall(beside) == ["do/merge/", "do/keep_apart/"]
    assert address.findall(folded) == ["edit/", "delete/"]
    assert [("second" in button) for button in re.findall(r'<a class="([^"]+)"', beside)] == [False, True]


def test_who_may_do_little_finds_nothing_folded(client: Client, college: Any) -> None:
    officer = user("Alisher Example", ("officer", college))
    html = page_of(f"/organisations/{college.code}/", sign_in(client, officer))
    assert f'href="/organisations/{college.code}/edit/"' in html
    assert '<details class="more">' not in html


def test_after_five_unstated_facts_only_the_names_of_the_others_stand_folded(college: Any) -> None:
    facts = inside(page_of(f"/organisations/{college.code}/"), '<dl class="facts">', "</section>")
    shown, _details, folded = facts.partition("<details>")
    assert shown.count("not stated by the source") == 5
    assert "2 more not stated by the source" in folded
    assert folded.count("<li>") == 2
    assert "Uzbekistan" in shown


def test_a_citation_names_its_fact_in_the_readers_words_and_to_a_machine_by_its_field(college: Any) -> None:
    document = changes.save(Document(title=Texts.of("A report")), by=TESTS)
    made = changes.save(OrganisationCitation(record=college, document=document, fact="city"), by=TESTS)
    page = inside(page_of(f"/organisations/{college.code}/", language="zh-hans"), 'id="sources"', "</section>")
    assert ">城市<" in page.replace("<bdi>", "").replace("</bdi>", "")
    assert Client().get(f"/api/organisation-citations/{made.key}/").json()["fact"] == "city"


def test_the_theme_follows_the_device_until_one_is_chosen(client: Client) -> None:
    assert re.findall(r'href="/theme/(\w+)/', page_of("/", client)) == ["light", "dark"]
    client.get("/theme/dark/?next=/")
    assert re.findall(r'href="/theme/(\w+)/', page_of("/", client)) == ["light"]
    assert 'data-theme="dark"' in page_of("/", client)
