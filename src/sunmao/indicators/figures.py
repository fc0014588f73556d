"""What is counted from the records of this register: one declaration per figure.

A figure counts the rows of a list under filters of that list, or how many different values they have, so that
the number and the list it opens to can never differ. Counted for whoever asks: visitors count public records.

Counted *as of* a day is only what surely was so by then; what may have been so is counted beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import Count, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from sunmao.kernel import clock
from sunmao.kernel.desk import Desk, desk_of, registry
from sunmao.kernel.listing import Listing


@dataclass(frozen=True)
class Figure:
    """One count. `takes` are the list's filters it may be narrowed by, `by` those it is broken down by.

    `on` names the list's filters for a day: what surely, and what perhaps, was so by then. `always` counts by
    the day even where none is asked for, since rows end.
    """

    key: str
    label: Any
    definition: Any
    desk: str
    takes: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    distinct: str = ""
    on: tuple[str, str] | None = None
    always: bool = False
    fixed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Counted:
    """A count as of a day: what is sure, what may be added, and the lists they open to."""

    value: int
    url: str
    unsure: int
    unsure_url: str
    as_of: date
    dated: bool  # False where another day than today was asked for and the records do not allow to count it


@dataclass(frozen=True)
class Entry:
    """One line of a breakdown."""

    code: str
    label: str
    value: int
    url: str


_PLACES = ("country", "bloc")
_ALL = (
    Figure(
        "workshops", _("Workshops on record"),
        _("Workshops, colleges and schools abroad that have a record here, each with its source."),
        "workshops", takes=("brand", "state", "kind", "building", *_PLACES), by=("brand", "state", "kind", "country", "bloc"),
        on=("surely_on", "unsure_on"),
    ),
    Figure(
        "workshop-countries", _("Countries and regions with workshops"),
        _("Different countries and regions in which a workshop on record stands."),
        "workshops", takes=("brand", "state", "kind", *_PLACES), by=("brand", "state"), distinct="country",
        on=("surely_on", "unsure_on"),
    ),
    Figure(
        "organisations", _("Organisations in the directory"),
        _("Organisations with a record here; those merged into another are not counted twice."),
        "organisations", takes=("kind", *_PLACES), by=("kind", "country", "bloc"),
    ),
    Figure(
        "alliance-members", _("Members of alliances"),
        _("Places held in alliances by members that are named here, or of which at least the country or region is named. "
          "Launchers and guiding authorities stand beside an alliance and are not counted."),
        "members", takes=("alliance", "role", *_PLACES), by=("alliance", "role", "country", "bloc"),
        on=("surely_on", "unsure_on"), always=True,
    ),
    Figure(
        "alliance-countries", _("Countries and regions of alliance members"),
        _("Different countries and regions of the members counted."),
        "members", takes=("alliance", "role", *_PLACES), by=("alliance",), distinct="country",
        on=("surely_on", "unsure_on"), always=True,
    ),
    Figure(
        "agreements", _("Agreements"),
        _("Instruments between two or more parties that are public here: read in published sources, or published by "
          "all their parties. What is only counted by its source, and not described, is not counted here."),
        "agreements", takes=("kind", "state", "event", *_PLACES), by=("state", "kind"), fixed={"described": "true"},
    ),
    Figure(
        "events", _("Events"), _("Conferences, signings, seminars, visits and other occasions with a record here."),
        "events", takes=("kind", *_PLACES), by=("kind", "country"),
    ),
    Figure(
        "commitments", _("Commitments of consensus texts"),
        _("What declarations committed to, one by one, with what became of it."),
        "commitments", takes=("state", "consensus"), by=("state",),
    ),
    Figure(
        "groups", _("Groups of learners"), _("Cohorts with a record here, by what is public of them."),
        "cohorts", takes=("kind", "state", *_PLACES), by=("kind",),
    ),
)  # fmt: skip
REGISTRY: Mapping[str, Figure] = {figure.key: figure for figure in _ALL}


def choices() -> list[tuple[str, Any]]:
    return [(figure.key, figure.label) for figure in _ALL]


def known() -> list[Figure]:
    """Return the figures whose list this register has."""
    return [figure for figure in _ALL if figure.desk in registry.by_slug]


def query_of(figure: Figure, narrowed: Mapping[str, str], *, on: str = "", day: date | None = None) -> dict[str, str]:
    """Return the filters of the list that hold what the figure counts."""
    taken = {name: str(narrowed[name]) for name in figure.takes if narrowed.get(name)}
    asked = {on: day.isoformat()} if on and day else {}
    return {**figure.fixed, **taken, **asked}


def count(figure: Figure, user: Any, narrowed: Mapping[str, str] | None = None, as_of: date | None = None) -> Counted:
    """Count for one person, as of a day (default: today)."""
    narrowed, today = narrowed or {}, clock.today()
    day = as_of or today
    desk = registry.by_slug[figure.desk]
    surely, perhaps = _queries(figure, desk, narrowed, day)
    value, url = _counted(figure, desk, user, surely)
    if perhaps is None:
        return Counted(value, url, 0, "", today, dated=day == today)
    unsure, unsure_url = _counted(figure, desk, user, perhaps, less=surely)
    return Counted(value, url, unsure, unsure_url if unsure else "", day, dated=True)


def _queries(
    figure: Figure, desk: Desk, narrowed: Mapping[str, str], day: date
) -> tuple[dict[str, str], dict[str, str] | None]:
    """Return the list's filters for what is sure, and for what may be added; None where no day is asked by."""
    names = figure.on if figure.on and set(figure.on) <= set(desk.filterset_class.base_filters) else None
    if names is None or (day == clock.today() and not figure.always):
        return query_of(figure, narrowed), None
    return query_of(figure, narrowed, on=names[0], day=day), query_of(figure, narrowed, on=names[1], day=day)


