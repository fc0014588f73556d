"""What every verifiable credential must look like: VC Data Model 2.0 section 4, and 1.1 where badges use it.

Each rule raises VcError naming the place. Data Model 1.1 credentials are read, never made.
"""

import re
from typing import Any

from sunmao.vc.contexts import CREDENTIALS_V1, CREDENTIALS_V2
from sunmao.vc.errors import VcError
from sunmao.vc.related import check_related
from sunmao.vc.times import parse_instant

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+\Z")
_LANGUAGE_KEYS = {"@value", "@language", "@direction"}
_TYPED = ("credentialStatus", "credentialSchema", "termsOfUse", "evidence", "refreshService")
_NEEDS_ID = {"credentialSchema"}


def check_credential(credential: dict[str, Any]) -> None:
    """Raise VcError at the first rule of the data model that the credential breaks."""
    old = check_contexts(credential)
    check_types(credential, "VerifiableCredential")
    if "id" in credential:
        need_url(credential["id"], "id")
    issuer_id(credential)
    _check_subjects(credential)
    for name in ("name", "description"):
        if name in credential:
            _check_language_text(credential[name], name)
    for name in _TYPED:
        for place, item in _objects(credential, name):
            _check_typed(item, place, needs_id=name in _NEEDS_ID or (old and name != "evidence"))
    check_dates(credential, old=old)
    for place, item in _objects(credential, "relatedResource"):
        need_url(item.get("id"), f"{place}.id")
    check_related([item for _, item in _objects(credential, "relatedResource")])


def check_contexts(document: dict[str, Any]) -> bool:
    """Check @context (section 4.3) and say whether the document is of the old data model 1.1."""
    value = document.get("@context")
    if value is None:
        raise VcError("field_missing", field="@context")
    items = value if isinstance(value, list) else [value]
    if not items or not all(isinstance(item, str | dict) for item in items):
        raise VcError("field_kind", field="@context", expected="addresses or objects")
    if items[0] not in (CREDENTIALS_V2, CREDENTIALS_V1):
        raise VcError("context_first", found=str(items[0])[:120])
    return bool(items[0] == CREDENTIALS_V1)


def check_types(document: dict[str, Any], *needed: str, field: str = "type") -> None:
    """Check that ``type`` is a text or texts and names each needed type (section 4.5)."""
    types = types_of(document, field)
    for name in needed:
        if name not in types:
            raise VcError("type_missing", field=field, expected=name)


def types_of(document: dict[str, Any], field: str = "type") -> list[str]:
    """Return the types of an object as a list; raise VcError when there is none or one is no text."""
    value = document.get("type")
    types: list[Any] = value if isinstance(value, list) else [value]
    if value is None or not types:
        raise VcError("field_missing", field=field)
    if not all(isinstance(name, str) and name for name in types):
        raise VcError("field_kind", field=field, expected="text")
    return types


def issuer_id(document: dict[str, Any]) -> str:
    """Return the issuer's address (section 4.7): ``issuer`` itself or its ``id``."""
    issuer = document.get("issuer")
    if issuer is None:
        raise VcError("field_missing", field="issuer")
    if isinstance(issuer, dict):
        if "id" not in issuer:
            raise VcError("field_missing", field="issuer.id")
        return need_url(issuer["id"], "issuer.id")
    return need_url(issuer, "issuer")


def need_url(value: Any, field: str) -> str:
    """Return the value if it is an absolute address, else raise VcError naming the field."""
    if not isinstance(value, str) or not _URL.match(value):
        raise VcError("field_kind", field=field, expected="an address")
    return value


def check_dates(credential: dict[str, Any], *, old: bool = False) -> None:
    """Check the form and order of the validity dates (section 4.9)."""
    if old and "issuanceDate" not in credential:
        raise VcError("field_missing", field="issuanceDate")
    names = ("issuanceDate", "expirationDate", "validFrom", "validUntil")
    instants = {name: parse_instant(credential[name], field=name) for name in names if name in credential}
    start = instants.get("validFrom")
    end = instants.get("validUntil")
    if start and end and end < start:
        raise VcError("dates_reversed")


def _check_subjects(credential: dict[str, Any]) -> None:
    value = credential.get("credentialSubject")
    subjects = value if isinstance(value, list) else [value]
    if value is None or not subjects:
        raise VcError("field_missing", field="credentialSubject")
    for subject in subjects:
        if not isinstance(subject, dict) or not subject:
            raise VcError("field_kind", field="credentialSubject", expected="an object that says something")
        if "id" in subject:
            need_url(subject["id"], "credentialSubject.id")


def _objects(credential: dict[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
    if name not in credential:
        return []
    value = credential[name]
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, dict) and item for item in items):
        raise VcError("field_kind", field=name, expected="an object")
    return [(name, item) for item in items]


def _check_typed(item: dict[str, Any], place: str, *, needs_id: bool) -> None:
    types_of(item, f"{place}.type")
    if "id" in item:
        need_url(item["id"], f"{place}.id")
    elif needs_id:
        raise VcError("field_missing", field=f"{place}.id")
    if "BitstringStatusListEntry" in types_of(item):
        _check_status_entry(item, place)


def _check_status_entry(item: dict[str, Any], place: str) -> None:
    """Bitstring Status List 1.0 section 2.1."""
    for name in ("statusPurpose", "statusListIndex", "statusListCredential"):
        if name not in item:
            raise VcError("field_missing", field=f"{place}.{name}")
    if not isinstance(item["statusPurpose"], str):
        raise VcError("field_kind", field=f"{place}.statusPurpose", expected="text")
    need_url(item["statusListCredential"], f"{place}.statusListCredential")
    # The standard wants the index as text; issuers who write a number are understood.
    index = item["statusListIndex"]
    if isinstance(index, bool) or not re.match(r"(0|[1-9][0-9]{0,15})\Z", str(index), re.ASCII):
        raise VcError("field_kind", field=f"{place}.statusListIndex", expected="a whole number as text")
    size = item.get("statusSize", 1)
    if not isinstance(size, int) or isinstance(size, bool) or size < 1:
        raise VcError("field_kind", field=f"{place}.statusSize", expected="a whole number above 0")
    _check_messages(item, place, size)


def _check_messages(item: dict[str, Any], place: str, size: int) -> None:
    """Values of several bits have messages; fewer of them than values are read, since such entries circulate."""
    messages = item.get("statusMessage")
    if messages is None and size == 1:
        return
    good = isinstance(messages, list) and 0 < len(messages) <= 2**size
    if not good or not all(_is_message(message) for message in messages or []):
        raise VcError("field_kind", field=f"{place}.statusMessage", expected=f"{2**size} messages")


def _is_message(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(name), str) for name in ("status", "message"))


def _check_language_text(value: Any, field: str) -> None:
    """A text, or language value objects (section 11.1)."""
    for item in value if isinstance(value, list) else [value]:
        good = isinstance(item, str) or (
            isinstance(item, dict)
            and isinstance(item.get("@value"), str)
            and item.keys() <= _LANGUAGE_KEYS
            and all(isinstance(inner, str) for inner in item.values())
        )
        if not good:
            raise VcError("field_kind", field=field, expected="text")
