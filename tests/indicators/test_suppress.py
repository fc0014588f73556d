"""No hidden cell of a published table can be derived from what is shown."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sunmao.indicators.suppress import LEAST, TOTAL, derivable, hidden, lines, table

COUNTS = st.integers(min_value=0, max_value=7)


def fitting(shown, sums, unknown, most):
    """Yield every way to fill the unknown cells with 0..most so that all sums hold: the attacker's own search."""
    for filling in product(range(most + 1), repeat=len(unknown)):
        guess = {**shown, **dict(zip(unknown, filling, strict=True))}
        if all(guess[whole] == sum(guess[part] for part in parts) for whole, parts in sums):
            yield guess


def known_by_search(values, sums, out, most):
    shown = {key: value for key, value in values.items() if key not in out}
    unknown = [key for key in values if key in out]
    seen = {key: set() for key in unknown}
    for guess in fitting(shown, sums, unknown, most):
        for key in unknown:
            seen[key].add(guess[key])
    return {key for key in unknown if len(seen[key]) == 1}


@given(st.lists(COUNTS, min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_a_line_with_its_total_keeps_every_hidden_cell_unknown(counts):
    values = {str(i): count for i, count in enumerate(counts)} | {TOTAL: sum(counts)}
    sums = [(TOTAL, tuple(str(i) for i in range(len(counts))))]
    out = hidden(values, sums)
    assert {key for key, value in values.items() if value < LEAST} <= out
    assert known_by_search(values, sums, out, most=max(values.values()) + 1) == set()


@given(st.lists(st.integers(0, 3), min_size=4, max_size=4))
@settings(max_examples=15, deadline=None)
def test_what_search_derives_is_what_the_programme_calls_derivable(counts):
    a, b, c, d = counts
    values = {"a": a, "b": b, "c": c, "d": d, "ab": a + b, "cd": c + d, "ac": a + c, "bd": b + d, TOTAL: a + b + c + d}
    sums = [("ab", ("a", "b")), ("cd", ("c", "d")), ("ac", ("a", "c")), ("bd", ("b", "d"))]
    sums += [(TOTAL, ("ab", "cd")), (TOTAL, ("ac", "bd"))]
    for out in ({"a"}, {"a", "b"}, {"a", "b", "c", "d"}, {"a", "ab"}, {"a", "b", "ab"}):
        assert derivable(values, sums, out) == known_by_search(values, sums, out, most=7)


@given(st.dictionaries(st.tuples(st.sampled_from("xyz"), st.sampled_from("12")), st.integers(0, 60), min_size=1))
@settings(max_examples=40, deadline=None)
def test_a_table_shows_nothing_below_the_least_and_no_wrong_number(counts):
    made = table(counts)
    for (row, column), value in made.cells.items():
        true = sum(count for (r, c), count in counts.items() if row in (TOTAL, r) and column in (TOTAL, c))
        assert value is None or (value == true and value >= LEAST)


@given(
    st.dictionaries(st.sampled_from(["UZ", "KZ", "LA", "TH"]), st.integers(0, 30), min_size=2),
    st.sets(st.sampled_from(["UZ", "KZ", "LA", "TH"]), min_size=1),
)
@settings(max_examples=40, deadline=None)
def test_a_bloc_does_not_betray_its_countries(by_country, members):
    made = lines({"country": by_country}, {("bloc", "B"): ("country", members)})
    parts = [c for c in by_country if c in members]
    values = {("country", c): n for c, n in by_country.items()}
    values["", TOTAL] = sum(by_country.values())
    sums = [(("", TOTAL), tuple(("country", c) for c in by_country))]
    if parts:
        values["bloc", "B"] = sum(by_country[c] for c in parts)
        sums.append((("bloc", "B"), tuple(("country", c) for c in parts)))
    out = {key for key, value in {**made.cells, ("", TOTAL): made.total}.items() if value is None}
    assert derivable(values, sums, out) == frozenset()


def test_a_total_less_what_lies_outside_a_hidden_bloc_does_not_betray_the_bloc():
    made = lines({"country": {"UZ": 0, "KZ": 1, "LA": 5}}, {("bloc", "B"): ("country", {"UZ", "KZ"})})
    assert made.total is None or made.of("country")["LA"] is None
    assert made.of("bloc") == {"B": None}


def test_one_small_group_takes_the_next_smallest_with_it():
    shown = lines({"country": {"UZ": 12, "LA": 40, "KZ": 3}})
    assert shown.total == 55
    assert shown.of("country") == {"UZ": None, "LA": 40, "KZ": None}


def test_two_breakdowns_of_one_total_are_hidden_together():
    shown = lines({"country": {"UZ": 3}, "kind": {"degree": 3}})
    assert shown.total is None
    assert set(shown.cells.values()) == {None}


def test_a_remainder_of_nothing_does_not_tell_that_cells_are_empty():
    shown = table({("UZ", "degree"): 20, ("UZ", "trainee"): 0, ("UZ", "staff"): 0})
    assert shown["UZ", "trainee"] is None
    assert shown["UZ", "degree"] is None or shown["UZ", TOTAL] is None


def test_a_table_whose_parts_do_not_add_up_is_refused():
    with pytest.raises(ValueError, match="not the sum"):
        hidden({"a": 6, TOTAL: 7}, [(TOTAL, ("a",))])


def test_a_table_of_nobody_is_hidden_and_breaks_nothing():
    """A sum of no cells is nought, whatever is hidden; there was nothing left to hide with it."""
    assert hidden({"whole": 0}, [("whole", ())]) == {"whole"}
    assert table({}).hidden_count == 1
    assert lines({"country": {}}).total is None
    assert lines({}).total is None
    assert hidden({"whole": 7, "a": 7, "none": 0}, [("whole", ("a",)), ("none", ())]) == {"none"}
