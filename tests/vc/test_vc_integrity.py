"""Proofs: the official vectors byte for byte, and what must be refused."""

import copy
from datetime import UTC, datetime, timedelta

import pyoxigraph
import pytest

from sunmao.vc import integrity, keys
from sunmao.vc.encoding import multibase_decode
from sunmao.vc.errors import CannotCheck, VcError

SUITES = [("eddsa-rdfc-2022", "DataInt"), ("eddsa-jcs-2022", "JCS")]


@pytest.mark.parametrize(("suite", "ending"), SUITES)
def test_every_intermediate_of_the_official_vectors_is_reproduced(vectors, read, example_contexts, suite, ending):
    place = vectors / "vc-di-eddsa/TestVectors" / suite
    signed = read(place / f"signed{ending}.json")
    pair = read(vectors / "vc-di-eddsa/TestVectors/keyPair.json")
    key = keys.private_from_multikey(pair["privateKeyMultibase"])
    proof = {k: v for k, v in signed["proof"].items() if k != "proofValue"}
    unsigned = {k: v for k, v in signed.items() if k != "proof"}

    parts = integrity.hash_parts(unsigned, proof, example_contexts)

    def text(name: str) -> str:
        return (place / f"{name}{ending}.txt").read_text(encoding="utf-8")

    assert parts.document.decode() == text("canonDoc")
    assert parts.proof.decode() == text("proofCanon")
    assert parts.document_hash.hex() == text("docHash").strip()
    assert parts.proof_hash.hex() == text("proofHash").strip()
    assert parts.signed.hex() == text("combinedHash").strip()
    assert key.sign(parts.signed).hex() == text("sigHex").strip()
    made = integrity.make_proof(
        unsigned,
        key,
        created=datetime.fromisoformat(proof["created"]),
        method=proof["verificationMethod"],
        suite=suite,
        contexts=example_contexts,
    )
    assert made == signed["proof"]
    assert made["proofValue"] == text("sigBTC58").strip()


@pytest.mark.parametrize("folder", ["eddsa-rdfc-2022", "eddsa-rdfc-2022/employ"])
def test_official_canonical_texts_are_fixed_points_and_carry_the_official_signature(vectors, read, folder):
    """The employment vector's own context is published nowhere in the set; its canonical texts are."""
    place = vectors / "vc-di-eddsa/TestVectors" / folder
    pair = read(vectors / "vc-di-eddsa/TestVectors/keyPair.json")
    texts = {name: (place / f"{name}DataInt.txt").read_text("utf-8") for name in ("canonDoc", "proofCanon")}
    for text in texts.values():
        dataset = pyoxigraph.Dataset(pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.N_QUADS))
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        assert "".join(sorted(f"{quad} .\n" for quad in dataset)) == text
    parts = integrity.HashParts(texts["proofCanon"].encode(), texts["canonDoc"].encode())
    signature = multibase_decode((place / "sigBTC58DataInt.txt").read_text().strip())
    assert keys.public_from_multikey(pair["publicKeyMultibase"]).verifies(signature, parts.signed)


@pytest.mark.parametrize("name", ["signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2"])
def test_every_proof_of_the_official_sets_and_chains_holds(vectors, read, example_contexts, now, name):
    document = read(vectors / f"vc-di-eddsa/TestVectors/proof-set-chain/{name}.json")
    proofs = integrity.proofs_of(document)
    for proof in proofs:
        key = keys.public_from_did_key(proof["verificationMethod"])
        integrity.check_proof(document, proof, key, now=now, contexts=example_contexts)
    assert len(proofs) == {"1": 1, "2": 2}[name[-1]] + 2 * ("Chain" in name)


def test_a_chained_proof_fails_when_its_earlier_proof_is_taken_away(vectors, read, example_contexts, now):
    document = read(vectors / "vc-di-eddsa/TestVectors/proof-set-chain/signedProofChain1.json")
    document["proof"] = document["proof"][1:]
    last = document["proof"][-1]
    with pytest.raises(VcError) as refused:
        integrity.check_proof(
            document,
            last,
            keys.public_from_did_key(last["verificationMethod"]),
            now=now,
            contexts=example_contexts,
        )
    assert refused.value.code == "proof_previous_missing"


