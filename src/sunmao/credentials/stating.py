"""What a crosswalk credential states, row by row, in the language in use; of a document from anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from sunmao.kernel.text import Texts
from sunmao.standards.models import Relation
from sunmao.vc.crosswalks import check_crosswalk, is_crosswalk
from sunmao.vc.errors import VcError

MOST = 500  # rows told on a page; the file holds all


@dataclass(frozen=True)
class Stated:
    """One row: outcomes of the source by number and text, how the target stands to them, when and by whom confirmed."""

    sources: list[tuple[str, Texts]]
    relation: str
    target: tuple[str, Texts]
    confirmed: str
    words: list[str]


def rows(document: dict[str, Any] | None) -> list[Stated]:
    """Return the rows of a crosswalk credential; none of anything else, or where it breaks a rule."""
    try:
        if not document or not is_crosswalk(document):
            return []
        check_crosswalk(document)
    except (VcError, TypeError, KeyError):
        return []
    return [_row(row) for row in document["credentialSubject"]["alignment"][:MOST]]


def _row(row: dict[str, Any]) -> Stated:
    return Stated(
        [_outcome(one) for one in row["source"]], str(Relation(row["relation"]).label), _outcome(row["target"]),
        row["confirmedOn"][:10], [_word(word) for word in row["judgement"]],
    )  # fmt: skip


def _outcome(item: dict[str, Any]) -> tuple[str, Texts]:
    return item["code"][:20], texts(item)


def texts(item: dict[str, Any]) -> Texts:
    """Return a name with its other languages, as `vc.issue.texts_of` writes them."""
    more = item.get("nameIn")
    held = {str(code)[:12]: str(text)[:400] for code, text in more.items()} if isinstance(more, dict) else {}
    first = str(item.get("name", ""))[:400]
    return Texts.of({"en" if "en" not in held else "und": first, **held})


def _word(word: dict[str, Any]) -> str:
    named = {"who": word["person"][:200], "where": texts(word["organisation"]).best()[0], "day": word["said"][:10]}
    note = str(word.get("note", ""))[:500]
    return _("%(who)s, %(where)s, %(day)s") % named + (f": “{note}”" if note else "")
