"""A column that came with a later version does not make the doctor doubt what was logged before it."""

import pytest
from cast import TESTS, organisation
from django.db import connection

from sunmao.kernel import changes, doctor, later
from sunmao.kernel.text import Texts
from sunmao.workshops.models import Partner, Workshop

pytestmark = pytest.mark.django_db
LATER = {"named_by", "confirmed_on"}


@pytest.fixture
def partner(monkeypatch):
    """A partner as it was logged before institutions confirmed their part."""
    workshop = changes.save(Workshop(title=Texts.of("A workshop")), by=TESTS)
    made = Partner(workshop=workshop, organisation=organisation("A college"))
    known = changes.logged_fields

    def earlier(model):
        return [field for field in known(model) if model is not Partner or field.name not in LATER]

    with monkeypatch.context() as then:
        then.setattr(changes, "logged_fields", earlier)
        return changes.save(made, by=TESTS)


def doubted():
    return [finding.place for finding in doctor.examine()]


def test_columns_added_later_are_known_from_the_migrations():
    assert {field.name for field, _default in later.added(Partner)} == LATER


def test_what_was_logged_before_a_column_was_added_still_fits(partner):
    assert doubted() == []


def test_a_column_added_later_and_written_past_the_door_is_found(partner):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE workshops_partner SET confirmed_on = '2026-01-01' WHERE id = %s", [partner.pk])
    assert doubted() == [f"workshops.partner {partner.key}"]
