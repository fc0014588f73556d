"""The words of recognition and its small values: relations, bases, purposes, spans of days and instants.

Credits are whole numbers of hundredths of a credit, so that halves and converted credits stay exact. Fields
are ISCED-F codes, matched by their leading digits; countries are ISO 3166-1 alpha-2 codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Relation(StrEnum):
    """What a target outcome is to its sources, always said from the target's side."""

    EXACT = "exact"
    BROADER = "broader"  # the target asks for more than the source shows: partial evidence only
    NARROWER = "narrower"  # the target asks for less than the source shows: covered
    CLOSE = "close"
    NONE = "none"  # looked at and rejected


class Basis(StrEnum):
    """The legal basis, which decides the rule; listed from the strongest to the weakest."""

    CONVENTION = "convention"
    INTERGOVERNMENTAL = "intergovernmental"
    MINISTRY = "ministry"
    INSTITUTIONAL = "institutional"
    EMPLOYER = "employer"
    MEMORANDUM = "memorandum"


class Purpose(StrEnum):
    STUDY = "study"
    WORK = "work"
    LICENCE = "licence"


class DateCounts(StrEnum):
    """The day on which an instrument must be in force."""

    APPLICATION = "application"
    DECISION = "decision"
    ISSUE = "issue"


class RowsFrom(StrEnum):
    """Whose confirmed crosswalk rows an instrument accepts."""

    EITHER = "either"
    HOST = "host"


class MeasureKind(StrEnum):
    ADAPTATION = "adaptation"
    TEST = "test"
    MODULES = "modules"


class ConditionKind(StrEnum):
    LANGUAGE = "language"
    ACCREDITATION = "accreditation"
    FEE = "fee"


class Status(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    FRAUD = "fraud"  # void from the start, whatever day it takes effect


class Authenticity(StrEnum):
    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"  # a scan whose issuer has not answered yet
    REFUTED = "refuted"


class Consequence(StrEnum):
    """What an instrument makes of a level that lies below its threshold."""

    CONDITIONAL = "conditional"
    PARTIAL = "partial"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open days: `start` counts, `until` does not; None is open."""

    start: date | None = None
    until: date | None = None

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Known:
    """Half-open instants in which the register held a fact; both aware, in UTC."""

    recorded_at: datetime | None = None
    superseded_at: datetime | None = None

    def at(self, instant: datetime) -> bool:
        return (self.recorded_at is None or self.recorded_at <= instant) and (
            self.superseded_at is None or instant < self.superseded_at
        )


ALWAYS = Span()
EVER = Known()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A learning outcome of a programme version; a critical one may never be waived."""

    key: str
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of a programme, or a holder's result in one: its outcomes and credits in hundredths."""

    key: str
    outcomes: frozenset[str] = frozenset()
    credits: int = 0


@dataclass(frozen=True, slots=True)
class Level:
    framework: str
    step: int
