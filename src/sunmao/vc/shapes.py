"""Shapes: what thousands of documents have in common is expanded and canonicalised once.

A *shape* is a document in which some leaves are *holes*. Compiling fills the holes with markers, takes the general
path (``canon``) and looks for the markers in the RDF statements; what is left is text with gaps. ``canonical`` then
gives for values of the holes what the general path would give for the document with these values, or nothing: then
the general path has to be asked, which also says why a value is refused. docs/decisions/0009-shapes.md gives the
argument; the order and the labels follow RDFC-1.0 (rdf-canon section 4).
"""

import copy
import random
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sunmao.vc import openbadges
from sunmao.vc.canon import expanded_as_is, to_quads
from sunmao.vc.contexts import Contexts, default_contexts
from sunmao.vc.errors import VcError
from sunmao.vc.gaps import Gaps, Statement, Unfit, statement
from sunmao.vc.strict_json import MAX_INTEGER, check_value
from sunmao.vc.structure import check_credential
from sunmao.vc.terms import take_text
from sunmao.vc.times import parse_instant

Path = tuple[str | int, ...]
Take = Callable[[Any], "str | None"]

MAX_HOLES = 200
_KNOWN = 256  # values of one hole that are remembered
# Addresses that every reader takes as they stand; any other goes the general way.
_HOSTED = re.compile(r"https?://[a-z0-9][a-z0-9.-]*(?::[0-9]{1,4})?(?:/[A-Za-z0-9._~-]*)*(?:#[A-Za-z0-9._~-]*)?\Z")
_NAMED = re.compile(r"(?:urn|did|mailto):[A-Za-z0-9][A-Za-z0-9._~:@-]*(?:#[A-Za-z0-9._~-]+)?\Z")
_DIGITS = re.compile(r"(?:0|[1-9][0-9]{0,15})\Z", re.ASCII)
_JSON_LITERAL = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>"
_A_TERM = "name"


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield each scalar of a JSON value with its path, in the order of the text."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, (*path, place))
    else:
        yield path, value


