"""Counting members as of a day: sure, unsure, half-open."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from cast import organisation

from sunmao.alliances import queries
from sunmao.alliances.counting import Standing, possibly, standing, surely
from sunmao.alliances.models import Alliance, Member, MemberState, Role
from sunmao.directory.models import Kind
from sunmao.kernel import changes
from sunmao.kernel.changes import System
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When

DAY = date(2022, 11, 15)


@dataclass
class Stint:
    joined: When | None = None
    left: When | None = None
    known: When | None = None
    country: str = ""


def stint(joined: str = "", left: str = "", known: str = "", country: str = "") -> Stint:
    return Stint(*(When.read(text) if text else None for text in (joined, left, known)), country)


@pytest.mark.parametrize(
    ("joined", "left", "known", "sure", "may"),
    [
        ("2022-11-15", "", "", True, True),  # the day it joins counts
        ("2022-11-16", "", "", False, False),
        ("2021", "2022-11-15", "", False, False),  # the day it leaves does not
        ("2021", "2022-11-16", "", True, True),
        ("2022-11", "", "", False, True),
        ("2021", "2022-11", "", False, True),
        ("", "", "", False, True),
        ("", "", "2022-06", True, True),  # known as a member before that day
        ("", "", "2023", False, True),
        ("", "2022-11-15", "2022-06", False, False),
        ("before 2022", "", "", True, True),
        ("after 2022-06", "", "", False, True),
        ("about 2020", "", "", True, True),
    ],
)
def test_a_stint_counts_as_surely_as_its_dates_are_known(joined, left, known, sure, may):
    found = stint(joined, left, known)
    assert (surely(found, DAY), possibly(found, DAY)) == (sure, may)


def test_a_country_is_sure_when_one_of_its_members_is():
    rows = [stint("2021", country="UZ"), stint(country="UZ"), stint(country="LA"), stint("2021"), stint("2023")]
    assert standing(rows, DAY) == Standing(members=2, members_unsure=2, countries=1, countries_unsure=1)


TESTS = System("test")


def alliance(name: str = "Trade Corridor Alliance") -> Alliance:
    body = organisation(name, kind=Kind.ALLIANCE)
    return changes.save(Alliance(organisation=body, founded=When.read("2021")), by=TESTS)


def _when(pick: random.Random) -> When | None:
    day = date(2021, 1, 1) + timedelta(days=pick.randrange(1500))
    return pick.choice([
        None, When.on(day), When.of(day.year), When.of(day.year, day.month), When.of(day.year, None, None, "before"),
        When.of(day.year, day.month, day.day, "after"),
    ])  # fmt: skip


@pytest.mark.django_db
def test_the_list_a_number_opens_to_holds_as_many_rows_as_the_number():
    pick, whole = random.Random(20221115), alliance()
    lands = ["CN", "UZ", "LA", "TH", ""]
    for number in range(120):
        joined, left = _when(pick), pick.choice([None, None, _when(pick)])
        if joined and left and left.latest <= joined.earliest:
            left = None
        row = Member(
            alliance=whole, name=Texts.of(f"College {number}"), country=pick.choice(lands), joined=joined, left=left,
            known=_when(pick), role=pick.choice(Role.values), state=pick.choice(MemberState.values),
        )  # fmt: skip
        changes.save(row, by=TESTS)
    everyone = Member.objects.filter(alliance=whole)
    for _step in range(60):
        day = date(2020, 12, 1) + timedelta(days=pick.randrange(1700))
        found = queries.members_as_of(whole, day)
        sure, unsure = queries.surely_on(everyone, day), queries.unsure_on(everyone, day)
        assert (found.members, found.members_unsure) == (sure.count(), unsure.count())
        assert found.countries == len(set(sure.values_list("country", flat=True)) - {""})


@pytest.mark.django_db
def test_launchers_and_guides_stand_beside_and_are_not_counted():
    whole = alliance()
    for role in (Role.LAUNCHER, Role.GUIDING, Role.LEAD, Role.MEMBER):
        changes.save(Member(alliance=whole, organisation=organisation(), role=role, joined=When.read("2021")), by=TESTS)
    assert queries.members_as_of(whole, DAY).members == 2


@pytest.mark.django_db
def test_a_member_takes_its_organisations_country():
    place = organisation(country="UZ")
    made = changes.save(Member(alliance=alliance(), organisation=place), by=TESTS)
    assert str(made.country) == "UZ"
