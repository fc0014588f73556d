"""Copies of credentials in formats that carry no proof: European Learning Model 3 for upload, ELMO for partner offices.

They say what was signed, in every language it is held in, and where the signed credential is verified. What is not in
force is not copied, since a copy cannot be revoked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from sunmao.credentials import document, papers
from sunmao.credentials.models import FORMAL, Award, Credential, CredentialState
from sunmao.directory.models import Organisation
from sunmao.kernel import clock
from sunmao.standards.models import Level, Outcome, Referencing
from sunmao.vc.errors import VcError
from sunmao.vc.times import format_instant
from sunmao.vc.transcripts import elm, elmo, view

ELM, ELMO = "elm.json", "elmo.xml"
FORMS = {ELM: "application/ld+json", ELMO: "application/xml"}
EQF = "European Qualifications Framework"
STATUS = {"Completed": view.PASSED, "Failed": view.FAILED}


def of(credentials: Sequence[Credential]) -> view.Transcript:
    """Return what credentials of one learner say; ValidationError where one is not in force or its text was erased."""
    for row in credentials:
        if not row.document:
            raise ValidationError(
                _("The holder's data are erased here. Only the holder still has the file."), code="erased"
            )
        ended = row.valid_until is not None and row.valid_until < clock.today()
        if row.state != CredentialState.ISSUED or ended:
            raise ValidationError(
                _("%(number)s is not in force, and a copy without a signature could not be taken back.")
                % {"number": row.number},
                code="state",
            )
    first, names = credentials[0], {_name(row) for row in credentials}
    if len({row.learner_id for row in credentials}) != 1 or len(names) != 1:
        raise ValidationError(_("A record is of one learner, under one name."), code="learner")
    achievements = [_achievement(row) for row in credentials]
    single = len(credentials) == 1
    until = first.signed_document.get("validUntil", "") if single else ""
    return view.Transcript(
        view.ELM, view.Holder(names.pop()), achievements[0].awarded_by[0], achievements,
        id=first.signed_document["id"] if single else "", number=first.number if single else "",
        title=achievements[0].title, description=_about(first), issued_on=format_instant(clock.now()),
        valid_from=first.signed_document["validFrom"], valid_until=until,
    )  # fmt: skip


def record_of(credential: Credential, rows: QuerySet[Any]) -> list[Credential]:
    """Return the credentials in force of one learner among `rows`, oldest first."""
    if credential.learner_id is None:
        return [credential]
    rows = rows.filter(learner=credential.learner_id, state=CredentialState.ISSUED).exclude(document="")
    today = clock.today()
    held = rows.select_related("award__programme__programme", "award__programme__level__framework", "award__unit")
    found = [row for row in held.order_by("awarded_on", "id") if row.valid_until is None or row.valid_until >= today]
    return [row for row in found if _name(row) == _name(credential)] or [credential]


def write(credentials: Sequence[Credential], form: str) -> bytes:
    """Return the file in one of FORMS; ELM takes one credential, as one issuer seals it."""
    held = of(credentials)
    try:
        if form == ELMO:
            return elmo.write(held, generated=format_instant(clock.now()))
        if len(credentials) != 1:
            raise ValidationError(_("A file for upload holds one credential."), code="form")
        return elm.write(held, picture=papers.drawn(credentials[0], "png"))
    except VcError as error:
        raise ValidationError(_("The copy cannot be written: %(why)s") % {"why": error}) from error


def respond(credentials: Sequence[Credential], form: str, name: str) -> HttpResponse:
    """Answer with the file, to be kept and not cached."""
    response = HttpResponse(write(credentials, form), content_type=FORMS[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _name(credential: Credential) -> str:
    return str(credential.signed_document["credentialSubject"]["identifier"][0]["identityHash"])


def _about(credential: Credential) -> dict[str, str]:
    """Return in each language where the signed credential is."""
    out = {}
    for code, language in document.LANGUAGES.items():
        with translation.override(language):
            out[code] = _("Unsigned copy. The signed credential %(number)s is verified at %(address)s.") % {
                "number": credential.number, "address": f"{settings.SUNMAO_ADDRESS}/verify/?number={credential.number}",
            }  # fmt: skip
    return out


def _described(credential: Credential) -> dict[str, str]:
    """Return the kind in words and where the signed credential is."""
    about = _about(credential)
    return {code: f"{text}\n{about[code]}" for code, text in document.descriptions(credential.award).items()}


def _achievement(credential: Credential) -> view.Achievement:
    award, signed = credential.award, credential.signed_document
    subject, day = signed["credentialSubject"], credential.awarded_on.isoformat()
    version, achievement = award.programme, subject["achievement"]
    by = _institutions(award, signed)
    named = {document.outcome_id(row): row for row in version.outcomes.order_by("order", "id")}
    described = {row["id"]: row for row in achievement.get("resultDescription", [])}
    size = award.unit or version
    return view.Achievement(
        document.plain(award.title), view.QUALIFICATION if award.kind in FORMAL else view.ACHIEVEMENT,
        _described(credential), _numbers(credential), by, subject.get("activityStartDate", "")[:10],
        subject.get("activityEndDate", "")[:10], day, view.PASSED, credits=_credits(award, size.credits),
        levels=_levels(version.level, credential), fields=[version.programme.field] if version.programme.field else [],
        languages=[achievement["inLanguage"]] if achievement.get("inLanguage") else [],
        hours=str(size.hours) if size.hours else "",
        outcomes=[_outcome(row, named.get(key)) for key, row in described.items()],
        parts=[_result(row, described, named, by, day) for row in subject.get("result", [])],
    )  # fmt: skip


def _institutions(award: Award, signed: Mapping[str, Any]) -> list[view.Institution]:
    """Return the awarding institutions under the identifiers they signed with, in order."""
    identifiers = [signed["issuer"]["id"], *(row["id"] for row in signed.get("jointIssuer", []))]
    return [_institution(row, name) for row, name in zip(award.organisations, identifiers, strict=True)]


def _institution(row: Organisation, identifier: str) -> view.Institution:
    kind = "did" if identifier.startswith("did:") else "url"
    ids = [(one.scheme, one.value) for one in row.ids.order_by("scheme", "value")]
    return view.Institution(document.plain(row.title), str(row.country or ""), [(kind, identifier), *ids], row.website)


def _numbers(credential: Credential) -> list[tuple[str, str]]:
    found = [("credential", credential.number), ("award", credential.award.code)]
    if credential.award.programme.programme.outside_code:
        found.append(("programme", credential.award.programme.programme.outside_code))
    if credential.registration_number:
        found.append(("state registration", credential.registration_number))
    return found


def _credits(award: Award, amount: Decimal | None) -> list[view.Credit]:
    """Return the credits in the scheme of the programme's country; ECTS is named only where a programme has it."""
    if amount is None:
        return []
    programme = award.programme.programme
    country = str(programme.country or programme.owner.country or "")
    return [view.Credit(f"credits of {country}" if country else "credits", f"{amount.normalize():f}")]


