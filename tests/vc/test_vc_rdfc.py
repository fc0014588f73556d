"""Canonical order: independent of labels, and equal to a second implementation where that one is right."""

import random
import time

import pyoxigraph as ox
import pytest

from sunmao.vc import rdfc
from sunmao.vc.canon import as_text
from sunmao.vc.errors import VcError

PREDICATES = [ox.NamedNode(f"urn:x:p{n}") for n in range(2)]


HASHES = {
    "sha256": ox.CanonicalizationAlgorithm.RDFC_1_0_SHA_256,
    "sha384": ox.CanonicalizationAlgorithm.RDFC_1_0_SHA_384,
}


def by_pyoxigraph(quads: list[ox.Quad], digest: str) -> list[str]:
    dataset = ox.Dataset(quads)
    dataset.canonicalize(HASHES[digest])
    return sorted(f"{quad} .\n" for quad in dataset)


def random_quads(draw: random.Random, *, graphs: bool) -> list[tuple]:
    """Quads over a few alike blank nodes, as tuples of labels."""
    blanks = [f"b{n}" for n in range(draw.randint(2, 6))]
    quads = []
    for _ in range(draw.randint(2, 9)):
        graph = draw.choice([*blanks, None]) if graphs else None
        quads.append((draw.choice(blanks), draw.choice(PREDICATES), draw.choice([*blanks, "literal"]), graph))
    return quads


def in_order(quads: list[ox.Quad], digest: str = "sha256") -> list[str]:
    return rdfc.canonical_lines([as_text(quad) for quad in quads], digest)


def built(quads: list[tuple], names: dict[str, str]) -> list[ox.Quad]:
    def term(label: str) -> ox.BlankNode | ox.Literal:
        return ox.Literal("x") if label == "literal" else ox.BlankNode(names[label])

    return [ox.Quad(term(s), p, term(o), ox.DefaultGraph() if g is None else term(g)) for s, p, o, g in quads]


@pytest.mark.parametrize(("graphs", "digest"), [(False, "sha256"), (True, "sha256"), (True, "sha384")])
def test_two_implementations_agree_on_small_datasets_of_alike_nodes(graphs, digest):
    draw = random.Random(5)
    same = {f"b{n}": f"b{n}" for n in range(6)}
    for _ in range(500):
        quads = built(random_quads(draw, graphs=graphs), same)
        assert in_order(quads, digest) == by_pyoxigraph(quads, digest)


def test_the_canonical_form_does_not_depend_on_labels_or_order():
    draw = random.Random(6)
    same = {f"b{n}": f"b{n}" for n in range(6)}
    for _ in range(500):
        quads = random_quads(draw, graphs=False)
        other = [f"n{n}" for n in range(6)]
        draw.shuffle(other)
        mixed = draw.sample(quads, len(quads))
        assert in_order(built(quads, same)) == in_order(built(mixed, dict(zip(same, other, strict=True))))


def test_a_poison_graph_of_alike_nodes_is_refused_in_time():
    names = {f"b{n}": f"b{n}" for n in range(14)}
    clique = [(a, PREDICATES[0], b, None) for a in names for b in names if a != b]
    started = time.monotonic()
    with pytest.raises(VcError, match="look alike"):
        in_order(built(clique, names))
    assert time.monotonic() - started < 10
