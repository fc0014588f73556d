"""Databases and processes of a trial's own, beside those of the tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit, urlunsplit

from surroundings import POSTGRES

HERE = Path(__file__).parent


def surroundings(home: Path, url: str = "") -> dict[str, str]:
    """Return the environment of a child with a data folder and a database of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUNMAO_", "DJANGO_"))}
    own = {"SUNMAO_HOME": str(home), "SUNMAO_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "sunmao.site.settings"}
    return kept | own


class Forks:
    """One process with Django ready (forks.py), which does tasks in forks of itself."""

    def __init__(self, around: dict[str, str], says: IO[str]) -> None:
        self.says = says
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "forks.py")], env=around, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self.says, text=True,
        )  # fmt: skip

    def run(self, module: str, *words: str) -> tuple[int, list[str]]:
        """Call `main(*words)` of a module of this folder; return its exit code and the lines it said."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps([module, *words]) + "\n")
        self.process.stdin.flush()
        lines: list[str] = []
        for line in self.process.stdout:
            if line.startswith("end "):
                return int(line.split()[1]), lines
            lines.append(line.rstrip("\n"))
        raise AssertionError(self.errors())

    def whole(self, module: str, *words: str) -> list[str]:
        """Do what must end well; return the lines it said."""
        code, lines = self.run(module, *words)
        assert code == 0, f"{module} ended with {code}, or by that signal: {self.errors()}"
        return lines

    def errors(self) -> str:
        self.says.seek(0)
        return self.says.read()

    def close(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


@contextmanager
def forks(around: dict[str, str]) -> Iterator[Forks]:
    with tempfile.TemporaryFile("w+") as says:
        made = Forks(around, says)
        try:
            yield made
        finally:
            made.close()


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
