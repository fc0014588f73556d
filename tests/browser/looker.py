"""Asks for pages as the cast would, and looks at them in Chromium: the rules of axe, room, and what the browser says.

The pages are answered inside the test's transaction; Chromium asks as it would ask a server.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from contract.world import SESSION, World
from django.test import Client
from pages import Address
from shapes import typed

BASE = "http://localhost"
THEMES, WIDTHS = ("light", "dark"), (1440, 390)
DRESSES = tuple(itertools.product(THEMES, WIDTHS))
# target-size is off unless it is asked for, though it is part of WCAG 2.2 AA. The styles need not be fetched a second
# time (preload): no rule of these reads them.
RULES = """() => axe.run({
  runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']},
  rules: {'target-size': {enabled: true}}, resultTypes: ['violations'], preload: false})"""
MEASURING = "() => axe.run({runOnly: {type: 'rule', values: ['target-size']}, resultTypes: ['violations']})"
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
    """Asks the register for pages, as any of the cast."""

    def __init__(self, world: World) -> None:
        self.world, self.client = world, Client(raise_request_exception=False)

    def ask(self, case: Case) -> Answer:
        """Return the page, or what its form says when it is sent as it stands. It names no theme, so that it is shown
        in the one the browser prefers."""
        self.client.cookies.clear()
        self.client.cookies["language"] = case.language
        someone, url = self.world.people[case.role], case.page.url
        if someone.account is not None:
            self.client.cookies[SESSION] = someone._sessions["afresh"]
        found = self.plain(self.client.get(url, follow=True))
        if case.page.sent and found.status == 200 and (values := typed(found.body)) is not None:
            found = self.plain(self.client.post(url, values, follow=True))
        return found

    def static(self, url: str) -> Answer:
        return self.plain(self.client.get(url))

    @staticmethod
    def plain(response: Any) -> Answer:
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return Answer(response.status_code, dict(response.headers), body)


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

    def dress(self, theme: str, width: int) -> None:
        self.page.emulate_media(color_scheme=theme)
        self.page.set_viewport_size({"width": width, "height": 900})

    def rules(self, script: str = RULES) -> list[str]:
        """Return what axe finds on the page that is open."""
        return [
            f"{item['id']}: {node['html'][:160]} {' '.join(node['target'])[:80]}"
            for item in self.page.evaluate(script)["violations"]
            for node in item["nodes"][:2]
        ]

    def under_all_rules(self, dresses: Any = DRESSES) -> Iterator[str]:
        """Yield what is wrong with the page that is open, in each theme and width."""
        for theme, width in dresses:
            self.dress(theme, width)
            for fault in [*self.rules(), *self._sideways()]:
                yield f"{theme} {width}: {fault}"

    def measured(self) -> Iterator[str]:
        """Yield what the words of the page that is open do to its room, in each width."""
        for width in WIDTHS:
            self.dress("light", width)
            for fault in [*self.rules(MEASURING), *self._sideways()]:
                yield f"{width}: {fault}"

    def _sideways(self) -> list[str]:
        return ["scrolls sideways"] if self.page.evaluate(SIDEWAYS) else []
