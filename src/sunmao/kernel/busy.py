"""A writer that found no turn: SQLite takes one writer at a time, PostgreSQL gives up where two wait for each other.

The deed that was refused is undone by its transaction, so it can be tried again. What the same request had kept before
it stands; the words say so.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.core.signals import request_started
from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

RETRY_AFTER = "10"  # seconds that a program is asked to wait
EXIT = 75  # what sysexits.h names for “try again later”
_TRY_AGAIN = frozenset({"40P01", "55P03"})  # PostgreSQL: a deadlock, a lock not available

_kept: ContextVar[bool] = ContextVar("deed_was_kept", default=False)


def is_busy(error: BaseException | None) -> bool:
    """True where the database refused because others write."""
    if not isinstance(error, OperationalError):
        return False
    return "database is locked" in str(error) or getattr(error.__cause__, "sqlstate", "") in _TRY_AGAIN


def follow() -> None:
    """Remember, once the transaction under way is committed, that this request or command kept something."""
    transaction.on_commit(_keep)


def _keep() -> None:
    _kept.set(True)


def begin(**_signal: Any) -> None:
    """Start a request: it has kept nothing."""
    _kept.set(False)


def words(*, undone: bool = True) -> str:
    """Return what the person is told; `undone` is False where it is not known that nothing was kept."""
    if undone and not _kept.get():
        return _("The register is busy. Nothing was kept; try again.")
    return _("The register is busy. Part of this may have been kept: look before you try again.")


request_started.connect(begin, dispatch_uid="busy")
