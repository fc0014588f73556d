"""A register laid out once for all who need it: the first builds it, the others take a copy of its database and files.

Copies are kept beside the data folders of all workers of a run. On PostgreSQL each builds its own, in a transaction.
"""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

KEPT = ("files", "demo")  # what a register keeps beside its database


def demonstration() -> AbstractContextManager[Any]:
    """Lay out the demonstration; what comes with it is its World, with the seconds of work that it and its story took."""
    from sunmao.site.demo.load import load

    def build() -> Any:
        begun = {"all": time.process_time()}
        world: Any = load(lambda says, *counted: begun.setdefault(says, time.process_time()))
        world.seconds = time.process_time() - begun["all"]
        world.story_seconds = time.process_time() - begun["The story of a college"]
        return world

    return laid(build, Path(os.environ["SUNMAO_TESTS_LAID"]) / "demonstration")


@contextmanager
def laid(build: Callable[[], Any], kept: Path) -> Iterator[Any]:
    """Yield what `build()` returns, in a database that holds what it wrote; empty it afterwards. `kept` is the folder
    the copy is taken from, made by whoever comes first."""
    if connection.vendor != "sqlite":
        with transaction.atomic():
            yield build()
            transaction.set_rollback(True)
        return
    with closing(sqlite3.connect(":memory:")) as empty:
        _held().backup(empty)
        try:
            yield _copied(build, kept)
        finally:
            empty.backup(_held())


def _copied(build: Callable[[], Any], kept: Path) -> Any:
    kept.mkdir(parents=True, exist_ok=True)
    with (kept / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (kept / "whole").exists():
            made = build()
            with closing(sqlite3.connect(kept / "database")) as copy:
                _held().backup(copy)
            _carry(settings.SUNMAO_HOME, kept)
            (kept / "made").write_bytes(pickle.dumps(made))
            (kept / "whole").touch()
            return made
    with closing(sqlite3.connect(kept / "database")) as copy:
        copy.backup(_held())
    _carry(kept, settings.SUNMAO_HOME)
    return pickle.loads((kept / "made").read_bytes())


def _held() -> sqlite3.Connection:
    connection.ensure_connection()
    return connection.connection  # type: ignore[no-any-return]


def _carry(there: Path, here: Path) -> None:
    for name in KEPT:
        if (there / name).is_dir():
            shutil.copytree(there / name, here / name, dirs_exist_ok=True)
        elif (there / name).exists():
            shutil.copy2(there / name, here / name)
