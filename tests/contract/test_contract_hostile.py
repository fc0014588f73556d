"""Whatever is sent to REST, the answer is a refusal in the one error shape or a clean write; never a 500."""

from __future__ import annotations

import json
from typing import Any

import pytest

from contract.permissions import table
from contract.samples import SAMPLES
from contract.test_contract_rows import who_may
from contract.world import World, attempt, some
from sunmao.kernel.desk import registry

pytestmark = pytest.mark.django_db
DESKS = sorted(set(registry.by_slug) & set(table()) & set(SAMPLES))
VALUES: dict[str, Any] = {
    "null": None, "true": True, "zero": 0, "minus one": -1, "fraction": 0.5, "huge number": 10**30, "large float": 1e308,
    "empty text": "", "long text": "x" * 70_000, "null character": "a\u0000b", "half a pair": "\ud800", "list": [], "list of lists": [[1]],
    "list of texts": ["a", "b"], "object": {}, "strange object": {"a": {"b": [1, None]}}, "language to number": {"en": 7},
    "language to list": {"en": ["x"]}, "language to null": {"en": None}, "code as list": {"code": [1]}, "code as object": {"code": {}},
    "no language": {"": "x"}, "deep": {"en": {"text": {"text": {"text": []}}}}, "state": {"en": {"text": "x", "state": "signed"}},
    "date like": "2022-13-45", "formula": "=1+1", "markup": "<script>alert(1)</script>", "percent": "%(x)s %s {0}",
}  # fmt: skip
BODIES = ('"text"', "7", "null", "[]", "[{}]", "true", "{", "", '{"a":1}{"b":2}', "\ufeff{}", '{"title":' * 2000)
REFUSALS = (400, 404, 409, 413, 415, 422)


def fault(response: Any) -> str:
    """Return what is wrong with an answer: neither a clean write nor a refusal in the one shape."""
    if response.status_code in (200, 201):
        return ""
    if response.status_code not in REFUSALS:
        return f"{response.status_code}"
    error = response.json().get("error", {})
    well = (
        isinstance(error.get("code"), str)
        and isinstance(error.get("message"), str)
        and isinstance(error.get("fields"), dict)
    )
    return "" if well and error["message"] else f"{response.status_code} in another shape: {response.content[:200]!r}"


def faces(slug: str) -> list[tuple[str, str, str]]:
    """Return (person, method, address) of the writes that somebody may do."""
    rows, found = table()[slug], []
    for verb, method, tail in (("add", "post", ""), ("edit", "patch", "KEY/")):
        if "yes" in rows[verb].values():
            found.append((who_may(slug, verb), method, f"/api/{slug}/{tail}"))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("slug", [slug for slug in DESKS if registry.by_slug[slug].form and faces(slug)])
def test_a_field_of_the_wrong_type_is_refused_in_one_shape(world: World, slug: str, volume: Any) -> None:
    desk, faults = registry.by_slug[slug], []
    every = volume(f"wrong values per field of {slug}", sample=4, trial=len(VALUES)) > 4
    for role, method, url in faces(slug):
        for name in (*desk.form, "why", "version"):
            kinds = {kind for turn in range(4) for kind in some(list(VALUES), f"{slug} {method} {name} {turn}", every)}
            for kind in sorted(kinds):
                with attempt():
                    address = url.replace("KEY", world.sample(slug).key)
                    found = fault(world.people[role].send(method, address, {name: VALUES[kind]}))
                faults += [f"{method} {name}, {kind}: {found}"] if found else []
    assert faults == []


@pytest.mark.parametrize("slug", [slug for slug in DESKS if registry.by_slug[slug].form and faces(slug)])
def test_a_body_that_is_no_object_and_a_field_that_is_not_there_are_refused(world: World, slug: str) -> None:
    faults = []
    for role, method, url in faces(slug):
        address, client = url.replace("KEY", world.sample(slug).key), world.people[role].client()
        for body in BODIES:
            with attempt():
                response = client.generic(method.upper(), address, body.encode(), content_type="application/json")
            if fault(response) or (response.status_code < 400 and body not in ("", "\ufeff{}")):
                faults.append(f"{method} {body[:20]}: {response.status_code} {fault(response)}")
        response = world.people[role].send(method, address, {"no_such_field": 1})
        fields = response.json().get("error", {}).get("fields", {})
        if response.status_code != 422 or "no_such_field" not in fields:
            faults.append(f"{method} no_such_field: {response.status_code} {fields}")
    assert faults == []


@pytest.mark.slow
@pytest.mark.parametrize("slug", [slug for slug in DESKS if registry.by_slug[slug].deeds])
def test_a_deed_asked_with_wrong_values_is_refused_in_one_shape(world: World, slug: str, volume: Any) -> None:
    desk, faults = registry.by_slug[slug], []
    record = world.sample(slug)
    every = volume(f"wrong values per field of a deed of {slug}", sample=2, trial=len(VALUES)) > 2
    for deed in desk.deeds:
        roles = [role for role, cell in table()[slug][deed.name].items() if cell == "yes"]
        for role in roles[-1:]:
            someone = world.people[role]
            asked = list(deed.form(record=record, person=someone.actor).fields)
            for name in (*asked, "no_such_field"):
                kinds = {
                    kind for turn in range(2) for kind in some(list(VALUES), f"{slug} {deed.name} {name} {turn}", every)
                }
                for kind in sorted(kinds):
                    with attempt():
                        response = someone.send("post", f"/api/{slug}/{record.key}/{deed.name}/", {name: VALUES[kind]})
                    found = fault(response) or (
                        "taken" if name == "no_such_field" and response.status_code < 400 else ""
                    )
                    faults += [f"{deed.name} {name}, {kind}: {found}"] if found else []
    assert faults == []


@pytest.mark.parametrize("slug", DESKS)
def test_no_query_string_breaks_a_list(world: World, slug: str) -> None:
    desk, faults = registry.by_slug[slug], []
    asked = [(who_may(slug, "list"), desk.list_url()), (who_may(slug, "list"), f"/api/{slug}/")]
    if "yes" in table()[slug]["export"].values():
        asked.append((who_may(slug, "export"), f"{desk.list_url()}export.csv"))
    words = ("", "\x00", "'\";--", "%", "*", "(", "工", "x" * 3000, "\ud7ff", "-1", "1e999", "NaN", "2022-99-99")
    names = ("q", "sort", "after", "before", "size", "view", *desk.filterset_class.base_filters)
    for number, name in enumerate(names):
        for word in {words[(number + turn) % len(words)] for turn in (0, 5, 9)}:
            for role, url in asked:
                response = world.people[role].client().get(url, {name: word})
                if response.streaming:
                    b"".join(response.streaming_content)
                if response.status_code not in (200, 422):
                    faults.append(f"{url} {name}={word[:20]!r}: {response.status_code}")
                elif response.status_code == 422 and url.startswith("/api/") and fault(response):
                    faults.append(f"{url} {name}={word[:20]!r}: {fault(response)}")
    assert faults == []


def test_what_is_not_json_at_all_is_refused_in_one_shape(world: World) -> None:
    client = world.people["secretariat"].client()
    for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data"):
        response = client.generic("POST", "/api/blocs/", b"\xff\xfe\x00", content_type=kind)
        assert response.status_code in REFUSALS
        assert set(json.loads(response.content)["error"]) == {"code", "message", "fields"}
