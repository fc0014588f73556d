"""An ELM or ELMO file laid before an authority is read to what it says, and stays as unconfirmed as any paper."""

import io

import pytest
from cast import sign_in
from recognition_room import case, room

from sunmao.kernel import changes, files
from sunmao.recognition.models import Authenticity, Qualification
from sunmao.vc.transcripts import elm, elmo
from tests.vc.transcript_cast import whole

pytestmark = pytest.mark.django_db
NOON = "2025-07-02T12:00:00Z"


def laid(r, data: bytes, name: str) -> Qualification:
    made = Qualification.objects.filter(case=case(r)).first()
    made.file = files.store(io.BytesIO(data), name, by=r.first)
    changes.save(made, by=r.first)
    return made


@pytest.mark.parametrize("form", ["elm", "elmo"])
def test_a_transcript_that_was_filed_is_told_on_its_page_and_confirms_nothing(client, form):
    r = room()
    data = elm.write(whole(), picture=b"\x89PNG") if form == "elm" else elmo.write(whole(), generated=NOON)
    before = Qualification.objects.filter(case=case(r)).first().authenticity
    made = laid(r, data, f"a.{form}")
    address = f"/qualifications/{made.uid}/"
    page = sign_in(client, r.first).get(address).content.decode()
    for text in (
        "What the file says",
        "Mechatronics",
        "120 ECTS",
        "Nobody vouches for it here",
        "Host &lt;University&gt;",
    ):
        assert text in page, text
    assert Qualification.objects.get(pk=made.pk).authenticity in (before, Authenticity.UNCONFIRMED)
    client.logout()
    assert "Mechatronics" not in sign_in(client, r.first, second_factor=False).get(address).content.decode()
    client.logout()
    assert sign_in(client, r.stranger).get(address).status_code == 404


def test_a_hostile_file_says_why_it_is_not_read_and_another_kind_is_left_alone(client):
    r = room()
    hostile = laid(r, b"<!DOCTYPE elmo [<!ENTITY a 'x'>]><elmo>&a;</elmo>", "a.xml")
    page = sign_in(client, r.first).get(f"/qualifications/{hostile.uid}/").content.decode()
    assert "It cannot be read here: It declares a document type or entities, which are refused." in page
    other = laid(r, b"%PDF-1.7 something", "a.pdf")
    assert "the file says" not in client.get(f"/qualifications/{other.uid}/").content.decode().lower()
