"""Comprehensive Learner Record 2.0 (1EdTech): what a learner achieved, as one credential that holds the others.

The institution that signs it says that these credentials are of one learner and how their achievements hang together;
each of them keeps the proofs of its own issuers, and a verifier asks every one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sunmao.vc.contexts import CLR, CREDENTIALS_V2, OPEN_BADGES
from sunmao.vc.errors import VcError
from sunmao.vc.issue import DEMONSTRATION, OWN_TERMS, Institution, Recipient, Texts, texts_of
from sunmao.vc.openbadges import check_part
from sunmao.vc.report import Check, Report, State, Verdict
from sunmao.vc.strict_json import check_value
from sunmao.vc.structure import check_credential, need_url, types_of
from sunmao.vc.times import format_instant, parse_instant

RECORD_TYPE = "ClrCredential"
MAX_EMBEDDED = 200
GOOD = "record_good"  # the code of a record in good form
_CONTEXT_ROOT = CLR.rpartition("/")[0] + "/context"
# AssociationType of CLR 2.0.
ASSOCIATIONS = (
    "exactMatchOf", "isChildOf", "isParentOf", "isPartOf", "isPeerOf", "isRelatedTo", "precedes", "replacedBy",
)  # fmt: skip
_CODES = {
    Verdict.IN_FORCE: (State.GOOD, "record_in_force"),
    Verdict.UNKNOWN_ISSUER: (State.UNKNOWN, "record_unknown_issuer"),
    Verdict.CANNOT_CHECK: (State.UNKNOWN, "record_cannot"),
    Verdict.NOT_IN_FORCE: (State.BAD, "record_not_in_force"),
    Verdict.NOT_GENUINE: (State.BAD, "record_not_genuine"),
}


@dataclass(frozen=True)
class Association:
    """How the achievement ``source`` stands to ``target``, both by address; ``kind`` is one of ASSOCIATIONS."""

    source: str
    kind: str
    target: str

    def to_json(self) -> dict[str, str]:
        """The Association."""
        return {
            "type": "Association",
            "associationType": self.kind,
            "sourceId": self.source,
            "targetId": self.target,
        }


def learner_record(
    *,
    id: str,
    names: Texts,
    issuer: Institution,
    recipient: Recipient,
    credentials: Sequence[dict[str, Any]],
    valid_from: datetime,
    associations: Sequence[Association] = (),
    partial: bool = False,
    demonstration: bool = False,
) -> dict[str, Any]:
    """Return the unsigned record of one learner, around credentials that are signed already.

    ``partial``: its issuer knows of more than stands in it. Raise VcError where the result would break CLR 2.0.
    """
    subject: dict[str, Any] = {"type": ["ClrSubject"], **recipient.to_json(), "verifiableCredential": list(credentials)}
    if associations:
        subject["association"] = [row.to_json() for row in associations]
    own = {"issuer": issuer.to_json(), **texts_of("name", names)}
    several = "nameIn" in own or "nameIn" in own["issuer"]
    record: dict[str, Any] = {
        "@context": [CREDENTIALS_V2, CLR, OPEN_BADGES, *([OWN_TERMS] if several else [])],
        "id": id,
        "type": ["VerifiableCredential", RECORD_TYPE],
        **own,
        "validFrom": format_instant(valid_from),
        "partial": partial,
        "credentialSubject": subject,
    }
    if demonstration:
        record["description"] = DEMONSTRATION
    check_value(record)
    check_credential(record)
    check_record(record)
    return record


def is_record(credential: dict[str, Any]) -> bool:
    """Say whether the credential calls itself a learner record."""
    return RECORD_TYPE in types_of(credential)


def check_record(credential: dict[str, Any]) -> int:
    """Raise VcError at the first rule of CLR 2.0 that the record breaks; return how many credentials it holds."""
    value = credential["@context"]
    names = value if isinstance(value, list) else [value]
    if not any(isinstance(name, str) and name.startswith(_CONTEXT_ROOT) for name in names):
        raise VcError("context_clr_missing")
    need_url(credential.get("id"), "id")
    if "name" not in credential:
        raise VcError("field_missing", field="name")
    if not isinstance(credential.get("partial", False), bool):
        raise VcError("field_kind", field="partial", expected="true or false")
    if "awardedDate" in credential:
        parse_instant(credential["awardedDate"], field="awardedDate")
    for field, kind in (("image", "Image"), ("endorsement", "credential*")):
        if field in credential:
            check_part(credential[field], kind, field)
    if isinstance(credential["issuer"], dict):
        check_part(credential["issuer"], "Profile", "issuer")
    subject = credential["credentialSubject"]
    if not isinstance(subject, dict):
        raise VcError("field_kind", field="credentialSubject", expected="an object")
    check_part(subject, "ClrSubject", "credentialSubject")
    if "id" not in subject and not subject.get("identifier"):
        raise VcError("field_missing", field="credentialSubject.identifier")
    for row in _listed(subject.get("association")):
        if row["associationType"] not in ASSOCIATIONS:
            expected = ", ".join(ASSOCIATIONS)
            raise VcError("field_kind", field="association.associationType", expected=expected)
    return len(embedded(credential))


def embedded(credential: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the credentials a record holds; raise VcError where there is none, or too many, or a record again."""
    place = "credentialSubject.verifiableCredential"
    items = _listed(credential["credentialSubject"].get("verifiableCredential"))
    if not items:
        raise VcError("field_missing", field=place)
    if len(items) > MAX_EMBEDDED:
        raise VcError("record_many", limit=MAX_EMBEDDED)
    for item in items:
        if not isinstance(item, dict) or not item:
            raise VcError("field_kind", field=place, expected="an object")
        if RECORD_TYPE in types_of(item, f"{place}.type"):
            raise VcError("record_inside")
    return items


def check_embedded(credential: dict[str, Any], reports: Sequence[Report]) -> list[Check]:
    """Say of each credential in a record how it was judged, whether it names another person, and which association
    speaks of what the record does not hold."""
    told = [
        Check(
            "record", *_CODES[report.verdict], {"number": number, "id": report.issuer_id, "names": report.issuer_names}
        )
        for number, report in enumerate(reports, 1)
    ]
    subject = credential["credentialSubject"]
    own = _names(subject)
    for number, report in enumerate(reports, 1):
        held = _subjects(report.document)
        others = [name for one in held for name in _names(one)]
        if own and others and own.isdisjoint(others):
            told.append(Check("record", State.UNKNOWN, "record_other_person", {"number": number}))
    known = {_id(row) for row in _listed(subject.get("achievement"))}
    known |= {_id(one.get("achievement")) for report in reports for one in _subjects(report.document)}
    loose = [row for row in _listed(subject.get("association")) if not {row["sourceId"], row["targetId"]} <= known]
    if loose:
        told.append(Check("record", State.UNKNOWN, "record_loose", {"count": len(loose)}))
    return told


def _names(subject: dict[str, Any]) -> set[str]:
    """Return the names by which a subject is identified in plain words."""
    return {
        str(row.get("identityHash"))
        for row in _listed(subject.get("identifier"))
        if isinstance(row, dict) and row.get("identityType") == "name" and row.get("hashed") is False
    }


def _subjects(document: dict[str, Any] | None) -> list[dict[str, Any]]:
    return [row for row in _listed((document or {}).get("credentialSubject")) if isinstance(row, dict)]


def _id(value: Any) -> Any:
    held = value.get("id") if isinstance(value, dict) else None
    return held if isinstance(held, str) else None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
