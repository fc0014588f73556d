"""Awards for one unit, and what is said to verifiers of a credential that holds as before."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from award_cast import learner, unit_award, world
from cast import sign_in
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.test import Client

from sunmao.cohorts import actions as cohorts
from sunmao.credentials import actions, trusting
from sunmao.credentials.models import AwardIssuer, CredentialState, Remark
from sunmao.kernel import changes, clock
from sunmao.vc.verify import verify

pytestmark = pytest.mark.django_db


def verdict(document: str):
    return verify(document.encode(), trust=trusting.live(), now=clock.now() + timedelta(seconds=1))


def conferred(award, made, by=None):
    return actions.confer(award, cohort=made.cohort, awarded_on=clock.today(), by=by or made.lin).credentials


def test_a_unit_is_awarded_for_its_own_outcomes_before_the_programme_is_completed():
    made = world(joint=False, learners=0)
    award = unit_award(made)
    early = learner(made.cohort, "Early Example", completed=False)
    enrolment = early.enrolments.get()
    first = made.version.outcomes.get(number="1")
    cohorts.record_result(enrolment, outcome=first, passed=True, grade="good", assessed_on=clock.today(), by=made.lin)
    learner(made.cohort, "Later Example", completed=False)
    row = conferred(award, made).get()
    subject = row.signed_document["credentialSubject"]
    assert (row.learner, len(subject["result"]), subject["achievement"]["creditsAvailable"]) == (early, 1, 5)
    assert [found["name"] for found in subject["achievement"]["resultDescription"]] == [str(first.title.best("en")[0])]


def test_revoking_a_unit_reaches_the_programme_credential_that_rests_on_it():
    made = world(joint=False, learners=2)
    award = unit_award(made)
    parts, wholes = conferred(award, made), conferred(made.award, made)
    part = parts.order_by("id").first()
    whole = wholes.get(enrolment=part.enrolment)
    actions.revoke(part, why="exchanged results", by=made.lin)
    whole.refresh_from_db()
    assert (whole.state, part.number in whole.reason, "exchanged results" in whole.reason) == ("revoked", True, True)
    assert str(verdict(whole.document).verdict) == "genuine but not in force"
    assert wholes.exclude(pk=whole.pk).get().state == CredentialState.ISSUED


def test_where_others_give_the_programme_credential_it_is_suspended_for_them_to_decide():
    made = world(joint=False, learners=1)
    award = unit_award(made)
    QuerySet(AwardIssuer).filter(award=made.award).update(organisation=made.host)
    part = conferred(award, made).get()
    whole = conferred(made.award, made, by=made.alisher).get()
    actions.revoke(part, why="exchanged results", by=made.lin)
    whole.refresh_from_db()
    assert (whole.state, str(verdict(whole.document).verdict)) == ("suspended", "genuine but not in force")


def test_replacing_a_unit_credential_leaves_the_programmes_in_force():
    made = world(joint=False, learners=1)
    award = unit_award(made)
    part, whole = conferred(award, made).get(), conferred(made.award, made).get()
    actions.supersede(part, why="misspelt", by=made.lin)
    whole.refresh_from_db()
    assert whole.state == CredentialState.ISSUED


def test_an_award_names_a_unit_of_its_own_programme_only():
    made = world(joint=False, learners=0)
    award = unit_award(made)
    from award_cast import programme

    award.programme = programme(made.college)
    with pytest.raises(ValidationError):
        changes.save(award, by=made.lin)


def test_a_remark_is_told_to_every_verifier_and_the_credential_holds():
    made = world(learners=1)
    row = made.issued()
    assert [check.code for check in verdict(row.document).checks if check.name == "message"] == ["status_clear"]
    actions.remark(row, remark=Remark.REVIEW, why="appeal of a result", by=made.alisher)
    report = verdict(row.document)
    told = [(check.code, check.params["message"]) for check in report.checks if check.name == "message"]
    assert (str(report.verdict), told) == ("genuine and in force", [("status_message", "under review")])
    client = Client()
    client.cookies["language"] = "ru"
    page = client.get(f"/v/{row.token}/").content.decode()
    assert "на рассмотрении" in page
    actions.remark(row, remark=Remark.NONE, why="settled", by=made.lin)
    assert [check.code for check in verdict(row.document).checks if check.name == "message"] == ["status_clear"]


def test_a_replaced_credential_says_that_it_was_reissued():
    made = world(joint=False, learners=1)
    row = made.issued()
    actions.supersede(row, why="misspelt name", by=made.lin)
    told = [check.params["message"] for check in verdict(row.document).checks if check.code == "status_message"]
    assert told == ["reissued"]


def test_a_remark_is_set_by_the_vc_api_too_and_no_other_value():
    made = world(joint=False, learners=1)
    row = made.issued()
    lin = sign_in(Client(), made.lin)
    for value, answered in (("0x1", 200), (2, 200), ("0x4", 422), (True, 422)):
        body = {
            "credentialId": f"urn:uuid:{row.uid}", "reason": "appeal",
            "credentialStatus": {"statusPurpose": "message", "status": value},
        }  # fmt: skip
        sent = lin.post("/api/vc/credentials/status", json.dumps(body), content_type="application/json")
        assert sent.status_code == answered, (value, sent.content)
    row.refresh_from_db()
    assert row.remark == Remark.CORRECTED
