"""What one change touches in great number is listed within its deed and looked at afterwards, a portion at a time."""

import pytest
from cast import sign_in
from recognition_room import case, decided, instrument, room

from sunmao.kernel import doctor
from sunmao.recognition import actions
from sunmao.recognition.actions import later
from sunmao.recognition.models import Decision, ReviewRound, Touched
from sunmao.recognition.queries import impact
from sunmao.site.cli import main

pytestmark = pytest.mark.django_db


@pytest.fixture
def touched():
    """Two decisions for study and one for work under one act; for work another act holds as well since."""
    r = room()
    r.law = instrument(r)
    r.found = [decided(r, case(r, purpose=purpose)) for purpose in ("study", "study", "work")]
    instrument(r, title="Second act", purposes="work")
    r.before = [(row.computed, row.digest, row.result) for row in r.found]
    return r


def standings(r):
    return [(row.state, row.standing) for row in Decision.objects.filter(pk__in=[d.pk for d in r.found]).order_by("pk")]


def round_of(r):
    actions.revoke(r.law, reason="Void", from_start=True, by=r.first)
    return ReviewRound.objects.get()


def test_a_change_that_touches_many_lists_them_at_once_and_looks_at_none_yet(touched, monkeypatch):
    monkeypatch.setattr(later, "AT_ONCE", 2)
    found = round_of(touched)
    assert (found.cause, found.listed_count, found.looked_count) == (touched.law.code, 3, 0)
    assert set(Decision.objects.filter(impact.looking())) == set(touched.found)
    assert standings(touched) == [("issued", "stands")] * 3


def test_a_round_comes_to_what_looking_within_the_deed_comes_to_and_alters_no_decision(touched, monkeypatch):
    actions.revoke(touched.law, reason="Void", from_start=True, by=touched.first)
    at_once = standings(touched)
    assert at_once == [("review_due", "review due")] * 2 + [("issued", "stands on other ground")]
    touched.law.refresh_from_db()
    actions.restore(touched.law, why="Court", by=touched.first)
    assert standings(touched) == [("issued", "stands")] * 3
    monkeypatch.setattr(later, "AT_ONCE", 0)
    monkeypatch.setattr(later, "PORTION", 2)
    touched.law.refresh_from_db()
    found = round_of(touched)
    while found.finished_at is None:
        found = actions.go_on(found, by=touched.second)
    assert standings(touched) == at_once
    assert (found.looked_count, found.other_ground_count, found.review_due_count) == (3, 1, 2)
    assert not Decision.objects.filter(impact.looking()).exists()
    now = Decision.objects.filter(pk__in=[row.pk for row in touched.found]).order_by("pk")
    assert [(row.computed, row.digest, row.result) for row in now] == touched.before
    assert list(doctor.examine()) == []


def test_a_portion_that_breaks_off_leaves_nothing_and_the_round_goes_on_after_the_last_whole_one(touched, monkeypatch):
    monkeypatch.setattr(later, "AT_ONCE", 0)
    monkeypatch.setattr(later, "PORTION", 1)
    found = actions.go_on(round_of(touched), by=touched.first)
    before = standings(touched)
    with monkeypatch.context() as broken:
        broken.setattr(later, "_mark", lambda *_args, **_more: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            actions.go_on(found, by=touched.first)
    stored = ReviewRound.objects.get()
    assert (stored.looked_count, standings(touched)) == (1, before)
    assert actions.go_on(stored, by=touched.first).looked_count == 2


def test_the_command_goes_through_all_rounds(touched, monkeypatch, capsys):
    monkeypatch.setattr(later, "AT_ONCE", 0)
    found = round_of(touched)
    assert main(["review"]) == 0
    assert f"{found.listed_count} of {found.listed_count} looked at" in capsys.readouterr().out
    assert main(["review"]) == 0
    assert capsys.readouterr().out == "Nothing waits to be looked at.\n"


def test_a_decision_waiting_to_be_looked_at_says_so_until_it_was(touched, monkeypatch, client):
    monkeypatch.setattr(later, "AT_ONCE", 0)
    found = round_of(touched)
    sign_in(client, touched.second)
    row = touched.found[0]
    assert "being looked at" in client.get(f"/decisions/{row.code}/").content.decode()
    assert "being looked at" in client.get("/decisions/").content.decode()
    assert f"/review-rounds/{found.code}/" in client.get("/today/").content.decode()
    actions.review(Decision.objects.get(pk=row.pk), by=touched.second)
    page = client.get(f"/decisions/{row.code}/").content.decode()
    assert "being looked at" not in page
    assert "review is due" in page


def test_another_authority_sees_no_round_and_goes_on_with_none(touched, monkeypatch, client):
    monkeypatch.setattr(later, "AT_ONCE", 0)
    found = round_of(touched)
    sign_in(client, touched.home)
    assert client.get(f"/review-rounds/{found.code}/").status_code == 404


def test_doctor_finds_a_decision_taken_out_of_a_round(touched, monkeypatch):
    monkeypatch.setattr(later, "AT_ONCE", 0)
    found = round_of(touched)
    Touched.objects.filter(round=found)[0].delete()
    assert [finding.place for finding in impact.examine_rounds()] == [f"decisions of {found.code}"]
