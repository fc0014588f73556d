"""Issuing from a list: read and check it, sign part by part, keep the rows, write the file, go on where it stopped.

The rows of the register are what was issued; the file is made of them. A run that ended anywhere, in the middle of a line
too, is taken up by the same command: what the file lacks is written from the rows, what it has beyond them is cut off.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.credentials import actions, lists
from sunmao.credentials.filling import SAID, Filled, Filler, begin, sign_part
from sunmao.credentials.models import Award, Batch, BatchState, CredentialState, Issued
from sunmao.kernel import clock, sheets
from sunmao.kernel.ids import uuid7
from sunmao.kernel.merkle import Tree, leaf_hash
from sunmao.kernel.sheets import Problem
from sunmao.keys.actions import need_signing_key, private_half
from sunmao.vc.keys import PrivateKey
from sunmao.vc.press import Signed

COLUMNS = ("recipient_name", "recipient_id", "awarded_on", "result", "narrative")
PART = 2_000  # rows that are kept together
_SAID = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)


@dataclass(frozen=True)
class Recipient:
    """One row of a list: its number as a person sees it, the day, and what it says (empty cells left out)."""

    serial: int
    awarded_on: date
    said: dict[str, str]


@dataclass(frozen=True)
class Checked:
    """What a list holds: how many good rows, the numbers of bad ones, and what is wrong where."""

    count: int
    bad: list[int]
    problems: list[Problem]


def recipients(path: Path, skip: frozenset[int] = frozenset()) -> Iterator[Recipient]:
    """Yield the recipients of a list that was checked, without the rows in `skip`."""
    for serial, cells in sheets.stream(path):
        if serial not in skip:
            yield Recipient(serial, date.fromisoformat(cells["awarded_on"]), _said(cells))


def _said(cells: dict[str, str]) -> dict[str, str]:
    return {name: cells[name] for name in SAID if cells.get(name)}


def check(path: Path, filler: Filler, most: int = 1_000) -> Checked:
    """Return what is wrong with a list, at most so many problems; every row is looked at."""
    count, today = 0, clock.today()
    problems: list[Problem] = []
    bad: list[int] = []
    for serial, cells in sheets.stream(path):
        if not count and not bad:
            _need_columns(cells)
        found = list(_problems(serial, cells, filler, today))
        if found:
            bad.append(serial)
            problems += found[: max(0, most - len(problems))]
        else:
            count += 1
    return Checked(count, bad, problems)


def _need_columns(cells: dict[str, str]) -> None:
    missing = [name for name in ("recipient_name", "awarded_on") if name not in cells]
    unknown = [name for name in cells if name not in COLUMNS]
    if missing or unknown:
        raise ValidationError(
            _(
                "The list needs the columns %(needed)s and may have no others. Missing: %(missing)s. Unknown: %(unknown)s."
            )
            % {"needed": ", ".join(COLUMNS), "missing": ", ".join(missing) or "–", "unknown": ", ".join(unknown) or "–"}
        )


def _problems(serial: int, cells: dict[str, str], filler: Filler, today: date) -> Iterator[Problem]:
    for name in cells:
        if name not in COLUMNS:
            yield Problem(serial, name, cells[name], _("The row has more cells than the head."))
            return
    if not cells["recipient_name"]:
        yield Problem(serial, "recipient_name", "", _("Say who is awarded it."))
        return
    day = cells["awarded_on"]
    try:
        awarded_on = date.fromisoformat(day) if _DAY.match(day) else None
    except ValueError:
        awarded_on = None
    if awarded_on is None:
        yield Problem(serial, "awarded_on", day, _("Write the day as 2026-06-30."))
        return
    if awarded_on > today:
        yield Problem(serial, "awarded_on", day, _("The day of award has not come yet."))
        return
    said = _said(cells)
    for name in said:
        one = Filled(str(uuid7()), awarded_on, {"recipient_name": "x", name: said[name]}, "https://example.org/1", 0)
        error = filler.refusal(one)
        if error is not None:
            yield Problem(serial, name, said[name], str(error))


def checker_of(award: Award) -> Filler:
    """Return what rows of a list are tried out on before anything is signed."""
    organisations = award.organisations
    if len(organisations) != 1:
        raise ValidationError(
            _("Credentials from a list are issued by one institution alone. Award this one to a cohort.")
        )
    key = need_signing_key(organisations[0])
    template = actions.template(award, key)
    return Filler(template, PrivateKey(bytes(32)), method=key.method, created=clock.now(), months=award.months or 0)


def filler_of(batch: Batch) -> Filler:
    """Return what signs a batch and makes its lines again; ValidationError where its key is not kept here any more."""
    assert batch.key_used is not None and batch.signed_at is not None
    return Filler(
        json.loads(batch.template), private_half(batch.key_used), method=batch.key_used.method, created=batch.signed_at,
        months=batch.award.months or 0,
    )  # fmt: skip


def _filled(row: Issued) -> Filled:
    return Filled(str(row.uid), row.awarded_on, row.said_of, row.status_list.address, row.status_index)


def document_of(row: Issued) -> dict[str, Any]:
    """Return the signed credential of a row, made again; empty where what it says was erased here."""
    if not row.said:
        return {}
    batch = row.batch
    assert batch.key_used is not None and batch.signed_at is not None
    # Nothing is signed here, so that a key of which no private half is left will do.
    filler = Filler(
        json.loads(batch.template), PrivateKey(bytes(32)), method=batch.key_used.method, created=batch.signed_at,
        months=batch.award.months or 0,
    )  # fmt: skip
    return filler.document(_filled(row), row.proof_value)


class Run:
    """One run over a batch that is being signed. `tell` is called with how many are done."""

    def __init__(
        self, batch: Batch, source: Iterator[Recipient], out: Path, *, by: Any, workers: int = 0,
        tell: Callable[[int], None] = lambda _done: None,
    ) -> None:  # fmt: skip
        self.batch, self.source, self.out, self.by, self.workers, self.tell = batch, source, out, by, workers, tell
        self.filler = filler_of(batch)
        self.tree = Tree()

    def finish(self) -> Batch:
        """Sign what is left, bring file and rows into step, note the root. May be stopped anywhere and called anew."""
        with ExitStack() as stack:
            file = stack.enter_context(self.out.open("ab+"))
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise ValidationError(_("Another run is writing this file.")) from error
            done = self._align(file)
            for _row in islice(self.source, done):
                pass
            self.tell(done)
            if self.batch.state == BatchState.SIGNING:
                for rows, signed in self._signed(stack):
                    actions.write_issued(rows, by=self.by)
                    self._append(file, [one.line for one in signed])
                    done += len(rows)
                    self.tell(done)
            file.flush()
            os.fsync(file.fileno())
            if self.batch.state == BatchState.COMPLETE and self.batch.root != self.tree.root().hex():
                raise ValidationError(_("The lines do not give the root that was noted. Run doctor."))
            return actions.finish_batch(self.batch, root=self.tree.root().hex(), by=self.by)

    def _append(self, file: IO[bytes], lines: list[bytes]) -> None:
        file.write(b"".join(line + b"\n" for line in lines))
        file.flush()
        for line in lines:
            self.tree.add(leaf_hash(line))

    def _align(self, file: IO[bytes]) -> int:
        """Bring the file into step with the rows kept so far; return how many there are."""
        file.seek(0)
        rows = Issued.objects.filter(batch=self.batch).select_related("status_list").order_by("serial")
        good, agrees, done = 0, True, 0
        missing: list[bytes] = []
        for row in rows.iterator(chunk_size=PART):
            if not row.said:
                raise ValidationError(
                    _("What row %(number)s says was erased here, so the file cannot be made again.")
                    % {"number": row.serial}
                )
            line = self.filler.line(_filled(row), row.proof_value)
            done += 1
            if agrees and file.readline() == line + b"\n":
                good += len(line) + 1
                self.tree.add(leaf_hash(line))
                continue
            if agrees:
                agrees = False
                file.truncate(good)
            missing.append(line)
            if len(missing) == PART:
                self._append(file, missing)
                missing = []
        if agrees:
            file.truncate(good)
        self._append(file, missing)
        return done

    def _parts(self) -> Iterator[tuple[list[Issued], list[Filled]]]:
        """Yield the rows to be signed, some at a time: each with an identifier, a number and a place in a list."""
        assert self.batch.key_used is not None and self.batch.signed_at is not None
        places = lists.Places(self.batch, self.batch.key_used.controller, by=self.by)
        while some := list(islice(self.source, PART)):
            rows, given = [], []
            for one, number in zip(some, actions.fresh_numbers(len(some)), strict=True):
                place, index = places.take()
                row = Issued(
                    batch_id=self.batch.pk, serial=one.serial, number=number, awarded_on=one.awarded_on,
                    said=_SAID.encode(one.said), status_list_id=place.pk, status_index=index,
                    state=CredentialState.ISSUED.value, state_since=self.batch.signed_at,
                )  # fmt: skip
                rows.append(row)
                given.append(Filled(str(row.uid), one.awarded_on, one.said, place.address, index))
            yield rows, given

    def _signed(self, stack: ExitStack) -> Iterator[tuple[list[Issued], list[Signed]]]:
        if not self.workers:
            for rows, given in self._parts():
                yield _completed(rows, [self.filler.sign(one) for one in given])
            return
        filler = self.filler
        pool = stack.enter_context(
            ProcessPoolExecutor(
                self.workers, mp_context=get_context("spawn"), initializer=begin,
                initargs=(self.batch.template, filler.key.seed, filler.method, filler.created, filler.months),
            )
        )  # fmt: skip
        waiting: deque[tuple[list[Issued], Future[list[Signed]]]] = deque()
        for rows, given in self._parts():
            waiting.append((rows, pool.submit(sign_part, given)))
            if len(waiting) > 2 * self.workers:
                first, future = waiting.popleft()
                yield _completed(first, future.result())
        while waiting:
            first, future = waiting.popleft()
            yield _completed(first, future.result())


def _completed(rows: list[Issued], signed: list[Signed]) -> tuple[list[Issued], list[Signed]]:
    for row, one in zip(rows, signed, strict=True):
        row.proof_value, row.digest = one.proof_value, one.digest
    return rows, signed
