"""axe finds nothing on any kind of page: WCAG 2.2 AA, every rule of it, in three languages, light and dark, wide and
narrow, for every member of the cast, over the demonstration register and a sample of every desk. Beside it: no page
scrolls sideways, breaks, or meets its own content security policy.

The pages are answered inside the test's transaction; Chromium asks as it would ask a server.
"""

from __future__ import annotations

import itertools
import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from contract.world import LANGUAGES, SESSION, Someone, World
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from surroundings import TRIALS

from sunmao.kernel.desk import registry
from sunmao.site import signins

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.slow]
SEED = 20260911
BASE = "http://localhost"
THEMES, WIDTHS = ("light", "dark"), (1440, 390)
SETTINGS = tuple(itertools.product(LANGUAGES, THEMES, WIDTHS))
# target-size is off unless it is asked for, though it is part of WCAG 2.2 AA.
RULES = """() => axe.run({
  runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa']},
  rules: {'target-size': {enabled: true}}, resultTypes: ['violations']})"""
TYPED = """() => { const form = document.querySelector('main form[method=post]');
  return form && Object.fromEntries([...new FormData(form)].filter(pair => typeof pair[1] === 'string')) }"""
PLANTED = """<title>Planted</title><main><h1>Planted</h1><img src="data:,"><input><p style="color:#bbb">Faint</p>
<button style="all:unset;width:9px;height:9px;background:#000" aria-label="a"></button><button
style="all:unset;width:9px;height:9px;background:#000" aria-label="b"></button></main>"""
MADE_UP = "00000000-0000-4000-8000-000000000000"
ELSEWHERE = {
    "home": "/",
    "search": "/search/?q=college",
    "search finds nothing": "/search/?q=zzzzzz",
    "search asks": "/search/",
    "today": "/today/",
    "account": "/account/",
    "sign-in": "/accounts/login/",
    "second factor": "/accounts/2fa/",
    "not found": "/no-such-page/",
    "no such record": "/agreements/AG-99999/",
    "verify": "/verify/",
    "verify, nothing known": f"/v/{MADE_UP}/",
    "recognised": "/recognised/",
    "recognition register": "/recognised/register/",
    "figures": "/figures/",
    "figure": "/figures/workshops/",
    "figure as of": "/figures/alliance-members/?as_of=2025-01-01",
    "deadlines": "/agreements/deadlines/",
    "filtered list": "/organisations/?q=college&country=CN",
    "list, nothing fits": "/organisations/?q=zzzzzz",
    "saving a view": "/organisations/save-view/?country=CN",
}


@dataclass(frozen=True)
class Address:
    """One page by its kind. `sent`: its form is sent as it stands, and the page with the errors is looked at. `role`:
    who alone meets it; otherwise everybody does."""

    kind: str
    url: str
    sent: bool = False
    role: str = ""


@dataclass(frozen=True)
class Case:
    """One page as one person meets it."""

    page: Address
    role: str
    language: str
    theme: str
    width: int

    def pairs(self) -> set[tuple[str, object]]:
        """Return every pair of two of its traits."""
        traits = (self.page.kind, self.role, self.language, self.theme, self.width)
        return set(itertools.combinations(traits, 2))  # type: ignore[arg-type]


def addresses(world: World) -> list[Address]:
    """Return every page: those of the site, and per desk its lists, forms, steps of an import, and the pages of the
    first record, of the sample, and of the record that most was done to."""
    found = [Address(kind, url) for kind, url in ELSEWHERE.items()]
    found += [Address("sign-in refused", "/accounts/login/", sent=True), *world.imports]
    for slug, desk in registry.by_slug.items():
        own = [*desk.all().order_by("pk")[:1], *desk.all().order_by("-revision", "pk")[:1]]
        own += [world.sample(slug)] if slug in world._samples else []
        base = desk.list_url()
        found += [Address("list", base), Address("list, nothing fits", f"{base}?q=zzzzzz")]
        if desk.form:
            found += [Address(kind, f"{base}{kind}/") for kind in ("add", "import")]
            found += [Address(f"{kind} refused", f"{base}{kind}/", sent=True) for kind in ("add", "import")]
        for url in dict.fromkeys(desk.url(record) for record in own):
            found += [Address("record", url), Address("history", f"{url}history/"), Address("delete", f"{url}delete/")]
            if desk.form:
                found += [Address("edit", f"{url}edit/"), Address("edit refused", f"{url}edit/", sent=True)]
            for deed in desk.deeds:
                found.append(Address("deed", f"{url}do/{deed.name}/"))
                found.append(Address("deed refused", f"{url}do/{deed.name}/", sent=True))
    return found


