"""An iCalendar feed (RFC 5545) of all-day entries. Thinks; touches neither Django nor the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta


@dataclass(frozen=True)
class Entry:
    """One all-day entry: what, when, where to read on. `changed` is an aware instant."""

    uid: str
    day: date
    summary: str
    url: str
    changed: datetime
    description: str = ""


def escaped(text: str) -> str:
    """Escape a TEXT value (RFC 5545 section 3.3.11)."""
    flat = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return flat.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def folded(line: str) -> str:
    """Fold a line to at most 75 octets, never inside a character (RFC 5545 section 3.1)."""
    out, current, room = [], "", 75
    for character in line:
        size = len(character.encode())
        if room < size:
            out.append(current)
            current, room = " ", 74
        current += character
        room -= size
    return "\r\n".join([*out, current])


def feed(entries: Iterable[Entry], *, name: str, host: str, language: str = "en") -> str:
    """Return the whole calendar as text with CRLF line ends. `host` makes the entries' ids unique in the world."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sunmao//Deadlines//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME;LANGUAGE={language}:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    ]  # fmt: skip
    for entry in entries:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{entry.uid}@{host}",
            f"DTSTAMP:{entry.changed.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY;LANGUAGE={language}:{escaped(entry.summary)}",
            *([f"DESCRIPTION;LANGUAGE={language}:{escaped(entry.description)}"] if entry.description else []),
            f"URL:{entry.url}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "\r\n".join(folded(line) for line in [*lines, "END:VCALENDAR"]) + "\r\n"
