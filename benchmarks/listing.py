"""A 50-row list with filters at a nation's size: our page beside a plain Django page with the same rows, and beside
django-tables2 with django-filter. One core, one run, the ways in turn, another place of the list at each request, half
the requests filtered, no caches.

All go through the same middleware as the same person and draw the same frame and menu; who saw which learner is kept
by all. The rows of all are compared cell by cell.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from benchmarks.places import surroundings

SIZE = 50
ROUNDS = 60
WARMING = 4
FILTERED = {"organisations": {"kind": "college"}, "enrolments": {"state": "completed"}}


def measure(home: Path, database: str = "") -> dict[str, Any]:
    """Run the bench in a process of its own, pinned to one core, on a register of its own."""
    env = {**surroundings(home, database), "DJANGO_SETTINGS_MODULE": "benchmarks.listing_settings"}
    done = subprocess.run([sys.executable, "-m", "benchmarks.listing"], env=env, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def _cells(page: bytes) -> list[list[str]]:
    """Return the texts of the table's cells, row by row."""
    body = re.search(rb"<tbody[^>]*>(.*?)</tbody>", page, re.S)
    rows = re.findall(r"<tr.*?>(.*?)</tr>", body.group(1).decode() if body else "", re.S)
    texts = [
        [unescape(re.sub(r"<[^>]+>", " ", cell)) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.S)]
        for row in rows
    ]
    return [[" ".join(text.split()) for text in row] for row in texts]


def _timed(get: Callable[[str], Any], address: str) -> tuple[float, bytes]:
    begun = time.perf_counter()
    answer = get(address)
    took = time.perf_counter() - begun
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return took, answer.content


def _places(desk: Any, user: Any, asked: dict[str, str], count: int) -> list[dict[str, str]]:
    """Return places spread over the list, each as every way is asked for it."""
    from sunmao.kernel.listing import Listing

    listing = Listing(desk, user, asked)
    rows = listing.all()
    total = rows.count()
    out = []
    for number in range(count):
        page = int(total / SIZE * 0.9 * (number + 1) / count)
        row = rows[page * SIZE - 1]
        edge = {"value": getattr(row, listing.column), "id": row.pk}
        queries = {
            "ours": {"after": listing._mark(row)},
            "plain": edge,
            "tables2-keyset": edge,
            "tables2": {"page": page + 1},
        }
        out.append({
            way: f"/{'' if way == 'ours' else way + '/'}{desk.slug}/?{urlencode({**asked, **query})}"
            for way, query in queries.items()
        })  # fmt: skip
    return out


def run() -> dict[str, Any]:
    """Measure each list and return seconds per page."""
    from django.test import Client

    from benchmarks.places import ready

    user = ready()
    from sunmao.kernel.desk import registry  # Django is ready only now

    client = Client()
    client.force_login(user, backend="sunmao.people.sessions.Backend")
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session.save()
    user.second_factor = user.bound = True
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    return {slug: _one(registry.by_slug[slug], user, client) for slug in FILTERED}


def _one(desk: Any, user: Any, client: Any) -> dict[str, Any]:
    """Return seconds per page: medians by way, the 95th percentile of ours, and of the first and a late page."""
    whole, some = _places(desk, user, {}, ROUNDS // 2), _places(desk, user, FILTERED[desk.slug], ROUNDS // 2)
    ways: dict[str, list[float]] = {way: [] for way in whole[0]}
    order = list(ways)
    for number, addresses in enumerate(place for pair in zip(whole, some, strict=True) for place in pair):
        pages = {}
        order.append(order.pop(0))
        for way in order:
            took, pages[way] = _timed(client.get, addresses[way])
            if number >= WARMING:
                ways[way].append(took)
        rows = _cells(pages["ours"])
        for way, page in pages.items():
            if len(rows) != SIZE or rows != _cells(page):
                raise RuntimeError(f"{desk.slug}: the page {way} does not show the same rows")
    ends: dict[str, list[float]] = {"first": [], "late": []}
    for _number in range(25):
        for end, address in (("first", f"/{desk.slug}/"), ("late", whole[-1]["ours"])):
            ends[end].append(_timed(client.get, address)[0])
    ordered = sorted(ways["ours"])
    found = {name: statistics.median(times) for name, times in (*ways.items(), *ends.items())}
    return {**found, "p95": ordered[int(len(ordered) * 0.95)]}


if __name__ == "__main__":
    print(json.dumps(run()))
