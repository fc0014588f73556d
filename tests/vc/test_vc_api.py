"""The VC-API as its callers meet it: what is signed, what is refused and why, and that nothing ends in a 500."""

import json
import socket
import ssl
import threading
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest

from sunmao.vc import contexts, integrity, jose, keys, server, status, strict_json
from sunmao.vc.issuer import TestIssuer

ADDRESS = "https://localhost:40444"


@pytest.fixture
def issuer(alice) -> TestIssuer:
    return TestIssuer(alice, ADDRESS)


@pytest.fixture
def plain(alice) -> dict:
    return {
        "@context": [contexts.CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "issuer": alice.public.did,
        "credentialSubject": {"id": "did:example:learner"},
    }


def post(issuer: TestIssuer, target: str, document: object):
    return server.route(issuer, "POST", target, json.dumps(document).encode())


def issued(issuer: TestIssuer, credential: dict, query: str = "") -> dict:
    answer = post(issuer, f"/credentials/issue{query}", {"credential": credential})
    assert answer.status == 201, answer.document
    return answer.document


def verified(issuer: TestIssuer, credential: object, **options: object):
    return post(issuer, "/credentials/verify", {"verifiableCredential": credential, "options": options})


def titles(answer) -> list[str]:
    return [problem["title"] for problem in answer.document["problemDetails"]]


@pytest.mark.parametrize("suite", ["", "eddsa-rdfc-2022", "eddsa-jcs-2022", "jose"])
def test_what_is_issued_verifies_and_a_changed_copy_does_not(issuer, plain, suite):
    signed = issued(issuer, plain, f"?suite={suite}" if suite else "")
    answer = verified(issuer, signed)
    assert (answer.status, answer.document["verified"]) == (200, True)
    assert "Nothing is known here about the issuer" in answer.document["warnings"][0]
    changed = json.loads(json.dumps(signed).replace("learner", "someone")) if suite != "jose" else dict(signed)
    if suite == "jose":
        head, body, mark = signed["id"].rsplit(".", 2)
        changed["id"] = f"{head}.{body[:-4]}AAAA.{mark}"
    assert verified(issuer, changed).status == 400


def test_the_suite_asked_for_is_the_suite_used(issuer, plain):
    made = [issued(issuer, plain, f"?suite={suite}")["proof"][0]["cryptosuite"] for suite in integrity.SUITES]
    assert made == list(integrity.SUITES)
    refused = post(issuer, "/credentials/issue?suite=rot13", {"credential": plain})
    assert (refused.status, titles(refused)) == (400, ["suite_unknown"])


def test_a_missing_issuer_is_filled_in_and_a_foreign_one_is_refused(issuer, plain):
    del plain["issuer"]
    assert issued(issuer, plain)["issuer"] == issuer.key.public.did
    refused = post(issuer, "/credentials/issue", {"credential": plain | {"issuer": "did:example:other"}})
    assert (refused.status, titles(refused)) == (400, ["issuer_not_mine"])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"unheardOf": 1}, "term_undefined"),
        ({"credentialSubject": {"unheardOf": "x"}}, "term_undefined"),
        ({"credentialSubject": {}}, "field_kind"),
        ({"credentialSubject": "did:example:learner"}, "field_kind"),
        ({"type": ["VerifiableCredential", "Unheard"]}, "address_relative"),
        ({"type": None}, "field_missing"),
        ({"issuer": None}, "field_missing"),
        ({"id": None}, "field_kind"),
        ({"name": 7}, "field_kind"),
        ({"validFrom": "yesterday"}, "date_bad"),
        ({"proof": None}, "proof_not_object"),
        ({"proof": "sealed"}, "proof_not_object"),
        ({"@context": []}, "field_kind"),
        ({"@context": [contexts.CREDENTIALS_V2, 7]}, "field_kind"),
        ({"@context": [contexts.CREDENTIALS_V2, "https://example.com/unknown"]}, "context_unknown"),
        ({"credentialStatus": {"type": "BitstringStatusListEntry", "statusListIndex": True}}, "field_missing"),
        ({"relatedResource": {"id": contexts.CREDENTIALS_V2}}, "field_kind"),
        ({"relatedResource": {"id": contexts.CREDENTIALS_V2, "digestSRI": "sha256-AAAA"}}, "resource_digest"),
    ],
)
@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "jose"])
def test_nothing_wrong_is_signed_whatever_the_suite(issuer, plain, change, reason, suite):
    refused = post(issuer, f"/credentials/issue?suite={suite}", {"credential": plain | change})
    assert (refused.status, titles(refused)) == (400, [reason])
    assert refused.document["errors"][0]


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b'"text"', b"[]", b"{}", b"{", b"\xff", b'{"credential": "text"}', b'{"a": 1, "a": 2}', b"[" * 9999,
     b'{"credential": {}, "options": 7}', b'{"verifiableCredential": "eyJ"}', b'{"verifiablePresentation": []}',
     b'{"verifiableCredential": {"proof": null}}', b'{"credentialId": []}', b'{"verifiableCredential": {"type": 7}}'],
)  # fmt: skip
@pytest.mark.parametrize(
    "target", ["/credentials/issue", "/credentials/verify", "/presentations/verify", "/credentials/status"]
)
def test_a_body_that_is_no_question_is_refused_with_its_reason(issuer, target, body):
    answer = server.route(issuer, "POST", target, body)
    assert (answer.status, answer.document["verified"], bool(answer.document["errors"][0])) == (400, False, True)


