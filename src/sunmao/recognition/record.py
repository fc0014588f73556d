"""What a decision says and rested on, as plain data; its canonical bytes and its hash.

The canonical form is JSON after RFC 8785 over pseudonymous ids, codes, dates and commitments only, so that
replaying a decision gives the same hash after the holder's personal data were erased.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import rfc8785

from sunmao.recognition.evidence import Application
from sunmao.recognition.terms import Basis

FORMAT = "sunmao-recognition-decision-1"


class Result(StrEnum):
    """Four outcomes, then the states of a process that has not come to one; out of scope is no refusal."""

    FULL = "full"
    CONDITIONAL = "conditional"
    PARTIAL = "partial"
    REFUSED = "refused"
    PENDING = "pending"
    SUSPENDED = "suspended"
    OUT_OF_SCOPE = "out of scope"

    @property
    def is_outcome(self) -> bool:
        return self in RANK


RANK = {Result.REFUSED: 0, Result.PARTIAL: 1, Result.CONDITIONAL: 2, Result.FULL: 3}


class State(StrEnum):
    """How one element came out; a noted difference is not substantial."""

    MET = "met"
    NOTED = "noted"
    SUBSTANTIAL = "substantial"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


Params = tuple[tuple[str, str | int], ...]


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the comparison, with a reason code, its parameters and the facts it rested on."""

    name: str
    state: State
    reason: str
    params: Params = ()
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Covered:
    """A target outcome with its minimal alternative witnesses: sets of keys, the first is relied on."""

    outcome: str
    witnesses: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing: an outcome, or hundredths of credits in a block or in the whole workload.

    `partly` names rows that give partial evidence: their target asks for more than is held.
    """

    kind: str
    subject: str
    critical: bool
    substantial: bool
    short: int = 0
    partly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measures:
    """What closes the gaps: ways to choose from, the cheapest modules, and who chooses."""

    ways: tuple[str, ...]
    modules: tuple[str, ...]
    cost: int
    proved: bool
    adaptation_months: int
    chosen_by: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """Rows of authorities that differ over the same outcomes, all shown."""

    target: str
    sources: tuple[str, ...]
    rows: tuple[tuple[str, str, str], ...]  # key, authority, relation


@dataclass(frozen=True, slots=True)
class Credit:
    """Target units wholly covered, the host credits counted in hundredths, and where each was spent."""

    units: tuple[str, ...]
    credits: int
    spent: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Considered:
    """A qualification under an instrument, and what would come of it for certain and at best."""

    qualification: str
    instrument: str
    at_least: Result
    at_best: Result


@dataclass(frozen=True, slots=True)
class Asked:
    """A question put to the register, and the keys of the facts that answered; none is an answer too."""

    question: tuple[str, ...]
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Used:
    """An item of evidence: its pseudonymous key, its commitment, and why it counts or not."""

    key: str
    commitment: str
    standing: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """An indication computed from facts as valid on `as_of` and known at `known_at`; a person decides.

    `result` is the recognition of the qualification, `licence` that of the right to practise (where a
    licence is asked), `authenticity` whether the document is genuine, `credit` what counts in credits: the
    four are kept apart. `at_least` is what stands whatever is still open.
    """

    learner: str
    application: Application
    as_of: date
    known_at: datetime
    result: Result
    at_least: Result
    licence: Result | None = None
    authenticity: State = State.UNKNOWN
    credit: Credit = Credit((), 0, ())
    qualification: str = ""
    instrument: str = ""
    basis: Basis | None = None
    elements: tuple[Element, ...] = ()
    covered: tuple[Covered, ...] = ()
    gaps: tuple[Gap, ...] = ()
    measures: Measures | None = None
    open_conditions: tuple[str, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    considered: tuple[Considered, ...] = ()
    passed_over: tuple[tuple[str, str, str], ...] = ()  # qualification, instrument, why it is no basis
    evidence: tuple[Used, ...] = ()
    asked: tuple[Asked, ...] = ()
    follows: str = ""

    def element(self, name: str) -> Element:
        """One element by name; StopIteration for a name that is none."""
        return next(e for e in self.elements if e.name == name)


def plain(value: Any) -> Any:
    """A value as JSON knows it; instants in UTC. Raises TypeError for anything else, floats among them."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, (str, bool, int)):
        return str(value) if isinstance(value, str) else value
    raise TypeError(f"{type(value).__name__} has no canonical form.")


def canonical(decision: Decision) -> bytes:
    """The decision as canonical JSON, RFC 8785."""
    return rfc8785.dumps({"format": FORMAT, **plain(decision)})


def decision_hash(decision: Decision) -> str:
    """SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical(decision)).hexdigest()


def rests_on(decision: Decision) -> frozenset[str]:
    """The keys of the facts and evidence the decision relied on: of alternative witnesses, the first."""
    keys = {key for covered in decision.covered for key in covered.witnesses[0]}
    keys.update(key for element in decision.elements for key in element.rests_on)
    keys.update(key for key in (decision.qualification, decision.instrument) if key)
    keys.update(decision.measures.modules if decision.measures else ())
    return frozenset(keys)


def asked(decision: Decision) -> frozenset[tuple[str, ...]]:
    """Every question put: a fact added under one of them (`index_keys`) may change the answer."""
    return frozenset(a.question for a in decision.asked)


def missing(decision: Decision) -> frozenset[tuple[str, ...]]:
    """The questions that found nothing."""
    return frozenset(a.question for a in decision.asked if not a.found)
