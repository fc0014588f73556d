"""Public verification: by number, link, file and REST; nobody's name unless the holder lets it be seen."""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

sys.path.insert(0, str(Path(__file__).parents[1] / "credentials"))
from award_cast import world

from sunmao.cohorts.models import Sight
from sunmao.credentials import actions, papers
from sunmao.kernel import clock
from sunmao.kernel.models import Change
from sunmao.keys import actions as keys
from sunmao.keys import queries as key_queries
from sunmao.people.models import User
from sunmao.portal import judging, showing
from sunmao.portal.reasons import REASONS
from sunmao.portal.showing import Recognised
from sunmao.vc import integrity, sentences
from sunmao.vc.keys import generate_key

pytestmark = pytest.mark.django_db
NAME = "Dilnoza Example 1"


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode()))


def upload(data: bytes, name: str = "credential.json"):
    return Client().post("/verify/", {"file": SimpleUploadedFile(name, data)})


def heading(answer) -> str:
    return re.search(r"<h1>([^<]*)</h1>", answer.content.decode()).group(1)


def test_a_number_gives_the_verdict_and_no_name():
    row = world().issued()
    actions.release(
        row,
        shows_name=True,
        shows_results=True,
        shown_until=None,
        by=officer_of(row),
        why="letter",
    )
    answer = Client().get("/verify/", {"number": row.number.lower()})
    assert heading(answer) == "Genuine and in force"
    assert row.number in text(answer)
    assert NAME not in text(answer)


def officer_of(row):
    user = User.objects.filter(
        person__memberships__organisation=row.issuer, person__memberships__role="officer"
    ).first()
    user.bound = user.second_factor = True
    return user


@pytest.mark.parametrize("address", ["/verify/", "/v/{token}/"])
def test_a_browser_may_send_the_form_for_a_file(address):
    row = world().issued()
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(address.format(token=row.token))
    policy = page["Referrer-Policy"]
    assert policy in ("same-origin", "no-referrer")
    origin = "null" if policy == "no-referrer" else "http://testserver"  # Fetch, "append a request Origin header"
    data = {
        "csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode()).group(1),
        "file": SimpleUploadedFile("credential.json", json.dumps(row.document).encode()),
    }
    answer = browser.post("/verify/", data, HTTP_ORIGIN=origin)
    assert answer.status_code == 200 and "<h1>" in answer.content.decode()


def test_the_link_shows_no_name_before_the_holder_allows_it():
    row = world().issued()
    answer = Client().get(f"/v/{row.token}/")
    assert heading(answer) == "Genuine and in force"
    assert NAME not in text(answer)
    assert "excellent" not in text(answer)
    assert Client().get(f"/v/{row.token}/certificate.json").status_code == 404


def test_the_link_shows_name_and_results_each_as_the_holder_allows():
    row = world().issued()
    actions.release(row, shows_name=True, shows_results=False, shown_until=None, by=officer_of(row), why="letter")
    shown = text(Client().get(f"/v/{row.token}/"))
    assert (NAME in shown, "excellent" in shown) == (True, False)
    actions.release(row, shows_name=True, shows_results=True, shown_until=None, by=officer_of(row), why="letter")
    shown = text(Client().get(f"/v/{row.token}/"))
    assert (NAME in shown, "excellent" in shown) == (True, True)
    assert Client().get(f"/v/{row.token}/certificate.json").content.decode() == row.document


def test_looking_leaves_no_trace():
    row = world().issued()
    before = (Change.objects.count(), Sight.objects.count())
    Client().get(f"/v/{row.token}/")
    Client().get("/verify/", {"number": row.number})
    upload(row.document.encode())
    assert (Change.objects.count(), Sight.objects.count()) == before


@pytest.mark.parametrize("form", papers.FORMS)
def test_every_file_of_a_credential_is_judged_on_the_page(form):
    row = world().issued()
    answer = upload(papers.face(row, form), f"a.{form}")
    assert heading(answer) == "Genuine and in force"
    assert NAME in text(answer)


def test_revoked_says_so_with_the_reason_on_page_link_file_and_rest():
    made = world()
    row = made.issued()
    actions.revoke(row, why="issued by mistake", by=made.lin)
    pages = [
        Client().get("/verify/", {"number": row.number}),
        Client().get(f"/v/{row.token}/"),
        upload(row.document.encode()),
    ]
    assert [heading(page) for page in pages] == ["Revoked"] * 3
    assert all("issued by mistake" in text(page) for page in pages)
    told = Client().post("/api/verify/", row.document, content_type="application/json").json()
    assert (told["verdict"], told["heading"]["code"], told["exit_code"]) == ("genuine but not in force", "revoked", 1)
    assert Client().get("/api/verify/", {"number": row.number}).json()["heading"]["code"] == "revoked"