def test_a_proof_of_null_or_a_credential_of_text_never_verifies(issuer, plain):
    signed = issued(issuer, plain)
    for hostile in (signed | {"proof": None}, signed | {"proof": []}, json.dumps(signed), None, 7, [signed]):
        assert verified(issuer, hostile).status == 400
    assert "proof_missing" in titles(verified(issuer, plain))


def test_a_wrapped_credential_is_unwrapped(issuer, plain):
    assert verified(issuer, {"verifiableCredential": issued(issuer, plain)}).status == 200


def test_status_entries_say_what_the_lists_say(issuer, plain):
    signed = issued(issuer, plain, "?status=1")
    sizes = [entry.get("statusSize", 1) for entry in signed["credentialStatus"]]
    assert (sizes, verified(issuer, signed, checks=["credentialStatus"]).status) == ([1, 1, 2], 200)
    wish = {"credentialId": signed["id"], "credentialStatus": {"statusPurpose": "message", "status": "0x1"}}
    assert post(issuer, "/credentials/status", wish).status == 200
    told = verified(issuer, signed)
    assert told.status == 200
    assert any("being reviewed" in check["sentence"] for check in told.document["checks"])
    wish["credentialStatus"] = [{"statusPurpose": "revocation", "status": True}]
    assert post(issuer, "/credentials/status", wish).status == 200
    assert titles(verified(issuer, signed)) == ["revoked"]


def test_four_messages_are_given_where_the_standard_is_asked_for(issuer, plain):
    entry = issued(issuer, plain, "?status=1&messages=4")["credentialStatus"][-1]
    assert (entry["statusSize"], len(entry["statusMessage"])) == (2, 4)
    assert post(issuer, "/credentials/issue?status=1&messages=3", {"credential": plain}).status == 400


def test_a_served_status_list_is_a_signed_credential_of_full_length(issuer, plain):
    entry = issued(issuer, plain, "?status=1")["credentialStatus"][0]
    held = server.route(issuer, "GET", entry["statusListCredential"].removeprefix(ADDRESS), b"").document
    assert verified(issuer, held).status == 200
    assert len(status.decode_bits(held["credentialSubject"]["encodedList"])) == status.MIN_BITS


@pytest.mark.parametrize(
    ("wish", "reason"),
    [
        ({"credentialId": "urn:x:nobody", "credentialStatus": {}}, "credential_unknown"),
        ({"statusPurpose": "gossip"}, "status_purpose"),
        ({"statusPurpose": "revocation", "status": 2}, "status_value"),
        ({"statusPurpose": "message", "status": "0x9"}, "status_value"),
        ({"statusPurpose": "message", "status": "soon"}, "status_value"),
        ("revocation", "status_purpose"),
    ],
)
def test_a_status_that_cannot_be_set_is_refused(issuer, plain, wish, reason):
    signed = issued(issuer, plain, "?status=1")
    held = wish if "credentialId" in wish else {"credentialId": signed["id"], "credentialStatus": wish}
    refused = post(issuer, "/credentials/status", held)
    assert (refused.status, titles(refused)) == (400, [reason])


def shown(key: keys.PrivateKey, items: list, **options: object) -> dict:
    document = {"@context": [contexts.CREDENTIALS_V2], "type": ["VerifiablePresentation"], "holder": key.public.did}
    if items:
        document["verifiableCredential"] = items
    return integrity.sign(document, key, created=datetime.now(UTC), purpose="authentication", **options)


def ask(issuer: TestIssuer, presentation: object, **options: object):
    body = {"verifiablePresentation": presentation, "options": options}
    return post(issuer, "/presentations/verify", body)


