"""Dates as precise as known."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sunmao.kernel.when import BEGINNING, END, When


@pytest.mark.parametrize(
    ("written", "earliest", "latest"),
    [
        ("2022-11-04", date(2022, 11, 4), date(2022, 11, 4)),
        ("2022-11", date(2022, 11, 1), date(2022, 11, 30)),
        ("2022年11月", date(2022, 11, 1), date(2022, 11, 30)),
        ("2022年11月4日", date(2022, 11, 4), date(2022, 11, 4)),
        ("2024.02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("before 2022-11", BEGINNING, date(2022, 10, 31)),
        ("2022-11之前", BEGINNING, date(2022, 10, 31)),
        ("after 2020", date(2021, 1, 1), END),
        ("около 2021", date(2021, 1, 1), date(2021, 12, 31)),
    ],
)
def test_what_people_write_is_read_as_a_span(written, earliest, latest):
    read = When.read(written)
    assert (read.earliest, read.latest) == (earliest, latest)


@pytest.mark.parametrize("written", ["2022-13", "2022-02-30", "last Friday", "22", "0000", "2022-00", "9999"])
def test_what_is_no_date_is_refused_with_words(written):
    with pytest.raises(ValueError, match=r".+"):
        When.read(written)


def test_only_what_surely_happened_counts_as_of_a_day():
    month = When.read("2022-11")
    assert not month.surely_by(date(2022, 11, 29))
    assert month.surely_by(date(2022, 11, 30))
    assert month.possibly_by(date(2022, 11, 1))
    assert not month.possibly_by(date(2022, 10, 31))


@given(
    st.integers(1, 9998), st.none() | st.integers(1, 12), st.none() | st.integers(1, 28),
    st.sampled_from(["", "about", "before", "after"]), st.text(max_size=30),
)  # fmt: skip
def test_every_date_comes_back_from_its_column_and_from_its_reading(year, month, day, qualifier, said):
    try:
        made = When.of(year, month, day if month else None, qualifier, said)
    except (ValueError, OverflowError):
        return
    assert When.restore(made.store()) == made
    again = When.read(made.iso())
    assert (again.earliest, again.latest, again.qualifier) == (made.earliest, made.latest, made.qualifier)


@pytest.mark.parametrize(
    ("written", "reading"),
    [
        ("after 2027", "after 2027"),
        ("after 2027-12", "after 2027"),
        ("after 2027-11", "after Nov 2027"),
        ("after 2027-11-29", "after 29 Nov 2027"),
        ("before 2023", "before 2023"),
        ("before 2023-02", "before Feb 2023"),
        ("before 2023-01-02", "before 2 Jan 2023"),
    ],
)
def test_a_date_before_or_after_reads_back_no_finer_than_it_was_meant(written, reading):
    assert str(When.read(written)) == reading


def test_words_without_a_date_are_kept_and_counted_as_neither_sure_nor_impossible():
    found = When.unstated("over the weekend")
    assert When.restore(found.store()) == found == When.read(found.iso())
    assert not found.stated and not found.surely_by(date(2026, 1, 1)) and found.possibly_by(date(1990, 1, 1))
    assert str(found) == "not dated"


@pytest.mark.parametrize(
    ("typed", "reading"),
    [
        ({"qualifier": "before", "year": "2022", "month": "11"}, "Will be kept as: before Nov 2022"),
        ({"year": "2022年11月"}, "Will be kept as: Nov 2022"),
        ({"year": "2022", "month": "13"}, "There is no month 13."),
        ({"year": "<b>"}, "“&lt;b&gt;” is not a date."),
        ({}, ""),
    ],
)
def test_a_form_says_while_typing_how_the_date_will_be_kept(client, typed, reading):
    answer = client.get("/when/", {"field": "unveiled", **{f"unveiled_{part}": text for part, text in typed.items()}})
    said = re.sub(r"<[^>]+>", "", answer.content.decode())
    assert answer.status_code == 200
    assert said.startswith(reading) and bool(said) == bool(reading)
