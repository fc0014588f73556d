"""A transcript as it is told, whichever format it came in. All of it is only said: nothing here is proven."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Texts = Mapping[str, str]  # by language tag; "und" where the file names none
Pairs = Sequence[tuple[str, str]]  # scheme and value

ELM = "European Learning Model 3"
ELMO = "ELMO 1"
PASSED, FAILED, UNDER_WAY = "passed", "failed", "in-progress"
# What an achievement is called; ELMO names the middle three.
QUALIFICATION, ACHIEVEMENT, ASSESSMENT = "qualification", "achievement", "assessment"
MODULE, COURSE, CLASS = "module", "course", "class"
ACTIVITY, ENTITLEMENT = "activity", "entitlement"


@dataclass(frozen=True)
class Institution:
    """Who awarded or issued: names by language, country as ISO 3166 alpha-2."""

    names: Texts = field(default_factory=dict)
    country: str = ""
    identifiers: Pairs = ()
    url: str = ""


@dataclass(frozen=True)
class Holder:
    """Whom it is about; `name` is the whole name, the parts stand where the file has them."""

    name: str = ""
    given: str = ""
    family: str = ""
    born_on: str = ""
    identifiers: Pairs = ()


@dataclass(frozen=True)
class Level:
    """A level of a framework; `framework` is EQF or the framework's own name."""

    framework: str
    value: str = ""
    label: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class Credit:
    """An amount of credits in a scheme, as ECTS."""

    scheme: str
    value: str = ""


@dataclass(frozen=True)
class Related:
    """What an outcome corresponds to in a framework."""

    title: Texts
    address: str = ""


@dataclass(frozen=True)
class Outcome:
    """What the learner knows or can do."""

    title: Texts
    related: Sequence[Related] = ()


@dataclass(frozen=True)
class Achievement:
    """One thing a learner reached, did or was assessed in, with its parts. Days are ISO 8601."""

    title: Texts
    kind: str = ""
    description: Texts = field(default_factory=dict)
    identifiers: Pairs = ()
    awarded_by: Sequence[Institution] = ()
    began_on: str = ""
    ended_on: str = ""
    awarded_on: str = ""
    status: str = ""
    grade: Texts = field(default_factory=dict)
    grading: Texts = field(default_factory=dict)
    credits: Sequence[Credit] = ()
    levels: Sequence[Level] = ()
    fields: Sequence[str] = ()  # ISCED-F 2013
    languages: Sequence[str] = ()  # ISO 639-1
    hours: str = ""
    outcomes: Sequence[Outcome] = ()
    parts: Sequence[Achievement] = ()


@dataclass(frozen=True)
class Transcript:
    """A whole file. `signature` names the kind of signature it carries, which is never checked here; `unread` counts
    what it holds beyond this view, as attachments."""

    format: str
    holder: Holder
    issuer: Institution
    achievements: Sequence[Achievement] = ()
    id: str = ""
    number: str = ""
    title: Texts = field(default_factory=dict)
    description: Texts = field(default_factory=dict)
    issued_on: str = ""
    valid_from: str = ""
    valid_until: str = ""
    signature: str = ""
    unread: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON, without what is empty."""
        found: dict[str, Any] = _plain(dataclasses.asdict(self))
        return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _plain(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner not in ("", [], {})}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def best(texts: Texts, language: str = "en") -> str:
    """Return the text in a language, else the first there is."""
    return texts.get(language) or next((text for text in texts.values() if text), "")


def told(says: Mapping[str, Any], language: str = "en") -> Iterator[tuple[int, str, str]]:
    """Yield depth, label and value of each line in which a transcript (`to_json`) is told; labels are English, a label of
    an achievement is its kind."""
    yield from _lines(0, language, says, ("title", "description"))
    holder = says.get("holder", {})
    yield from _lines(0, language, holder, ("name", "born_on"))
    yield 0, "issuer", _named(says.get("issuer", {}), language)
    yield from _lines(0, language, says, ("number", "issued_on", "valid_from", "valid_until"))
    for achievement in says.get("achievements", ()):
        yield from _told_of(achievement, 0, language)
    for name, count in says.get("unread", {}).items():
        yield 0, "not_read", f"{name} ({count})"


def _told_of(held: Mapping[str, Any], depth: int, language: str) -> Iterator[tuple[int, str, str]]:
    inner = depth + 1
    yield depth, held.get("kind", "part"), best(held.get("title", {}), language)
    yield from _lines(inner, language, held, ("description",))
    yield inner, "awarded_by", "; ".join(_named(one, language) for one in held.get("awarded_by", ()))
    yield from _lines(inner, language, held, ("began_on", "ended_on", "awarded_on", "grade", "status", "grading"))
    yield (
        inner,
        "credits",
        ", ".join(f"{one.get('value', '')} {one['scheme']}".strip() for one in held.get("credits", ())),
    )
    yield (
        inner,
        "levels",
        ", ".join(
            f"{one['framework']} {one.get('value') or best(one.get('label', {}), language)}"
            for one in held.get("levels", ())
        ),
    )
    yield inner, "fields", ", ".join(held.get("fields", ()))
    yield inner, "languages", ", ".join(held.get("languages", ()))
    yield inner, "hours", held.get("hours", "")
    for outcome in held.get("outcomes", ()):
        yield inner, "outcome", best(outcome.get("title", {}), language)
    for part in held.get("parts", ()):
        yield from _told_of(part, inner, language)


def _lines(depth: int, language: str, held: Mapping[str, Any], names: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    for name in names:
        value = held.get(name, "")
        text = best(value, language) if isinstance(value, Mapping) else value
        yield depth, name, text[:10] if name.endswith("_on") or name.startswith("valid_") else text


def _named(institution: Mapping[str, Any], language: str) -> str:
    name, country = best(institution.get("names", {}), language), institution.get("country", "")
    return f"{name} ({country})" if name and country else name
