"""The facts a recognition rests on, as plain values: what law, registers and authorities have said.

Every fact carries two times: the half-open span of days on which it holds (`span`) and the half-open span
of instants in which the register knew it (`known`). Nothing is overwritten: a corrected fact is a second
value under the same key, a revocation is a fact of its own, restored by superseding the revocation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sunmao.recognition.terms import (
    ALWAYS,
    EVER,
    Basis,
    ConditionKind,
    Consequence,
    DateCounts,
    Known,
    Level,
    MeasureKind,
    Outcome,
    Purpose,
    Relation,
    RowsFrom,
    Span,
    Unit,
)
from sunmao.recognition.tree import Compiled, Requirement, compile_tree


@dataclass(frozen=True, kw_only=True)
class Fact:
    key: str
    span: Span = ALWAYS
    known: Known = EVER


@dataclass(frozen=True, kw_only=True)
class ProgrammeVersion:
    """An immutable version of a programme, occupation or qualification asked for in the host country."""

    key: str
    country: str
    field: str
    level: Level
    outcomes: tuple[Outcome, ...]
    requirement: Requirement
    units: tuple[Unit, ...] = ()
    credits: int = 0
    institution: str = ""
    regulated: bool = False

    @cached_property
    def outcome_keys(self) -> tuple[str, ...]:
        """The outcomes in order of their keys."""
        return tuple(sorted(o.key for o in self.outcomes))

    @cached_property
    def compiled(self) -> Compiled:
        """The requirement over bit masks, made once for an immutable version."""
        return compile_tree(self.requirement, {o.key: o.critical for o in self.outcomes})


@dataclass(frozen=True, kw_only=True)
class CrosswalkRow(Fact):
    """One confirmed row: `sources` (together) against `target`; never read backwards."""

    sources: frozenset[str]
    target: str
    relation: Relation
    authority: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Up to where a difference is not substantial."""

    missing_percent: int = 0  # uncritical outcomes missing, of those the requirement needs
    credits_percent: int = 0  # workload missing, of the target's
    level_steps: int = 0  # steps lower on the common framework
    field_digits: int = 2  # leading ISCED-F digits that must agree
    conditional_from_percent: int = 50  # covered share from which measures are offered at all
    profile_percent: int = 0  # of the target's outcomes that rows must connect where the digits differ; 0: digits alone


@dataclass(frozen=True, slots=True)
class Condition:
    """What an instrument asks beside the comparison, for the purposes it names."""

    kind: ConditionKind
    purposes: frozenset[Purpose]
    what: str = ""  # the language, or the accrediting body
    least: int = 0  # CEFR level, A1 = 1 to C2 = 6


@dataclass(frozen=True, kw_only=True)
class Instrument(Fact):
    """A legal basis in one direction: from qualifications of `home` to recognition in `host`.

    `fields` and `levels` (steps of the target's framework) limit it where not empty; `home_parties` and
    `host_parties` are the institutions an institutional agreement binds. Host credits are home credits times
    `credit_ratio`. A right of appeal lasts `appeal_days` after the day of notice.
    """

    basis: Basis
    home: frozenset[str]
    host: frozenset[str]
    purposes: frozenset[Purpose]
    fields: frozenset[str] = frozenset()
    levels: frozenset[int] = frozenset()
    home_parties: frozenset[str] = frozenset()
    host_parties: frozenset[str] = frozenset()
    conditions: tuple[Condition, ...] = ()
    date_counts: DateCounts = DateCounts.DECISION
    close_counts: bool = False
    rows_from: RowsFrom = RowsFrom.EITHER
    thresholds: Thresholds = Thresholds()
    level_below: Consequence = Consequence.REFUSED
    measures: frozenset[MeasureKind] = frozenset({MeasureKind.MODULES})
    holder_chooses: bool = True
    adaptation_months: int = 0
    credit_ratio: tuple[int, int] = (1, 1)
    appeal_days: int = 30


@dataclass(frozen=True, kw_only=True)
class Revocation(Fact):
    """Takes the fact under `of` away: from `effective_on`, or from the start."""

    of: str
    effective_on: date
    from_start: bool = False


@dataclass(frozen=True, kw_only=True)
class Competence(Fact):
    """An authority is competent in a country, in some fields or all."""

    authority: str
    country: str
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Accreditation(Fact):
    """An institution stood accredited by a body."""

    institution: str
    body: str = ""


@dataclass(frozen=True, kw_only=True)
class DeliveryPermit(Fact):
    """Whether an institution's teaching in a country was lawful there."""

    institution: str
    country: str
    lawful: bool = True


@dataclass(frozen=True, kw_only=True)
class HomeRight(Fact):
    """Whether a home programme's award opens, at home, what is asked for abroad."""

    programme: str
    purpose: Purpose
    given: bool = True


@dataclass(frozen=True, kw_only=True)
class Referencing(Fact):
    """A level of a national framework referenced to a step of the common one; it entitles nobody."""

    level: Level
    common: int


@dataclass(frozen=True, kw_only=True)
class ShownDifference(Fact):
    """A competent host authority has shown a substantial difference.

    `subject` is a target outcome, a credit block, or "level", "workload", "profile"; `programme` is the home
    programme it was shown for, empty for all.
    """

    target: str
    subject: str
    authority: str
    programme: str = ""


@dataclass(frozen=True, kw_only=True)
class BridgingModule(Fact):
    """A module offered in the host country; cost in whole units of money, credits in hundredths.

    Its credits count towards the programmes named in `programmes`, its outcomes wherever they are asked.
    """

    country: str
    cost: int
    covers: frozenset[str] = frozenset()
    credits: int = 0
    programmes: frozenset[str] = frozenset()
