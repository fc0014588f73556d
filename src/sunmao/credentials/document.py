"""What a credential says: an Open Badges 3.0 credential in the form of VC Data Model 2.0, composed from the records.

The learner's name is on it as on the document it is taken from. Titles stand in every language they are held in;
the institution's official name comes first. What is said here is what is signed: nothing is added afterwards.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from babel import Locale
from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sunmao.credentials import lists, pictures
from sunmao.credentials.models import FORMAL, Award, AwardKind, EndorsementState, StatusList
from sunmao.directory.models import Organisation
from sunmao.kernel import clock
from sunmao.kernel.text import Texts
from sunmao.standards.models import CrosswalkRow, Outcome, RowState
from sunmao.vc import issue
from sunmao.vc.trust import credential_digest

# AchievementType of Open Badges 3.0, section B.7.1
ACHIEVEMENT = {
    AwardKind.DIPLOMA: "Diploma",
    AwardKind.COMPLETION: "CertificateOfCompletion",
    AwardKind.TRAINING: "Certificate",
    AwardKind.SKILL_LEVEL: "Certification",
    AwardKind.INTERNATIONAL: "Certification",
    AwardKind.LANGUAGE: "Certificate",
}
LANGUAGES = {"en": "en", "zh": "zh-hans", "ru": "ru"}


@dataclass(frozen=True)
class Holder:
    """What the paper says of the learner: the name as on the document, results by outcome, registration number."""

    name: str
    results: Sequence[tuple[Outcome, str, bool]] = ()  # outcome, grade as given, passed
    registration_number: str = ""
    began_on: date | None = None
    ended_on: date | None = None
    evidence: Sequence[tuple[Outcome, issue.Evidence]] = ()


@dataclass(frozen=True)
class Terms:
    """What is the same for all credentials of one conferral; composed once."""

    award: Award
    issuer: issue.Institution
    joint: tuple[issue.Institution, ...]
    achievement: issue.Achievement
    demonstration: bool
    evidence: tuple[issue.Evidence, ...] = ()


def plain(texts: Texts, first: str = "en") -> dict[str, str]:
    """Return {language: text}, the wanted language first; texts of an unknown language are left out if others are."""
    held = {code: entry["text"] for code, entry in texts.items()}
    known = {code: text for code, text in held.items() if code != "und"} or {"und": next(iter(held.values()), "")}
    front = {first: known[first]} if first in known else {}
    return {**front, **known}


def institution(organisation: Organisation, identifier: str) -> issue.Institution:
    """Return an institution as its profile, under the identifier it signs with."""
    ids = [(f"ext:{row.scheme}", row.value) for row in organisation.ids.all() if row.scheme in ("ror", "moe")]
    return issue.Institution(
        identifier, plain(organisation.title), url=organisation.website, identifiers=ids,
        country=str(organisation.country or ""),
    )  # fmt: skip


def award_address(award: Award) -> str:
    """Return the address by which credentials and endorsements name an award."""
    return f"{settings.SUNMAO_ADDRESS}/awards/{award.code}/"


def _endorsing(award: Award) -> dict[str, list[dict[str, Any]]]:
    """Return the endorsements that the award's institutions took up and that hold today, by what they speak of."""
    today = clock.today()
    found: dict[str, list[dict[str, Any]]] = {}
    for row in award.endorsements.filter(state=EndorsementState.TAKEN).order_by("id"):
        if row.valid_until is None or row.valid_until >= today:
            held = row.signed_document
            found.setdefault(held["credentialSubject"]["id"], []).append(held)
    return found


def language_words(code: str) -> str:
    """Return the name of a language in the language in use; the code where it has none."""
    known = code and Locale.parse((get_language() or "en").replace("-", "_").replace("hans", "Hans")).languages
    return str(known.get(code, code)) if known else code


def kind_words(award: Award) -> str:
    """Return the kind in words, and whether it belongs to formal education, in the language in use."""
    kind = AwardKind(award.kind)
    belongs = _("It belongs to formal education.") if kind in FORMAL else _("It does not belong to formal education.")
    label = str(kind.label)
    return _("%(kind)s. %(belongs)s") % {"kind": f"{label[:1].upper()}{label[1:]}", "belongs": belongs}


def descriptions(award: Award) -> dict[str, str]:
    """Return the kind in words, in each language of this register."""
    out = {}
    for code, language in LANGUAGES.items():
        with translation.override(language):
            out[code] = kind_words(award)
    return out


def _outcomes(award: Award) -> list[issue.Outcome]:
    version = award.programme
    rows = CrosswalkRow.objects.filter(crosswalk__source=version, state=RowState.CONFIRMED).select_related(
        "target", "crosswalk__target__programme"
    )
    aligned: dict[int, list[issue.Alignment]] = {}
    for row in rows.order_by("id"):
        aligned.setdefault(row.source_id, []).append(
            issue.Alignment(
                row.target.title.best("en")[0], f"urn:uuid:{row.target.uid}", code=row.target.number,
                framework=row.crosswalk.target.programme.title.best("en")[0],
            )
        )  # fmt: skip
    return [
        issue.Outcome(outcome_id(row), row.title.best("en")[0], alignments=aligned.get(row.pk, ()))
        for row in reached(award, version.outcomes.order_by("order", "id"))
    ]


