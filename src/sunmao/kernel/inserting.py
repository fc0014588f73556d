"""Many new rows at once: the statement that Django's `bulk_create` would write, put together once per model.

For a class of a nation Django's compiler takes longer per row than the database. Only `changes` writes by this.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models
from django.db.backends.base.operations import BaseDatabaseOperations

ROWS = 100  # of one statement, so that the database keeps it prepared
_TEXT = {models.Field.get_prep_value, models.CharField.get_prep_value, models.TextField.get_prep_value}
_UNSEEN = object()


def insert(rows: Sequence[Any]) -> None:
    """Write new rows of one model and give them their ids. Constraints of the database hold; nothing else is asked."""
    model: Any = type(rows[0])
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    if model._meta.parents or any(row.pk is not None for row in rows) or any(map(_has_own_words, fields)):
        models.QuerySet(model).bulk_create(rows, batch_size=ROWS)
        return
    takes = [(_reader(field), _preparer(field)) for field in fields]
    values = ([prepare(read(row)) for read, prepare in takes] for row in rows)
    for row, (found,) in zip(
        rows, _write(model, fields, values, f"RETURNING {_quoted(model._meta.pk.column)}"), strict=True
    ):
        row.pk = found
        row._state.adding, row._state.db = False, connection.alias


def insert_values(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows given as values of the fields named; nothing comes back."""
    fields = [model._meta.get_field(name) for name in names]
    prepared = [_preparer(field) for field in fields]
    values = ([prepare(value) for prepare, value in zip(prepared, row, strict=True)] for row in rows)
    for _nothing in _write(model, fields, values, ""):
        pass


def _write(model: Any, fields: Sequence[Any], rows: Iterable[list[Any]], ending: str) -> Iterable[Any]:
    columns = ", ".join(_quoted(field.column) for field in fields)
    one = f"({', '.join(['%s'] * len(fields))})"
    begin = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES "  # noqa: S608  (names of our own models)
    whole = f"{begin}{', '.join([one] * ROWS)} {ending}"
    held = iter(rows)
    with connection.cursor() as cursor:
        while True:
            count, flat = 0, []
            for row in held:
                flat += row
                count += 1
                if count == ROWS:
                    break
            if not count:
                return
            cursor.execute(whole if count == ROWS else f"{begin}{', '.join([one] * count)} {ending}", flat)
            if ending:
                yield from cursor.fetchall()


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _has_own_words(field: Any) -> bool:
    """Say whether a field writes something else than a placeholder into the statement."""
    return hasattr(field, "get_placeholder")


def _reader(field: Any) -> Callable[[Any], Any]:
    if type(field).pre_save is not models.Field.pre_save:
        return lambda row: field.pre_save(row, add=True)
    name = field.attname
    if not field.is_relation:
        return lambda row: getattr(row, name)

    def related(row: Any) -> Any:
        if getattr(row, name) is None:  # it may rest on a row that got its id a moment ago
            row._prepare_related_fields_for_save(operation_name="bulk_create", fields=[field])
        return getattr(row, name)

    return related


def _preparer(field: Any) -> Callable[[Any], Any]:
    """Return what makes a field's value one of the database: as Django does, but the same value once."""
    kind, last, made = type(field), _UNSEEN, None
    same = _as_it_is(field)
    bare = (
        kind.get_db_prep_value is models.UUIDField.get_db_prep_value and not connection.features.has_native_uuid_field
    )
    days: dict[datetime.date, Any] = {}

    def prepare(value: Any) -> Any:
        nonlocal last, made
        known = type(value)
        if known is same:
            return value
        if bare and known is uuid.UUID:
            return value.hex
        if known is datetime.date:
            if value not in days:
                days[value] = field.get_db_prep_save(value, connection)
            return days[value]
        if value is not last:
            last, made = value, field.get_db_prep_save(value, connection)
        return made

    return prepare


def _as_it_is(field: Any) -> type | None:
    """Return the type whose values a field hands to the database unchanged."""
    if isinstance(field, models.ForeignKey):
        return int if isinstance(field.target_field, models.AutoField) else None
    kind = type(field)
    if kind.get_db_prep_save is not models.Field.get_db_prep_save:
        return None
    if isinstance(field, models.CharField | models.TextField):
        plain = kind.get_prep_value in _TEXT and kind.get_db_prep_value is models.Field.get_db_prep_value
        return str if plain else None
    whole = type(connection.ops).adapt_integerfield_value is BaseDatabaseOperations.adapt_integerfield_value
    if isinstance(field, models.IntegerField) and kind.get_db_prep_value is models.IntegerField.get_db_prep_value:
        return int if whole else None
    return None
