"""Claims: what one of several runs over a batch says it is at, so that the others take something else.

A claim is an advisory lock of the run's own connection to PostgreSQL: it ends with the run, however that ends. It saves
double work and decides nothing. That a row of a list is issued once, with a number and a place in a list of its own, is
held by the constraints of the database, also between runs that know nothing of each other's claims.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress

from django.db import DatabaseError, connection

IDLE = "60s"  # a run that stands still in the middle of a transaction for so long loses it, and others go on


class Claims:
    """The claims of one run. Where only one process can write at a time (SQLite), every claim is granted."""

    def __init__(self) -> None:
        self.shared = connection.vendor == "postgresql"

    def begin(self) -> None:
        """Make sure that a run that no longer answers holds nobody up for good."""
        if self.shared:
            with connection.cursor() as cursor:
                cursor.execute(f"SET idle_in_transaction_session_timeout = '{IDLE}'")

    def take(self, what: str) -> bool:
        """Claim something by its name; False where another run is at it."""
        return not self.shared or self._ask("pg_try_advisory_lock", what)

    def give_back(self, what: str) -> None:
        """Let others have it."""
        if self.shared:
            self._ask("pg_advisory_unlock", what)

    def end(self) -> None:
        """Give everything back."""
        with suppress(DatabaseError):  # where the connection is gone, so are its claims
            if self.shared:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock_all(); RESET idle_in_transaction_session_timeout")

    @staticmethod
    def _ask(function: str, what: str) -> bool:
        number = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [number])
            return bool(cursor.fetchone()[0])
