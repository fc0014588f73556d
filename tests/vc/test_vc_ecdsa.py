"""ecdsa-rdfc-2019: the official vectors byte for byte, keys on both curves, and what must be refused."""

import copy
import json
from datetime import UTC, datetime

import pytest

from sunmao.vc import contexts, elliptic, integrity, keys, server, trust, verify
from sunmao.vc.encoding import multibase_encode
from sunmao.vc.errors import CannotCheck, VcError
from sunmao.vc.issuer import TestIssuer

# Data Integrity ECDSA Cryptosuites 1.0, appendix of test vectors: keys, hashes and proof of the credential that its
# EdDSA sister signs too. A hash that agrees says that every byte of the canonical text does.
VECTORS = {
    "P-256": {
        "public": "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP",
        "secret": "z42twTcNeSYcnqg1FLuSFs2bsGH3ZqbRHFmvS9XMsYhjxvHN",
        "document": "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017",
        "options": "3a8a522f689025727fb9d1f0fa99a618da023e8494ac74f51015d009d35abc2e",
        "proof": "zaHXrr7AQdydBk3ahpCDpWbxfLokDqmCToYm2dyWvpcFVyWooC2he63w1f7UNQoAMKdhaRtcnaE2KTo5o5vTCcfw",
    },
    "P-384": {
        "public": "z82LkuBieyGShVBhvtE2zoiD6Kma4tJGFtkAhxR5pfkp5QPw4LutoYWhvQCnGjdVn14kujQ",
        "secret": "z2fanyY7zgwNpZGxX5fXXibvScNaUWNprHU9dKx7qpVj7mws9J8LLt4mDB5TyH2GLHWkUc",
        "document": "8bf6e01df72c5b62f91b685231915ac4b8c58ea95f002c6b8f6bfafa1b251df476b56b8e01518e317dab099d3ecbff96",
        "options": "e32805a26492eac777aa7a138f6d8da3c74e0c7be7b296dcaccf97420c3b92eaad7be6449ca565e165031567f5c7cbc1",
        "proof": "z967Mvv5bxtmLNqTzPZ8KmJjFmFXaAKeQNzq7GWnQkMcLtaGSSmuozE5WtJ8PipMe178B1tE28K1vsJur9bGVJhz6jgSJsRHFSQeq"
        "gH8hhjcg8gZDFJC1b9FsR5ggNmDBqHv",
    },
}
BOTH = pytest.mark.parametrize("curve", elliptic.WIDTHS)


def held(curve: str) -> elliptic.EllipticPrivateKey:
    key = keys.read_secret(VECTORS[curve]["secret"])
    assert isinstance(key, elliptic.EllipticPrivateKey)
    return key


@BOTH
def test_the_official_vectors_are_reproduced(vectors, read, example_contexts, now, curve):
    told, key = VECTORS[curve], held(curve)
    unsigned = read(vectors / "vc-di-eddsa/TestVectors/unsigned.json")
    made = integrity.make_proof(
        unsigned, key, created=datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC), contexts=example_contexts
    )
    options = {name: value for name, value in made.items() if name != "proofValue"}
    parts = integrity.hash_parts(unsigned, options, example_contexts, key.public.digest)

    assert (parts.document_hash.hex(), parts.proof_hash.hex()) == (told["document"], told["options"])
    assert made == {
        "type": "DataIntegrityProof",
        "cryptosuite": "ecdsa-rdfc-2019",
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": f"did:key:{told['public']}#{told['public']}",
        "proofPurpose": "assertionMethod",
        "proofValue": told["proof"],
    }
    integrity.check_proof(unsigned | {"proof": made}, made, key.public, now=now, contexts=example_contexts)


@BOTH
def test_a_key_reads_back_from_each_of_its_texts(curve):
    key = held(curve)
    assert (key.multikey, key.public.multikey) == (VECTORS[curve]["secret"], VECTORS[curve]["public"])
    assert keys.read_multikey(key.public.multikey) == keys.read_jwk(key.public.jwk) == key.public
    assert keys.key_of_did_key(key.public.did_method) == key.public
    assert repr(key) == f"EllipticPrivateKey(of {key.public.multikey})"
    fresh = elliptic.generate_elliptic(curve)
    assert fresh.public.verifies(fresh.sign(b"x"), b"x") and not key.public.verifies(fresh.sign(b"x"), b"x")


@BOTH
def test_a_point_off_the_curve_or_in_another_form_is_no_key(curve):
    key = held(curve).public
    width, header = elliptic.WIDTHS[curve], keys.multibase_decode(key.multikey)[:2]
    for point in (key.point[:-1], b"\x04" + key.point[1:], b"\x02" + b"\xff" * width, b"\x00" * (width + 1), b""):
        with pytest.raises(VcError):
            keys.read_multikey(multibase_encode(header + point))
    for change in ({"x": key.jwk["y"]}, {"y": ""}, {"x": key.jwk["x"] + "AA"}, {"y": 7}):
        with pytest.raises(VcError):
            keys.read_jwk(key.jwk | change)
    for number in (0, 2 ** (8 * width) - 1):
        with pytest.raises(VcError):
            elliptic.EllipticPrivateKey(curve, number.to_bytes(width, "big"))


