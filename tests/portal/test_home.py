"""What the home page counts and draws."""

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
