"""Two people at once: many edits of shared records, none lost, stale ones refused with both texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cast import TESTS, organisation
from separate import forks, postgres, surroundings

from sunmao.directory.models import Organisation
from sunmao.kernel import changes
from sunmao.kernel.changes import Stale


def _together(around: dict[str, str], volume: Any, on: str, record_property: Any) -> None:
    people, edits = volume("people at once", sample=4, trial=16), volume("edits each", sample=8, trial=500)
    with forks(around) as beside:
        beside.whole("tables")
        told = json.loads(beside.whole("together_child", str(people), str(edits))[-1])
    assert (told["faults"], told["found"]) == ([], [])
    assert told["held"] == told["acknowledged"]
    assert sum(told["held"]) == people * edits
    record_property("volume", f"volume: {people * edits} edits on {on}, {told['stale']} refused as stale and redone, "
                    f"{told['busy']} told after 30 s of waiting to try again")  # fmt: skip


@pytest.mark.slow
def test_of_many_edits_at_once_none_is_lost_on_sqlite(tmp_path: Path, volume, record_property):
    _together(surroundings(tmp_path), volume, "SQLite", record_property)


@pytest.mark.slow
@pytest.mark.postgres
def test_of_many_edits_at_once_none_is_lost_on_postgresql(tmp_path: Path, volume, record_property):
    with postgres("together") as url:
        _together(surroundings(tmp_path, url), volume, "PostgreSQL", record_property)


@pytest.mark.django_db
def test_a_stale_edit_is_refused_with_both_texts():
    key = organisation("Shared", city="before").pk
    mine: Any = Organisation.objects.get(pk=key)
    theirs: Any = Organisation.objects.get(pk=key)
    theirs.city = "theirs"
    changes.save(theirs, by=TESTS)
    mine.city = "mine"
    with pytest.raises(Stale) as refused:
        changes.save(mine, by=TESTS)
    assert (refused.value.mine.city, refused.value.theirs.city) == ("mine", "theirs")
    assert Organisation.objects.get(pk=key).city == "theirs"
