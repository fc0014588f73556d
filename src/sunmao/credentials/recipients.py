"""A list of recipients: read row by row, and every row checked before anything is signed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.credentials import actions
from sunmao.credentials.filling import SAID, Filled, Filler
from sunmao.credentials.models import Award
from sunmao.kernel import clock, sheets
from sunmao.kernel.sheets import Problem

COLUMNS = ("recipient_name", "recipient_id", "awarded_on", "result", "narrative")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)


@dataclass(frozen=True)
class Recipient:
    """One row of a list: its number as a person sees it, the day, and what it says (empty cells left out)."""

    serial: int
    awarded_on: date
    said: dict[str, str]


@dataclass(frozen=True)
class Checked:
    """What a list holds: how many good rows, the numbers of bad ones, and what is wrong where."""

    count: int
    bad: list[int]
    problems: list[Problem]


def recipients(path: Path, skip: frozenset[int] = frozenset()) -> Iterator[Recipient]:
    """Yield the recipients of a list that was checked, without the rows in `skip`."""
    for serial, cells in sheets.stream(path):
        if serial not in skip:
            yield Recipient(serial, date.fromisoformat(cells["awarded_on"]), _said(cells))


def _said(cells: dict[str, str]) -> dict[str, str]:
    return {name: cells[name] for name in SAID if cells.get(name)}


def checker_of(award: Award) -> Filler:
    """Return what rows of a list are tried out on before anything is signed."""
    return Filler(actions.template(award, actions.signing_keys(award)), (), months=award.months or 0)


def check(path: Path, filler: Filler, most: int = 1_000) -> Checked:
    """Return what is wrong with a list, at most so many problems; every row is looked at."""
    count, today = 0, clock.today()
    problems: list[Problem] = []
    bad: list[int] = []
    for serial, cells in sheets.stream(path):
        if not count and not bad:
            _need_columns(cells)
        found = list(_problems(serial, cells, filler, today))
        if found:
            bad.append(serial)
            problems += found[: max(0, most - len(problems))]
        else:
            count += 1
    return Checked(count, bad, problems)


def _need_columns(cells: dict[str, str]) -> None:
    missing = [name for name in ("recipient_name", "awarded_on") if name not in cells]
    unknown = [name for name in cells if name not in COLUMNS]
    if missing or unknown:
        raise ValidationError(
            _(
                "The list needs the columns %(needed)s and may have no others. Missing: %(missing)s. Unknown: %(unknown)s."
            )
            % {"needed": ", ".join(COLUMNS), "missing": ", ".join(missing) or "–", "unknown": ", ".join(unknown) or "–"}
        )


def _problems(serial: int, cells: dict[str, str], filler: Filler, today: date) -> Iterator[Problem]:
    for name in cells:
        if name not in COLUMNS:
            yield Problem(serial, name, cells[name], _("The row has more cells than the head."))
            return
    if not cells["recipient_name"]:
        yield Problem(serial, "recipient_name", "", _("Say who is awarded it."))
        return
    day = cells["awarded_on"]
    try:
        awarded_on = date.fromisoformat(day) if _DAY.match(day) else None
    except ValueError:
        awarded_on = None
    if awarded_on is None:
        yield Problem(serial, "awarded_on", day, _("Write the day as 2026-06-30."))
        return
    if awarded_on > today:
        yield Problem(serial, "awarded_on", day, _("The day of award has not come yet."))
        return
    said = _said(cells)
    if filler.refusal(_tried(awarded_on, said)) is None:
        return
    for name in said:
        error = filler.refusal(_tried(awarded_on, {"recipient_name": "x", name: said[name]}))
        if error is not None:
            yield Problem(serial, name, said[name], str(error))


def _tried(awarded_on: date, said: dict[str, str]) -> Filled:
    return Filled("00000000-0000-7000-8000-000000000000", awarded_on, said, "https://example.org/1", 0)
