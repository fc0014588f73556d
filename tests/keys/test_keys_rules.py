"""Keys of institutions: kept encrypted, made and ended by those who may, told to the world as DID documents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cast import organisation, sign_in, user
from django.core.exceptions import ValidationError
from django.test import Client

from sunmao.kernel import changes, clock
from sunmao.kernel.errors import NotAllowed
from sunmao.kernel.models import ChangeValues
from sunmao.keys import actions, custody, queries
from sunmao.keys.desk import KeyDesk
from sunmao.keys.models import InstitutionKey, KeyState
from sunmao.vc.encoding import multibase_encode
from sunmao.vc.keys import ED25519_PUBLIC, generate_key
from sunmao.vc.trust import Trust
from sunmao.vc.verify import verify_document

pytestmark = pytest.mark.django_db
DOCUMENT = {
    "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"],
    "credentialSubject": {"id": "urn:uuid:0198f2f0-0000-7000-8000-000000000000"},
}  # fmt: skip


def signed_by(key: InstitutionKey) -> dict[str, Any]:
    return actions.sign({**DOCUMENT, "issuer": key.controller}, key)


def verdict(document: dict[str, Any]) -> str:
    trust = Trust(issuers=queries.known_issuers(), accept_test=True)
    return str(verify_document(document, trust=trust, now=clock.now() + timedelta(seconds=1)).verdict)


def test_the_private_half_lies_encrypted_in_the_row_and_not_in_the_log():
    college = organisation("College")
    key = actions.make(college, by=user("Lin Example", ("officer", college)))
    seed = actions.private_half(key).seed
    assert key.sealed
    assert seed.hex() not in key.sealed
    told = str(list(ChangeValues.objects.values_list("values", flat=True)))
    assert key.multikey in told
    assert key.sealed not in told


def test_a_private_half_moved_to_another_row_does_not_open():
    college = organisation("College")
    lin = user("Lin Example", ("officer", college))
    one, other = actions.make(college, by=lin), actions.make(college, by=lin)
    with pytest.raises(custody.Locked):
        custody.unseal(one.sealed, other.uid)


def test_what_a_key_signed_verifies_as_its_institution():
    college = organisation("College")
    key = actions.make(college, by=user("Lin Example", ("officer", college)))
    assert verdict(signed_by(key)) == "genuine and in force"


def test_after_rotation_old_signatures_stay_good_and_the_new_key_signs():
    college = organisation("College")
    lin = user("Lin Example", ("officer", college))
    old = actions.make(college, by=lin)
    before = signed_by(old)
    new = actions.rotate(old, by=lin, why="yearly")
    old.refresh_from_db()
    assert (old.state, old.sealed) == (KeyState.RETIRED, "")
    assert queries.signing_key(college) == new
    assert verdict(before) == verdict(signed_by(new)) == "genuine and in force"


def test_a_retired_key_signs_no_more():
    college = organisation("College")
    lin = user("Lin Example", ("officer", college))
    key = actions.make(college, by=lin)
    actions.retire(key, by=lin, why="closing")
    with pytest.raises(ValidationError, match="no key"):
        actions.need_signing_key(college)


def test_a_proof_of_a_compromised_key_does_not_count_whatever_date_it_claims():
    college = organisation("College")
    lin = user("Lin Example", ("officer", college))
    key = actions.make(college, by=lin)
    document = signed_by(key)
    actions.report_compromised(key, since=clock.now(), by=lin, why="laptop stolen")
    assert verdict(document) != "genuine and in force"


def test_an_instant_that_has_not_come_cannot_be_when_a_key_was_compromised():
    college = organisation("College")
    lin = user("Lin Example", ("officer", college))
    key = actions.make(college, by=lin)
    with pytest.raises(ValidationError, match="not come"):
        actions.report_compromised(key, since=clock.now() + timedelta(hours=1), by=lin, why="?")


def test_a_point_of_low_order_is_refused_as_a_key():
    college = organisation("College")
    identity = multibase_encode(ED25519_PUBLIC + bytes([1]) + bytes(31))
    with pytest.raises(ValidationError, match="anyone could sign"):
        actions.make(college, by=user("Lin Example", ("officer", college)), multikey=identity)
    assert not InstitutionKey.objects.exists()


def test_a_key_kept_elsewhere_is_registered_but_never_signs_here():
    college = organisation("College")
    multikey = generate_key().public.multikey
    key = actions.make(college, by=user("Lin Example", ("officer", college)), multikey=multikey)
    assert not key.is_kept
    assert queries.signing_key(college) is None


def test_a_key_of_a_made_up_institution_is_a_test_key():
    college = organisation("College", demo=True)
    assert actions.make(college, by=user("Lin Example", ("officer", college))).test


@pytest.mark.parametrize("verb", ["add", "rotate", "retire", "report_compromised"])
def test_only_those_who_act_for_the_institution_touch_its_keys(verb):
    college, elsewhere = organisation("College"), organisation("Elsewhere")
    lin = user("Lin Example", ("officer", college))
    key = actions.make(college, by=lin)
    desk = KeyDesk()
    others = [user("Bob Example", ("officer", elsewhere)), user("Tea Example", ("teacher", college))]
    assert desk.may(lin, verb, key)
    assert [desk.may(other, verb, key) for other in others] == [False, False]


def test_making_a_key_needs_a_fresh_sign_in_with_a_second_factor():
    college = organisation("College")
    lin = user("Lin Example", ("officer", college), bound=False)
    with pytest.raises(NotAllowed, match="second-factor"):
        KeyDesk().write(InstitutionKey(organisation=college), by=lin)
    assert not InstitutionKey.objects.exists()


def test_an_officer_makes_and_rotates_a_key_on_the_pages():
    college = organisation("College")
    client = sign_in(Client(), user("Lin Example", ("officer", college)))
    assert client.post("/keys/add/", {"organisation": college.code, "multikey": ""}).status_code == 302
    key = InstitutionKey.objects.get()
    assert client.post(f"/keys/{key.code}/do/rotate/", {"why": "yearly"}).status_code == 302
    assert [row.state for row in InstitutionKey.objects.order_by("id")] == ["retired", "active"]
    assert changes.history(key).first().why == "yearly"


def test_the_did_document_keeps_retired_keys_and_takes_compromised_ones_out_of_service():
    college = organisation("College")
    lin = user("Lin Example", ("officer", college))
    first = actions.make(college, by=lin)
    second = actions.rotate(first, by=lin, why="yearly")
    third = actions.rotate(second, by=lin, why="yearly")
    second.refresh_from_db()
    actions.report_compromised(second, since=clock.now(), by=lin, why="backup lost")
    found = Client().get(f"/did/{college.code}/did.json").json()
    assert found["id"] == first.controller
    assert found["assertionMethod"] == [first.method, third.method]
    told = {method["id"]: ("expires" in method, "revoked" in method) for method in found["verificationMethod"]}
    assert told == {first.method: (True, False), second.method: (True, True), third.method: (False, False)}


def test_an_institution_without_keys_has_no_did_document():
    assert Client().get(f"/did/{organisation('College').code}/did.json").status_code == 404


def test_a_visitor_reads_keys_but_no_private_half():
    college = organisation("College")
    key = actions.make(college, by=user("Lin Example", ("officer", college)))
    for address in (f"/keys/{key.code}/", f"/api/keys/{key.code}/", "/keys/export.csv"):
        answer = Client().get(address)
        text = answer.content.decode() if not answer.streaming else b"".join(answer.streaming_content).decode()
        assert key.multikey in text or address.endswith("csv")
        assert key.sealed not in text
