"""What happens to a credential afterwards reaches every face; what is erased leaves the holder's file good."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from award_cast import learner, world
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.exceptions import ValidationError
from django.test import Client

from sunmao.cohorts import forgetting
from sunmao.credentials import actions, lists, queries, trusting
from sunmao.credentials.desk import CredentialDesk
from sunmao.credentials.models import Credential, CredentialState
from sunmao.kernel import changes, clock, doctor, sealing
from sunmao.kernel.models import ChangeValues, Leaf
from sunmao.kernel.text import Texts
from sunmao.keys import actions as keys
from sunmao.keys import queries as key_queries
from sunmao.vc.keys import public_from_multikey
from sunmao.vc.status import decode_bits
from sunmao.vc.trust import load_bundle
from sunmao.vc.verify import verify

pytestmark = pytest.mark.django_db


def soon():
    return clock.now() + timedelta(seconds=1)


def verdict(document: str, trust=None) -> str:
    return str(verify(document.encode(), trust=trust or trusting.live(), now=soon()).verdict)


def served_bit(credential: Credential, purpose: str) -> int:
    row = credential.status_list
    answer = Client().get(f"/status/{row.organisation.code}/{row.number}/{purpose}")
    return decode_bits(answer.json()["credentialSubject"]["encodedList"])[credential.status_index]


def test_revoking_reaches_the_status_list_at_once():
    made = world()
    row = made.issued()
    assert served_bit(row, "revocation") == 0
    actions.revoke(row, why="issued by mistake", by=made.alisher)
    assert (served_bit(row, "revocation"), verdict(row.document)) == (1, "genuine but not in force")


def test_a_suspension_can_be_ended_and_a_revocation_cannot():
    made = world(joint=False)
    row = made.issued()
    actions.suspend(row, why="checking", by=made.lin)
    assert (served_bit(row, "suspension"), verdict(row.document)) == (1, "genuine but not in force")
    actions.restore(row, why="all is well", by=made.lin)
    assert (served_bit(row, "suspension"), verdict(row.document)) == (0, "genuine and in force")
    actions.revoke(row, why="mistake", by=made.lin)
    with pytest.raises(ValidationError):
        actions.restore(row, why="sorry", by=made.lin)


@pytest.mark.parametrize("verb", ["revoke", "suspend", "restore", "supersede"])
def test_only_signers_of_an_issuing_institution_touch_a_credential(verb):
    made = world()
    row = made.issued()
    desk = CredentialDesk()
    assert [desk.may(who, verb, row) for who in (made.lin, made.alisher)] == [True, True]
    assert [desk.may(who, verb, row) for who in (made.bob, made.tea, made.auditor)] == [False] * 3


def test_a_list_is_signed_by_the_issuer_and_anew_after_its_key_was_rotated():
    made = world(joint=False)
    row = made.issued()
    key = key_queries.signing_key(made.college)
    keys.rotate(key, by=made.lin, why="yearly")
    fresh = key_queries.signing_key(made.college)
    signed = lists.signed(row.status_list, "revocation")
    assert signed["proof"][0]["verificationMethod"] == fresh.method
    assert verdict(row.document) == "genuine and in force"


def test_a_replaced_credential_names_its_successor_which_says_what_the_records_say_now():
    made = world(joint=False, learners=1)
    row = made.issued()
    person = row.learner
    person.name = Texts.of(en="Dilnoza Corrected")
    changes.save(person, by=made.lin)
    fresh = actions.supersede(row, why="misspelt name", by=made.lin)
    row.refresh_from_db()
    assert (row.state, row.superseded_by) == (CredentialState.SUPERSEDED, fresh)
    assert fresh.signed_document["credentialSubject"]["identifier"][0]["identityHash"] == "Dilnoza Corrected"
    assert [verdict(row.document), verdict(fresh.document)] == ["genuine but not in force", "genuine and in force"]


def test_erasing_leaves_number_issuer_date_status_and_digest_and_the_holders_file_verifies():
    made = world(joint=False, learners=1)
    row = made.issued()
    file, kept = row.document, (row.number, row.issuer, row.awarded_on, row.state, row.digest)
    actions.suspend(row, why="first", by=made.lin)
    actions.restore(row, why="second", by=made.lin)
    actions.forget(row, by=made.lin, why="asked by the holder")
    row.refresh_from_db()
    assert (row.learner, row.enrolment, row.document) == (None, None, "")
    assert (row.number, row.issuer, row.awarded_on, row.state, row.digest) == kept
    assert verdict(file) == "genuine and in force"
    actions.revoke(row, why="later found false", by=made.lin)
    assert verdict(file) == "genuine but not in force"


def test_erasing_leaves_no_value_of_the_learner_in_the_log_and_the_log_stays_whole():
    made = world(joint=True, learners=1)
    row = made.issued()
    sealing.seal()
    told = str(
        list(ChangeValues.objects.filter(change__kind="credentials.credential").values_list("values", flat=True))
    )
    assert "Dilnoza Example" in told
    actions.forget(row, by=made.lin, why="asked by the holder")
    told = str(
        list(ChangeValues.objects.filter(change__kind="credentials.credential").values_list("values", flat=True))
    )
    assert "Dilnoza Example" not in told
    assert set(Leaf.objects.filter(record=row.uid).values_list("salt", flat=True)) == {""}
    assert [str(found) for found in doctor.examine()] == []


def test_forgetting_a_learner_reaches_his_credentials():
    made = world(joint=False, learners=1)
    row = made.issued()
    file = row.document
    forgetting.forget(row.learner, why="asked by the holder", by=made.lin)
    row.refresh_from_db()
    assert (row.learner, row.document) == (None, "")
    assert verdict(file) == "genuine and in force"
    assert [str(found) for found in doctor.examine()] == []


def test_the_link_shows_only_what_the_holder_switched_on_until_his_day():
    made = world(joint=False, learners=1)
    row = made.issued()
    assert queries.released(row, clock.today()) == (False, False)
    until = clock.today() + timedelta(days=30)
    actions.release(row, shows_name=True, shows_results=False, shown_until=until, by=made.lin, why="letter of today")
    row = Credential.objects.get()
    assert queries.released(row, until) == (True, False)
    assert queries.released(row, until + timedelta(days=1)) == (False, False)
    actions.release(row, shows_name=False, shows_results=False, shown_until=None, by=made.lin, why="withdrawn")
    assert queries.released(Credential.objects.get(), clock.today()) == (False, False)


def test_consent_withdrawn_by_the_learner_closes_the_link():
    made = world(joint=False, learners=1)
    row = made.issued()
    actions.release(row, shows_name=True, shows_results=True, shown_until=None, by=made.lin, why="letter of today")
    person = Credential.objects.get().learner
    person.consent_show_name = False
    changes.save(person, by=made.lin)
    assert queries.released(Credential.objects.get(), clock.today()) == (False, True)


def test_after_a_theft_only_what_was_witnessed_before_it_stays_good():
    made = world(joint=False, learners=1)
    early = made.issued()
    checkpoint = sealing.seal()
    sealing.witness(checkpoint.size, checkpoint.root, "the host's mail")
    stolen_at = clock.now()
    later = clock.now() + timedelta(hours=1)
    with clock.stopped_at(later):
        learner(made.cohort, "Later Example")
        late = made.confer(by=made.wang).credentials.get()
        key = key_queries.signing_key(made.college)
        keys.report_compromised(key, since=stolen_at, by=made.lin, why="stolen")
        keys.make(made.college, by=made.lin)
    with clock.stopped_at(later + timedelta(hours=1)):
        assert verdict(early.document) == "genuine and in force"
        assert verdict(late.document) != "genuine and in force"


def test_a_proof_that_came_after_the_theft_is_not_older_for_a_text_that_was_witnessed_before():
    made = world(learners=1)
    conferral = made.confer()
    checkpoint = sealing.seal()
    sealing.witness(checkpoint.size, checkpoint.root, "the host's mail")
    stolen_at = clock.now()
    with clock.stopped_at(stolen_at + timedelta(hours=1)):
        late = actions.sign(conferral, by=made.alisher).credentials.get()
        key = key_queries.signing_key(made.host)
        keys.report_compromised(key, since=stolen_at, by=made.alisher, why="stolen")
        sealing.seal()
    with clock.stopped_at(stolen_at + timedelta(hours=2)):
        held = load_bundle(trusting.bundle(), now=soon())
        assert [verdict(late.document), verdict(late.document, held)] == ["not genuine"] * 2
        assert late.digest not in held.witnessed


def test_a_bundle_verifies_offline_and_knows_no_test_key():
    made = world()
    row = made.issued()
    actions.suspend(made.cohort.enrolments.last().credentials.get(), why="checking", by=made.lin)
    keys.make(made.college, by=made.lin, test=True)
    data = trusting.bundle()
    trust = load_bundle(data, now=soon(), signer=sealing.register_key().public.did)
    assert verdict(row.document, trust) == "genuine and in force"
    assert verdict(made.cohort.enrolments.last().credentials.get().document, trust) == "genuine but not in force"
    told = [key["multikey"] for issuer in json.loads(data)["issuers"] for key in issuer["keys"]]
    assert len(told) == 2


def test_any_changed_value_of_the_credential_is_found():
    made = world(joint=False, learners=1)
    row = made.issued()
    forged = row.document.replace("Dilnoza Example 1", "Somebody Example 1")
    assert forged != row.document
    assert verdict(forged) == "not genuine"


def test_openbadgeslib_accepts_each_proof_of_what_was_issued_and_refuses_what_was_changed():
    from openbadgeslib.errors import LibOpenBadgesException
    from openbadgeslib.ob3.ldp import verify_data_integrity_proof

    made = world(learners=1)
    document = made.issued().signed_document
    assert len(document["proof"]) == 2
    for proof, place in zip(document["proof"], (made.college, made.host), strict=True):
        pem = _pem(key_queries.signing_key(place).multikey)
        alone = {**document, "proof": proof}
        verify_data_integrity_proof(alone, pem)
        with pytest.raises(LibOpenBadgesException):
            verify_data_integrity_proof({**alone, "awardedDate": "2020-01-01T00:00:00Z"}, pem)


def _pem(multikey: str) -> bytes:
    raw = public_from_multikey(multikey).raw
    return Ed25519PublicKey.from_public_bytes(raw).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
