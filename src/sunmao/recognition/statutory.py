"""The time an authority has to decide: from when it runs, when it stands still, until when.

Convention on the Recognition of Qualifications concerning Higher Education (Lisbon 1997), article III.5: the limit is
specified beforehand and runs from the time when all necessary information in the case has been provided.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Stop:
    """Something asked for on `first` and there on `until`, the day on which the time runs again; None while it is open."""

    first: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the time to decide stands. `due_on` is the last day; None while it stands still, since `stands_since`, with
    `left` days. `stood` counts the days it has stood still, each once."""

    due_on: date | None
    stands_since: date | None = None
    left: int | None = None
    stood: int = 0


def clock(runs_from: date, days: int, stops: Iterable[Stop]) -> Clock:
    """Return where a time of so many days stands. What is asked for once it has run out does not bring it back."""
    due, again, since, stood = runs_from + timedelta(days=days), runs_from, runs_from, 0
    for stop in sorted(stops, key=lambda one: one.first):
        first = max(stop.first, again)
        if first > due:
            break
        if stop.first > again:
            since = stop.first
        if stop.until is None:
            return Clock(None, since, (due - first).days, stood)
        if stop.until > first:
            waited = (stop.until - first).days
            due, again, stood = due + timedelta(days=waited), stop.until, stood + waited
    return Clock(due, stood=stood)
