"""The plain way from a document to its statements is held against the general one: the same statements, or none."""

import random
import warnings
from collections import Counter
from collections.abc import Iterator

import pytest
from surroundings import TRIALS

from sunmao.vc import canon, contexts, plain, rdfc, scopes
from sunmao.vc.errors import VcError
from tests.vc import expansion_cast as cast

MUTANTS = 40_000 if TRIALS else 48
pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning")


@pytest.fixture(scope="module")
def known(example_contexts) -> contexts.Contexts:
    return contexts.Contexts({**contexts.EXAMPLES, **example_contexts.extra})


@pytest.fixture(autouse=True)
def _unheard() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyLD warns of words like @foo in contexts
        yield


def the_general_way(document, known):
    """The canonical lines, or the error."""
    try:
        return rdfc.canonical_lines([canon.as_text(quad) for quad in canon.to_quads(document, known)])
    except VcError as error:
        return error


def judged(document, known) -> str:
    """How the two ways compare: fails where they differ."""
    said = plain.statements(document, known)
    general = the_general_way(document, known)
    if said is None:
        return "refused" if isinstance(general, VcError) else "handed over"
    try:
        assert rdfc.canonical_lines(said) == general
    except VcError as error:
        assert isinstance(general, VcError)
        assert general.code == error.code
    return "plain"


def test_vectors_and_samples_have_the_same_statements_either_way(vectors, shared, known):
    documents = cast.read(vectors) + (cast.read(shared / "formats") if TRIALS else [])
    found = Counter(judged(document, known) for document in documents)
    assert found["plain"] > 20
    assert found["handed over"] <= 2  # presentations in envelopes with data: addresses of their own


def test_what_is_issued_here_goes_the_plain_way(known):
    assert {judged(document, known) for document in cast.made()} == {"plain"}


def test_mutants_have_the_same_statements_either_way_or_are_handed_over(vectors, known):
    draw = random.Random(None if TRIALS else 7)
    good = [document for document in cast.read(vectors) if plain.statements(document, known)] + 8 * cast.made()
    found = Counter(judged(cast.mutant(draw, draw.choice(good)), known) for _turn in range(MUTANTS))
    print(f"\n{sum(found.values())} mutants: {dict(found)}")
    assert found["plain"] > MUTANTS // 20
    assert found["refused"] > MUTANTS // 4
    assert found["handed over"] < MUTANTS // 10


@pytest.mark.parametrize("value", [{"x": 1}, {"@type": "@json"}, "text", [], ["a", ["b"]], None, {}])
def test_a_word_nobody_defines_is_refused_by_its_name(value):
    (document, *_others) = cast.made()
    with pytest.raises(VcError, match=r"nobodysWord|null"):
        canon.canonical_nquads(document | {"nobodysWord": value})


def test_half_a_character_in_a_json_literal_is_refused():
    (document, *_others) = cast.made()
    context = [*document["@context"], {"note": {"@id": "urn:x:note", "@type": "@json"}}]
    with pytest.raises(VcError, match="surrogate"):
        canon.canonical_nquads(document | {"@context": context, "note": {"a": "\ud800"}})


def test_a_protected_word_cannot_be_defined_anew():
    (document, *_others) = cast.made()
    with pytest.raises(VcError, match="protected term"):
        canon.canonical_nquads(document | {"@context": [*document["@context"], {"name": "urn:x:name"}]})


def test_a_document_that_imports_a_context_changes_it_for_nobody_else():
    (document, *_others) = cast.made()
    known = contexts.Contexts()
    before = the_general_way(document, known)
    hostile = {"@import": contexts.CREDENTIALS_V2, "name": "https://example.org/another"}
    assert isinstance(the_general_way(document | {"@context": [*document["@context"], hostile]}, known), VcError)
    assert isinstance(the_general_way(document | {"@context": hostile}, known), VcError)
    assert the_general_way(document, known) == before
    assert contexts.Contexts().document(contexts.CREDENTIALS_V2)["@context"]["name"] == "https://schema.org/name"


def test_thousands_of_contexts_leave_neither_memory_filled_nor_the_usual_ones_slow(monkeypatch):
    monkeypatch.setattr(scopes, "MAX_SCOPES", 9)
    known = contexts.Contexts()
    (document, *_others) = cast.made()
    for number in range(20):
        own = {"@context": {"note": f"urn:x:{number}"}, "note": "n"}
        mine = document | {"@context": [*document["@context"][:2], {"p": "urn:x:p"}], "p": own}
        del mine["nameIn"], mine["issuer"], mine["credentialSubject"]
        plain.statements(mine, known)
        plain.statements({"@context": [contexts.CREDENTIALS_V2, {"note": f"urn:x:{number}"}], "note": "n"}, known)
    assert len(known.scopes) <= scopes.MAX_FAMILIES
    assert all(len(scope.family) <= 9 for scope in known.scopes.values())
    assert plain.statements(cast.simple(), known) is not None