def _levels(level: Level | None, credential: Credential) -> list[view.Level]:
    """Return the level of the programme and what it compared to in the EQF on the day of award."""
    if level is None:
        return []
    if _is_eqf(level):
        return [view.Level("EQF", str(level.step))]
    day = credential.awarded_on
    rows = Referencing.objects.filter(source=level, from_on__lte=day).exclude(until_on__lte=day)
    compared = [row.target for row in rows.select_related("target__framework").order_by("id") if _is_eqf(row.target)]
    name = level.framework.title.best("en")[0]
    own = view.Level(name, str(level.step), document.plain(level.title))
    return [*(view.Level("EQF", str(one.step)) for one in compared[:1]), own]


def _is_eqf(level: Level) -> bool:
    return not level.framework.country and level.framework.title.best("en")[0] == EQF


def _title(described: Mapping[str, Any], outcome: Outcome | None) -> dict[str, str]:
    """Return an outcome's words as signed, in the register's other languages where it still has it."""
    more = document.plain(outcome.title) if outcome is not None else {}
    return more if described["name"] in more.values() else {"en": described["name"]}


def _outcome(described: Mapping[str, Any], outcome: Outcome | None) -> view.Outcome:
    related = [
        view.Related({"en": row["targetName"]}, row["targetUrl"]) for row in described.get("alignment", ())
    ]  # fmt: skip
    return view.Outcome(_title(described, outcome), related)


def _result(
    row: Mapping[str, Any], described: Mapping[str, Any], named: Mapping[str, Outcome],
    by: Sequence[view.Institution], day: str,
) -> view.Achievement:  # fmt: skip
    key = row["resultDescription"]
    return view.Achievement(
        _title(described[key], named.get(key)), view.ASSESSMENT, identifiers=[("outcome", key)], awarded_by=by,
        awarded_on=day, status=STATUS.get(row.get("status", ""), ""),
        grade={"en": row["value"]} if row.get("value") else {},
    )  # fmt: skip
