"""Where the benches keep the register of a nation's size, on SQLite and on PostgreSQL, and how they come to it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks import generator

KEPT = "sunmao_bench_"


def postgres() -> str:
    """Return the address of the PostgreSQL that tests use, or an empty text where none is named."""
    return os.environ.get("SUNMAO_TEST_DATABASE_URL", "")


def surroundings(home: Path, database: str = "") -> dict[str, str]:
    """Return the environment of a process on the bench's own register in `home`; `database` is an address on the
    PostgreSQL where a database of its own is made. What an earlier version made is dropped."""
    mark = generator.mark()
    place = home / "bench" / mark
    for old in (home / "bench").glob("*"):
        if old != place:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    env = {**os.environ, "SUNMAO_HOME": str(place)}
    env.pop("SUNMAO_DATABASE_URL", None)
    if database:
        name = KEPT + mark
        _keep_only(database, name)
        env["SUNMAO_DATABASE_URL"] = urlsplit(database)._replace(path=f"/{name}").geturl()
    return env


def _keep_only(database: str, name: str) -> None:
    """Make the database of that name where it is not there, and drop what earlier versions made."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(database, autocommit=True) as connection:
        names = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{KEPT}%"]).fetchall()
        there = {row[0] for row in names}
        for old in there - {name}:
            connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
        if name not in there:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def ready() -> Any:
    """Set Django up, bring the register to the named size where it is not, and return its auditor."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    return generator.build()
