"""How each verb is asked of a desk on every face (page, REST, command line, the policy itself), and what the answer
means: "yes" (not refused), "no" (refused, or answered as if it did not exist)."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.db import models

from contract.samples import SAMPLES, build
from contract.world import Someone, World, attempt
from sunmao.kernel.desk import Desk, desk_of, registry
from sunmao.kernel.models import StoredFile
from sunmao.kernel.rest import data_of
from sunmao.kernel.sheets import Sheet, digest, parse

FACES = ("page", "rest", "command")
COMMON = ("list", "see", "history", "export", "offer", "add", "edit", "delete", "import")
LOGIN = "/accounts/login/"


class Broken(AssertionError):
    """A face answered in a way that means neither yes nor no."""


def of_response(response: Any) -> str:
    """Return what a status means."""
    if response.status_code in (401, 403, 404):
        return "no"
    if response.status_code in (301, 302) and response["Location"].startswith(LOGIN):
        return "no"
    if response.status_code in (200, 201, 204, 302, 405, 409, 413, 422):
        return "yes"
    raise Broken(f"{response.request['REQUEST_METHOD']} {response.request['PATH_INFO']}: {response.status_code}")


def of_command(said: Any) -> str:
    """Return what an exit code means; that a second factor is wanted is no refusal."""
    if said.code == 3:
        return "yes" if "--code" in said.err else "no"
    if said.code == 1 and "not yours to see" in said.err:
        return "no"
    if said.code in (0, 1):
        return "yes"
    raise Broken(f"exit {said.code}: {said.err}")


def ask(world: World, someone: Someone, desk: Desk, verb: str, face: str) -> str:
    """Return "yes" or "no" for the desk's sample; every write is taken back."""
    special = _SPECIAL.get((verb, face)) or _SPECIAL.get((verb, "*"))
    with attempt():
        if special:
            return special(world, someone, desk, face)
        return _plain(world, someone, desk, verb, face)
    raise AssertionError("unreachable")


def _plain(world: World, someone: Someone, desk: Desk, verb: str, face: str) -> str:
    """Ask of the sample by its address."""
    record, verb = world.sample(desk.slug), verb.removeprefix("do_")
    deed = desk.deed(verb)
    if face == "page":
        path = f"do/{verb}/" if deed else f"{verb}/"
        return of_response(someone.client().get(desk.url(record) + path))
    if face == "rest":
        base = f"/api/{desk.slug}/{record.key}/"
        method, path = {"edit": ("patch", ""), "delete": ("delete", ""), "history": ("get", "history/")}.get(
            verb, ("post", f"{verb}/")
        )
        return of_response(someone.send(method, base + path, {} if method in ("post", "patch") else None))
    if deed:
        return of_command(someone.command("do", desk.slug, record.key, verb))
    return of_command(someone.command("records", desk.slug, verb, record.key))


# Lists


def keys_on_page(someone: Someone, desk: Desk, query: str = "") -> list[str]:
    """Return the keys of all rows of a list, page by page; empty where one is not let in."""
    found: list[str] = []
    url = f"{desk.list_url()}?{query}"
    while url:
        response = someone.client().get(url)
        if of_response(response) == "no":
            return []
        text = response.content.decode()
        found += re.findall(rf'<th scope="row"><a href="/{desk.slug}/([^/"]+)/"', text)
        cursor = re.search(r'href="(\?[^"]*after=[^"]+)"', text)
        url = f"{desk.list_url()}{cursor[1].replace('&amp;', '&')}" if cursor else ""
    return found


def keys_by_rest(someone: Someone, desk: Desk, query: str = "") -> list[str]:
    response = someone.send("get", f"/api/{desk.slug}/?size=500&{query}")
    return [row["code"] for row in response.json()["results"]] if response.status_code == 200 else []


def keys_by_command(someone: Someone, desk: Desk, query: str = "") -> list[str]:
    filters = [word for pair in query.split("&") if pair for word in ("--filter", pair)]
    said = someone.command("records", desk.slug, "list", "--size", "500", *filters)
    return [line.split("\t")[0] for line in said.out.splitlines()]


def keys_in_csv(someone: Someone, desk: Desk, query: str = "") -> list[str]:
    response = someone.client().get(f"{desk.list_url()}export.csv?{query}")
    if of_response(response) == "no":
        return []
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return [row["code"] for row in csv.DictReader(io.StringIO(text))]