@pytest.mark.parametrize("suite", integrity.SUITES)
def test_what_is_signed_here_holds_and_a_changed_name_does_not(badge, alice, now, suite):
    signed = integrity.sign(badge, alice, created=now, suite=suite)
    (proof,) = signed["proof"]
    integrity.check_proof(signed, proof, alice.public, now=now)

    forged = copy.deepcopy(signed)
    forged["credentialSubject"]["achievement"]["name"] = "Chief engineer"
    with pytest.raises(VcError) as refused:
        integrity.check_proof(forged, proof, alice.public, now=now)
    assert refused.value.code == "proof_wrong"


def test_two_institutions_add_their_proofs_in_any_order(badge, alice, bob, now):
    first = integrity.sign(integrity.sign(badge, alice, created=now), bob, created=now)
    second = integrity.sign(integrity.sign(badge, bob, created=now), alice, created=now)
    assert sorted(p["proofValue"] for p in first["proof"]) == sorted(p["proofValue"] for p in second["proof"])
    for document in (first, second):
        for proof in document["proof"]:
            key = keys.public_from_did_key(proof["verificationMethod"])
            integrity.check_proof(document, proof, key, now=now)


def test_a_proof_under_another_key_does_not_hold(badge, alice, bob, now):
    signed = integrity.sign(badge, alice, created=now)
    with pytest.raises(VcError, match="signature does not fit"):
        integrity.check_proof(signed, signed["proof"][0], bob.public, now=now)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"proofPurpose": "authentication"}, "proof_purpose"),
        ({"verificationMethod": "z6Mk"}, "method_not_url"),
        ({"proofValue": "u" + "A" * 86}, "proof_value_bad"),
        ({"proofValue": "z111"}, "proof_value_bad"),
        ({"proofValue": 7}, "proof_value_bad"),
        ({"created": "2026-01-01"}, "date_bad"),
        ({"expires": "2026-01-01T00:00:00Z"}, "proof_expired"),
        ({"type": "DataIntegrityProof", "cryptosuite": "bbs-2023"}, "suite_unknown"),
        ({"type": "SomeProof"}, "proof_type_unknown"),
        ({"previousProof": "urn:uuid:absent"}, "proof_previous_missing"),
        ({"colour": "red"}, "term_undefined"),
    ],
)
def test_a_proof_of_a_wrong_form_is_refused_by_name(badge, alice, now, change, code):
    signed = integrity.sign(badge, alice, created=now)
    proof = signed["proof"][0] | change
    with pytest.raises(VcError) as refused:
        integrity.check_proof(signed, proof, alice.public, now=now)
    assert refused.value.code == code


def test_an_unknown_suite_cannot_be_checked_rather_than_being_wrong(badge, alice, now):
    signed = integrity.sign(badge, alice, created=now)
    with pytest.raises(CannotCheck):
        integrity.check_options(signed["proof"][0] | {"cryptosuite": "bbs-2023"}, now=now)


def test_an_expiring_proof_holds_until_it_expires(badge, alice, now):
    signed = integrity.sign(badge, alice, created=now, expires=now + timedelta(days=1))
    proof = signed["proof"][0]
    integrity.check_proof(signed, proof, alice.public, now=now)
    with pytest.raises(VcError) as refused:
        integrity.check_proof(signed, proof, alice.public, now=datetime(2027, 1, 1, tzinfo=UTC))
    assert refused.value.code == "proof_expired"


@pytest.mark.parametrize("value", [None, "a text", 7, [], [None], ["text"], {"proof": 1}["proof"]])
def test_a_proof_that_is_no_object_is_refused(badge, value):
    with pytest.raises(VcError) as refused:
        integrity.proofs_of(badge | {"proof": value})
    assert refused.value.code == "proof_not_object"


def test_a_jcs_proof_names_its_context_and_refuses_another(badge, alice, now):
    signed = integrity.sign(badge, alice, created=now, suite="eddsa-jcs-2022")
    proof = signed["proof"][0]
    assert proof["@context"] == badge["@context"]
    moved = signed | {"@context": list(reversed(badge["@context"]))}
    with pytest.raises(VcError) as refused:
        integrity.check_proof(moved, proof, alice.public, now=now)
    assert refused.value.code == "proof_context"
