"""One line of the benchmark table: what was measured, beside what, and whether the goal is met."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """`ours` and `peer` in `unit`, measured in the same run; `ratio` is how many times better ours is."""

    name: str
    ours: float
    unit: str
    peer: float | None
    peer_name: str
    ratio: float | None
    goal: str
    met: bool | None

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def row(
    name: str,
    ours: float,
    unit: str,
    *,
    peer: float | None = None,
    peer_name: str = "",
    lower_is_better: bool = True,
    at_most: float | None = None,
    at_least: float | None = None,
    times_peer: float | None = None,
) -> Row:
    """Build a row; its goals are the limits given: `at_most`/`at_least` in the unit, `times_peer` for the ratio.

    A row without limits is for information: its `met` is None. A limit on the ratio needs a peer.
    """
    ratio = None
    if peer is not None:
        better, worse = (peer, ours) if lower_is_better else (ours, peer)
        ratio = better / worse if worse else None  # beside nothing, no number of times
    limits = []
    if at_most is not None:
        limits.append((f"≤ {at_most:g} {unit}", ours <= at_most))
    if at_least is not None:
        limits.append((f"≥ {at_least:g} {unit}", ours >= at_least))
    if times_peer is not None:
        if peer is None:
            raise ValueError(f"{name}: a goal of {times_peer} times the peer needs a peer.")
        limits.append((f"≥ {times_peer:g} × peer", ratio is not None and ratio >= times_peer))
    goal = ", ".join(text.strip() for text, _met in limits)
    met = all(met for _text, met in limits) if limits else None
    return Row(name, ours, unit, peer, peer_name, ratio, goal, met)
