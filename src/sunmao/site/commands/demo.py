"""`sunmao demo`: loads the demonstration register where the data folder is empty, then serves it.

When it answers, the address and a sign-in per role are printed. A data folder that is already filled is left
as it is. `sunmao demo --code EMAIL` prints the second factor of this half minute for those without an
authenticator at hand.
"""

from __future__ import annotations

import argparse
import os
import socket
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException

from sunmao.site import signins
from sunmao.site.commands import serve, setup


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="sunmao demo", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--no-serve", action="store_true", help="only load the register and print the sign-ins")
    parser.add_argument("--code", metavar="EMAIL", help="print the second factor of this half minute")
    asked = parser.parse_args(argv)
    if asked.code:
        return _tell_code(asked.code)
    if not asked.no_serve and _taken(asked.host, asked.port):
        print(f"Port {asked.port} is in use. PORT= names another: make demo PORT=8001", file=sys.stderr)
        return 1
    setup.prepare()
    rows = ready()
    if asked.no_serve:
        _tell(rows, "")
        return 0
    threading.Thread(target=_tell_when_it_answers, args=(asked.host, asked.port, rows), daemon=True).start()
    serve.serve(asked.host, asked.port)
    return 0


def ready() -> list[signins.SignIn]:
    """Load the demonstration register where the database is empty; return its sign-ins.

    Loading is wholly or not at all: stopped in the middle, it leaves an empty database and no sign-ins, says so and
    begins anew next time. Exits where the demonstration stands but its sign-ins are gone: nobody could enter it.
    """
    from sunmao.people.models import Person
    from sunmao.site.demo.load import load

    if Person.objects.exists():
        rows = signins.kept()
        if not rows and Person.objects.filter(demo=True).exists():
            raise SystemExit(
                "sunmao demo: the demonstration is loaded here, but its sign-ins were lost. "
                "Begin anew in another data folder (SUNMAO_HOME) or empty this one."
            )
        return rows
    signins.place().unlink(missing_ok=True)  # of a register that is no longer there
    progress = Progress()
    begun = time.monotonic()
    try:
        made = load(progress)
    except BaseException:
        progress.end("The demonstration could not be loaded. Nothing of it was kept; the next start begins anew.")
        raise
    if made is not None:
        progress.end(f"The demonstration register is loaded ({time.monotonic() - begun:.0f} s)")
    return signins.kept()


class Progress:
    """Says how far the loading is: a line that moves on a terminal, else a line per step.

    Call it with what is being done, and with how many of how many where they are counted.
    """

    def __init__(self) -> None:
        self.watched = sys.stdout.isatty()
        self.says = ""

    def __call__(self, says: str, done: int = 0, of: int = 0) -> None:
        if self.watched:
            print(f"\r  {says}{f': {done} of {of}' if of else ''}\033[K", end="", flush=True)
        elif says != self.says:
            print(f"  {says}", flush=True)
        self.says = says

    def end(self, says: str) -> None:
        print(("\r\033[K" if self.watched else "") + says, flush=True)


def _taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def _tell_when_it_answers(host: str, port: int, rows: list[signins.SignIn]) -> None:
    for _attempt in range(600):
        connection = HTTPConnection(host, port, timeout=10)
        try:
            connection.request("GET", "/")
            answer = connection.getresponse()
            answer.read()
        except (HTTPException, OSError):
            time.sleep(0.1)
        else:
            _tell(rows, f"http://{host}:{port}")
            if answer.status >= 500:
                print(f"But the first page breaks ({answer.status}); the lines above say why.", flush=True)
            return
        finally:
            connection.close()


def _tell(rows: list[signins.SignIn], address: str) -> None:
    lines = [""]
    if rows:
        lines += _table(("role", "e-mail", "second factor", "at"), [(r.role, r.email, r.secret, r.at) for r in rows])
        lines += ["", *dict.fromkeys(f"Password: {row.password}" for row in rows)]
        lines += ["The second factor is a secret for an authenticator. Without one, its number of this half minute:"]
        lines += [f"  .venv/bin/sunmao demo --code {rows[0].email}"]
    else:
        lines += ["This data folder holds a register of its own; nothing was loaded into it."]
    if address:
        lines += ["", f"Sunmao answers at {address}    Ctrl-C ends it"]
    print("\n".join(lines), flush=True)


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(cell) for cell in column) for column in zip(heads, *rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (heads, *rows)
    ]


def _tell_code(email: str) -> int:
    found = next((row for row in signins.kept() if row.email == email and row.secret), None)
    if found is None:
        print(f"sunmao demo: the demonstration has no account “{email}” with a second factor.", file=sys.stderr)
        return 1
    print(signins.code(found.secret, time.time()))
    return 0
