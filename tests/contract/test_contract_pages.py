"""Every page of every desk renders in every language for a person who may: filled, empty, with errors; deeds, history,
and the steps of an import."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest

from contract.faces import keys_in_csv, of_response, read_here
from contract.permissions import table
from contract.samples import SAMPLES
from contract.test_contract_rows import IMPORTED, who_may
from contract.world import LANGUAGES, World, attempt
from sunmao.kernel import sheets
from sunmao.kernel.desk import Desk, registry

pytestmark = pytest.mark.django_db
DESKS = sorted(set(registry.by_slug) & set(table()) & set(SAMPLES))
HTML = {"en": 'lang="en"', "zh-hans": 'lang="zh-Hans"', "ru": 'lang="ru"'}


def steps(desk: Desk, record: Any) -> Iterator[tuple[str, str, str, dict[str, Any] | None]]:
    """Yield (verb that must be allowed, method, address, body) of every page of a desk."""
    base, own, rows = desk.list_url(), desk.url(record), table()[desk.slug]
    yield "list", "get", base, None
    yield "list", "get", f"{base}?q=nothingofthekind", None
    yield "list", "get", f"{base}?sort={desk.sorts()[-1]}&after=garbage", None
    yield "list", "get", f"{base}pick/?name=x&x=nothing", None
    yield "see", "get", own, None
    yield "history", "get", f"{own}history/", None
    for verb, url in (("offer", f"{base}add/"), ("edit", f"{own}edit/"), ("delete", f"{own}delete/")):
        yield verb, "get", url, None
        yield verb, "post", url, {}
    for deed in desk.deeds:
        yield deed.name, "get", f"{own}do/{deed.name}/", None
        yield deed.name, "post", f"{own}do/{deed.name}/", {}
    if "yes" in rows["import"].values():
        yield "import", "get", f"{base}import/", None
        yield "import", "post", f"{base}import/", {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", DESKS)
def test_every_page_renders_in_every_language(world: World, slug: str, language: str) -> None:
    desk, faults = registry.by_slug[slug], []
    for verb, method, url, body in steps(desk, world.sample(slug)):
        if "yes" not in table()[slug][verb].values():
            continue
        client = world.people[who_may(slug, verb)].client(language)
        with attempt():
            response = getattr(client, method)(url, body) if body is not None else client.get(url)
        if response.status_code not in (200, 302, 409, 422):
            faults.append(f"{method} {url}: {response.status_code}")
        elif (
            response.status_code != 302 and "pick/" not in url and HTML[language].encode() not in response.content[:400]
        ):
            faults.append(f"{method} {url}: not in {language}")
    assert faults == []


@pytest.mark.parametrize("slug", IMPORTED)
def test_a_sheet_goes_through_all_steps_of_an_import(world: World, slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "read", read_here)
    desk, someone = registry.by_slug[slug], world.people[who_may(slug, "import")]
    language = LANGUAGES[len(slug) % 3]
    client = someone.client(language)
    before = keys_in_csv(someone, desk)
    sheet = io.BytesIO(b"".join(client.get(f"{desk.list_url()}export.csv").streaming_content))
    sheet.name = "ours.csv"
    sent = client.post(f"{desk.list_url()}import/", {"file": sheet})
    assert sent.status_code == 302, sent.content.decode()[:2000]
    mapping = client.get(sent["Location"])
    run = sent["Location"].split("/")[-3]
    columns = sheet.getvalue().decode("utf-8-sig").splitlines()[0].split(",")
    chosen = {f"column-{index}": name for index, name in enumerate(columns)}
    checked = client.post(sent["Location"], chosen)
    assert (mapping.status_code, checked.status_code) == (200, 302), checked.content.decode()[:2000]
    shown = client.get(checked["Location"])
    bad = client.get(f"{desk.list_url()}import/{run}/bad.csv")
    written = client.post(checked["Location"], {})
    assert (shown.status_code, bad.status_code, written.status_code) == (200, 200, 302)
    assert client.get(written["Location"]).status_code == 200
    assert keys_in_csv(someone, desk) == before
    others = [one for one in world.people.values() if one is not someone]
    assert {of_response(one.client().get(written["Location"])) for one in others} == {"no"}


def test_the_pages_that_are_nobodys_room_render_in_every_language(world: World) -> None:
    faults = []
    for language in LANGUAGES:
        for role in ("visitor", "stranger", "officer", "secretariat"):
            for url in (
                "/",
                "/search/",
                "/search/?q=college",
                "/today/",
                "/account/",
                "/accounts/login/",
                "/api/",
                "/nothing/",
            ):
                status = world.people[role].client(language).get(url).status_code
                expected = {"/nothing/": (404,)}.get(url, (200,) if role != "visitor" else (200, 302))
                if status not in (*expected, 302 if url == "/accounts/login/" else 200):
                    faults.append(f"{language}, {role}: {url}: {status}")
    assert faults == []