def outline(value: Any) -> Any:
    """Return what documents of one shape have in common: keys, order, lengths and kinds of leaves."""
    if isinstance(value, dict):
        return tuple((name, outline(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return (list, *map(outline, value))
    return type(value)


def filled(document: dict[str, Any], paths: Sequence[Path], values: Sequence[Any]) -> dict[str, Any]:
    """Return a copy of a document with other values at some leaves."""
    result = copy.deepcopy(document)
    for path, value in zip(paths, values, strict=True):
        place: Any = result
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
    return result


def check_form(document: dict[str, Any]) -> None:
    """Raise VcError where a document breaks the data model or, being a badge, Open Badges 3.0."""
    check_value(document)
    check_credential(document)
    if openbadges.is_badge(document):
        openbadges.check_badge(document)


def take_number(value: Any) -> str | None:
    return str(value) if type(value) is int and abs(value) <= MAX_INTEGER else None


def take_digits(value: Any) -> str | None:
    return value if type(value) is str and _DIGITS.match(value) else None


@lru_cache(maxsize=4096)
def instant(value: str) -> Any:
    try:
        return parse_instant(value, field="")
    except VcError:
        return None


def take_instant(value: Any) -> str | None:
    return value if type(value) is str and len(value) < 60 and instant(value) is not None else None


def is_plain_address(value: Any) -> bool:
    """Say whether a value is an address that needs no second thought."""
    return type(value) is str and bool(_NAMED.match(value) or _HOSTED.match(value))


def _take_address(scheme: str) -> Take:
    pattern = _HOSTED if scheme.startswith("http") else _NAMED

    def take(value: Any) -> str | None:
        return value if type(value) is str and value.startswith(scheme) and pattern.match(value) else None

    return take


class Shape:
    """One compiled document. ``holes`` are the paths of its holes; values are given in their order."""

    def __init__(
        self,
        document: dict[str, Any],
        holes: Sequence[Path],
        *,
        contexts: Contexts | None = None,
        check: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        """Compile. ``check`` is the form that the document must keep; raise Unfit where it cannot be."""
        if len(holes) > MAX_HOLES or len(set(holes)) != len(holes):
            raise Unfit("too many holes")
        self.document, self.holes = document, tuple(holes)
        self._contexts = contexts or default_contexts()
        self._markers = markers(document, holes)
        marked = filled(document, holes, self._markers)
        try:
            quads = to_quads(marked, self._contexts)
        except VcError as error:
            raise Unfit(error.code) from error
        self._addresses: set[int] = set()
        self._texts: set[int] = set()
        self._blanks: dict[Any, int] = {}
        statements = [self._statement(quad) for quad in dict.fromkeys(quads)]
        self._refuse_vocabularies()
        self.takes = tuple(self._taken(place, check) for place in range(len(holes)))
        self._taking: list[tuple[Take, dict[Any, bytes]]] = [(take, {}) for take in self.takes]
        self._span = _span(document, holes) if check else None
        self._gaps = Gaps(statements, len(holes))

    def _statement(self, quad: Any) -> Statement:
        subject, object_ = (tuple(self._term(term)) for term in (quad.subject, quad.object))
        # Proofs inside a document, as endorsements have them, are graphs of their own.
        graph = () if str(quad.graph_name) == "DEFAULT" else (" ", *self._term(quad.graph_name))
        return statement(subject, self._constant(str(quad.predicate)), (*object_, *graph))

    def _term(self, term: Any) -> Iterator[str | int]:
        kind = type(term).__name__
        if kind == "BlankNode":
            yield len(self.holes) + self._blanks.setdefault(term, len(self._blanks))
            return
        place = self._place(term.value)
        if place is None:
            yield self._constant(str(term))
        elif kind == "NamedNode":
            self._addresses.add(place)
            yield from ("<", place, ">")
        else:
            if str(term.datatype) == _JSON_LITERAL:
                raise Unfit("a JSON literal", self.holes[place])
            self._texts.add(place)
            yield from ('"', place, '"' + self._constant(str(term)[len(term.value) + 2 :]))

    def _place(self, value: str) -> int | None:
        return next((place for place, marker in enumerate(self._markers) if str(marker) == value), None)

    def _constant(self, text: str) -> str:
        if any(str(marker) in text for marker in self._markers):
            raise Unfit("a value becomes part of another")
        return text

    def _taken(self, place: int, check: Callable[[dict[str, Any]], None] | None) -> Take:
        """Return what takes the values of a hole: as an address, a number, or the widest text its form allows."""
        path, marker = self.holes[place], self._markers[place]
        if (place in self._addresses) == (place in self._texts):
            raise Unfit("said nowhere, or in two ways", path)
        if isinstance(marker, int):
            return take_number
        if place in self._addresses:
            return _take_address(marker[: marker.index(":") + 1])
        for take, tried in (
            (take_text, "\u2003 no address, no date \u202e"),
            (take_digits, "7"),
            (take_instant, "1990-03-01T08:00:00Z"),
            (take_instant, "9990-03-01T08:00:00Z"),  # the end of a span lies after its beginning
            (_take_address("https:"), "https://example.org/"),
        ):
            try:
                if check:
                    check(filled(self.document, [path], [tried]))
            except VcError:
                continue
            return take
        raise Unfit("no form fits", path)

    def _refuse_vocabularies(self) -> None:
        """Refuse holes whose values are terms of a vocabulary: there a word stands for an address."""
        paths = [self.holes[place] for place in sorted(self._addresses)]
        try:
            tree = expanded_as_is(filled(self.document, paths, [_A_TERM] * len(paths)), self._contexts)
        except VcError as error:
            raise Unfit(error.code) from error
        kept = sum(path[-1] == "@id" and value == _A_TERM for path, value in leaves(tree))
        if kept != len(paths):
            raise Unfit("words of a vocabulary")

    def canonical(self, values: Sequence[Any]) -> bytes | None:
        """Return the canonical N-Quads (UTF-8) of the document with these values, as ``canon.canonical_nquads`` does.

        Nothing where the shape does not take them: then the general path decides.
        """
        taken: list[bytes] = []
        for value, (take, known) in zip(values, self._taking, strict=True):
            text = known.get(value)
            if text is None:
                found = take(value)
                if found is None:
                    return None
                text = found.encode()
                if len(known) < _KNOWN and type(value) is str:
                    known[value] = text
            taken.append(text)
        if self._span and not self._in_order(values):
            return None
        return self._gaps.text(taken)

    def _in_order(self, values: Sequence[Any]) -> bool:
        assert self._span
        start, end = (instant(values[at] if isinstance(at, int) else at) for at in self._span)
        return start is not None and end is not None and bool(start <= end)


def markers(document: dict[str, Any], holes: Sequence[Path]) -> list[Any]:
    """Return for each hole a value of its kind that stands nowhere else; raise Unfit for a hole that is none."""
    held = dict(leaves(document))
    return [_marker(held.get(path), path) for path in holes]


def _marker(value: Any, path: Path) -> Any:
    if any(str(step).startswith("@") and step != "@value" for step in path) or "type" in path:
        raise Unfit("a keyword", path)
    if type(value) is int:
        return random.SystemRandom().randrange(10**14, 10**15)
    if type(value) is not str:
        raise Unfit("no text", path)
    mark = f"mark{random.SystemRandom().getrandbits(96):024x}ed"
    if _HOSTED.match(value):
        return f"{value[: value.index(':')]}://{mark}/"
    return value[: value.index(":") + 1] + mark if _NAMED.match(value) else mark


def _span(document: dict[str, Any], holes: Sequence[Path]) -> tuple[int | str, int | str] | None:
    """Return where first and last instant stand, as the place of a hole or as they are; nothing where one is missing."""
    found = [holes.index((name,)) if (name,) in holes else document.get(name) for name in ("validFrom", "validUntil")]
    return None if None in found or not any(isinstance(at, int) for at in found) else (found[0], found[1])  # type: ignore[return-value]
