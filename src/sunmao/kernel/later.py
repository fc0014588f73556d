"""Columns that a later version added to a record: changes logged before knew nothing of them.

A row whose last change is older than a column holds that column's default. Its state then stands in the log without the
column, so a state fits where it is the row's with all columns, or without the latest of those that are as they were added.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.apps import AppConfig
from django.db.migrations import AddField, Migration
from django.db.models import Field

from sunmao.kernel.changes import as_json, logged_fields, plain
from sunmao.kernel.models import Record


def states(record: Record) -> Iterator[dict[str, Any]]:
    """Yield what the log may hold of a record as it stands: its state now, then as earlier versions knew it."""
    state = plain(record)
    yield dict(state)
    for field, default in added(type(record)):
        if state.get(field.name, default) != default:
            return
        state.pop(field.name, None)
        yield dict(state)


@cache
def added(model: type[Record]) -> tuple[tuple[Field[Any, Any], Any], ...]:
    """Return the logged columns that migrations added to a model with what rows got there, the latest first."""
    logged = {field.name: field for field in logged_fields(model)}
    found = [
        (step.name, step.field)
        for migration in _migrations(model._meta.app_config)
        for step in migration.operations
        if isinstance(step, AddField) and step.model_name_lower == model._meta.model_name and step.name in logged
    ]
    return tuple((logged[name], as_json(logged[name], Field.get_default(field))) for name, field in reversed(found))


def _migrations(room: AppConfig) -> list[type[Migration]]:
    """Return the migrations of a room after its first, in order: their names begin with their numbers."""
    folder = f"{room.name}.migrations"
    names = sorted(found.name for found in iter_modules(import_module(folder).__path__))
    steps = [import_module(f"{folder}.{name}").Migration for name in names]
    return [step for step in steps if not step.initial]
