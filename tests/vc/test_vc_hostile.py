"""Hostile input: no byte changed goes unseen, nothing makes the verifier raise, hang or turn bad into good."""

import io
import json
import random
import zipfile
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sunmao.vc import canon, contexts, integrity, jose, status, strict_json, verify
from sunmao.vc.errors import VcError

# Bytes tried at each sampled place: neighbours in the alphabet, quotes, braces, high bytes.
CHANGES = (1, 2, 0x20, 0x80)
SAMPLE = 220


def content_of(data: bytes) -> object:
    """What a proof covers: the statements of the document and of its proof's options."""
    document = strict_json.loads_object(data)
    (proof,) = document["proof"]
    if proof["cryptosuite"] == integrity.JCS:
        return (canon.canonical_json({k: v for k, v in document.items() if k != "proof"}), proof)
    parts = integrity.hash_parts(document, proof)
    return (parts.document, parts.proof, proof["proofValue"])


@pytest.mark.slow
@pytest.mark.parametrize("suite", integrity.SUITES)
def test_a_changed_byte_is_refused_or_means_the_very_same(badge, alice, now, trust_in, suite):
    good = json.dumps(integrity.sign(badge, alice, created=now, suite=suite), ensure_ascii=False).encode()
    known, same = trust_in(alice), content_of(good)
    draw = random.Random(20260601)
    accepted = 0
    for place in draw.sample(range(len(good)), SAMPLE):
        changed = bytearray(good)
        changed[place] ^= draw.choice(CHANGES)
        result = verify.verify(bytes(changed), trust=known, now=now)
        if result.exit_code in (0, 3):
            accepted += 1
            assert result.exit_code == 0
            assert content_of(bytes(changed)) == same
    assert accepted < SAMPLE // 5


@pytest.mark.slow
def test_a_changed_byte_of_a_jwt_is_refused(badge, alice, now, trust_in):
    good = jose.issue_jwt(badge, alice).encode()
    known = trust_in(alice)
    assert verify.verify(good, trust=known, now=now).exit_code == 0
    draw = random.Random(7)
    for place in draw.sample(range(len(good)), SAMPLE):
        changed = bytearray(good)
        changed[place] ^= draw.choice((1, 2, 4, 0x20))
        assert verify.verify(bytes(changed), trust=known, now=now).exit_code in (1, 2)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    ["@context", "id", "type", "issuer", "credentialSubject", "validFrom", "validUntil", "credentialStatus",
     "proof", "name", "evidence", "endorsement", "jointIssuer", "credentialSchema", "relatedResource"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=FIELDS, value=JSON_VALUES)
def test_any_value_in_any_field_ends_in_a_report(badge, alice, now, trust_in, field, value):
    signed = integrity.sign(badge, alice, created=now) | {field: value}
    result = verify.verify(json.dumps(signed).encode(), trust=trust_in(alice), now=now)
    assert not any(check.code == "internal" for check in result.checks), result.checks
    if result.exit_code == 0:
        assert content_of(json.dumps(signed).encode())


