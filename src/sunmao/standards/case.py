"""Published versions and confirmed crosswalks as CASE 1.1 (1EdTech), and as CASE 1.0 for older readers.

A version is one CFPackage a language: the first language has the version's own identifiers, each further one
identifiers made from them, and its items are tied to the first by isTranslationOf. A crosswalk is a CFPackage of
associations: exact rows as exactMatchOf, the others as extensions (ext:targetBroader …), in 1.0 as isRelatedTo.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sunmao.standards.models import Crosswalk, CrosswalkRow, Outcome, ProgrammeVersion, Relation, RowState, Unit
from sunmao.standards.proposing import LANGUAGES, SPOKEN

EDITIONS = {"v1p0": "1.0", "v1p1": "1.1"}
KNOWN_LANGUAGES = ("en", "zh", "ru", "uz", "kk", "fr", "es", "ar")
TYPES = {
    Relation.EXACT: "exactMatchOf", Relation.TARGET_BROADER: "ext:targetBroader",
    Relation.TARGET_NARROWER: "ext:targetNarrower", Relation.CLOSE: "ext:close",
}  # fmt: skip
ADOPTION = {"draft": "Draft", "published": "Adopted", "withdrawn": "Deprecated"}
_LOW = (1 << 62) - 1

Json = dict[str, Any]


def identifier(uid: UUID, word: str = "") -> UUID:
    """Return an identifier made from another and a word; made again with the same word it gives the first back."""
    if not word:
        return uid
    mask = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big") & _LOW
    return UUID(int=uid.int ^ mask)


def origins(found: UUID, words: Sequence[str]) -> dict[UUID, str]:
    """Return what an identifier may have been made from, with the word it was made with."""
    return {identifier(found, word): word for word in ("", *words)}


def languages_of(version: ProgrammeVersion) -> list[str]:
    """Return the languages a version is whole in, the one it is told in first; at least one."""
    titles = [one.title for one in version.outcomes.all()]
    whole = [code for code in KNOWN_LANGUAGES if titles and sum(code in one for one in titles) >= SPOKEN * len(titles)]
    order = (*LANGUAGES, *KNOWN_LANGUAGES)
    return sorted(whole, key=order.index) or ["en"]


@dataclass(frozen=True)
class Case:
    """Writes CASE for one address and edition; `base` as in https://example.org."""

    base: str
    edition: str = "v1p1"

    @property
    def newer(self) -> bool:
        return self.edition == "v1p1"

    def uri(self, kind: str, found: UUID) -> str:
        return f"{self.base}/ims/case/{self.edition}/{kind}/{found}"

    def link(self, kind: str, found: UUID, title: str) -> Json:
        return {"title": title, "identifier": str(found), "uri": self.uri(kind, found)}

    def node(self, part: Unit | Outcome | ProgrammeVersion, word: str, language: str) -> Json:
        kind = "CFDocuments" if isinstance(part, ProgrammeVersion) else "CFItems"
        return self.link(kind, identifier(part.uid, word), _text(part.title_texts(), language))

    def document(self, version: ProgrammeVersion, language: str = "") -> Json:
        """Return the CFDocument of a version in one of its languages (the first if none is named)."""
        first = languages_of(version)[0]
        language = language or first
        found = identifier(version.uid, language if language != first else "")
        title = _text(version.title_texts(), language)
        out: Json = {
            "identifier": str(found), "uri": self.uri("CFDocuments", found), "title": title,
            "creator": str(version.programme.authority or version.programme.owner),
            "lastChangeDateTime": _instant(version), "publisher": str(version.programme.owner),
            "language": language, "version": version.label, "adoptionStatus": ADOPTION[version.state],
            "CFPackageURI": self.link("CFPackages", found, title),
        }  # fmt: skip
        if version.from_on:
            out["statusStartDate"] = version.from_on.isoformat()
        if version.until_on:
            out["statusEndDate"] = version.until_on.isoformat()
        if version.programme.demo:
            out["notes"] = str(version.programme.demo_note)
        return {**out, "caseVersion": EDITIONS[self.edition]} if self.newer else out

    def item(self, part: Unit | Outcome, document: Json, language: str, word: str) -> Json:
        """Return a unit or outcome as a CFItem."""
        found = identifier(part.uid, word)
        kind = str(part.kind) if isinstance(part, Outcome) else "unit"
        return {
            "identifier": str(found), "uri": self.uri("CFItems", found), "fullStatement": _text(part.title, language),
            "humanCodingScheme": str(part.number), "CFItemType": kind, "language": language,
            "lastChangeDateTime": _instant(part), "CFDocumentURI": _of(document),
        }  # fmt: skip

    def package(self, version: ProgrammeVersion, language: str = "") -> Json:
        """Return the CFPackage of a version in one language: document, items, associations."""
        first = languages_of(version)[0]
        language = language or first
        word = language if language != first else ""
        document = self.document(version, language)
        parts = _parts(version)
        items = [self.item(part, document, language, word) for part in parts]
        ties = [
            tie
            for place, part in enumerate(parts, 1)
            for tie in self._ties(part, place, document, word, language, first)
        ]
        if word and self.newer:
            ties.append(self._tie("isTranslationOf", version, version, document, (word, ""), (language, first), 0))
        return {"CFDocument": document, "CFItems": items, "CFAssociations": ties}

    def _ties(self, part: Any, place: int, document: Json, word: str, language: str, first: str) -> Iterator[Json]:
        above = part.unit if isinstance(part, Outcome) and part.unit_id else part.version
        yield self._tie("isChildOf", part, above, document, (word, word), (language, language), place)
        if word and self.newer:
            yield self._tie("isTranslationOf", part, part, document, (word, ""), (language, first), 0)

    def _tie(
        self,
        kind: str,
        left: Any,
        right: Any,
        document: Json,
        words: tuple[str, str],
        languages: tuple[str, str],
        place: int,
    ) -> Json:
        found = identifier(left.uid, f"{kind}:{words[0]}")
        out: Json = {
            "identifier": str(found), "uri": self.uri("CFAssociations", found), "associationType": kind,
            "originNodeURI": self.node(left, words[0], languages[0]),
            "destinationNodeURI": self.node(right, words[1], languages[1]),
            "lastChangeDateTime": _instant(left), "CFDocumentURI": _of(document),
        }  # fmt: skip
        return {**out, "sequenceNumber": place} if place else out

    def crosswalk(self, crosswalk: Crosswalk) -> Json:
        """Return a crosswalk as a CFPackage: an association per row that both sides confirmed and that still counts."""
        title = str(crosswalk)
        owners = dict.fromkeys(
            str(side.programme.authority or side.programme.owner) for side in (crosswalk.source, crosswalk.target)
        )
        document: Json = {
            "identifier": str(crosswalk.uid), "uri": self.uri("CFDocuments", crosswalk.uid), "title": title,
            "creator": ", ".join(owners), "lastChangeDateTime": _instant(crosswalk), "adoptionStatus": "Adopted",
            "CFPackageURI": self.link("CFPackages", crosswalk.uid, title),
        }  # fmt: skip
        if crosswalk.demo:
            document["notes"] = str(crosswalk.demo_note)
        if self.newer:
            document["caseVersion"] = EDITIONS[self.edition]
        rows = crosswalk.rows.filter(state=RowState.CONFIRMED).select_related("source__version", "target__version")
        ties = [tie for row in rows.order_by("id") for tie in self.row(row, document)]
        return {"CFDocument": document, "CFItems": [], "CFAssociations": ties}

    def row(self, row: CrosswalkRow, document: Json | None = None) -> Iterator[Json]:
        """Yield a row as associations, one for each outcome of the source: several together are parts of the target."""
        sources = [row.source, *row.source.version.outcomes.filter(number__in=row.also)]
        kind = TYPES[Relation(row.relation)] if len(sources) == 1 else "isPartOf"
        if not self.newer and kind.startswith("ext:"):
            kind = "isRelatedTo"
        for source in sources:
            found = identifier(row.uid, source.number if source != row.source else "")
            first, second = (languages_of(one.version)[0] for one in (source, row.target))
            out: Json = {
                "identifier": str(found), "uri": self.uri("CFAssociations", found), "associationType": kind,
                "originNodeURI": self.node(source, "", first), "destinationNodeURI": self.node(row.target, "", second),
                "lastChangeDateTime": _instant(row),
            }  # fmt: skip
            yield {**out, "CFDocumentURI": _of(document)} if document else out


def _parts(version: ProgrammeVersion) -> list[Unit | Outcome]:
    units = list(version.units.select_related("version__programme").order_by("number"))
    outcomes = list(version.outcomes.select_related("unit__version", "version__programme").order_by("order", "id"))
    return [*units, *outcomes]


def _of(document: Json) -> Json:
    return {"title": document["title"], "identifier": document["identifier"], "uri": document["uri"]}


def _text(texts: Any, language: str) -> str:
    return str(texts[language]["text"] if language in texts else texts.best(language)[0])


def _instant(record: Any) -> str:
    return str(record.updated_at.isoformat(timespec="seconds"))
