"""A fact that comes to the register later finds the decisions that asked for one like it."""

import pytest
from recognition_room import DAY, case, confirmed, decided, instrument, kept, organisation, room

from sunmao.kernel import clock
from sunmao.kernel.text import Texts
from sunmao.recognition import actions, queries
from sunmao.recognition.models import (
    Accreditation,
    BridgingModule,
    Competence,
    DeliveryPermit,
    HomeRight,
    ModuleOutcome,
    ShownDifference,
)
from sunmao.standards.models import Level, Referencing

pytestmark = pytest.mark.django_db


def taken_back(rows, by):
    for row in rows.filter(superseded_at=None):
        actions.withdraw(row, why="Wrong", by=by)


def test_a_decision_made_for_want_of_accreditation_is_due_for_review_once_it_is_recorded(r):
    instrument(r)
    taken_back(Accreditation.objects, r.first)
    found = decided(r, case(r), result="refused", reasons="Not accredited")
    elsewhere = actions.correct(Accreditation(institution=organisation("Another college")), by=r.first)
    found.refresh_from_db()
    assert found not in queries.touched_by(elsewhere)
    assert (found.state, found.reviewed_at) == ("issued", None)
    actions.correct(Accreditation(institution=r.college), by=r.first)
    found.refresh_from_db()
    assert (found.state, found.standing) == ("review_due", "review due")
    assert queries.replayed(found) == found.digest


ADDED = {
    "competence": lambda r: Competence(authority=r.uz_ministry, country="UZ"),
    "accreditation": lambda r: Accreditation(institution=r.college),
    "permit": lambda r: DeliveryPermit(institution=r.college, country="CN"),
    "right": lambda r: HomeRight(programme=r.taught, purpose="study"),
    "difference": lambda r: ShownDifference(
        target=r.target, subject="workload", authority=r.uz_ministry, reason=Texts.of("Shorter")
    ),
}


@pytest.mark.parametrize("name", ADDED)
def test_whoever_asked_for_a_fact_of_a_kind_is_touched_when_one_is_written_down(r, name):
    instrument(r)
    found = decided(r, case(r, taught_in="UZ"), result="refused", reasons="Nobody knows whether it was lawful")
    assert list(queries.touched_by(actions.correct(ADDED[name](r), by=r.first))) == [found]


def test_facts_about_others_touch_nobody(r):
    instrument(r)
    decided(r, case(r))
    other = organisation("Another college")
    for record in (
        Accreditation(institution=other), DeliveryPermit(institution=other, country="CN"),
        Competence(authority=other, country="FR"), HomeRight(programme=r.target, purpose="study"),
    ):  # fmt: skip
        assert not queries.touched_by(actions.correct(record, by=r.first)).exists()


def test_a_module_finds_the_gap_it_closes_once_it_is_offered():
    r = room(rows=2)
    instrument(r, measures="modules")
    found = decided(r, case(r), result="refused", reasons="Outcome 3 is missing")
    module = kept(BridgingModule(title=Texts.of("Bridge"), institution=r.university, country="UZ"))
    kept(ModuleOutcome(module=module, outcome=r.target.outcomes.get(number="3")))
    found.refresh_from_db()
    assert found.state == "issued"
    actions.offer(module, by=r.first)
    found.refresh_from_db()
    assert found.state == "review_due"


def test_a_level_referenced_later_finds_whoever_asked_for_it(r):
    first = Referencing.objects.get(source=r.taught.level)
    first.until_on = clock.today() - 30 * DAY
    kept(first)
    instrument(r)
    found = decided(r, case(r), result="refused", reasons="Its level is not comparable")
    common = Level.objects.filter(framework__country="").get()
    kept(Referencing(source=r.taught.level, target=common, from_on=clock.today() - 30 * DAY))
    found.refresh_from_db()
    assert found.state == "review_due"


def test_an_instrument_restored_finds_whoever_looked_for_one_while_it_was_revoked(r):
    act = instrument(r)
    actions.revoke(act, reason="Void", from_start=True, by=r.first)
    found = decided(r, case(r))
    assert found.result == "out of scope"
    act.refresh_from_db()
    actions.restore(act, why="Court", by=r.first)
    found.refresh_from_db()
    assert found.state == "review_due"


def test_a_confirmed_row_finds_whoever_missed_it():
    r = room(rows=2)
    instrument(r)
    found = decided(r, case(r), reasons="Outcome 3 is missing")
    confirmed(r, 3)
    found.refresh_from_db()
    assert found.state == "review_due"


@pytest.fixture
def r():
    return room()
