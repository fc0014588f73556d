"""What the trial of issuing does in a process of its own: make a register and a list, issue it, die, look.

A run kills itself with SIGKILL after a moment that the trial chooses, wherever it is then: in the middle of a part, of a
transaction, of a line. It says how many rows are done whenever it knows, so that the trial can tell where it died.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

NAMES = ("Nodira Karimova", "李小龙", "Пётр Иванов", "Aziz 'Az' O”Brien", "Ayşe 👩🏽‍🔧", "علي\u200f")


def main(verb: str, folder: str, *words: str) -> None:
    sys.path.insert(0, str(Path(__file__).parents[1] / "credentials"))
    {"make": _make, "run": _run, "look": _look}[verb](Path(folder), *words)


def _make(folder: Path, count: str) -> None:
    from award_cast import world

    from sunmao.kernel import clock

    world(joint=False, learners=1)
    with (folder / "list.csv").open("w", encoding="utf-8") as out:
        out.write("recipient_name,recipient_id,awarded_on,result,narrative\n")
        for number in range(int(count)):
            who = f"did:example:{number}" if number % 3 else ""
            out.write(f"{NAMES[number % len(NAMES)]} {number},{who},{clock.today()},{number % 101},\n")


def _person(name: str) -> Any:
    from sunmao.people.models import User

    user = User.objects.get(email__startswith=name)
    user.bound = user.second_factor = True
    return user


class Death:
    """Kills this process some seconds after `place`: the start, the telling of so many parts, or of the last row."""

    def __init__(self, place: str, seconds: str, count: int) -> None:
        self.place, self.seconds, self.count, self.told = place, float(seconds), count, 0
        if place == "start":
            self._begin()

    def tell(self, done: int) -> None:
        print(done, flush=True)
        if self.place == (done == self.count and "end") or self.place == str(self.told):
            self._begin()
        self.told += 1

    def _begin(self) -> None:
        threading.Timer(self.seconds, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()


def _run(folder: Path, part: str, count: str, place: str, seconds: str, out: str = "out.jsonl") -> None:
    """Issue what is left; `out` is the file's name, empty for a run that only joins. Says at last how many it kept."""
    from sunmao.credentials import actions, issuing, recipients
    from sunmao.credentials.models import Award, Batch, BatchState
    from sunmao.kernel import sheets

    death = Death(place, seconds, int(count))
    issuing.PART, issuing.PATIENCE = int(part), 1.0
    if place == "stall":
        _stall(folder, actions)
    path, award = folder / "list.csv", Award.objects.get()
    if not Batch.objects.exists():  # to read the list once more writes nothing
        assert recipients.check(path, recipients.checker_of(award)).count == int(count)
    lin, wang = _person("lin"), _person("wang")
    batch = actions.propose(award, count=int(count), sha256=sheets.digest(path), by=lin)
    if batch.state == BatchState.PROPOSED:
        batch = actions.sign_batch(batch, file_sha256=batch.file_sha256, by=wang)
    if out == "begin":
        return
    file = folder / out if out else None
    run = issuing.Run(batch, recipients.recipients(path), file, by=wang, tell=death.tell)
    run.finish()
    print(run.own, flush=True)


def _stall(folder: Path, actions: Any) -> None:
    """Stand still with what was signed, and with its claim, until the trial says to go on."""
    write = actions.write_issued

    def late(*args: Any, **kwargs: Any) -> None:
        (folder / "stands").touch()
        while not (folder / "go").exists():
            time.sleep(0.01)
        write(*args, **kwargs)

    actions.write_issued = late


def _look(folder: Path) -> None:
    from sunmao.credentials import trusting
    from sunmao.credentials.models import Batch, Issued
    from sunmao.kernel import clock, doctor
    from sunmao.kernel.merkle import leaf_hash, root_of
    from sunmao.vc.checks import Asked
    from sunmao.vc.contexts import default_contexts
    from sunmao.vc.known import Known

    known = Known(Asked(trusting.live(), clock.now(), default_contexts()))
    lines = (folder / "out.jsonl").read_bytes().splitlines()
    rows = list(Issued.objects.values_list("uid", "number", "status_list", "status_index", "serial"))
    batch = Batch.objects.get()
    print(json.dumps({
        "verdicts": Counter(str(known.verify(line).verdict) for line in lines),
        "ids": len({json.loads(line)["id"] for line in lines}),
        "kept": len({f"urn:uuid:{row[0]}" for row in rows} & {json.loads(line)["id"] for line in lines}),
        "rows": len(rows), "numbers": len({row[1] for row in rows}), "places": len({row[2:4] for row in rows}),
        "serials": len({row[4] for row in rows}), "state": batch.state,
        "root": batch.root == root_of(map(leaf_hash, lines)).hex(), "found": [str(one) for one in doctor.examine()],
    }))  # fmt: skip
