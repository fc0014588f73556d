"""What the steps of the demonstration share: the facts as read from their files, and the records made so far."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sunmao.kernel import changes
from sunmao.kernel.changes import System
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When

HERE = Path(__file__).parent
UNCHECKED = ("uid", "code", "register", "created_at", "updated_at")
BY = System("demonstration")


@dataclass
class World:
    """Records by the key they go by in the files; `by` writes what no person of the cast does."""

    by: Any = BY
    documents: dict[str, Any] = field(default_factory=dict)
    organisations: dict[str, Any] = field(default_factory=dict)
    events: dict[str, Any] = field(default_factory=dict)
    alliances: dict[str, Any] = field(default_factory=dict)
    agreements: dict[str, Any] = field(default_factory=dict)
    workshops: dict[str, Any] = field(default_factory=dict)
    questions: dict[str, Any] = field(default_factory=dict)
    cast: dict[str, Any] = field(default_factory=dict)  # accounts of the made-up persons, by role or place
    sign_ins: list[Any] = field(default_factory=list)  # how they sign in (`signins.SignIn`)


def facts(name: str, kind: str, folder: Path = HERE) -> list[dict[str, Any]]:
    """Return the rows of one kind from a file of facts."""
    return list(tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))[kind])


def texts(by_language: Mapping[str, str] | None, translated: Sequence[str] = ()) -> Texts:
    """Return a text in several languages; the translations of ours are not accepted by anyone yet."""
    return Texts.of({
        language: {"text": text, "state": "draft" if language in translated else "accepted"}
        for language, text in (by_language or {}).items()
    })  # fmt: skip


def when(date: str | None, said: str | None = None) -> When | None:
    """Return a date with the words of the source; words alone, if any, where the source is not dated."""
    words = (said or "").removeprefix("not dated").removeprefix("; ")
    if date:
        return When.read(date, said=words)
    return When.unstated(words) if said else None


def keep_all(rows: Sequence[Any], world: World, why: str = "") -> None:
    """Check each new record, then write them as one batch."""
    for row in rows:
        row.prepare()
        row.full_clean(exclude=UNCHECKED)
    changes.bulk(rows, by=world.by, why=why)


def citations(model: Any, record: Any, row: Mapping[str, Any], world: World, names: Mapping[str, str]) -> list[Any]:
    """Return the citations of a record. `names` says which field of the model a fact of the file is; a text that the
    model has no field for, such as a note, stands in the citation of the passage it was read in."""
    found = []
    for cite in row.get("cites", ()):
        fact = names.get(cite["fact"], cite["fact"])
        held, value = getattr(record, fact, None) if fact else None, row.get(cite["fact"])
        says = texts(value) if isinstance(value, dict) and not isinstance(held, Texts) else Texts()
        found.append(
            model(
                record=record, document=world.documents[cite["document"]], fact=fact, passage=cite["passage"], says=says
            )
        )
    return found