def _listed(world: World, someone: Someone, desk: Desk, face: str) -> str:
    if face == "page":
        return of_response(someone.client().get(desk.list_url()))
    if face == "rest":
        return of_response(someone.send("get", f"/api/{desk.slug}/"))
    return of_command(someone.command("records", desk.slug, "list"))


def _seen(world: World, someone: Someone, desk: Desk, face: str) -> str:
    """Ask by address and in the list; the two must say the same (where a list is open to this person at all)."""
    record = world.sample(desk.slug)
    if face == "page":
        alone, rows = of_response(someone.client().get(desk.url(record))), keys_on_page(someone, desk)
    elif face == "rest":
        alone = of_response(someone.send("get", f"/api/{desk.slug}/{record.key}/"))
        rows = keys_by_rest(someone, desk)
    else:
        alone = of_command(someone.command("records", desk.slug, "show", record.key))
        rows = keys_by_command(someone, desk)
    listed = "yes" if record.key in rows else "no"
    if alone != listed:
        raise Broken(f"{desk.slug} on {face} for the {someone.role}: alone {alone}, in the list {listed}")
    return alone


def _exported(world: World, someone: Someone, desk: Desk, face: str) -> str:
    record = world.sample(desk.slug)
    if face != "command":
        return "yes" if record.key in keys_in_csv(someone, desk) else "no"
    with tempfile.TemporaryDirectory() as place:
        sheet = Path(place) / "out.csv"
        said = someone.command("export", desk.slug, str(sheet))
        return "yes" if of_command(said) == "yes" and record.key in sheet.read_text("utf-8-sig") else "no"


def read_here(path: Path, name: str = "") -> Sheet:
    """Read a sheet in this process: the child that guards against hostile files is tested with the kernel."""
    (columns, numbers), encoding, delimiter = parse(path)
    return Sheet(columns, name or path.name, digest(path), encoding, delimiter, numbers)


def _imported(world: World, someone: Someone, desk: Desk, face: str) -> str:
    if face != "command":
        return of_response(someone.client().get(f"{desk.list_url()}import/"))
    if someone.account is None:  # without --as the command takes the register's own secretariat, on one's own machine
        return "no"
    with tempfile.TemporaryDirectory() as place:
        sheet = Path(place) / "in.csv"
        sheet.write_text("code\n", encoding="utf-8")
        said = someone.command("import", desk.slug, str(sheet), "--check")
        return of_command(said)


# Adding


def values_of(desk: Desk, record: Any, actor: Any) -> dict[str, Any]:
    """Return what a form of this desk would be filled with to make such a record, as JSON."""
    shown = data_of(desk, record, actor)
    out = {}
    for name, column in desk.fields.items():
        stored = isinstance(column, models.ForeignKey) and column.related_model is StoredFile
        if not stored and shown[name] is not None and shown[name] != "":
            out[name] = shown[name]
    return out


def as_page(values: dict[str, Any]) -> dict[str, Any]:
    """Return JSON values as a page's form sends them."""
    out = {}
    for name, value in values.items():
        if value == {}:
            continue
        if isinstance(value, dict):
            out[name] = value.get("code") or value.get("en") or next(iter(value.values()))
        elif value is not False:
            out[name] = value if isinstance(value, list) else str(value)
    return out


def as_words(values: dict[str, Any]) -> list[str]:
    return [
        word for name, value in values.items()
        for word in ("--set", f"{name}={json.dumps(value) if isinstance(value, dict | list) else value}")
    ]  # fmt: skip


@contextlib.contextmanager
def place_for_another(world: World, desk: Desk, n: int = 2) -> Iterator[dict[str, Any]]:
    """Yield the values of a record like the sample that is not there yet, everything it hangs on being there."""
    with attempt():
        made = build(world, desk.slug, n, above(world.sample(desk.slug), desk))
        values = values_of(desk, made, world.actor("auditor"))  # auditors read everything
        _drop(made)
        yield values


def _drop(record: Any) -> None:
    """Delete a record and whatever rests on it, past the door: it shall never have been there."""
    try:
        models.Model.delete(type(record)._base_manager.get(pk=record.pk))
    except models.ProtectedError as error:
        for resting in error.protected_objects:
            _drop(resting)
        _drop(record)


