"""Open Badges 3.0: the classes of the specification (sections B.1 to B.6) as tables, and their check.

The tables state per class which fields must be there and of what kind each is; ``check_badge`` walks them
and raises VcError naming the first place that breaks a rule.
"""

from typing import Any

from sunmao.vc.contexts import OPEN_BADGES_ALIAS
from sunmao.vc.errors import VcError
from sunmao.vc.structure import check_types, need_url, types_of
from sunmao.vc.times import parse_instant

BADGE_TYPES = ("OpenBadgeCredential", "AchievementCredential")
ENDORSEMENT_TYPE = "EndorsementCredential"
_CONTEXT_ROOT = OPEN_BADGES_ALIAS.removesuffix(".json")
# A class of the specification -> field -> kind. A mark ! needs the field, * allows a list of the kind.
CLASSES: dict[str, dict[str, str]] = {
    "AchievementSubject": {
        "id": "url",
        "achievement": "Achievement!",
        "identifier": "IdentityObject*",
        "image": "Image",
        "activityStartDate": "date",
        "activityEndDate": "date",
        "creditsEarned": "number",
        "licenseNumber": "text",
        "narrative": "text",
        "result": "Result*",
        "role": "text",
        "source": "Profile",
        "term": "text",
    },
    "Achievement": {
        "id": "url!",
        "name": "text!",
        "description": "text!",
        "criteria": "Criteria!",
        "achievementType": "text",
        "alignment": "Alignment*",
        "creator": "Profile",
        "creditsAvailable": "number",
        "endorsement": "credential*",
        "endorsementJwt": "text*",
        "fieldOfStudy": "text",
        "humanCode": "text",
        "image": "Image",
        "inLanguage": "text",
        "otherIdentifier": "IdentifierEntry*",
        "related": "Related*",
        "resultDescription": "ResultDescription*",
        "specialization": "text",
        "tag": "text*",
        "version": "text",
    },
    "Criteria": {"id": "url", "narrative": "text"},
    "Alignment": {
        "targetName": "text!",
        "targetUrl": "url!",
        "targetCode": "text",
        "targetDescription": "text",
        "targetFramework": "text",
        "targetType": "text",
    },
    "Image": {"id": "url!", "caption": "text"},
    "Evidence": {
        "id": "url",
        "name": "text",
        "description": "text",
        "narrative": "text",
        "genre": "text",
        "audience": "text",
    },
    "IdentityObject": {
        "hashed": "bool!",
        "identityHash": "text!",
        "identityType": "text!",
        "salt": "text",
    },
    "IdentifierEntry": {"identifier": "text!", "identifierType": "text!"},
    "Profile": {
        "id": "url!",
        "name": "text",
        "url": "url",
        "phone": "text",
        "description": "text",
        "email": "text",
        "image": "Image",
        "official": "text",
        "endorsement": "credential*",
        "endorsementJwt": "text*",
        "otherIdentifier": "IdentifierEntry*",
        "parentOrg": "Profile",
        "address": "Address",
        "familyName": "text",
        "givenName": "text",
    },
    "Address": {
        "addressCountry": "text",
        "addressCountryCode": "text",
        "addressRegion": "text",
        "addressLocality": "text",
        "streetAddress": "text",
        "postalCode": "text",
        "geo": "GeoCoordinates",
    },
    "GeoCoordinates": {"latitude": "number!", "longitude": "number!"},
    "Related": {"id": "url!", "inLanguage": "text", "version": "text"},
    "Result": {
        "achievedLevel": "url",
        "alignment": "Alignment*",
        "resultDescription": "url",
        "status": "text",
        "value": "text",
    },
    "ResultDescription": {
        "id": "url!",
        "name": "text!",
        "resultType": "text!",
        "alignment": "Alignment*",
        "allowedValue": "text*",
        "requiredLevel": "url",
        "requiredValue": "text",
        "rubricCriterionLevel": "RubricCriterionLevel*",
        "valueMax": "text",
        "valueMin": "text",
    },
    "RubricCriterionLevel": {
        "id": "url!",
        "name": "text!",
        "alignment": "Alignment*",
        "description": "text",
        "level": "text",
        "points": "text",
    },
    # Comprehensive Learner Record 2.0; what credentials it holds is asked in ``clr``.
    "ClrSubject": {
        "id": "url",
        "identifier": "IdentityObject*",
        "achievement": "Achievement*",
        "association": "Association*",
    },
    "Association": {"associationType": "text!", "sourceId": "url!", "targetId": "url!"},
    "EndorsementSubject": {"id": "url!", "endorsementComment": "text"},
}
# Criteria need no type; everything else says what it is.
_UNTYPED = {"Criteria"}
MAX_CLASS_DEPTH = 20


