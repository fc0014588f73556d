"""Hidden and absent answer alike, byte for byte, on every address; and no list, sheet, search, filter, sort, form or
command says anything of what is hidden from the one who asks."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from contract.faces import keys_by_command, keys_by_rest, keys_in_csv, keys_on_page
from contract.permissions import sees, table
from contract.samples import CANARY, SAMPLES, canary
from contract.world import ROLES, Someone, World, attempt, some
from sunmao.kernel.desk import Desk, registry

pytestmark = pytest.mark.django_db
HIDDEN = sorted(
    slug for slug in set(table()) & set(registry.by_slug) if any(not sees(slug, role) for role in ROLES)
)  # fmt: skip
NOISE = re.compile(rb"csrfmiddlewaretoken[^>]+|nonce-?=?[^ >;]+|kernel-hidden|sessionid=[^;]+|expires=[^;]+")


def blind(slug: str) -> list[str]:
    """Return the roles from which the sample of a desk is hidden."""
    return [role for role in ROLES if not sees(slug, role)]


def absent_key(desk: Desk, key: str) -> str:
    """Return a key of the same shape that no record has."""
    return f"{desk.model.CODE}{'9' * (len(key) - len(desk.model.CODE))}" if desk.model.CODE else str(uuid.UUID(int=7))


def addresses(desk: Desk) -> Iterator[tuple[str, str, Any]]:
    """Yield every address of a record: (method, path with KEY, body)."""
    page, api = f"/{desk.slug}/KEY/", f"/api/{desk.slug}/KEY/"
    for tail in ("", "edit/", "delete/", "history/", *(f"do/{deed.name}/" for deed in desk.deeds)):
        yield "get", page + tail, None
        yield "post", page + tail, {}
    for field in desk.facts[:3]:
        yield "get", f"{page}files/{field}/", None
    for method, tail, body in (("get", "", None), ("patch", "", {}), ("delete", "", None), ("get", "history/", None)):
        yield method, api + tail, body
    for deed in desk.deeds:
        yield "post", f"{api}{deed.name}/", {}


def answer(someone: Someone, method: str, path: str, body: Any, key: str) -> tuple[int, bytes, dict[str, str]]:
    """Return status, body and headers, with the key asked for and what differs from call to call taken out."""
    url = path.replace("KEY", key)
    with attempt():
        if url.startswith("/api/"):
            response = someone.send(method, url, body)
        else:
            response = getattr(someone.client(), method)(url, body) if body is not None else someone.client().get(url)
    content = NOISE.sub(b"", response.content).replace(key.encode(), b"KEY")
    headers = {
        name: NOISE.sub(b"", value.encode()).replace(key.encode(), b"KEY").decode() for name, value in response.items()
    }
    return response.status_code, content, headers


@pytest.mark.slow
@pytest.mark.parametrize("slug", HIDDEN)
def test_hidden_and_absent_answer_alike_byte_for_byte(world: World, slug: str, volume: Any) -> None:
    desk = registry.by_slug[slug]
    key = world.sample(slug).key
    missing = absent_key(desk, key)
    telling = []
    every = volume(f"roles from which {slug} are hidden", sample=1, trial=len(blind(slug))) > 1
    for method, path, body in addresses(desk):
        for role in some(blind(slug), method + path, every):
            someone = world.people[role]
            hidden, absent = (answer(someone, method, path, body, one) for one in (key, missing))
            if hidden != absent or hidden[0] not in (404, 405):
                telling.append(f"{role}: {method} {path}: {hidden[0]} and {absent[0]}")
    assert telling == []


@pytest.mark.slow
@pytest.mark.parametrize("slug", HIDDEN)
def test_commands_answer_hidden_and_absent_alike(world: World, slug: str, volume: Any) -> None:
    desk = registry.by_slug[slug]
    key = world.sample(slug).key
    missing = absent_key(desk, key)
    telling = []
    asked = [["records", slug, verb, "KEY"] for verb in ("show", "edit", "delete", "history")]
    asked += [["do", slug, "KEY", deed.name] for deed in desk.deeds]
    every = volume(f"roles from which {slug} are hidden", sample=1, trial=len(blind(slug))) > 1
    for words in asked:
        for role in some(blind(slug), f"{slug} {words}", every):
            with attempt():
                hidden = world.people[role].command(*(key if word == "KEY" else word for word in words))
                absent = world.people[role].command(*(missing if word == "KEY" else word for word in words))
            if (hidden.code, hidden.out, hidden.err.replace(key, "")) != (
                absent.code,
                absent.out,
                absent.err.replace(missing, ""),
            ):
                telling.append(f"{role}: {' '.join(words)}: {hidden} and {absent}")
    assert telling == []


@pytest.mark.slow
@pytest.mark.parametrize("slug", HIDDEN)
def test_no_list_sheet_filter_or_sort_says_anything_of_what_is_hidden(world: World, slug: str, volume: Any) -> None:
    desk, record = registry.by_slug[slug], world.sample(slug)
    told = []
    every = volume(f"roles from which {slug} are hidden", sample=1, trial=len(blind(slug))) > 1
    for role in some(blind(slug), slug, every):
        someone = world.people[role]
        for what, text in readings(someone, desk, record):
            found = set(CANARY.findall(text)) & {canary(slug)}
            if found or record.key in text:
                told.append(f"{role}: {what}")
    assert told == []


def readings(someone: Someone, desk: Desk, record: Any) -> Iterator[tuple[str, str]]:
    """Yield (where, text) of everything a person can read of a desk without knowing a key."""
    client = someone.client()
    base = desk.list_url()
    queries = ["", *(f"sort={sort}" for sort in dict.fromkeys(desk.sorts()))]
    for query in queries:
        yield f"list ?{query}", client.get(f"{base}?{query}").content.decode()
        yield f"REST ?{query}", someone.send("get", f"/api/{desk.slug}/?{query}").content.decode()
    csv = client.get(f"{base}export.csv")
    yield "CSV", b"".join(csv.streaming_content).decode() if csv.streaming else csv.content.decode()
    xlsx = client.get(f"{base}export.xlsx")
    yield "XLSX", unzipped(xlsx.content) if xlsx.status_code == 200 else xlsx.content.decode()
    listed = someone.command("records", desk.slug, "list", "--json", "--size", "500")
    yield "command", listed.out + listed.err
    yield "form", client.get(f"{base}add/").content.decode()
    for other in registry.by_slug.values():
        if any(getattr(column, "related_model", None) is desk.model for column in other.fields.values()):
            yield f"form of {other.slug}", client.get(f"{other.list_url()}add/").content.decode()
    for name in desk.filterset_class.base_filters:
        value = filter_value(record, name)
        if value:
            yield f"filter {name}", "\n".join(keys_on_page(someone, desk, f"{name}={value}"))
            yield f"REST filter {name}", "\n".join(keys_by_rest(someone, desk, f"{name}={value}"))


def filter_value(record: Any, name: str) -> str:
    """Return the record's own value under a filter, so that it would be found by it."""
    value = getattr(record, name, "")
    return str(getattr(value, "key", value) if not callable(value) else "")


