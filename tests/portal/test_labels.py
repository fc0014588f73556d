"""Names on the map cover neither each other nor a point."""

from hypothesis import given, settings
from hypothesis import strategies as st

from sunmao.portal.labels import Point, box_of, overlaps, place

WIDE, HIGH = 1160, 510
NAMES = st.sampled_from(["Mali", "South Africa", "哈萨克斯坦", "Кот-д’Ивуар", "Kazakhstan, East"])
POINTS = st.lists(
    st.builds(Point, st.just("op"), st.integers(0, WIDE).map(float), st.integers(0, HIGH).map(float), NAMES),
    max_size=25,
)


@given(POINTS)
@settings(max_examples=60, deadline=None)
def test_no_label_overlaps_another_or_leaves_the_map(points):
    boxes = [box_of(label) for label in place(points, WIDE, HIGH)]
    assert not any(overlaps(one, other) for i, one in enumerate(boxes) for other in boxes[:i])
    assert all(left >= 0 and top >= 0 and right <= WIDE and low <= HIGH for left, top, right, low in boxes)


def test_a_point_alone_has_its_name_after_it():
    (label,) = place([Point("op", 500, 200, "Mali")], WIDE, HIGH)
    assert (label.anchor, label.x, label.y) == ("start", 510, 204)


def test_a_name_that_finds_no_place_is_left_out_and_the_others_stay():
    points = [Point("op", 500 + i, 200, "South Africa") for i in range(30)]
    assert 0 < len(place(points, WIDE, HIGH)) < len(points)
