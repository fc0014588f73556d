"""Erasure: no name anywhere in the database, the log still whole, and that somebody was enrolled stays."""

import re
from datetime import date

import pytest
from cast import sign_in
from cohort_cast import BEGIN, END, SECOND, Scene
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import QuerySet

from sunmao.cohorts import actions, queries
from sunmao.cohorts.forgetting import forget
from sunmao.cohorts.imports import LearnerImporter
from sunmao.cohorts.models import Enrolment, Learner, Sight
from sunmao.kernel import changes, clock, doctor, erasing, sealing
from sunmao.kernel.desk import desk
from sunmao.kernel.models import Change, ChangeValues
from sunmao.kernel.sheets import Sheet
from sunmao.kernel.text import Texts
from sunmao.people.actions import invite
from sunmao.people.models import Membership, Person, Role, User
from sunmao.site.commands.trust import erase_again

pytestmark = pytest.mark.django_db
CANARIES = ("Zumradkanarik", "Канарейкина", "KNR-4711", "kanarik@example.org", "kanariktopgrade")


@pytest.fixture
def scene():
    made = Scene()
    made.row = made.enrol({"en": "Zumradkanarik", "ru": "Канарейкина"}, "KNR-4711", birth_year=1987)
    made.session(BEGIN, **{"nKNR-4711": "present"})
    actions.record_result(
        made.row, outcome=made.outcome("1.1"), passed=True, grade="kanariktopgrade", assessed_on=SECOND, by=made.aziz
    )
    actions.complete(made.row, completed_on=END, by=made.lin)
    made.learner = made.row.learner
    return made


def _text(value):
    """Return what a column holds as folded text: bytes of the index as they are, JSON's escapes undone."""
    text = bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text).casefold()


