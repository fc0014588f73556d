"""Waiting for SQLite's one writer: a writer's turn comes, and waiting keeps nobody from what it holds."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from sunmao.kernel.sqlite import base


@pytest.fixture
def two(tmp_path, django_db_blocker):
    """A connection of ours and a plain one to the same file; the plain one holds the write lock."""
    options = {"transaction_mode": "IMMEDIATE", "timeout": 30}
    held = {"ENGINE": "sunmao.kernel.sqlite", "NAME": tmp_path / "a.sqlite3", "OPTIONS": options}
    ours = ConnectionHandler({"default": held})["default"]
    ours.inc_thread_sharing()
    with (
        django_db_blocker.unblock(),
        closing(sqlite3.connect(tmp_path / "a.sqlite3", isolation_level=None, check_same_thread=False)) as plain,
    ):
        plain.execute("CREATE TABLE told (word TEXT)")
        plain.execute("BEGIN IMMEDIATE")
        yield ours, plain
        ours.close()


def test_a_writer_waits_for_its_turn(two):
    ours, plain = two
    release = threading.Timer(0.4, lambda: plain.execute("COMMIT"))
    release.start()
    with ours.cursor() as cursor:
        cursor.execute("INSERT INTO told VALUES ('mine')")
    release.join()
    assert plain.execute("SELECT word FROM told").fetchall() == [("mine",)]


def test_a_writer_whose_turn_does_not_come_is_refused(two, monkeypatch):
    ours, _plain = two
    monkeypatch.setattr(base, "PATIENCE", 0.3)
    with pytest.raises(OperationalError, match="locked"), ours.cursor() as cursor:
        cursor.execute("INSERT INTO told VALUES ('mine')")


def test_who_writes_can_let_go_of_a_cursor_of_a_connection_that_waits(two, monkeypatch):
    ours, plain = two
    with ours.cursor() as cursor:
        cursor.execute("SELECT 1 UNION SELECT 2")
        forgotten = cursor.cursor.connection.execute("SELECT 1 UNION SELECT 2")  # read to its middle
        forgotten.fetchone()

    def write() -> None:
        with ours.cursor() as mine:
            mine.execute("INSERT INTO told VALUES ('mine')")

    waiting = threading.Thread(target=write)
    waiting.start()
    time.sleep(0.2)
    begun = time.monotonic()
    forgotten.close()
    plain.execute("COMMIT")
    waiting.join()
    assert time.monotonic() - begun < base.PATIENCE / 2  # SQLite's own waiting would keep it for the whole
    assert plain.execute("SELECT word FROM told").fetchall() == [("mine",)]
