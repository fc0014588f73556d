"""Counting who belonged to an alliance on a day, from dates as precise as known. Thinks; touches no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sunmao.kernel.when import When


class Stint(Protocol):
    """One time of belonging: half-open, so the day it is left on no longer counts."""

    joined: When | None
    known: When | None
    left: When | None
    country: str


@dataclass(frozen=True)
class Standing:
    """Members and their countries or regions on a day: those who surely belonged, and how many more may have."""

    members: int
    members_unsure: int
    countries: int
    countries_unsure: int


def surely(stint: Stint, day: date) -> bool:
    """True when it belonged on `day` wherever in their spans the true dates lie."""
    since = any(found is not None and found.surely_by(day) for found in (stint.joined, stint.known))
    return since and not (stint.left is not None and stint.left.possibly_by(day))


def possibly(stint: Stint, day: date) -> bool:
    """True when some reading of the dates has it belong on `day`; an unstated date excludes nothing."""
    since = stint.joined is None or stint.joined.possibly_by(day)
    return since and not (stint.left is not None and stint.left.surely_by(day))


def standing(stints: Iterable[Stint], day: date) -> Standing:
    """Count the stints on `day`. A country counts as sure when one of its members is."""
    rows = list(stints)
    sure = [row for row in rows if surely(row, day)]
    unsure = [row for row in rows if not surely(row, day) and possibly(row, day)]
    lands = {str(row.country) for row in sure} - {""}
    more = {str(row.country) for row in unsure} - lands - {""}
    return Standing(len(sure), len(unsure), len(lands), len(more))
