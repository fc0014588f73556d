"""Edits, deletions and truncations past the door, by plain SQL, in every table: the doctor finds each."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from cast import TESTS, organisation
from database import dump, tables
from deed_states import BUILDERS, prepare, upload
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from surroundings import TRIALS

from sunmao.agreements.models import DeadlineFeed
from sunmao.directory.models import Organisation
from sunmao.kernel import changes, doctor, files, loss, sealing
from sunmao.kernel.desk import registry
from sunmao.kernel.doctor import OUTSIDE, OUTSIDE_COLUMNS
from sunmao.kernel.models import Change, ImportRun, Record, SavedMapping, SavedView
from sunmao.kernel.text import Texts
from sunmao.people import actions as people
from sunmao.people import tokens
from sunmao.people.models import Digest

SAMPLE = ("awards.award", "decisions.publish", "agreements.sign", "stages.sign_off", "organisations.merge")
MORE = (
    "learners.forget", "cohorts.hold_session", "appeals.hear", "instruments.revoke", "bridging-modules.offer",
    "shown-differences.withdraw", "delivery-permits.withdraw", "fulfilments.confirm", "agreements.record_signed",
    "members.accept", "commitments.keep", "items.receive", "doubts.same", "organisations.keep_apart",
    "crosswalk-rows.confirm", "keys.rotate",
)  # fmt: skip
TAMPERINGS = 24


def _fill() -> None:
    """Do deeds of every room, bring rows in as a batch, and keep what the kernel itself keeps; then seal."""
    for name in (*SAMPLE, *(MORE if TRIALS else ())):
        prepare(name, BUILDERS[name]())()
    if TRIALS:
        _fill_what_is_empty()
    changes.bulk([Organisation(title=Texts.of(f"Imported {n}"), city="Tashkent") for n in range(5)], by=TESTS)
    college = organisation("College of accounts")
    lin = people.invite(
        "lin@example.org", Texts.of("Lin Example"), college, "officer", password="a long phrase", by=TESTS
    )
    people.second_factor(lin, by=TESTS)
    tokens.make(lin.person, at=college, label="export", scope="read", expires_on=date.today() + timedelta(30), by=lin)
    kept = files.store(upload("rows.csv", b"code\n1\n")(), "rows.csv", by=lin)
    for row in (
        ImportRun(owner=lin.actor_key, desk="organisations", file=kept),
        SavedMapping(owner=lin.actor_key, desk="organisations", name="ours", columns={"code": "Code"}),
        SavedView(owner=lin.actor_key, desk="organisations", name="mine", query="country=CN"),
        DeadlineFeed(person=lin.person, digest="ab" * 32),
        Digest(person=lin.person, day=date.today(), things=["a thing"]),
    ):
        changes.save(row, by=lin)
    sealed = sealing.seal()
    sealing.witness(sealed.size, sealed.root, "a partner")


def _fill_what_is_empty() -> None:
    """Make the contract's sample of each desk whose table the deeds left empty."""
    from contract.samples import SAMPLES, build
    from contract.world import World

    world = World()
    for slug in SAMPLES:
        if slug in registry.by_slug and not registry.by_slug[slug].model._base_manager.exists():
            build(world, slug)


@pytest.fixture(scope="module")
def register(django_db_setup, django_db_blocker):
    """A filled register for this module, taken back after it; what was witnessed beside it."""
    with django_db_blocker.unblock(), transaction.atomic():
        _fill()
        yield loss.place().read_text(encoding="utf-8")
        transaction.set_rollback(True)


@pytest.fixture
def filled(register, db):
    loss.place().write_text(register, encoding="utf-8")
    loss.ask_again()
    assert list(doctor.examine()) == []
    yield
    loss.place().unlink()
    loss.ask_again()


def _covered() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.label_lower not in OUTSIDE]


def test_every_table_is_covered_or_named_with_a_reason():
    known = {model._meta.label_lower for model in apps.get_models()}
    assert set(OUTSIDE) <= known
    assert all(OUTSIDE.values())
    beside = {"kernel.counter", "kernel.change", "kernel.changevalues", "kernel.leaf", "kernel.checkpoint"}
    beside |= {"kernel.witnessed", "kernel.searchentry", "people.user", "account.emailaddress", "mfa.authenticator"}
    beside |= {"recognition.ground", "recognition.asked", "recognition.touched"}
    plain = {model._meta.label_lower for model in _covered() if not issubclass(model, Record)}
    assert plain == beside


def _other(column: Any, value: Any) -> Any:
    """Return another value of a column than the one it has, as the database takes it."""
    if isinstance(column, models.BooleanField):
        return not value
    if isinstance(column, models.JSONField):
        return '{"x": 1}'
    if isinstance(column, models.UUIDField):
        return "0" * 31 + "1"
    if isinstance(column, models.DateTimeField):
        return "2001-02-03 04:05:06"
    if isinstance(column, models.DateField):
        return "2001-02-03"
    if isinstance(column, models.ForeignKey):
        return _another_row(column, value)
    if isinstance(column, models.IntegerField | models.DecimalField | models.FloatField):
        return (value or 0) + 1
    if isinstance(column, models.BinaryField):
        return b"x"
    return f"{value or ''}x"[-(column.max_length or 60) :]


