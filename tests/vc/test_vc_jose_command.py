"""``sunmao jose``: what it signs it opens again, under the key alone; what is wrong is a failure with its reason."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc.jwk import ECKey, OKPKey, RSAKey

from sunmao.vc import contexts, jose_command, keys, verify

MODEL = [contexts.CREDENTIALS_V2]
CREDENTIAL = {
    "@context": MODEL,
    "id": "urn:uuid:019a0000-0000-7000-8000-000000000001",
    "type": ["VerifiableCredential"],
    "issuer": "https://college.example/keys",
    "name": 'Quote " and \u202e mark, 名字, \u0001',
    "credentialSubject": {"id": "did:example:learner"},
}
KINDS = {
    "EdDSA": lambda: OKPKey.generate_key("Ed25519"),
    "ES256": lambda: ECKey.generate_key("P-256"),
    "ES384": lambda: ECKey.generate_key("P-384"),
    "RS256": lambda: RSAKey.generate_key(2048),
}


@pytest.fixture
def files(tmp_path):
    def write(name: str, value: object):
        path = tmp_path / name
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
        return path

    return write


@pytest.fixture
def jose(files, tmp_path):
    """Return a runner of the command: exit code and result."""

    def run(deed: str, document: object, key: dict, *more: str) -> tuple[int, dict]:
        words = [deed, "--input", str(files("input", document)), "--key", str(files("key", key))]
        code = jose_command.main([*words, "--output", str(tmp_path / "out.json"), *more])
        return code, json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))

    return run


def method(kind: str) -> dict:
    key = KINDS[kind]()
    site = "https://college.example/keys"
    return {"id": f"{site}#1", "controller": site, "secretKeyJwk": key.as_dict(private=True)}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_signed_is_opened_under_the_public_key_alone(jose, kind):
    held = method(kind)
    code, signed = jose("issue", CREDENTIAL, held)
    assert (code, signed["result"]) == (0, "success")
    header = json.loads(jose_command.jose.base64url_decode(signed["data"].split(".")[0]))
    assert (header["alg"], header["typ"], header["kid"]) == (kind, "vc+jwt", held["id"])
    private = {"d", "p", "q", "dp", "dq", "qi"}
    public = {name: value for name, value in held["secretKeyJwk"].items() if name not in private}
    code, opened = jose("verify", signed["data"], public)
    assert (code, opened) == (0, {"result": "success", "data": CREDENTIAL, "warnings": []})
    other = {name: value for name, value in method(kind)["secretKeyJwk"].items() if name not in private}
    assert jose("verify", signed["data"], other)[0] == 1
    assert jose("issue", CREDENTIAL, public)[1]["reason"] == "The key is not a private key whose halves agree."


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"misspelt": 1}, "misspelt"),
        ({"issuer": "https://other.example"}, "not the one that signs here"),
        ({"@context": []}, "@context"),
        ({"type": []}, "type"),
        ({"credentialSubject": None}, "credentialSubject"),
    ],
)
def test_nothing_wrong_is_signed(jose, change, reason):
    code, refused = jose("issue", CREDENTIAL | change, method("ES256"))
    assert (code, refused["result"], reason in refused["reason"]) == (1, "failure", True)


def test_a_member_that_only_a_catch_all_vocabulary_covers_is_not_signed(jose):
    document = CREDENTIAL | {"@context": [*MODEL, "https://www.w3.org/ns/credentials/examples/v2"], "huh": "what"}
    assert "huh" in jose("issue", document, method("ES256"))[1]["reason"]


def test_a_presentation_holds_enveloped_credentials_only(jose):
    held = method("EdDSA")
    token = jose("issue", CREDENTIAL, held)[1]["data"]
    envelope = {"@context": MODEL, "type": "EnvelopedVerifiableCredential", "id": f"data:application/vc+jwt,{token}"}
    shown = {"@context": MODEL, "type": ["VerifiablePresentation"], "holder": held["controller"]}
    code, signed = jose("issue", shown | {"verifiableCredential": [envelope]}, held)
    assert code == 0
    opened = jose("verify", signed["data"], held, "--feature", "presentation_jose")[1]
    assert (opened["result"], len(opened["warnings"])) == ("success", 1)
    assert jose("verify", signed["data"], held, "--feature", "credential_jose")[0] == 1
    for bad in (CREDENTIAL, envelope | {"id": "not-a-credential"}, envelope | {"type": "VerifiableCredential"}):
        assert jose("issue", shown | {"verifiableCredential": [bad]}, held)[0] == 1


def test_a_key_that_is_none_and_a_file_that_is_absent_are_failures(jose, tmp_path):
    assert jose("issue", CREDENTIAL, {"id": "x"})[1]["reason"].startswith("The key is neither")
    wrong = method("ES256")
    wrong["secretKeyJwk"]["alg"] = "RS256"
    assert "RS256" in jose("issue", CREDENTIAL, wrong)[1]["reason"]
    out = tmp_path / "o.json"
    words = ["verify", "--input", str(tmp_path / "absent"), "--key", str(tmp_path / "absent"), "--output", str(out)]
    assert (jose_command.main(words), json.loads(out.read_text("utf-8"))["result"]) == (1, "failure")


@pytest.mark.parametrize(("curve", "codec"), [(ec.SECP256R1(), b"\x80\x24"), (ec.SECP384R1(), b"\x81\x24")])
def test_an_elliptic_did_key_is_read(curve, codec):
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    secret = ec.generate_private_key(curve)
    point = secret.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    did = "did:key:" + keys.multibase_encode(codec + point)
    held = ECKey.import_key(secret).as_dict(private=True)
    token = jose_command.jose.sign_jwt(CREDENTIAL | {"issuer": did}, held, kid=f"{did}#{did.removeprefix('did:key:')}")
    assert verify.verify(token.encode()).exit_code == 3
    for bad in (codec + b"\x04" + point[1:], codec + point[:-1], codec + b"\x02" + b"\xff" * (len(point) - 1)):
        with pytest.raises(keys.VcError):
            keys.key_of_did_key("did:key:" + keys.multibase_encode(bad))


def test_a_short_rsa_key_signs_nothing(jose):
    short = RSAKey.import_key(rsa.generate_private_key(65537, 1024)).as_dict(private=True)
    assert jose("issue", CREDENTIAL, short)[0] == 1