def places(value: object, path: tuple = ()) -> list[tuple]:
    """Every place inside a JSON value, as the path to it."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, inner in items for place in places(inner, (*path, key)))]


ODD = [
    None,
    True,
    0,
    -1,
    2**53,
    1.5,
    "",
    "x",
    "\x00",
    [],
    [[]],
    {},
    {"@value": 1},
    {"id": []},
    {"type": {}},
    [None],
    ["x"],
]


@pytest.mark.slow
def test_an_odd_value_anywhere_ends_in_a_report_and_is_refused_or_means_the_same(badge, alice, now, trust_in):
    subject = badge["credentialSubject"]
    subject["result"] = [{"type": ["Result"], "value": "1", "status": "Completed"}]
    subject["identifier"] = [{"type": "IdentityObject", "hashed": False, "identityHash": "N", "identityType": "name"}]
    endorsement = badge | {"id": "urn:x:e", "type": ["VerifiableCredential", "EndorsementCredential"]}
    badge["endorsement"] = [integrity.sign(endorsement, alice, created=now)]
    url, clear = "urn:x:list", status.StatusBits(size=2)
    held = status.status_list_credential(
        url, clear, issuer=alice.public.did, purpose="message", valid_from=now - timedelta(days=1)
    )
    badge["credentialStatus"] = status.status_entry(url, 3, purpose="message", messages=[("0x0", "a")] * 4)
    known = trust_in(alice, status_lists={url: integrity.sign(held, alice, created=now)})
    signed = integrity.sign(badge, alice, created=now)
    assert verify.verify(json.dumps(signed).encode(), trust=known, now=now).exit_code == 0
    same = content_of(json.dumps(signed).encode())
    draw = random.Random(11)
    cases = [(place, odd) for place in places(signed) if place for odd in ODD]
    for place, odd in draw.sample(cases, 400):
        document = json.loads(json.dumps(signed))
        holder = document
        for key in place[:-1]:
            holder = holder[key]
        if holder[place[-1]] == odd:
            continue
        holder[place[-1]] = odd
        result = verify.verify(json.dumps(document).encode(), trust=known, now=now)
        assert not any(check.code == "internal" for check in result.checks), (place, odd)
        if result.exit_code == 0:
            # Something said twice of one thing may be left out once: the statements stay the same.
            assert content_of(json.dumps(document).encode()) == same, (place, odd)


PROOF_FIELDS = st.sampled_from(
    ["type", "cryptosuite", "created", "expires", "verificationMethod", "proofPurpose", "proofValue",
     "previousProof", "id", "@context", "domain", "challenge", "nonce"]
)  # fmt: skip


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(field=PROOF_FIELDS, value=JSON_VALUES)
def test_any_value_in_a_proof_is_refused_or_changes_nothing(badge, alice, now, trust_in, field, value):
    signed = integrity.sign(badge, alice, created=now)
    before = content_of(json.dumps(signed).encode())
    signed["proof"] = [signed["proof"][0] | {field: value}]
    data = json.dumps(signed).encode()
    result = verify.verify(data, trust=trust_in(alice), now=now)
    assert not any(check.code == "internal" for check in result.checks), result.checks
    if result.exit_code == 0:
        assert content_of(data)[0] == before[0]


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"{", b"[", b"eyJ", b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"<svg "]),
)
def test_any_bytes_end_in_a_report(data, start):
    assert verify.verify(start + data).exit_code in (1, 2)


def zip_of_zeros() -> bytes:
    held = io.BytesIO()
    with (
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("bomb.json", "w", force_zip64=True) as stream,
    ):
        for _ in range(70):
            stream.write(b"0" * 1_000_000)
    return held.getvalue()


HOSTILE = {
    "deep": b"[" * 1_000_000,
    "deep objects": b'{"a":' * 200_000,
    "large": b'{"a":"' + b"x" * (100 * 1024 * 1024) + b'"}',
    "many": b"[" + b"{}," * 60_000 + b"{}]",
    "digits": b'{"a":' + b"9" * 1_000_000 + b"}",
    "exponent": b'{"a":1e999999999}',
    "dots": b"eyJ" + b"." * 100_000,
    "tildes": b"eyJhIjoxfQ.e30.AA" + b"~" * 100_000,
    "zip": zip_of_zeros(),
    "surrogate": b'{"type":"\\ud800"}',
    "list of lists": b"[[[[]]]]",
    "context loop": json.dumps(
        {
            "@context": [contexts.CREDENTIALS_V2, {"a": {"@id": "b:a"}, "b": {"@id": "a:b"}}],
            "type": "VerifiableCredential",
        }
    ).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_quickly(name):
    import time

    started = time.monotonic()
    result = verify.verify(HOSTILE[name])
    assert result.exit_code in (1, 2)
    assert not any(check.code == "internal" for check in result.checks)
    assert time.monotonic() - started < 5


def test_a_poison_graph_under_many_proofs_is_refused_quickly(badge, alice, now):
    import time

    proof = integrity.sign(badge, alice, created=now)["proof"][0]
    aligned = [{"type": ["Alignment"], "targetName": "x", "targetUrl": "urn:x:y"} for _ in range(7)]
    badge["credentialSubject"]["result"] = [{"type": ["Result"], "alignment": aligned}] * 4
    started = time.monotonic()
    result = verify.verify(json.dumps(badge | {"proof": [proof] * integrity.MAX_PROOFS}).encode(), now=now)
    assert (result.exit_code, "graph_poison" in {check.code for check in result.reasons}) == (1, True)
    assert time.monotonic() - started < 5


def test_ids_that_point_in_a_circle_are_judged(badge, alice, now, trust_in):
    achievement = badge["credentialSubject"]["achievement"]
    achievement["related"] = [{"id": badge["id"], "type": ["Related"]}, {"id": achievement["id"], "type": ["Related"]}]
    signed = json.dumps(integrity.sign(badge, alice, created=now)).encode()
    assert verify.verify(signed, trust=trust_in(alice), now=now).exit_code == 0


def test_a_proof_made_under_an_identity_key_is_refused(badge, now):
    """Under the identity point one fixed signature fits every document; peers have accepted it."""
    from sunmao.vc.encoding import multibase_encode
    from sunmao.vc.keys import ED25519_PUBLIC

    identity = bytes([1]) + bytes(31)
    name = multibase_encode(ED25519_PUBLIC + identity)
    badge["issuer"]["id"] = f"did:key:{name}"
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-01-01T00:00:00Z",
        "verificationMethod": f"did:key:{name}#{name}",
        "proofPurpose": "assertionMethod",
        "proofValue": multibase_encode(identity + bytes(32)),
    }
    result = verify.verify(json.dumps(badge | {"proof": [proof]}).encode(), now=now)
    assert (result.exit_code, [check.code for check in result.reasons]) == (1, ["key_weak"])
    with pytest.raises(VcError):
        integrity.check_options(proof | {"proofPurpose": "x"}, now=now)


@pytest.mark.parametrize("text", ["\ufffe", "a\uffff", "\ufdd0", "\U0010ffff"])
def test_noncharacters_are_refused_as_readers_escape_them_differently(text):
    for document in ({"name": text}, {text: 1}, {"a": [text]}):
        with pytest.raises(VcError) as refused:
            strict_json.loads(json.dumps(document, ensure_ascii=True))
        assert refused.value.code == "json_noncharacter"
    assert strict_json.loads('"\ufffd \ue000 \U0010fffd"') == "\ufffd \ue000 \U0010fffd"
