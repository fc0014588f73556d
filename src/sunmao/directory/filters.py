"""Filters by country or region and by bloc, for the desks of this room and of those above."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from sunmao.directory.fields import country_choices
from sunmao.directory.models import Bloc
from sunmao.directory.queries import bloc_countries
from sunmao.kernel import clock
from sunmao.kernel.prepared import Prepared

_blocs = Prepared(lambda: Bloc.objects.order_by("acronym").values_list("acronym", "title"))


def bloc_choices() -> list[tuple[str, str]]:
    return [(acronym, str(title)) for acronym, title in _blocs()]


def in_bloc(column: str = "country") -> Any:
    """Return a filter method: rows whose country or region belongs to the bloc today."""

    def method(rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        bloc = Bloc.objects.filter(acronym=value).first()
        return rows.filter(**{f"{column}__in": bloc_countries(bloc, clock.today())}) if bloc else rows.none()

    return method


def country_filter(column: str = "country") -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        field_name=column,
        choices=lambda: country_choices()[1:],
        label=_("country or region"),
        empty_label=_("any"),
    )


def bloc_filter(column: str = "country") -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        method=in_bloc(column), choices=bloc_choices, label=_("bloc"), empty_label=_("any")
    )
