"""One clock. Everything that asks for the time asks here, so that a test or a replay can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

_fixed: ContextVar[datetime | None] = ContextVar("fixed_clock", default=None)


def now() -> datetime:
    """Return the present instant in UTC."""
    return _fixed.get() or datetime.now(UTC)


def today() -> date:
    """Return the present civil date in UTC."""
    return now().date()


@contextmanager
def stopped_at(instant: datetime) -> Iterator[None]:
    """Hold the clock at `instant` (timezone-aware) inside the block."""
    token = _fixed.set(instant)
    try:
        yield
    finally:
        _fixed.reset(token)
