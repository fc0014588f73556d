"""A 50-row list with filters at a nation's size: our page beside a plain Django page with the same rows, and beside
django-tables2 with django-filter. One core, one run, the three in turn, another cursor at each request, no caches.

All three go through the same middleware as the same person and draw the same frame and menu.
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

ROUNDS = 60


def measure(home: Path) -> dict[str, Any]:
    """Run the bench in a process of its own, pinned to one core, on a data folder of its own."""
    env = {**os.environ, "SUNMAO_HOME": str(home / "bench"), "DJANGO_SETTINGS_MODULE": "benchmarks.listing_settings"}
    env.pop("SUNMAO_DATABASE_URL", None)
    done = subprocess.run([sys.executable, "-m", "benchmarks.listing"], env=env, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


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


def _cursors(desk: Any, user: Any, count: int) -> list[tuple[str, Any]]:
    """Return cursors spread over the list: (ours, the edge as the peers take it)."""
    from sunmao.kernel.listing import Listing

    listing = Listing(desk, user, {})
    rows = desk.model._base_manager.order_by(listing.column, "id")
    total = rows.count()
    out = []
    for number in range(count):
        row = rows[int(total * 0.9 * number / count)]
        out.append((listing._mark(row), (getattr(row, listing.column), row.pk)))
    return out


def run() -> dict[str, Any]:
    """Measure each list and return seconds per page."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from benchmarks.generator import build
    from sunmao.kernel.desk import registry

    call_command("migrate", interactive=False, verbosity=0)
    user = build()
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time()}]
    session.save()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {0})
    found = {}
    for slug in ("organisations", "enrolments"):
        desk = registry.by_slug.get(slug)
        if desk is None or not desk.may(user, "see"):
            continue
        found[slug] = _one(desk, user, client)
    return found


def _one(desk: Any, user: Any, client: Any) -> dict[str, Any]:
    user.second_factor = user.bound = True
    marks = _cursors(desk, user, ROUNDS)
    ways: dict[str, list[float]] = {"ours": [], "plain": [], "tables2": []}
    for number, (mark, (value, pk)) in enumerate(marks):
        addresses = {
            "ours": f"/{desk.slug}/?after={mark}", "plain": f"/plain/{desk.slug}/?value={value}&id={pk}",
            "tables2": f"/tables2/{desk.slug}/?value={value}&id={pk}",
        }  # fmt: skip
        pages = {}
        for way in ("ours", "plain", "tables2") if number % 2 else ("tables2", "plain", "ours"):
            took, pages[way] = _timed(client.get, addresses[way])
            if number > 3:
                ways[way].append(took)
        rows = _cells(pages["ours"])
        if len(rows) != 50 or rows != _cells(pages["plain"]):
            raise RuntimeError(f"{desk.slug}: the plain page does not show the same rows")
        if [row[0] for row in rows] != [row[0] for row in _cells(pages["tables2"])]:
            raise RuntimeError(f"{desk.slug}: the tables2 page does not show the same rows")
    first = statistics.median(_timed(client.get, f"/{desk.slug}/")[0] for _n in range(25))
    late = statistics.median(_timed(client.get, f"/{desk.slug}/?after={marks[-1][0]}")[0] for _n in range(25))
    ordered = sorted(ways["ours"])
    return {
        **{way: statistics.median(times) for way, times in ways.items()}, "p95": ordered[int(len(ordered) * 0.95)],
        "first": first, "late": late,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(run()))
