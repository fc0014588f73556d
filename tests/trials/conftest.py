"""The trials stand on the casts of the rooms' own tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import fixtures

for room in ("agreements", "cohorts", "credentials", "recognition"):
    sys.path.append(str(Path(__file__).parents[1] / room))


@pytest.fixture(params=["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgres)])
def own(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """The name of a kind of database, and the address of one of the test's own; empty for SQLite's file."""
    from separate import postgres

    if request.param == "SQLite":
        yield request.param, ""
        return
    with postgres("own") as url:
        yield request.param, url


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have a database of the tests' own made also where only tests run that do without Django's transactions: its plugin
    would leave these alone with the register's."""
    ours = any("committed" in getattr(item, "fixturenames", ()) for item in items)
    wanted = fixtures._get_databases_for_setup
    if ours and not wanted(items)[0]:
        fixtures._get_databases_for_setup = lambda _items: ({"default"}, set())


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database in which commits are commits, emptied after the test."""
    from database import empty

    with django_db_blocker.unblock():
        try:
            yield
        finally:
            empty()
