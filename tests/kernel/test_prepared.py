"""What is put together once keeps words only: no row, nothing of a page, nothing of a person."""

from __future__ import annotations

import pytest
from cast import organisation, sign_in, user
from django.db import connection, models
from django.template import engines
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from sunmao.directory.models import Organisation
from sunmao.kernel.desk import registry
from sunmao.kernel.listing import Listing
from sunmao.kernel.prepared import Given, Prepared
from sunmao.people.visitor import Visitor

pytestmark = pytest.mark.django_db


def test_a_prepared_query_answers_with_the_rows_of_now_for_the_values_of_now():
    of_kind = Prepared(lambda: Organisation.objects.filter(kind=Given("kind", models.CharField())).order_by("id"))
    college = organisation("College", kind="college")
    asked = [[str(row) for row in of_kind(kind=kind)] for kind in ("college", "embassy")]
    embassy = organisation("Embassy", kind="embassy")
    with CaptureQueriesContext(connection) as taken:
        again = [of_kind(kind=kind) for kind in ("college", "embassy")]
    assert asked == [["College"], []]
    assert (again, len(taken)) == ([[college], [embassy]], 2)


def test_what_is_the_same_for_all_knows_nothing_of_a_page_and_speaks_each_language():
    page = engines["django"].from_string(
        "{% load i18n sunmao %}{% same %}[{{ name }}{{ user }}]{% translate 'Search' %}{% endsame %} {{ name }}"
    )
    drawn = []
    for language, name in (("en", "Lin"), ("ru", "Aziz"), ("en", "Chen")):
        with translation.override(language):
            drawn.append(page.render({"name": name, "user": name}))
    assert drawn == ["[]Search Lin", "[]Найти Aziz", "[]Search Chen"]


def test_a_row_read_in_part_reads_the_rest_when_it_is_asked_for():
    made = organisation("College", city="Tashkent")
    row = Organisation.objects.only("code").get(pk=made.pk)
    assert row.get_deferred_fields() >= {"city", "title"}
    assert (row.city, str(row), row._state.adding, row) == ("Tashkent", "College", False, made)


def test_a_filter_that_is_no_choice_finds_nothing_and_says_so():
    organisation("College", kind="college")
    wrong = Listing(registry.by_slug["organisations"], Visitor(), {"kind": "castle"})
    right = Listing(registry.by_slug["organisations"], Visitor(), {"kind": "college"})
    assert (wrong.count(), wrong.page(), list(wrong.errors)) == ((0, False), [], ["kind"])
    assert (right.count(), [str(row) for row in right.page()], right.errors) == ((1, False), ["College"], {})


def test_a_row_that_a_filter_finds_twice_is_counted_once():
    desk = registry.by_slug["organisations"]
    listing = Listing(desk, Visitor(), {})
    row = organisation("College", zh="学院")
    listing._matching = desk.rows(Visitor()).filter(names__organisation=row).distinct()
    assert (row.names.count(), listing.count()) == (2, (1, False))


def test_whoever_signs_out_or_whose_session_is_over_is_a_visitor(client):
    lin = user("Lin", ("officer", organisation("College")))
    sign_in(client, lin)
    inside = client.get("/today/").status_code
    session = client.session
    session.set_expiry(-1)
    session.save()
    over = client.get("/today/").status_code
    sign_in(client, lin)
    type(lin).objects.filter(pk=lin.pk).update(is_active=False)
    assert (inside, over, client.get("/today/").status_code) == (200, 302, 302)
