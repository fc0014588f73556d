"""The pages every desk has, tried on organisations."""

import io

import pytest
from cast import organisation, sign_in, user

from sunmao.directory.models import Doubt, Organisation
from sunmao.kernel import changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return organisation("Register office", kind="authority")


@pytest.fixture
def lin(place):
    return user("Lin", ("secretariat", place))


def test_a_hidden_and_an_absent_record_answer_alike(client, lin):
    hidden = client.get(f"/people/{lin.person.code}/")
    absent = client.get("/people/P-99999/")
    assert hidden.status_code == absent.status_code == 404
    strip = lambda page, key: page.content.replace(key.encode(), b"")  # noqa: E731
    assert strip(hidden, lin.person.code) == strip(absent, "P-99999")


def test_what_one_may_not_do_is_refused_and_what_one_may_do_is_done(client, lin, place):
    stranger = user("Stranger")
    other = organisation("Other")
    assert sign_in(client, stranger).get(f"/organisations/{other.code}/edit/").status_code == 403
    answer = sign_in(client, lin).post(
        f"/organisations/{other.code}/edit/",
        {"title_en": "Other College", "kind": "college", "revision": other.revision, "established_year": "2022年11月"},
    )
    assert answer.status_code == 302
    stored = Organisation.objects.get(pk=other.pk)
    assert (str(stored.title), stored.established.iso()) == ("Other College", "2022-11")


