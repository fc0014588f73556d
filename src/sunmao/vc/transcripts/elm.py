"""Write a transcript in European Learning Model 3, as the issuer of European Digital Credentials takes it for upload.

Application profile EDC-generic-full of the European Learning Model, 2023. What is written is unsigned: issuing date and
the issuer's eIDAS identifier are put there by who seals it. Levels of frameworks that are in no table of the EU stand
under `educationLevel`; results that were not reached stand among the assessments only.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sunmao.vc.transcripts import view, vocabulary
from sunmao.vc.transcripts.vocabulary import concept

CONTEXTS = ["https://www.w3.org/2018/credentials/v1", f"{vocabulary.SNB}/model/context/edc-ap"]
PROFILE = f"{vocabulary.SNB}/model/ap/edc-generic-full"


def write(transcript: view.Transcript, *, picture: bytes, language: str = "en") -> bytes:
    """Return the file to upload. `picture` (PNG) is what the wallet shows of it; `language` its first language."""
    document = _Writer(language).document(transcript, picture)
    return json.dumps({"credential": document}, ensure_ascii=False, indent=1).encode()


class _Writer:
    """Names the parts of one document by kind and number, as `urn:epass:org:1`."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._counts: dict[str, int] = {}
        self._organisations: dict[str, dict[str, Any]] = {}

    def _part(self, name: str, kind: str, **held: Any) -> dict[str, Any]:
        self._counts[name] = number = self._counts.get(name, 0) + 1
        kept = {key: value for key, value in held.items() if value not in (None, "", [], {})}
        return {"id": f"urn:epass:{name}:{number}", "type": kind, **kept}

    def document(self, held: view.Transcript, picture: bytes) -> dict[str, Any]:
        generic = concept(vocabulary.GENERIC, f"{vocabulary.SNB}/credential/{vocabulary.SCHEME}", {"en": "Generic"})
        found = {
            "id": held.id,
            "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
            "credentialProfiles": generic,
            "displayParameter": self._display(held, picture),
            "credentialSchema": {"id": PROFILE, "type": "ShaclValidator2017"},
            "credentialSubject": self._person(held),
            "issuer": self._organisation(held.issuer),
            "validFrom": _instant(held.valid_from),
        }
        if held.valid_until:
            found["validUntil"] = _instant(held.valid_until)
        if held.number:
            found["identifier"] = self._identifier("Certificate number", held.number)
        return found | {"@context": CONTEXTS}

    def _display(self, held: view.Transcript, picture: bytes) -> dict[str, Any]:
        spoken = [one for code in held.title if (one := _language(code))] or [_language("en")]
        first = _language(self.language) or spoken[0]
        image = self._part(
            "mediaObject", "MediaObject", content=base64.b64encode(picture).decode(),
            contentEncoding=concept(vocabulary.BASE64, f"{vocabulary.SNB}/encoding/{vocabulary.SCHEME}", {"en": "base64"}),
            contentType=concept(vocabulary.PNG, f"{vocabulary.AUTHORITY}/file-type", {"en": "PNG"}, "file-type"),
        )  # fmt: skip
        page = self._part("displayDetail", "DisplayDetail", image=image, page=1)
        drawn = self._part("individualDisplay", "IndividualDisplay", displayDetail=page, language=first)
        return self._part(
            "displayParameter", "DisplayParameter", individualDisplay=drawn, primaryLanguage=first,
            description=_said(held.description), language=_one(spoken), title=_said(held.title),
        )  # fmt: skip

    def _person(self, held: view.Transcript) -> dict[str, Any]:
        who = held.holder
        return self._part(
            "person", "Person", dateOfBirth=_instant(who.born_on), identifier=self._identifiers(who.identifiers),
            familyName=self._name(who.family), fullName=self._name(who.name), givenName=self._name(who.given),
            hasClaim=_one([self._achievement(one) for one in held.achievements]),
        )  # fmt: skip

    def _name(self, text: str) -> dict[str, str]:
        return {self.language: text} if text else {}

    def _achievement(self, held: view.Achievement) -> dict[str, Any]:
        assessed = [one for one in held.parts if one.kind == view.ASSESSMENT]
        parts = [one for one in held.parts if one.kind != view.ASSESSMENT]
        own = [held] if held.grade or held.status else []
        return self._part(
            "learningAchievement", "LearningAchievement", identifier=self._identifiers(held.identifiers),
            awardedBy=self._awarding(held), creditReceived=_one([self._credit(one) for one in held.credits]),
            influencedBy=self._activity(held), provenBy=_one([self._assessment(one, held) for one in (*own, *assessed)]),
            specifiedBy=self._specification(held), hasPart=_one([self._achievement(one) for one in parts]),
            description=_said(held.description), title=_said(held.title),
        )  # fmt: skip

    def _awarding(self, held: view.Achievement, day: str = "") -> dict[str, Any]:
        return self._part(
            "awardingProcess", "AwardingProcess", awardingDate=_instant(day or held.awarded_on),
            awardingBody=_one([self._organisation(one) for one in held.awarded_by]),
        )  # fmt: skip

    def _activity(self, held: view.Achievement) -> dict[str, Any]:
        if not (held.began_on or held.ended_on):
            return {}
        time = self._part("period", "PeriodOfTime", startDate=_instant(held.began_on), endDate=_instant(held.ended_on))
        return self._part(
            "activity", "LearningActivity", awardedBy=self._awarding(held), temporal=time, title=_said(held.title)
        )

    def _assessment(self, held: view.Achievement, whole: view.Achievement) -> dict[str, Any]:
        by = whole if not held.awarded_by else held
        grade = _said(held.grade) or {"en": held.status or "not said"}
        scheme = self._part("gradingScheme", "GradingScheme", title=_said(held.grading)) if held.grading else None
        asked = self._part("learningAssessmentSpec", "LearningAssessmentSpecification", gradingScheme=scheme,
                           title=_said(held.title)) if scheme else None  # fmt: skip
        return self._part(
            "learningAssessment", "LearningAssessment", identifier=self._identifiers(held.identifiers),
            awardedBy=self._awarding(by, held.awarded_on), grade=self._part("note", "Note", noteLiteral=grade),
            gradeStatus=_own_concept("grade status", held.status) if held.status else None, specifiedBy=asked,
            title=_said(held.title),
        )  # fmt: skip

    def _specification(self, held: view.Achievement) -> dict[str, Any]:
        formal = held.kind == view.QUALIFICATION
        eqf = [one for one in held.levels if one.framework == "EQF" and one.value.isdigit()]
        return self._part(
            *(("qualification", "Qualification") if formal else ("learningAchievementSpec", "LearningAchievementSpecification")),
            eqfLevel=concept(f"{vocabulary.EQF}/{eqf[0].value}", f"{vocabulary.EQF}/{vocabulary.SCHEME}",
                             {"en": f"Level {eqf[0].value}"}) if formal and eqf else None,
            educationLevel=_one([_level(one) for one in held.levels if not (formal and one in eqf)]),
            thematicArea=_one([
                concept(f"{vocabulary.ISCED_F}/{code}", f"{vocabulary.ISCED_F}/{vocabulary.SCHEME}") for code in held.fields
            ]),
            creditPoint=_one([self._credit(one) for one in held.credits if one.value]),
            learningOutcome=_one([self._outcome(one) for one in held.outcomes]),
            volumeOfLearning=f"PT{held.hours}H" if held.hours else None,
            language=_one([one for code in held.languages if (one := _language(code))]), title=_said(held.title),
        )  # fmt: skip

    def _credit(self, held: view.Credit) -> dict[str, Any]:
        framework = _own_concept("credit framework", held.scheme)
        if held.scheme == "ECTS":
            label = {"en": "European Credit Transfer System"}
            framework = concept(vocabulary.ECTS, f"{vocabulary.SNB}/education-credit/{vocabulary.SCHEME}", label)
        return self._part("creditPoint", "CreditPoint", framework=framework, point=held.value or "0")

    def _outcome(self, held: view.Outcome) -> dict[str, Any]:
        related = [
            {"id": one.address, "type": "Concept", "prefLabel": _said(one.title)} for one in held.related if one.address
        ]
        return self._part("learningOutcome", "LearningOutcome", relatedSkill=_one(related), title=_said(held.title))

    def _organisation(self, held: view.Institution) -> dict[str, Any]:
        key = repr(held)
        if key not in self._organisations:
            where = country(held.country)
            address = self._part("address", "Address", countryCode=where) if where else None
            self._organisations[key] = self._part(
                "org", "Organisation", location=self._part("location", "Location", address=address) if address else None,
                identifier=self._identifiers(held.identifiers), legalName=_said(held.names),
                homepage=self._part("webResource", "WebResource", contentURL=held.url) if held.url else None,
            )  # fmt: skip
        return self._organisations[key]

    def _identifier(self, scheme: str, value: str) -> dict[str, Any]:
        return self._part("identifier", "Identifier", schemeName=scheme, notation=value)

    def _identifiers(self, pairs: view.Pairs) -> Any:
        return _one([self._identifier(scheme, value) for scheme, value in pairs])


