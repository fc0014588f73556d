"""What is erased is overwritten in SQLite's file and gone from its journal."""

import sqlite3
from types import SimpleNamespace

from sunmao.kernel import erasing
from sunmao.site import settings


def test_deleted_words_are_overwritten_and_the_journal_is_emptied(tmp_path, monkeypatch):
    place = tmp_path / "register.sqlite3"
    held = sqlite3.connect(place, isolation_level=None)
    held.executescript(settings._database("")["OPTIONS"]["init_command"])
    held.execute("CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT)")
    held.executemany(
        "INSERT INTO names (name) VALUES (?)", [(f"Zumradkanarik {number}" * 20,) for number in range(200)]
    )
    held.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"Zumradkanarik" in place.read_bytes()
    held.execute("DELETE FROM names")
    assert b"Zumradkanarik" in place.read_bytes()  # the journal holds the new pages, the file the old ones
    monkeypatch.setattr(erasing, "connection", _Connection(held))
    erasing.clear_journal()
    journal = place.with_name(place.name + "-wal")
    assert b"Zumradkanarik" not in place.read_bytes() + (journal.read_bytes() if journal.exists() else b"")
    assert held.execute("PRAGMA busy_timeout").fetchone()[0] == 5000
    held.close()


class _Connection(SimpleNamespace):
    """A plain connection as Django's gives itself."""

    vendor = "sqlite"

    def __init__(self, held):
        self.held = held

    def cursor(self):
        from contextlib import closing

        return closing(self.held.cursor())