def reached(award: Award, outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return those of a programme's outcomes that an award speaks of: all, or those of its unit."""
    return [row for row in outcomes if award.unit_id is None or row.unit_id == award.unit_id]


def outcome_id(outcome: Outcome) -> str:
    return f"urn:uuid:{outcome.uid}"


def _achievement(award: Award, creator: issue.Institution, endorsements: Sequence[dict[str, Any]]) -> issue.Achievement:
    version = award.programme
    credits = version.credits if award.unit is None else award.unit.credits
    programme = issue.Alignment(
        version.programme.title.best("en")[0], f"urn:uuid:{version.uid}", code=version.programme.outside_code
    )
    return issue.Achievement(
        award_address(award), plain(award.title), descriptions(award), award.criteria.best("en")[0],
        kind=ACHIEVEMENT[AwardKind(award.kind)], code=award.code, language=award.language, image=pictures.address(award), version=version.label,
        field_of_study=version.programme.title.best("en")[0], creator=creator, alignments=(programme,),
        credits=float(credits) if credits is not None else None, outcomes=_outcomes(award), endorsements=endorsements,
    )  # fmt: skip


def terms(award: Award, identifiers: dict[int, str], *, demonstration: bool) -> Terms:
    """Return what all credentials of one conferral share; `identifiers` are the institutions' by primary key."""
    plain_issuers = [institution(row, identifiers[row.pk]) for row in award.organisations]
    endorsing = _endorsing(award)
    issuers = [replace(row, endorsements=endorsing.get(row.id, ())) for row in plain_issuers]
    achievement = _achievement(award, plain_issuers[0], endorsing.get(award_address(award), ()))
    return Terms(award, issuers[0], tuple(issuers[1:]), achievement, demonstration, tuple(_evidence(award)))


def _evidence(award: Award) -> Iterable[issue.Evidence]:
    """Yield what shows that any holder of an award reached it."""
    for row in award.evidence.select_related("outcome", "document").order_by("id"):
        held = row.document
        url = (held.address or f"{settings.SUNMAO_ADDRESS}/documents/{held.code}/") if held is not None else ""
        yield issue.Evidence(
            row.title.best("en")[0], row.narrative.best("en")[0], url or digest_address(row.sha256), row.genre,
            row.audience, outcome_words(row.outcome) if row.outcome is not None else "",
        )  # fmt: skip


def outcome_words(outcome: Outcome) -> str:
    """Return an outcome in one line."""
    return f"{outcome.number} {outcome.title.best('en')[0]}"


def digest_address(sha256: str) -> str:
    """Return the name of a file by its content (RFC 6920, ni), or nothing."""
    return f"ni:///sha-256;{base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip('=')}" if sha256 else ""


def _noon(day: date | None) -> datetime | None:
    return datetime.combine(day, time(12), UTC) if day else None


def compose(
    shared: Terms,
    holder: Holder,
    *,
    uid: Any,
    awarded_on: date,
    valid_until: date | None,
    place: tuple[StatusList, int],
) -> dict[str, Any]:
    """Return one learner's unsigned credential. It holds from the start of the day of award (UTC) to the end of its
    last day. Raises VcError where the records cannot be said in Open Badges 3.0."""
    results = [
        issue.ResultValue(outcome_id(outcome), value=grade, status="Completed" if passed else "Failed")
        for outcome, grade, passed in holder.results
        if shared.award.unit_id is None or outcome.unit_id == shared.award.unit_id
    ]
    own = [held for outcome, held in holder.evidence if shared.award.unit_id in (None, outcome.unit_id)]
    details = issue.Details(
        evidence=(*shared.evidence, *own),
        registration_number=holder.registration_number, awarded_at=datetime.combine(awarded_on, time(), UTC),
        activity_start=_noon(holder.began_on), activity_end=_noon(holder.ended_on),
    )  # fmt: skip
    return issue.achievement_credential(
        id=f"urn:uuid:{uid}", issuer=shared.issuer, joint_issuers=shared.joint, achievement=shared.achievement,
        recipient=issue.Recipient(name=holder.name), results=results, details=details,
        valid_from=datetime.combine(awarded_on, time(), UTC),
        valid_until=datetime.combine(valid_until, time(23, 59, 59), UTC) if valid_until else None,
        status=lists.entries(*place), demonstration=shared.demonstration,
    )  # fmt: skip


def digest(document: dict[str, Any]) -> str:
    """Return the digest the log keeps: of the credential without its proofs."""
    return credential_digest(document)