def test_a_presentation_verifies_for_whom_it_was_made(issuer, plain, bob):
    made = shown(bob, [issued(issuer, plain)], challenge="c1", domain="here.example")
    assert ask(issuer, made, challenge="c1", domain="here.example").status == 200
    assert titles(ask(issuer, made, challenge="c2", domain="here.example")) == ["proof_answer"]
    assert titles(ask(issuer, made, challenge="c1", domain="there.example")) == ["proof_answer"]


def test_a_presentation_of_nothing_verifies_by_its_own_proof(issuer, bob):
    made = shown(bob, [])
    assert ask(issuer, made).status == 200
    assert titles(ask(issuer, {name: value for name, value in made.items() if name != "proof"})) == ["proof_missing"]


def test_a_presentation_is_refused_for_each_thing_wrong_with_it(issuer, plain, alice, bob):
    good = issued(issuer, plain)
    bare = {name: value for name, value in good.items() if name != "proof"}
    assert titles(ask(issuer, shown(bob, [bare]))) == ["proof_missing"]
    assert titles(ask(issuer, shown(bob, [good]) | {"holder": alice.public.did})) == ["proof_wrong"]
    assert titles(ask(issuer, shown(bob, [good, "text"]))) == ["field_kind"]
    assert titles(ask(issuer, good)) == ["type_unexpected"]
    assert titles(verified(issuer, shown(bob, [good]))) == ["type_unexpected"]
    stranger = shown(bob, [good])
    other = {name: value for name, value in stranger.items() if name != "proof"} | {"holder": alice.public.did}
    signed = integrity.sign(other, bob, created=datetime.now(UTC), purpose="authentication")
    assert titles(ask(issuer, signed)) == ["holder_did_not_sign"]


def test_a_presentation_in_a_jwt_answers_its_nonce(issuer, plain, bob):
    document = {"@context": [contexts.CREDENTIALS_V2], "type": ["VerifiablePresentation"], "holder": bob.public.did}
    document |= {"verifiableCredential": [issued(issuer, plain, "?suite=jose")], "nonce": "n1"}
    secret = keys.public_to_jwk(bob.public) | {"d": jose.base64url_encode(bob.seed)}
    token = jose.sign_jwt(document, secret, kid=bob.public.did_method, presentation=True)
    envelope = {"@context": contexts.CREDENTIALS_V2, "type": "EnvelopedVerifiablePresentation"}
    envelope["id"] = f"data:application/vp+jwt,{token}"
    assert ask(issuer, envelope, challenge="n1").status == 200
    assert titles(ask(issuer, envelope, challenge="n2")) == ["proof_answer"]


def test_an_envelope_needs_its_own_context(issuer, plain):
    signed = issued(issuer, plain, "?suite=jose")
    for wrong in ([], "https://www.w3.org/ns/credentials/examples/v2"):
        assert verified(issuer, signed | {"@context": wrong}).status == 400


def test_a_time_without_a_zone_and_a_proof_from_yesterday(issuer, plain, alice):
    yesterday = datetime.now(UTC) - timedelta(days=1)
    ended = integrity.sign(plain, alice, created=yesterday, expires=yesterday + timedelta(hours=1))
    assert titles(verified(issuer, ended)) == ["proof_expired"]


@pytest.fixture
def served(alice):
    made = server.make_server("127.0.0.1", 0, lambda address: TestIssuer(alice, address))
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def over_https(served, method: str, path: str, body: bytes | None = None) -> tuple[int, dict]:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    request = urllib.request.Request(served.address + path, data=body, method=method)
    try:
        with urllib.request.urlopen(request, context=trusting, timeout=20) as said:
            return said.status, json.loads(said.read())
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())


def test_the_server_speaks_https_and_never_answers_500(served, plain):
    code, signed = over_https(served, "POST", "/credentials/issue?status=1", json.dumps({"credential": plain}).encode())
    assert (code, over_https(served, "GET", "/status/revocation")[0]) == (201, 200)
    assert signed["credentialStatus"][0]["statusListCredential"] == f"{served.address}/status/revocation"
    body = json.dumps({"verifiableCredential": signed}).encode()
    assert over_https(served, "POST", "/credentials/verify", body)[0] == 200
    assert over_https(served, "POST", "/elsewhere", b"{}")[0] == 404
    assert over_https(served, "PUT", "/credentials/issue", b"{}")[0] == 405
    assert over_https(served, "POST", "/credentials/verify", b"not json")[0] == 400
    assert over_https(served, "POST", "/credentials/verify", b"x" * (strict_json.MAX_BYTES + 1))[0] == 400
    assert over_https(served, "BREW", "/credentials/issue")[0] == 405


def test_a_silent_caller_holds_up_nobody(served):
    with socket.create_connection(served.server_address[:2]):
        assert over_https(served, "GET", "/status/message")[0] == 200
