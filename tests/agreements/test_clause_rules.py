"""Clauses: what is owed, what fulfilled it, when it is late and who sees that."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from agreement_cast import approved, clause, in_force, proposed, world
from cast import refusal

from sunmao.agreements import actions, queries
from sunmao.agreements.desk import AgreementDesk, FulfilmentDesk
from sunmao.agreements.models import Agreement, Clause, Fulfilment, State
from sunmao.kernel import clock
from sunmao.kernel.text import Texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    with clock.stopped_at(datetime(2026, 11, 22, 9, tzinfo=UTC)):
        yield world()


def test_a_clause_is_kept_once_another_party_confirms(w):
    row = clause(w, "Equip", "2026-09-30", w.company)
    in_force(w)
    row = Clause.objects.get(pk=row.pk)
    actions.fulfil(row, text=Texts.of("23 items handed over"), led_to=w.agreement.code, by=w.zhao)
    told = Fulfilment.objects.get()
    assert (Clause.objects.get(pk=row.pk).state, told.state) == ("open", "claimed")
    assert refusal(actions.confirm, told, by=w.zhao) == "Another party must confirm this."
    actions.confirm(told, by=w.alisher)
    assert Clause.objects.get(pk=row.pk).state == "kept"


def test_half_of_a_promise_leaves_the_clause_open(w):
    row = Clause.objects.get(pk=clause(w, "Train six", "2026-10-31", w.college).pk)
    in_force(w)
    row = Clause.objects.get(pk=row.pk)
    actions.fulfil(row, text=Texts.of("4 of 6"), complete=False, by=w.lin)
    actions.confirm(Fulfilment.objects.get(), by=w.alisher)
    assert Clause.objects.get(pk=row.pk).state == "open"


def test_only_who_owes_a_clause_tells_what_fulfilled_it(w):
    row = clause(w, "Equip", "2026-09-30", w.company)
    in_force(w)
    row = Clause.objects.get(pk=row.pk)
    assert (
        refusal(actions.fulfil, row, text=Texts.of("done"), by=w.lin) == "Chongqing College does not owe this clause."
    )


def test_who_owes_a_clause_cannot_waive_it(w):
    row = clause(w, "Equip", "2026-09-30", w.company)
    in_force(w)
    row = Clause.objects.get(pk=row.pk)
    assert "cannot waive it" in refusal(actions.waive, row, why=Texts.of("hard"), by=w.zhao)
    actions.waive(row, why=Texts.of("no longer needed"), by=w.alisher)
    assert Clause.objects.get(pk=row.pk).state == "waived"


def test_what_fulfils_a_clause_is_a_record_the_person_may_see(w):
    row = clause(w, "Equip", "2026-09-30", w.company)
    in_force(w)
    hidden = Agreement(title=Texts.of("Hidden"), opened_by=w.college)
    actions.keep_agreement(hidden, by=w.lin)
    row = Clause.objects.get(pk=row.pk)
    for code in (hidden.code, "WS-99999"):
        said = refusal(actions.fulfil, row, text=Texts.of("done"), led_to=code, by=w.zhao)
        assert said == "There is no record under this code, or it is not yours to see."


@pytest.mark.parametrize(
    ("due", "days"),
    [("2026-11-21", 1), ("2026-11-22", 0), ("2026-10-31", 22), ("2026", 0), ("before 2026-11", 22), ("after 2020", 0)],
)
def test_a_clause_is_late_only_once_its_whole_span_has_passed(w, due, days):
    row = clause(w, "Equip", due)
    in_force(w)
    assert Clause.objects.get(pk=row.pk).days_late(date(2026, 11, 22)) == days


def test_late_is_private_to_the_parties_until_all_of_them_publish_it(w):
    clause(w, "Equip", "2026-10-31", w.company)
    in_force(w)
    for person in (w.lin, w.zhao, w.alisher):
        actions.publish(w.fresh(), by=person)
    desk = AgreementDesk()
    assert "is late" in str(desk.where(w.fresh(), w.lin))
    assert "late" not in str(desk.where(w.agreement, w.bob))
    for person in (w.lin, w.zhao, w.alisher):
        actions.publish(w.fresh(), late=True, by=person)
    assert "is late" in str(desk.where(w.fresh(), w.bob))


def test_who_told_what_was_done_is_not_offered_to_confirm_it(w):
    row = clause(w, "Equip", "2026-09-30", w.company)
    in_force(w)
    actions.fulfil(Clause.objects.get(pk=row.pk), text=Texts.of("done"), by=w.zhao)
    desk, told = FulfilmentDesk(), Fulfilment.objects.get()
    assert [desk.may(person, "confirm", told) for person in (w.zhao, w.alisher, w.bob)] == [False, True, False]


def test_a_changed_clause_is_a_changed_text(w):
    approved(w)
    before = w.digest
    row = clause(w)
    assert w.digest != before
    assert queries.open_version(w.agreement).voided == 3
    assert w.fresh().state == State.DRAFTING
    row.promise = Texts.of("Equip three rooms")
    second = w.digest
    actions.keep_part(row, w.agreement, by=w.lin)
    assert w.digest != second


def test_a_clause_saved_unchanged_leaves_the_approvals(w):
    row = clause(w)
    proposed(w)
    actions.approve(w.agreement, digest=w.digest, by=w.lin)
    actions.keep_part(Clause.objects.get(pk=row.pk), w.agreement, by=w.lin)
    assert queries.open_version(w.agreement).approvals.filter(void=False).count() == 1
