"""A batch whose run is killed at random moments ends with exactly its credentials: none lost, none doubled, none bad."""

from __future__ import annotations

import json
import random
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from separate import forks, surroundings


@pytest.mark.slow
def test_a_batch_killed_at_random_moments_ends_with_exactly_its_credentials(
    tmp_path: Path, volume: Callable[..., int], record_property: Callable[[str, object], None]
) -> None:
    kills = volume("kills of a run that issues a batch", sample=2, trial=50)
    count = volume("credentials of that batch", sample=150, trial=100_000)
    part, longest = (15, 0.02) if count < 10_000 else (1_000, 1.5)
    chance = random.Random(20)
    # So few parts are done before each kill that it falls into the batch, and the last kills after its last row.
    last = kills // 10
    plan = [chance.choice(("start", "0", "0", "1", "1", "2")) for _kill in range(kills - last)] + ["end"] * last
    fell: Counter[str] = Counter()
    with forks(surroundings(tmp_path)) as beside:
        beside.whole("tables")
        beside.whole("issue_child", "make", str(tmp_path), str(count))
        for place in plan:
            seconds = chance.uniform(0, 0.02 if place == "end" else longest)
            code, said = beside.run("issue_child", "run", str(tmp_path), str(part), str(count), place, f"{seconds:.4f}")
            assert code in (0, -signal.SIGKILL), beside.errors()
            if code:
                fell[_where(said, count)] += 1
        beside.whole("issue_child", "run", str(tmp_path), str(part), str(count), "never", "0")
        found = json.loads(beside.whole("issue_child", "look", str(tmp_path))[-1])
    record_property("volume", f"volume: kills {dict(fell)}")
    assert fell["among its rows"] >= kills // 2
    assert found == {
        "verdicts": {"genuine and in force": count}, "ids": count, "kept": count, "rows": count, "numbers": count,
        "places": count, "serials": count, "state": "complete", "root": True, "found": [],
    }  # fmt: skip


def _where(said: list[str], count: int) -> str:
    """Return where a run died that said so many rows were done, and then no more."""
    if not said:
        return "before it was in step"
    return "after the last row" if int(said[-1]) == count else "among its rows"
