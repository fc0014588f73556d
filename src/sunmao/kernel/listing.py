"""One page of a list: filtered by the desk's FilterSet, sorted by an indexed column plus id, paged by keyset.

A cursor is the sort value and id of the row at the edge, so page 18,000 costs what page 1 costs. The same
`Listing` serves the page, REST, export and the command line.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import Field, ForeignKey, Q, QuerySet, Value
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from sunmao.kernel import search
from sunmao.kernel.desk import Desk, desk_of
from sunmao.kernel.text import storable

PAGE = 50
CAP = 10_000
OWN = frozenset({"q", "sort", "after", "before", "view"})


class Listing:
    """The rows of a desk for one person and one query string."""

    def __init__(self, desk: Desk, user: Any, data: QueryDict | Mapping[str, str], size: int = PAGE) -> None:
        self.desk, self.user, self.data, self.size = desk, user, data, size
        wanted = data.get("sort") or desk.order[0]
        self.sort = wanted if wanted in desk.sorts() else desk.order[0]
        self.column, self.down = self.sort.removeprefix("-"), self.sort.startswith("-")
        self.errors: dict[str, list[str]] = {}
        self.active = {
            name: data.get(name, "") for name in desk.filterset_class.base_filters if data.get(name, "") != ""
        }
        self.words = (data.get("q") or "").strip()
        self._matching: QuerySet[Any] | None = None

    def all(self) -> QuerySet[Any]:
        """Return every matching row in order, without paging."""
        return self._ordered(self.matching())

    def matching(self) -> QuerySet[Any]:
        """Return every matching row, in no order. Worked out once: the page and its count ask for the same."""
        if self._matching is None:
            self._matching = self._narrowed(self.desk.rows(self.user))
        return self._matching

    def _narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        for name, said in self.active.items():  # a whole FilterSet makes a form of all filters, in force or not
            given = self.desk.filterset_class.base_filters[name]
            try:
                rows = given.filter(rows, given.field.clean(said))
            except ValidationError as error:
                self.errors[name] = error.messages
        if self.errors:
            return rows.none()
        rows = self._known(rows)
        if self.words:
            rows = rows.filter(pk__in=search.within(self.desk, self.words))
        return rows

    def _known(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Leave out rows asked for by a record that this person does not see: what they rest on would be told."""
        for name in self.active:
            column, _dot, rest = (self.desk.filterset_class.base_filters[name].field_name or "").partition("__")
            found = self.desk.meta.get_field(column) if rest == "code" else None
            target = desk_of(found.related_model) if isinstance(found, ForeignKey) else None  # type: ignore[arg-type]
            if target is not None and not target.policy.everyone:
                seen = target.policy.visible(self.user, target.all())
                rows = rows.filter(**{f"{column}__in": seen.order_by().values("pk")})
        return rows

    def _ordered(self, rows: QuerySet[Any], reverse: bool = False) -> QuerySet[Any]:
        sign = "-" if self.down != reverse else ""
        return rows.order_by(f"{sign}{self.column}", f"{sign}id")

    def page(self, lean: bool = False) -> list[Any]:
        """Return the rows of this page and set `next` and `previous` (cursors or None). Lean rows are read with no
        more columns than the desk's list shows."""
        after, before = self._cursor("after"), self._cursor("before")
        rows = self.matching()
        if lean and self.desk.lean:
            rows = rows.only(*self.desk.lean, self.column)
        backward = before is not None and after is None
        edge = before if backward else after
        if edge is not None:
            rows = rows.filter(self._beyond(edge, backward))
        found = list(self._ordered(rows, backward)[: self.size + 1])
        more = len(found) > self.size
        found = found[: self.size]
        if backward:
            found.reverse()
        self.next = self._mark(found[-1]) if found and (more or backward) else None
        self.previous = (
            self._mark(found[0]) if found and ((edge is not None and not backward) or (backward and more)) else None
        )
        return found

    def _beyond(self, edge: tuple[Any, int], backward: bool) -> Q:
        value, pk = edge
        step = "lt" if self.down != backward else "gt"
        # the first condition alone lets the database begin at the edge instead of reading up to it
        beyond = Q(**{f"{self.column}__{step}": value}) | Q(**{f"id__{step}": pk})
        return Q(**{f"{self.column}__{step}e": value}) & beyond

    def _mark(self, row: Any) -> str:
        found: Field[Any, Any] = self.desk._field(self.column)
        value = found.value_to_string(row) if found.value_from_object(row) is not None else None
        return base64.urlsafe_b64encode(json.dumps([value, row.pk], default=str).encode()).decode().rstrip("=")

    def _cursor(self, name: str) -> tuple[Any, int] | None:
        text = self.data.get(name)
        if not text:
            return None
        try:
            value, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            found = self.desk._field(self.column)
            if not storable(value) or not 0 <= pk < 2**63:
                return None
            return (found.to_python(value), int(pk))
        except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error, ValidationError):
            return None

    def count(self) -> tuple[int, bool]:
        """Return (number of matching rows up to the cap, True where there are more)."""
        rows = self.matching().order_by()
        # QuerySet.count() reads the key of every row it counts; only a row that may come twice needs one
        rows = rows.values("pk") if rows.query.distinct else rows.annotate(one=Value(1)).values("one")
        try:
            sql, params = rows[: CAP + 1].query.sql_with_params()
        except EmptyResultSet:
            return 0, False
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({sql}) counted", params)  # noqa: S608  the ORM's own words
            found = cursor.fetchone()[0]
        return min(found, CAP), found > CAP

    def count_text(self) -> str:
        found, more = self.count()
        return _("more than 10,000") if more else number_format(found, force_grouping=True)

    def query(self, **changed: str | None) -> str:
        """Return the query string with some names changed; paging starts anew unless it is what changes."""
        kept = {name: self.data.get(name, "") for name in [*self.active, "q", "sort"] if self.data.get(name)}
        kept.update({name: value for name, value in changed.items() if value})
        for name, value in changed.items():
            if not value:
                kept.pop(name, None)
        return "?" + urlencode(kept) if kept else "?"


def tell_seen(desk: Desk, user: Any, rows: Sequence[Any], names: Sequence[str], face: str) -> None:
    """Tell the desk of these rows, and the desks of the records their columns name, that a person was shown them.
    Costs nothing where no desk asks to be told."""
    if type(desk).seen is not Desk.seen and rows:
        desk.seen(user, rows, face, names)
    for name in names:
        value = desk.shown.get(name)
        column = value.field if value is not None else desk.fields.get(name)
        target = desk_of(column.related_model) if isinstance(column, ForeignKey) else None  # type: ignore[arg-type]
        if target is None or type(target).seen is Desk.seen or not rows:
            continue
        ids = {getattr(row, column.attname) for row in rows} - {None}  # type: ignore[union-attr]
        target.seen(user, list(target.policy.visible(user, target.all()).filter(pk__in=ids)), face, ())


def seen_ids(desk: Desk, user: Any, rows: list[Any], names: tuple[str, ...]) -> dict[str, set[int]]:
    """Return per foreign key the ids of the shown records that this person may see: one query each, none
    where everyone may."""
    found: dict[str, set[int]] = {}
    for name in names:
        column = desk.shown[name].field
        if not isinstance(column, ForeignKey):
            continue
        target = desk_of(column.related_model)  # type: ignore[arg-type]
        if target is None or target.policy.everyone:
            continue
        ids = {getattr(row, column.attname) for row in rows} - {None}
        visible = target.policy.visible(user, target.all()).filter(pk__in=ids).values_list("pk", flat=True)
        found[name] = set(visible)
    return found
