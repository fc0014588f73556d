"""Compiles the rooms' catalogues of translations (GNU gettext .po) to the form Django reads (.mo)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]


def catalogues(root: Path = HERE) -> Iterator[Path]:
    """Yield the catalogues of all rooms under `root`, in order."""
    yield from sorted(root.glob("*/locale/*/LC_MESSAGES/django.po"))


def compile_all(root: Path = HERE) -> int:
    """Compile the catalogues that are newer than their compiled form; return how many.

    Each is put in place whole, so that two processes may do this at once.
    """
    done = 0
    for source in catalogues(root):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        _compile(source, target)
        done += 1
    return done


def _compile(source: Path, target: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as given:
        catalogue = read_po(given)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".mo-")
    with os.fdopen(handle, "wb") as out:
        write_mo(out, catalogue)
    Path(name).replace(target)
