"""Verifying many credentials of few shapes: what was learnt from the first of a shape serves for the others.

Two texts that the general path (``verify``) found genuine and that differ only inside some strings make a shape. A text
that is equal to them outside these strings has the same structure, keys, types and contexts; what is left to ask is
asked for each: the form of what stands in the strings, the signature of every proof, dates, key and status. Whatever is
not found in order there is judged by the general path, so that only it can say no: with one exception, since after a
theft a hundred thousand may have to be refused soon. docs/decisions/0009-shapes.md.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from sunmao.vc import checks, integrity, status
from sunmao.vc.canon import canonical_json
from sunmao.vc.checks import Asked
from sunmao.vc.contexts import CREDENTIALS_V2
from sunmao.vc.encoding import multibase_decode
from sunmao.vc.errors import VcError
from sunmao.vc.gaps import Unfit
from sunmao.vc.keys import SIGNATURE_LENGTH
from sunmao.vc.press import GappedText, json_texts
from sunmao.vc.report import Check, Report, State, verdict_of
from sunmao.vc.resolve import find_key
from sunmao.vc.shapes import Path, Shape, check_form, filled, instant, leaves, markers
from sunmao.vc.strict_json import MAX_BYTES
from sunmao.vc.structure import types_of
from sunmao.vc.verify import verify_file

MAX_SHAPES = 16
MAX_SEEN = 64
MAX_TRIES = 12  # times that a shape is widened
MAX_REPORTS = 1_000
_LEAF = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"(?P<key>[ \t\r\n]*:)?|-?[0-9][0-9.eE+-]*|true|false|null')
_INSIDE = re.compile(r'(?:[^"\\\x00-\x1f]|\\.)*')
_CONTROL = re.compile(r"[\x00-\x1f]")
_OPTIONS = {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}
_ISSUER_CODES = {"issuer_known", "issuer_test", "issuer_unknown", "issuer_unsigned"}
_STOLEN = "key_compromised"
_PURPOSES = ("revocation", "suspension", "message")
_STATUS = ("status", "message")  # names of the checks of status entries, one each and in their order
_ENDORSED = {"endorsement", "endorsementJwt"}
_ASIDE = {*_ENDORSED, "relatedResource", "issuanceDate", "expirationDate"}


class Misfit(Exception):
    """This credential is to be judged by the general path."""


class Known:
    """Judges credentials given as JSON text, each as ``verify`` would with the same trust at the same instant."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.general = 0  # how many the general path judged
        self._shapes: list[_KnownShape] = []
        self._seen: dict[Any, _Seen] = {}

    def verify(self, data: bytes) -> Report:
        """Return the report on a credential. Its ``document`` is set by the general path only."""
        if len(data) <= MAX_BYTES and self._shapes:
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                text = ""
            for shape in self._shapes:
                try:
                    return shape.judge(text)
                except Misfit:
                    continue
        self.general += 1
        report = verify_file(data, self.asked)
        if report.document is not None and report.format == "json" and _teaches(report):
            self._learn(data.decode("utf-8"), report)
        return report

    def _learn(self, text: str, report: Report) -> None:
        assert report.document is not None
        spans = [match.span() for match in _LEAF.finditer(text) if not match["key"]]
        paths = [path for path, _value in leaves(report.document)]
        if len(spans) != len(paths):
            return
        said = [text[start:end] for start, end in spans]
        fixed = tuple(one for path, one in zip(paths, said, strict=True) if one[0] != '"' or _is_fixed(path))
        ends = [0, *(end for _start, end in spans)]
        between = tuple(text[end:start] for end, (start, _end) in zip(ends, spans, strict=False))
        key = (between, text[ends[-1] :], fixed, _proof_codes(report))
        seen = self._seen.get(key)
        if seen is None:
            while len(self._seen) >= MAX_SEEN:
                self._forget(next(iter(self._seen)))
            self._seen[key] = _Seen(said)
            return
        holes = seen.holes | {at for at, one in enumerate(said) if one != seen.said[at]}
        if holes == seen.holes or seen.tries >= MAX_TRIES:
            return
        seen.holes, seen.tries = holes, seen.tries + 1
        try:
            shape = _KnownShape(text, spans, paths, seen.holes, report, self.asked)
        except (Unfit, VcError):
            return
        if seen.shape in self._shapes:
            self._shapes.remove(seen.shape)
        seen.shape = shape
        self._shapes = [shape, *self._shapes][:MAX_SHAPES]

    def _forget(self, key: Any) -> None:
        gone = self._seen.pop(key)
        self._shapes = [shape for shape in self._shapes if shape is not gone.shape]


@dataclass
class _Seen:
    """What one text of a structure said in its leaves, and in which of them others differed."""

    said: list[str]
    holes: set[int] = field(default_factory=set)
    tries: int = 0
    shape: "_KnownShape | None" = None


