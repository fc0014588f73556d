"""The facts of the demo register hold together: references, three languages, and a document behind each."""

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sunmao.directory import countries

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "src/sunmao/site/demo"
FACTS = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(DEMO.glob("*.toml"))}
TABLES = {table: rows for file in FACTS.values() for table, rows in file.items()}
KEYS = {table: {row["key"] for row in rows} for table, rows in TABLES.items()}
ROWS = [(table, row) for table, rows in TABLES.items() for row in rows]
BLOCS = {
    bloc["acronym"]
    for bloc in tomllib.loads((ROOT / "src/sunmao/directory/blocs.toml").read_text(encoding="utf-8"))["bloc"]
}

REFERS_TO = {
    "document": "document", "organisation": "organisation", "parent": "organisation", "host": "organisation",
    "hosts": "organisation", "partners": "organisation", "companies": "organisation", "supporters": "organisation",
    "guides": "organisation", "participants": "organisation", "organisations": "organisation",
    "programme_partners": "organisation", "alliance": "alliance", "event": "event", "part_of": "event",
    "agreement": "agreement", "agreements": "agreement", "workshops": "workshop", "announced": "workshop",
    "consensus": "consensus", "figures": "figure", "remainder_of": "figure", "question": "question",
    "by": "person", "speakers": "person", "quoted": "person", "possibly_same_as": None,
}  # fmt: skip
"""Field → table its values are keys of; None means the row's own table."""

