"""Killed at any statement, a register loses nothing it acknowledged, doubles nothing and leaves nothing half done."""

from __future__ import annotations

import json
import random
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from separate import Forks, forks, surroundings

PHASES = ("write", "write", "commit", "after", "read", "write")  # all but `read` lie after the first write
OUTCOMES = 3  # of the programme that the layout teaches


class Trial:
    """One register, killed again and again; what was acknowledged is kept here, outside its database."""

    def __init__(self, beside: Forks) -> None:
        self.beside = beside
        self.told: list[tuple[str, str]] = []
        self.where: Counter[str] = Counter()
        for layer in ("tables", "kill_layout"):
            beside.whole(layer)

    def look(self) -> dict[str, Any]:
        return json.loads(self.beside.whole("kill_look")[-1])

    def kill(self, seed: int, phase: str) -> str:
        """Run the child until it dies; return the deed that was in flight."""
        code, said = self.beside.run("kill_child", str(seed), str(seed % 3), phase)
        assert code == -signal.SIGKILL, self.beside.errors()
        lines = [line.split() for line in said]
        self.told += [(line[2], line[3]) for line in lines if line[0] == "ack"]
        last = max(index for index, line in enumerate(lines) if line[0] == "begin")
        statements = [line[3] for line in lines[last + 1 :]]
        self.where[_bucket(statements, phase)] += 1
        return lines[last][2]


def _bucket(statements: list[str], phase: str) -> str:
    if "w" not in statements:
        return "before the first write"
    if phase in ("commit", "after"):
        return {"commit": "all written, at the commit", "after": "committed, not acknowledged"}[phase]
    return f"{len(statements) // 10 * 10:>3} to {len(statements) // 10 * 10 + 9} statements in"


def _holds(trial: Trial, flying: str, committed: bool, before: dict[str, Any], told: int) -> dict[str, Any]:
    """Assert that the register is as before, with what was acknowledged since and, where committed, what flew."""
    now = trial.look()
    fresh = [(name, says) for name, says in trial.told[told:]]
    assert now["found"] == []
    count = Counter(name for name, _says in fresh)
    count[flying] += committed
    assert len(now["add"]) - len(before["add"]) == now["names"] - before["names"] == count["add"]
    assert now["edit"] - before["edit"] == count["edit"]
    assert len(now["approve"]) - len(before["approve"]) == count["approve"]
    assert len(now["result"]) - len(before["result"]) == count["result"]
    assert now["results"] == OUTCOMES * len(now["result"])
    assert now["approvals"] == len(now["approve"])
    held = {"add": now["add"], "approve": now["approve"], "result": now["result"]}
    assert [says for name, says in fresh if name in held and held[name].count(says) != 1] == []
    proposed = sum(says.endswith(":proposed") for name, says in fresh if name == "sign_off")
    last = committed and flying == "sign_off" and now["stage"] == "to_sign_off"
    assert now["proposed"] - before["proposed"] == proposed + last
    return now


def _killed(trial: Trial, kills: int, seed: int) -> Counter[str]:
    chance = random.Random(seed)
    held = trial.look()
    for number in range(kills):
        told = len(trial.told)
        phase = PHASES[number % len(PHASES)]
        flying = trial.kill(chance.randrange(1 << 30), phase)
        held = _holds(trial, flying, phase == "after", held, told)
    assert len(trial.told) == len(set(trial.told))
    return trial.where


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_killed(
    tmp_path: Path, own: tuple[str, str], volume: Any, record_property: Any
) -> None:
    on, url = own
    sample, trial, seed = {"SQLite": (6, 100, 1), "PostgreSQL": (1, 10, 2)}[on]
    kills = volume(f"kills on {on}", sample=sample, trial=trial)
    with forks(surroundings(tmp_path, url)) as beside:
        where = _killed(Trial(beside), kills, seed)
    between = kills - where["before the first write"]
    assert between * 2 >= kills
    rows = "".join(f"\n  {place:<32} {'#' * count} {count}" for place, count in sorted(where.items()))
    record_property("volume", f"volume: {kills} kills on {on}, {between} between first write and acknowledgement{rows}")
