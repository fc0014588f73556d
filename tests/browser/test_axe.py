"""axe finds nothing on any page: WCAG 2.2 AA, every rule of it, in three languages, light and dark, wide and narrow, for
every member of the cast, over the demonstration register and a sample of every desk. Beside it: no page scrolls
sideways, breaks, names what is not there, or meets its own content security policy.

Whole, every address is asked for as every person in every language, and every record of the demonstration as who sees
most and who sees least. Every page is read and, where it differs from all before, measured in both widths; every
situation (situations.py) that is new in a language is held under all rules in both themes and widths; why that decides
the rest stands in docs/decisions/0010-axe.md. The tests take a fixed sample of pages, each in one language, theme and
width.
"""

from __future__ import annotations

import itertools
import operator
import os
import random
import re
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from contract.faces import read_here
from contract.world import LANGUAGES, Someone, World
from django.db import transaction
from laid import demonstration
from looker import DRESSES, KNOWN_RULES, Asker, Case, Looker
from pages import Address, addresses, further, imports, linked
from situations import Page
from surroundings import ROOT, TRIALS
from whole import Whole

from sunmao.kernel import sheets
from sunmao.site import signins

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.slow]
SEED, PAGES = 20260911, 46
DECISION = ROOT / "docs" / "decisions" / "0010-axe.md"
SHEET = ROOT / "src" / "sunmao" / "kernel" / "static" / "sunmao" / "sunmao.css"
PLANTED = """<title>Planted</title><main><h1>Planted</h1><img src="data:,"><input><p style="color:#bbb">Faint</p>
<button style="all:unset;width:9px;height:9px;background:#000" aria-label="a"></button><button
style="all:unset;width:9px;height:9px;background:#000" aria-label="b"></button></main>"""


def sampled(world: World, count: int) -> list[tuple[Case, tuple[str, int]]]:
    """Choose so many pages, each with a theme and a width, that every kind is met and the most pairs of traits are;
    always the same ones."""
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
            drawn.append((Case(page, role, chance.choice(LANGUAGES)), chance.choice(DRESSES)))
        best = max(drawn, key=lambda one: len(_pairs(*one) - met))
        met |= _pairs(*best)
        chosen.append(best)
    return chosen


def _pairs(case: Case, dress: tuple[str, int]) -> set[tuple[object, object]]:
    return set(itertools.combinations((case.page.kind, case.role, case.language, *dress), 2))


def everything(world: World) -> Iterator[Case]:
    """Yield every address for every person in every language, or in those that SUNMAO_PIECE names, or those addresses that
    SUNMAO_ADDRESSES finds; in an order by chance, so that most of what is new comes early."""
    known, only = addresses(world), re.compile(os.environ.get("SUNMAO_ADDRESSES", ""))
    known = [item for item in (*known, *linked(world, known), *further()) if only.search(item.url)]
    at = operator.attrgetter("url", "role", "signed_in")
    met = [list(alike) for _where, alike in itertools.groupby(sorted(dict.fromkeys(known), key=at), at)]
    for language in os.environ["SUNMAO_PIECE"].split() if "SUNMAO_PIECE" in os.environ else LANGUAGES:
        visits = [(pages, role) for pages in met for role in ([pages[0].role] if pages[0].role else world.people)]
        random.Random(SEED).shuffle(visits)
        yield from (Case(page, role, language) for pages, role in visits for page in pages)


@pytest.fixture(scope="module")
def world(django_db_setup: Any, django_db_blocker: Any) -> Iterator[World]:
    """The demonstration register and, in it, the contract's cast with a sample of every desk; the people of both."""
    with django_db_blocker.unblock(), demonstration() as demo, transaction.atomic():
        made = World().settle()
        for role, account in demo.cast.items():
            made.people[role] = Someone(role, account)
            made.people[role].sign_in()
        with mock.patch.object(sheets, "read", read_here):
            made.imports = imports(made)
        yield made
        transaction.set_rollback(True)
    signins.place().unlink(missing_ok=True)


@pytest.fixture
def looker(browser: Any, world: World) -> Iterator[Looker]:
    made = Looker(browser, Asker(world))
    yield made
    made.context.close()


def test_axe_finds_what_is_planted(looker: Looker) -> None:
    looker.page.set_content(PLANTED)
    found = {fault.partition(":")[0] for fault in looker.rules()}
    assert found == {"color-contrast", "html-has-lang", "image-alt", "label", "target-size"}


def test_every_rule_that_axe_knows_is_told_in_the_decision(looker: Looker) -> None:
    rows = DECISION.read_text(encoding="utf-8").partition("## What each rule reads")[2].partition("\n## ")[0]
    told = sorted(re.findall(r"`([a-z-]+)`", rows))
    assert told == sorted(rule["ruleId"] for rule in looker.page.evaluate(KNOWN_RULES))


def test_a_dark_that_is_chosen_is_the_dark_that_is_preferred_however_the_screen_is_held() -> None:
    sheet = SHEET.read_text(encoding="utf-8")
    preferred, chosen = (re.search(rf"{at}\{{color-scheme:dark;(.*?)\}}", sheet, re.DOTALL)[1]  # type: ignore[index]
                         for at in (r":not\(\[data-theme=light\]\)", r":root\[data-theme=dark\]"))  # fmt: skip
    assert preferred.split() == chosen.split() and "orientation" not in sheet


def test_axe_finds_nothing_on_any_page(looker: Looker, world: World, record_property: Any, capsys: Any) -> None:
    if TRIALS:
        with capsys.disabled():
            whole = Whole(looker)
            for case in everything(world):
                whole.take(case, looker.asker.ask(case))
            whole.measure()
        record_property("volume", f"volume: {whole}")
        faults = whole.faults
    else:
        faults = [fault for one in sampled(world, PAGES) for fault in looked(looker, *one)]
    assert faults == [], f"{len(faults)} faults\n" + "\n".join(faults)


def looked(looker: Looker, case: Case, dress: tuple[str, int]) -> list[str]:
    """Return what is wrong with one page in one theme and width."""
    answer = looker.asker.ask(case)
    looker.open(case.page.url, answer)
    faults = Page(answer.body).faults(case.language, frozenset(looker.known()))
    found = [*faults, *looker.under_rules(dresses=[dress]), *looker.heard]
    return [f"{case}: {fault}" for fault in found] + [f"{case}: answered {answer.status}"] * (
        answer.status >= 500 and not case.page.breaks
    )
