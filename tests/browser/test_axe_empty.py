"""axe finds nothing in an empty register either: nothing is recorded but the secretariat that set it up. And what it
finds in a page that was spoilt shows in what is read of that page."""

from __future__ import annotations

import contextlib
import itertools
import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import cast
import pytest
from contract.world import LANGUAGES, Someone
from looker import DRESSES, Asker, Case, Looker
from pages import Address, around, elsewhere
from situations import Page
from spoiling import spoilt
from surroundings import TRIALS
from whole import Whole

from sunmao.directory.models import Kind
from sunmao.kernel.desk import registry

pytestmark = [pytest.mark.browser, pytest.mark.django_db, pytest.mark.slow]
SEED = 20261122
MEASURED = re.compile("target-size|p-as-heading|scrollable-region-focusable|sideways")
SAMPLE = ("home", "figures", "list")


@pytest.fixture
def looker(browser: Any, db: None) -> Iterator[Looker]:
    office = cast.organisation("Register Office", country="CN", kind=Kind.ASSOCIATION)
    secretariat = Someone("secretariat", cast.user("Lin Example", ("secretariat", office)))
    secretariat.sign_in()
    people = {"visitor": Someone("visitor", None), "secretariat": secretariat}
    world: Any = SimpleNamespace(people=people)
    made = Looker(browser, Asker(world))
    yield made
    made.context.close()


def test_axe_finds_nothing_in_an_empty_register(looker: Looker, record_property: Any, capsys: Any) -> None:
    pages = elsewhere() + [page for desk in registry.by_slug.values() for page in around(desk)]
    whole = Whole(looker, dresses=DRESSES if TRIALS else DRESSES[1:3])
    if TRIALS:
        cases = [
            Case(page, role, language)
            for language, role, page in itertools.product(LANGUAGES, looker.asker.world.people, pages)
            if page.role in ("", role)
        ]
    else:
        by_kind = {page.kind: page for page in reversed(pages)}
        cases = [Case(by_kind[kind], "secretariat", LANGUAGES[at]) for at, kind in enumerate(SAMPLE)]
    with capsys.disabled() if TRIALS else contextlib.nullcontext():
        for case in cases:
            whole.take(case, looker.asker.ask(case))
        whole.measure()
    if TRIALS:
        record_property("volume", f"volume, in an empty register: {whole}")
    assert whole.faults == []


def test_whatever_axe_finds_in_a_spoilt_page_shows_in_what_is_read_of_it(looker: Looker, volume: Any) -> None:
    """On this rests that a page whose situations were all met before is not opened."""
    chance, known = random.Random(SEED), frozenset(looker.known())
    urls = ("/organisations/", "/organisations/add/", "/figures/", "/agreements/?q=zzzzzz", "/account/", "/verify/")
    cases = [Case(Address("any", url), "secretariat", "en") for url in urls]
    found, unseen = Counter[str](), []
    for _time in range(volume("spoilt pages held under all rules", sample=6, trial=1500)):
        case = chance.choice(cases)
        answer = looker.asker.ask(case)
        page = Page(spoilt(answer.body, chance))
        looker.open(case.page.url, replace(answer, body=page.body))
        said = {fault for fault in looker.under_rules([("light", 1440)]) if not MEASURED.search(fault)}
        found.update(fault.split(": ")[1] for fault in said)
        if said and page.situations() <= Page(answer.body).situations() and not [*page.faults("en", known)]:
            unseen += [f"{case.page.url}: {fault}" for fault in said]
    print(f"found in spoilt pages: {dict(found)}")
    assert unseen == []
