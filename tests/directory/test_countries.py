"""Names and codes of countries and regions, and the membership of blocs."""

import csv
import re
import tomllib
from pathlib import Path

import pytest
from cast import organisation, user
from django.utils import translation

from sunmao.directory import countries
from sunmao.directory.models import CountryName
from sunmao.kernel import changes
from sunmao.kernel.text import Texts

ROOT = Path(__file__).resolve().parents[2]
IMPRECISE_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
BLOCS = tomllib.loads((ROOT / "src/sunmao/directory/blocs.toml").read_text(encoding="utf-8"))["bloc"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "Uzbekistan"), ("zh", "乌兹别克斯坦"), ("ru", "Узбекистан"), ("ar", "أوزبكستان"), ("fr", "Ouzbékistan")],
)
def test_a_country_is_named_in_the_language_asked_for(language: str, expected: str) -> None:
    assert countries.name("UZ", language) == expected


def test_an_unknown_language_falls_back_to_english_and_an_unknown_code_to_itself() -> None:
    assert countries.name("UZ", "tlh") == "Uzbekistan"
    assert countries.name("QQ", "ru") == "QQ"


@pytest.mark.django_db(transaction=True)
def test_the_register_words_a_name_itself_in_the_languages_it_chooses() -> None:
    house = organisation("College of Vientiane", country="LA")
    officer = user("Lin", ("secretariat", house))
    assert house.country.label == "Laos"
    own = changes.save(CountryName(country="LA", title=Texts.of("Lao PDR")), by=officer)
    assert house.country.label == "Lao PDR"
    with translation.override("zh-hans"):
        assert house.country.label == "老挝"
    changes.delete(own, by=officer, why="the usual name again")
    assert house.country.label == "Laos"


def test_namibia_is_a_code_and_unions_are_not() -> None:
    assert {"NA", "CN", "UZ", "HK", "MO"} <= set(countries.codes())
    assert not {"EU", "UN", "ZZ", "001"} & set(countries.codes())


def test_the_codes_are_those_of_iso_3166(shared: Path) -> None:
    with (shared / "data" / "countries.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row["ISO3166-1-Alpha-2"] for row in csv.DictReader(file)} - {""}
    assert set(countries.codes()) ^ listed <= {"TW"}


def members(acronym: str, day: str) -> set[str]:
    bloc = next(bloc for bloc in BLOCS if bloc["acronym"] == acronym)
    return {
        member["country"] for member in bloc["members"] if member.get("since", "") <= day < member.get("until", "9999")
    }


@pytest.mark.parametrize(
    ("acronym", "day", "count"),
    [
        ("SCO", "2017-12-31", 8), ("SCO", "2025-08-29", 10), ("ASEAN", "2024-01-01", 10), ("ASEAN", "2026-01-01", 11),
        ("EU", "2016-01-01", 28), ("EU", "2025-01-01", 27), ("AU", "2025-01-01", 55), ("BRICS", "2012-01-01", 5),
        ("BRICS", "2025-02-01", 10), ("C5+China", "2025-01-01", 6),
    ],
)  # fmt: skip
def test_a_bloc_has_as_many_members_as_its_source_says_on_a_day(acronym: str, day: str, count: int) -> None:
    assert len(members(acronym, day)) == count


def test_every_bloc_names_its_source_and_only_known_countries_in_three_languages() -> None:
    for bloc in BLOCS:
        assert set(bloc["names"]) == {"en", "zh", "ru"}
        assert bloc["source"]
        named = [member["country"] for member in bloc["members"]]
        assert len(named) == len(set(named)), bloc["acronym"]
        for member in bloc["members"]:
            assert member["country"] in countries.codes() or member["country"] == "EH", member
            for edge in ("since", "until"):
                assert edge not in member or IMPRECISE_DATE.fullmatch(member[edge])