def imports(world: World) -> list[Address]:
    """Bring sheets in as far as each of the steps: what a desk gives out, and one that is wrong in every row."""
    client, found = world.people["secretariat"].client(), []
    wrong = {"organisations": b"name,country\r\nA College,ZZ\r\n,CN\r\n", "documents": b"nothing,of,ours\r\na,b,c\r\n"}
    for slug in ("organisations", "workshops", "events", "documents"):
        out = client.get(f"/{slug}/export.csv")
        own = b"".join(out.streaming_content) if out.streaming else out.content
        for name, sheet, steps in (("rows", own, 1), ("rows", own, 2), ("rows", own, 3), ("wrong", wrong.get(slug), 1),
                                   ("wrong", wrong.get(slug), 2)):  # fmt: skip
            if sheet is not None:
                found += _steps(client, slug, SimpleUploadedFile(f"{name}.csv", sheet), steps)
    return list(dict.fromkeys(found))


def _steps(client: Client, slug: str, sheet: SimpleUploadedFile, steps: int) -> Iterator[Address]:
    """Go through so many steps of an import and yield the pages met on the way."""
    mapping = client.post(f"/{slug}/import/", {"file": sheet}).headers["Location"]
    yield Address("import, mapping", mapping, role="secretariat")
    yield Address("import, mapping sent", mapping, sent=True, role="secretariat")
    if steps == 1:
        return
    page = client.get(mapping).content.decode()
    chosen = dict(re.findall(r'<select[^>]*name="(column-\d+)".*?<option value="([^"]+)" selected', page, re.DOTALL))
    client.post(mapping, chosen)
    check = mapping.replace("/mapping/", "/check/")
    yield Address("import, check", check, role="secretariat")
    if steps == 3:
        client.post(check, {"keep_good": "on"})
        yield Address("import, done", check.replace("/check/", "/done/"), role="secretariat")


def everything(world: World) -> list[Case]:
    """Every address in every setting, asked by every person in turn: each address meets each setting, and as many of
    the persons."""
    people = itertools.cycle(world.people)
    return [
        Case(page, page.role or next(people), *setting) for page in addresses(world) for setting in SETTINGS
    ]  # fmt: skip


def sampled(world: World, count: int) -> list[Case]:
    """Choose so many cases that every kind is met and the most pairs of traits are; always the same ones."""
    by_kind: dict[str, list[Address]] = {}
    for item in addresses(world):
        by_kind.setdefault(item.kind, []).append(item)
    chance, met, chosen = random.Random(SEED), set(), []
    kinds = itertools.cycle(by_kind)
    while len(chosen) < count:
        some = by_kind[next(kinds)]
        drawn = []
        for _try in range(20):
            page = chance.choice(some)
            role = page.role or chance.choice(("secretariat", *world.people))  # the one who sees most, twice as often
            drawn.append(Case(page, role, *chance.choice(SETTINGS)))
        best = max(drawn, key=lambda case: len(case.pairs() - met))
        met |= best.pairs()
        chosen.append(best)
    return chosen


def piece(cases: list[Case]) -> list[Case]:
    """Return the part of the cases that SUNMAO_PIECE names, as in 3/40: the third of forty. Without it, all."""
    number, _slash, of = os.environ.get("SUNMAO_PIECE", "1/1").partition("/")
    return cases[int(number) - 1 :: int(of)]