def _another_row(column: Any, value: Any) -> Any:
    rows = column.related_model._base_manager.exclude(pk=value).values_list("pk", flat=True)
    return rows.order_by("-pk").first()


def _tamperings() -> list[tuple[type[models.Model], str, Any]]:
    """Return every (model, column or "delete", key of a row), one row per column chosen by the seed."""
    chance, found = random.Random("tamper"), []
    for model in _covered():
        keys = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
        if not keys:
            continue
        found += [(model, "delete", chance.choice(keys)), (model, "delete", keys[-1])]
        left_out = OUTSIDE_COLUMNS | getattr(model, "LOGGED_OUT", frozenset())
        columns = [column for column in model._meta.concrete_fields if column.name not in left_out]
        found += [(model, column.name, chance.choice(keys)) for column in columns if not column.primary_key]
    return found if TRIALS else chance.sample(found, TAMPERINGS)


class Refused(Exception):
    """The database itself did not take it."""


def _tamper(model: type[models.Model], what: str, key: Any) -> None:
    quote = connection.ops.quote_name
    table, column = quote(model._meta.db_table), quote(model._meta.pk.column)
    stored = models.UUIDField().get_db_prep_value(key, connection) if hasattr(key, "hex") else key
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if what == "delete":
                cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [stored])
                return
            field = model._meta.get_field(what)
            value = _other(field, getattr(model._base_manager.get(pk=key), field.attname))
            if value is None:
                raise Refused
            sql = f"UPDATE {table} SET {quote(field.column)} = %s WHERE {column} = %s"
            cursor.execute(sql, [value, stored])
    except DatabaseError as error:
        raise Refused from error


def _examined() -> bool:
    """True where the doctor names something."""
    return next(doctor.examine(), None) is not None


class Records:
    """The doctor's own look at the records, one table at a time with the log read once, since no tampering with a record
    changes the log: what is found there is found by the whole examination, too, and in a hundredth of the time."""

    def __init__(self) -> None:
        self.last, self.instants = doctor._last_states(), doctor._instants()

    def tell_on(self, model: type[models.Model]) -> bool:
        own = {key: state for key, state in self.last.items() if key[0] == model._meta.label_lower}
        with (
            patch.object(doctor.apps, "get_models", lambda: [model]),
            patch.object(doctor, "_last_states", lambda: own),
            patch.object(doctor, "_instants", lambda: self.instants),
        ):
            try:
                return next(doctor._records(), None) is not None
            except Exception:  # the whole examination tells of what cannot be read
                return False


@pytest.mark.slow
def test_the_doctor_finds_every_edit_and_deletion_in_every_table(filled, record_property):
    missed, refused, found = [], 0, 0
    empty = [model._meta.label for model in _covered() if not model._base_manager.exists()]
    assert not (TRIALS and empty)
    records = Records()
    assert not any(records.tell_on(model) for model in _covered() if issubclass(model, Record))
    for model, what, key in _tamperings():
        point = transaction.savepoint()
        try:
            _tamper(model, what, key)
            try:
                seen = (issubclass(model, Record) and records.tell_on(model)) or _examined()
            except Exception as error:  # a doctor that stumbles has named nothing
                missed.append(f"{model._meta.label} {what}: {type(error).__name__} {error}")
                continue
            found += seen
            if not seen:
                missed.append(f"{model._meta.label} {what} {key}")
        except Refused:
            refused += 1
        finally:
            transaction.savepoint_rollback(point)
    rows = sum(map(len, dump().values()))
    record_property("volume", f"volume: {found} edits and deletions found in {len(tables())} tables of {rows} rows, "
                    f"{refused} refused by the database")  # fmt: skip
    assert not missed, "\n".join(missed)
    assert found > (TAMPERINGS // 2)


@pytest.mark.slow
def test_the_doctor_finds_a_log_truncated_at_any_place(filled, record_property):
    size = Change.objects.count()
    places = range(1, size) if TRIALS else random.Random("cut").sample(range(1, size), 4)
    chosen = random.Random("cuts").sample(list(places), min(len(places), 60))
    for place in chosen:
        point = transaction.savepoint()
        with connection.cursor() as cursor:
            for table in ("kernel_changevalues", "kernel_leaf"):
                cursor.execute(
                    f"DELETE FROM {table} WHERE change_id IN (SELECT id FROM kernel_change WHERE position > %s)",
                    [place],
                )
            cursor.execute("DELETE FROM kernel_change WHERE position > %s", [place])
            cursor.execute("DELETE FROM kernel_checkpoint")
            cursor.execute("DELETE FROM kernel_witnessed")
        assert _examined(), f"cut off after {place}"
        transaction.savepoint_rollback(point)
    record_property("volume", f"volume: the log of {size} entries cut off at {len(chosen)} places, found each time")
