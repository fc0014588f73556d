"""Erasing what the log says of records: values and salts go, commitments stay, so that the log remains whole and says
nothing. The record itself is emptied or deleted first, by the room that knows what may go."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection, transaction

from sunmao.kernel import changes, search
from sunmao.kernel.doctor import ERASED, Finding
from sunmao.kernel.models import Change, ChangeValues, Leaf, Record

WAIT = 2000  # milliseconds that clearing SQLite's journal waits for readers


@dataclass(frozen=True)
class Way:
    """How a kind of record is erased: the model, the rows of it that are not, and the deed."""

    model: type[Record]
    standing: Callable[[Any], Any]
    erase: Callable[..., Any]


_ways: dict[str, Way] = {}


def teach(way: Way) -> None:
    """Let a room say how its records are erased, so that it is done again where a restored backup brings one back."""
    _ways[way.model._meta.label_lower] = way


def erase(records: Sequence[Record], *, by: Any, why: str) -> None:
    """Delete the values and salts that the log holds of these records, which may be deleted ones, and log for each that
    this was done. `why` stays in the log for good: it must name nobody."""
    with changes.together():
        uids = [record.uid for record in records]
        for start in range(0, len(uids), 500):
            part = uids[start : start + 500]
            ChangeValues.objects.filter(change__record__in=[str(uid) for uid in part]).delete()
            Leaf.objects.filter(record__in=part).update(salt="")
        for record in records:
            changes.note(record, by=by, deed=ERASED, why=why)
        search.purge()
        transaction.on_commit(_settle)


def _settle() -> None:
    keep_list()
    clear_journal()


def clear_journal() -> None:
    """Empty SQLite's write-ahead journal, in which what was overwritten stands until it is written over."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            held = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout = {WAIT}")
            with suppress(OperationalError):  # somebody reads or writes: the journal is written over later
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute(f"PRAGMA busy_timeout = {int(held)}")


def place() -> Path:
    """Return where it is kept whom the register erased: beside the database, where a restored backup does not reach."""
    return Path(settings.SUNMAO_HOME) / "erased.json"


def listed() -> set[tuple[str, str]]:
    """Return what was erased: (kind, identifier), naming nobody."""
    if not place().exists():
        return set()
    return {(kind, uid) for kind, uid in json.loads(place().read_text(encoding="utf-8"))}


def keep_list() -> None:
    """Write down beside the database what the log says was erased and the list does not hold yet."""
    rows = Change.objects.filter(deed=ERASED, kind__in=_ways).values_list("kind", "record")
    held = listed()
    if fresh := set(rows) - held:
        beside = place().with_name(f".{place().name}-{os.getpid()}")
        with beside.open("w", encoding="utf-8") as out:
            json.dump(sorted(held | fresh), out)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(place())


def standing() -> Iterator[tuple[Way, Any]]:
    """Yield the records that the list says were erased and that stand here again."""
    for kind, uid in sorted(listed()):
        if way := _ways.get(kind):
            yield from ((way, row) for row in way.standing(way.model._default_manager.filter(uid=uid)))


def again(*, by: Any, why: str) -> int:
    """Erase anew what stands here again; return how many."""
    done = 0
    for way, row in standing():
        way.erase(row, by=by, why=why)
        done += 1
    return done


def examine() -> Iterator[Finding]:
    """Yield what was erased and stands here again."""
    for way, row in standing():
        yield Finding(f"{way.model._meta.model_name} {row.uid}", "was erased and stands here again: sunmao erase-again")
