"""One page of a list: filtered by the desk's FilterSet, sorted by an indexed column plus id, paged by keyset.

A cursor is the sort value and id of the row at the edge, so page 18,000 costs what page 1 costs. The same
`Listing` serves the page, REST, export and the command line.

Where the rights leave out no row and the filters only compare a column, the statement of page and count is the same for
all who ask so, but for the values: it is prepared once (`Shape`). Any other list is asked for anew, and its count apart.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

import django_filters
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    Expression,
    Field,
    ForeignKey,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from sunmao.kernel import search
from sunmao.kernel.desk import Desk, desk_of
from sunmao.kernel.fields import WhenField
from sunmao.kernel.prepared import Given, Prepared
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
        self._counted: int | None = None

    def all(self) -> QuerySet[Any]:
        """Return every matching row in order, without paging."""
        return _ordered(self.matching(), self.column, self.down)

    def matching(self) -> QuerySet[Any]:
        """Return every matching row, in no order. Worked out once: the page and its count ask for the same."""
        if self._matching is None:
            self._matching = self._narrowed(self.desk.rows(self.user))
        return self._matching

    @cached_property
    def asked(self) -> dict[str, Any]:
        """Return the values of the filters in force; what cannot be read is kept in `errors`."""
        found = {}
        for name, said in self.active.items():  # a whole FilterSet makes a form of all filters, in force or not
            try:
                found[name] = self.desk.filterset_class.base_filters[name].field.clean(said)
            except ValidationError as error:
                self.errors[name] = error.messages
        return found

    def _narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        for name, value in self.asked.items():
            try:
                rows = self.desk.filterset_class.base_filters[name].filter(rows, value)
            except ValidationError as error:
                self.errors[name] = error.messages
        if self.errors:
            return rows.none()
        rows = self._known(rows)
        if self.words:
            rows = rows.filter(pk__in=search.within(self.desk, self.words))
        return rows

    @cached_property
    def _is_common(self) -> bool:
        """True where the statements are the same for everybody who asks so, but for the values."""
        plain = _plain(self.desk)
        return (
            not self.words
            and all(name in plain and value not in ("", None, "null") for name, value in self.asked.items())
            and not self.errors
            and self.desk.shows_all(self.user)
        )

    def _known(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Leave out rows asked for by a record that this person does not see: what they rest on would be told."""
        for name in self.active:
            target = _named_by(self.desk, name)
            if target is not None:
                column = self.desk.filterset_class.base_filters[name].field_name.partition("__")[0]
                seen = target.policy.visible(self.user, target.all())
                rows = rows.filter(**{f"{column}__in": seen.order_by().values("pk")})
        return rows

    def page(self, lean: bool = False) -> list[Any]:
        """Return the rows of this page and set `next` and `previous` (cursors or None). Lean rows are read with no
        more columns than the desk's list shows."""
        after, before = self._cursor("after"), self._cursor("before")
        backward = before is not None and after is None
        edge = before if backward else after
        shape = Shape(self.desk, tuple(self.asked), self.column, self.down, edge is not None, backward, lean, self.size)
        value, pk = edge or (None, None)
        if self._is_common:
            found = _page_of(shape)(**self.asked, _value=value, _id=pk)
            self._counted = found[0]._counted if found else None  # told by every row of the page
        else:
            column, key = self.desk._field(self.column), self.desk.meta.pk
            found = list(_cut(self.matching(), shape, Value(value, column), Value(pk, key)))
        more = len(found) > self.size
        found = found[: self.size]
        if backward:
            found.reverse()
        self.next = self._mark(found[-1]) if found and (more or backward) else None
        self.previous = (
            self._mark(found[0]) if found and ((edge is not None and not backward) or (backward and more)) else None
        )
        return found

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
            value = found.to_python(value)
            kept = found.get_prep_value(value)  # an unknown date is kept as an empty text, and has its place
            return None if kept is None or (isinstance(kept, int) and abs(kept) >= 2**63) else (value, int(pk))
        except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error, ValidationError):
            return None

    def count(self) -> tuple[int, bool]:
        """Return (number of matching rows up to the cap, True where there are more)."""
        found = self._counted
        if found is None:
            try:
                sql, params = _Counted(self.matching()).bound(connection)
            except EmptyResultSet:
                return 0, False
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {sql}", params)
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


