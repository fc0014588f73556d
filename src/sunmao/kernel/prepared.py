"""Queries that every page asks, their SQL put together once: Django does it anew each time, which costs several times
what the database takes to answer. Only the SQL is kept, never what was read. PostgreSQL also keeps its plan, of what a
connection asks again and again; so a pooler between must leave a connection to one process as long as it is open.

    held = Prepared(lambda: Membership.objects.filter(person=Given("person", models.BigIntegerField())))
    rows = held(person=7)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connections, models
from django.db.models.expressions import Expression

# rows, their compiler, what turns its columns into values, SQL and parameters
_Made = tuple[models.QuerySet[Any], Any, Any, str, Sequence[Any]]

AGAIN = 3  # times a connection asks before PostgreSQL is to keep the plan
_numbers = count(1)


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
        self._name = f"sunmao_{next(_numbers)}"
        self._asked: WeakKeyDictionary[Any, int] = WeakKeyDictionary()  # by connection

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
        values = [
            item.output_field.get_db_prep_value(given[item.name], connection) if isinstance(item, Given) else item
            for item in params
        ]
        if connection.vendor != "postgresql" or not self._is_held(connection, sql, params):
            return sql, tuple(values)
        told = tuple(value for value, item in zip(values, params, strict=True) if isinstance(item, Given))
        return f"EXECUTE {self._name}" + (f" ({', '.join(['%s'] * len(told))})" if told else ""), told

    def _is_held(self, connection: Any, sql: str, params: Sequence[Any]) -> bool:
        """True where PostgreSQL keeps the plan under our name for this connection; it does so from the third time on."""
        connection.ensure_connection()
        session = connection.connection
        asked = self._asked.get(session, 0) + 1
        if asked == AGAIN:
            from psycopg.sql import quote  # a register on SQLite never needs it

            places = count(1)
            words = [f"${next(places)}" if isinstance(item, Given) else quote(item, session) for item in params]
            with connection.wrap_database_errors:
                session.execute(f"PREPARE {self._name} AS {sql % tuple(words)}")
        self._asked[session] = asked
        return asked >= AGAIN

    def _ready(self) -> _Made:
        if self._made is None:
            rows = self._rows()
            compiler = rows.query.get_compiler(rows.db)
            sql, params = compiler.as_sql()
            converters = compiler.get_converters([column for column, *_rest in compiler.select[: compiler.col_count]])
            self._made = (rows, compiler, converters, sql, params)
        return self._made
