"""The same list as a plain Django page, and with django-tables2 and django-filter: what one would write without the
kernel. Both use the product's rule of visibility, its frame, menu and words."""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2
from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from sunmao.directory.fields import country_choices
from sunmao.kernel.desk import registry
from sunmao.site.urls import handler404, handler500
from sunmao.site.urls import urlpatterns as product

SIZE = 50


class OrganisationFilterForm(forms.Form):
    q = forms.CharField(required=False)
    country = forms.ChoiceField(required=False, choices=country_choices)
    kind = forms.ChoiceField(
        required=False, choices=[("", "any"), ("college", "college"), ("university", "university")]
    )


class EnrolmentFilterForm(forms.Form):
    q = forms.CharField(required=False)
    state = forms.ChoiceField(
        required=False, choices=[("", "any"), ("enrolled", "enrolled"), ("completed", "completed")]
    )


FORMS: dict[str, type[forms.Form]] = {"organisations": OrganisationFilterForm, "enrolments": EnrolmentFilterForm}


def _rows(request: HttpRequest, slug: str) -> tuple[Any, Any]:
    """Return the desk and this page's rows: visible, filtered, keyset-paged."""
    desk = registry.by_slug[slug]
    rows = desk.policy.visible(request.user, desk.all())
    if slug == "enrolments":
        rows = rows.select_related("cohort", "learner")
    for name in FORMS[slug].base_fields:
        if request.GET.get(name):
            rows = rows.filter(**{name: request.GET[name]})
    column = desk.order[0]
    if "id" in request.GET:
        value, pk = request.GET["value"], int(request.GET["id"])
        rows = rows.filter(Q(**{f"{column}__gt": value}) | Q(**{column: value, "id__gt": pk}))
    return desk, rows.order_by(column, "id")


def plain(request: HttpRequest, slug: str) -> HttpResponse:
    desk, rows = _rows(request, slug)
    count = min(desk.policy.visible(request.user, desk.all()).order_by()[:10_001].count(), 10_000)
    page = list(rows[:SIZE])
    desk.seen(request.user, page, "list", desk.columns)  # who saw which learner is kept, whoever draws the page
    context = {"desk": desk, "rows": page, "form": FORMS[slug](request.GET), "count": count}
    return render(request, f"plain_{slug}.html", context)


class OrganisationTable(django_tables2.Table):
    title = django_tables2.TemplateColumn(
        '<a href="/organisations/{{ record.code }}/">{{ record.title }}</a> <span>{{ record.code }}</span>'
    )
    country = django_tables2.TemplateColumn("{{ record.country.label }}")
    city = django_tables2.Column()
    kind = django_tables2.TemplateColumn("{{ record.get_kind_display }}")


class EnrolmentTable(django_tables2.Table):
    title = django_tables2.TemplateColumn('<a href="/enrolments/{{ record.uid }}/">{{ record.title_texts }}</a>')
    cohort = django_tables2.TemplateColumn('<a href="/cohorts/{{ record.cohort.code }}/">{{ record.cohort }}</a>')
    enrolled_on = django_tables2.DateColumn()
    completed_on = django_tables2.DateColumn()
    state = django_tables2.TemplateColumn("{{ record.get_state_display }}")


class OrganisationFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="sort", lookup_expr="startswith")
    country = django_filters.ChoiceFilter(choices=country_choices)
    kind = django_filters.ChoiceFilter(choices=[("college", "college")])


class EnrolmentFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="learner__number")
    state = django_filters.ChoiceFilter(choices=[("enrolled", "enrolled")])


def tables2(request: HttpRequest, slug: str) -> HttpResponse:
    desk, rows = _rows(request, slug)
    filters = (OrganisationFilters if slug == "organisations" else EnrolmentFilters)(request.GET, queryset=rows)
    page = list(filters.qs[:SIZE])
    desk.seen(request.user, page, "list", desk.columns)
    table = (OrganisationTable if slug == "organisations" else EnrolmentTable)(page)
    django_tables2.RequestConfig(request, paginate=False).configure(table)
    count = min(desk.policy.visible(request.user, desk.all()).order_by()[:10_001].count(), 10_000)
    return render(request, "tables2.html", {"desk": desk, "table": table, "filter": filters, "count": count})


urlpatterns = [path("plain/<str:slug>/", plain), path("tables2/<str:slug>/", tables2), *product]
__all__ = ["handler404", "handler500", "urlpatterns"]
