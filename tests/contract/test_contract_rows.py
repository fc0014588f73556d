"""Page, REST, sheet and command show the same rows; a sheet that goes out comes in again unchanged; a write through
REST leaves one Change about its record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from contract.faces import keys_by_command, keys_by_rest, keys_in_csv, keys_on_page, place_for_another
from contract.permissions import table
from contract.samples import SAMPLES, build, canary
from contract.test_contract_hidden import filter_value
from contract.world import ROLES, Someone, World
from sunmao.kernel.desk import Desk, registry
from sunmao.kernel.models import Change
from sunmao.kernel.sheets import Sheet, digest, parse

pytestmark = pytest.mark.django_db
DESKS = sorted(set(registry.by_slug) & set(table()) & set(SAMPLES))
IMPORTED = [slug for slug in DESKS if "yes" in table()[slug]["import"].values()]
ADDED = [slug for slug in DESKS if "yes" in table()[slug]["add"].values()]
EDITED = [slug for slug in DESKS if "yes" in table()[slug]["edit"].values()]


def who_may(slug: str, verb: str) -> str:
    """Return the last role of the table that may; every desk has one who sees it."""
    return next(role for role in reversed(ROLES) if table()[slug][verb][role] == "yes")


@pytest.mark.parametrize("slug", DESKS)
@pytest.mark.parametrize("role", ["visitor", "officer", "secretariat"])
def test_page_rest_sheet_and_command_show_the_same_rows(world: World, slug: str, role: str) -> None:
    desk, someone = registry.by_slug[slug], world.people[role]
    for n in (2, 3):
        build(world, slug, n)
    record = world.sample(slug)
    queries = ["", f"q={canary(slug)}", *(f"sort={sort}" for sort in desk.sorts()[:3])]
    queries += [
        f"{name}={filter_value(record, name)}"
        for name in desk.filterset_class.base_filters
        if filter_value(record, name)
    ]
    for query in queries:
        by_page = keys_on_page(someone, desk, query)
        assert keys_by_rest(someone, desk, query) == by_page, query
        assert keys_by_command(someone, desk, query) == by_page, query
        if table()[slug]["list"][role] == "yes":
            assert keys_in_csv(someone, desk, query) == by_page, query


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("slug", IMPORTED)
def test_a_sheet_that_goes_out_comes_in_again_unchanged(world: World, slug: str, form: str, tmp_path: Path) -> None:
    desk, someone = registry.by_slug[slug], world.people[who_may(slug, "import")]
    build(world, slug, 2)
    response = someone.client().get(f"{desk.list_url()}export.{form}")
    path = tmp_path / f"sheet.{form}"
    path.write_bytes(b"".join(response.streaming_content) if response.streaming else response.content)
    (columns, numbers), encoding, delimiter = parse(path)
    rows = len(numbers)
    sheet = Sheet(columns, path.name, digest(path), encoding, delimiter, numbers)
    importer = desk.importer(someone.actor)
    found = importer.check(sheet, importer.guess(sheet))
    assert [f"{problem.column} {problem.value}: {problem.reason}" for problem in found.bad] == []
    assert (found.total, found.unchanged, len(found.new), len(found.edits), len(found.maybe)) == (rows, rows, 0, 0, 0)
    assert rows >= 2


def about(record: Any) -> int:
    return Change.objects.filter(kind=record._meta.label_lower, record=str(record.uid)).count()


@pytest.mark.parametrize("slug", ADDED)
def test_adding_through_rest_leaves_one_change_about_the_record(world: World, slug: str) -> None:
    desk, someone = registry.by_slug[slug], world.people[who_may(slug, "add")]
    with place_for_another(world, desk) as values:
        response = someone.send("post", f"/api/{slug}/", values)
        assert response.status_code == 201, response.content
        made = desk.model._base_manager.get(uid=response.json()["uid"])
        assert about(made) == 1


@pytest.mark.parametrize("slug", EDITED)
def test_editing_through_rest_leaves_one_change_and_an_unchanged_edit_none(world: World, slug: str) -> None:
    desk, someone = registry.by_slug[slug], world.people[who_may(slug, "edit")]
    record = world.sample(slug)
    url, before = f"/api/{slug}/{record.key}/", about(record)
    assert someone.send("patch", url, {}).status_code == 200
    assert about(record) == before
    field, value = changed(desk, record)
    if not field:
        return
    response = someone.send("patch", url, {field: value, "why": "another word"})
    assert response.status_code == 200, response.content
    assert about(record) == before + 1


def changed(desk: Desk, record: Any) -> tuple[str, Any]:
    """Return a field of the form and another value for it; no field where all of them name other records."""
    values = {
        "TextsField": {"en": "Another word"}, "TextField": "Another word", "WhenField": "1999", "CharField": "Another word",
        "FloatField": 1.5, "PositiveSmallIntegerField": 77, "PositiveIntegerField": 77, "DateField": "2020-01-01",
        "DecimalField": "7", "BooleanField": True,
    }  # fmt: skip
    for kind, value in values.items():
        for name, column in desk.fields.items():
            if type(column).__name__ == kind and not column.choices and name not in ("isced", "acronym"):
                return name, value
    for name, column in desk.fields.items():
        others = [code for code, _label in column.flatchoices if code not in ("", getattr(record, name))]
        if others:
            return name, others[0]
    return "", None


@pytest.mark.parametrize("slug", [slug for slug in DESKS if "yes" in table()[slug]["delete"].values()])
def test_deleting_through_rest_leaves_one_change_or_says_what_rests_on_it(world: World, slug: str) -> None:
    someone: Someone = world.people[who_may(slug, "delete")]
    record = world.sample(slug)
    before = about(record)
    response = someone.send("delete", f"/api/{slug}/{record.key}/")
    if response.status_code == 204:
        assert about(record) == before + 1
    else:
        assert (response.status_code, about(record)) == (422, before)
        assert response.json()["error"]["message"]