TEXT_FIELDS = {
    "titles", "title", "names", "texts", "note", "gist", "post", "scope", "gaps", "theme", "difference",
    "state_said", "majors_note", "city_names",
}  # fmt: skip
DATE = re.compile(r"(?:(?:before|after|about) )?\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
DATE_FIELDS = {"published", "unveiled", "opened", "held", "first_held", "founded", "signed", "released", "as_of"}
HAN = r"[\u4e00-\u9fff]"
CHOICES = {
    ("workshop", "brand"): {"luban", "panda", "other"},
    ("workshop", "kind"): {
        "workshop", "joint_college", "industry_college", "training_base", "overseas_school", "experience_hall",
        "training_centre",
    },
    ("workshop", "state"): {"operating", "being_set_up", "launched", "announced"},
    ("organisation", "kind"): {
        "vocational_school", "college", "university", "enterprise", "authority", "association", "embassy",
        "international_body", "alliance", "to_be_named",
    },
    ("document", "reliability"): {"official", "first_hand", "reported", "promotional", "reworded"},
    ("document", "kind"): {
        "news", "advertorial", "signed_article", "topic_page", "encyclopedia", "journal", "official",
        "institution", "dataset",
    },
    ("figure", "bound"): {"exact", "over", "about", "nearly"},
    ("event", "kind"): {
        "conference", "forum", "seminar", "signing", "ceremony", "visit", "competition", "expo",
    },
    ("agreement", "state"): {"ceremony_signed", "signed", "promoted"},
    ("context", "kind"): {
        "partnership", "anniversary", "reform", "friendly_ties", "plan_measure", "platform", "policy", "system", "demand",
    },
}  # fmt: skip


def fields(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Walk every field of a row, at any depth."""
    if isinstance(value, dict):
        if name:
            yield name, value
        for key, inner in value.items():
            yield from fields(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from fields(inner, name)
    else:
        yield name, value


def texts() -> Iterator[tuple[str, dict[str, str]]]:
    for table, row in ROWS:
        for _, value in fields(row):
            if isinstance(value, dict) and "en" in value:
                yield f"{table} {row['key']}", value


def test_every_key_is_a_slug_and_used_once() -> None:
    for table, rows in TABLES.items():
        assert [key for key, n in Counter(row["key"] for row in rows).items() if n > 1] == [], table
        assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", row["key"]) for row in rows), table


def test_every_reference_resolves() -> None:
    broken = []
    checked = 0
    for table, row in ROWS:
        for name, value in fields(row):
            if name in REFERS_TO and isinstance(value, str):
                checked += 1
                if value not in KEYS[REFERS_TO[name] or table]:
                    broken.append((table, row["key"], name, value))
    assert broken == []
    assert checked > 500


def test_every_text_stands_whole_in_three_languages() -> None:
    count = 0
    for where, text in texts():
        count += 1
        assert set(text) == {"en", "zh", "ru"}, where
        assert all(value.strip() == value and value for value in text.values()), (where, text)
    assert count > 300
    for table, row in ROWS:
        for name, value in fields(row):
            if name in TEXT_FIELDS and not (table == "question" and name == "scope"):
                assert isinstance(value, dict), (table, row["key"], name)


def test_russian_is_cyrillic_and_chinese_is_han_unless_a_proper_name_is_not() -> None:
    for where, text in texts():
        latin_name = text["en"] in (text["ru"], text["zh"]) and len(text["en"]) < 15
        assert latin_name or re.search(r"[а-яё]", text["ru"], re.I), (where, text["ru"])
        assert latin_name or re.search(HAN, text["zh"]), (where, text["zh"])


def test_chinese_has_full_width_marks_and_a_space_beside_latin_and_digits() -> None:
    for where, text in texts():
        zh = text["zh"]
        assert not re.search(HAN + r"[,;:?!()]|[,;:?!()]" + HAN, zh), (where, zh)
        assert not re.search(HAN + r"[A-Za-z0-9]|[A-Za-z0-9]" + HAN, zh), (where, zh)


def test_every_fact_cites_a_passage_of_a_document() -> None:
    for table, row in ROWS:
        if table in ("document", "question"):
            continue
        cites = [row] if table == "figure" else row["cites"]
        assert cites, (table, row["key"])
        for cite in cites:
            assert cite["document"] in KEYS["document"]
            assert 0 < len(cite["passage"]) <= 120


def test_a_citation_names_a_field_that_the_row_has() -> None:
    for table, row in ROWS:
        for cite in row.get("cites", []):
            assert cite["fact"] == "" or cite["fact"] in row, (table, row["key"], cite["fact"])


def test_every_document_is_cited() -> None:
    cited = {value for _, row in ROWS for name, value in fields(row) if name == "document"}
    assert KEYS["document"] - cited == set()


def test_dates_are_as_precise_as_known() -> None:
    dates = [value for _, row in ROWS for name, value in fields(row) if name in DATE_FIELDS]
    assert len(dates) > 60
    assert [value for value in dates if not DATE.fullmatch(value)] == []


def test_choices_and_countries_and_blocs_are_known_ones() -> None:
    for table, row in ROWS:
        for (of, name), allowed in CHOICES.items():
            if of == table and name in row:
                assert row[name] in allowed, (table, row["key"], name)
        for name, value in fields(row):
            if name in ("country", "countries", "countries_named", "countries_implied"):
                assert value in countries.codes(), (row["key"], value)
            if name in ("bloc", "scope_bloc"):
                assert value in BLOCS


def test_every_figure_of_a_question_with_two_answers_explains_the_difference() -> None:
    asked = Counter(row["question"] for row in TABLES["figure"])
    assert KEYS["question"] == set(asked)
    for question in TABLES["question"]:
        assert asked[question["key"]] == 1 or "difference" in question


def test_the_record_holds_28_luban_workshops_in_26_countries_24_of_them_operating() -> None:
    luban = [row for row in TABLES["workshop"] if row["brand"] == "luban" and row["kind"] == "workshop"]
    assert len(luban) == 28
    assert len({row["country"] for row in luban}) == 26
    assert Counter(row["state"] for row in luban) == {"operating": 24, "being_set_up": 3, "launched": 1}


def test_places_are_on_the_map_and_only_where_known() -> None:
    for table in ("workshop", "organisation"):
        for row in TABLES[table]:
            assert ("latitude" in row) == ("longitude" in row) == ("city" in row), row["key"]
            if "latitude" in row:
                assert -60 < row["latitude"] < 75


def test_workshops_agree_with_the_compiled_table_and_every_address_is_a_document(shared: Path) -> None:
    with (shared / "facts" / "luban_workshops.csv").open(encoding="utf-8", newline="") as file:
        compiled = list(csv.DictReader(file))
    address = {row["key"]: row.get("address") for row in TABLES["document"]}
    for number, (row, ours) in enumerate(zip(compiled, TABLES["workshop"], strict=False), start=1):
        assert ours["country"] == row["alpha2"]
        assert ours.get("unveiled", "") == row["unveiled"]
        cited = {address[cite["document"]] for cite in ours["cites"]}
        assert set(row["source_urls"].split(" | ")) <= cited, number
        majors = [major for major in row["majors"].split("; ") if major not in ("", "two more")]
        assert [major["en"] for major in ours.get("majors", [])] == majors


def test_ids_of_chinese_institutions_are_those_of_the_official_list(shared: Path) -> None:
    with (shared / "data" / "china" / "heis_2025-06-20.csv").open(encoding="utf-8-sig", newline="") as file:
        official = {row["moe_id"]: row["name"] for row in csv.DictReader(file)}
    ours = {row["moe_id"]: row["names"]["zh"] for row in TABLES["organisation"] if "moe_id" in row}
    assert len(ours) >= 20
    assert {key: official[key] for key in ours} == ours
