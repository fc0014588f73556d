"""The points of the home map: one per workshop, where it stands, else where its country or region lies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sunmao.portal.labels import Label, Point, place
from sunmao.portal.land import VIEW_HEIGHT, VIEW_WIDTH, project
from sunmao.portal.middles import MIDDLES


@dataclass(frozen=True)
class Dot:
    """One workshop on the map: `kind` are the stylesheet's words op, su and area."""

    x: float
    y: float
    kind: str


@dataclass(frozen=True)
class Drawn:
    """What the map shows: points, and names beside them (kind, label)."""

    dots: list[Dot]
    names: list[tuple[str, Label]]


def draw(workshops: Iterable[Any], operating: frozenset[str]) -> Drawn:
    """Return points and names of workshops; those whose country or region is not stated have no point.

    A country or region with several workshops is named once where their points fall together, and with the city
    of each where they do not.
    """
    dots, points = [], []
    rows = [row for row in workshops if _where(row) is not None]
    several = Counter(str(row.country) for row in rows)
    named: list[tuple[str, float, float]] = []
    for row in rows:
        x, y = _where(row)  # type: ignore[misc]
        on = "op" if row.state in operating else "su"
        dots.append(Dot(x, y, on if row.latitude is not None else f"{on} area"))
        country = str(getattr(row.country, "label", row.country))
        if any(name == country and abs(x - px) < 12 and abs(y - py) < 12 for name, px, py in named):
            points.append(Point(on, x, y, ""))
            continue
        named.append((country, x, y))
        city = row.city if several[str(row.country)] > 1 and not _together(rows, row) else ""
        points.append(
            Point(on, x, y, _("%(country)s, %(city)s") % {"country": country, "city": city} if city else country)
        )
    labels = place(points, VIEW_WIDTH, VIEW_HEIGHT)
    return Drawn(dots, [("lsu" if label.key == "su" else "", label) for label in labels if label.name])


def places(workshops: Iterable[Any]) -> list[tuple[str, str, int]]:
    """Return the countries and regions of workshops by their names: name, code, how many stand there."""
    codes = Counter(row.country for row in workshops if row.country)
    return sorted((str(getattr(country, "label", country)), str(country), number) for country, number in codes.items())


def _where(row: Any) -> tuple[float, float] | None:
    if row.latitude is not None and row.longitude is not None:
        return project(row.latitude, row.longitude)
    middle = MIDDLES.get(str(row.country))
    return project(*middle) if middle else None


def _together(rows: list[Any], row: Any) -> bool:
    x, y = _where(row)  # type: ignore[misc]
    same = [_where(other) for other in rows if str(other.country) == str(row.country)]
    return all(abs(x - px) < 12 and abs(y - py) < 12 for px, py in same)  # type: ignore[misc]
