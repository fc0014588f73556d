"""Counts of persons show no cell below 5, none that could be worked out, and open to groups only."""

from __future__ import annotations

from datetime import date

import pytest
from cast import TESTS, organisation

from sunmao.cohorts.models import Cohort, CohortState, Enrolment, EnrolmentState, Learner
from sunmao.directory.models import Bloc, BlocMember
from sunmao.indicators.persons import fixed_tables
from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.standards.models import Programme, ProgrammeVersion, VersionState

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return organisation("School", country="UZ")


def group(school, country, size, *, kind="trainee", withdrawn=0, state=CohortState.RUNNING):
    """Make a group of so many learners, written as one batch since this is about counting them."""
    programme = changes.save(Programme(title=Texts.of("Programme"), owner=school, field="0714"), by=TESTS)
    version = changes.save(ProgrammeVersion(programme=programme, label="1", state=VersionState.PUBLISHED), by=TESTS)
    made = changes.save(
        Cohort(title=Texts.of(f"Group {country}"), version=version, institution=school, country=country, kind=kind,
               starts_on=date(2026, 3, 1), state=state),
        by=TESTS,
    )  # fmt: skip
    learners = [Learner(name=Texts.of(f"Kqlearner {n}"), institution=school) for n in range(size)]
    changes.bulk(learners, by=TESTS)
    rows = [Enrolment(cohort=made, learner=learner, enrolled_on=date(2026, 3, 1)) for learner in learners]
    for row in rows[:withdrawn]:
        row.state = EnrolmentState.WITHDRAWN
    changes.bulk(rows, by=TESTS)
    return made


def shown(name):
    return {cell.label: cell.value for table in fixed_tables().breakdowns if table.name == name for cell in table.cells}


def test_without_learners_there_are_no_tables(school):
    assert fixed_tables() is None
    group(school, "UZ", 6, withdrawn=6)
    assert fixed_tables() is None


def test_learners_are_counted_by_country_and_the_withdrawn_and_the_cancelled_left_out(school):
    group(school, "UZ", 14, withdrawn=2)
    group(school, "LA", 20)
    group(school, "TH", 30, state=CohortState.CANCELLED)
    assert fixed_tables().total == 32
    assert shown("country") == {"Laos": 20, "Uzbekistan": 12}


def test_a_small_group_is_hidden_with_the_next_so_that_it_cannot_be_subtracted(school):
    for country, size in (("UZ", 12), ("LA", 40), ("KZ", 3)):
        group(school, country, size)
    assert fixed_tables().total == 55
    assert shown("country") == {"Laos": 40, "Kazakhstan": None, "Uzbekistan": None}


def test_no_page_interface_or_command_shows_a_count_below_five_or_a_name(school, client, capsys):
    bloc = changes.save(Bloc(title=Texts.of("Bloc"), acronym="B"), by=TESTS)
    changes.save(BlocMember(bloc=bloc, country="KZ"), by=TESTS)
    group(school, "KZ", 3, kind="teacher")
    group(school, "UZ", 12)
    data = client.get("/api/figures/").json()["learners"]
    cells = [cell["value"] for table in data["by"].values() for cell in table]
    assert cells and all(value is None or value >= 5 for value in cells)
    assert data["total"] == 15 and 12 not in cells
    page = client.get("/figures/").content.decode()
    assert "hidden" in page and "Kqlearner" not in page


def test_no_filter_and_no_other_day_narrows_persons(school, client):
    group(school, "UZ", 12)
    group(school, "LA", 20)
    plain = client.get("/api/figures/").json()["learners"]
    assert client.get("/api/figures/?country=UZ&as_of=2026-03-05").json()["learners"] == plain
    assert plain["total"] == 32


def test_every_number_of_persons_opens_to_its_groups(school, client):
    group(school, "UZ", 12)
    group(school, "LA", 20)
    for table in fixed_tables().breakdowns:
        for cell in table.cells:
            assert client.get(cell.url).status_code == 200, cell
    uz = next(c for t in fixed_tables().breakdowns if t.name == "country" for c in t.cells if c.label == "Uzbekistan")
    assert [row["country"] for row in client.get("/api" + uz.url).json()["results"]] == ["UZ"]
