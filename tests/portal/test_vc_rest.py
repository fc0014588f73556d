"""The VC-API of a running register: everybody verifies, those who may endorse and revoke, nothing ends in a 500."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cast import organisation, sign_in, user
from django.test import Client

from sunmao.credentials import trusting
from sunmao.kernel import changes, clock
from sunmao.keys import actions as keys
from sunmao.keys.models import InstitutionKey
from sunmao.vc import contexts, integrity
from sunmao.vc import keys as pure
from sunmao.vc.verify import verify, verify_document
from tests.credentials.award_cast import world

pytestmark = pytest.mark.django_db
VERIFY, SHOW = "/api/vc/credentials/verify", "/api/vc/presentations/verify"
ISSUE, STATUS = "/api/vc/credentials/issue", "/api/vc/credentials/status"


def post(path: str, document: object, client: Client | None = None) -> Any:
    body = document if isinstance(document, bytes) else json.dumps(document)
    return (client or Client()).post(path, body, content_type="application/json")


def shown(items: list[Any], **options: Any) -> dict[str, Any]:
    holder = pure.PrivateKey(bytes(range(32)))
    document = {"@context": [contexts.CREDENTIALS_V2], "type": ["VerifiablePresentation"], "holder": holder.public.did}
    document |= {"verifiableCredential": items} if items else {}
    return integrity.sign(document, holder, created=datetime.now(UTC), purpose="authentication", **options)


def endorsement(controller: str, **more: Any) -> dict[str, Any]:
    return {
        "@context": [contexts.CREDENTIALS_V2, contexts.OPEN_BADGES],
        "id": "urn:uuid:019a0000-0000-7000-8000-00000000000e",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": controller, "type": ["Profile"], "name": "A works"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "urn:uuid:019a0000-0000-7000-8000-00000000000f",
            "type": ["EndorsementSubject"],
            "endorsementComment": "We take on whoever holds it.",
        },
    } | more


def test_everybody_verifies_what_the_register_issued_and_learns_that_it_was_revoked() -> None:
    made = world()
    row = made.issued()
    good = post(VERIFY, {"verifiableCredential": row.signed_document, "options": {"checks": ["proof", "status"]}})
    assert (good.status_code, good.json()["verified"]) == (200, True)
    forged = json.loads(row.document.replace("Modern logistics", "Modern magic"))
    assert post(VERIFY, {"verifiableCredential": forged}).status_code == 400
    lin = sign_in(Client(), made.lin)
    wish = {"credentialId": f"urn:uuid:{row.uid}", "credentialStatus": {"statusPurpose": "revocation", "status": "1"}}
    assert post(STATUS, wish, lin).status_code == 422
    assert post(STATUS, wish | {"reason": "Given in error"}, lin).json()["state"] == "revoked"
    told = post(VERIFY, {"verifiableCredential": row.signed_document})
    assert (told.status_code, [problem["title"] for problem in told.json()["problemDetails"]]) == (400, ["revoked"])


def test_a_presentation_is_verified_for_whom_it_was_made() -> None:
    document = world().issued().signed_document
    made = shown([document], challenge="c1", domain="here.example")
    options = {"challenge": "c1", "domain": "here.example"}
    assert post(SHOW, {"verifiablePresentation": made, "options": options}).status_code == 200
    wrong = post(SHOW, {"verifiablePresentation": made, "options": options | {"challenge": "c2"}})
    assert (wrong.status_code, wrong.json()["problemDetails"][0]["title"]) == (400, "proof_answer")
    envelope = {"@context": contexts.CREDENTIALS_V2, "type": "EnvelopedVerifiableCredential"}
    envelopes = [envelope | {"id": f"data:application/vc+jwt,eyJ{number}"} for number in range(51)]
    many = post(SHOW, {"verifiablePresentation": shown(envelopes)})
    assert (many.status_code, many.json()["problemDetails"][0]["title"]) == (400, "json_too_many")


@pytest.mark.parametrize("path", [VERIFY, SHOW])
@pytest.mark.parametrize(
    "body",
    [b"", b"null", b'"text"', b"[]", b"{}", b"{", b"\xff", b"[" * 9999, b'{"verifiableCredential": "text"}',
     b'{"verifiableCredential": {"type": "VerifiableCredential", "proof": null}}', b'{"verifiablePresentation": [7]}'],
)  # fmt: skip
def test_a_body_that_is_no_question_is_400_with_its_reason(path: str, body: bytes) -> None:
    answer = post(path, body)
    assert (answer.status_code, bool(answer.json()["errors"])) == (400, True)


def test_an_endorsement_is_signed_for_ones_own_institution_and_noted() -> None:
    works = organisation("A works", country="UZ")
    olim = user("Olim Example", ("director", works))
    key = keys.make(works, by=olim)
    client = sign_in(Client(), olim)
    answer = post(ISSUE, {"credential": endorsement(key.controller)}, client)
    assert (answer.status_code, answer.json()["proof"][0]["verificationMethod"]) == (201, key.method)
    assert post(VERIFY, {"verifiableCredential": answer.json()}).json()["verdict"] == "genuine and in force"
    assert changes.history(InstitutionKey.objects.get(pk=key.pk)).filter(deed="endorse").count() == 1


def test_an_endorsement_is_signed_as_the_text_that_stands_under_endorsement_jwt() -> None:
    works = organisation("A works", country="UZ")
    olim = user("Olim Example", ("director", works))
    key = keys.make(works, by=olim)
    client, options = sign_in(Client(), olim), {"format": "jwt"}
    tomorrow = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    wished = endorsement(key.controller, validFrom=tomorrow)
    answer = post(ISSUE, {"credential": wished, "options": options}, client)
    media, _, token = answer.json()["id"].partition(",")
    assert (answer.status_code, media) == (201, "data:application/vc+jwt")
    moment = clock.now() + timedelta(days=2)
    assert str(verify(token.encode(), trust=trusting.live(), now=moment).verdict) == "genuine and in force"
    assert changes.history(InstitutionKey.objects.get(pk=key.pk)).filter(deed="endorse").count() == 1
    about = wished["credentialSubject"]["id"]
    college = pure.generate_key()
    held = {
        "@context": wished["@context"], "id": about, "type": ["VerifiableCredential"], "issuer": college.public.did,
        "credentialSubject": {"id": "urn:x:someone"}, "endorsementJwt": [token],
    }  # fmt: skip
    report = verify_document(integrity.sign(held, college, created=moment), trust=trusting.live(), now=moment)
    assert [(check.state, check.code) for check in report.checks if check.name == "endorsement"] == [
        ("good", "endorsed_by_known")
    ]
    for wrong, more, code in (
        ({"unheardOf": 1}, options, "term_undefined"),
        ({"validFrom": "2001-01-01T00:00:00Z"}, options, "key_not_yet"),
        ({}, {"format": "paper"}, "field_kind"),
    ):
        sent = {"credential": wished | wrong, "options": more}
        assert post(ISSUE, sent, client).json()["error"]["code"] == code


def test_only_who_may_endorse_just_signed_in_and_only_endorsements_are_signed() -> None:
    works, other = organisation("A works", country="UZ"), organisation("Another works", country="UZ")
    olim, teacher = user("Olim Example", ("director", works)), user("Tea Example", ("teacher", works))
    stranger = user("Bob Example", ("director", other))
    key = keys.make(works, by=olim)
    wish = {"credential": endorsement(key.controller)}
    assert post(ISSUE, wish).status_code in (401, 403)
    assert post(ISSUE, wish, sign_in(Client(), olim, ago=timedelta(hours=2))).status_code == 403
    assert post(ISSUE, wish, sign_in(Client(), olim, second_factor=False)).status_code == 403
    for person in (teacher, stranger):
        assert post(ISSUE, wish, sign_in(Client(), person)).json()["error"]["code"] == "issuer_not_mine"
    client = sign_in(Client(), olim)
    plain = endorsement(key.controller, type=["VerifiableCredential"])
    assert post(ISSUE, {"credential": plain}, client).json()["error"]["code"] == "kind"
    for wrong, code in (
        ({"unheardOf": 1}, "term_undefined"),
        ({"issuer": None}, "field_missing"),
        ({"credentialSubject": "text"}, "field_kind"),
    ):
        answer = post(ISSUE, {"credential": endorsement(key.controller, **wrong)}, client)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    for body in (b"", b"[]", b'{"credential": "text"}', b"\xff", {"credential": None}):
        assert post(ISSUE, body, client).status_code == 422


def test_a_status_is_set_by_those_who_may_and_nobody_learns_of_others() -> None:
    made = world()
    row = made.issued()
    wish = {"credentialId": f"urn:uuid:{row.uid}", "reason": "Being reviewed"}
    wish["credentialStatus"] = [{"statusPurpose": "suspension", "status": True}]
    assert post(STATUS, wish).status_code in (401, 403)
    assert post(STATUS, wish, sign_in(Client(), made.bob)).status_code == 404
    assert post(STATUS, wish, sign_in(Client(), made.tea)).status_code == 403
    lin = sign_in(Client(), made.lin)
    assert post(STATUS, wish, lin).json()["state"] == "suspended"
    wish["credentialStatus"] = {"statusPurpose": "suspension", "status": False}
    assert post(STATUS, wish, lin).json()["state"] == "issued"
    assert post(STATUS, wish | {"credentialId": ["x"]}, lin).status_code == 404
    wish["credentialStatus"] = {"statusPurpose": "revocation", "status": False}
    assert post(STATUS, wish, lin).status_code == 422
