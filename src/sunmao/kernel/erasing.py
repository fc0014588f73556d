"""Erasing what the log says of records: values and salts go, commitments stay, so that the log remains whole and says
nothing. The record itself is emptied or deleted first, by the room that knows what may go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sunmao.kernel import changes, search
from sunmao.kernel.doctor import ERASED
from sunmao.kernel.models import ChangeValues, Leaf, Record


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
