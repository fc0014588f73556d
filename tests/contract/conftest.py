"""The world of the contract is made once, inside a transaction that is taken back after the last case.

Each rule is asked of every desk: some 1,600 cases, and within many of them every role, face and wrong value. Whole they
take the better part of an hour, so the trials ask them whole, and the tests ask a fixed sample: one case in SHARE,
always the same, whose roles, faces and values are chosen by the case's own name.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from surroundings import TRIALS

HERE = Path(__file__).parent
SHARE = 30
COUNTED = pytest.StashKey[tuple[int, int]]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the cases of this folder, and keep a fixed sample of them unless the trials ask for all."""
    ours = [item for item in items if HERE in item.path.parents]
    for item in ours:
        item.add_marker("contract")
    left = [] if TRIALS else [item for item in ours if hasattr(item, "callspec") and not _sampled(item)]
    config.stash[COUNTED] = (len(ours) - len(left), len(ours))
    if left:
        gone = set(left)
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in gone]


def _sampled(item: pytest.Item) -> bool:
    return zlib.crc32(item.nodeid.split("::", 1)[1].encode()) % SHARE == 0


@pytest.fixture(scope="package")
def world(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Any]:
    from contract.world import World

    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            made = World().settle()
        except BaseException:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)
            raise
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def menu_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep menus for the length of a test: what a rollback takes back, no write tells of, and answers are compared byte
    for byte."""
    from sunmao.kernel import menu

    menu.forget()
    monkeypatch.setattr(menu, "KEPT", 3600.0)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    kept, known = terminalreporter.config.stash.get(COUNTED, (0, 0))
    if known:
        terminalreporter.write_line(f"contract: {kept} of {known} cases; the trials run all, with every role and face")
