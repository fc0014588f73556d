"""A record's file stays where an edit brings no other."""

import io

import pytest
from cast import TESTS, organisation, sign_in, user

from sunmao.kernel import changes, files
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When
from sunmao.sources.models import Document

pytestmark = pytest.mark.django_db


def test_an_edit_without_a_file_keeps_the_one_that_is_there(client):
    kept = files.store(io.BytesIO(b"a page"), "page.txt", by=TESTS)
    made = Document(title=Texts.of("Signed in May"), outlet="Daily", published=When.read("2024"), file=kept)
    changes.save(made, by=TESTS)
    sign_in(client, user("Lin", ("secretariat", organisation())))

    def held():
        found = Document.objects.get(pk=made.pk)
        return found.outlet, found.file_id

    answer = client.patch(f"/api/documents/{made.code}/", {"outlet": "Weekly"}, "application/json")
    assert (answer.status_code, held()) == (200, ("Weekly", kept.pk))
    filled = {
        "title_en": "Signed in May", "outlet": "Monthly", "published_year": "2024", "kind": "news",
        "reliability": "reported",
    }  # fmt: skip
    assert client.get(f"/documents/{made.code}/edit/").status_code == 200
    assert client.post(f"/documents/{made.code}/edit/", filled).status_code == 302
    assert held() == ("Monthly", kept.pk)