def _teaches(report: Report) -> bool:
    """Say whether others can be judged after the model of this credential."""
    document = report.document or {}
    names = {check.name: check for check in report.checks}
    if not names.keys() >= {"proof", "structure", "schema", "issuer", "dates"}:
        return False
    good = names["structure"].state is State.GOOD and all(
        check.state is State.GOOD or check.code == _STOLEN for check in report.checks if check.name == "proof"
    )
    context = document.get("@context")
    return (
        good
        and names["schema"].state is not State.BAD
        and not report.parts  # what a learner record holds is looked at one by one
        and names["schema"].code != "crosswalk_good"  # its rows are looked at one by one
        and names["issuer"].code in _ISSUER_CODES
        and isinstance(context, list)
        and context[:1] == [CREDENTIALS_V2]
        and _ASIDE.isdisjoint(document)
    )


def _proof_codes(report: Report) -> tuple[str, ...]:
    return tuple(check.code for check in report.checks if check.name == "proof")


def _is_fixed(path: Path) -> bool:
    """Say whether a leaf decides more than itself: what is meant, who issues, who signs."""
    if "type" in path or any(str(step).startswith("@") and step != "@value" for step in path):
        return True
    if path[0] == "proof":
        return path[-1] not in ("created", "proofValue")
    return (
        path in (("issuer",), ("issuer", "id"))
        or path[-2:] == ("achievement", "id")  # an endorsement speaks of it
        or not _ENDORSED.isdisjoint(path)
        or path[0] == "jointIssuer"
        or path[-1] in ("statusPurpose", "statusSize")
    )


class _KnownShape:
    """One shape: the text around its holes, its canonical form, and what is asked of each credential."""

    def __init__(
        self,
        text: str,
        spans: Sequence[tuple[int, int]],
        paths: Sequence[Path],
        differ: set[int],
        report: Report,
        asked: Asked,
    ) -> None:
        assert report.document is not None
        self._document, self._report, self._asked = report.document, report, asked
        holes = [
            at for at, path in enumerate(paths) if at in differ or (path[-1] == "proofValue" and path[0] == "proof")
        ]
        self._places = {paths[at]: place for place, at in enumerate(holes)}
        ends = [0, *(spans[at][1] - 1 for at in holes)]
        starts = [*(spans[at][0] + 1 for at in holes), len(text)]
        # The quotation marks belong to the text around.
        self._around = [text[end:start] for end, start in zip(ends, starts, strict=True)]
        own = [paths[at] for at in holes if paths[at][0] != "proof"]
        bare = {name: value for name, value in self._document.items() if name != "proof"}
        self._own = len(own)
        if [self._places[path] for path in own] != list(range(len(own))):
            raise Unfit("a proof before its document")
        self._shape = Shape(bare, own, contexts=asked.contexts, check=check_form)
        self._proofs = [
            self._proof(number, proof, code == _STOLEN)
            for number, (proof, code) in enumerate(
                zip(integrity.proofs_of(self._document), _proof_codes(report), strict=True)
            )
        ]
        self._digested: GappedText | None = None
        if any(proof.since for proof in self._proofs):
            marks = markers(bare, own)
            self._digested = GappedText(canonical_json(filled(bare, own, marks)).decode(), marks)
        value = bare.get("credentialStatus", [])
        self._single = isinstance(value, dict)
        entries = [value] if self._single else value
        self._entries = [self._entry(number, entry) for number, entry in enumerate(entries)]
        self._dates = {name: self._where((name,)) for name in ("validFrom", "validUntil") if name in bare}
        self._reports: dict[Any, Report] = {}
        self._lists: dict[tuple[int, str], status.StatusBits | None] = {}

    def _where(self, path: Path) -> Callable[[list[str]], Any]:
        """Return what finds a leaf of the credential among the values of its holes, or knows it beforehand."""
        place = self._places.get(path)
        if place is not None:
            return lambda values: values[place]
        held: Any = self._document
        for step in path:
            held = held[step]
        return lambda _values: held

    def _proof(self, number: int, proof: dict[str, Any], stolen: bool) -> "_Proof":
        if (
            proof.get("cryptosuite") != integrity.RDFC
            or proof["type"] != "DataIntegrityProof"
            or proof.keys() - _OPTIONS
        ):
            raise Unfit("another proof")
        start: Path = ("proof", number) if isinstance(self._document["proof"], list) else ("proof",)
        found = find_key(proof["verificationMethod"], self._asked.trust)
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        options["@context"] = self._document["@context"]
        created = (*start, "created")
        holes: list[Path] = [("created",)] if created in self._places else []
        return _Proof(
            Shape(options, holes, contexts=self._asked.contexts),
            self._where(created) if "created" in proof else None,
            self._where((*start, "proofValue")),
            VerifyKey(found.ed25519.raw),
            found.trusted.valid_from if found.trusted else None,
            found.trusted.valid_until if found.trusted else None,
            found.trusted.compromised_since if found.trusted else None,
            stolen,
        )

    def _entry(self, number: int, entry: dict[str, Any]) -> tuple[dict[str, Any], Any, Any]:
        if types_of(entry) != ["BitstringStatusListEntry"] or entry["statusPurpose"] not in _PURPOSES:
            raise Unfit("another status")
        start: Path = ("credentialStatus",) if self._single else ("credentialStatus", number)
        return entry, self._where((*start, "statusListCredential")), self._where((*start, "statusListIndex"))

    def judge(self, text: str) -> Report:
        """Return the report; raise Misfit where the general path has to be asked."""
        values = self._read(text)
        canonical = self._shape.canonical(values[: self._own])
        if canonical is None:
            raise Misfit
        if self._digested is not None:
            digest = hashlib.sha256(self._digested(json_texts(values[: self._own]))).hexdigest()
            witnessed = self._asked.trust.witnessed.get(digest)
            if any(proof.is_stolen(witnessed) is not proof.stolen for proof in self._proofs):
                raise Misfit
        summed = hashlib.sha256(canonical).digest()
        for proof in self._proofs:
            proof.check(values, summed)
        dates = tuple((name, find(values)) for name, find in self._dates.items())
        told = [self._told(number, values) for number in range(len(self._entries))]
        key = (dates, *told)
        report = self._reports.get(key)
        if report is None:
            if len(self._reports) >= MAX_REPORTS:
                self._reports.clear()
            report = self._reports[key] = self._report_on(dict(dates), told)
        return report

    def _read(self, text: str) -> list[str]:
        """Return what stands in the holes."""
        first, *others = self._around
        if not text.startswith(first):
            raise Misfit
        at = len(first)
        values = []
        for around in others:
            end = text.find('"', at)
            if end < 0:
                raise Misfit
            value = text[at:end]
            if "\\" in value:
                end = _INSIDE.match(text, at).end()  # type: ignore[union-attr]
                try:
                    value = json.loads(f'"{text[at:end]}"')
                except ValueError:
                    raise Misfit from None
            elif _CONTROL.search(value):
                raise Misfit
            if not text.startswith(around, end):
                raise Misfit
            values.append(value)
            at = end + len(around)
        if at != len(text):
            raise Misfit
        return values

    def _told(self, number: int, values: list[str]) -> str:
        """Return the address of the list that says nothing against the credential, or that is missing here."""
        entry, where, index = self._entries[number]
        url: str = where(values)
        if url in self._asked.trust.status_lists:
            bits = self._bits(number, entry, url)
            try:
                if bits is None or bits[int(index(values))]:
                    raise Misfit
            except VcError:
                raise Misfit from None
        return url

    def _bits(self, number: int, entry: dict[str, Any], url: str) -> status.StatusBits | None:
        if (number, url) not in self._lists:
            try:
                held = self._asked.trust.status_lists[url]
                checks.check_list(held, self._document, self._asked)
                self._lists[number, url] = status.list_bits(entry, held)
            except VcError:
                self._lists[number, url] = None
        return self._lists[number, url]

    def _report_on(self, dates: dict[str, Any], urls: list[str]) -> Report:
        lists = self._asked.trust.status_lists
        told = []
        entries = iter(zip(self._entries, urls, strict=True))
        for check in self._report.checks:
            if check.name == "dates":
                check = checks.check_validity(dates, self._asked.now)
            elif check.name in _STATUS and self._entries:
                (entry, _where, _index), url = next(entries)
                if url in lists:
                    check = Check(check.name, State.GOOD, "status_clear", {"purpose": str(entry["statusPurpose"])})
                else:
                    check = Check(check.name, State.UNKNOWN, "status_list_missing", {"url": url[:200]})
            told.append(check)
        known = self._report
        return Report(
            verdict_of(told), tuple(told), format=known.format, issuer_id=known.issuer_id, issuer_names=known.issuer_names,
            test=known.test, trust_age_days=known.trust_age_days,
        )  # fmt: skip


