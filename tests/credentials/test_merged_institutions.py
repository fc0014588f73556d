"""Institutions are renamed and merged; what they signed stays verifiable, and somebody answers for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from award_cast import world
from cast import organisation, sign_in, user
from django.test import Client

from sunmao.credentials import actions, trusting
from sunmao.credentials.desk import CredentialDesk
from sunmao.directory import actions as directory
from sunmao.kernel import clock
from sunmao.kernel.desk import registry
from sunmao.kernel.text import Texts
from sunmao.keys import actions as keys
from sunmao.keys import queries as key_queries
from sunmao.keys.models import InstitutionKey
from sunmao.vc.trust import load_bundle
from sunmao.vc.verify import verify

pytestmark = pytest.mark.django_db
GOOD, GONE = "genuine and in force", "genuine but not in force"


def verdicts(document: str) -> list[str]:
    """Return what the register and a fresh bundle say."""
    soon = clock.now() + timedelta(seconds=1)
    held = load_bundle(trusting.bundle(), now=soon)
    return [str(verify(document.encode(), trust=trust, now=soon).verdict) for trust in (trusting.live(), held)]


def test_a_renamed_institution_is_shown_by_its_name_of_today_and_signed_under_that_of_then():
    made = world(joint=False, learners=1)
    row = made.issued()
    made.college.title = Texts.of(en="Maritime University")
    directory.keep(made.college, by=made.lin, why="raised to a university")
    assert verdicts(row.document) == [GOOD, GOOD]
    assert row.signed_document["issuer"]["name"] == "Shipping College"
    assert "Maritime University" in Client().get(f"/v/{row.token}/").content.decode()


@pytest.fixture
def merged():
    """A credential of the college, which then went into a university; Zhou is an officer there."""
    made = world(joint=False, learners=1)
    row = made.issued()
    university = organisation("Great University", country="CN")
    zhou = user("Zhou Example", ("officer", university))
    sec = user("Sec Example", ("secretariat", organisation("Register")))
    directory.merge(made.college, into=university, why="merged by decree", by=sec)
    row.refresh_from_db()
    return made, row, university, zhou


def test_what_a_merged_institution_signed_stays_verifiable_under_its_name(merged):
    made, row, university, _zhou = merged
    assert verdicts(row.document) == [GOOD, GOOD]
    page = Client().get(f"/v/{row.token}/").content.decode()
    assert "Shipping College" in page
    assert Client().get(f"/organisations/{university.code}/").status_code == 200
    assert f"/organisations/{university.code}/" in page
    assert Client().get(f"/did/{made.college.code}/did.json").status_code == 200


def test_the_institution_it_went_into_revokes_and_sees_what_it_issued(merged):
    made, row, _university, zhou = merged
    desk = CredentialDesk()
    assert (desk.rows(zhou).count(), desk.may(zhou, "revoke", row), desk.may(made.bob, "revoke", row)) == (
        1,
        True,
        False,
    )
    answer = sign_in(Client(), zhou).post(f"/credentials/{row.code}/do/revoke/", {"why": "mistake"})
    assert answer.status_code == 302
    assert verdicts(row.document) == [GONE, GONE]


def test_its_key_goes_on_under_its_identifier_so_that_status_lists_are_signed(merged):
    made, row, _university, zhou = merged
    key = key_queries.signing_key(made.college)
    assert registry.by_model[InstitutionKey].may(zhou, "rotate", key)
    fresh = keys.rotate(key, by=zhou, why="yearly")
    assert (fresh.controller, fresh.organisation) == (key.controller, made.college)
    actions.suspend(row, why="checking", by=zhou)
    assert verdicts(row.document) == [GONE, GONE]
