"""`make bench`: runs the benchmarks, prints a table and writes bench.json into the data folder.

python -m benchmarks            all of them
python -m benchmarks weight     only those named
"""

from __future__ import annotations

import json
import os
import sys
import time

from rich.console import Console
from rich.table import Table

from benchmarks.measures import MEASURES, apart
from benchmarks.rows import Row


def number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def table(rows: list[Row]) -> Table:
    """Return the rows as a table for the terminal."""
    drawn = Table(box=None, pad_edge=False)
    for head in ("measure", "ours", "peer", "ratio", "goal", ""):
        drawn.add_column(head, justify="right" if head in ("ours", "peer", "ratio") else "left", overflow="fold")
    for row in rows:
        peer = f"{number(row.peer)} {row.unit} ({row.peer_name})" if row.peer is not None else ""
        verdict = {True: "met", False: "[bold red]NOT MET[/]", None: ""}[row.met]
        ratio = f"{number(row.ratio)} ×" if row.ratio is not None else ""
        drawn.add_row(row.name, f"{number(row.ours)} {row.unit}", peer, ratio, row.goal, verdict)
    return drawn


def main(words: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sunmao.site.settings")
    from django.conf import settings

    unknown = set(words) - set(MEASURES)
    if unknown:
        print(f"There is no benchmark {', '.join(sorted(unknown))}. There are: {', '.join(MEASURES)}", file=sys.stderr)
        return 2
    console, rows, broken = Console(), [], []
    for name in words or MEASURES:
        begun = time.monotonic()
        console.print(f"{name} …", end=" ")
        try:
            rows += apart(name)
        except FileNotFoundError as error:
            console.print(f"left out: {error}")
        except Exception:  # the others are still worth having
            console.print_exception()
            broken.append(name)
        else:
            console.print(f"{time.monotonic() - begun:.0f} s")
    console.print(table(rows))
    target = settings.SUNMAO_HOME / "bench.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps([row.plain() for row in rows], ensure_ascii=False, indent=1), encoding="utf-8")
    console.print(f"Written to {target}")
    for name in broken:
        console.print(f"[bold red]{name} broke off; its figures are missing[/]")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
