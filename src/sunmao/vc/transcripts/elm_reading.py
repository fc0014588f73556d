"""Read European Learning Model 3 (JSON-LD), unsigned or sealed, into a transcript. The seal is not checked.

Files of others hold anything anywhere: what has another form than the model's is passed over, never guessed at.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from sunmao.vc import strict_json
from sunmao.vc.errors import VcError
from sunmao.vc.transcripts import view, vocabulary

TYPE = "EuropeanDigitalCredential"
MAX_BYTES = 10 * 1024 * 1024  # pictures and attachments lie inside
MAX_DEPTH = 20  # of achievements in achievements
MAX_TOLD = 5_000
_HOURS = re.compile(r"P(?:T(\d{1,6})H)\Z")
_KINDS = {
    "LearningActivity": view.ACTIVITY,
    "LearningAssessment": view.ASSESSMENT,
    "LearningEntitlement": view.ENTITLEMENT,
}
_SEALED = "JAdES"


def read(data: bytes) -> view.Transcript | None:
    """Return what an ELM file says; None where it is none, or one with a proof that is checked otherwise.

    Raise VcError where it is one that cannot be read.
    """
    if len(data) > MAX_BYTES:
        raise VcError("file_too_large", limit=MAX_BYTES)
    found, sealed = _opened(strict_json.loads(data, max_bytes=MAX_BYTES))
    if not isinstance(found, dict) or TYPE not in _texts_of(found.get("type")) or "proof" in found:
        return None
    return _Reader().transcript(found, _SEALED if sealed else "")


def _opened(found: Any) -> tuple[Any, bool]:
    """Return the credential inside its wrapping for upload or its seal, and whether it was sealed."""
    if isinstance(found, dict) and isinstance(found.get("payload"), str) and "signatures" in found:
        return strict_json.loads(_payload(found["payload"]), max_bytes=MAX_BYTES), True
    if isinstance(found, dict) and isinstance(found.get("credential"), dict) and "type" not in found:
        return found["credential"], False
    return found, False


def _payload(text: str) -> bytes:
    """Return the sealed text, which stands as it is (RFC 7797) or in base64url."""
    if text.lstrip().startswith("{"):
        return text.encode()
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        raise VcError("transcript_unread", format=view.ELM) from None


class _Reader:
    def __init__(self) -> None:
        self.unread: Counter[str] = Counter()
        self.told = 0

    def transcript(self, held: dict[str, Any], signature: str) -> view.Transcript:
        display, person = _object(held.get("displayParameter")), _object(held.get("credentialSubject"))
        claims = [self._claim(one, 0) for one in _objects(person.get("hasClaim"))]
        for name in ("attachment", "evidence"):
            self.unread[name] += len(_objects(held.get(name)))
        numbers = _pairs(held.get("identifier"))
        return view.Transcript(
            view.ELM, _holder(person), _institution(_object(held.get("issuer"))), claims, id=_text(held.get("id")),
            number=numbers[0][1] if numbers else "", title=_words(display.get("title")),
            description=_words(display.get("description")), issued_on=_text(held.get("issued") or held.get("issuanceDate")),
            valid_from=_text(held.get("validFrom")), valid_until=_text(held.get("validUntil") or held.get("expirationDate")),
            signature=signature, unread={name: count for name, count in self.unread.items() if count},
        )  # fmt: skip

    def _claim(self, held: dict[str, Any], depth: int) -> view.Achievement:
        self.told += 1
        if depth > MAX_DEPTH or self.told > MAX_TOLD:
            raise VcError("transcript_too_large", limit=MAX_TOLD)
        asked, awarding = _object(held.get("specifiedBy")), _object(held.get("awardedBy"))
        named = _texts_of(held.get("type"))
        kind = next((_KINDS[name] for name in named if name in _KINDS), view.ACHIEVEMENT)
        if kind == view.ACHIEVEMENT and "Qualification" in _texts_of(asked.get("type")):
            kind = view.QUALIFICATION
        title, proven = _words(held.get("title")), _objects(held.get("provenBy"))
        # An assessment of the same name is of the whole; others are of its parts.
        whole = (
            held if kind == view.ASSESSMENT else next((one for one in proven if _words(one.get("title")) == title), {})
        )
        parts = [one for one in proven if one is not whole] + _objects(held.get("hasPart"))
        done = next(iter(_objects(held.get("influencedBy"))), {}) if kind != view.ACTIVITY else held
        time = _object(done.get("temporal"))
        for name in ("supplementaryDocument", "entitlesTo", "additionalNote"):
            self.unread[name] += len(_objects(held.get(name))) + len(_objects(asked.get(name)))
        return view.Achievement(
            title, kind, _words(held.get("description")), _pairs(held.get("identifier")),
            [_institution(one) for one in _objects(awarding.get("awardingBody"))], _day(time.get("startDate")),
            _day(time.get("endDate")), _day(awarding.get("awardingDate")), **_graded(whole),
            credits=_credits(held.get("creditReceived")) or _credits(asked.get("creditPoint")), levels=_levels(asked),
            fields=[_last(one) for one in _objects(asked.get("thematicArea"))],
            languages=[vocabulary.language_of(_text(one.get("id"))) for one in _objects(asked.get("language"))],
            hours=_hours(held.get("workload")) or _hours(asked.get("volumeOfLearning")),
            outcomes=[_outcome(one) for one in _objects(asked.get("learningOutcome"))],
            parts=[self._claim(one, depth + 1) for one in parts],
        )  # fmt: skip


def _graded(held: dict[str, Any]) -> dict[str, Any]:
    """Return grade, status and grading scheme of an assessment."""
    scheme = _object(_object(held.get("specifiedBy")).get("gradingScheme"))
    status = view.best(_words(_object(held.get("gradeStatus")).get("prefLabel")))
    grade = _words(_object(held.get("grade")).get("noteLiteral"))
    grade = {} if grade == {"en": status} else grade
    return {
        "status": status,
        "grade": grade,
        "grading": _words(scheme.get("title")) or _words(scheme.get("description")),
    }


def _holder(held: dict[str, Any]) -> view.Holder:
    name, given, family = (view.best(_words(held.get(part))) for part in ("fullName", "givenName", "familyName"))
    name = name or " ".join(part for part in (given, family) if part)
    return view.Holder(name, given, family, _text(held.get("dateOfBirth"))[:10], _pairs(held.get("identifier")))


def _institution(held: dict[str, Any]) -> view.Institution:
    place = _object(_object(held.get("location")).get("address"))
    where = vocabulary.country_of(_text(_object(place.get("countryCode")).get("id")))
    legal = [("registration", "registration"), ("vatIdentifier", "VAT"), ("eIDASIdentifier", "eIDAS")]
    more = [(name, _text(one.get("notation"))) for key, name in legal for one in _objects(held.get(key))]
    url = _text(_object(held.get("homepage")).get("contentURL"))
    return view.Institution(_words(held.get("legalName")), where, [*_pairs(held.get("identifier")), *more], url)


def _levels(asked: dict[str, Any]) -> list[view.Level]:
    found = [view.Level("EQF", _last(one)) for one in _objects(asked.get("eqfLevel"))]
    for name in ("nqfLevel", "educationLevel"):
        for one in _objects(asked.get(name)):
            framework = view.best(_words(_object(one.get("inScheme")).get("prefLabel")))
            label = _words(one.get("prefLabel"))
            found.append(view.Level(framework or "NQF", _text(one.get("notation")), label))
    return found


def _credits(value: Any) -> list[view.Credit]:
    out = []
    for one in _objects(value):
        framework = _object(one.get("framework"))
        label = view.best(_words(framework.get("prefLabel"))) or _last(framework)
        out.append(view.Credit("ECTS" if framework.get("id") == vocabulary.ECTS else label, _text(one.get("point"))))
    return out


def _outcome(held: dict[str, Any]) -> view.Outcome:
    related = [
        view.Related(_words(one.get("prefLabel")), _text(one.get("id")))
        for name in ("relatedSkill", "relatedESCOSkill")
        for one in _objects(held.get(name))
    ]
    return view.Outcome(_words(held.get("title")), related)


def _hours(value: Any) -> str:
    """Return whole hours; another length of time as it is written."""
    found = _HOURS.match(_text(value))
    return found[1] if found else _text(value)


def _day(value: Any) -> str:
    """Return the day of an instant that names one, as the model has no days; else the instant."""
    return _text(value).removesuffix("T00:00:00Z")


def _last(held: Mapping[str, Any]) -> str:
    return _text(held.get("id")).rpartition("/")[2]


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _object(value: Any) -> dict[str, Any]:
    return next(iter(_objects(value)), {})


def _text(value: Any) -> str:
    """Return a text or number; of several the first."""
    value = next(iter(value), "") if isinstance(value, list) else value
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _texts_of(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _words(value: Any) -> dict[str, str]:
    """Return texts by language; several of one language stand one after the other."""
    if isinstance(value, str):
        return {"und": value}
    out = {}
    for code, text in value.items() if isinstance(value, dict) else ():
        joined = "; ".join(_texts_of(text))
        if joined and len(code) <= 35:
            out[code] = joined
    return out


def _pairs(value: Any) -> list[tuple[str, str]]:
    return [(_text(one.get("schemeName")), _text(one.get("notation"))) for one in _objects(value)]
