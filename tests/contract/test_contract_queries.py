"""A list and a record's page take the same number of queries whether they show 3 or many distinct rows, and that number
stands in queries.toml. Many are 12, in the trials 50."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contract.permissions import table
from contract.samples import SAMPLES, build
from contract.world import Someone, World
from sunmao.kernel.desk import registry

pytestmark = pytest.mark.django_db
PINS = Path(__file__).parents[1] / "queries.toml"
PERSONS = ("visitor", "officer", "secretariat", "auditor")
DESKS = sorted(set(registry.by_slug) & set(table()) & set(SAMPLES))
FEW, ABOVE = 3, 10


@cache
def pins() -> dict[str, dict[str, dict[str, int]]]:
    """Return desk → "list" or "record" → person → number of queries."""
    return tomllib.loads(PINS.read_text(encoding="utf-8"))


def queries(someone: Someone, url: str) -> int:
    """Return how many queries a page takes once what is kept between requests is there."""
    client = someone.client()
    client.get(url)
    with CaptureQueriesContext(connection) as taken:
        client.get(url)
    return len(taken)


def rows_of(world: World, slug: str, numbers: range, parents: list[Any]) -> None:
    """Make distinct rows; those that hang on another record hang on ten of them in turn."""
    under = SAMPLES[slug].under
    for n in numbers:
        if under and len(parents) < ABOVE:
            parents.append(build(world, under, 500 + n))
        build(world, slug, n, parents[n % len(parents)] if parents else None)


@pytest.fixture
def many(volume: Any) -> int:
    return int(volume("rows at most on a page", sample=12, trial=50))


@pytest.mark.slow
@pytest.mark.parametrize("slug", DESKS)
def test_a_list_takes_as_many_queries_for_many_rows_as_for_three(world: World, slug: str, many: int) -> None:
    url, parents = registry.by_slug[slug].list_url(), []  # type: ignore[var-annotated]
    rows_of(world, slug, range(101, 101 + FEW), parents)
    few = {person: queries(world.people[person], url) for person in PERSONS}
    rows_of(world, slug, range(101 + FEW, 101 + many), parents)
    more = {person: queries(world.people[person], url) for person in PERSONS}
    assert (few, more) == (more, pins()[slug]["list"])


def children(slug: str) -> list[str]:
    """Return the desks whose records hang on this one and are shown on its page."""
    return [child for child in DESKS if SAMPLES[child].under == slug]


@pytest.mark.slow
@pytest.mark.parametrize("slug", DESKS)
def test_a_record_takes_as_many_queries_with_many_rows_on_its_page_as_with_three(
    world: World, slug: str, many: int
) -> None:
    desk = registry.by_slug[slug]
    record = build(world, slug, 101)
    url = desk.url(record)
    taken = []
    for numbers in (range(201, 201 + FEW), range(201 + FEW, 201 + many)):
        for child in children(slug):
            for n in numbers:
                record.refresh_from_db()
                build(world, child, n, record)
        taken.append({person: queries(world.people[person], url) for person in PERSONS})
    assert (taken[0], taken[1]) == (taken[1], pins()[slug]["record"])
