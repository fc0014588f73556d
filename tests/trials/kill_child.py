"""The process that is killed: does deeds in a loop, telling each SQL statement and each acknowledgement.

It is a fork (forks.py) with the data folder and the database of the trial. On its standard output, one line each:
`begin N DEED`, `sql N K w|r` before statement K of deed N, `ack N DEED CODE` after the commit. In the deed after a few
whole ones it kills itself with SIGKILL, at a statement that the seed chooses.
"""

from __future__ import annotations

import os
import random
import re
import signal
from typing import Any

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


def say(*words: Any) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def main(seed: str, before: str, phase: str) -> None:
    """Do some whole deeds, then one that is killed: `read` before its first write, `write` after it, `commit` right at
    the commit, `after` between commit and acknowledgement."""
    from django.db import connection

    chance, whole = random.Random(seed), int(before)
    deeds = _deeds()
    target, state = chance.randrange(1, 40), {"number": 0, "count": 0, "wrote": 0}

    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def watch(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        state["count"] += 1
        writes = bool(WRITES.match(sql))
        state["wrote"] += writes
        say("sql", state["number"], state["count"], "w" if writes else "r")
        last = state["number"] == whole + 1
        if last and phase == "read" and state["count"] > 1 and not state["wrote"]:
            die()
        result = execute(sql, params, many, context)
        if last and phase == "write" and state["wrote"] and state["count"] >= target:
            die()
        return result

    real = connection._commit

    def commit() -> None:
        if state["number"] == whole + 1 and state["wrote"] and phase in ("commit", "write"):
            die()  # a short deed that was to be killed later dies here, all written and nothing committed
        real()

    connection.ensure_connection()
    connection._commit = commit
    with connection.execute_wrapper(watch):
        for number in range(1, whole + 2):
            name = chance.choice(sorted(deeds))
            state.update(number=number, count=0, wrote=0)
            say("begin", number, name)
            told = deeds[name](f"{seed}-{number}")
            if number == whole + 1 and phase == "after":
                die()
            say("ack", number, name, told)


def _deeds() -> dict[str, Any]:
    """Return five deeds on what the trial laid out; each returns what its acknowledgement says."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from sunmao.agreements import actions as agreements
    from sunmao.agreements import queries
    from sunmao.agreements.models import Agreement
    from sunmao.cohorts import actions as cohorts
    from sunmao.cohorts.models import Cohort
    from sunmao.directory import actions as directory
    from sunmao.directory.models import Organisation
    from sunmao.kernel.text import Texts
    from sunmao.people.models import User
    from sunmao.workshops import actions as workshops
    from sunmao.workshops.models import Stage, StageState

    def person(name: str) -> Any:
        found = User.objects.get(person__name__en__text=name)
        found.bound = found.second_factor = True
        return found

    def add(word: str) -> str:
        made = Organisation(title=Texts.of({"en": f"College {word}", "zh": f"学院 {word}"}), country="CN")
        return str(directory.keep(made, by=person("Lin Example")).code)

    def edit(word: str) -> str:
        row = Organisation.objects.get(names__text="The counted house")
        row.city = str(int(row.city or 0) + 1)
        directory.keep(row, by=person("Lin Example"))
        return str(row.city)

    def approve(word: str) -> str:
        row = Agreement.objects.get()
        by = person("Lin Example")
        held = queries.open_version(row)
        text = Texts.of(en=f"The parties agree {word}.")
        agreements.propose_text(row, text=text, prevails="en", digest=held.digest if held else "", by=by)
        agreements.approve(row, digest=queries.open_version(row).digest, by=by)
        return str(queries.open_version(row).digest)

    def sign_off(word: str) -> str:
        row = Stage.objects.get(kind="site")
        if row.state == StageState.TO_SIGN_OFF:
            workshops.send_back(row, remark=f"again {word}", by=person("Lin Example"))
            return f"{word}:back"
        act = SimpleUploadedFile("act.pdf", word.encode())
        fact = Texts.of(f"fact {word}")
        workshops.propose(row, fact=fact, evidence_title=Texts.of(word), file=act, by=person("Alisher Example"))
        return f"{word}:proposed"

    def result(word: str) -> str:
        row = Cohort.objects.get()
        learner = cohorts.enrol(row, name=Texts.of(f"Learner {word}"), number=word, by=person("Lin Example"))
        for outcome in row.version.outcomes.order_by("number"):
            cohorts.record_result(
                learner, outcome=outcome, passed=True, grade="good", assessed_on=row.starts_on, by=person("Lin Example")
            )
        return str(learner.learner.number)

    def whole(deed: Any) -> Any:
        from sunmao.kernel import changes

        def done(word: str) -> str:
            with changes.together():
                return str(deed(word))

        return done

    found = {"add": add, "edit": edit, "approve": approve, "sign_off": sign_off, "result": result}
    return {name: whole(deed) for name, deed in found.items()}
