"""A batch whose run is killed at random moments ends with exactly its credentials: none lost, none doubled, none bad."""

from __future__ import annotations

import json
import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from separate import forks, surroundings


@pytest.mark.slow
def test_a_batch_killed_at_random_moments_ends_with_exactly_its_credentials(
    tmp_path: Path, volume: Callable[..., int]
) -> None:
    kills = volume("kills of a run that issues a batch", sample=2, trial=50)
    count = volume("credentials of that batch", sample=150, trial=100_000)
    part, longest = (15, 2.0) if count < 10_000 else (2_000, 60.0)
    chance = random.Random(20)
    with forks(surroundings(tmp_path)) as beside:
        beside.whole("tables")
        beside.whole("issue_child", "make", str(tmp_path), str(count))
        killed = 0
        for _turn in range(kills * 20):
            code, _said = beside.run(
                "issue_child", "run", str(tmp_path), str(part), f"{chance.uniform(0.1, longest):.3f}"
            )
            killed += code == -signal.SIGKILL
            assert code in (0, -signal.SIGKILL), beside.errors()
            if killed == kills:
                break
        beside.whole("issue_child", "run", str(tmp_path), str(part), "0")
        found = json.loads(beside.whole("issue_child", "look", str(tmp_path))[-1])
    assert killed == kills
    assert found == {
        "verdicts": {"genuine and in force": count}, "ids": count, "kept": count, "rows": count, "numbers": count,
        "places": count, "serials": count, "state": "complete", "root": True, "found": [],
    }  # fmt: skip
