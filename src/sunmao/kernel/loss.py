"""A register that went back behind what others witnessed writes nothing until someone says what was lost.

Restoring a backup must not un-revoke a credential. The newest root that someone outside kept is therefore also
remembered beside the database, in SUNMAO_HOME/witnessed.json, where a restored backup does not reach. Where the log
is shorter than that, or had another root at that size, the door for writing is shut until the loss is declared.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.kernel.models import Change, Checkpoint

_declaring: ContextVar[bool] = ContextVar("declaring_a_loss", default=False)
_found_whole = False  # asked at the start of a process, and again as long as something is lost


def place() -> Path:
    return Path(settings.SUNMAO_HOME) / "witnessed.json"


def _read() -> dict[str, Any]:
    """Return what is remembered; a damaged file counts as a loss of its own and is named by `missing`."""
    if not place().exists():
        return {}
    try:
        held = json.loads(place().read_text(encoding="utf-8"))
        return {**held, "size": int(held.get("size", 0)), "root": str(held.get("root", ""))}
    except (ValueError, TypeError, AttributeError):
        return {"size": sys.maxsize, "root": "damaged", "who": place().name, "lost": []}


def _write(held: dict[str, Any]) -> None:
    beside = place().with_name(f".{place().name}-{os.getpid()}")
    with beside.open("w", encoding="utf-8") as out:
        json.dump(held, out, indent=2)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(place())


def remember(size: int, root: str, who: str) -> None:
    """Keep a witnessed root beside the database."""
    held = _read()
    seen = [*held.get("witnesses", ()), [size, root, who]]
    newest = {"size": size, "root": root, "who": who} if size > held.get("size", 0) else {}
    _write({**held, **newest, "witnesses": [list(row) for row in dict.fromkeys(map(tuple, seen))]})


def witnesses() -> list[tuple[int, str, str]]:
    """Return every (size, root, who) remembered since the last declared loss."""
    return [(int(size), str(root), str(who)) for size, root, who in _read().get("witnesses", ())]


def missing() -> dict[str, Any] | None:
    """Return the remembered root (size, root, who) that the log does not reach or does not fit; None where it does."""
    held = _read()
    if not held.get("size"):
        return None
    checkpoint = Checkpoint.objects.filter(size=held["size"]).first()
    fits = checkpoint is None or checkpoint.root == held["root"]
    if fits and Change.objects.filter(position=held["size"]).exists():
        return None
    return held


def refuse() -> None:
    """Raise ValidationError where something witnessed is missing; asked by the door before each deed."""
    global _found_whole
    if _found_whole or _declaring.get():
        return
    held = missing()
    if held is None:
        _found_whole = True
        return
    raise ValidationError(
        _(
            "This register is older than the root of %(size)s entries that %(who)s kept, so it is read-only. "
            "Restore a newer backup, or say what was lost: sunmao declare-loss --why … --as …"
        )
        % {"size": held["size"], "who": held["who"]},
        code="loss",
    )


def ask_again() -> None:
    """Look anew, as at the start of a process."""
    global _found_whole
    _found_whole = False


@contextmanager
def declared(held: dict[str, Any]) -> Iterator[None]:
    """Let the declaration itself be written; afterwards the root is kept among the lost ones and writing goes on."""
    token = _declaring.set(True)
    try:
        yield
    finally:
        _declaring.reset(token)
    lost = [*held.get("lost", ()), {name: held.get(name) for name in ("size", "root", "who")}]
    _write({"size": 0, "root": "", "who": "", "lost": lost})
