"""Search in one box among 11,200 organisations and 20,000 cohorts: Chinese of one and two characters, Cyrillic, whole
names and misspelt ones, as a person who may see everything; on the page, one core, no caches."""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.places import ready, surroundings

EACH = 25  # queries of each kind


def measure(home: Path, database: str = "") -> dict[str, Any]:
    """Return per kind of query the median and 95th percentile in seconds and the share that found the record."""
    env = {**surroundings(home, database), "DJANGO_SETTINGS_MODULE": "benchmarks.listing_settings"}
    done = subprocess.run([sys.executable, "-m", "benchmarks.searching"], env=env, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def _misspelt(name: str, dice: random.Random) -> str:
    """Return a name with one slip of the pen in its first word: two letters swapped, one dropped or one doubled."""
    first, rest = name.split(" ", 1)
    at = dice.randrange(1, len(first) - 1)
    return dice.choice((
        first[:at] + first[at + 1] + first[at] + first[at + 2 :], first[:at] + first[at + 1 :],
        first[:at] + first[at] + first[at:],
    )) + " " + rest  # fmt: skip


def _asked(dice: random.Random) -> dict[str, list[tuple[str, str]]]:
    """Return per kind the queries, each with the code of the record it was made from."""
    from sunmao.directory.models import Organisation

    found: dict[str, list[tuple[str, str]]] = {}
    rows = list(Organisation.objects.order_by("id"))
    dice.shuffle(rows)
    chinese = [(row.code, row.title["zh"]["text"]) for row in rows if "zh" in row.title][:EACH]
    russian = [(row.code, row.title["ru"]["text"]) for row in rows if "ru" in row.title][:EACH]
    latin = [(row.code, row.title["en"]["text"]) for row in rows if len(row.title["en"]["text"].split()[0]) >= 6][:EACH]
    found["one Chinese character"] = [(name[0], code) for code, name in chinese]
    found["two Chinese characters"] = [(name[:2], code) for code, name in chinese]
    found["Cyrillic"] = [(name, code) for code, name in russian]
    found["whole name"] = [(name, code) for code, name in latin]
    found["misspelt name"] = [(_misspelt(name, dice), code) for code, name in latin]
    return found


def run() -> dict[str, Any]:
    from django.test import Client

    user = ready()
    client = Client()
    client.force_login(user, backend="sunmao.people.sessions.Backend")
    asked = _asked(random.Random(3))
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    client.get("/search/?q=warm")
    out: dict[str, Any] = {}
    for kind, queries in asked.items():
        times, hits, pages = [], 0, []
        for words, code in queries:
            begun = time.perf_counter()
            page = client.get(f"/search/?q={quote(words)}").content.decode()
            times.append(time.perf_counter() - begun)
            hits += f"/organisations/{code}/" in page
            pages.append(re.findall(r'<th scope="row"><a href="([^"]+)"', page))
        times.sort()
        out[kind] = {
            "median": statistics.median(times), "p95": times[int(len(times) * 0.95)], "found": hits / len(times),
            "results": pages,
        }  # fmt: skip
    return out


if __name__ == "__main__":
    print(json.dumps(run()))
