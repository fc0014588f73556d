"""States of the deeds on organisations, doubts, merges and keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cast import TESTS, organisation, user
from deed_states import Ready, state

from sunmao.directory import actions as directory
from sunmao.directory.models import Doubt, Merge
from sunmao.kernel import changes, clock
from sunmao.keys import actions as keys


def _twins() -> Any:
    left, right = (
        organisation("Rail College", zh="铁道学院", country="CN"),
        organisation("Railway College", country="CN"),
    )
    return left, right, user("Sec Example", ("secretariat", organisation("Register")), ("officer", left))


@state("organisations.merge")
def _merge() -> Ready:
    left, right, sec = _twins()
    return Ready(left, sec, {"into": right, "why": "The same house"})


@state("organisations.keep_apart")
def _keep_apart() -> Ready:
    left, right, sec = _twins()
    return Ready(left, sec, {"other": right, "why": "Two houses"})


@state("merges.unmerge")
def _unmerge() -> Ready:
    left, right, sec = _twins()
    directory.merge(left, into=right, why="The same house", by=sec)
    return Ready(Merge.objects.get(), sec, {"why": "They are two"})


@state("doubts.same", "doubts.different")
def _doubt() -> Ready:
    left, _right, sec = _twins()
    held = {
        "number": 2, "fields": {"city": "Tianjin", "country": "CN"}, "title": {"en": "College of Rail"},
        "names": [["en", "official", "College of Rail"], ["zh", "alias", "铁道学院"]], "ids": {"other": f"x-{left.pk}"},
    }  # fmt: skip
    row = Doubt(organisation=left, held=held, score=0.9, reasons=[["same_city", {"city": "Tianjin"}]])
    return Ready(changes.save(row, by=TESTS), sec, {"why": "Compared"})


@state("people.choose_reminders")
def _reminders() -> Ready:
    lin = user("Lin Example", ("officer", organisation("College")))
    return Ready(lin.person, lin, {"reminders": False, "language": "zh-hans"})


def _key(**asked: Any) -> Ready:
    college = organisation("College")
    lin = user("Lin Example", ("officer", college))
    return Ready(keys.make(college, by=lin), lin, asked)


@state("keys.rotate", "keys.retire")
def _end_key() -> Ready:
    return _key(why="Yearly")


@state("keys.report_compromised")
def _compromised() -> Ready:
    return _key(why="The folder was copied", since=clock.now() - timedelta(days=1))
