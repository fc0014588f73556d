"""What the words of a document mean at one place of it: the active context of JSON-LD, worked out once.

PyLD reads the contexts (their rules about protected words, cycles and scopes are the longest part of the standard), and
what came of it is kept: per address or text of a context, per type that brings a context of its own, per word. ``plain``
walks documents along these. What is not known here for certain is ``Unsure``: then PyLD walks the document itself.
"""

import copy
import json
from typing import Any, NamedTuple

from sunmao.vc.contexts import Contexts
from sunmao.vc.reading import USUAL, USUAL_NAMES
from sunmao.vc.terms import address, tag_suffix, type_suffix

MAX_WORDS = 2_000  # that one scope keeps; a catch-all vocabulary may bring any number
MAX_SCOPES = 200  # that one family keeps
MAX_FAMILIES = 16
_TOLD = {"@base", "@direction"}  # set by a context, these change more than words
IMPORT = '"@import"'


class Unsure(Exception):
    """This document is to be read the general way."""


class Word(NamedTuple):
    """What a key means: ``kind`` is "id" or "type" for the keywords, else how its values are read.

    "address", "word" (of a vocabulary), "json", or "text": a literal that ends in ``suffix``.
    """

    kind: str
    predicate: str = ""
    usual: str = ""
    suffix: str = ""
    container: str = ""
    scope: "Scope | None" = None
    inner: Any = None  # the context that stands for objects under this key; False is the empty one


class Named(NamedTuple):
    """What the name of a type, or a word of a vocabulary, stands for."""

    address: str
    inner: Any = None


class Family:
    """The scopes that come of one document's context, so that each is worked out once."""

    def __init__(self, contexts: Contexts) -> None:
        from pyld import jsonld

        self._processor = jsonld.JsonLdProcessor()
        self._contexts = contexts
        self._known: dict[int, Scope] = {}

    def initial(self) -> "Scope":
        return self.scope(self._processor._get_initial_context(pyld_options(self._contexts)))

    def __len__(self) -> int:
        return len(self._known)

    @property
    def full(self) -> bool:
        return len(self) >= MAX_SCOPES

    def scope(self, active: Any) -> "Scope":
        found = self._known.get(id(active))  # a scope holds its context, so the number stays its own
        if found is None:
            if self.full:
                raise Unsure
            found = self._known[id(active)] = Scope(self, active)
        return found

    def processed(self, active: Any, context: Any, **how: Any) -> "Scope":
        if context == [] or (isinstance(context, dict) and "@context" in context):
            raise Unsure
        options = pyld_options(self._contexts, apart=True)
        try:
            return self.scope(self._processor._process_context(active, context, options, **how))
        except Unsure:
            raise
        except Exception as error:  # whatever is wrong, the general way meets it again and says what
            raise Unsure from error

    def expanded(self, active: Any, name: str) -> Any:
        return self._processor._expand_iri(active, name, vocab=True, base=None)


