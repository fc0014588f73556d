"""A nation's class: a million issued from a list by two processes in bounded memory, all genuine to a fresh process."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from benchmarks.nation import measure, said


@pytest.mark.slow
def test_a_million_from_a_list_are_genuine_and_memory_stays_bounded(
    volume: Callable[..., int], record_property: Callable[[str, object], None]
) -> None:
    count = volume("credentials of a nation's class", sample=1_000, trial=1_000_000)
    found = measure(count)
    record_property("volume", f"volume: {said(found, count)}")
    assert found["genuine"] == 100
    assert found["megabytes"] < 600
