"""The land dots of the public map lie where the places do."""

import math
import re

import pytest

from sunmao.portal.land import DOT_STEP, LAND_PATH, ROW_STEP, VIEW_HEIGHT, VIEW_WIDTH, project

RUN = re.compile(r"M([\d.]+) ([\d.]+)h([\d.]+)")

TASHKENT, BEIJING, LIMA = (41.31, 69.24), (39.90, 116.40), (-12.05, -76.90)
NAIROBI, ALICE_SPRINGS, CHICAGO = (-1.29, 36.82), (-23.70, 133.88), (41.9, -88.5)
MID_ATLANTIC, MID_PACIFIC, INDIAN_OCEAN = (25.0, -45.0), (0.0, -140.0), (-25.0, 80.0)


def dots() -> list[tuple[float, float]]:
    return [
        (float(start) + step * DOT_STEP, float(height))
        for start, height, length in RUN.findall(LAND_PATH)
        for step in range(int(float(length) / DOT_STEP + 0.01) + 1)
    ]


def distance_to_land(place: tuple[float, float]) -> float:
    x, y = project(*place)
    return min(math.hypot(x - dot_x, y - dot_y) for dot_x, dot_y in dots())


@pytest.mark.parametrize("place", [TASHKENT, BEIJING, LIMA, NAIROBI, ALICE_SPRINGS, CHICAGO])
def test_a_place_on_land_stands_among_the_dots(place: tuple[float, float]) -> None:
    assert distance_to_land(place) < DOT_STEP


@pytest.mark.parametrize("place", [MID_ATLANTIC, MID_PACIFIC, INDIAN_OCEAN])
def test_the_open_sea_has_no_dots(place: tuple[float, float]) -> None:
    assert distance_to_land(place) > 4 * DOT_STEP


def test_the_path_is_runs_only_inside_the_view_box_and_under_ten_kilobytes() -> None:
    assert RUN.sub("", LAND_PATH) == ""
    assert len(LAND_PATH) <= 10_000
    assert all(0 < x < VIEW_WIDTH and 0 < y < VIEW_HEIGHT for x, y in dots())
    assert len(dots()) > 3_000


def test_rows_stand_on_a_hex_grid() -> None:
    for x, y in dots():
        row = round(y / ROW_STEP)
        shift = DOT_STEP / 2 if row % 2 else 0
        off = (x - shift) % DOT_STEP
        assert min(off, DOT_STEP - off) < 0.11, (x, y)


def test_east_is_right_and_north_is_up_across_the_date_line() -> None:
    tashkent, beijing, lima = project(*TASHKENT), project(*BEIJING), project(*LIMA)
    assert lima[0] < tashkent[0] < beijing[0]
    assert tashkent[1] < lima[1]
    chukotka_east_of_the_line = project(66.0, -172.0)
    assert chukotka_east_of_the_line[0] > project(66.0, 178.0)[0]


@pytest.mark.parametrize("place", [(91.0, 0.0), (0.0, 181.0), (-90.5, 0.0), (0.0, -180.5)])
def test_a_place_off_the_globe_is_refused(place: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="No such place"):
        project(*place)
