"""A row of the benchmark table tells honestly how ours stands to the peer and to the goal."""

from __future__ import annotations

import pytest

from benchmarks.rows import row


def test_the_ratio_is_how_many_times_better_ours_is() -> None:
    assert row("time", 2.0, "ms", peer=10.0, peer_name="other").ratio == 5
    assert row("rate", 10.0, "/s", peer=2.0, peer_name="other", lower_is_better=False).ratio == 5


def test_every_goal_has_to_be_met() -> None:
    assert row("time", 4.0, "ms", at_most=5, peer=39.0, times_peer=10).met is False
    assert row("time", 3.9, "ms", at_most=5, peer=39.0, times_peer=10).met is True
    assert row("time", 5.1, "ms", at_most=5, peer=99.0, times_peer=10).met is False
    assert row("time", 4.0, "ms", at_most=5, peer=39.0, times_peer=10).goal == "≤ 5 ms, ≥ 10 × peer"


def test_a_row_without_a_goal_claims_none() -> None:
    assert row("size", 4.0, "MB").plain() == {
        "name": "size", "ours": 4.0, "unit": "MB", "peer": None, "peer_name": "", "ratio": None, "goal": "", "met": None,
    }  # fmt: skip


def test_a_goal_beside_a_peer_needs_the_peer() -> None:
    with pytest.raises(ValueError, match="needs a peer"):
        row("time", 4.0, "ms", times_peer=2)