@pytest.fixture(scope="module")
def world(django_db_setup: Any, django_db_blocker: Any) -> Iterator[World]:
    """The demonstration register and, in it, the contract's cast with a sample of every desk; the people of both."""
    from sunmao.site.demo.load import load

    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            demo = load(lambda *told: None)
            made = World().settle()
            for role, account in demo.cast.items():
                made.people[role] = Someone(role, account)
                made.people[role].sign_in()
            made.imports = imports(made)
            yield made
        finally:
            signins.place().unlink(missing_ok=True)
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


class Looker:
    """Opens pages for the cast and gathers what is wrong with them."""

    def __init__(self, browser: Any, world: World) -> None:
        self.world, self.client = world, Client(raise_request_exception=False)
        self.axe = Axe().axe_script
        self.context = browser.new_context()
        self.page = self.context.new_page()
        self.page.route("**/*", self._answer)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.heard.append(f"script error: {error}"))
        self.ready: dict[str, Any] = {}
        self.heard: list[str] = []
        self.status, self.looked = 200, 0

    def _heard(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.heard.append(message.text)

    def _answer(self, route: Any) -> None:
        """Answer a request of the page: the page itself is ready, what is static is asked for once."""
        where = route.request.url.removeprefix(BASE)
        if where.startswith("/static/") and where not in self.ready:
            self._make_ready(where, self.client.get(where))
        route.fulfill(**self.ready.get(where, {"status": 404}))

    def _make_ready(self, where: str, response: Any) -> None:
        body = b"".join(response.streaming_content) if response.streaming else response.content
        self.ready[where] = {"status": response.status_code, "headers": dict(response.headers), "body": body}
        self.status = response.status_code

    def look(self, case: Case) -> list[str]:
        """Return what is wrong with one page."""
        self.client.cookies.clear()
        self.client.cookies["language"], self.client.cookies["theme"] = case.language, case.theme
        someone, url = self.world.people[case.role], case.page.url
        if someone.account is not None:
            self.client.cookies[SESSION] = someone._sessions["afresh"]
        self.heard.clear()
        self.page.set_viewport_size({"width": case.width, "height": 900})
        self._open(url, self.client.get(url, follow=True))
        if case.page.sent and (typed := self.page.evaluate(TYPED)) is not None:
            self._open(url, self.client.post(url, typed, follow=True))
        self.looked += 1
        return [*self._axe(), *self.heard, *self._of_our_own()]

    def _open(self, where: str, response: Any) -> None:
        self._make_ready(where, response)
        self.page.goto(BASE + where)
        del self.ready[where]

    def _axe(self) -> list[str]:
        self.page.evaluate(self.axe)
        found = self.page.evaluate(RULES)["violations"]
        return [
            f"{item['id']}: {node['html'][:160]} {' '.join(node['target'])[:80]}"
            for item in found
            for node in item["nodes"][:2]
        ]

    def _of_our_own(self) -> Iterator[str]:
        if self.status >= 500:
            yield f"answered {self.status}"
        if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            yield "scrolls sideways"
        if self.page.evaluate("document.querySelectorAll('[style], style').length"):
            yield "has a style of its own"
        if self.page.evaluate("document.querySelectorAll('h1').length") != 1:
            yield "has not one h1"


def test_axe_finds_what_is_planted(browser: Any, world: World) -> None:
    looker = Looker(browser, world)
    looker.page.set_content(PLANTED)
    found = {fault.partition(":")[0] for fault in looker._axe()}
    looker.context.close()
    assert found == {"color-contrast", "html-has-lang", "image-alt", "label", "target-size"}


def test_axe_finds_nothing_on_any_kind_of_page(browser: Any, world: World, volume: Any) -> None:
    all_of_them = piece(everything(world))
    count = volume("pages under axe", sample=46, trial=len(all_of_them))
    cases = all_of_them if TRIALS else sampled(world, count)
    looker, faults = Looker(browser, world), []
    for case in cases:
        with transaction.atomic():
            faults += [f"{case}: {fault}" for fault in looker.look(case)]
            transaction.set_rollback(True)
    looker.context.close()
    assert looker.looked == count
    assert faults == [], f"{len(faults)} faults\n" + "\n".join(faults)
