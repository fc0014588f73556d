"""One call of the command line in a fork; what it asks for on the terminal is answered with a password."""

from __future__ import annotations

import io
import sys


def main(*words: str) -> None:
    from sunmao.site import cli

    sys.stdin = io.StringIO("a long enough phrase\n")
    sys.exit(cli.main(list(words)))
