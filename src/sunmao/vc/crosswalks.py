"""Credentials that say how two standards correspond: made, and checked beyond the data model.

The authority of the source issues it, that of the target joins it (``jointIssuer``), so that each signs. The subject is
the crosswalk as it stood at one moment: a number among its issues, the version on either side, and an alignment per row
that both sides confirmed, with the relation, the day, and who confirmed it for whom. The terms are those of the context
at ``contexts.CROSSWALK_PATH`` of the register it comes from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sunmao.vc.contexts import CREDENTIALS_V2, is_crosswalk_context
from sunmao.vc.errors import VcError
from sunmao.vc.issue import DEMONSTRATION, Institution, Texts, texts_of
from sunmao.vc.strict_json import check_value
from sunmao.vc.structure import check_credential, issuer_id, types_of
from sunmao.vc.times import format_instant

CROSSWALK_TYPE = "CrosswalkCredential"
RELATIONS = ("exact", "target_broader", "target_narrower", "close")
SIDES = ("source", "target")


@dataclass(frozen=True)
class Standard:
    """One side: a version of a standard, and the institution whose word it carries (by its identifier)."""

    id: str
    names: Texts
    version: str
    country: str = ""
    code: str = ""

    def to_json(self) -> dict[str, Any]:
        """The StandardVersion."""
        held = {"version": self.version, "country": self.country, "code": self.code}
        said = {name: value for name, value in held.items() if value}
        return {"id": self.id, "type": "StandardVersion", **texts_of("name", self.names), **said}


@dataclass(frozen=True)
class Stated:
    """A learning outcome as its version words it."""

    id: str
    number: str
    names: Texts

    def to_json(self) -> dict[str, Any]:
        """The Outcome."""
        return {"id": self.id, "type": "Outcome", "code": self.number, **texts_of("name", self.names)}


@dataclass(frozen=True)
class Word:
    """What one side said of a row: ``side`` is source or target, ``organisation`` by name in its languages."""

    side: str
    person: str
    organisation: Texts
    said: date
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """The Judgement."""
        word: dict[str, Any] = {
            "type": "Judgement", "side": self.side, "person": self.person,
            "organisation": texts_of("name", self.organisation), "said": self.said.isoformat(),
        }  # fmt: skip
        return word | ({"note": self.note} if self.note else {})


@dataclass(frozen=True)
class Row:
    """A row both sides confirmed; several outcomes of the source correspond only together."""

    id: str
    code: str
    relation: str
    sources: Sequence[Stated]
    target: Stated
    confirmed: date
    words: Sequence[Word]
    notes: Texts | None = None

    def to_json(self) -> dict[str, Any]:
        """The Alignment."""
        row = {
            "id": self.id, "type": "Alignment", "code": self.code, "relation": self.relation,
            "source": [one.to_json() for one in self.sources], "target": self.target.to_json(),
            "confirmedOn": self.confirmed.isoformat(), "judgement": [word.to_json() for word in self.words],
        }  # fmt: skip
        return row | (texts_of("description", self.notes) if self.notes else {})


def crosswalk_credential(
    *,
    id: str,
    context: str,
    crosswalk: str,
    code: str,
    number: int,
    issuers: tuple[Institution, Institution],
    standards: tuple[Standard, Standard],
    rows: Sequence[Row],
    names: Texts,
    valid_from: datetime,
    status: Sequence[Mapping[str, Any]] = (),
    demonstration: bool = False,
) -> dict[str, Any]:
    """Return an unsigned crosswalk credential; each of ``issuers`` (source, target) signs it.

    ``context`` is the address of the register's own context, ``crosswalk`` the address the crosswalk is named by,
    ``number`` which of its issues this is. Raise VcError where it would break a rule.
    """
    first, second = issuers
    credential: dict[str, Any] = {
        "@context": [CREDENTIALS_V2, context],
        "id": id,
        "type": ["VerifiableCredential", CROSSWALK_TYPE],
        "issuer": {"id": first.id, "type": "Profile", **texts_of("name", first.names)},
        "jointIssuer": [{"id": second.id, "type": "Profile", **texts_of("name", second.names)}],
        "validFrom": format_instant(valid_from),
        **texts_of("name", names),
    }
    if demonstration:
        credential["description"] = DEMONSTRATION
    if status:
        credential["credentialStatus"] = list(status)
    credential["credentialSubject"] = {
        "id": crosswalk, "type": "Crosswalk", "code": code, "issueNumber": number,
        "source": standards[0].to_json(), "target": standards[1].to_json(),
        "alignment": [row.to_json() for row in rows],
    }  # fmt: skip
    check_value(credential)
    check_credential(credential)
    check_crosswalk(credential)
    return credential


def is_crosswalk(credential: dict[str, Any]) -> bool:
    """Say whether the credential speaks in the terms of a register's crosswalks."""
    value = credential.get("@context")
    return isinstance(value, list) and any(isinstance(item, str) and is_crosswalk_context(item) for item in value)


