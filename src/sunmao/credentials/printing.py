"""The papers of everyone to whom an award was given together, each a file of its own: of a conferral, or of a list.

Each is the very paper a credential has by itself (`papers.pdf`); what they share is composed once. From the page and by
REST they come in portions, each a ZIP of its own that is sent while it is made, so that a portion which broke off is
asked for again by itself; into a folder they are written one by one, and what lies there already is left alone.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sunmao.cohorts import sights
from sunmao.credentials import papers
from sunmao.credentials.models import Batch, BatchState, Conferral, ConferralState, Credential, CredentialState, Issued
from sunmao.kernel.desk import registry

PORTION = 200  # papers of one ZIP
OFFERED = 20  # portions a page offers; more are for the command
_PIECE = 50  # rows read, and learners told, at a time


@dataclass(frozen=True)
class Paper:
    """A paper under its credential's number; or, without one, why none was made. One that was refused could be in force
    on paper and is not; one of a credential that is not in force is not wanted."""

    number: str
    data: bytes = b""
    why: str = ""
    refused: bool = False


def _order(whole: Conferral | Batch) -> str:
    return "serial" if isinstance(whole, Batch) else "pk"


def is_ready(whole: Conferral | Batch) -> bool:
    """True once every credential of it is signed by every institution."""
    return whole.state == (BatchState.COMPLETE if isinstance(whole, Batch) else ConferralState.COMPLETE)


def rows_of(whole: Conferral | Batch, user: Any) -> QuerySet[Any]:
    """Return the credentials of a conferral or batch that the person sees, however they stand, in an order that stays."""
    if isinstance(whole, Batch):
        rows = registry.by_model[Issued].rows(user).filter(batch=whole)
        return rows.select_related(None).select_related("status_list").order_by(_order(whole))
    return registry.by_model[Credential].rows(user).filter(conferral=whole).order_by(_order(whole))


def of(
    whole: Conferral | Batch, user: Any, *, asked: tuple[str, ...] = (), first: int = 0, count: int | None = None,
    wanted: Callable[[str], bool] = lambda _number: True,
) -> Iterator[Paper]:  # fmt: skip
    """Return the papers of the credentials from place `first` on (0 is the first), at most `count`, in the languages
    asked for; only of numbers that are `wanted`. Learners are told before a piece leaves. ValidationError where it is
    not signed by all yet or a language cannot be had."""
    if not is_ready(whole):
        raise ValidationError(_("It is not signed by all institutions yet."), code="state")
    return _made(whole, user, papers.shared(whole.award, asked), first, count, wanted)


def _made(
    whole: Conferral | Batch, user: Any, common: papers.Shared, first: int, count: int | None,
    wanted: Callable[[str], bool],
) -> Iterator[Paper]:  # fmt: skip
    language = get_language() or "en"
    for piece in _pieces(rows_of(whole, user), _order(whole), first, count):
        chosen = [row for row in piece if wanted(row.number)]
        with translation.override(language):  # who asked may be gone from the thread when a later piece is made
            done = [_paper(whole, row, common) for row in chosen]
        told = [row.learner for row, paper in zip(chosen, done, strict=True) if paper.data and _learner(row)]
        sights.note(user, told, "file", ("results",))
        yield from done


def _pieces(rows: QuerySet[Any], order: str, first: int, count: int | None) -> Iterator[list[Any]]:
    """Yield rows some at a time, each time from where the last ended: nothing is held open for as long as it takes."""
    size = _PIECE if count is None else min(_PIECE, count)
    piece = list(rows[first : first + size])
    while piece:
        yield piece
        count = None if count is None else count - len(piece)
        size = _PIECE if count is None else min(_PIECE, count)
        piece = list(rows.filter(**{f"{order}__gt": getattr(piece[-1], order)})[:size])


def _learner(row: Credential | Issued) -> bool:
    return isinstance(row, Credential) and row.learner is not None


def _paper(whole: Conferral | Batch, row: Credential | Issued, common: papers.Shared) -> Paper:
    if isinstance(row, Issued) and isinstance(whole, Batch):
        row.batch = whole
    if row.state != CredentialState.ISSUED:
        return Paper(row.number, why=str(CredentialState(row.state).label))
    try:
        return Paper(row.number, papers.pdf(row, common))
    except ValidationError as error:
        return Paper(row.number, why=" ".join(error.messages), refused=True)


class _Pipe:
    """Takes what a ZIP writes and gives it on; it cannot go back."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def take(self) -> bytes:
        data, self.held = b"".join(self.held), []
        return data


def zipped(made: Iterator[Paper]) -> Iterator[bytes]:
    """Yield a ZIP of papers piece by piece; `not-made.txt` in it names those that were not made, and why."""
    pipe, missing = _Pipe(), []
    with zipfile.ZipFile(pipe, "w") as box:  # type: ignore[call-overload]
        for paper in made:
            if paper.data:
                box.writestr(f"{paper.number}.pdf", paper.data)
                yield pipe.take()
            else:
                missing.append(f"{paper.number}: {paper.why}\n")
        if missing:
            box.writestr("not-made.txt", "".join(missing))
    yield pipe.take()


def write(made: Iterator[Paper], folder: Path) -> Iterator[Paper]:
    """Write each paper as NUMBER.pdf, whole or not at all; yield each when it is done."""
    for paper in made:
        if paper.data:
            held = folder / f".{paper.number}.part"
            held.write_bytes(paper.data)
            held.replace(folder / f"{paper.number}.pdf")
        yield paper


def portions(count: int) -> list[tuple[int, int]]:
    """Return the portions of so many papers as (first, last), counted from 1."""
    return [(first, min(first + PORTION - 1, count)) for first in range(1, count + 1, PORTION)]
