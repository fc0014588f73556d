"""The calendar feed by RFC 5545, and the hash of a wording."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sunmao.agreements.calendar import Entry, escaped, feed, folded
from sunmao.agreements.hashing import spaced, text_hash, wording_hash

ENTRY = Entry(
    "clause-1", date(2026, 12, 31), "AG-00001 Equip; two, rooms\\", "https://x.example/agreements/AG-00001/",
    datetime(2026, 11, 22, 9, tzinfo=UTC), "中乌通信学院合作协议" * 8,
)  # fmt: skip


def test_lines_end_with_crlf_and_hold_at_most_75_octets():
    text = feed([ENTRY], name="Deadlines", host="x.example")
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert all("\n" not in line and len(line.encode()) <= 75 for line in lines)


def test_folding_never_splits_a_character_and_unfolds_to_the_same_line():
    line = "DESCRIPTION:" + "中a" * 60
    assert folded(line).replace("\r\n ", "") == line


def test_a_line_of_75_octets_is_not_folded():
    assert folded("x" * 75) == "x" * 75
    assert folded("x" * 76) == "x" * 75 + "\r\n x"


def test_text_is_escaped_by_section_3_3_11():
    assert escaped("a\\b;c,d\r\ne\nf") == "a\\\\b\\;c\\,d\\ne\\nf"


def test_an_entry_is_a_whole_day():
    lines = feed([ENTRY], name="Deadlines", host="x.example").replace("\r\n ", "").split("\r\n")
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert "UID:clause-1@x.example" in lines
    assert "DTSTAMP:20261122T090000Z" in lines
    assert "SUMMARY;LANGUAGE=en:AG-00001 Equip\\; two\\, rooms\\\\" in lines


def wording(**changed) -> str:
    base = {
        "agreement": "u", "amendment": 0, "prevails": "en", "held": {"parties": [1], "clauses": []},
        "texts": [("en", text_hash("A")), ("zh", text_hash("甲"))],
    }  # fmt: skip
    return wording_hash(**{**base, **changed})


def test_the_hash_follows_every_part_of_a_wording_and_not_the_order_of_texts():
    base = wording()
    assert wording(texts=[("zh", text_hash("甲")), ("en", text_hash("A"))]) == base
    changed = [
        wording(agreement="v"), wording(amendment=1), wording(prevails="zh"), wording(held={"parties": [2]}),
        wording(texts=[("en", text_hash("A"))]), wording(texts=[("ru", text_hash("A")), ("zh", text_hash("甲"))]),
    ]  # fmt: skip
    assert len({base, *changed}) == 7


def test_line_ends_do_not_change_a_texts_hash_and_a_file_counts_by_its_own():
    assert text_hash("a\r\nb ") == text_hash("a\nb")
    assert text_hash("a", "ff") == "ff"
    assert spaced("0123456789abcdef0123") == "0123 4567 89ab cdef"
