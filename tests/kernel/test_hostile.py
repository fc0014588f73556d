"""Hostile addresses, bodies and cells: each once broke a page, was taken for something else, or told too much."""

from __future__ import annotations

import base64
import csv
import io
import json

import pytest
from cast import organisation, sign_in, user

from sunmao.directory.models import Organisation
from sunmao.kernel import changes, exports, files, forms, sheets
from sunmao.kernel.desk import desk_of, registry
from sunmao.kernel.models import Record, SavedView
from sunmao.site.middleware import LARGEST
from sunmao.sources.models import Document

pytestmark = pytest.mark.django_db
CURSORS = (
    '["a",Infinity]', '["a",NaN]', '["a",1e400]', f'["a",{10**40}]', '["a",-1]', '["a",true]', '["a",null]', "[" * 20_000,
    '["\\ud800",1]', '["a\\u0000",1]', '[{"a":1},1]', '[["x"],1]', '["a"]', '"a"', "7", "",
)  # fmt: skip


@pytest.fixture
def lin():
    return user("Lin", ("secretariat", organisation("Register office", kind="authority")))


@pytest.mark.parametrize("text", CURSORS, ids=range(len(CURSORS)))
@pytest.mark.parametrize("edge", ["after", "before"])
def test_no_cursor_breaks_a_list(client, lin, text, edge):
    cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    for address in ("/organisations/", "/api/organisations/", "/organisations/export.csv"):
        assert client.get(address, {edge: cursor}).status_code == 200


@pytest.mark.parametrize("size", ["²", "٣", "0", "-1", "501", "9" * 5000, "1e3", "\x00"])
def test_no_size_breaks_a_list(client, lin, size):
    assert client.get("/api/organisations/", {"size": size}).status_code == 200


@pytest.mark.parametrize("year", ["²", "①", "9" * 5000, "٢٠٢٢"])
def test_a_year_in_strange_digits_is_refused_in_our_words_or_read(client, lin, year):
    data = {"title_en": "House", "kind": "college", "established_year": year}
    page = sign_in(client, lin).post("/organisations/add/", data)
    assert page.status_code in (302, 422)
    assert "invalid literal" not in page.content.decode() and "integer string" not in page.content.decode()


def test_a_list_or_an_object_is_not_looked_up_as_a_name(client, lin):
    """The words of `[1]` were searched for, and the one record they hit was taken."""
    for number in range(70):
        organisation(f"House {number}")
    target = organisation("1 Long Street College")
    made = organisation("Other")
    sign_in(client, lin)
    for value in ([1], {"code": {"a": 1}}, {"code": [target.code]}, 1, True):
        answer = client.patch(
            f"/api/organisations/{made.code}/", json.dumps({"parent": value}), content_type="application/json"
        )
        assert (answer.status_code, "parent" in answer.json()["error"]["fields"]) == (422, True), value
    assert Organisation.objects.get(pk=made.pk).parent is None


def test_a_name_that_stands_twice_in_a_body_is_refused(client, lin):
    made = organisation("First")
    answer = sign_in(client, lin).patch(
        f"/api/organisations/{made.code}/", '{"title":"a","title":"b"}', content_type="application/json"
    )
    assert answer.status_code == 400
    assert str(Organisation.objects.get(pk=made.pk)) == "First"


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_a_body_larger_than_a_form_is_refused_unread(client, lin, settings, kind):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000
    body = '{"title":"' + "x" * 20_000 + '"}' if kind == "application/json" else "title=" + "x" * 20_000
    answer = sign_in(client, lin).post("/api/organisations/", body, content_type=kind)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")


@pytest.mark.parametrize("address", ["/verify/", "/api/verify/", "/organisations/import/", "/api/organisations/"])
def test_a_request_larger_than_any_file_is_refused_before_it_is_read(client, lin, address):
    answer = sign_in(client, lin).generic("POST", address, b"x", CONTENT_LENGTH=str(LARGEST + 1))
    assert answer.status_code == 413


@pytest.mark.parametrize(("language", "says"), [("en", "Make it smaller"), ("zh-hans", "请缩小"), ("ru", "Уменьшите")])
def test_a_request_larger_than_any_file_is_answered_by_a_page_in_the_persons_language(client, lin, language, says):
    client.cookies["language"] = language
    answer = sign_in(client, lin).generic("POST", "/verify/", b"x", CONTENT_LENGTH=str(LARGEST + 1))
    assert (answer.status_code, answer["Content-Type"]) == (413, "text/html; charset=utf-8")
    page = answer.content.decode()
    assert (says in page, "</html>" in page) == (True, True)


def test_the_version_that_was_seen_may_come_as_text_and_must_be_a_number(client, lin):
    made = organisation("First")
    sign_in(client, lin)

    def patch(**data):
        return client.patch(f"/api/organisations/{made.code}/", json.dumps(data), content_type="application/json")

    assert patch(city="Kazan", revision=str(made.revision)).status_code == 200
    assert patch(city="Moscow", revision=str(made.revision)).status_code == 409
    assert patch(city="Moscow", revision="x").status_code == 422
    assert patch(city="Moscow", why=["x"]).status_code == 422


