"""What a reader makes of a file: a standard with its units and outcomes, not written yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sunmao.standards.alignment.text import script_of

LANGUAGE_OF = {"zh": "zh", "cyrillic": "ru", "latin": "en"}


@dataclass(frozen=True)
class DraftUnit:
    """A unit by its number; `texts` by language."""

    number: int
    texts: Mapping[str, str]
    credits: Decimal | None = None
    hours: int | None = None


@dataclass(frozen=True)
class DraftOutcome:
    """An outcome; `unit` is the number of its unit, `kind` knowledge, skill or responsibility."""

    number: str
    texts: Mapping[str, str]
    kind: str = "skill"
    unit: int | None = None
    critical: bool = False
    credits: Decimal | None = None
    hours: int | None = None


@dataclass(frozen=True)
class Draft:
    """A standard as a file has it. `kind` is one of `ProgrammeKind`; `outside_code` its code elsewhere; `requirement` a
    tree as in `requirement.py`, None where every outcome is asked for."""

    texts: Mapping[str, str]
    outcomes: Sequence[DraftOutcome]
    units: Sequence[DraftUnit] = field(default_factory=tuple)
    kind: str = "programme"
    outside_code: str = ""
    country: str = ""
    label: str = ""
    requirement: dict[str, object] | None = None


def language_of(text: str) -> str:
    """Return the language a text of unknown language is most likely in: zh, ru or en, by its script."""
    return LANGUAGE_OF[script_of(text)]
