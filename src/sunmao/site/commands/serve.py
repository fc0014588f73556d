"""`sunmao serve`: serves the pages and the REST interface, and seals the log beside it every ten seconds."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SEAL_EVERY = 10  # seconds


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sunmao serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args(argv)
    serve(asked.host, asked.port, asked.workers)
    return 0


def serve(host: str, port: int, workers: int = 1) -> None:
    """Serve until stopped."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "sunmao.site.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
        blocking_threads=4, log_enabled=True, log_level=LogLevels.warning, backpressure=64,
    )  # fmt: skip
    with sealer():
        server.serve()


@contextmanager
def sealer() -> Iterator[subprocess.Popen[bytes]]:
    """Seal the log in a process of its own meanwhile. It ends when this one does, however that ends: its standard
    input is a pipe from here. Several may run; the database lets one seal at a time."""
    command = [sys.executable, "-m", "sunmao.site.cli", "seal", "--every", str(SEAL_EVERY)]
    beside = subprocess.Popen(command, stdin=subprocess.PIPE)
    try:
        yield beside
    finally:
        if beside.stdin is not None:
            beside.stdin.close()
        try:
            beside.wait(timeout=30)
        except subprocess.TimeoutExpired:
            beside.kill()
