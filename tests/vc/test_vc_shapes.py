"""A compiled shape writes what the general path writes, byte for byte, or leaves it to the general path."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from surroundings import TRIALS

from sunmao.vc import canon, integrity, issue, press, shapes
from sunmao.vc.errors import VcError
from sunmao.vc.gaps import Unfit
from sunmao.vc.keys import PrivateKey
from sunmao.vc.trust import credential_digest
from vc.shape_cast import DAY, HOLES, KINDS, TEXTS, endorsed, sample, usual, values

SAMPLE = sample()
SHAPE = shapes.Shape(SAMPLE, HOLES, check=shapes.check_form)
# A fixed sample here, at random and many in the trials.
many = settings(
    max_examples=20_000 if TRIALS else 40,
    deadline=None,
    derandomize=not TRIALS,
    suppress_health_check=list(HealthCheck),
)


def general(document):
    """What the general path says: the canonical text, or why not."""
    try:
        shapes.check_form(document)
        return canon.canonical_nquads(document).encode()
    except VcError as error:
        return error.code, error.params


@pytest.fixture(scope="module")
def machine(module_key):
    return press.Press(SAMPLE, HOLES, module_key, method=module_key.public.did_method)


@pytest.fixture(scope="module")
def module_key():
    from sunmao.vc.keys import PrivateKey

    return PrivateKey(bytes(range(32)))


@many
@given(values())
def test_whatever_the_values_a_shape_writes_the_general_canonical_form(held):
    found = SHAPE.canonical(held)
    assert found is None or found == general(shapes.filled(SAMPLE, HOLES, held))


@pytest.mark.parametrize("text", TEXTS[:-4])
def test_any_text_that_may_be_signed_is_taken_without_the_general_path(text):
    for at, path in enumerate(HOLES):
        if KINDS[path] is TEXTS:
            held = usual()
            held[at] = text
            assert SHAPE.canonical(held) is not None
    names = [
        text if KINDS[path] is TEXTS and "result" not in path else value
        for path, value in zip(HOLES, usual(), strict=True)
    ]
    assert SHAPE.canonical(names) == general(shapes.filled(SAMPLE, HOLES, names))


@pytest.mark.parametrize("text", TEXTS[-4:])
def test_texts_that_cannot_be_signed_are_never_taken(text):
    held = usual()
    held[HOLES.index(("credentialSubject", "narrative"))] = text
    assert SHAPE.canonical(held) is None


@many
@given(values())
def test_a_press_signs_or_refuses_as_the_general_path_does(machine, module_key, held):
    document = shapes.filled(SAMPLE, HOLES, held)
    try:
        shapes.check_form(document)
        signed = integrity.sign(document, module_key, created=DAY)
        expected = (press.written(signed), credential_digest(document), signed["proof"][0]["proofValue"], ())
    except VcError as error:
        expected = (error.code, error.params)
    try:
        found = tuple(machine.issue(held, created=DAY))
        assert machine.line(held, created=DAY, proof_value=found[2]) == found[0]
    except VcError as error:
        found = (error.code, error.params)
    assert found == expected


@many
@given(values())
def test_joint_issuers_sign_or_refuse_as_one_after_the_other_does(module_key, held):
    other, at = PrivateKey(bytes(range(1, 33))), DAY + timedelta(days=3)
    joint = (press.Signatory(other, other.public.did_method, at),)
    machine = press.Press(SAMPLE, HOLES, module_key, method=module_key.public.did_method, joint=joint)
    document = shapes.filled(SAMPLE, HOLES, held)
    try:
        shapes.check_form(document)
        signed = integrity.sign(integrity.sign(document, module_key, created=DAY), other, created=at)
        expected = (press.written(signed), *(proof["proofValue"] for proof in signed["proof"]))
    except VcError as error:
        expected = (error.code, error.params)
    try:
        one = machine.issue(held, created=DAY)
        found = (one.line, one.proof_value, *one.joint)
        assert machine.line(held, created=DAY, proof_value=one.proof_value, joint=one.joint) == one.line
    except VcError as error:
        found = (error.code, error.params)
    assert found == expected


def test_what_only_neighbours_tell_apart_goes_the_general_way(machine, module_key):
    """Two results without a difference: their labels follow from their neighbours, which no shape looks at."""
    held = usual()
    held[HOLES.index(("credentialSubject", "result", 1, "value"))] = "87"
    assert SHAPE.canonical(held) is None
    before = machine.general
    line = machine.issue(held, created=DAY).line
    assert machine.general == before + 1
    assert json.loads(line) == integrity.sign(shapes.filled(SAMPLE, HOLES, held), module_key, created=DAY)


def test_a_credential_that_holds_a_signed_endorsement_is_a_shape(module_key):
    document = endorsed(SAMPLE, module_key)
    shape = shapes.Shape(document, HOLES, check=shapes.check_form)
    for text in ("", 'a "quoted" é', "x" * 2_000):
        held = usual()
        held[HOLES.index(("credentialSubject", "narrative"))] = text
        assert shape.canonical(held) == general(shapes.filled(document, HOLES, held))


def test_named_nodes_that_coincide_go_the_general_way():
    held = usual()
    held[HOLES.index(("credentialSubject", "id"))] = held[HOLES.index(("id",))]
    assert SHAPE.canonical(held) is None
    held[HOLES.index(("credentialSubject", "id"))] = "did:web:register.example.org:did:ORG-00001"
    assert SHAPE.canonical(held) is None


def test_equal_values_of_one_property_are_one_statement_and_go_the_general_way():
    held = usual()
    held[HOLES.index(("credentialSubject", "achievement", "tag", 0))] = "two"
    assert SHAPE.canonical(held) is None


@pytest.mark.parametrize(
    "path",
    [
        ("type", 0),
        ("@context", 0),
        ("credentialSubject", "type", 0),
        ("credentialSubject", "identifier", 0, "hashed"),
        ("nowhere",),
    ],
)
def test_keywords_and_what_is_no_text_are_no_holes(path):
    with pytest.raises(Unfit):
        shapes.Shape(SAMPLE, [path], check=shapes.check_form)


def test_a_word_of_a_vocabulary_is_no_hole():
    document = {
        "@context": [SAMPLE["@context"][0], {"kind": {"@id": "urn:x:kind", "@type": "@vocab"}}],
        "kind": "urn:x:y",
    }
    with pytest.raises(Unfit):
        shapes.Shape(document, [("kind",)])


def test_a_press_whose_sample_is_unfit_signs_the_general_way(module_key):
    path = ("credentialSubject", "identifier", 0, "identityType")
    alike = sample(
        results=(issue.ResultValue("urn:x:o", value="1"), issue.ResultValue("urn:x:o", value="1")),
        recipient=issue.Recipient(name="Nodira"),
    )
    machine = press.Press(alike, [path], module_key, method=module_key.public.did_method)
    assert not machine.is_compiled
    assert json.loads(machine.issue(["name"], created=DAY).line) == integrity.sign(alike, module_key, created=DAY)


@settings(max_examples=1_000 if TRIALS else 1, deadline=None, derandomize=not TRIALS)
@given(st.lists(values(), min_size=4, max_size=6))
def test_a_class_signed_at_once_has_the_proofs_of_each_signed_by_itself(module_key, rows):
    documents = [sample() for _turn in range(13)]
    for number, document in enumerate(documents):
        document["id"] = f"urn:uuid:019a0000-0000-7000-8000-{number:012}"
    for held in rows:
        document = shapes.filled(SAMPLE, HOLES, held)
        if not isinstance(general(document), tuple):
            documents.append(document)
    signed = press.sign_all(documents, module_key, created=DAY, method=module_key.public.did_method)
    assert signed == [integrity.sign(document, module_key, created=DAY) for document in documents]
    again = press.sign_all(signed, module_key, created=DAY, method=module_key.public.did_method)
    assert [len(document["proof"]) for document in again] == [2] * len(documents)
