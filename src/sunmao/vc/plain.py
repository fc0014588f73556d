"""The plain way from a document to its statements, for what credentials usually are made of.

One walk does what expansion, flattening and conversion to RDF do (JSON-LD 1.1 API, sections 5 and 8), and keeps to what is
certain: words that the contexts define, full addresses, texts, numbers, lists, proofs in graphs of their own. Anything else
(a word nobody defines, a null, a keyword out of place, a cycle, what a reader could miss) gives nothing, and the general
way decides and says why. So nothing is accepted here that it would not accept, nor with other statements.
"""

from typing import Any

from sunmao.vc.contexts import Contexts
from sunmao.vc.rdfc import Statement
from sunmao.vc.reading import STATUS_NAMES, USUAL_NAMES
from sunmao.vc.scopes import Scope, Unsure, Word, scope_of
from sunmao.vc.terms import RDF, number, tag_suffix, take_text, type_suffix

MAX_STATEMENTS = 5_000
MAX_NESTED = 24
_TYPE, _FIRST, _REST, _NIL = (f"<{RDF}{name}>" for name in ("type", "first", "rest", "nil"))
_JSON = f'"^^<{RDF}JSON>'


def statements(document: dict[str, Any], contexts: Contexts) -> list[Statement] | None:
    """Return the RDF statements of a document; nothing where the general way has to be asked."""
    if "@context" not in document:
        return None
    try:
        return _Walk(document, contexts.for_document(document)).said
    except Unsure:
        return None


class _Walk:
    def __init__(self, document: dict[str, Any], contexts: Contexts) -> None:
        self.said: list[Statement] = []
        self.blanks = self.seen = 0
        self.status_ids: set[str] = set()
        self.root = ""
        scope = scope_of(contexts, document["@context"])
        rest = {name: value for name, value in document.items() if name != "@context"}
        self.node(rest, scope, "", 0)
        if not self.said or len(self.said) > MAX_STATEMENTS:
            raise Unsure

    def blank(self) -> str:
        self.blanks += 1
        return f"_:b{self.blanks}"

    def node(self, element: dict[str, Any], scope: Scope, graph: str, depth: int) -> str:
        """Say what an object says and return its name. ``scope`` is what holds where it begins."""
        self.seen += len(element)
        if depth > MAX_NESTED or self.seen > MAX_STATEMENTS:
            raise Unsure
        if "@context" in element:
            scope = scope.with_context(element["@context"])
        scope, types, type_key = _typed(element, scope)
        subject = ""
        held: list[tuple[Word, Any]] = []
        for key, value in element.items():
            if key == "@context":
                continue
            word = scope.words.get(key) or scope.word(key)
            if word.kind == "id":
                if subject or type(value) is not str:
                    raise Unsure
                subject = scope.address(value)
            elif word.kind != "type":
                held.append((word, value))
            elif key != type_key:
                raise Unsure
        if not (subject or types or held):
            raise Unsure
        self._check_reading(subject, held, depth)
        subject = subject or self.blank()
        said = self.said
        for kind in types:
            said.append((subject, _TYPE, kind, graph))
        for word, value in held:
            if type(value) is str and word.kind == "text" and not word.container:
                text = take_text(value)
                if text is None:
                    raise Unsure
                said.append((subject, word.predicate, f'"{text}{word.suffix or _END}', graph))
            else:
                self._member(subject, word, value, graph, depth)
        return subject

    def _check_reading(self, subject: str, held: list[tuple[Word, Any]], depth: int) -> None:
        """Be unsure where a reader of the JSON could miss what the statements say (``reading`` gives the rules)."""
        usual = [word.usual for word, _value in held if word.usual]
        if depth == 0:
            self.root = subject
        elif usual and subject and subject == self.root:
            raise Unsure
        if subject and not STATUS_NAMES.isdisjoint(usual):
            if subject in self.status_ids:
                raise Unsure
            self.status_ids.add(subject)

    def _member(self, subject: str, word: Word, value: Any, graph: str, depth: int) -> None:
        if word.kind == "json":
            self.said.append((subject, word.predicate, _json_literal(value), graph))
            return
        if word.container == "languages" and type(value) is dict:
            for object_ in _in_languages(value, word):
                self.said.append((subject, word.predicate, object_, graph))
            return
        items = value if type(value) is list else [value]
        if not items and (word.usual or word.container):
            raise Unsure
        if word.container == "graph":
            for item in items:
                if type(item) is not dict or "@value" in item or len(item) < 2:
                    raise Unsure
                own = self.blank()
                self.said.append((subject, word.predicate, own, graph))
                before = len(self.said)
                self._object(item, word, own, depth)
                if len(self.said) == before:
                    raise Unsure
        elif word.container == "list":
            objects = [self._object(item, word, graph, depth) for item in items]
            self.said.append((subject, word.predicate, self._list(objects, graph), graph))
        else:
            for item in items:
                self.said.append((subject, word.predicate, self._object(item, word, graph, depth), graph))

    def _list(self, objects: list[str], graph: str) -> str:
        names = [self.blank() for _object in objects]
        for name, object_, after in zip(names, objects, [*names[1:], _NIL], strict=True):
            self.said.append((name, _FIRST, object_, graph))
            self.said.append((name, _REST, after, graph))
        return names[0]

    def _object(self, item: Any, word: Word, graph: str, depth: int) -> str:
        """Return what one value is as a term, and say what it says itself."""
        scope = word.scope
        assert scope is not None
        if type(item) is dict:
            if "@value" in item:
                return _value(item, word)
            if scope.previous is not None and not _keeps(item, scope):
                scope = scope.previous
            if word.inner is not None:
                scope = scope.with_context(word.inner, overriding=True)
            return self.node(item, scope, graph, depth + 1)
        if word.kind == "text":
            return _literal(item, word.suffix)
        if type(item) is not str:
            raise Unsure
        return scope.address(item) if word.kind == "address" else scope.named(item).address