def unzipped(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        return "\n".join(box.read(name).decode("utf-8", "replace") for name in box.namelist())


@pytest.mark.slow
@pytest.mark.parametrize("slug", HIDDEN)
def test_searching_for_a_hidden_word_answers_as_for_a_word_nobody_wrote(world: World, slug: str, volume: Any) -> None:
    desk = registry.by_slug[slug]
    word, other = canary(slug), "q" * len(canary(slug))
    places = [
        "/search/?q=WORD",
        f"/{slug}/?q=WORD",
        f"/{slug}/pick/?name=x&x=WORD",
        f"/api/{slug}/?q=WORD",
        f"/{slug}/export.csv?q=WORD",
    ]
    told = []
    every = volume(f"roles from which {slug} are hidden", sample=1, trial=len(blind(slug))) > 1
    for place in places:
        for role in some(blind(slug), slug + place, every):
            texts = []
            for asked in (word, other):
                response = world.people[role].client().get(place.replace("WORD", asked))
                content = b"".join(response.streaming_content) if response.streaming else response.content
                texts.append((response.status_code, NOISE.sub(b"", content).replace(asked.encode(), b"WORD")))
            if texts[0] != texts[1]:
                told.append(f"{role}: {place}")
    for role in some(blind(slug), slug, every):
        someone = world.people[role]
        found = [*keys_by_command(someone, desk, f"q={word}"), *keys_in_csv(someone, desk, f"q={word}")]
        told += [f"{role}: {key}" for key in found]
    assert told == []


def test_the_words_planted_in_samples_can_be_found_by_those_who_may_see_them(world: World) -> None:
    silent = []
    for slug in sorted(set(HIDDEN) & set(SAMPLES)):
        may = next((role for role in reversed(ROLES) if sees(slug, role)), None)
        if may is None:
            continue
        url = registry.by_slug[slug].url(world.sample(slug))
        text = world.people[may].client().get(url).content.decode()
        silent += [] if canary(slug) in text else [f"{slug} for the {may}"]
    assert silent == []
