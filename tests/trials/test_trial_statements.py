"""Every SQL statement of every deed made to fail in turn, and the commit: the database is wholly as before."""

from __future__ import annotations

import random
from typing import Any

import pytest
from database import Failing, blobs, dump
from deed_states import BUILDERS, deeds, prepare
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from surroundings import TRIALS

from sunmao.kernel import doctor
from sunmao.kernel.models import StoredFile

SAMPLE, STATEMENTS = 9, 4  # in the tests; the trials do every statement of every deed
CHOSEN = sorted(deeds()) if TRIALS else sorted(random.Random("deeds").sample(sorted(deeds()), SAMPLE))


def test_every_deed_of_the_registry_has_a_state_in_which_its_statements_are_made_to_fail():
    assert sorted(set(deeds()) - set(BUILDERS)) == []
    assert sorted(set(BUILDERS) - set(deeds())) == []


def _fail(name: str, ready: Any, failing: Failing, before: dict[str, Any]) -> None:
    """Try the deed once with one failure; nothing of it may remain."""
    attempt = prepare(name, ready)
    with failing.everywhere(), pytest.raises(DatabaseError):
        attempt()
    assert failing.fired
    after = dump()
    assert {table for table in after if after[table] != before[table]} == set(), f"half done: {failing.at}"
    assert not any(blob.startswith(".") for blob in blobs()), "a half-written file was left"


def _without_courtesy(name: str, ready: Any, before: dict[str, Any]) -> None:
    """Do the deed while no constraint can be asked about beforehand: done, or refused and then done without that."""
    attempt = prepare(name, ready)
    with Failing(-1, courtesy=True).everywhere():
        try:
            attempt()
        except ValidationError:
            assert dump() == before
        else:
            return
    prepare(name, ready)()


@pytest.mark.slow
@pytest.mark.parametrize("name", CHOSEN, ids=CHOSEN)
def test_a_deed_is_wholly_done_or_not_at_all(name, committed, record_property):
    ready = BUILDERS[name]()
    before, referenced = dump(), set(StoredFile.objects.values_list("sha256", flat=True))
    commit = Failing(0)
    _fail(name, ready, commit, before)
    numbers = list(range(1, commit.count + 1))
    chosen = numbers if TRIALS else sorted(random.Random(name).sample(numbers, min(STATEMENTS, len(numbers))))
    for number in chosen:
        _fail(name, ready, Failing(number, on=number % 2 == 0), before)
    assert set(StoredFile.objects.values_list("sha256", flat=True)) == referenced
    _without_courtesy(name, ready, before)
    assert dump() != before
    assert list(doctor.examine()) == []
    if TRIALS:
        record_property("volume", f"volume: {len(chosen)} of {len(numbers)} statements and the commit of {name} failed")