def _counted(
    figure: Figure, desk: Desk, user: Any, query: dict[str, str], less: dict[str, str] | None = None
) -> tuple[int, str]:
    rows = _rows(desk, user, query)
    if not figure.distinct:
        return rows.count(), _url(desk, query)
    values = set(rows.exclude(**{figure.distinct: ""}).values_list(figure.distinct, flat=True))
    if less is not None:
        values -= set(_rows(desk, user, less).values_list(figure.distinct, flat=True))
    return len(values), _url(desk, {**query, "sort": figure.distinct} if figure.distinct in desk.sorts() else query)


def _rows(desk: Desk, user: Any, query: dict[str, str]) -> QuerySet[Any]:
    if not desk.may(user, "see"):
        return desk.all().none()
    return Listing(desk, user, query).matching().order_by().select_related(None).prefetch_related(None)


def _url(desk: Desk, query: dict[str, str]) -> str:
    return f"/{desk.slug}/" + (f"?{urlencode(query)}" if query else "")


def breakdown(figure: Figure, name: str, user: Any, narrowed: Mapping[str, str], as_of: date) -> list[Entry]:
    """Return the figure by one of its filters, largest first; every line opens to its rows."""
    desk = registry.by_slug[figure.desk]
    found = desk.filterset_class.base_filters.get(name)
    if found is None or narrowed.get(name):
        return []
    options = found.extra.get("choices", ())
    words = {str(code): str(label) for code, label in (options() if callable(options) else options)}
    if found.method is None and found.field_name:
        entries = _grouped(figure, name, found, user, _queries(figure, desk, narrowed, as_of)[0], words)
    else:
        each = ((code, label, count(figure, user, {**narrowed, name: code}, as_of)) for code, label in words.items())
        entries = [Entry(code, label, counted.value, counted.url) for code, label, counted in each]
    return sorted((entry for entry in entries if entry.value), key=lambda entry: (-entry.value, entry.label))


def _grouped(
    figure: Figure, name: str, found: django_filters.Filter, user: Any, query: dict[str, str], words: Mapping[str, str]
) -> list[Entry]:
    """Return a breakdown by a column, in one query; rows of another desk are named as far as they may be seen."""
    desk, column = registry.by_slug[figure.desk], str(found.field_name)
    rows = _rows(desk, user, query)
    if figure.distinct:
        rows = rows.exclude(**{figure.distinct: ""})
    counts = dict(rows.values_list(column).annotate(n=Count(figure.distinct or "pk", distinct=True)))
    if not words and column.endswith("__code"):
        target = desk_of(desk.model._meta.get_field(column.removesuffix("__code")).related_model)  # type: ignore[arg-type]
        words = {row.code: str(row) for row in target.rows(user).filter(code__in=counts)} if target else {}
        counts = {code: n for code, n in counts.items() if code in words}
    return [
        Entry(str(code), words.get(str(code), str(code)), n, _url(desk, {**query, name: str(code)}))
        for code, n in counts.items() if code
    ]  # fmt: skip


def worded(value: int, upper: int | None, bound: Any) -> str:
    """Return a number as its source qualified it: over 3,000."""
    text = number_format(value, force_grouping=value >= 10_000)
    if upper is not None:
        text = now("%(low)s to %(high)s") % {"low": text, "high": number_format(upper, force_grouping=upper >= 10_000)}
    phrase = {"over": now("over %(number)s"), "about": now("about %(number)s"), "nearly": now("nearly %(number)s")}
    return phrase.get(str(bound.value), "%(number)s") % {"number": text}
