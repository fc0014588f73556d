"""Everybody walks through all addresses: from the home page by links, and every address of every sample. Nothing
breaks, and no canary of a record hidden from the walker stands anywhere."""

from __future__ import annotations

import random
import re
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from contract.permissions import sees, table
from contract.samples import CANARY, SAMPLES, canary
from contract.test_contract_hidden import unzipped
from contract.world import ROLES, Someone, World, attempt
from sunmao.kernel.desk import registry

pytestmark = pytest.mark.django_db
SEED = 20241108
STARTS = ("/", "/today/", "/account/", "/search/?q=college", "/api/", "/api/schema/")
LINK = re.compile(r'(?:href|src|action)="(/[^"#]*|\?[^"#]*)"')
LEFT_OUT = re.compile(r"^/(static/|language/|theme/|accounts/(?!login|fresh))")


def hidden_words(role: str) -> dict[str, str]:
    """Return canary → desk of every sample that the table hides from a role."""
    return {canary(slug): slug for slug in table() if slug in SAMPLES and not sees(slug, role)}


def known_addresses(world: World) -> list[str]:
    """Return every address of every desk with its sample's key, and every other pattern that takes no argument."""
    found = list(STARTS)
    for slug in sorted(set(SAMPLES) & set(registry.by_slug)):
        desk, record = registry.by_slug[slug], world.sample(slug)
        base, own, api = desk.list_url(), desk.url(record), f"/api/{slug}/"
        found += [base, f"{base}add/", f"{base}export.csv", f"{base}export.xlsx", f"{base}import/", f"{base}save-view/"]
        found += [f"{base}?sort={sort}" for sort in desk.sorts()]
        found += [
            own,
            f"{own}edit/",
            f"{own}delete/",
            f"{own}history/",
            *(f"{own}files/{name}/" for name in desk.facts),
        ]
        found += [f"{own}do/{deed.name}/" for deed in desk.deeds]
        found += [api, f"{api}{record.key}/", f"{api}{record.key}/history/"]
    found += plain_patterns(get_resolver().url_patterns)
    return list(dict.fromkeys(found))


def plain_patterns(patterns: Any, before: str = "/") -> list[str]:
    """Return the addresses of patterns without arguments."""
    found = []
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            found += plain_patterns(one.url_patterns, route)
        elif isinstance(one, URLPattern) and not re.search(r"[<(^$\\]", route):
            found.append(route)
    return [url for url in found if not LEFT_OUT.match(url)]


def text_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return unzipped(content) if content[:2] == b"PK" else content.decode("utf-8", "replace")


def walk(someone: Someone, addresses: list[str], limit: int) -> tuple[int, list[str]]:
    """Ask for addresses and then for what they link to, up to a limit; return how many were asked and the faults."""
    waiting, seen, faults = list(addresses), set(addresses), []
    secret, asked, client = hidden_words(someone.role), 0, someone.client()
    while waiting and asked < limit:
        url = waiting.pop(0)
        asked += 1
        with attempt():
            response = client.get(url)
            text = text_of(response)
        if response.status_code >= 500:
            faults.append(f"{url}: {response.status_code}")
        faults += [f"{url} tells of {secret[word]}" for word in set(CANARY.findall(text)) & set(secret)]
        if response.status_code == 200 and "html" in response.get("Content-Type", ""):
            for link in LINK.findall(text):
                target = urljoin(url, unescape(link))
                plain = (
                    urlsplit(target)._replace(query="").geturl() if "after=" in target or "next=" in target else target
                )
                if plain not in seen and not LEFT_OUT.match(plain):
                    seen.add(plain)
                    waiting.append(plain)
    return asked, faults


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_nobody_meets_a_hidden_word_or_a_broken_page_on_his_way(
    world: World, role: str, volume: Any, record_property: Any
) -> None:
    limit = volume(f"addresses at most for the {role}", sample=90, trial=100_000)
    addresses = known_addresses(world)
    if limit < len(addresses):
        addresses = [*STARTS[:3], *random.Random(f"{SEED} {role}").sample(addresses, limit // 2)]
    asked, faults = walk(world.people[role], addresses, limit)
    if limit > len(addresses):
        record_property("volume", f"volume: {asked} addresses asked for as {role}")
    assert asked < limit or limit < 1000, "some addresses were left"
    assert faults == []
