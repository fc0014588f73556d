"""What a learner with an account finds: the way to what is his own, and no word that takes hidden for not stated."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from cast import TESTS, organisation, sign_in, user
from django.test import Client, override_settings

sys.path.insert(0, str(Path(__file__).parents[1] / "credentials"))
from award_cast import world

from sunmao.agreements.models import Agreement, Origin
from sunmao.credentials.models import CredentialState
from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.workshops.models import Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Any:
    """Return a credential in force whose learner has an account, `reader`."""
    scene = world()
    row = scene.issued()
    row.reader = user("Zumrad Account", ("learner", scene.host))
    row.learner.person = row.reader.person
    changes.save(row.learner, by=TESTS)
    return row


def fact(client: Client, url: str, label: str) -> str:
    page = client.get(url).content.decode()
    found = re.search(rf"<dt>{label}</dt><dd>(.*?)</dd>", page)
    return re.sub(r"<[^>]+>", "", found.group(1)) if found else ""


def test_what_is_hidden_from_the_holder_never_reads_as_not_stated(client: Client, held: Any) -> None:
    url = f"/credentials/{held.code}/"
    assert fact(sign_in(client, held.reader), url, "Conferral") == "none that you may see"
    officer = user("Lin Again", ("officer", held.issuer))
    assert fact(sign_in(Client(), officer), url, "Conferral") == str(held.conferral)


def test_a_hidden_record_and_none_read_alike(client: Client) -> None:
    drafted = Agreement(title=Texts.of("Secret draft"), origin=Origin.HERE, opened_by=organisation("A party"))
    draft = changes.save(drafted, by=TESTS)
    made = [
        changes.save(Workshop(title=Texts.of(f"Workshop {n}"), country="UZ", agreement=found), by=TESTS)
        for n, found in enumerate((draft, None))
    ]
    said = {fact(client, f"/workshops/{row.code}/", "Agreement") for row in made}
    assert said == {"none that you may see"}


def test_today_leads_a_learner_to_credentials_results_and_what_they_count_for(client: Client, held: Any) -> None:
    page = sign_in(client, held.reader).get("/today/").content.decode()
    assert f'href="/credentials/{held.code}/"' in page
    assert f'href="/learners/{held.learner.key}/"' in page
    counts = re.search(r'href="(/recognised/\?[^"]+)"', page)
    assert counts and f"q={held.award.programme.code}" in counts.group(1)
    assert Client().get(counts.group(1).replace("&amp;", "&")).status_code == 200
    other = user("Dilshod Account", ("learner", held.issuer))
    assert "Yours as a learner" not in sign_in(Client(), other).get("/today/").content.decode()


def test_nothing_is_said_to_count_where_it_is_not_in_force_or_not_answered(client: Client, held: Any) -> None:
    sign_in(client, held.reader)
    with override_settings(SUNMAO_PUBLIC_PAGES=("verify",)):
        assert "/recognised/" not in client.get("/today/").content.decode().partition("<main")[2]
    held.state, held.reason = CredentialState.SUSPENDED, "looked at again"
    changes.save(held, by=TESTS)
    page = client.get("/today/").content.decode().partition("<main")[2]
    assert "/recognised/" not in page and f'href="/credentials/{held.code}/"' in page
