"""Queries that every page asks, their SQL put together once: Django does it anew each time, which costs several times
what the database takes to answer. Only the SQL is kept, never what was read.

    held = Prepared(lambda: Membership.objects.filter(person=Given("person", models.BigIntegerField())))
    rows = held(person=7)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any

from django.db import connections, models
from django.db.models.expressions import Expression

# rows, their compiler, what turns its columns into values, SQL and parameters
_Made = tuple[models.QuerySet[Any], Any, Any, str, Sequence[Any]]


class Given(Expression):
    """Stands in a prepared query for a value that is told each time, of a column's kind."""

    def __init__(self, name: str, kind: models.Field[Any, Any]) -> None:
        super().__init__(output_field=kind)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


class Prepared:
    """A queryset, named by a function since rooms' models may not be there yet. Ask it by calling it with the values of
    its `Given`; the answer is a list of its rows."""

    def __init__(self, rows: Callable[[], models.QuerySet[Any]]) -> None:
        self._rows = rows
        self._made: _Made | None = None

    def __call__(self, **given: Any) -> list[Any]:
        rows, compiler, converters, *_sql = self._ready()
        bound = self.bound(**given)
        mine = copy(compiler)  # threads ask at once, each over its own connection
        mine.connection, mine.as_sql = connections[rows.db], lambda *_args, **_kwargs: bound
        mine.get_converters = lambda _columns: converters
        rows = rows.all()
        rows.query.get_compiler = lambda *_args, **_kwargs: mine  # type: ignore[method-assign]
        return list(rows)

    def bound(self, **given: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the SQL and its parameters."""
        rows, _compiler, _converters, sql, params = self._ready()
        connection = connections[rows.db]
        return sql, tuple(
            item.output_field.get_db_prep_value(given[item.name], connection) if isinstance(item, Given) else item
            for item in params
        )

    def _ready(self) -> _Made:
        if self._made is None:
            rows = self._rows()
            compiler = rows.query.get_compiler(rows.db)
            sql, params = compiler.as_sql()
            converters = compiler.get_converters([column for column, *_rest in compiler.select[: compiler.col_count]])
            self._made = (rows, compiler, converters, sql, params)
        return self._made
