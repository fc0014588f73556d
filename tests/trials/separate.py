"""Databases and processes of a trial's own, beside those of the tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from surroundings import POSTGRES

HERE = Path(__file__).parent


def surroundings(home: Path, url: str = "") -> dict[str, str]:
    """Return the environment of a child with a data folder and a database of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUNMAO_", "DJANGO_"))}
    own = {"SUNMAO_HOME": str(home), "SUNMAO_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "sunmao.site.settings"}
    return kept | own


def run(script: str, around: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(HERE / script), *words]
    return subprocess.run(command, env=around, capture_output=True, text=True, check=False)


@contextmanager
def postgres(word: str) -> Iterator[str]:
    """Make a database beside the one of the tests; yield its address; drop it."""
    import psycopg

    name = f"sunmao_{word}_{os.getpid()}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        yield urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