def test_everything_typed_is_kept_when_a_field_is_wrong(client, lin):
    answer = sign_in(client, lin).post(
        "/organisations/add/",
        {"title_zh": "某学院", "kind": "college", "established_year": "2022", "established_month": "13"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "某学院" in page
    assert "There is no month 13" in page
    assert "<title>Error:" in page


def test_a_stale_edit_shows_both_texts_and_lets_choose(client, lin):
    made = organisation("Old name", city="Tashkent")
    first = Organisation.objects.get(pk=made.pk)
    first.city = "Samarkand"
    changes.save(first, by=lin)
    data = {"title_en": "Old name", "kind": "college", "city": "Bukhara", "revision": made.revision}
    answer = sign_in(client, lin).post(f"/organisations/{made.code}/edit/", data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Samarkand" in page and "Bukhara" in page
    again = client.post(
        f"/organisations/{made.code}/edit/",
        data | {"revision": first.revision, "keep_city": "theirs", "website": "https://a.example"},
    )
    assert again.status_code == 302
    stored = Organisation.objects.get(pk=made.pk)
    assert (stored.city, stored.website) == ("Samarkand", "https://a.example")


def test_a_sheet_comes_in_by_four_steps_and_the_same_file_changes_nothing(client, lin):
    sign_in(client, lin)
    sheet = "name,country,id\nCollege of Samarkand,UZ,1\nBad row,XX,2\n"

    def bring():
        upload = io.BytesIO(sheet.encode())
        upload.name = "colleges.csv"
        answer = client.post("/organisations/import/", {"file": upload})
        mapping = answer.headers["Location"]
        answer = client.post(mapping, {"column-0": "name", "column-1": "country", "save_as": "mine"})
        return answer.headers["Location"]

    check = bring()
    page = client.get(check).content.decode()
    assert "“XX” is not a code of ISO 3166-1" in page
    assert client.post(check).status_code == 422
    assert not Organisation.objects.filter(country="UZ").exists()
    assert client.post(check, {"keep_good": "1"}).status_code == 302
    assert Organisation.objects.filter(country="UZ").count() == 1
    client.post(bring(), {"keep_good": "1"})
    assert Organisation.objects.filter(country="UZ").count() == 1
    assert not Doubt.objects.exists()


def test_an_export_comes_back_unchanged(client, lin):
    organisation("=cmd|' /C calc'!A0", zh="某学院", country="CN", city="北京")
    organisation("Plain", country="UZ")
    sign_in(client, lin)
    text = b"".join(client.get("/organisations/export.csv").streaming_content).decode("utf-8-sig")
    assert "\n=cmd" not in text and ",=cmd" not in text
    assert "某学院" in text
    assert client.get("/organisations/export.xlsx").content[:2] == b"PK"


def test_a_list_is_paged_to_its_end_and_back(client):
    for number in range(120):
        organisation(f"College {number:03d}")
    seen, address = [], "/organisations/"
    pages = 0
    while address:
        answer = client.get(address)
        rows = [row["en"] for row in _titles(client, address)]
        seen += rows
        pages += 1
        following = answer.context["listing"].next
        address = f"/organisations/?after={following}" if following else ""
    assert pages == 3
    assert len(seen) == len(set(seen)) == 120
    back = answer.context["listing"].previous
    assert [row["en"] for row in _titles(client, f"/organisations/?before={back}")] == seen[50:100]


def _titles(client, address):
    return [row["title"] for row in client.get("/api" + address).json()["results"]]


def test_chinese_of_one_and_two_characters_is_found_and_cyrillic_without_case(client):
    organisation("Tashkent University", zh="塔什干国立交通大学", ru="Ташкентский Транспортный Университет")
    organisation("Other", zh="北京大学")
    for words, hits in (
        ("塔", 1),
        ("交通", 1),
        ("大学", 2),
        ("транспортный", 1),
        ("ТАШ", 1),
        ("tashk univ", 1),
        ("nothing", 0),
    ):
        assert client.get(f"/api/organisations/?q={words}").json()["count"] == hits, words


def test_misspelt_words_are_found_and_the_likest_comes_first(client):
    organisation("Tashkent State Transport University", ru="Ташкентский государственный транспортный университет")
    organisation("Transport College of Termez")
    organisation("Chongqing Vocational Institute of Engineering", zh="重庆工程职业技术学院")

    def first(words):
        page = client.get(f"/search/?q={words}").content.decode()
        names = ("Tashkent State", "Transport College of Termez", "Chongqing Vocational")
        return [name for name in names if name in page]

    assert first("Tashkemt Transprot") == ["Tashkent State"]
    assert first("Chonqing Vocationl") == ["Chongqing Vocational"]
    assert first("Ташкенсткий") == ["Tashkent State"]
    assert first("zzzzqqq") == []


def test_the_interfaces_first_page_says_how_it_is_used_and_where_to_go(client):
    said = client.get("/api/").json()
    assert "GET /api/<desk>/" in said["how"] and said["schema"].endswith("/api/schema/")
    assert client.get(said["desks"]["organisations"]).status_code == 200
    assert "游标" in str(client.get("/api/", headers={"accept-language": "zh-hans"}).json()["how"])


def test_a_misspelt_filter_is_refused_with_the_right_ones(client):
    answer = client.get("/api/organisations/?contry=CN")
    assert answer.status_code == 422
    assert "country" in answer.json()["error"]["fields"]["contry"][0]
    assert client.get("/api/organisations/?country=CN&size=2&sort=sort&q=college").status_code == 200


def test_the_form_of_a_new_record_is_filled_with_ones_own_institution_and_the_next_number(client):
    college = organisation("A college", zh="学院")
    chen = user("Chen", ("officer", college))
    page = sign_in(client, chen).get("/agreements/add/").content.decode()
    assert f'value="{college.code} A college"' in page or f'value="{college.code}" selected' in page


def test_a_part_says_what_it_is_a_part_of_and_leads_back_there_once_it_is_added(client):
    chen = user("Chen", ("officer", organisation("A college")))
    sign_in(client, chen).post("/agreements/add/", {"title_en": "One school", "kind": "school_agreement", "origin": "here", "how_many": 1, "opened_by": chen._memberships()[0].organisation.code})  # fmt: skip
    from sunmao.agreements.models import Agreement, Clause

    agreement = Agreement.objects.get()
    form = f"/clauses/add/?agreement={agreement.code}"
    assert f'<a href="/agreements/{agreement.code}/"><bdi>One school</bdi></a>' in client.get(form).content.decode()
    answer = client.post(form, {"agreement": agreement.code, "number": 1, "promise_en": "Rooms"})
    assert answer.status_code == 302 and answer["Location"] == f"/agreements/{agreement.code}/#clauses"
    crumbs = client.get(f"/clauses/{Clause.objects.get().code}/").content.decode().split("</nav>")
    assert any("crumbs" in part and f"/agreements/{agreement.code}/" in part for part in crumbs)
