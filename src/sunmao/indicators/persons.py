"""Counts of persons for the public: fixed tables only, as of today, cells below 5 hidden and others with them.

No filter narrows them and no other day can be asked for, so that two answers cannot be subtracted. They open to
groups, never to persons. A learner is counted once for each group he or she is in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from sunmao.cohorts.models import Cohort, CohortState, Enrolment, EnrolmentState, ParticipantKind
from sunmao.directory.fields import Country
from sunmao.directory.models import Bloc
from sunmao.directory.queries import bloc_countries
from sunmao.indicators.suppress import Lines, lines
from sunmao.kernel import clock
from sunmao.kernel.desk import registry
from sunmao.workshops.models import Brand

LISTED = "cohorts"
_LABELS = {
    "country": _("country or region"), "bloc": _("bloc"), "kind": _("kind of learner"), "brand": _("brand"),
    "field": _("field"), "year": _("year"),
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One line of a table: None is hidden. It opens to its groups."""

    label: str
    value: int | None
    url: str


@dataclass(frozen=True)
class Breakdown:
    """One fixed table: learners by one property of their groups."""

    name: str
    label: Any
    cells: list[Cell]


@dataclass(frozen=True)
class Tables:
    """All fixed tables, and their common total (None is hidden)."""

    total: int | None
    breakdowns: list[Breakdown]

    def data(self) -> dict[str, Any]:
        """Return the JSON of the tables: null is hidden."""
        by = {
            table.name: [{"label": cell.label, "value": cell.value, "groups": cell.url} for cell in table.cells]
            for table in self.breakdowns
        }
        return {"total": self.total, "by": by}

    @property
    def url(self) -> str:
        return f"/{LISTED}/"


def fixed_tables() -> Tables | None:
    """Return the fixed tables of learners, or None while no group has any.

    A table is made for each property that the list of groups can be filtered by, so that every number opens.
    """
    sizes = dict(
        Enrolment.objects.exclude(state=EnrolmentState.WITHDRAWN)
        .exclude(cohort__state=CohortState.CANCELLED)
        .values_list("cohort")
        .annotate(n=Count("pk"))
        .order_by()
    )
    if not sizes or LISTED not in registry.by_slug:
        return None
    filters = registry.by_slug[LISTED].filterset_class.base_filters
    counted = _counted(sizes)
    blocs = _blocs() if {"bloc", "country"} <= set(filters) else {}
    protected = lines(
        {name: counts for name, counts in counted.items() if name in filters},
        {("bloc", acronym): ("country", members) for acronym, (_label, members) in blocs.items()},
    )
    names = [name for name in _LABELS if name in filters]
    return Tables(protected.total, [_breakdown(name, protected, blocs) for name in names])


def _counted(sizes: Mapping[int, int]) -> dict[str, Counter[str]]:
    """Return the learners by each property; every table holds everyone, under "" where it is not stated."""
    counted: dict[str, Counter[str]] = {name: Counter() for name in _LABELS if name != "bloc"}
    rows = Cohort.objects.filter(pk__in=sizes).values_list(
        "pk", "country", "kind", "workshop__brand", "version__programme__field", "starts_on"
    )
    for pk, country, kind, brand, field, starts_on in rows:
        values = {
            "country": str(country or ""), "kind": kind, "brand": brand or "", "field": field or "",
            "year": str(starts_on.year),
        }  # fmt: skip
        for name, value in values.items():
            counted[name][value] += sizes[pk]
    return counted


def _blocs() -> dict[str, tuple[str, Collection[str]]]:
    today = clock.today()
    return {bloc.acronym: (str(bloc), bloc_countries(bloc, today)) for bloc in Bloc.objects.order_by("acronym")}


def _breakdown(name: str, protected: Lines, blocs: Mapping[str, tuple[str, Collection[str]]]) -> Breakdown:
    words = {
        "country": lambda code: Country(code).label,
        "kind": lambda code: str(ParticipantKind(code).label),
        "brand": lambda code: str(Brand(code).label),
        "bloc": lambda code: blocs[code][0],
    }
    cells = [
        Cell(
            str(words.get(name, str)(entry)) if entry else str(_("not stated")), value,
            f"/{LISTED}/?{urlencode({name: entry})}" if entry else f"/{LISTED}/",
        )
        for entry, value in protected.of(name).items()
    ]  # fmt: skip
    return Breakdown(name, _LABELS[name], sorted(cells, key=lambda cell: (-(cell.value or 0), cell.label)))