def test_one_signature_short_cannot_be_checked_and_names_who_is_missing():
    made = world()
    row = made.confer().credentials.first()
    answer = Client().get("/verify/", {"number": row.number})
    assert heading(answer) == "Cannot be checked"
    assert "The proof of the joint issuer Transport University is missing." in text(answer)


def test_a_changed_file_is_not_genuine():
    row = world().issued()
    assert heading(upload(row.document.replace(NAME, "Somebody Else 1").encode())) == "Not genuine"


def test_a_stranger_who_calls_himself_a_known_institution_is_never_green():
    made = world(joint=False)
    row = made.issued()
    bare = {name: value for name, value in row.signed_document.items() if name not in ("proof", "credentialStatus")}
    key = generate_key()
    forged = integrity.sign({**bare, "issuer": {**bare["issuer"], "id": key.public.did}}, key, created=clock.now())
    answer = upload(json.dumps(forged).encode())
    assert heading(answer) == "The issuer is not known here"
    assert "by its own word; not known here" in text(answer)
    assert 'data-s="good"' not in answer.content.decode()


def test_a_demonstration_is_always_marked():
    made = world(joint=False)
    keys.retire(key_queries.signing_key(made.college), by=made.lin, why="test")
    keys.make(made.college, by=made.lin, test=True)
    row = made.confer().credentials.first()
    for answer in (Client().get("/verify/", {"number": row.number}), upload(row.document.encode())):
        assert heading(answer) == "Demonstration, valid with remarks"
    assert Client().get("/api/verify/", {"number": row.number}).json()["test"] is True


def test_an_erased_credential_asks_for_the_holders_file_which_still_verifies():
    made = world(joint=False)
    row = made.issued()
    file = row.document
    actions.forget(row, by=made.lin, why="asked")
    assert heading(Client().get("/verify/", {"number": row.number})) == "Cannot be checked"
    assert heading(upload(file.encode())) == "Genuine and in force"


def test_an_unknown_number_and_an_unknown_link_are_not_found():
    assert Client().get("/verify/", {"number": "7QK4-M2XD"}).status_code == 404
    assert Client().get("/v/abcdefghijklmnopqrstuvwxyz/").status_code == 404
    assert Client().get("/api/verify/", {"number": "x"}).status_code == 404


def test_many_files_in_one_zip_are_told_one_by_one():
    made = world(joint=False)
    rows = list(made.confer().credentials.order_by("id"))
    actions.revoke(rows[1], why="mistake", by=made.lin)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for row in rows:
            box.writestr(f"{row.number}.json", row.document)
    shown = text(upload(out.getvalue(), "all.zip"))
    assert f"Genuine and in force: {rows[0].number}.json" in shown
    assert f"Revoked: {rows[1].number}.json" in shown


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[" * 100_000, b"%PDF-1.7 nonsense", b"<svg>" * 1000, b"PK\x03\x04", b'{"a":1e400}', b"\xff" * 1000],
)
def test_hostile_bytes_end_in_a_verdict(data):
    answer = upload(data or b" ")
    assert answer.status_code == 200
    assert heading(answer) in ("Cannot be checked", "Not genuine")
    assert Client().post("/api/verify/", data or b" ", content_type="application/json").status_code == 200


def test_what_kills_the_child_ends_in_a_verdict(monkeypatch):
    monkeypatch.setattr(judging, "SECONDS", 0.01)
    assert heading(upload(b'{"a": 1}')) == "Cannot be checked"


def test_a_file_beyond_the_limit_is_refused_in_words(monkeypatch):
    monkeypatch.setattr("sunmao.portal.verify.LARGEST", 1 << 20)
    answer = upload(b" " * ((1 << 20) + 1))
    assert (answer.status_code, "larger than 1 MB" in text(answer)) == (422, True)


def test_where_it_is_recognised_is_told_as_an_indication(monkeypatch):
    row = world().issued()
    monkeypatch.setattr(
        showing, "RECOGNITION", [lambda facts: [Recognised("Uzbekistan", f"{facts.kind} counts", "good")]]
    )
    shown = text(Client().get("/verify/", {"number": row.number}))
    assert "This is an indication, not a decision." in shown
    assert "training counts" in shown


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "真实有效"), ("ru", "Подлинный и действует")])
def test_the_verdict_speaks_the_readers_language(language, words):
    row = world().issued()
    client = Client(headers={"accept-language": language})
    assert heading(client.get("/verify/", {"number": row.number})) == words


def test_every_reason_of_the_verifier_is_offered_to_translators_word_for_word():
    with translation.override("en"):
        assert {code: str(words) for code, words in REASONS.items()} == sentences.REASONS