def check_crosswalk(credential: dict[str, Any]) -> int:
    """Raise VcError at the first rule a crosswalk credential breaks; return how many rows it holds.

    Its terms are those of a register's own context and of no other; it names two issuers; every row has a relation,
    outcomes on both sides, the day it was confirmed and the word of each side.
    """
    value = credential["@context"]
    if not isinstance(value, list) or len(value) != 2 or value[0] != CREDENTIALS_V2 or not is_crosswalk(credential):
        raise VcError("crosswalk_context")
    if CROSSWALK_TYPE not in types_of(credential):
        raise VcError("crosswalk_form", field="type")
    joint = credential.get("jointIssuer")
    other = joint[0] if isinstance(joint, list) and len(joint) == 1 else None
    if not isinstance(other, dict) or other.get("id") in (None, issuer_id(credential)):
        raise VcError("crosswalk_issuers")
    subject = credential["credentialSubject"]
    if not isinstance(subject, dict):
        raise VcError("crosswalk_form", field="credentialSubject")
    for side in SIDES:
        _need(isinstance(subject.get(side), dict) and _text(subject[side], "id", "name"), f"credentialSubject.{side}")
    rows = subject.get("alignment")
    if not isinstance(rows, list) or not rows:
        raise VcError("crosswalk_form", field="credentialSubject.alignment")
    seen: set[str] = set()
    for place, row in enumerate(rows):
        _check_row(row, f"credentialSubject.alignment[{place}]")
        _need(row["id"] not in seen, f"credentialSubject.alignment[{place}].id")
        seen.add(row["id"])
    return len(rows)


def _check_row(row: Any, place: str) -> None:
    _need(isinstance(row, dict) and _text(row, "id", "code", "confirmedOn"), place)
    _need(row.get("relation") in RELATIONS, f"{place}.relation")
    sources = row.get("source")
    _need(isinstance(sources, list) and bool(sources), f"{place}.source")
    for name, item in (*(("source", source) for source in sources), ("target", row.get("target"))):
        _need(isinstance(item, dict) and _text(item, "id", "name", "code"), f"{place}.{name}")
    words = row.get("judgement")
    _need(isinstance(words, list), f"{place}.judgement")
    for word in words:
        _need(isinstance(word, dict) and _text(word, "side", "person", "said"), f"{place}.judgement")
        _need(isinstance(word.get("organisation"), dict), f"{place}.judgement.organisation")
    if sorted(word["side"] for word in words) != sorted(SIDES):
        raise VcError("crosswalk_sides", row=row["code"][:40])


def _text(item: dict[str, Any], *names: str) -> bool:
    return all(isinstance(item.get(name), str) and item[name] for name in names)


def _need(holds: bool, field: str) -> None:
    if not holds:
        raise VcError("crosswalk_form", field=field)