def country(alpha_2: str) -> dict[str, Any]:
    """Return a country as a term; nothing where the EU's table has none."""
    address = vocabulary.country_address(alpha_2) if alpha_2 else ""
    if not address:
        return {}
    from babel import Locale

    label = {"en": Locale("en").territories.get(alpha_2, alpha_2)}
    return concept(address, vocabulary.COUNTRY, label, "country")


def _language(code: str) -> dict[str, Any]:
    from babel import Locale

    address = vocabulary.language_address(code) if code != "und" else ""
    label = {"en": Locale("en").languages.get(code, code)}
    return concept(address, vocabulary.LANGUAGE, label, "language") if address else {}


def _level(held: view.Level) -> dict[str, Any]:
    """Return a level of a framework that has no table of its own there."""
    found = _own_concept(held.framework, held.value, _said(held.label))
    return found | {"notation": held.value} if held.value else found


def _own_concept(scheme: str, value: str, label: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return a term of a table of one's own: the same words always have the same identifiers."""
    table = uuid.uuid5(uuid.NAMESPACE_URL, f"urn:epass:conceptScheme:{scheme}")
    term = uuid.uuid5(table, value)
    held = concept(f"urn:epass:concept:{term}", f"urn:epass:conceptScheme:{table}", dict(label or {}) or {"en": value})
    held["inScheme"]["prefLabel"] = {"en": scheme}
    return held


def _one(values: Sequence[Any]) -> Any:
    """Return a single value by itself, as the samples have it; nothing for none."""
    return values[0] if len(values) == 1 else list(values)


def _said(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: text for code, text in texts.items() if text}


def _instant(day: str) -> str:
    return f"{day}T00:00:00Z" if len(day) == 10 else day
