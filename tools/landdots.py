"""Makes the land dots of the public map, once, and writes them into src/sunmao/portal/land.py.

    python tools/landdots.py OUTLINES.topojson

The outlines are country polygons (TopoJSON, quantised). Borders vanish because a dot is asked only whether
it lies in any polygon at all. Parallels are straight in Equal Earth, so each row of dots is one latitude:
the polygons are cut by that latitude into stretches of land, and the dots of the row are looked up in them.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from sunmao.portal.land import DOT_STEP, ROW_STEP, VIEW_HEIGHT, VIEW_WIDTH, project  # noqa: E402

LAND = ROOT / "src" / "sunmao" / "portal" / "land.py"
MARK = "# The lines below are written by tools/landdots.py.\n"
SPREAD = 2.4  # how far around its centre a dot looks for land, in units of the view box
NEEDED = 3  # of its nine samples, so that narrow islands are not lost
FAR_EAST = 190.99  # just short of the cut, counted on from 11° E

Ring = list[tuple[float, float]]


def read_polygons(path: Path) -> list[list[Ring]]:
    """Return all polygons as lists of rings of (longitude, latitude) in degrees."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[Ring] = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + move_x, y * scale_y + move_y))
        arcs.append(points)

    def ring(numbers: list[int]) -> Ring:
        points: Ring = []
        for number in numbers:
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            points += arc[1:] if points else arc
        return points

    polygons = []
    for collection in topology["objects"].values():
        for geometry in collection["geometries"]:
            parts = geometry.get("arcs", [])
            several = [parts] if geometry["type"] == "Polygon" else parts
            polygons += [[ring(numbers) for numbers in part] for part in several]
    return polygons


def stretches(polygons: list[list[Ring]], lat: float) -> list[tuple[float, float]]:
    """Return the stretches of longitude that are land on this parallel; holes (lakes, enclaves) are out."""
    found = []
    for rings in polygons:
        crossings = []
        for ring in rings:
            for (x1, y1), (x2, y2) in pairwise(ring):
                if (y1 > lat) != (y2 > lat):
                    crossings.append(x1 + (lat - y1) * (x2 - x1) / (y2 - y1))
        crossings.sort()
        found += list(zip(crossings[::2], crossings[1::2], strict=True))
    return found


def latitude_of(y: float) -> float:
    """Return the latitude drawn at this height, by halving (the rounding of `project` is 0.05 units)."""
    south, north = -90.0, 90.0
    for _ in range(40):
        middle = (south + north) / 2
        if project(middle, 0)[1] > y:
            south = middle
        else:
            north = middle
    return (south + north) / 2


def longitude_of(x: float, lat: float) -> float | None:
    """Return the longitude drawn at this place of a parallel, or None beside the map's edge."""
    west, east = project(lat, -168.99)[0], project(lat, FAR_EAST - 360)[0]
    if not west <= x <= east:
        return None
    lng = -168.99 + (x - west) / (east - west) * (FAR_EAST + 168.99)
    return lng if lng <= 180 else lng - 360


def land_dots(polygons: list[list[Ring]]) -> list[tuple[float, list[float]]]:
    """Return the rows of dots: each with its height and the places of its dots."""
    rows = []
    for number in range(1, int(VIEW_HEIGHT / ROW_STEP)):
        height = number * ROW_STEP
        samples = []
        for y in (height - SPREAD, height, height + SPREAD):
            lat = latitude_of(y)
            samples.append((lat, stretches(polygons, lat)))
        shift = DOT_STEP / 2 if number % 2 else 0
        places = [shift + step * DOT_STEP for step in range(1, int(VIEW_WIDTH / DOT_STEP))]
        rows.append((height, [x for x in places if _land_around(x, samples) >= NEEDED]))
    return rows


def _land_around(x: float, samples: list[tuple[float, list[tuple[float, float]]]]) -> int:
    hits = 0
    for lat, land in samples:
        for place in (x - SPREAD, x, x + SPREAD):
            lng = longitude_of(place, lat)
            hits += lng is not None and any(west <= lng <= east for west, east in land)
    return hits


def as_path(rows: list[tuple[float, list[float]]]) -> list[str]:
    """Return one SVG command per run of neighbouring dots: a line that the stylesheet dashes into dots.

    A run of n dots is n-1 steps long and a hair more, since a dash that starts at the very end is not drawn.
    """
    commands = []
    for height, places in rows:
        start = previous = None
        for x in [*places, None]:
            if start is not None and (x is None or x - previous > DOT_STEP * 1.5):
                commands.append(f"M{start:.1f} {height:.1f}h{previous - start + 0.2:.1f}")
                start = None
            if start is None:
                start = x
            previous = x
    return commands


def as_source(commands: list[str], width: int = 100) -> str:
    """Return the commands as a Python string of short lines."""
    lines, line = [], ""
    for command in commands:
        if len(line) + len(command) > width:
            lines.append(line)
            line = ""
        line += command
    lines.append(line)
    return "LAND_PATH = (\n" + "".join(f'    "{line}"\n' for line in lines) + ")\n"


def main(arguments: list[str]) -> int:
    """Read the outlines named on the command line and rewrite the path; say how much was written."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    rows = land_dots(read_polygons(Path(arguments[0])))
    commands = as_path(rows)
    kept = LAND.read_text(encoding="utf-8").split(MARK)[0]
    LAND.write_text(kept + MARK + as_source(commands), encoding="utf-8")
    dots = sum(len(places) for _, places in rows)
    print(f"{dots} dots in {len(commands)} runs, {sum(map(len, commands))} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
