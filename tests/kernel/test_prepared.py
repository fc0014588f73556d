"""What is put together once keeps words only: no row, nothing of a page, nothing of a person."""

from __future__ import annotations

import base64
import json

import pytest
from cast import TESTS, organisation, sign_in, user
from django.db import connection, models, transaction
from django.template import engines
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from sunmao.directory.models import Organisation
from sunmao.kernel import changes
from sunmao.kernel.desk import registry
from sunmao.kernel.listing import Listing
from sunmao.kernel.prepared import Given, Prepared
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When
from sunmao.people.visitor import Visitor
from sunmao.sources.models import Document

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
    row = organisation("College", zh="学院")
    listing = Listing(desk, Visitor(), {"bloc": "none"})  # a filter with a method of its own is asked for anew
    listing._matching = desk.rows(Visitor()).filter(names__organisation=row).distinct()
    assert (row.names.count(), listing.count()) == (2, (1, False))


def anew(listing: Listing) -> Listing:
    """Return the listing as if its statements could not be those of others."""
    listing._is_common = False
    return listing


def test_a_prepared_list_shows_what_asking_anew_shows_in_every_order_on_every_page():
    desk, differing = registry.by_slug["organisations"], []
    for number in range(7):
        organisation(f"College {number}", kind=("college", "embassy")[number % 2], country=("UZ", "KZ", "")[number % 3])
    for asked in ({}, {"kind": "college"}, {"kind": "embassy"}, {"kind": "college", "country": "UZ"}):
        for sort in desk.sorts():
            place = {**asked, "sort": sort}
            for turn in ("after", "after", "before", "after"):
                now, other = (made(Listing(desk, Visitor(), place, size=2)) for made in (lambda own: own, anew))
                assert now._is_common
                pages = [
                    ([str(row) for row in own.page(lean=True)], own.next, own.previous, own.count())
                    for own in (now, other)
                ]
                differing += [(place, pages)] if pages[0] != pages[1] else []
                edge = {"after": now.next, "before": now.previous}[turn]
                place = {**asked, "sort": sort, **({turn: edge} if edge else {})}
    assert differing == []


def test_a_list_prepared_for_who_sees_all_tells_nobody_else():
    desk = registry.by_slug["people"]
    auditor, officer = (
        user("Audit", ("auditor", organisation("Office"))),
        user("Lin", ("officer", organisation("College"))),
    )
    auditor.second_factor = True
    seen = {}
    for person in (auditor, officer, Visitor(), auditor):
        listing = Listing(desk, person, {})
        rows = {row.pk for row in listing.page()}
        seen.setdefault(person, []).append((rows, listing.count()[0], listing._is_common))
    everyone = {auditor.person_id, officer.person_id}
    assert seen[officer] == [({officer.person_id}, 1, False)]
    assert seen[auditor] == [(everyone, 2, True)] * 2
    assert next(found for person, found in seen.items() if isinstance(person, Visitor)) == [(set(), 0, False)]


@pytest.mark.parametrize("common", [True, False])
def test_a_list_by_a_date_goes_on_where_the_dates_are_unknown(common):
    for number in range(5):
        published = When.read("2024") if number > 3 else None
        changes.save(Document(title=Texts.of(f"Page {number}"), outlet="A paper", published=published), by=TESTS)
    desk = registry.by_slug["documents"]
    for sort in ("published", "-published"):
        place, found = {"sort": sort}, []
        while place:
            listing = Listing(desk, Visitor(), place, size=2)
            listing = listing if common else anew(listing)
            found += [str(row) for row in listing.page()]
            place = {"sort": sort, "after": listing.next} if listing.next else {}
        wanted = [f"Page {number}" for number in range(5)]
        assert found == (wanted if sort == "published" else wanted[::-1])


@pytest.mark.parametrize("edge", [["x", 2**62], [None, 1], ["", 1], [10**30, 1], [True, 0]])
def test_a_cursor_that_nobody_gave_out_breaks_nothing(client, edge):
    organisation("College")
    cursor = base64.urlsafe_b64encode(json.dumps(edge).encode()).decode().rstrip("=")
    assert client.get("/organisations/", {"after": cursor}).status_code == 200


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


def test_a_query_asked_again_and_again_answers_the_same_after_an_error_and_on_a_new_connection():
    of_kind = Prepared(lambda: Organisation.objects.filter(kind=Given("kind", models.CharField())).order_by("id")[:2])
    one, other = organisation("College", kind="college"), organisation("100% other's", kind="embassy")
    for _time in range(5):
        assert [of_kind(kind=kind) for kind in ("college", "embassy", "'; --")] == [[one], [other], []]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        of_kind(kind="college")
        raise ZeroDivisionError
    assert of_kind(kind="embassy") == [other]
    if connection.vendor == "postgresql":
        with CaptureQueriesContext(connection) as taken:
            of_kind(kind="college")
        assert taken.captured_queries[0]["sql"].startswith("EXECUTE ")


def test_a_page_and_its_count_are_one_question_and_count_past_the_page():
    desk = registry.by_slug["organisations"]
    for number in range(4):
        organisation(f"College {number}", kind="college")
    organisation("Embassy", kind="embassy")
    listing = Listing(desk, Visitor(), {"kind": "college"}, size=3)
    with CaptureQueriesContext(connection) as taken:
        assert (len(listing.page()), listing.count(), len(taken)) == (3, (4, False), 1)
    beyond = Listing(desk, Visitor(), {"kind": "college", "after": listing.next or ""}, size=3)
    assert (len(beyond.page()), beyond.count()) == (1, (4, False))
    nothing = Listing(desk, Visitor(), {"kind": "authority"}, size=3)
    assert (nothing.page(), nothing.count()) == ([], (0, False))