@dataclass(frozen=True)
class _Proof:
    """One proof of a shape: its options, where its values stand, its key, when that was in use and since when another
    had it. ``stolen`` says of all credentials of the shape that nobody witnessed them before that."""

    options: Shape
    created: Callable[[list[str]], Any] | None
    value: Callable[[list[str]], Any]
    key: VerifyKey
    valid_from: Any
    valid_until: Any
    since: Any
    stolen: bool

    def is_stolen(self, witnessed: Any) -> bool:
        return self.since is not None and (witnessed is None or witnessed >= self.since)

    def check(self, values: list[str], summed: bytes) -> None:
        """Raise Misfit unless the proof holds for a document of this SHA-256. Of a stolen one only the form is asked."""
        created = self.created(values) if self.created else None
        moment = None if created is None else instant(created)
        if moment is None and (created is not None or self.valid_from is not None or self.valid_until is not None):
            raise Misfit
        if self.stolen:
            return
        if (self.valid_from is not None and moment < self.valid_from) or (
            self.valid_until is not None and moment >= self.valid_until
        ):
            raise Misfit
        options = self.options.canonical([created] if self.options.holes else [])
        proof_value = self.value(values)
        if options is None or proof_value[:1] != "z":
            raise Misfit
        try:
            signature = multibase_decode(proof_value)
            if len(signature) != SIGNATURE_LENGTH:
                raise Misfit
            self.key.verify(hashlib.sha256(options).digest() + summed, signature)
        except (VcError, BadSignatureError):
            raise Misfit from None
