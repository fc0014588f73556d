"""Many people edit a few shared records at once, each in a thread with a connection of its own, on a database of its own.

It lays the records out, lets so many people edit so many times, and prints as JSON what was acknowledged, what the
register holds, how many edits were refused as stale, and every fault.
"""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from typing import Any

SHARED = 4  # records that everybody edits


class Editor(threading.Thread):
    """Adds one to the number kept in a shared record's city, again and again; keeps what was acknowledged."""

    def __init__(self, number: int, keys: list[int], edits: int, gate: threading.Barrier) -> None:
        super().__init__()
        self.chance, self.keys, self.edits, self.gate = random.Random(number), keys, edits, gate
        self.acknowledged: Counter[int] = Counter()
        self.stale = self.busy = 0
        self.faults: list[str] = []

    def run(self) -> None:
        from django.db import connection

        self.gate.wait()
        try:
            for _ in range(self.edits):
                self._edit(self.chance.choice(self.keys))
        except Exception as error:
            self.faults.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    def _edit(self, key: int) -> None:
        """Edit until it is taken: whoever is refused as stale looks at the newer text and tries again; whoever waits for
        SQLite's one writer longer than its timeout is told so, nothing is written, and tries again, too."""
        from django.db import OperationalError

        from sunmao.directory.models import Organisation
        from sunmao.kernel import changes
        from sunmao.kernel.changes import Stale, System

        while True:
            row: Any = Organisation.objects.get(pk=key)
            seen, row.city = int(row.city), str(int(row.city) + 1)
            try:
                changes.save(row, by=System("editor"))
            except Stale as refused:
                self.stale += 1
                if int(refused.theirs.city) <= seen or int(refused.mine.city) != seen + 1:
                    self.faults.append("the refusal does not carry both texts")
            except OperationalError as refused:
                self.busy += 1
                if "locked" not in str(refused):
                    raise
            else:
                self.acknowledged[key] += 1
                return


def main(people: str, edits: str) -> None:
    from sunmao.directory import actions as directory
    from sunmao.directory.models import Organisation
    from sunmao.kernel import doctor
    from sunmao.kernel.changes import System
    from sunmao.kernel.text import Texts

    rows = [Organisation(title=Texts.of(f"Shared {n}"), city="0") for n in range(SHARED)]
    keys = [directory.keep(row, by=System("editor")).pk for row in rows]
    gate = threading.Barrier(int(people))
    editors = [Editor(number, keys, int(edits), gate) for number in range(int(people))]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join()
    held = {row.pk: int(row.city) for row in Organisation.objects.filter(pk__in=keys)}
    print(json.dumps({
        "acknowledged": [sum(editor.acknowledged[key] for editor in editors) for key in keys],
        "held": [held[key] for key in keys], "stale": sum(editor.stale for editor in editors),
        "busy": sum(editor.busy for editor in editors),
        "faults": [fault for editor in editors for fault in editor.faults],
        "found": [f"{item.place}: {item.says}" for item in doctor.examine()],
    }))  # fmt: skip
