"""Write a transcript as ELMO 1.7 (EMREX response file; schema of the EMREX network, branch v1).

ELMO knows one institution per report and no learning outcomes, and its levels need no table: outcomes without a result of
their own and the institutions that award together are told in the description. The file is unsigned.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from sunmao.vc.strict_json import check_value
from sunmao.vc.transcripts import view

NAMESPACE = "https://github.com/emrex-eu/elmo-schemas/tree/v1"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TYPES = {view.QUALIFICATION: "Degree Programme", view.MODULE: "Module", view.COURSE: "Course", view.CLASS: "Class"}
# What stands in a description: who awards together, and an outcome without a result of its own.
WORDS = {
    "en": ("Awarded together by: {}.", "Learning outcome: {}"),
    "zh": ("由以下院校共同颁发：{}。", "学习成果：{}"),
    "ru": ("Присвоено совместно: {}.", "Результат обучения: {}"),
}
STATES = (view.PASSED, view.FAILED, view.UNDER_WAY)


def write(transcript: view.Transcript, *, generated: str) -> bytes:
    """Return the file; `generated` is the instant it is made (ISO 8601 with zone). One report for each institution that
    comes first among those of an achievement."""
    check_value(transcript.to_json())
    root = etree.Element(tag("elmo"), nsmap={None: NAMESPACE})
    _put(root, "generatedDate", generated)
    _learner(root, transcript.holder)
    for issuer, held in _by_issuer(transcript):
        _report(root, issuer, held, transcript.issued_on or generated)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _by_issuer(transcript: view.Transcript) -> Iterator[tuple[view.Institution, list[view.Achievement]]]:
    found: dict[str, tuple[view.Institution, list[view.Achievement]]] = {}
    for one in transcript.achievements:
        issuer = one.awarded_by[0] if one.awarded_by else transcript.issuer
        found.setdefault(repr(issuer), (issuer, []))[1].append(one)
    return iter(found.values())


def _learner(root: Any, who: view.Holder) -> None:
    node = _put(root, "learner")
    for scheme, value in who.identifiers:
        _put(node, "identifier", value).set("type", scheme or "local")
    # The schema has no whole name and takes an empty part where names are not taken apart.
    apart = bool(who.given or who.family)
    _put(node, "givenNames", who.given if apart else "", always=True)
    _put(node, "familyName", who.family if apart else who.name, always=True)
    if who.born_on:
        _put(node, "bday", who.born_on)


def _report(root: Any, issuer: view.Institution, held: Sequence[view.Achievement], issued: str) -> None:
    node = _put(root, "report")
    place = _put(node, "issuer")
    _put(place, "country", issuer.country)
    for scheme, value in issuer.identifiers:
        _put(place, "identifier", value).set("type", scheme or "local")
    _texts(place, "title", issuer.names)
    _put(place, "url", issuer.url, always=True)
    schemes = _Schemes()
    for one in held:
        _specification(node, one, schemes)
    _put(node, "issueDate", issued if len(issued) > 10 else f"{issued}T00:00:00Z")
    for number, grading in enumerate(schemes.found, start=1):
        scheme = _put(node, "gradingScheme")
        scheme.set("localId", str(number))
        _texts(scheme, "description", grading)


class _Schemes:
    """The grading schemes of a report, numbered as they come up."""

    def __init__(self) -> None:
        self.found: list[Mapping[str, str]] = []

    def number(self, grading: Mapping[str, str]) -> str:
        if not grading:
            return ""
        if grading not in self.found:
            self.found.append(grading)
        return str(self.found.index(grading) + 1)


def _specification(parent: Any, held: view.Achievement, schemes: _Schemes, *, whole: bool = True) -> None:
    node = _put(parent, "learningOpportunitySpecification")
    for scheme, value in held.identifiers:
        _put(node, "identifier", value).set("type", scheme or "local")
    _texts(node, "title", held.title)
    _put(node, "type", TYPES.get(held.kind, ""))
    _put(node, "iscedCode", held.fields[0] if held.fields else "")
    _texts(node, "description", _description(held, whole))
    _instance(_put(_put(node, "specifies"), "learningOpportunityInstance"), held, schemes)
    for part in held.parts:
        _specification(_put(node, "hasPart"), part, schemes, whole=False)


def _instance(node: Any, held: view.Achievement, schemes: _Schemes) -> None:
    _put(node, "start", held.began_on[:10])
    _put(node, "date", (held.awarded_on or held.ended_on)[:10])
    _put(node, "status", held.status if held.status in STATES else "")
    _put(node, "gradingSchemeLocalId", schemes.number(held.grading))
    _put(node, "resultLabel", view.best(held.grade))
    for one in held.credits:
        credit = _put(node, "credit")
        _put(credit, "scheme", one.scheme, always=True)
        _put(credit, "value", one.value)
    for level in held.levels:
        place = _put(node, "level")
        known = level.framework == "EQF"
        _put(place, "type", "EQF" if known else "NQF")
        _texts(place, "description", {"en": level.framework} if not known else level.label, most=1)
        _put(place, "value", level.value or view.best(level.label))
    _put(node, "languageOfInstruction", held.languages[0] if len(held.languages) == 1 else "")
    _put(node, "engagementHours", held.hours)


def _description(held: view.Achievement, whole: bool) -> dict[str, str]:
    """Return what is told in words, in English and in the other languages of the record that there are words for."""
    tested = [view.best(one.title) for one in held.parts]
    untested = [one for one in held.outcomes if view.best(one.title) not in tested]
    out = dict(held.description)
    for code, (together, outcome) in WORDS.items():
        if code != "en" and code not in out:
            continue
        lines = [out[code]] if code in out else []
        if whole and len(held.awarded_by) > 1:
            lines.append(together.format("; ".join(view.best(one.names, code) for one in held.awarded_by)))
        lines += [outcome.format(view.best(one.title, code)) for one in untested]
        if lines:
            out[code] = "\n".join(lines)
    return out


def _texts(node: Any, name: str, texts: Mapping[str, str], most: int = 100) -> None:
    for code, text in list(texts.items())[:most]:
        place = _put(node, name, text)
        if code != "und":
            place.set(LANG, code)


def _put(node: Any, name: str, text: str | None = None, *, always: bool = False) -> Any:
    """Add an element; one that would be empty is left out where the schema lets it, a text of characters that XML
    cannot hold loses those."""
    if text == "" and not always:
        return None
    found = etree.SubElement(node, tag(name))
    if text is not None:
        found.text = "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
    return found


def tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
