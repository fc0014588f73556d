"""Awards are given to those who completed, signed by those who may, once each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from award_cast import World, learner, world
from cast import user
from django.core.exceptions import ValidationError

from sunmao.credentials import actions, trusting
from sunmao.credentials.actions import conferring
from sunmao.credentials.desk import AwardDesk, ConferralDesk, CredentialDesk
from sunmao.credentials.models import Conferral, ConferralState, Credential, CredentialState, Signing
from sunmao.kernel import clock
from sunmao.kernel.errors import NotAllowed
from sunmao.kernel.pages import do
from sunmao.keys import actions as keys
from sunmao.keys import queries as key_queries
from sunmao.vc.verify import verify

pytestmark = pytest.mark.django_db


def verdict(credential: Credential) -> str:
    return str(
        verify(credential.document.encode(), trust=trusting.live(), now=clock.now() + timedelta(seconds=1)).verdict
    )


def test_an_award_of_one_institution_is_issued_at_once_and_verifies():
    made = world(joint=False)
    conferral = made.confer()
    rows = list(conferral.credentials.all())
    assert (conferral.state, len(rows)) == (ConferralState.COMPLETE, 2)
    assert {row.state for row in rows} == {CredentialState.ISSUED}
    assert [verdict(row) for row in rows] == ["genuine and in force"] * 2


def test_only_completed_enrolments_are_awarded():
    made = world(joint=False)
    learner(made.cohort, "Late Example", completed=False)
    assert made.confer().count == 2


def test_a_learner_who_has_not_completed_cannot_be_awarded():
    made = world(joint=False)
    late = learner(made.cohort, "Late Example", completed=False)
    with pytest.raises(ValidationError, match="not completed"):
        made.confer(learners=[late])
    assert not Credential.objects.exists()


def test_a_joint_award_holds_once_every_institution_has_signed():
    made = world()
    conferral = made.confer()
    row = conferral.credentials.first()
    assert (row.state, verdict(row)) == (CredentialState.AWAITING, "cannot be checked")
    assert conferral.missing == [made.host]
    actions.sign(conferral, by=made.alisher)
    row.refresh_from_db()
    assert (row.state, verdict(row)) == (CredentialState.ISSUED, "genuine and in force")
    assert len(row.signed_document["proof"]) == 2


def test_the_institutions_sign_in_any_order():
    made = world()
    conferral = made.confer(by=made.alisher)
    assert conferral.missing == [made.college]
    actions.sign(conferral, by=made.wang)
    assert verdict(conferral.credentials.first()) == "genuine and in force"


def test_nobody_else_gives_or_signs_the_award():
    made = world()
    conferral = made.confer()
    others = (made.bob, made.tea, made.auditor)
    assert [AwardDesk().may(other, "award", made.award) for other in others] == [False] * 3
    assert [ConferralDesk().may(other, "sign", conferral) for other in others] == [False] * 3
    with pytest.raises(ValidationError, match="Only an officer or director"):
        made.confer(by=made.bob)
    with pytest.raises(ValidationError, match="signed already"):
        actions.sign(conferral, by=made.bob)


def test_an_institution_signs_once():
    made = world()
    conferral = made.confer()
    with pytest.raises(ValidationError, match="signed already"):
        actions.sign(conferral, by=made.wang)
    assert [ConferralDesk().may(who, "sign", conferral) for who in (made.wang, made.alisher)] == [False, True]
    assert Signing.objects.count() == 1


def test_signing_asks_for_a_fresh_sign_in_with_a_second_factor():
    made = world()
    conferral = made.confer()
    stale = user("Olim Example", ("officer", made.host), bound=False)
    stale.second_factor = True  # given, but not within the last minutes
    desk = ConferralDesk()
    with pytest.raises(NotAllowed, match="second-factor"):
        do(desk.deed("sign"), desk, conferral, {}, by=stale)
    assert conferral.missing == [made.host]


def test_a_large_conferral_is_signed_by_a_second_person_only(monkeypatch):
    monkeypatch.setattr(conferring, "FOUR_EYES", 1)
    made = world(joint=False)
    conferral = made.confer()
    row = conferral.credentials.first()
    assert (conferral.state, row.state) == (ConferralState.PROPOSED, CredentialState.AWAITING)
    assert "proof" not in row.signed_document
    with pytest.raises(ValidationError, match="second person"):
        actions.sign(conferral, by=made.lin)
    actions.sign(conferral, by=made.wang)
    row.refresh_from_db()
    assert verdict(row) == "genuine and in force"


def test_no_signer_goes_beyond_the_quota_of_a_day(monkeypatch):
    monkeypatch.setattr(conferring, "QUOTA", 3)
    made = world(joint=False)
    made.confer()
    for number in range(2):
        learner(made.cohort, f"More Example {number}")
    with pytest.raises(ValidationError, match="3 credentials a day"):
        made.confer()
    assert made.confer(by=made.wang).count == 2


def test_after_the_deadline_nobody_signs_until_it_is_extended():
    made = world()
    conferral = made.confer()
    with clock.stopped_at(clock.now() + timedelta(days=31)):
        with pytest.raises(ValidationError, match="days to sign ended"):
            actions.sign(conferral, by=made.alisher)
        actions.extend(conferral, sign_by=clock.today() + timedelta(days=5), why="holidays", by=made.lin)
        actions.sign(conferral, by=made.alisher)
    assert Conferral.objects.get().state == ConferralState.COMPLETE


def test_a_dropped_conferral_never_counts_and_frees_the_learners():
    made = world()
    conferral = made.confer()
    actions.drop(conferral, why="wrong day", by=made.lin)
    assert {row.state for row in conferral.credentials.all()} == {CredentialState.DROPPED}
    assert made.confer().count == 2


def test_who_holds_the_award_already_is_left_out():
    made = world(joint=False)
    made.confer()
    with pytest.raises(ValidationError, match="given this award already"):
        made.confer(by=made.wang)
    learner(made.cohort, "New Example")
    assert made.confer(by=made.wang).count == 1
    assert Credential.objects.count() == 3


def test_who_lost_the_award_is_given_it_again_by_name_only():
    made = world(joint=False)
    lost = made.confer().credentials.first()
    actions.revoke(lost, why="issued by mistake", by=made.lin)
    with pytest.raises(ValidationError, match="given this award already"):
        made.confer()
    assert made.confer(learners=[lost.learner]).credentials.get().learner == lost.learner


def test_the_day_of_award_cannot_lie_ahead():
    made = world(joint=False)
    with pytest.raises(ValidationError, match="not come"):
        actions.confer(made.award, cohort=made.cohort, awarded_on=clock.today() + timedelta(days=1), by=made.lin)


def test_without_a_key_of_every_institution_nothing_is_awarded():
    made = world()
    keys.retire(key_queries.signing_key(made.host), by=made.alisher, why="moved")
    with pytest.raises(ValidationError, match="no key"):
        made.confer()
    assert not Credential.objects.exists()


def test_a_demonstration_key_marks_the_credential_and_every_verdict():
    made = world(joint=False)
    keys.retire(key_queries.signing_key(made.college), by=made.lin, why="test")
    keys.make(made.college, by=made.lin, test=True)
    row = made.confer().credentials.first()
    report = verify(row.document.encode(), trust=trusting.live(), now=clock.now() + timedelta(seconds=1))
    assert report.test
    assert row.signed_document["description"].startswith("Demonstration")


def test_the_credential_says_kind_results_both_issuers_and_registration():
    made = world(learners=1)
    person = made.cohort.enrolments.get().learner
    conferral = made.confer(registration_numbers={person.key: "UZ-2026-0001"})
    said: dict[str, Any] = conferral.credentials.get().signed_document
    subject = said["credentialSubject"]
    assert subject["achievement"]["achievementType"] == "Certificate"
    assert "does not belong to formal education" in subject["achievement"]["description"]
    assert subject["licenseNumber"] == "UZ-2026-0001"
    assert [row["value"] for row in subject["result"]] == ["excellent", "excellent"]
    assert said["nameIn"] == {"zh": "现代物流管理", "ru": "Логистика"}
    assert (said["issuer"]["name"], said["jointIssuer"][0]["name"]) == ("Shipping College", "Transport University")


def test_status_places_are_random_and_never_shared():
    made = world(joint=False, learners=12)
    places = [row.status_index for row in made.confer().credentials.order_by("id")]
    assert len(set(places)) == 12
    assert places != sorted(places)


def visible(made: World, person: Any) -> int:
    return CredentialDesk().rows(person).count()


def test_credentials_are_seen_by_the_issuing_institutions_and_auditors_with_a_second_factor():
    made = world()
    made.confer()
    plain = user("Plain Example", ("officer", made.college), bound=False)
    assert [visible(made, who) for who in (made.lin, made.wang, made.alisher, made.tea, made.auditor)] == [2] * 5
    assert [visible(made, who) for who in (made.bob, plain)] == [0, 0]


def test_a_learner_sees_his_own_credential_only():
    made = world(joint=False)
    account = user("Dilnoza Example")
    learner(made.cohort, "Dilnoza Own", person=account.person)
    made.confer()
    assert [str(row.learner) for row in CredentialDesk().rows(account)] == ["Dilnoza Own"]
