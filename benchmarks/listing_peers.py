"""The same list as a plain Django page, and with django-tables2 and django-filter: what one would write without the
kernel. All use the product's rule of visibility, its frame, menu and words, and tell the desk who saw which learner.

The pages with django-tables2 are written as its documentation shows, the cells in `render_` methods, which are quicker
than its template columns: once with its own pages (a number, counted and skipped to by the database), once with the
rows handed to it by cursor as ours are, so that only the drawing differs.
"""

from __future__ import annotations

from typing import Any

import django_filters
import django_tables2
from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from sunmao.cohorts.models import Enrolment, EnrolmentState
from sunmao.directory.fields import country_choices
from sunmao.directory.filters import bloc_choices, in_bloc
from sunmao.directory.models import Kind, Organisation
from sunmao.kernel.desk import registry
from sunmao.site.urls import handler404, handler500
from sunmao.site.urls import urlpatterns as product

SIZE = 50
UNSTATED = _("not stated by the source")
ANY = [("", "any")]


class OrganisationFilterForm(forms.Form):
    q = forms.CharField(required=False)
    country = forms.ChoiceField(required=False, choices=country_choices)
    bloc = forms.ChoiceField(required=False, choices=lambda: ANY + bloc_choices())
    kind = forms.ChoiceField(required=False, choices=[*ANY, *Kind.choices])


class EnrolmentFilterForm(forms.Form):
    q = forms.CharField(required=False)
    cohort = forms.CharField(required=False)
    state = forms.ChoiceField(required=False, choices=[*ANY, *EnrolmentState.choices])


FORMS: dict[str, type[forms.Form]] = {"organisations": OrganisationFilterForm, "enrolments": EnrolmentFilterForm}
LOOKUPS = {"country": "country", "kind": "kind", "cohort": "cohort__code", "state": "state"}


def _visible(request: HttpRequest, slug: str) -> tuple[Any, Any]:
    """Return the desk and the rows this person may see, with what the page shows of other records."""
    desk = registry.by_slug[slug]
    rows = desk.policy.visible(request.user, desk.all())
    return desk, rows.select_related("cohort", "learner") if slug == "enrolments" else rows


def _beyond(request: HttpRequest, column: str, rows: Any) -> Any:
    """Return the rows in order after the edge that the address names."""
    if "id" in request.GET:
        value, pk = request.GET["value"], int(request.GET["id"])
        beyond = Q(**{f"{column}__gt": value}) | Q(id__gt=pk)
        rows = rows.filter(Q(**{f"{column}__gte": value}) & beyond)
    return rows.order_by(column, "id")


def plain(request: HttpRequest, slug: str) -> HttpResponse:
    desk, rows = _visible(request, slug)
    form = FORMS[slug](request.GET)
    if form.is_valid():
        rows = rows.filter(**{LOOKUPS[n]: value for n, value in form.cleaned_data.items() if value and n in LOOKUPS})
    count = min(rows.order_by()[:10_001].count(), 10_000)
    page = list(_beyond(request, desk.order[0], rows)[:SIZE])
    desk.seen(request.user, page, "list", desk.columns)
    return render(request, f"plain_{slug}.html", {"desk": desk, "rows": page, "form": form, "count": count})


class OrganisationTable(django_tables2.Table):
    class Meta:
        model = Organisation
        fields = ("title", "country", "city", "kind")

    def render_title(self, record: Organisation) -> str:
        return format_html(
            '<a href="/organisations/{}/">{}</a> <span class="sub code">{}</span>',
            record.code,
            record.title,
            record.code,
        )

    def render_country(self, value: Any) -> str:
        return str(value.label)


class EnrolmentTable(django_tables2.Table):
    title = django_tables2.Column(empty_values=())
    enrolled_on = django_tables2.DateColumn(short=False)
    completed_on = django_tables2.DateColumn(short=False, default=UNSTATED)

    class Meta:
        model = Enrolment
        fields = ("title", "cohort", "enrolled_on", "state", "completed_on")

    def render_title(self, record: Enrolment) -> str:
        return format_html('<a href="/enrolments/{}/">{}</a>', record.uid, record.learner)

    def render_cohort(self, record: Enrolment) -> str:
        return format_html('<a href="/cohorts/{}/">{}</a>', record.cohort.code, record.cohort)

    def render_state(self, value: str) -> str:
        return str(capfirst(value))


class OrganisationFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="sort", lookup_expr="startswith")
    country = django_filters.ChoiceFilter(choices=country_choices)
    bloc = django_filters.ChoiceFilter(choices=bloc_choices, method=in_bloc())
    kind = django_filters.ChoiceFilter(choices=Kind.choices)


class EnrolmentFilters(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="learner__number")
    cohort = django_filters.CharFilter(field_name="cohort__code")
    state = django_filters.ChoiceFilter(choices=EnrolmentState.choices)


TABLES: dict[str, tuple[Any, Any]] = {
    "organisations": (OrganisationTable, OrganisationFilters),
    "enrolments": (EnrolmentTable, EnrolmentFilters),
}


def tables2(request: HttpRequest, slug: str) -> HttpResponse:
    """As documented: a table over the filtered rows, paged by number."""
    desk, rows = _visible(request, slug)
    Table, Filters = TABLES[slug]
    filters = Filters(request.GET, queryset=rows.order_by(desk.order[0], "id"))
    table = Table(filters.qs)
    django_tables2.RequestConfig(request, paginate={"per_page": SIZE}).configure(table)
    desk.seen(request.user, [row.record for row in table.page], "list", desk.columns)
    context = {"desk": desk, "table": table, "filter": filters, "count": table.paginator.count}
    return render(request, "tables2.html", context)


def tables2_keyset(request: HttpRequest, slug: str) -> HttpResponse:
    """The same with our way of paging and counting."""
    desk, rows = _visible(request, slug)
    Table, Filters = TABLES[slug]
    filters = Filters(request.GET, queryset=rows)
    count = min(filters.qs.order_by()[:10_001].count(), 10_000)
    page = list(_beyond(request, desk.order[0], filters.qs)[:SIZE])
    desk.seen(request.user, page, "list", desk.columns)
    table = Table(page)
    django_tables2.RequestConfig(request, paginate=False).configure(table)
    return render(request, "tables2.html", {"desk": desk, "table": table, "filter": filters, "count": count})


urlpatterns = [
    path("plain/<str:slug>/", plain),
    path("tables2/<str:slug>/", tables2),
    path("tables2-keyset/<str:slug>/", tables2_keyset),
    *product,
]
__all__ = ["handler404", "handler500", "urlpatterns"]
