"""Read ELMO (XML of the EMREX network) into a transcript, whatever its 1.x version. A signature is not checked.

The file is hostile until shown otherwise: no DTD, no entities, nothing fetched, bounded in size, depth and number. As
the schema asks of readers, unknown elements are ignored and a file with little in it is read for what it has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from lxml import etree

from sunmao.vc.errors import VcError
from sunmao.vc.transcripts import elmo, view

MAX_BYTES = 32 * 1024 * 1024
MAX_PROLOG = 64 * 1024  # where the root must have begun
MAX_ELEMENTS = 200_000
MAX_DEPTH = 20  # of parts in parts
MAX_TOLD = 5_000
# What may stand before the root: space, processing instructions, comments. A document type may not.
_PROLOG = re.compile(rb"(?:\s|<\?(?:[^?]|\?(?!>))*\?>|<!--(?:[^-]|-(?!->))*-->)*+")
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?elmo[\s/>]")
_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"
_KINDS = {name: kind for kind, name in elmo.TYPES.items()}


def read(data: bytes) -> view.Transcript | None:
    """Return what an ELMO file says; None where it is none. Raise VcError where it is one that cannot be read."""
    start = data[:MAX_PROLOG].removeprefix(b"\xef\xbb\xbf")
    head = _PROLOG.match(start)
    rest = start[head.end() if head else 0 :][:400]
    if rest.startswith(b"<!"):
        if re.match(rb"<!DOCTYPE\s+(?:[\w.-]+:)?elmo\b", rest):
            raise VcError("transcript_doctype")
        return None
    if not _ROOT.match(rest):
        return None
    if len(data) > MAX_BYTES:
        raise VcError("file_too_large", limit=MAX_BYTES)
    root = _parsed(data)
    if root.tag != elmo.tag("elmo"):
        raise VcError("transcript_unread", format=view.ELMO)
    return _Reader(root).transcript()


def _parsed(data: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise VcError("transcript_unread", format=view.ELMO) from None
    if root.getroottree().docinfo.doctype or any(node.tag is etree.Entity for node in root.iter(etree.Entity)):
        raise VcError("transcript_doctype")
    for number, _node in enumerate(root.iter()):
        if number >= MAX_ELEMENTS:
            raise VcError("transcript_too_large", limit=MAX_ELEMENTS)
    return root


class _Reader:
    def __init__(self, root: Any) -> None:
        self.root = root
        self.unread: Counter[str] = Counter()
        self.told = 0

    def transcript(self) -> view.Transcript:
        reports = _all(self.root, "report")
        if len(reports) > MAX_TOLD:
            raise VcError("transcript_too_large", limit=MAX_TOLD)
        issuers = [_issuer(_first(report, "issuer")) for report in reports]
        schemes = [_schemes(report) for report in reports]
        achievements = [
            self._achievement(node, issuer, grading, 0)
            for report, issuer, grading in zip(reports, issuers, schemes, strict=True)
            for node in _all(report, "learningOpportunitySpecification")
        ]
        for node in (self.root, *reports):
            self.unread["attachment"] += len(_all(node, "attachment"))
        self.unread["further issuer"] += max(len({repr(one) for one in issuers}) - 1, 0)
        issued = [_text(report, "issueDate") for report in reports]
        return view.Transcript(
            view.ELMO, _holder(_first(self.root, "learner")), issuers[0] if issuers else view.Institution(), achievements,
            issued_on=issued[0] if issued else _text(self.root, "generatedDate"),
            signature="XML" if self.root.find(_SIGNATURE) is not None else "",
            unread={name: count for name, count in self.unread.items() if count},
        )  # fmt: skip

    def _achievement(
        self, node: Any, issuer: view.Institution | None, schemes: dict[str, dict[str, str]], depth: int
    ) -> view.Achievement:
        self.told += 1
        if depth > MAX_DEPTH or self.told > MAX_TOLD:
            raise VcError("transcript_too_large", limit=MAX_TOLD)
        done = _first(_first(node, "specifies"), "learningOpportunityInstance")
        for name in ("descriptionHtml", "extension"):
            self.unread[name] += len(_all(node, name))
        for name in ("diplomaSupplement", "shortenedGrading", "resultDistribution", "extension", "grouping"):
            self.unread[name] += len(_all(done, name))
        grade, language = _text(done, "resultLabel"), _text(done, "languageOfInstruction")
        return view.Achievement(
            _texts(node, "title"), _KINDS.get(_text(node, "type"), ""), _texts(node, "description"), _pairs(node),
            [issuer] if issuer else [], began_on=_text(done, "start"), awarded_on=_text(done, "date"),
            status=_text(done, "status"), grade={"und": grade} if grade else {},
            grading=schemes.get(_text(done, "gradingSchemeLocalId"), {}),
            credits=[view.Credit(_scheme(_text(one, "scheme")), _text(one, "value")) for one in _all(done, "credit")],
            levels=[_level(one) for one in _all(done, "level")],
            fields=[code] if (code := _text(node, "iscedCode")) else [], languages=[language] if language else [],
            hours=_text(done, "engagementHours"),
            parts=[
                self._achievement(part, None, schemes, depth + 1)
                for wrap in _all(node, "hasPart") for part in _all(wrap, "learningOpportunitySpecification")
            ],
        )  # fmt: skip


def _scheme(name: str) -> str:
    return "ECTS" if name.casefold() == "ects" else name


def _level(node: Any) -> view.Level:
    kind, told = _text(node, "type"), _texts(node, "description")
    return view.Level(kind if kind == "EQF" else view.best(told) or kind, _text(node, "value"))


def _issuer(node: Any) -> view.Institution:
    return view.Institution(_texts(node, "title"), _text(node, "country"), _pairs(node), _text(node, "url"))


def _holder(node: Any) -> view.Holder:
    given, family = _text(node, "givenNames"), _text(node, "familyName")
    name = " ".join(part for part in (given, family) if part)
    apart = (given, family) if given else ("", "")
    return view.Holder(name, *apart, _text(node, "bday")[:10], _pairs(node))


def _schemes(report: Any) -> dict[str, dict[str, str]]:
    return {node.get("localId", ""): _texts(node, "description") for node in _all(report, "gradingScheme")}


def _all(node: Any, name: str) -> Sequence[Any]:
    return node.findall(elmo.tag(name)) if node is not None else ()


def _first(node: Any, name: str) -> Any:
    return node.find(elmo.tag(name)) if node is not None else None


def _text(node: Any, name: str) -> str:
    """Return an element's text on one line; entities of the author's own were refused before."""
    found = _first(node, name)
    return " ".join("".join(found.itertext()).split()) if found is not None else ""


def _texts(node: Any, name: str) -> dict[str, str]:
    out: dict[str, str] = {}
    for one in _all(node, name):
        text = "".join(one.itertext()).strip()
        if text:
            out.setdefault((one.get(elmo.LANG) or "und")[:35], text)
    return out


def _pairs(node: Any) -> list[tuple[str, str]]:
    return [((one.get("type") or ""), (one.text or "").strip()) for one in _all(node, "identifier")]