def test_a_reason_with_characters_that_cannot_be_kept_does_not_break_the_deletion(client, lin):
    sign_in(client, lin)
    for face in ("page", "rest"):
        made = changes.save(Document(title="Paper"), by=lin)
        base = "" if face == "page" else "/api"
        if face == "page":
            answer = client.post(f"{base}/documents/{made.key}/delete/", {"why": "wr\0ong" + "x" * 900})
        else:
            answer = client.delete(f"/api/documents/{made.key}/?why=wr%00ong{'x' * 900}")
        assert answer.status_code in (302, 204)
        why = changes.history(made).first().why
        assert why.startswith("wrongxx") and len(why) == 500


def test_a_view_is_kept_without_characters_that_cannot_be_kept(client, lin):
    sign_in(client, lin).post("/organisations/save-view/?q=a", {"name": "mi\0ne"})
    assert SavedView.objects.get().name == "mine"


@pytest.mark.parametrize("query", ["", "q=" + "x" * 3000])
def test_a_view_of_nothing_or_of_too_much_is_refused(client, lin, query):
    answer = sign_in(client, lin).post(f"/organisations/save-view/?{query}", {"name": "mine"})
    assert answer.status_code == 422
    assert not SavedView.objects.exists()


def test_a_file_whose_bytes_are_gone_is_absent(client, lin):
    kept = files.store(io.BytesIO(b"%PDF-1.4"), "a.pdf", by=lin)
    document = changes.save(Document(title="Paper", file=kept), by=lin)
    address = f"/documents/{document.key}/files/file/"
    assert sign_in(client, lin).get(address).status_code == 200
    files.discard(kept, by=lin, why="gone")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd", "-cmd", "@sum", "＝1+1", "＋1a", "－a", "＠a", "'=1", "''=1", "-5", "+4.5", "plain"]
)
def test_a_cell_is_no_formula_in_a_sheet_and_comes_back_as_it_was(cell):
    guarded = exports.guarded(cell)
    assert not guarded.startswith(sheets.FORMULA) or guarded.lstrip("+-").replace(".", "").isdigit()
    assert sheets._cell(guarded) == cell


def test_the_bad_cells_of_a_sheet_hold_no_formula(client, lin):
    upload = io.BytesIO(b"name,country\nHouse,=cmd|'/C calc'!A0\n")
    upload.name = "a.csv"
    step = sign_in(client, lin).post("/organisations/import/", {"file": upload}).headers["Location"]
    client.post(step, {"column-0": "name", "column-1": "country"})
    text = client.get(step.replace("mapping/", "bad.csv")).content.decode("utf-8-sig")
    assert ["2", "country", "'=cmd|'/C calc'!A0"] in [row[:3] for row in csv.reader(io.StringIO(text))]


def test_no_two_kinds_of_record_share_the_letters_of_their_codes():
    kinds = [model.CODE for model in _kinds(Record) if model.CODE]
    assert len(kinds) > 20 and len(set(kinds)) == len(kinds)
    assert len({item.model.CODE for item in registry.by_slug.values() if item.model.CODE}) > 20


def _kinds(model):
    for other in model.__subclasses__():
        yield other
        yield from _kinds(other)


def test_no_form_loses_a_field_to_what_the_form_itself_knows(lin):
    """A form that kept its person under that name offered the whole table of persons where a desk asks for one."""
    for desk in registry.by_slug.values():
        base = forms.form_for(desk, lin).base_fields
        for name, column in desk.fields.items():
            assert type(base[name]) is type(forms.form_field(column, lin)), (desk.slug, name)


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\x07", "\x85"], ids=ascii)
def test_a_character_that_steers_how_a_name_reads_is_refused_at_every_door(client, lin, sign, tmp_path):
    """A name with an override read as another one, on the page, on the certificate and in the log."""
    name, says = f"College {sign}egelloC", "cannot be seen"
    sign_in(client, lin)
    page = client.post("/organisations/add/", {"title_en": name, "kind": "college"})
    assert (page.status_code, says in page.content.decode()) == (422, True)
    for body in ({"title": {"en": name}}, {"title": {"en": "House"}, "city": name}):
        sent = client.post("/api/organisations/", {"kind": "college", **body}, content_type="application/json")
        assert (sent.status_code, says in sent.content.decode()) == (422, True)
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(f"name,kind\n{name},college\nHouse,college\n", encoding="utf-8")
    desk = desk_of(Organisation)
    checked = desk.importer(lin).check(sheets.read(sheet), {"name": "name", "kind": "kind"})
    assert {problem.row for problem in checked.bad} == {2}
    assert says in checked.bad[0].reason
    held = organisation("House")
    sheet.write_text(f"code,title_en\n{held.code},{name}\n", encoding="utf-8")
    checked = desk.importer(lin).check(sheets.read(sheet), {"code": "code", "title_en": "title_en"})
    assert [(problem.row, says in problem.reason) for problem in checked.bad] == [(2, True)]
    assert [str(row) for row in Organisation.objects.exclude(title__en__text="Register office")] == ["House"]


def test_marks_of_direction_may_stand_in_a_name():
    assert str(organisation("College \u200fجامعة\u200e 2")) == "College \u200fجامعة\u200e 2"
