"""Two people at once: many edits of shared records, none lost, stale ones refused with both texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cast import TESTS, organisation
from separate import forks, surroundings

from sunmao.directory.models import Organisation
from sunmao.kernel import changes
from sunmao.kernel.changes import Stale


@pytest.mark.slow
def test_of_many_edits_at_once_none_is_lost(
    tmp_path: Path, own: tuple[str, str], volume: Any, record_property: Any
) -> None:
    on, url = own
    people, edits = volume("people at once", sample=4, trial=16), volume("edits each", sample=8, trial=500)
    with forks(surroundings(tmp_path, url)) as beside:
        beside.whole("tables")
        told = json.loads(beside.whole("together_child", str(people), str(edits))[-1])
    assert (told["faults"], told["found"]) == ([], [])
    assert told["held"] == told["acknowledged"]
    assert sum(told["held"]) == people * edits
    record_property("volume", f"volume: {people * edits} edits on {on}, {told['stale']} refused as stale and redone, "
                    f"{told['busy']} told after 30 s of waiting to try again")  # fmt: skip


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
