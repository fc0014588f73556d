"""The official samples: the validator's good and bad badges, the JOSE inputs, the badge test vectors."""

import pytest

from sunmao.vc import integrity, jose, status, trust, verify
from sunmao.vc.errors import VcError

# Exit code and, where it is not simply an unknown issuer, the reason that must be named.
SAMPLES = {
    "simple.json": (3, "issuer_unknown"),
    "simple.1ob": (3, "issuer_unknown"),
    "simple-json.png": (3, "issuer_unknown"),
    "simple-json.svg": (3, "issuer_unknown"),
    "simple-jwt.png": (3, "issuer_unknown"),
    "simple-jwt.svg": (3, "issuer_unknown"),
    "simple-jwt_v1.png": (3, "issuer_unknown"),
    "simple-jwt_v1.svg": (3, "issuer_unknown"),
    "simple_v1.json": (3, "issuer_unknown"),
    "simple-context-alias.json": (3, "issuer_unknown"),
    "simple-context-version.json": (3, "issuer_unknown"),
    "simple-did-key-method.json": (3, "issuer_unknown"),
    "simple-did-web-method.json": (3, "issuer_unknown"),
    "simple-multiple-proofs.json": (3, "issuer_unknown"),
    "endorsement-valid.json": (3, "issuer_unknown"),
    "bit-string-list/testlist": (3, "issuer_unknown"),
    "bit-string-list/credential-status-revoked.json": (3, "status_list_missing"),
    "credential-status-revoked.json": (3, "status_kind_unknown"),
    # Its two unnamed proof graphs are ordered as the standard says, not as pyoxigraph does.
    "complete.json": (3, "issuer_unknown"),
    "simple-eddsa-2022.json": (2, "suite_unknown"),
    "sd/derivedcredential.json": (2, "suite_unknown"),
    "velocity.jwt": (2, "did_method_unknown"),
    "simple-err-proof-method-unknown-did-method.json": (2, "did_method_unknown"),
    "simple-noproof.json": (1, "proof_missing"),
    "simple-err-context.json": (1, "context_first"),
    "simple-err-credential-subject-achievement-result-description-type.json": (1, "type_missing"),
    "simple-err-credential-subject-identifier-type.json": (1, "type_missing"),
    "simple-err-credential-subject-profile-type.json": (1, "type_missing"),
    "simple-err-credential-subject-result-type.json": (1, "type_missing"),
    "simple-err-credential-subject-type.json": (1, "type_missing"),
    "simple-err-evidence-type.json": (1, "type_missing"),
    "simple-err-expired.json": (1, "expired"),
    "simple-err-issued.json": (1, "not_yet_valid"),
    "simple-err-issuer-otheridentifier-type.json": (1, "type_missing"),
    "simple-err-issuer-parentorg-type.json": (1, "type_missing"),
    "simple-err-issuer-type.json": (1, "type_missing"),
    "simple-err-issuer.json": (1, "field_missing"),
    "simple-err-proof-method-no-scheme.json": (1, "method_not_url"),
    "simple-err-proof-method-unknown-scheme.json": (1, "method_scheme"),
    "simple-err-proof-method.json": (1, "encoding_bad"),
    "simple-err-proof-value.json": (1, "proof_wrong"),
    "simple-err-type.json": (1, "type_missing"),
    "endorsement-err-schema-status-refresh.json": (1, "proof_wrong"),
    "simple.jwt": (1, "context_badge_missing"),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_of_the_official_validator_is_judged_with_its_reason(vectors, example_contexts, now, name):
    data = (vectors / "inspector-ob30/ob30" / name).read_bytes()
    result = verify.verify(data, now=now, contexts=example_contexts)
    exit_code, code = SAMPLES[name]
    assert result.exit_code == exit_code, result.reasons
    assert code in {check.code for check in result.reasons}


def test_the_good_sample_is_in_force_once_its_issuer_is_known(vectors, example_contexts, now):
    site = "https://example.com/issuers/876543"
    multikey = "z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
    held = trust.TrustedKey(f"{site}#{multikey}", multikey)
    known = trust.Trust(issuers={site: trust.KnownIssuer(site, {"en": "Example Corp"}, (held,))})
    for name in ("simple.json", "simple.1ob", "simple-multiple-proofs.json"):
        data = (vectors / "inspector-ob30/ob30" / name).read_bytes()
        assert verify.verify(data, trust=known, now=now, contexts=example_contexts).exit_code == 0
    other_key = (vectors / "inspector-ob30/ob30/simple-json.png").read_bytes()
    refused = verify.verify(other_key, trust=known, now=now, contexts=example_contexts)
    assert (refused.exit_code, [check.code for check in refused.reasons]) == (1, ["issuer_key_unknown"])


def test_the_revoked_sample_is_revoked_by_the_official_list(vectors, read, now):
    folder = vectors / "inspector-ob30/ob30/bit-string-list"
    document = read(folder / "credential-status-revoked.json")
    url = document["credentialStatus"]["statusListCredential"]
    known = trust.Trust(status_lists={url: read(folder / "testlist")})
    result = verify.verify_document(document, trust=known, now=now)
    value, _ = status.read_entry(document["credentialStatus"], read(folder / "testlist"))
    state = next(check for check in result.checks if check.name == "status")
    assert (value, state.code, result.exit_code) == (1, "revoked", 1)


JOSE = {
    "credential-jose-minimal": 0,
    "credential-issuer-match-signed": 0,
    "credential-jose-unknown-extensions": 0,
    "credential-sdjwt-nested": 0,
    "credential-sdjwt-selective": 0,
    "presentation-sdjwt-selective": 0,
    "credential-jose-bad-media-type": 1,
    "credential-jose-bad-signature": 1,
    "credential-jose-vc-vp-claims": 1,
    "credential-sdjwt-bad-media-type": 1,
    "credential-sdjwt-bad-signature": 1,
    "presentation-jose-bad-credential": 1,
    "presentation-jose-bad-media-type": 1,
    "presentation-sdjwt-bad-credential": 1,
    "presentation-sdjwt-bad-media-type": 1,
    # It carries a credential in COSE form, which is not read here.
    "presentation-jose-multiple": 2,
}


@pytest.mark.parametrize("name", JOSE)
def test_an_official_jose_input_is_judged_right(vectors, read, example_contexts, now, name):
    folder = vectors / "jose-cose/input"
    issuer = "https://example.issuer/vc-jose-cose"
    held = [read(folder / f"vm-{kind}.json") for kind in ("ed25519", "p256", "p384", "p521")]
    known = trust.Trust(
        issuers={
            issuer: trust.KnownIssuer(
                issuer,
                {},
                tuple(
                    trust.TrustedKey(f"{issuer}#{item['publicKeyJwk']['kid']}", jwk=item["publicKeyJwk"])
                    for item in held
                ),
            )
        }
    )
    data = (folder / f"{name}.txt").read_bytes().strip()
    result = verify.verify(data, trust=known, now=now, contexts=example_contexts)
    assert result.exit_code == JOSE[name], [part.reasons for part in (result, *result.parts)]


def test_a_weak_rsa_key_is_refused():
    with pytest.raises(VcError) as refused:
        jose.algorithm_of({"kty": "RSA", "n": "A" * 171, "e": "AQAB"})
    assert refused.value.code == "key_length"


def test_the_official_badge_is_canonicalised_byte_for_byte(vectors, read):
    folder = vectors / "ob_v3p0/test-vectors/obv3p0"
    document = read(vectors / "inspector-ob30/ob30/simple.json")
    # The vector is the validator's sample under another issuer.
    document["issuer"] |= {"id": "https://example.edu/issuers/565049", "url": "https://www.imsglobal.org"}
    parts = integrity.hash_parts(document, document["proof"][0])
    assert parts.document.decode() == (folder / "document-canon.txt").read_text("utf-8")


def test_the_old_suite_vector_is_reproduced(vectors, read, example_contexts):
    place = vectors / "vc-di-eddsa/TestVectors/Ed25519Signature2020"
    signed = read(place / "signedEdSig.json")
    parts = integrity.hash_parts(signed, signed["proof"], example_contexts)
    assert parts.document.decode() == (place / "canonDocEdSig.txt").read_text("utf-8")
    assert parts.document_hash.hex() == (place / "docHashEdSig.txt").read_text().strip()
    assert parts.proof_hash.hex() == (place / "proofHashEdSig.txt").read_text().strip()


def test_no_sample_makes_the_verifier_raise_when_cut_short(vectors, now):
    volumes = 0
    for path in sorted((vectors / "inspector-ob30/ob30").glob("simple*.*")):
        data = path.read_bytes()
        for part in (1, 3, 7):
            result = verify.verify(data[: len(data) * part // 8], now=now)
            assert result.exit_code in (1, 2), path.name
            volumes += 1
    assert volumes > 60
