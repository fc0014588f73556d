"""From a JSON-LD document to the bytes that are hashed: expansion, RDF, RDFC-1.0, and JCS.

What credentials usually are made of goes the plain way (``plain``), everything else this general one, which also gives
the reasons: PyLD expands; what it would drop without a word is an error here with the term's name. pyoxigraph holds and
escapes the terms (PyLD's own N-Quads leave U+0001, U+000B and U+007F bare), and ``rdfc`` orders them.
Base directions become i18n datatypes, as the verifiers of the EdDSA suites expect.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sunmao.vc.contexts import Contexts, default_contexts
from sunmao.vc.errors import VcError
from sunmao.vc.plain import statements
from sunmao.vc.rdfc import Statement, canonical_lines
from sunmao.vc.reading import check_reading
from sunmao.vc.scopes import imports, pyld_options

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, NamedNode, Quad

MAX_QUADS = 50_000
MAX_EXPANDED_VALUES = 50_000
_KEYWORDS = {"@id", "@type", "@value", "@language", "@direction", "@list"}
_SCHEME = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*|_):")
_SPACE = re.compile(r"[\s\x00-\x20]")
_DIRECTION_DATATYPE = "i18n-datatype"


def canonical_nquads(document: dict[str, Any], contexts: Contexts | None = None, digest: str = "sha256") -> str:
    """Return the canonical N-Quads of a JSON-LD document (rdf-canon section 5.2), ready to be hashed."""
    contexts = contexts or default_contexts()
    said = statements(document, contexts)
    if said is None:
        said = [as_text(quad) for quad in to_quads(document, contexts)]
    return "".join(canonical_lines(said, digest))


def canonical_json(value: Any) -> bytes:
    """Return the JCS bytes of a JSON value (RFC 8785)."""
    import rfc8785

    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeError) as error:
        raise VcError("json_bad", detail=str(error)[:120]) from None


def expanded(document: dict[str, Any], contexts: Contexts) -> list[Any]:
    """Return the expanded JSON-LD; an undefined term, a null or a relative address is an error by name."""
    _refuse_nulls(document)
    result = expanded_as_is(document, contexts)
    _check_expanded(result)
    check_reading(document, result)
    return result


def expanded_as_is(document: dict[str, Any], contexts: Contexts) -> list[Any]:
    """Return the expanded JSON-LD, relative addresses and all; an undefined term is an error by name."""
    from pyld import jsonld

    processor = jsonld.JsonLdProcessor(on_property_dropped=_refuse_dropped)
    try:
        options = pyld_options(contexts.for_document(document), apart=imports(document))
        result = processor.expand(document, options)
    except jsonld.JsonLdError as error:
        raise _own_error(error) from None
    except RecursionError:
        raise VcError("jsonld_bad", detail="nested too deeply") from None
    except (TypeError, AttributeError, KeyError, ValueError) as error:
        if isinstance(error, VcError):
            raise
        raise VcError("jsonld_bad", detail=f"{type(error).__name__}: {error}"[:160]) from None
    return list(result)


def to_quads(document: dict[str, Any], contexts: Contexts) -> "list[Quad]":
    """Return the RDF quads of a JSON-LD document, at most MAX_QUADS."""
    from pyld import jsonld

    tree = expanded(document, contexts)
    options = pyld_options(contexts) | {"rdfDirection": _DIRECTION_DATATYPE}
    try:
        dataset = jsonld.to_rdf(tree, options)
    except jsonld.JsonLdError as error:
        raise _own_error(error) from None
    except UnicodeEncodeError:  # in a JSON literal
        raise VcError("json_surrogate") from None
    quads = list(_quads(dataset))
    if len(quads) > MAX_QUADS:
        raise VcError("graph_too_large", limit=MAX_QUADS)
    if not quads:
        raise VcError("graph_empty")
    return quads


def as_text(quad: "Quad") -> Statement:
    """Return a quad as its four terms in N-Quads, the default graph as nothing."""
    graph = str(quad.graph_name)
    return str(quad.subject), str(quad.predicate), str(quad.object), "" if graph == "DEFAULT" else graph


def _refuse_dropped(term: str | None) -> None:
    raise VcError("term_undefined", term=(term or "(set to nothing by a context)")[:120])


def _refuse_nulls(document: dict[str, Any]) -> None:
    """Refuse null outside of contexts: it vanishes in RDF, so a signature would not cover it."""
    open_values: list[tuple[str, Any]] = [("", document)]
    while open_values:
        name, value = open_values.pop()
        if value is None:
            raise VcError("value_null", term=name[:120])
        if isinstance(value, dict):
            open_values.extend((key, inner) for key, inner in value.items() if key != "@context")
        elif isinstance(value, list):
            open_values.extend((name, inner) for inner in value)


def _own_error(error: Any) -> VcError:
    """Return the innermost reason of a PyLD error as ours."""
    cause: BaseException | None = error
    detail = ""
    while cause is not None:
        if isinstance(cause, VcError):
            return cause
        detail = str(getattr(cause, "args", [""])[0] if cause.args else "") or detail
        detail = f"{detail} {getattr(cause, 'code', None) or ''}".strip()
        cause = cause.__cause__
    return VcError("jsonld_bad", detail=detail[:200])


def _check_expanded(tree: Any) -> None:
    """Refuse what RDF conversion would drop: keywords that hide values, values that are no address."""
    seen = 0
    open_values: list[Any] = [tree]
    while open_values:
        value = open_values.pop()
        seen += 1
        if seen > MAX_EXPANDED_VALUES:
            raise VcError("graph_too_large", limit=MAX_EXPANDED_VALUES)
        if isinstance(value, list):
            open_values.extend(value)
        elif isinstance(value, dict):
            if not value:
                raise VcError("jsonld_bad", detail="an object says nothing")
            for key, inner in value.items():
                _check_member(key, inner)
                if key != "@value":
                    open_values.append(inner)


def _check_member(key: str, inner: Any) -> None:
    if key.startswith("@"):
        if key not in _KEYWORDS and key != "@graph":
            raise VcError("jsonld_keyword", term=key[:60])
        names = inner if isinstance(inner, list) else [inner]
        if key == "@id" or (key == "@type" and isinstance(inner, list)):
            for name in names:
                _check_address(name)
    elif _SPACE.search(key):
        raise VcError("address_bad", detail=key[:120])
    elif key.startswith("_:"):
        raise VcError("blank_node_named", term=key[:120])


def _check_address(name: Any) -> None:
    if not isinstance(name, str) or not _SCHEME.match(name):
        raise VcError("address_relative", value=str(name)[:120])
    if _SPACE.search(name):
        raise VcError("address_bad", detail=name[:120])
    if name.startswith("_:"):
        # Named blank nodes allow cycles, whose canonical order can take longer than any patience.
        raise VcError("blank_node_named", term=name[:120])


def _quads(dataset: dict[str, Any]) -> "Iterator[Quad]":
    from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

    def resource(term: dict[str, str]) -> "NamedNode | BlankNode":
        if term["type"] == "blank node":
            return BlankNode(term["value"].removeprefix("_:"))
        return NamedNode(term["value"])

    def thing(term: dict[str, str]) -> "NamedNode | BlankNode | Literal":
        if term["type"] != "literal":
            return resource(term)
        if "language" in term:
            return Literal(term["value"], language=term["language"])
        return Literal(str(term["value"]), datatype=NamedNode(term["datatype"]))

    for name, triples in dataset.items():
        graph: Any = DefaultGraph()
        if name.startswith("_:"):
            graph = BlankNode(name.removeprefix("_:"))
        elif name != "@default":
            graph = NamedNode(name)
        for triple in triples:
            if triple["object"] is None:
                raise VcError("address_relative", value=triple["predicate"]["value"][:120])
            try:
                predicate = NamedNode(triple["predicate"]["value"])
                yield Quad(resource(triple["subject"]), predicate, thing(triple["object"]), graph)
            except ValueError as error:
                raise VcError("address_bad", detail=str(error)[:160]) from None
