"""How the demonstration's story is told: who acts, on which day, and what was made so far.

The days are counted from the day of loading, so that what is late is late and what is due is still to come.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sunmao.kernel import clock
from sunmao.site.demo.world import World


@dataclass
class Story:
    """The register so far, the day the story is told on, and the records its chapters made, by name."""

    world: World
    today: date = field(default_factory=clock.today)
    made: dict[str, Any] = field(default_factory=dict)

    def day(self, days: int) -> date:
        """Return the day so many days from today; negative ones have passed."""
        return self.today + timedelta(days=days)

    @contextmanager
    def on(self, days_ago: int) -> Iterator[None]:
        """Let the deeds inside happen so many days ago, in office hours."""
        with clock.stopped_at(datetime.combine(self.day(-days_ago), time(9, 30), UTC)):
            yield

    def actor(self, key: str) -> Any:
        """Return an account of the cast as one that has just signed in with its second factor."""
        account = self.world.cast[key]
        account.bound = account.second_factor = True
        return account

    def officer(self, place: str) -> Any:
        return self.actor(f"officer-{place}")
