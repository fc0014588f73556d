"""What one holder lays before an authority, under a pseudonym, and what is asked.

No name, birth date or document number enters here: keys are pseudonymous, and a `commitment` (a salted
digest made elsewhere) stands for the document, so that a decision can be replayed after its data are erased.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sunmao.recognition.facts import Fact
from sunmao.recognition.terms import EVER, Authenticity, Known, Level, Purpose, Status, Unit


@dataclass(frozen=True, slots=True)
class StatusChange:
    status: Status
    effective_on: date
    known: Known = EVER


@dataclass(frozen=True, kw_only=True)
class Credential(Fact):
    """A holder's qualification: what it shows, who awarded it when, and its standing since.

    `span.until` is the day it expires. `credits` counts only where no units are listed. `country` is the
    home country, `delivered_in` where it was taught if that is another. `unit` names the one unit of its programme that it
    is about: then it is no qualification and counts as credit only.
    """

    programme: str
    issuer: str
    country: str
    field: str
    level: Level
    awarded_on: date
    outcomes: frozenset[str] = frozenset()
    units: tuple[Unit, ...] = ()
    credits: int = 0
    delivered_in: str = ""
    delivered_from: date | None = None
    authenticity: Authenticity = Authenticity.CONFIRMED
    history: tuple[StatusChange, ...] = ()
    commitment: str = ""
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class PriorLearning(Fact):
    """Prior learning validated by an authority: outcomes and credits in hundredths."""

    outcomes: frozenset[str] = frozenset()
    credits: int = 0
    commitment: str = ""


@dataclass(frozen=True, kw_only=True)
class LanguageCertificate(Fact):
    """A language level on the CEFR, A1 = 1 to C2 = 6, as long as its span lasts."""

    language: str
    level: int
    commitment: str = ""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that one holder, under a pseudonym, has laid before the authority."""

    learner: str
    credentials: tuple[Credential, ...] = ()
    prior_learning: tuple[PriorLearning, ...] = ()
    languages: tuple[LanguageCertificate, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Application:
    """What is asked: which target programme version, for what, and since when."""

    target: str
    purpose: Purpose = Purpose.STUDY
    applied_on: date
    fee_paid: bool = True
