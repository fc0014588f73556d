"""Dates as precise as they are known: a day, a month, a year, before, after, about; and the words as said.

A `When` is a closed span of civil days from `earliest` to `latest`, a qualifier, and the words of the
source. People write it as `2022-11-04`, `2022-11`, `2022年11月`, `before 2022-11`, `after 2020`, `about 2021`
(EDTF, ISO 8601-2:2019, has the same ideas). Counted "as of" a day is only what surely lies on or before it.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

BEGINNING, END = date(1, 1, 1), date(9999, 12, 31)
QUALIFIERS = {
    "": _("exactly"),
    "before": _("before"),
    "after": _("after"),
    "about": _("about"),
}
_PARTS = re.compile(r"^(\d{4})(?:[-./年]\s*(\d{1,2})(?:[-./月]\s*(\d{1,2})日?|月)?|年)?$")
_WORDS = {
    "before": "before", "after": "after", "about": "about", "circa": "about", "ca.": "about",
    "до": "before", "после": "after", "около": "about",
}  # fmt: skip
_ZH_WORDS = {
    "之前": "before",
    "以前": "before",
    "之后": "after",
    "以后": "after",
    "左右": "about",
    "前后": "about",
}


@dataclass(frozen=True, order=True)
class When:
    """A span of days that holds the true date. `said` keeps the words of the source."""

    earliest: date
    latest: date
    qualifier: str = ""
    said: str = ""

    @classmethod
    def on(cls, day: date) -> "When":
        """Return the exact day."""
        return cls(day, day)

    @classmethod
    def read(cls, text: str, *, said: str = "") -> "When":
        """Read what a person wrote; ValueError says what is wrong and what to write instead."""
        words, qualifier = text.strip(), ""
        if len(words) > 2 and words[0] == "“" and words[-1] == "”":
            return cls.unstated(words[1:-1])
        for word, meaning in _WORDS.items():
            if words.lower().startswith(word + " "):
                qualifier, words = meaning, words[len(word) :].strip()
        for word, meaning in _ZH_WORDS.items():
            if words.endswith(word):
                qualifier, words = meaning, words[: -len(word)].strip()
        match = _PARTS.match(words)
        if not match:
            raise ValueError(_("“%(text)s” is not a date. Write 2022, 2022-11 or 2022-11-04.") % {"text": text})
        year, month, day = (int(part) if part else None for part in match.groups())
        return cls.of(year or 0, month, day, qualifier, said)

    @classmethod
    def of(
        cls, year: int, month: int | None = None, day: int | None = None, qualifier: str = "", said: str = ""
    ) -> "When":
        """Build from numbers; ValueError where the calendar has no such month or day."""
        if not 1 <= year <= 9998:
            raise ValueError(_("%(year)s is not a year. Write four digits, as in 2022.") % {"year": year})
        if month is not None and not 1 <= month <= 12:
            raise ValueError(_("There is no month %(month)s. Write 1 to 12, or leave it empty.") % {"month": month})
        if day is not None and month is None:
            raise ValueError(_("A day needs its month. Write the month, or leave the day empty."))
        if day is not None and month is not None and not 1 <= day <= calendar.monthrange(year, month)[1]:
            raise ValueError(
                _("Month %(month)s of %(year)s has no day %(day)s.") % {"month": month, "year": year, "day": day}
            )
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
        if qualifier == "before":
            return cls(BEGINNING, first - timedelta(days=1), qualifier, said)
        if qualifier == "after":
            return cls(last + timedelta(days=1), END, qualifier, said)
        return cls(first, last, qualifier, said)

    @classmethod
    def unstated(cls, said: str) -> "When":
        """Return a date of which only the source's words are known, as in “last Friday” of an undated page."""
        return cls(BEGINNING, END, "", said)

    @property
    def stated(self) -> bool:
        """False where the source names no date."""
        return (self.earliest, self.latest) != (BEGINNING, END)

    @property
    def exact(self) -> bool:
        return self.earliest == self.latest and not self.qualifier

    @property
    def parts(self) -> tuple[int, int | None, int | None]:
        """Return year, month and day, no finer than they need be: "before 2023-01" is "before 2023"."""
        if self.qualifier == "before":
            edge = self.latest + timedelta(days=1)
            month, day = edge.month, edge.day if edge.day != 1 else None
            return edge.year, None if (month, day) == (1, None) else month, day
        if self.qualifier == "after":
            edge = self.earliest - timedelta(days=1)
            month, day = edge.month, None if self.earliest.day == 1 else edge.day
            return edge.year, None if (month, day) == (12, None) else month, day
        if self.earliest == self.latest:
            return self.earliest.year, self.earliest.month, self.earliest.day
        if (self.earliest.month, self.latest.month) == (1, 12):
            return self.earliest.year, None, None
        return self.earliest.year, self.earliest.month, None

    def surely_by(self, day: date) -> bool:
        """True when the date, wherever in its span it lies, is on or before `day`."""
        return self.latest <= day

    def possibly_by(self, day: date) -> bool:
        """True when some day of the span is on or before `day`."""
        return self.earliest <= day

    def iso(self) -> str:
        """Return the reading in ISO form, the qualifier as an English word before it."""
        if not self.stated:
            return f"“{self.said}”"
        year, month, day = self.parts
        text = f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")
        return f"{self.qualifier} {text}".strip()

    def __str__(self) -> str:
        if not self.stated:
            return str(_("not dated"))
        year, month, day = self.parts
        if day and month:
            text = date_format(date(year, month, day), "DATE_FORMAT")
        elif month:
            text = date_format(date(year, month, 1), "YEAR_MONTH_FORMAT")
        else:
            text = str(year)
        return {
            "before": _("before %(date)s"), "after": _("after %(date)s"), "about": _("about %(date)s"),
        }.get(self.qualifier, "%(date)s") % {"date": text}  # fmt: skip

    def store(self) -> str:
        """Return the sortable column text: earliest/latest/qualifier/said."""
        return f"{self.earliest.isoformat()}/{self.latest.isoformat()}/{self.qualifier}/{self.said}"

    @classmethod
    def restore(cls, text: str) -> "When":
        """Read the column text back."""
        earliest, latest, qualifier, said = text.split("/", 3)
        return cls(date.fromisoformat(earliest), date.fromisoformat(latest), qualifier, said)
