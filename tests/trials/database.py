"""What the trials see of a database: every table whole, which statements are running, and the sockets to fail them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Q

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


def tables() -> list[str]:
    """Return every table of the models, and of the search index beside them."""
    known = set(connection.introspection.table_names())
    found = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return sorted((found | {name for name in known if name.startswith("kernel_")}) & known)


KEPT = {"django_content_type", "auth_permission"}  # made once with the tables


def empty() -> None:
    """Delete every row a test committed, in a tenth of the time of truncating each table: constraints between the
    tables are asked about at the commit only."""
    models = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    with transaction.atomic(), connection.cursor() as cursor:
        for table in sorted(models & set(tables()) - KEPT):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")


def dump() -> dict[str, list[Any]]:
    """Return the rows of every table, in an order that does not depend on where they lie."""
    found: dict[str, list[Any]] = {table: [] for table in tables()}
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        if (
            connection.vendor == "postgresql"
        ):  # all in one question, since the ways there and back take most of the time
            cursor.execute(" UNION ALL ".join(f"SELECT '{table}', t::text FROM {quote(table)} t" for table in found))
            for table, row in cursor.fetchall():
                found[table].append(row)
        else:
            for table in found:
                cursor.execute(f"SELECT * FROM {quote(table)}")
                found[table] = list(map(repr, cursor.fetchall()))
    return {table: sorted(rows) for table, rows in found.items()}


def blobs() -> set[str]:
    """Return the names of the stored files, half-written ones included."""
    return {path.name for path in (Path(settings.SUNMAO_HOME) / "files").rglob("*") if path.is_file()}


class Failing:
    """Fails the statement of one number (1 is the first), and every later one too where `on` is set; the commit where
    `at` is 0; with `courtesy` the questions by which Django asks about a constraint before the database does, whose
    errors it swallows because the constraint itself still holds. These are not numbered. Counts the others."""

    def __init__(self, at: int, *, on: bool = False, courtesy: bool = False) -> None:
        self.at, self.on, self.courtesy = at, on, courtesy
        self.asking = self.fired = False
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if self.asking:
            if self.courtesy:
                raise OperationalError("the disk is full")
            return execute(sql, params, many, context)
        self.count += 1
        if self.at and (self.count == self.at or (self.on and self.fired)):
            self.fired = True
            raise OperationalError(f"the disk is full at statement {self.count}")
        return execute(sql, params, many, context)

    @contextmanager
    def everywhere(self) -> Iterator[None]:
        """Stand between Django and the database, the commit included."""
        real = connection._commit

        def commit() -> None:
            if self.at == 0 and not self.fired:
                self.fired = True
                raise OperationalError("the disk is full at the commit")
            real()

        ask = Q.check

        def check(condition: Q, *args: Any, **kwargs: Any) -> bool:
            self.asking = True
            try:
                return ask(condition, *args, **kwargs)
            finally:
                self.asking = False

        connection._commit = commit
        try:
            with connection.execute_wrapper(self), patch.object(Q, "check", check):
                yield
        finally:
            del connection._commit