class Shape(NamedTuple):
    """What the statement of a page is made of: all but the values."""

    desk: Desk
    filters: tuple[str, ...]
    column: str
    down: bool
    edged: bool  # it begins at a row
    backward: bool
    lean: bool
    size: int


def _cut(rows: QuerySet[Any], shape: Shape, value: Expression, pk: Expression) -> QuerySet[Any]:
    """Return the rows of a page and one more, which tells whether others follow."""
    if shape.lean and shape.desk.lean:
        rows = rows.only(*shape.desk.lean, shape.column)
    down = shape.down != shape.backward
    if shape.edged:
        step = "lt" if down else "gt"
        # the first condition alone lets the database begin at the edge instead of reading up to it
        beyond = Q(**{f"{shape.column}__{step}": value}) | Q(**{f"id__{step}": pk})
        rows = rows.filter(Q(**{f"{shape.column}__{step}e": value}) & beyond)
    return _ordered(rows, shape.column, down)[: shape.size + 1]


def _ordered(rows: QuerySet[Any], column: str, down: bool) -> QuerySet[Any]:
    sign = "-" if down else ""
    return rows.order_by(f"{sign}{column}", f"{sign}id")


class _Counted(Expression):
    """How many rows there are, counted up to one more than the cap."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(output_field=IntegerField())
        rows = rows.order_by()
        # QuerySet.count() reads the key of every row it counts; only a row that may come twice needs one
        rows = rows.values("pk") if rows.query.distinct else rows.annotate(one=Value(1)).values("one")
        self.rows = rows[: CAP + 1]

    def bound(self, connection: Any) -> tuple[str, tuple[Any, ...]]:
        sql, params = self.rows.query.get_compiler(connection=connection).as_sql()
        return f"(SELECT COUNT(*) FROM ({sql}) counted)", tuple(params)  # noqa: S608  the ORM's own words

    def as_sql(self, _compiler: Any, connection: Any) -> tuple[str, Any]:
        return self.bound(connection)


@lru_cache(maxsize=1000)
def _page_of(shape: Shape) -> Prepared:
    desk = shape.desk
    value, pk = Given("_value", desk._field(shape.column)), Given("_id", desk.meta.pk)

    def rows() -> QuerySet[Any]:
        matching = _filtered(desk, shape.filters)
        return _cut(matching, shape, value, pk).annotate(_counted=_Counted(matching))

    return Prepared(rows)


def _filtered(desk: Desk, names: tuple[str, ...]) -> QuerySet[Any]:
    """Return all rows of the desk, narrowed by filters whose values are told later."""
    rows, plain = desk._joined.all(), _plain(desk)
    for name in names:
        rows = desk.filterset_class.base_filters[name].filter(rows, Given(name, plain[name]))
    return rows


@lru_cache(maxsize=1000)
def _plain(desk: Desk) -> dict[str, Field[Any, Any]]:
    """Return the filters that compare one column with a text or with yes and no, by name with that column."""
    found: dict[str, Field[Any, Any]] = {}
    for name, given in desk.filterset_class.base_filters.items():
        usual = type(given) in (django_filters.CharFilter, django_filters.ChoiceFilter, django_filters.BooleanFilter)
        bare = not (given.method or given.distinct or given.exclude) and given.lookup_expr == "exact"
        if not (usual and bare) or _named_by(desk, name):
            continue
        model: Any = desk.model
        for part in given.field_name.split("__"):
            column = model._meta.get_field(part)
            model = column.related_model
        if isinstance(column, CharField | TextField | BooleanField) and not isinstance(column, WhenField):
            found[name] = column
    return found


def _named_by(desk: Desk, name: str) -> Desk | None:
    """Return the desk of the records that a filter names by their code, where not everybody sees all of them."""
    column, _dot, rest = (desk.filterset_class.base_filters[name].field_name or "").partition("__")
    found = desk.meta.get_field(column) if rest == "code" else None
    target = desk_of(found.related_model) if isinstance(found, ForeignKey) else None  # type: ignore[arg-type]
    return target if target is not None and not target.policy.everyone else None


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