_END = '"'


def _typed(element: dict[str, Any], scope: Scope) -> tuple[Scope, list[str], str]:
    """Return the scope that an object's types open, the types, and under which key they stand."""
    keys = [key for key in element if key != "@context" and scope.meaning(key) == "@type"]
    if not keys:
        return scope, [], ""
    names = element[keys[0]]
    names = names if type(names) is list else [names]
    if len(keys) > 1 or not names:
        raise Unsure
    types, scoped = [], []
    for name in names:
        if type(name) is not str:
            raise Unsure
        meant = scope.named(name)
        types.append(meant.address)
        if meant.inner is not None:
            scoped.append(name)
    inside = scope.with_types(tuple(sorted(scoped))) if scoped else scope
    if inside.word(keys[0]).kind != "type":
        raise Unsure
    return inside, types, keys[0]


def _keeps(item: dict[str, Any], scope: Scope) -> bool:
    """Say whether what a type brought still holds for an object inside: a mere reference is no object of its own."""
    if len(item) > 2 or "@context" in item:
        return False
    meanings = [scope.meaning(key) for key in item]
    if "@value" in meanings:
        raise Unsure
    return meanings == ["@id"]


def _literal(value: Any, suffix: str) -> str:
    if type(value) is str:
        text = take_text(value)
        found = None if text is None else f'"{text}{suffix or _END}'
    else:
        # A language is for texts only.
        found = number(value, "" if suffix.startswith('"@') else suffix)
    if found is None:
        raise Unsure
    return found


def _value(item: dict[str, Any], word: Word) -> str:
    """Return the literal of a value object (JSON-LD 1.1 section 4.2)."""
    others = item.keys() - {"@value"}
    value = item["@value"]
    if word.inner is not None or word.container == "languages":
        raise Unsure
    if others == {"@type"}:
        assert word.scope is not None
        if type(item["@type"]) is not str:
            raise Unsure
        meant = word.scope.named(item["@type"])
        found = None if meant.inner is not None else type_suffix(meant.address[1:-1])
    elif others and others <= {"@language", "@direction"} and type(value) is str:
        if any(type(item[name]) is not str for name in others):
            raise Unsure
        found = tag_suffix(item.get("@language"), item.get("@direction"))
    else:
        found = None if others else ""
    if found is None:
        raise Unsure
    return _literal(value, found)


def _in_languages(values: dict[str, Any], word: Word) -> list[str]:
    assert word.scope is not None
    result = []
    for tag, texts in values.items():
        suffix = None if _is_decisive(tag) or word.scope.stands_for_word(tag) else tag_suffix(tag)
        held = texts if type(texts) is list else [texts]
        if suffix is None or not all(type(text) is str for text in held):
            raise Unsure
        result += [_literal(text, suffix) for text in held]
    return result


def _json_literal(value: Any) -> str:
    """Return a JSON value as a literal (JSON-LD 1.1 section 10.2), written as PyLD writes it."""
    from c14n.Canonicalize import canonicalize

    open_values = [(value, 0)]
    while open_values:
        inner, depth = open_values.pop()
        if type(inner) is dict:
            if depth > MAX_NESTED or any(_is_decisive(key) for key in inner):
                raise Unsure
            open_values.extend((item, depth + 1) for item in inner.values())
        elif type(inner) is list and depth <= MAX_NESTED:
            open_values.extend((item, depth + 1) for item in inner)
        elif type(inner) not in (str, int, float, bool):
            raise Unsure
    try:
        return _literal(canonicalize(value).decode(), _JSON)
    except ValueError as error:  # half a character
        raise Unsure from error


def _is_decisive(key: str) -> bool:
    return key.startswith("@") or key in USUAL_NAMES
