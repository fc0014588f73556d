"""Where the names beside the points of a map go, so that none covers another or a point. Thinks; touches no database.

Each point is tried with its name after it, before it, above and below, then farther off on the slant; the first
free place wins, crowded points first (after Christensen, Marks and Shieber, 1995, section 4.1, greedy). A name that
finds no place is left out: the list under the map holds it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

RADIUS = 6.5
ABOVE, BELOW, HIGH = 10.0, 20.0, 12.5  # baselines above and below a point; height of a line
GAP = 3.0
_LATIN, _WIDE = 6.9, 12.8  # widths of a letter at 12.5 px
_SLANTS = ((9.0, -6.0), (9.0, 13.0), (11.0, -13.0), (11.0, 20.0))


@dataclass(frozen=True)
class Point:
    """A point of the map and the name that belongs beside it; `key` is whatever the caller knows it by."""

    key: str
    x: float
    y: float
    name: str


@dataclass(frozen=True)
class Label:
    """A name at its baseline: anchor is start, middle or end."""

    key: str
    name: str
    x: float
    y: float
    anchor: str


Box = tuple[float, float, float, float]


def width(text: str) -> float:
    """Return about how wide a text is drawn, in units of the map."""
    return sum(_WIDE if unicodedata.east_asian_width(letter) in "WF" else _LATIN for letter in text)


def place(points: Sequence[Point], wide: float, high: float) -> list[Label]:
    """Return the labels that find a free place within `wide` by `high`, in the order of the points."""
    taken = [_around(point.x, point.y) for point in points]
    found: dict[int, Label] = {}
    order = sorted(range(len(points)), key=lambda i: (-_crowd(points, i), points[i].x, points[i].y))
    for index in order:
        for label in _candidates(points[index]):
            box = box_of(label)
            others = [b for i, b in enumerate(taken) if i != index]
            if _inside(box, wide, high) and not any(overlaps(box, other) for other in others):
                found[index] = label
                taken.append(box)
                break
    return [found[index] for index in range(len(points)) if index in found]


def box_of(label: Label) -> Box:
    """Return the rectangle a label covers: left, top, right, bottom."""
    long = width(label.name)
    left = {"start": label.x, "middle": label.x - long / 2, "end": label.x - long}[label.anchor]
    return (left, label.y - HIGH + GAP, left + long, label.y + GAP)


def overlaps(one: Box, other: Box) -> bool:
    """True where two rectangles share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _candidates(point: Point) -> list[Label]:
    def at(dx: float, dy: float, anchor: str) -> Label:
        return Label(point.key, point.name, round(point.x + dx, 1), round(point.y + dy, 1), anchor)

    near = [at(10, 4, "start"), at(-10, 4, "end"), at(0, -ABOVE, "middle"), at(0, BELOW, "middle")]
    return near + [at(side * dx, dy, "start" if side > 0 else "end") for dx, dy in _SLANTS for side in (1, -1)]


def _around(x: float, y: float) -> Box:
    return (x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS)


def _inside(box: Box, wide: float, high: float) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= wide and box[3] <= high


def _crowd(points: Sequence[Point], index: int) -> int:
    """Return how many other points lie near enough for their names to get in the way."""
    here = points[index]
    return sum(abs(other.x - here.x) < 90 and abs(other.y - here.y) < 30 for other in points) - 1
