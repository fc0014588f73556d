"""The world of the contract is made once, inside a transaction that is taken back after the last case."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

HERE = Path(__file__).parent
SHARE = 10  # the fast suite takes one in so many cases of the table desks by rules, always the same; trials take all


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep a fixed sample of the cases of this folder, unless the trials ask for all of them."""
    if os.environ.get("SUNMAO_TRIALS"):
        return
    still_open = set((HERE / "open.txt").read_text(encoding="utf-8").split())
    kept, left = [], []
    for item in items:
        name = item.nodeid.split("::", 1)[1]
        ours = HERE in item.path.parents and hasattr(item, "callspec")
        (left if ours and (zlib.crc32(name.encode()) % SHARE or name in still_open) else kept).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


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


def pytest_terminal_summary(terminalreporter: Any) -> None:
    names = (HERE / "open.txt").read_text(encoding="utf-8").split()
    terminalreporter.write_line(
        f"contract: {len(names)} cases known to fail are open (tests/contract/open.txt); trials run them"
    )
