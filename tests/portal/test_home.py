"""What the home page counts and draws."""

import re

import pytest
from cast import TESTS

from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.workshops.models import Workshop

pytestmark = pytest.mark.django_db
PLACE = {"country": "UZ", "city": "Tashkent", "latitude": "41.3111", "longitude": "69.2797", "state": "operating"}


def test_home_leads_with_luban_workshops_and_with_every_kind_where_there_are_none(client):
    changes.save(Workshop(title=Texts.of("A college"), brand="other", kind="industry_college", **PLACE), by=TESTS)
    page = client.get("/").content.decode()
    assert '<a class="fig big" href="/workshops/">1</a>' in page
    assert page.count("<circle") == 1 and "Luban Workshops on record" not in page
    changes.save(Workshop(title=Texts.of("A workshop"), brand="luban", kind="workshop", **PLACE), by=TESTS)
    page = client.get("/").content.decode()
    assert "Luban Workshops on record" in page and page.count("<circle") == 1
    assert '<a class="fig" href="/workshops/">2</a>' in page


def test_under_the_map_each_country_opens_to_its_workshops(client):
    for n, place in enumerate((PLACE, PLACE, {"country": "KZ"}, {})):
        changes.save(Workshop(title=Texts.of(f"Workshop {n}"), brand="luban", kind="workshop", **place), by=TESTS)
    places = client.get("/").content.decode().partition('<ul class="places')[2].partition("</ul>")[0]
    found = re.findall(r'<li>([^<]+) <a class="fig" href="([^"]+)">(\d+)<', places)
    assert [(name, int(number)) for name, _url, number in found] == [("Kazakhstan", 1), ("Uzbekistan", 2)]
    for _name, url, number in found:
        assert client.get(url.replace("&amp;", "&")).content.decode().count('<th scope="row">') == int(number)