def is_badge(credential: dict[str, Any]) -> bool:
    """Say whether the credential calls itself an Open Badge or an endorsement of one."""
    wanted = {*BADGE_TYPES, ENDORSEMENT_TYPE}
    if wanted & set(types_of(credential)):
        return True
    value = credential.get("@context")
    contexts = value if isinstance(value, list) else [value]
    return any(isinstance(item, str) and item.startswith(_CONTEXT_ROOT) for item in contexts)


def check_badge(credential: dict[str, Any]) -> None:
    """Raise VcError at the first rule of Open Badges 3.0 that the credential breaks."""
    types = types_of(credential)
    endorses = ENDORSEMENT_TYPE in types
    if not endorses and not any(name in types for name in BADGE_TYPES):
        raise VcError("type_missing", field="type", expected=" or ".join(BADGE_TYPES))
    _check_context(credential)
    need_url(credential.get("id"), "id")
    if isinstance(credential["issuer"], dict):
        _check_class(credential["issuer"], "Profile", "issuer", 0)
    if "awardedDate" in credential:
        parse_instant(credential["awardedDate"], field="awardedDate")
    if "image" in credential:
        _check_field(credential["image"], "Image", "image", 0)
    if "evidence" in credential:
        _check_field(credential["evidence"], "Evidence*", "evidence", 0)
    if "endorsement" in credential:
        _check_field(credential["endorsement"], "credential*", "endorsement", 0)
    kind = "EndorsementSubject" if endorses else "AchievementSubject"
    _check_field(credential["credentialSubject"], kind, "credentialSubject", 0)
    if not endorses:
        _check_subject_is_named(credential["credentialSubject"])


def check_part(value: Any, kind: str, place: str) -> None:
    """Raise VcError where a value is not of a class or kind of the tables; ``place`` names it."""
    _check_field(value, kind, place, 0)


def _check_context(credential: dict[str, Any]) -> None:
    value = credential["@context"]
    names = value if isinstance(value, list) else [value]
    if not any(isinstance(name, str) and name.startswith(_CONTEXT_ROOT) for name in names):
        raise VcError("context_badge_missing")


def _check_subject_is_named(subject: dict[str, Any]) -> None:
    """Section B.1.3: the learner is named by ``id`` or by at least one ``identifier``."""
    if "id" not in subject and not subject.get("identifier"):
        raise VcError("field_missing", field="credentialSubject.identifier")


def _check_class(value: dict[str, Any], name: str, place: str, depth: int) -> None:
    if depth > MAX_CLASS_DEPTH:
        raise VcError("json_too_deep", limit=MAX_CLASS_DEPTH)
    if name not in _UNTYPED or "type" in value:
        check_types(value, name, field=f"{place}.type")
    for field, kind in CLASSES[name].items():
        needed = kind.endswith("!")
        if field in value:
            _check_field(value[field], kind.rstrip("!"), f"{place}.{field}", depth + 1)
        elif needed:
            raise VcError("field_missing", field=f"{place}.{field}")


def _check_field(value: Any, kind: str, place: str, depth: int) -> None:
    if kind.endswith("*"):
        for item in value if isinstance(value, list) else [value]:
            _check_field(item, kind[:-1], place, depth)
    elif kind in CLASSES or kind == "credential":
        if not isinstance(value, dict) or not value:
            raise VcError("field_kind", field=place, expected="an object")
        if kind == "credential":
            check_types(value, "VerifiableCredential", ENDORSEMENT_TYPE, field=f"{place}.type")
        else:
            _check_class(value, kind, place, depth)
    else:
        _check_scalar(value, kind, place)


def _check_scalar(value: Any, kind: str, place: str) -> None:
    if kind == "url":
        need_url(value, place)
    elif kind == "date":
        parse_instant(value, field=place)
    elif kind == "text" and not isinstance(value, str):
        raise VcError("field_kind", field=place, expected="text")
    elif kind == "bool" and not isinstance(value, bool):
        raise VcError("field_kind", field=place, expected="true or false")
    elif kind == "number" and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise VcError("field_kind", field=place, expected="a number")
