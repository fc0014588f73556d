"""The one door for writing."""

import json
import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from cast import TESTS, organisation
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection

from sunmao.directory.models import Organisation, OrganisationName
from sunmao.kernel import changes, inserting
from sunmao.kernel.models import Change, ChangeValues, Leaf, WrongDoor
from sunmao.kernel.text import Texts

pytestmark = pytest.mark.django_db


def test_a_record_cannot_be_written_past_the_door():
    made = organisation("A")
    for way in (
        made.save, made.delete, lambda: Organisation.objects.create(kind="college"),
        lambda: Organisation.objects.filter(pk=made.pk).update(city="X"), lambda: Organisation.objects.all().delete(),
        lambda: Organisation.objects.bulk_create([Organisation()]),
    ):  # fmt: skip
        with pytest.raises(WrongDoor):
            way()


def test_a_save_logs_who_what_why_and_commits_to_the_values():
    made = organisation("A")
    made.city = "Tashkent"
    changes.save(made, by=TESTS, why="read on its page")
    change = changes.history(made).first()
    assert (change.actor, change.deed, change.why) == ("test", "edit", "read on its page")
    value = change.values_held.values["city"]
    assert (value["before"], value["after"]) == ("", "Tashkent")
    assert change.commitments["city"] == changes.commit_to(value["salt"], ["city", "", "Tashkent"])
    assert change.state == changes.stand_for(change.values_held.salt, changes.plain(made))


def test_an_unchanged_save_logs_nothing():
    made = organisation("A")
    before = Change.objects.count()
    changes.save(Organisation.objects.get(pk=made.pk), by=TESTS)
    assert Change.objects.count() == before
    assert Organisation.objects.get(pk=made.pk).revision == made.revision


def test_the_second_of_two_edits_is_refused_with_both_texts():
    made = organisation("A")
    hers, his = Organisation.objects.get(pk=made.pk), Organisation.objects.get(pk=made.pk)
    hers.city = "Samarkand"
    changes.save(hers, by=TESTS)
    his.city = "Bukhara"
    with pytest.raises(changes.Stale) as refused:
        changes.save(his, by=TESTS)
    assert refused.value.theirs.city == "Samarkand"
    assert refused.value.mine.city == "Bukhara"
    assert Organisation.objects.get(pk=made.pk).city == "Samarkand"


def test_erasing_values_and_salts_leaves_the_log_and_says_nothing():
    made = organisation("A secret name")
    change = Change.objects.get(record=str(made.uid), deed="add")
    commitments = change.commitments
    ChangeValues.objects.filter(change=change).delete()
    change.refresh_from_db()
    assert change.commitments == commitments
    assert "secret" not in json.dumps(list(Change.objects.values("commitments", "why", "title")), default=str)


def test_a_failed_deed_leaves_nothing_behind():
    before = (Organisation.objects.count(), Change.objects.count())
    with pytest.raises(ValidationError), changes.together():
        organisation("A")
        organisation("B", latitude=91.0, longitude=0.0)
    assert (Organisation.objects.count(), Change.objects.count()) == before


def test_a_batch_logs_one_change_and_a_digest_per_row():
    rows = [Organisation(title=Texts.of(f"College {n}")) for n in range(3)]
    names = [OrganisationName(organisation=row, text=str(row)) for row in rows]
    change = changes.bulk([*rows, *names], by=TESTS, file_sha256="ab" * 32)
    assert (change.row_count, change.file_sha256) == (6, "ab" * 32)
    assert Leaf.objects.filter(change=change).count() == 6
    stored = Organisation.objects.get(pk=rows[1].pk)
    leaf = Leaf.objects.get(record=stored.uid)
    assert leaf.state == changes.stand_for(leaf.salt, changes.plain(stored))
    assert changes.history(stored).get() == change


def test_codes_are_given_once_and_in_order():
    codes = [organisation(f"C{n}").code for n in range(3)]
    assert len(set(codes)) == 3
    assert codes == sorted(codes)


def test_a_protected_record_is_not_deleted_and_the_refusal_names_what_rests_on_it():
    parent = organisation("Parent")
    organisation("Child of it", parent=parent)
    with pytest.raises(ValidationError, match="Child of it"):
        changes.delete(parent, by=TESTS)
    assert Organisation.objects.filter(pk=parent.pk).exists()


def test_a_deleted_record_keeps_its_history():
    made = organisation("A")
    name = made.names.get()
    changes.delete(name, by=TESTS, why="wrong")
    change = Change.objects.get(record=str(name.uid), deed="delete")
    assert change.values_held.values["text"]["before"] == "A"


WHATEVER = (
    "", "text", "12", "2026-06-01", 0, 7, -1, True, None, 1.5, Decimal("1.50"), date(2026, 6, 1),
    datetime(2026, 6, 1, 8, tzinfo=UTC), datetime(2026, 6, 1, 8, tzinfo=timezone(timedelta(hours=5))),
    uuid.UUID(int=7), {"a": [1]}, ["x"], {"en": {"text": "x"}},
)  # fmt: skip


@pytest.mark.filterwarnings("ignore:.*naive datetime")  # dates without a time are among what is tried
def test_what_many_rows_are_written_as_is_what_one_row_would_be():
    fields = [field for model in apps.get_models() for field in model._meta.local_concrete_fields]
    compared = 0
    for field in fields:
        prepare = inserting._preparer(field)
        for value in [*WHATEVER, *reversed(WHATEVER)]:
            try:
                single = field.get_db_prep_save(value, connection)
            except Exception:  # no value of this field
                continue
            many = prepare(value)
            assert (type(many), str(many)) == (type(single), str(single)), (field, value)
            compared += 1
    assert compared > 5_000


def test_rows_beyond_one_statement_keep_their_order_and_their_ids():
    rows = [Organisation(title=Texts.of(f"College {n}")) for n in range(2 * inserting.ROWS + 3)]
    changes.bulk(rows, by=TESTS)
    stored = dict(Organisation.objects.values_list("pk", "uid"))
    assert [stored[row.pk] for row in rows] == [row.uid for row in rows]
    assert len({row.code for row in rows}) == len(rows)
