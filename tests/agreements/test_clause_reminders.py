"""Reminding another party of a late clause: who may, when, and what those who owe it are told."""

from datetime import UTC, date, datetime

import agreement_cast
import pytest
from cast import user
from django.core.exceptions import ValidationError

from sunmao.agreements import actions, sentences
from sunmao.agreements.models import Clause
from sunmao.kernel import clock
from sunmao.kernel.desk import desk
from sunmao.site.today import turns

pytestmark = pytest.mark.django_db
LATE = datetime(2026, 10, 12, 9, tzinfo=UTC)


@pytest.fixture
def w():
    made = agreement_cast.world()
    made.clause = agreement_cast.clause(made, "Equip two rooms", "2026-09-30", made.college)
    agreement_cast.in_force(made)
    made.clause = Clause.objects.get()
    with clock.stopped_at(LATE):
        yield made


def test_a_party_reminds_who_owes_a_late_clause_and_they_find_it_first(w):
    actions.remind(w.clause, reminder="The hall waits", by=w.alisher)
    (turn,) = turns(w.lin)["late"]
    assert (turn.record, turn.due, turn.again) == (w.clause, date(2026, 9, 30), LATE.date())
    assert turn.said == "Transport University reminds you: The hall waits"
    said = sentences.where_clause(w.clause, w.lin)
    assert said.endswith("Late by 12 days. Reminded on 12 Oct 2026 by Transport University: The hall waits")


def test_the_secretariat_sees_what_others_owe_late_and_reminds_of_it(w):
    (turn,) = turns(w.sec)["others"]
    assert (turn.record, turn.then) == (w.clause, "do/remind")
    actions.remind(w.clause, by=w.sec)
    assert turns(w.lin)["late"][0].said.startswith("Secretariat reminds you")
    assert sentences.where_clause(w.clause, w.sec).endswith("Reminded on 12 Oct 2026 by the secretariat.")


def test_nobody_is_reminded_twice_on_a_day_nor_of_what_is_not_late_nor_by_who_owes_it(w):
    with pytest.raises(ValidationError, match="Your own organisation owes"):
        actions.remind(w.clause, by=w.lin)
    actions.remind(w.clause, by=w.alisher)
    with pytest.raises(ValidationError, match="reminded today"):
        actions.remind(w.clause, by=w.sec)
    with clock.stopped_at(datetime(2026, 9, 30, 9, tzinfo=UTC)), pytest.raises(ValidationError, match="not late"):
        actions.remind(w.clause, by=w.sec)


def test_a_stranger_and_an_auditor_remind_nobody_and_the_reminder_is_no_public_fact(w):
    auditor = user("Anna Example", ("auditor", w.host))
    clauses = desk("clauses")
    assert not clauses.may(w.bob, "remind", w.clause) and not clauses.may(auditor, "remind", w.clause)
    assert turns(w.bob)["others"] == [] and turns(auditor)["others"][0].then == ""
    actions.remind(w.clause, reminder="The hall waits", by=w.alisher)
    w.agreement.lateness_published = True
    assert "hall" not in sentences.where_clause(Clause.objects.get(), w.bob)
