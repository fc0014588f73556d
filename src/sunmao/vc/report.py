"""The outcome of one verification: named checks, each with a reason, and one verdict."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sunmao.vc.sentences import english, verdict_english


class State(StrEnum):
    """How one check came out."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"
    NOT_ASKED = "not asked"


class Verdict(StrEnum):
    """What all checks together say. Only IN_FORCE may be shown green."""

    IN_FORCE = "genuine and in force"
    NOT_IN_FORCE = "genuine but not in force"
    UNKNOWN_ISSUER = "genuine but issuer unknown"
    NOT_GENUINE = "not genuine"
    CANNOT_CHECK = "cannot be checked"


EXIT_CODES = {
    Verdict.IN_FORCE: 0,
    Verdict.NOT_IN_FORCE: 1,
    Verdict.NOT_GENUINE: 1,
    Verdict.CANNOT_CHECK: 2,
    Verdict.UNKNOWN_ISSUER: 3,
}
# Of several credentials in one file the worst verdict stands for the file, worst first.
_WORST_FIRST = (
    Verdict.NOT_GENUINE,
    Verdict.NOT_IN_FORCE,
    Verdict.CANNOT_CHECK,
    Verdict.UNKNOWN_ISSUER,
    Verdict.IN_FORCE,
)
# The checks, in the order they are told.
NAMES = (
    "format", "disclosure", "holder", "structure", "schema", "proof", "issuer", "joint", "dates", "status", "message",
    "endorsement", "record",
)  # fmt: skip


@dataclass(frozen=True)
class Check:
    """One named question and its answer. ``code`` and ``params`` make the sentence in any language."""

    name: str
    state: State
    code: str
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """The answer in English."""
        return english(self.code, self.params)

    def to_json(self) -> dict[str, Any]:
        """The check as plain JSON."""
        return {
            "name": self.name,
            "state": str(self.state),
            "code": self.code,
            "params": self.params,
            "sentence": self.sentence,
        }


@dataclass(frozen=True)
class Report:
    """One credential's verdict and checks. A file of many has ``parts`` and the worst of their verdicts.

    ``document`` is what was read, to be shown only together with the verdict; ``test`` marks a
    demonstration key, ``trust_age_days`` how old the knowledge is that was used.
    """

    verdict: Verdict
    checks: tuple[Check, ...]
    format: str = ""
    name: str = ""
    document: dict[str, Any] | None = None
    issuer_id: str = ""
    issuer_names: dict[str, str] = field(default_factory=dict)
    test: bool = False
    trust_age_days: int | None = None
    parts: tuple["Report", ...] = ()
    transcript: dict[str, Any] | None = None  # what a file without a proof of ours says

    @property
    def exit_code(self) -> int:
        """0 genuine and in force, 1 not, 2 cannot be checked, 3 genuine but issuer unknown."""
        return EXIT_CODES[self.verdict]

    @property
    def reasons(self) -> tuple[Check, ...]:
        """The checks that kept the verdict from being good."""
        return tuple(check for check in self.checks if check.state in (State.BAD, State.UNKNOWN))

    @property
    def sentence(self) -> str:
        """The verdict in English."""
        return verdict_english(str(self.verdict))

    def to_json(self) -> dict[str, Any]:
        """The report as plain JSON, without the document (it may name a learner)."""
        return {
            "verdict": str(self.verdict),
            "sentence": self.sentence,
            "exit_code": self.exit_code,
            "format": self.format,
            "name": self.name,
            "issuer": self.issuer_id,
            "issuer_names": self.issuer_names,
            "test": self.test,
            "trust_age_days": self.trust_age_days,
            "checks": [check.to_json() for check in self.checks],
            "parts": [part.to_json() for part in self.parts],
            **({"says": self.transcript} if self.transcript is not None else {}),
        }


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that stands for several; of none at all nothing can be said."""
    held = set(verdicts)
    return next((verdict for verdict in _WORST_FIRST if verdict in held), Verdict.CANNOT_CHECK)


def verdict_of(checks: Iterable[Check]) -> Verdict:
    """Return what the checks of one credential say together."""
    held: dict[str, set[State]] = {name: set() for name in NAMES}
    for check in checks:
        held[check.name].add(check.state)
    if any(State.BAD in held[name] for name in ("disclosure", "holder", "structure", "schema", "proof", "issuer")):
        return Verdict.NOT_GENUINE
    if State.UNKNOWN in held["structure"] or State.GOOD not in held["proof"] or State.BAD in held["format"]:
        return Verdict.CANNOT_CHECK
    if State.BAD in held["dates"] | held["status"]:
        return Verdict.NOT_IN_FORCE
    if State.GOOD not in held["issuer"]:
        return Verdict.UNKNOWN_ISSUER
    if any(State.UNKNOWN in held[name] for name in ("structure", "schema", "joint", "dates", "status")):
        return Verdict.CANNOT_CHECK
    return Verdict.IN_FORCE