class Scope:
    """An active context. ``previous`` is the one that holds again for objects inside."""

    def __init__(self, family: Family, active: Any) -> None:
        if any(active.get(name) is not None for name in _TOLD):
            raise Unsure
        self.family, self._active = family, active
        self._mappings = active["mappings"]
        before = active.get("previousContext")
        self.previous = family.scope(before) if before is not None else None
        self.words: dict[str, Word] = {}
        self._names: dict[str, Named] = {}
        self._meanings: dict[str, Any] = {}
        self._inner: dict[Any, Scope] = {}

    def with_context(self, context: Any, *, overriding: bool = False) -> "Scope":
        """Return the scope that a context inside gives; ``overriding`` when it belongs to a word."""
        text = json.dumps(context)
        if IMPORT in text:
            raise Unsure
        key = (overriding, text)
        if key not in self._inner:
            self._inner[key] = self.family.processed(self._active, context, override_protected=overriding)
        return self._inner[key]

    def with_types(self, types: tuple[str, ...]) -> "Scope":
        """Return the scope inside an object of these types (sorted), each of which brings a context."""
        if types not in self._inner:
            scope = self
            for name in types:
                scope = self.family.processed(scope._active, self.named(name).inner, propagate=False)
            self._inner[types] = scope
        return self._inner[types]

    def meaning(self, key: str) -> Any:
        """Return what a key is expanded to: an address, a keyword, or nothing."""
        if key not in self._meanings:
            found = self.family.expanded(self._active, key)
            if len(self._meanings) >= MAX_WORDS:
                return found
            self._meanings[key] = found
        return self._meanings[key]

    def word(self, key: str) -> Word:
        """Return what a key means here."""
        found = self._word(key)
        if len(self.words) < MAX_WORDS:
            self.words[key] = found
        return found

    def _word(self, key: str) -> Word:
        meaning = self.meaning(key)
        usual = USUAL.get(meaning, "")
        if key.startswith("@") or usual != (key if key in USUAL_NAMES else ""):
            raise Unsure
        if meaning in ("@id", "@type"):
            return Word(meaning[1:])
        predicate = address(meaning)
        if predicate is None:
            raise Unsure
        own = self._mappings.get(key) or {}
        scope = self
        if own.get("@context") is not None:
            scope = self.with_context(own["@context"], overriding=True)
        mapping = scope._mappings.get(key) or {}
        container = frozenset(own.get("@container", ())) - {"@set"}
        if own.get("reverse") or mapping.get("reverse") or "@direction" in mapping:
            raise Unsure
        if scope is not self and frozenset(mapping.get("@container", ())) - {"@set"} != container:
            raise Unsure
        if container not in _CONTAINERS:
            raise Unsure
        kind, suffix = scope._reading(mapping)
        if (kind == "json") != (own.get("@type") == "@json") or (kind == "json" and container):
            raise Unsure
        return Word(kind, predicate, usual, suffix, _CONTAINERS[container], scope, mapping.get("@context"))

    def _reading(self, mapping: Any) -> tuple[str, str]:
        """Return how plain values under a key are read, and what ends their literals."""
        coerced = mapping.get("@type")
        if coerced in _KINDS:
            return _KINDS[coerced], ""
        if coerced not in (None, "@none"):
            suffix = type_suffix(coerced)
            if suffix is None:
                raise Unsure
            return "text", suffix
        language = mapping["@language"] if "@language" in mapping else self._active.get("@language")
        if language is None:
            return "text", ""
        suffix = tag_suffix(language)
        if suffix is None:
            raise Unsure
        return "text", suffix

    def named(self, name: str) -> Named:
        """Return what a type or a word of a vocabulary stands for here."""
        known = self._names.get(name)
        if known is not None:
            return known
        found = address(self.meaning(name))
        if found is None:
            raise Unsure
        inner = (self._mappings.get(name) or {}).get("@context")
        known = Named(found, None if inner is False else inner)
        if len(self._names) < MAX_WORDS:
            self._names[name] = known
        return known

    def address(self, value: str) -> str:
        """Return a full or abbreviated address as a term."""
        prefix, colon, rest = value.partition(":")
        if colon and not rest.startswith("//"):
            mapping = self._mappings.get(prefix)
            if mapping and mapping["_prefix"]:
                value = mapping["@id"] + rest
        found = address(value)
        if found is None:
            raise Unsure
        return found

    def stands_for_word(self, name: str) -> bool:
        return name in self._mappings


_KINDS = {"@id": "address", "@vocab": "word", "@json": "json"}
_CONTAINERS = {
    frozenset(): "",
    frozenset({"@list"}): "list",
    frozenset({"@graph"}): "graph",
    frozenset({"@language"}): "languages",
}


def scope_of(contexts: Contexts, context: Any) -> Scope:
    """Return the scope that the context of a document opens."""
    key = json.dumps(context)
    found: Scope | None = contexts.scopes.get(key)
    if found is None or found.family.full:
        if len(contexts.scopes) >= MAX_FAMILIES:
            contexts.scopes.clear()
        found = contexts.scopes[key] = Family(contexts).initial().with_context(context)
    return found


def imports(document: Any) -> bool:
    """Say whether a context inside a document may import another."""
    return IMPORT in json.dumps(document)


def pyld_options(contexts: Contexts, *, apart: bool = False) -> dict[str, Any]:
    """Return the options with which PyLD reads documents under these contexts, and nothing else.

    ``apart`` when nothing may remain of it: PyLD writes what imports a context into that very context, and it keeps
    what it worked out by a context's text alone, whether protected words might be overridden or not.
    """
    from pyld.context_resolver import ContextResolver

    def load(url: str, _options: dict[str, Any]) -> dict[str, Any]:
        document = contexts.document(url)
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": copy.deepcopy(document) if apart else document,
        }

    return {
        # Any other base, the empty one included, turns a relative address into a made-up full one.
        "base": None,
        "processingMode": "json-ld-1.1",
        "documentLoader": load,
        "contextResolver": ContextResolver({} if apart else contexts.cache, load),
    }