def above(record: Any, desk: Desk) -> Any:
    """Return the record that a sample hangs on."""
    under = SAMPLES[desk.slug].under
    if not under:
        return None
    return getattr(record, link_to(desk, under))


@cache
def link_to(desk: Desk, slug: str) -> str:
    """Return the foreign key of a desk's records to those of another desk."""
    target = registry.by_slug[slug].model
    return next(
        column.name for column in desk.model._meta.concrete_fields
        if isinstance(column, models.ForeignKey) and column.related_model is target
    )  # fmt: skip


def _offered(world: World, someone: Someone, desk: Desk, face: str) -> str:
    return of_response(someone.client().get(f"{desk.list_url()}add/"))


@contextlib.contextmanager
def room_for(world: World, desk: Desk, verb: str) -> Iterator[None]:
    """Let many add the same record, one after the other, in one place made for it: making it costs more than asking."""
    if verb != "add" or not desk.form:
        yield
        return
    with place_for_another(world, desk) as values:
        world.places[desk.slug] = values
        yield
        del world.places[desk.slug]


def _added(world: World, someone: Someone, desk: Desk, face: str) -> str:
    if not desk.form:
        return add(someone, desk, {}, face)
    if desk.slug in world.places:
        return add(someone, desk, world.places[desk.slug], face)
    with place_for_another(world, desk) as values:
        return add(someone, desk, values, face)
    raise AssertionError("unreachable")


def add(someone: Someone, desk: Desk, values: dict[str, Any], face: str) -> str:
    """Add a record; "yes" only where it is written."""
    if face == "page":
        response = someone.client().post(f"{desk.list_url()}add/", as_page(values))
        answer, done, says = of_response(response), response.status_code == 302, response.content
    elif face == "rest":
        response = someone.send("post", f"/api/{desk.slug}/", values)
        answer, done, says = of_response(response), response.status_code == 201, response.content
    else:
        said = someone.command("records", desk.slug, "add", *as_words(values))
        answer, done, says = of_command(said), said.code == 0, said.err
    if answer == "yes" and not done:
        if _cannot_name(someone, desk, values):
            return "no"
        raise Broken(f"{desk.slug}, add on {face} for the {someone.role}: {says!r}")
    return answer


def _cannot_name(someone: Someone, desk: Desk, values: dict[str, Any]) -> bool:
    """True where a record that the new one hangs on is hidden from the person, so that no form takes it."""
    for name, column in desk.fields.items():
        target = desk_of(column.related_model) if isinstance(column, models.ForeignKey) else None
        if target is not None and name in values:
            rows = target.rows(someone.actor)
            if not rows.filter(pk=target.model.find(target.all(), values[name]["code"]).pk).exists():
                return True
    return False


_SPECIAL: dict[tuple[str, str], Any] = {
    ("list", "*"): _listed, ("see", "*"): _seen, ("export", "*"): _exported, ("import", "*"): _imported,
    ("offer", "*"): _offered, ("add", "*"): _added,
}  # fmt: skip


# The policy itself


def of_policy(world: World, someone: Someone, desk: Desk, verb: str) -> str:
    """Return what the policy says, without any face."""
    record, actor = world.sample(desk.slug), someone.actor
    if verb == "list":
        return _word(desk.may(actor, "see"))
    seen = desk.rows(actor).filter(pk=record.pk).exists()
    if verb == "see":
        return _word(seen and desk.may(actor, "see", record))
    if verb == "export":
        return _word(seen and desk.may(actor, "export"))
    if verb in ("import", "offer"):
        return _word(desk.may(actor, {"offer": "add"}.get(verb, verb)))
    if verb == "add":
        return _word(desk.may(actor, "add") and desk.may(actor, "add", another(record, desk)))
    return _word(seen and desk.may(actor, verb.removeprefix("do_"), record))


def another(record: Any, desk: Desk) -> Any:
    """Return an unsaved record like the sample."""
    values = {
        column.name: getattr(record, column.name) for column in desk.model._meta.concrete_fields
        if column.name not in ("id", "uid", "code")
    }  # fmt: skip
    return desk.model(**values)


def _word(answer: Any) -> str:
    return "yes" if answer else "no"