@BOTH
def test_a_changed_credential_or_signature_is_refused(badge, now, curve):
    key = held(curve)
    signed = integrity.sign(badge | {"issuer": key.public.did}, key, created=now)
    assert verify.verify_document(signed, now=now).exit_code == 3
    forged = copy.deepcopy(signed)
    forged["credentialSubject"]["achievement"]["name"] = "Chief engineer"
    assert verify.verify_document(forged, now=now).exit_code == 1
    good = keys.multibase_decode(signed["proof"][0]["proofValue"])
    width = elliptic.WIDTHS[curve]
    for bad in (bytes(2 * width), good[:width] + bytes(width), good[width:] + good[:width], good[:-1], good + b"\0"):
        signed["proof"][0]["proofValue"] = multibase_encode(bad)
        assert verify.verify_document(signed, now=now).exit_code == 1


def test_suite_and_key_must_be_of_one_kind(badge, alice, now):
    other = held("P-256")
    for suite, key in ((integrity.ECDSA, alice), (integrity.RDFC, other), (integrity.JCS, other)):
        with pytest.raises(VcError) as refused:
            integrity.make_proof(badge, key, created=now, suite=suite)
        assert refused.value.code == "suite_key"
    signed = integrity.sign(badge, alice, created=now)
    signed["proof"][0]["cryptosuite"] = integrity.ECDSA
    told = verify.verify_document(signed, now=now)
    assert (told.exit_code, [check.code for check in told.reasons]) == (1, ["suite_key"])
    with pytest.raises(CannotCheck):
        keys.public_from_did_key(other.public.did)


def test_institutions_with_keys_of_different_kinds_sign_one_credential(badge, alice, now, trust_in):
    first, second = held("P-256"), held("P-384")
    joint = badge | {
        "@context": [*badge["@context"], {"jointIssuer": "http://purl.org/dc/terms/contributor"}],
        "jointIssuer": [{"id": key.public.did, "type": ["Profile"]} for key in (first, second)],
    }
    signed = joint
    for key in (second, alice, first):
        signed = integrity.sign(signed, key, created=now)
    report = verify.verify_document(signed, trust=trust_in(alice, first, second), now=now)
    assert report.exit_code == 0
    assert [check.code for check in report.checks if check.name in ("proof", "joint")] == [
        *["signed_by_known"] * 3,
        *["joint_signed"] * 2,
    ]
    signed["proof"] = signed["proof"][1:]
    alone = verify.verify_document(signed, trust=trust_in(alice, first, second), now=now)
    assert [check.params["id"] for check in alone.reasons] == [second.public.did]


@BOTH
def test_a_key_known_as_jwk_or_multikey_under_a_web_address_is_found(badge, now, curve):
    key, college = held(curve), "did:web:college.example"
    signed = integrity.sign(badge | {"issuer": college}, key, created=now, method=f"{college}#key-1")
    assert verify.verify_document(signed, now=now).exit_code == 2
    for told in ({"multikey": key.public.multikey}, {"jwk": key.public.jwk}):
        known = trust.KnownIssuer(college, {"en": "College"}, (trust.TrustedKey(f"{college}#key-1", **told),))
        assert verify.verify_document(signed, trust=trust.Trust(issuers={college: known}), now=now).exit_code == 0
    named = integrity.sign(badge | {"issuer": college}, key, created=now, method=f"{college}#{key.public.multikey}")
    assert verify.verify_document(named, now=now).exit_code == 3


@pytest.mark.parametrize("query", ["", "&curve=P-256", "&curve=P-384"])
def test_the_vc_api_signs_with_it_and_its_lists_hold(alice, query):
    issuer = TestIssuer(alice, "https://localhost:40444")
    plain = {
        "@context": [contexts.CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "credentialSubject": {"id": "did:example:learner"},
    }
    asked = f"?suite=ecdsa-rdfc-2019&status=1{query}"

    def post(target: str, document: object) -> server.Answer:
        return server.route(issuer, "POST", target, json.dumps(document).encode())

    made = post(f"/credentials/issue{asked}", {"credential": plain})
    assert made.status == 201, made.document
    key = issuer.curves["P-384" if "384" in query else "P-256"]
    assert (made.document["issuer"], made.document["proof"][0]["cryptosuite"]) == (key.public.did, "ecdsa-rdfc-2019")
    entry = made.document["credentialStatus"][0]["statusListCredential"]
    assert server.route(issuer, "GET", entry.removeprefix(issuer.address), b"").status == 200
    shown = {"verifiableCredential": made.document, "options": {"checks": ["status"]}}
    assert post("/credentials/verify", shown).status == 200
    revoked = {"credentialId": made.document["id"], "credentialStatus": {"statusPurpose": "revocation", "status": "1"}}
    assert post("/credentials/status", revoked).status == 200
    assert post("/credentials/verify", shown).document["problemDetails"][0]["title"] == "revoked"
    assert post("/credentials/issue?suite=ecdsa-rdfc-2019&curve=P-521", {"credential": plain}).status == 400
    assert (
        post("/credentials/issue?suite=ecdsa-rdfc-2019", {"credential": plain | {"issuer": alice.public.did}}).status
        == 400
    )
