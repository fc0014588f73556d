"""Waiting for SQLite's one writer without holding what that writer may need.

SQLite waits inside the call and keeps its connection locked meanwhile. A thread that holds the write lock may meet, in
a garbage collection, a forgotten cursor of such a waiting connection: it waits for the connection, the connection for
it, and neither goes on before the waiting gives up. So a statement gives up after a tenth of a second and is tried
again, with a moment between in which its connection is free.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from sqlite3 import OperationalError
from typing import Any

from django.db.backends.sqlite3 import base

PATIENCE = 30  # seconds until a writer that finds no turn is refused
AT_ONCE = 100  # milliseconds that SQLite itself waits
# Another thread that lets go of a cursor of this connection just then takes away the reason why the statement failed.
NO_TURN = ("database is locked", "not an error")


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: Any) -> Any:
        made = super().get_new_connection(conn_params)
        made.execute(f"PRAGMA busy_timeout={AT_ONCE}")
        return made

    def create_cursor(self, name: Any = None) -> Any:
        return self.connection.cursor(factory=Cursor)


class Cursor(base.SQLiteCursorWrapper):
    def execute(self, query: str, params: Any = None) -> Any:
        return self._patiently(lambda: super(Cursor, self).execute(query, params))

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        rows = list(param_list)
        return self._patiently(lambda: super(Cursor, self).executemany(query, rows))

    def _patiently(self, attempt: Callable[[], Any]) -> Any:
        """Try until there is a turn to write. Inside a transaction the turn is had already, and an error is one."""
        until = 0.0
        while True:
            try:
                return attempt()
            except OperationalError as error:
                now = time.monotonic()
                until = until or now + PATIENCE
                if self.connection.in_transaction or str(error) not in NO_TURN or now > until:
                    raise
            time.sleep(random.uniform(0.001, 0.02))  # noqa: S311  so that those who wait do not wake together
