"""RDFC-1.0: the canonical order and labels of an RDF dataset (rdf-canon section 4).

pyoxigraph 0.5 labels some documents that hold proofs of their own, as endorsements do, otherwise than the
standard and the JavaScript verifiers, so the order is made here.
The permutations tried are counted, and a graph made to exhaust the reader is refused.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from itertools import permutations
from typing import Any

from sunmao.vc.errors import VcError

MAX_BLANK_NODES = 5_000
# Orders of alike neighbours that are tried before a graph counts as poison (section 7.1).
MAX_TRIES = 10_000


Statement = tuple[str, str, str, str]  # subject, predicate, object, graph ("" for the default one), as N-Quads has them


class Issuer:
    """Gives each blank node its name in the order of asking."""

    def __init__(self, prefix: str, names: dict[str, str] | None = None) -> None:
        self.prefix = prefix
        self.names: dict[str, str] = dict(names or {})

    def issue(self, blank: str) -> str:
        """Return the name of a blank node, a new one at first asking."""
        return self.names.setdefault(blank, f"_:{self.prefix}{len(self.names)}")

    def copy(self) -> "Issuer":
        """Return an issuer that goes on from here by itself."""
        return Issuer(self.prefix, self.names)


def canonical_lines(quads: list[Statement], digest: str = "sha256") -> list[str]:
    """Return the sorted canonical N-Quads lines of statements; raise VcError for a poison graph.

    The terms of a statement are in canonical form; those that begin with ``_:`` are the nodes without a name.
    ``digest`` is the hash that orders the nodes without a name (section 4.3: sha256 or sha384).
    """
    try:
        return _Canonicaliser(quads, digest).lines()
    except RecursionError:
        raise VcError("graph_poison", limit=MAX_TRIES) from None


class _Canonicaliser:
    def __init__(self, quads: list[Statement], digest: str) -> None:
        self.digest = digest
        self.quads = list(dict.fromkeys(quads))
        self.canonical = Issuer("c14n")
        self.tries = 0
        self.held: dict[str, list[Statement]] = defaultdict(list)
        for quad in self.quads:
            for blank in dict.fromkeys(term for term, _ in _blanks(quad)):
                self.held[blank].append(quad)
        if len(self.held) > MAX_BLANK_NODES:
            raise VcError("graph_blank_nodes", limit=MAX_BLANK_NODES)
        self.first = {blank: self.first_degree(blank) for blank in self.held}

    def lines(self) -> list[str]:
        by_hash: dict[str, list[str]] = defaultdict(list)
        for blank, look in self.first.items():
            by_hash[look].append(blank)
        for look in sorted(by_hash):
            if len(by_hash[look]) == 1:
                self.canonical.issue(by_hash[look][0])
        for look in sorted(by_hash):
            if len(by_hash[look]) > 1:
                self.name_alike(by_hash[look])
        return sorted(_line(quad, self.canonical.names.__getitem__) for quad in self.quads)

    def name_alike(self, alike: list[Any]) -> None:
        """Section 4.4.3 step 5: name the blank nodes that their own quads do not tell apart."""
        paths: list[tuple[str, Issuer]] = []
        for blank in alike:
            if blank not in self.canonical.names:
                issuer = Issuer("b")
                issuer.issue(blank)
                paths.append(self.n_degree(blank, issuer))
        for _, issuer in sorted(paths, key=lambda path: path[0]):
            for blank in issuer.names:
                self.canonical.issue(blank)

    def hash(self, text: str) -> str:
        return hashlib.new(self.digest, text.encode("utf-8")).hexdigest()

    def first_degree(self, blank: str) -> str:
        """Section 4.6: the hash of a node's own quads."""

        def name(term: str) -> str:
            return "_:a" if term == blank else "_:z"

        return self.hash("".join(sorted(_line(quad, name) for quad in self.held[blank])))

    def related(self, blank: str, quad: Statement, issuer: Issuer, place: str) -> str:
        """Section 4.7: the hash of a neighbour as seen from a quad."""
        predicate = "" if place == "g" else quad[1]
        name = self.canonical.names.get(blank) or issuer.names.get(blank) or self.first[blank]
        return self.hash(f"{place}{predicate}{name}")

    def n_degree(self, blank: str, issuer: Issuer) -> tuple[str, Issuer]:
        """Section 4.8: the hash of a node with all its neighbours, and the names that path gives."""
        groups: dict[str, list[str]] = defaultdict(list)
        for quad in self.held[blank]:
            for term, place in _blanks(quad):
                if term != blank:
                    groups[self.related(term, quad, issuer, place)].append(term)
        data = ""
        for look in sorted(groups):
            best: tuple[str, Issuer] | None = None
            for order in permutations(groups[look]):
                tried = self.path(order, issuer.copy(), best)
                if tried is not None and (best is None or tried[0] < best[0]):
                    best = tried
            assert best is not None
            data += look + best[0]
            issuer = best[1]
        return self.hash(data), issuer

    def path(
        self, order: tuple[str, ...], issuer: Issuer, best: tuple[str, Issuer] | None
    ) -> tuple[str, Issuer] | None:
        """Return the path of one order of neighbours, or nothing once it cannot be the least."""
        self.tries += 1
        if self.tries > MAX_TRIES:
            raise VcError("graph_poison", limit=MAX_TRIES)
        text = ""
        unnamed: list[str] = []
        for blank in order:
            if blank in self.canonical.names:
                text += self.canonical.names[blank]
            else:
                if blank not in issuer.names:
                    unnamed.append(blank)
                text += issuer.issue(blank)
            if _beaten(text, best):
                return None
        for blank in unnamed:
            found, onward = self.n_degree(blank, issuer)
            text += f"{issuer.issue(blank)}<{found}>"
            issuer = onward
            if _beaten(text, best):
                return None
        return text, issuer


def _beaten(text: str, best: tuple[str, Issuer] | None) -> bool:
    return best is not None and len(text) >= len(best[0]) and text > best[0]


def _blanks(quad: Statement) -> list[tuple[str, str]]:
    subject, _predicate, object_, graph = quad
    return [(term, place) for term, place in ((subject, "s"), (object_, "o"), (graph, "g")) if term[:2] == "_:"]


def _line(quad: Statement, name: Callable[[str], str]) -> str:
    subject, predicate, object_, graph = quad
    if subject[:2] == "_:":
        subject = name(subject)
    if object_[:2] == "_:":
        object_ = name(object_)
    if graph:
        return f"{subject} {predicate} {object_} {name(graph) if graph[:2] == '_:' else graph} .\n"
    return f"{subject} {predicate} {object_} .\n"
