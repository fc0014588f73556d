"""What a revocation touches: the decisions that rest on one instrument, through `queries.resting_on`, in a register of
128,000 decisions that rest on 25 facts each (3.2 million dependencies), 100,000 of them on that instrument.

The register is the bench's own, made once per data folder by plain bulk inserts.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

DECISIONS, GROUNDS, TOUCHED = 128_000, 25, 100_000
REVOKED, OTHER = "IN-00001", "IN-00002"
KEPT = "sunmao_impact_"
TIMES = 7


def mark() -> str:
    """Return eight hex digits of the tables and of what fills them."""
    rooms = Path(__file__).resolve().parents[1] / "src" / "sunmao"
    found = hashlib.sha256()
    for path in [Path(__file__), *sorted(rooms.glob("*/migrations/0*.py"))]:
        found.update(path.read_bytes())
    return found.hexdigest()[:8]


def measure(home: Path, database: str = "") -> dict[str, float]:
    """Run the bench in a process of its own."""
    place = home / "bench-impact" / mark()
    for old in (home / "bench-impact").glob("*"):
        if old != place:
            shutil.rmtree(old)
    env = {**os.environ, "SUNMAO_HOME": str(place), "DJANGO_SETTINGS_MODULE": "sunmao.site.settings"}
    env.pop("SUNMAO_DATABASE_URL", None)
    if database:
        env["SUNMAO_DATABASE_URL"] = _own_database(database)
    done = subprocess.run([sys.executable, "-m", "benchmarks.impact"], env=env, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(done.stdout))


def _own_database(address: str) -> str:
    """Return the address of the bench's own database on a PostgreSQL; what earlier versions made is dropped."""
    import psycopg
    from psycopg import sql

    name = KEPT + mark()
    with psycopg.connect(address, autocommit=True) as connection:
        rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{KEPT}%"]).fetchall()
        for (old,) in rows:
            if old != name:
                connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
        if (name,) not in rows:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlsplit(address)._replace(path=f"/{name}").geturl()


def build() -> None:
    """Fill an empty register; a filled one is left as it is."""
    from django.db import connection, transaction

    from benchmarks.generator import _fill
    from sunmao.directory.models import Organisation
    from sunmao.kernel import clock
    from sunmao.kernel.text import Texts
    from sunmao.people.models import Person
    from sunmao.recognition.models import Case, Decision, Ground, Instrument
    from sunmao.standards.models import Programme, ProgrammeVersion

    if Ground.objects.count() == DECISIONS * GROUNDS:
        return
    with transaction.atomic():
        _fill(Organisation(title=Texts.of("Ministry"), kind="authority", country="UZ"), ("code",), [("ORG-00001",)])
        _fill(Person(name=Texts.of("Somebody")), ("code",), [("P-00001",), ("P-00002",)])
        _fill(Programme(title=Texts.of("Skill"), owner_id=1, country="UZ"), ("code",), [("PR-00001",)])
        _fill(ProgrammeVersion(programme_id=1, label="2026", state="published"), ("code",), [("PV-00001",)])
        act = Instrument(
            title=Texts.of("Act"), basis="ministry", authority_id=1, home="CN", host="UZ", purposes="study",
            state="published", recorded_at=clock.now(),
        )  # fmt: skip
        _fill(act, ("code",), [(REVOKED,), (OTHER,)])
        case = Case(authority_id=1, target_id=1, purpose="study", applied_on=date(2026, 1, 5), state="decided")
        numbers = range(1, DECISIONS + 1)
        _fill(case, ("code", "holder"), ((f"RC-{n:05d}", f"P-{n:08X}") for n in numbers))
        issued = Decision(
            state="issued", as_of=date(2026, 1, 6), known_at=clock.now(), computed="x" * 2000, evidence="x" * 500,
            digest="0" * 64, indicated="full", result="full", proposed_by_id=1, decided_by_id=2,
        )  # fmt: skip
        rows = ((f"RD-{n:05d}", n, 1 + (not _touched(n))) for n in numbers)
        _fill(issued, ("code", "case_id", "instrument_id"), rows)
        _fill_grounds(Ground._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _touched(number: int) -> bool:
    """Whether a decision rests on the instrument to be revoked: 100,000 of 128,000, all over the table."""
    return number * TOUCHED // DECISIONS != (number - 1) * TOUCHED // DECISIONS


def _fill_grounds(table: str) -> None:
    from django.db import connection

    def rows() -> Iterator[tuple[int, str]]:
        for number in range(1, DECISIONS + 1):
            yield number, REVOKED if _touched(number) else OTHER
            yield from ((number, f"CR-{(number * 37 + place * 101) % 40_000:05d}") for place in range(GROUNDS - 1))

    found: Iterable[tuple[int, str]] = rows()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(f'INSERT INTO "{table}" (decision_id, "key") VALUES (%s, %s)', found)
        else:
            with cursor.copy(f'COPY "{table}" (decision_id, "key") FROM STDIN') as copy:
                for row in found:
                    copy.write_row(row)


def run() -> dict[str, float]:
    import django

    django.setup()
    from django.core.management import call_command

    from sunmao.recognition import queries
    from sunmao.recognition.models import Ground

    call_command("migrate", interactive=False, verbosity=0)
    build()
    assert Ground.objects.count() == DECISIONS * GROUNDS
    taken, own = [], []
    for _ in range(TIMES):
        begun, before = time.perf_counter(), time.process_time()
        found = list(queries.resting_on([REVOKED]).order_by().values_list("code", "case__code", "standing"))
        taken.append(time.perf_counter() - begun)
        own.append(time.process_time() - before)
        assert len({code for code, *_more in found}) == len(found) == TOUCHED
    begun = time.perf_counter()
    page = [row.code for row in queries.resting_on([REVOKED]).order_by("-id")[:200]]
    first = time.perf_counter() - begun
    assert len(page) == 200
    return {"seconds": statistics.median(taken), "slowest": max(taken), "cpu": statistics.median(own), "page": first}


if __name__ == "__main__":
    print(json.dumps(run()))
