"""Build an Open Badges 3.0 credential in the form of VC Data Model 2.0, ready to be signed.

One learner, one achievement, one or more issuers. Open Badges allows one text per name; further languages
stand beside it under ``nameIn`` and ``descriptionIn``, and joint issuers under ``jointIssuer``: terms that
an inline context defines with schema.org and Dublin Core, so that any verifier can read them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sunmao.vc.contexts import CREDENTIALS_V2, OPEN_BADGES
from sunmao.vc.errors import VcError
from sunmao.vc.openbadges import check_badge
from sunmao.vc.strict_json import check_value
from sunmao.vc.structure import check_credential
from sunmao.vc.times import format_instant

# Kept byte for byte in every credential that needs it: changing it would not break old proofs, since each
# carries its own copy, but two shapes would then have to be known when credentials are compiled.
OWN_TERMS: dict[str, Any] = {
    "nameIn": {"@id": "https://schema.org/name", "@container": "@language"},
    "descriptionIn": {"@id": "https://schema.org/description", "@container": "@language"},
    "jointIssuer": {"@id": "http://purl.org/dc/terms/contributor", "@container": "@set"},
}
DEMONSTRATION = "Demonstration: this credential proves nothing."
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Institution:
    """Who issues: ``id`` is a DID or address, ``names`` by language tag; the first is the official one."""

    id: str
    names: Texts
    url: str = ""
    identifiers: Sequence[tuple[str, str]] = ()
    country: str = ""
    endorsements: Sequence[dict[str, Any]] = ()

    def to_json(self) -> dict[str, Any]:
        """The Profile (Open Badges 3.0 section B.5.1); ``identifiers`` are (kind, value), ``country`` ISO 3166."""
        profile: dict[str, Any] = {"id": self.id, "type": ["Profile"], **texts_of("name", self.names)}
        if self.url:
            profile["url"] = self.url
        if self.country:
            profile["address"] = {"type": ["Address"], "addressCountryCode": self.country}
        if self.identifiers:
            profile["otherIdentifier"] = [_identifier(kind, value) for kind, value in self.identifiers]
        if self.endorsements:
            profile["endorsement"] = list(self.endorsements)
        return profile


@dataclass(frozen=True)
class Alignment:
    """A target in a framework the achievement or result is mapped to."""

    name: str
    url: str
    code: str = ""
    framework: str = ""
    kind: str = ""

    def to_json(self) -> dict[str, Any]:
        """The Alignment (section B.2.2)."""
        wished = {"targetCode": self.code, "targetFramework": self.framework, "targetType": self.kind}
        held = {name: value for name, value in wished.items() if value}
        return {"type": ["Alignment"], "targetName": self.name, "targetUrl": self.url, **held}


@dataclass(frozen=True)
class Outcome:
    """A learning outcome results are given for: ``kind`` is a ResultType of section B.7.4, as GradePointAverage."""

    id: str
    name: str
    kind: str = "Result"
    required: str = ""
    alignments: Sequence[Alignment] = ()

    def to_json(self) -> dict[str, Any]:
        """The ResultDescription (section B.6.2)."""
        result: dict[str, Any] = {
            "id": self.id,
            "type": ["ResultDescription"],
            "name": self.name,
            "resultType": self.kind,
        }
        if self.required:
            result["requiredValue"] = self.required
        return result | _aligned(self.alignments)


@dataclass(frozen=True)
class Achievement:
    """What is awarded. ``kind`` is an AchievementType of section B.7.1: Diploma, Certificate, Course …"""

    id: str
    names: Texts
    descriptions: Texts
    criteria: str
    kind: str = "Certificate"
    code: str = ""
    language: str = ""
    field_of_study: str = ""
    specialization: str = ""
    version: str = ""
    credits: float | None = None
    creator: Institution | None = None
    image: str = ""
    tags: Sequence[str] = ()
    alignments: Sequence[Alignment] = ()
    outcomes: Sequence[Outcome] = ()
    endorsements: Sequence[dict[str, Any]] = ()

    def to_json(self) -> dict[str, Any]:
        """The Achievement (section B.2.1)."""
        wished: dict[str, Any] = {
            "humanCode": self.code,
            "inLanguage": self.language,
            "fieldOfStudy": self.field_of_study,
            "specialization": self.specialization,
            "version": self.version,
            "creditsAvailable": self.credits,
            "creator": self.creator.to_json() if self.creator else None,
            "image": _image(self.image) if self.image else None,
            "tag": list(self.tags),
            "resultDescription": [outcome.to_json() for outcome in self.outcomes],
            "endorsement": list(self.endorsements),
        }
        held = {name: value for name, value in wished.items() if value not in ("", None, [])}
        return {
            "id": self.id,
            "type": ["Achievement"],
            "achievementType": self.kind,
            **texts_of("name", self.names),
            **texts_of("description", self.descriptions),
            "criteria": {"narrative": self.criteria},
            **held,
            **_aligned(self.alignments),
        }


@dataclass(frozen=True)
class Recipient:
    """Who is awarded: by an ``id`` of his own, by name, or by a salted hash of the name.

    ``name_kind`` is an IdentifierType of section B.7.3: name, emailAddress, studentId …
    """

    name: str = ""
    id: str = ""
    name_kind: str = "name"
    salt: str = ""

    def to_json(self) -> dict[str, Any]:
        """The identifying members of the subject (section B.4.1); with a salt the name is hashed."""
        result: dict[str, Any] = {"id": self.id} if self.id else {}
        if self.name:
            result["identifier"] = [self._identity()]
        if not result:
            raise VcError("field_missing", field="credentialSubject.identifier")
        return result

    def _identity(self) -> dict[str, Any]:
        base: dict[str, Any] = {"type": "IdentityObject", "identityType": self.name_kind}
        if not self.salt:
            return base | {"hashed": False, "identityHash": self.name}
        return base | {"hashed": True, "identityHash": identity_hash(self.name, self.salt), "salt": self.salt}


@dataclass(frozen=True)
class ResultValue:
    """What the learner reached in one outcome."""

    outcome_id: str
    value: str = ""
    status: str = ""

    def to_json(self) -> dict[str, Any]:
        """The Result (section B.6.1); ``status`` is Completed, Enrolled, Failed, InProgress, OnHold …"""
        wished = {"value": self.value, "status": self.status}
        held = {name: value for name, value in wished.items() if value}
        return {"type": ["Result"], "resultDescription": self.outcome_id, **held}


@dataclass(frozen=True)
class Evidence:
    """Something that shows the achievement: a work, a report, a record."""

    name: str
    narrative: str = ""
    url: str = ""
    genre: str = ""
    audience: str = ""
    description: str = ""

    def to_json(self) -> dict[str, Any]:
        """The Evidence (section B.4.2); ``description`` names the outcome it belongs to."""
        wished = {
            "id": self.url, "description": self.description, "narrative": self.narrative, "genre": self.genre,
            "audience": self.audience,
        }  # fmt: skip
        held = {name: value for name, value in wished.items() if value}
        return {"type": ["Evidence"], "name": self.name, **held}


@dataclass(frozen=True)
class Details:
    """What only some credentials say: registration number, activity, narrative, language of the award."""

    registration_number: str = ""
    activity_start: datetime | None = None
    activity_end: datetime | None = None
    narrative: str = ""
    role: str = ""
    credits_earned: float | None = None
    image: str = ""
    awarded_at: datetime | None = None
    evidence: Sequence[Evidence] = field(default_factory=tuple)

    def subject_json(self) -> dict[str, Any]:
        """The members that belong to the subject (section B.4.1)."""
        wished: dict[str, Any] = {
            "licenseNumber": self.registration_number,
            "activityStartDate": format_instant(self.activity_start) if self.activity_start else "",
            "activityEndDate": format_instant(self.activity_end) if self.activity_end else "",
            "narrative": self.narrative,
            "role": self.role,
            "creditsEarned": self.credits_earned,
        }
        return {name: value for name, value in wished.items() if value not in ("", None)}


def achievement_credential(
    *,
    id: str,
    issuer: Institution,
    recipient: Recipient,
    achievement: Achievement,
    valid_from: datetime,
    valid_until: datetime | None = None,
    results: Sequence[ResultValue] = (),
    status: Sequence[dict[str, Any]] = (),
    joint_issuers: Sequence[Institution] = (),
    details: Details | None = None,
    demonstration: bool = False,
) -> dict[str, Any]:
    """Return the unsigned credential of one learner; sign it with ``integrity.sign``, once per issuer.

    ``status`` are entries of ``status.status_entry``. ``joint_issuers`` are those besides ``issuer`` whose
    proof a verifier shall ask for. ``demonstration`` marks it as proving nothing. Raise VcError when the
    result would break the data model or Open Badges 3.0.
    """
    more = details or Details()
    credential: dict[str, Any] = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": issuer.to_json(),
        "validFrom": format_instant(valid_from),
        **texts_of("name", achievement.names),
    }
    if demonstration:
        credential["description"] = DEMONSTRATION
    if valid_until is not None:
        credential["validUntil"] = format_instant(valid_until)
    if more.awarded_at is not None:
        credential["awardedDate"] = format_instant(more.awarded_at)
    if more.image:
        credential["image"] = _image(more.image)
    subject: dict[str, Any] = {"type": ["AchievementSubject"], **recipient.to_json()}
    subject |= more.subject_json() | {"achievement": achievement.to_json()}
    if results:
        subject["result"] = [result.to_json() for result in results]
    credential["credentialSubject"] = subject
    if more.evidence:
        credential["evidence"] = [item.to_json() for item in more.evidence]
    if status:
        credential["credentialStatus"] = status[0] if len(status) == 1 else list(status)
    if joint_issuers:
        credential["jointIssuer"] = [other.to_json() for other in joint_issuers]
    credential = in_own_terms(credential)
    check_value(credential)
    check_credential(credential)
    check_badge(credential)
    return credential


def in_own_terms(credential: dict[str, Any]) -> dict[str, Any]:
    """Return the credential under a context that defines the terms of ours that it uses."""
    if not _uses_own_terms(credential):
        return credential
    return credential | {"@context": [CREDENTIALS_V2, OPEN_BADGES, OWN_TERMS]}


def identity_hash(name: str, salt: str) -> str:
    """Return the salted hash of an identity (Open Badges 3.0, IdentityHash: ``sha256$`` and hex)."""
    return "sha256$" + hashlib.sha256((name + salt).encode("utf-8")).hexdigest()


def texts_of(field: str, texts: Texts) -> dict[str, Any]:
    """Return the first text as the field itself and the others by language beside it."""
    if not texts:
        raise VcError("field_missing", field=field)
    first, *others = texts.items()
    result: dict[str, Any] = {field: first[1]}
    if others:
        result[f"{field}In"] = {language.lower(): text for language, text in others}
    return result


def _uses_own_terms(value: Any) -> bool:
    if isinstance(value, list):
        return any(_uses_own_terms(item) for item in value)
    if isinstance(value, dict):
        return not OWN_TERMS.keys().isdisjoint(value) or any(_uses_own_terms(v) for v in value.values())
    return False


def _aligned(alignments: Sequence[Alignment]) -> dict[str, Any]:
    return {"alignment": [item.to_json() for item in alignments]} if alignments else {}


def _identifier(kind: str, value: str) -> dict[str, str]:
    return {"type": "IdentifierEntry", "identifier": value, "identifierType": kind}


def _image(address: str) -> dict[str, str]:
    return {"id": address, "type": "Image"}
