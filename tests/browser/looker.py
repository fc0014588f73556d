"""Asks for pages as the cast would, and looks at them in Chromium: the rules of axe, room, and what the browser says.

The pages are answered inside the test's transaction; Chromium asks as it would ask a server.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from unittest import mock

from axe_playwright_python.sync_playwright import Axe
from contract.world import SESSION, World
from django.core.cache import cache
from django.db import OperationalError, transaction
from django.test import Client
from pages import TOO_OLD, Address
from situations import typed

from sunmao.kernel import search

BASE = "http://localhost"
THEMES, WIDTHS = ("light", "dark"), (1440, 390)
DRESSES = tuple(itertools.product(THEMES, WIDTHS))
# Every rule of these, also those that axe leaves out unless they are asked for (target-size, and the experimental ones).
# The styles need not be fetched a second time (preload): only css-orientation-lock reads them, and the stylesheet does
# not ask how a screen is held.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")
KNOWN_RULES = f"() => axe.getRules({json.dumps(TAGS)})"
RULES = f"""(only) => axe.run({{
  runOnly: {{type: 'rule', values: only.length ? only : axe.getRules({json.dumps(TAGS)}).map((rule) => rule.ruleId)}},
  resultTypes: ['violations'], preload: false}})"""
COLOURS = ("color-contrast", "link-in-text-block")
LANGUAGES_KNOWN = "() => axe.utils.validLangs()"
UNFOLD = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
ROOM = '<!doctype html><meta name="viewport" content="width=device-width,initial-scale=1"><link rel="stylesheet" href="%s">'
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass(frozen=True)
class Case:
    """One page as one person meets it in one language."""

    page: Address
    role: str
    language: str


@dataclass(frozen=True)
class Answer:
    """What was answered at the end of all redirects."""

    status: int
    headers: dict[str, str]
    body: bytes


class Asker:
    """Asks the register for pages, as any of the cast. What is asked for leaves nothing behind it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clients = {strict: Client(enforce_csrf_checks=strict, raise_request_exception=False)
                        for strict in (False, True)}  # fmt: skip
        self.last: tuple[tuple[str, ...], Answer] | None = None

    def ask(self, case: Case) -> Answer:
        """Return the page, or what its form says when it is sent. It names no theme, so that it is shown in the one
        the browser prefers."""
        page, client = case.page, self._client(case)
        key = (page.url, case.role, case.language, page.signed_in)
        if self.last is None or self.last[0] != key or page.breaks or page.part:
            with _undone(), _breaking(page.breaks):
                got = self.plain(client.get(page.url, follow=True))
                if page.part and got.status == 200:
                    got = _filled(got, client.get(page.part).content)
            self.last = None if page.breaks or page.part else (key, got)
        else:
            got = self.last[1]
        if not page.sent or got.status != 200 or (values := typed(got.body, page.sent)) is None:
            return got
        with _undone():
            for _time in range(page.times):
                got = self.plain(client.post(page.url, values, follow=True))
        return got

    def _client(self, case: Case) -> Client:
        """Return the client as this person would use it; who is asked for often has not used up his turns."""
        cache.clear()
        client = self.clients[case.page.sent == TOO_OLD]
        client.cookies.clear()
        client.cookies["language"] = case.language
        someone = self.world.people[case.role]
        if someone.account is not None:
            client.cookies[SESSION] = someone._sessions[case.page.signed_in]
        return client

    def static(self, url: str) -> Answer:
        return self.plain(self.clients[False].get(url))

    @staticmethod
    def plain(response: Any) -> Answer:
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return Answer(response.status_code, dict(response.headers), body)


@contextlib.contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextlib.contextmanager
def _breaking(what: str) -> Iterator[None]:
    """Let the search break as it would by a fault of ours, or by others who write."""
    errors = {"bug": RuntimeError("planted"), "busy": OperationalError("database is locked")}
    if not what:
        yield
        return
    with mock.patch.object(search, "everywhere", side_effect=errors[what]):
        yield


def _filled(answer: Answer, part: bytes) -> Answer:
    """Return a page into which a part was brought, as HTMX would, where the page has a place for it."""
    place = re.search(rb'(class="(?:kept|found)" role="status">)(?=<)', answer.body)
    return (
        answer
        if place is None
        else replace(answer, body=answer.body[: place.end()] + part + answer.body[place.end() :])
    )


class Looker:
    """Opens answered pages and tells what is wrong with them."""

    def __init__(self, browser: Any, asker: Asker) -> None:
        self.asker, self.ready = asker, {}  # type: ignore[var-annotated]
        self.heard: list[str] = []
        self.context = browser.new_context()
        self.context.add_init_script(Axe().axe_script)
        self.page = self.context.new_page()
        self.page.route("**/*", self._answer)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.heard.append(f"script error: {error}"))

    def _heard(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.heard.append(message.text)

    def _answer(self, route: Any) -> None:
        """Answer a request of the page: the page itself is ready, what is static is asked for once."""
        where = route.request.url.removeprefix(BASE)
        if where.startswith("/static/") and where not in self.ready:
            self._make_ready(where, self.asker.static(where))
        route.fulfill(**self.ready.get(where, {"status": 404}))

    def _make_ready(self, where: str, answer: Answer) -> None:
        self.ready[where] = {"status": answer.status, "headers": answer.headers, "body": answer.body}

    def open(self, where: str, answer: Answer) -> None:
        self.heard.clear()
        self._make_ready(where, answer)
        self.page.goto(BASE + where)
        del self.ready[where]

    def known(self) -> list[str]:
        """Return the languages that a page may be marked with."""
        found: list[str] = self.page.evaluate(LANGUAGES_KNOWN)
        return found

    def room(self, width: int, sheet: Any) -> Any:
        """Return an empty page of this width with the stylesheet, to be filled by a script."""
        room = self.context.new_page()
        room.route("**/*", self._answer)
        room.set_viewport_size({"width": width, "height": 900})
        self.ready["/room/"] = {"status": 200, "content_type": "text/html", "body": ROOM % sheet[1].decode()}
        room.goto(f"{BASE}/room/")
        return room

    def dress(self, theme: str, width: int) -> None:
        self.page.emulate_media(color_scheme=theme)
        self.page.set_viewport_size({"width": width, "height": 900})

    def rules(self, *only: str) -> list[str]:
        """Return what axe finds on the page that is open, by all rules or some."""
        return [
            f"{item['id']}: {node['html'][:160]} {' '.join(node['target'])[:80]}"
            for item in self.page.evaluate(RULES, only)["violations"]
            for node in item["nodes"][:2]
        ]

    def under_rules(self, dresses: Any = DRESSES) -> Iterator[str]:
        """Yield what is wrong with the page that is open, all of it unfolded, in each theme and width. All rules are
        asked in half of these, so that each theme and width meets each, and those that read colours in the others."""
        self.page.evaluate(UNFOLD)
        for theme, width in dresses:
            self.dress(theme, width)
            whole = len(dresses) == 1 or (theme == "light") == (width == max(WIDTHS))
            for fault in [*self.rules(*(() if whole else COLOURS)), *self._sideways()]:
                yield f"{theme} {width}: {fault}"

    def _sideways(self) -> list[str]:
        return ["scrolls sideways"] if self.page.evaluate(SIDEWAYS) else []
