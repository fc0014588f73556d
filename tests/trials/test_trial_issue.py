"""A batch whose run is killed at random moments ends with exactly its credentials: none lost, none doubled, none bad."""

from __future__ import annotations

import json
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from separate import Forks, forks, postgres, surroundings


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
    assert found == _expected(count)


WHOLE = {"state": "complete", "root": True, "found": []}


def _expected(count: int) -> dict[str, object]:
    names = ("ids", "kept", "rows", "numbers", "places", "serials")
    return {"verdicts": {"genuine and in force": count}, **dict.fromkeys(names, count), **WHOLE}


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[list[Forks]]:
    """Two processes over one empty PostgreSQL database."""
    with ExitStack() as stack:
        url = stack.enter_context(postgres("shared"))
        found = [stack.enter_context(forks(surroundings(tmp_path, url))) for _one in range(2)]
        found[0].whole("tables")
        yield found


def _share(
    shared: list[Forks], home: str, part: int, count: int, deaths: list[tuple[str, str]], other: str = ""
) -> list[tuple[int, list[str]]]:
    """Let one run write the file while another joins, or writes a file of its own; each dies as it is told."""
    words = [("run", home, str(part), str(count), *death) for death in deaths]
    with ThreadPoolExecutor(2) as pool:
        runs = zip(shared, words, ("out.jsonl", other), strict=True)
        return list(pool.map(lambda run: run[0].run("issue_child", *run[1], run[2]), runs))


@pytest.mark.slow
@pytest.mark.postgres
def test_two_runs_that_share_a_batch_over_postgresql_issue_each_row_once_though_they_are_killed(
    tmp_path: Path, shared: list[Forks], volume: Callable[..., int], record_property: Callable[[str, object], None]
) -> None:
    kills = volume("kills of runs that share a batch", sample=3, trial=50)
    count = volume("credentials of that shared batch", sample=240, trial=20_000)
    part = 10 if count < 10_000 else 500
    chance = random.Random(22)
    home = str(tmp_path)
    shared[0].whole("issue_child", "make", home, str(count))
    shared[0].whole("issue_child", "run", home, str(part), str(count), "never", "0", "begin")
    fell: Counter[str] = Counter()
    for _kill in range(kills):
        # Whichever dies, the other is killed a little later, so that enough is left for the next.
        deaths = [("0", f"{chance.uniform(0, 0.05 if count < 10_000 else 0.5):.4f}") for _one in shared]
        (code, _said), (other, _said) = _share(shared, home, part, count, deaths)
        assert {code, other} <= {0, -signal.SIGKILL}, [one.errors() for one in shared]
        fell += Counter(writes=bool(code), joins=bool(other))
    for code, _said in _share(shared, home, part, count, [("never", "0")] * 2):
        assert code == 0, [one.errors() for one in shared]
    assert json.loads(shared[0].whole("issue_child", "look", home)[-1]) == _expected(count)
    record_property("volume", f"volume: killed {dict(fell)} of {kills} times each")
    assert min(fell.values()) >= kills // 2


@pytest.mark.postgres
def test_both_runs_do_a_part_and_two_files_are_the_same(tmp_path: Path, shared: list[Forks]) -> None:
    home, count = str(tmp_path), 400
    shared[0].whole("issue_child", "make", home, str(count))
    shared[0].whole("issue_child", "run", home, "10", str(count), "never", "0", "begin")
    ended = _share(shared, home, 10, count, [("never", "0")] * 2, "other.jsonl")
    assert [code for code, _said in ended] == [0, 0], [one.errors() for one in shared]
    kept = [int(said[-1]) for _code, said in ended]
    assert min(kept) > 0
    assert sum(kept) == count
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "other.jsonl").read_bytes()
    assert json.loads(shared[0].whole("issue_child", "look", home)[-1]) == _expected(count)


@pytest.mark.postgres
def test_a_run_that_stands_still_holds_nobody_up_and_doubles_nothing(tmp_path: Path, shared: list[Forks]) -> None:
    home, count = str(tmp_path), 40
    shared[0].whole("issue_child", "make", home, str(count))
    shared[0].whole("issue_child", "run", home, "10", str(count), "never", "0", "begin")
    with ThreadPoolExecutor(1) as pool:
        stands = pool.submit(shared[1].run, "issue_child", "run", home, "10", str(count), "stall", "0", "")
        while not (tmp_path / "stands").exists():
            time.sleep(0.01)
        said = shared[0].whole("issue_child", "run", home, "10", str(count), "never", "0")
        (tmp_path / "go").touch()
        code, late = stands.result()
    assert (said[-1], code, late[-1]) == (str(count), 0, "0"), shared[1].errors()
    assert json.loads(shared[0].whole("issue_child", "look", home)[-1]) == _expected(count)


def _where(said: list[str], count: int) -> str:
    """Return where a run died that said so many rows were done, and then no more."""
    if not said:
        return "before it was in step"
    return "after the last row" if int(said[-1]) == count else "among its rows"