def holders_of(*words):
    """Return (table, column) of every place in the database where one of the words stands."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            quoted = connection.ops.quote_name
            cursor.execute(f"SELECT {', '.join(quoted(name) for name in columns)} FROM {quoted(table)}")
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    if any(word.casefold() in _text(value) for word in words):
                        found.add((table, column))
    return found


def test_after_erasure_no_name_number_or_grade_stands_anywhere_and_the_log_is_whole(scene):
    sealing.seal()
    assert len(holders_of(*CANARIES)) >= 4  # the scan finds what is there
    forget(scene.learner, why="asked for it", by=scene.lin)
    assert holders_of(*CANARIES) == set()
    sealing.seal()
    assert list(doctor.examine()) == []


def test_whoever_came_in_by_sheet_is_forgotten_as_wholly(scene):
    learners = desk("learners")
    importer = LearnerImporter(learners, scene.lin)
    cells = {"name_en": ["Kanariksheet", "Stays Here"], "number": ["KS-1", "KS-2"], "cohort": [scene.cohort.code] * 2}
    sheet = Sheet(cells, "class.csv", "0" * 64, numbers=[2, 3])
    importer.write(importer.check(sheet, {name: name for name in cells}), sha256=sheet.sha256, why="")
    forget(Learner.objects.get(number="KS-1"), why="asked for it", by=scene.lin)
    assert holders_of("Kanariksheet", "KS-1") == set()
    assert holders_of("Stays Here")
    assert list(doctor.examine()) == []


def test_that_somebody_was_enrolled_when_and_with_what_end_stays(scene):
    uid, before = scene.row.uid, queries.persons(by=("country", "state"))
    forget(scene.learner, why="asked for it", by=scene.lin)
    kept = Enrolment.objects.get(uid=uid)
    assert (kept.state, kept.completed_on, kept.learner.erased_on) == ("completed", END, clock.today())
    assert not kept.results.exists() and not kept.attendance.exists()
    assert queries.persons(by=("country", "state")) == before
    assert list(queries.completed(scene.cohort)) == []


def test_the_account_of_a_mere_learner_goes_too(scene):
    account = invite(
        "kanarik@example.org", Texts.of("Zumradkanarik"), scene.host, Role.LEARNER, password="a long enough phrase", by=scene.lin
    )  # fmt: skip
    scene.learner.person = account.person
    changes.save(scene.learner, by=scene.lin)
    actions.consent(scene.learner, consent_show_name=True, consent_show_results=False, by=account)
    forget(scene.learner, why="asked for it", by=scene.lin)
    assert holders_of(*CANARIES) == set()
    assert not User.objects.filter(email="kanarik@example.org").exists()
    assert Membership.objects.filter(role=Role.LEARNER).exists()
    assert list(doctor.examine()) == []


def test_an_officer_who_learns_keeps_the_account_since_what_was_signed_names_it(scene):
    scene.learner.person = scene.hanna.person
    changes.save(scene.learner, by=scene.lin)
    forget(scene.learner, why="asked for it", by=scene.lin)
    assert str(Person.objects.get(pk=scene.hanna.person_id)) == "Hanna Host"
    assert holders_of("Zumradkanarik") == set()


def test_what_was_erased_is_named_as_erased_and_found_where_it_was_not(scene):
    forget(scene.learner, why="asked for it", by=scene.lin)
    assert Change.objects.filter(deed=doctor.ERASED, record=str(scene.learner.uid)).count() == 1
    assert str(scene.learner) == "name erased"
    other = scene.enrol("Somebody Else", "9")
    ChangeValues.objects.filter(change__record=str(other.learner.uid)).delete()
    assert any("without an erasure" in finding.says for finding in doctor.examine())


def test_erasing_needs_a_fresh_sign_in_of_the_teaching_house_and_happens_once(scene, client):
    address = f"/learners/{scene.learner.key}/do/forget/"
    sign_in(client, scene.hanna)
    assert client.post(address, {"why": "asked for it"}).status_code == 403
    sign_in(client, scene.lin)
    assert client.post(address, {"why": "asked for it"}).status_code == 302
    scene.learner.refresh_from_db()
    assert scene.learner.erased_on == clock.today()
    with pytest.raises(ValidationError, match="erased already"):
        forget(scene.learner, why="again", by=scene.lin)


def test_whoever_is_erased_is_not_enrolled_again_under_the_old_record(scene):
    forget(scene.learner, why="asked for it", by=scene.lin)
    other = scene.open(title=Texts.of("Group two"), starts_on=date(2026, 9, 1), ends_on=None)
    with pytest.raises(ValidationError, match="erased"):
        changes.save(Enrolment(cohort=other, learner=scene.learner, enrolled_on=date(2026, 9, 1)), by=scene.lin)
    fresh = actions.enrol(other, name="Zumradkanarik", number="KNR-4711", by=scene.lin)
    assert fresh.learner_id != scene.learner.pk


def test_sights_outlive_the_name_without_telling_it(scene, client):
    sign_in(client, scene.lin)
    client.get(f"/learners/{scene.learner.key}/")
    forget(scene.learner, why="asked for it", by=scene.lin)
    assert Sight.objects.get().learner_uid == scene.learner.uid
    client.get(f"/learners/{scene.learner.key}/")
    assert Sight.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_whom_a_restored_backup_brings_back_is_named_by_the_doctor_and_erased_again(scene, capsys):
    """The list of the erased lies beside the database, and names nobody."""
    learner = scene.learner
    before = {name: getattr(learner, name) for name in ("name", "number", "birth_year", "erased_on")}
    forget(learner, why="asked for it", by=scene.lin)
    held = erasing.place().read_text(encoding="utf-8")
    assert str(learner.uid) in held and "Zumradkanarik" not in held and "KNR-4711" not in held
    QuerySet(Learner).filter(pk=learner.pk).update(**before)
    assert [finding.place for finding in erasing.examine()] == [f"learner {learner.uid}"]
    assert erase_again(["--as", scene.lin.email]) == 3
    assert erase_again(["--as", scene.sec.email]) == 0
    assert capsys.readouterr().out == "erased again: 1\n"
    assert not Learner.objects.get(pk=learner.pk).name and not list(erasing.examine())
