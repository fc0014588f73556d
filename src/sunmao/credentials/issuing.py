"""Issuing from a list: sign it portion by portion, keep the rows, write the file, go on where it stopped.

The rows of the register are what was issued; the file is made of them. A run that ended anywhere, in the middle of a line
too, is taken up by the same command: what the file lacks is written from the rows, what it has beyond them is cut off.
Over PostgreSQL several runs share a batch (`claims`): each takes the next portion of the list that none is at.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from sunmao.credentials import actions, lists
from sunmao.credentials.claims import Claims
from sunmao.credentials.filling import Filled, Filler, begin, sign_part
from sunmao.credentials.models import Batch, BatchState, CredentialState, Issued
from sunmao.credentials.recipients import Recipient
from sunmao.kernel.merkle import Tree, leaf_hash
from sunmao.keys.actions import private_half
from sunmao.keys.models import InstitutionKey
from sunmao.vc.keys import PrivateKey
from sunmao.vc.press import Signatory, Signed

PART = 2_000  # rows that are kept together
AHEAD = 16  # portions that wait for an earlier one before they are written
PATIENCE = 60.0  # seconds after which a portion that another run is at is signed all the same
TRIES = 5
_SAID = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def filler_of(batch: Batch) -> Filler:
    """Return what signs a batch and makes its lines again; ValidationError where a key is not kept here any more."""
    return _filler(batch, private_half)


def _filler(batch: Batch, half: Callable[[InstitutionKey], PrivateKey]) -> Filler:
    template = json.loads(batch.template)
    signatories = [Signatory(half(key), key.method, created) for key, created in actions.signed_with(batch, template)]
    return Filler(template, signatories, months=batch.award.months or 0)


def document_of(row: Issued) -> dict[str, Any]:
    """Return the signed credential of a row, made again; empty where what it says was erased here."""
    if not row.said:
        return {}
    # Nothing is signed here, so that a key of which no private half is left will do.
    filler = _filler(row.batch, _no_half)
    one = Filled(str(row.uid), row.awarded_on, row.said_of, row.status_list.address, row.status_index)
    return filler.document(one, row.proof_values)


@dataclass
class _Portion:
    """Some rows of the list that follow each other. `lines` are there once this run has kept all of them."""

    number: int
    people: list[Recipient]
    rows: list[Issued] = field(default_factory=list)
    signing: Future[list[Signed]] | None = None
    lines: list[bytes] | None = None


class Run:
    """One run over a batch that is being signed; without `out` it writes no file. `tell` is called with how many are
    done, those of other runs included where it came past them."""

    def __init__(
        self, batch: Batch, source: Iterator[Recipient], out: Path | None, *, by: Any, workers: int = 0,
        tell: Callable[[int], None] = lambda _done: None,
    ) -> None:  # fmt: skip
        self.batch, self.source, self.out, self.by, self.workers, self.tell = batch, source, out, by, workers, tell
        if batch.state not in (BatchState.SIGNING, BatchState.COMPLETE):
            raise ValidationError(_("Not every institution has signed this list yet."), code="state")
        self.filler = filler_of(batch) if batch.state == BatchState.SIGNING else _filler(batch, _no_half)
        self.claims = Claims()
        self.places: lists.Places | None = None
        self.before = self.own = self.passed = 0  # rows kept before this run began, by it, and those it came past
        self.told = -1

    def finish(self) -> Batch:
        """Sign what is left, bring file and rows into step, note the root. May be stopped anywhere and called anew."""
        with ExitStack() as stack:
            file = _File.open(self.out, stack) if self.out is not None else None
            self.claims.begin()
            stack.callback(self.claims.end)
            self.before = self.batch.rows.count()
            submit = self._pool(stack) if self.workers else self._at_once
            signing: deque[_Portion] = deque()
            unwritten: deque[_Portion] = deque()
            for portion in self._portions():
                if self._begin(portion, submit):
                    signing.append(portion)
                if file is not None:
                    unwritten.append(portion)
                if len(signing) > 2 * self.workers:
                    self._keep(signing.popleft())
                self._write(unwritten, file, wait=len(unwritten) > AHEAD + 2 * self.workers)
            while signing:
                self._keep(signing.popleft())
            while unwritten:
                self._write(unwritten, file, wait=True)
            if file is None:
                return Batch.objects.get(pk=self.batch.pk)
            return self._close(file)

    def _close(self, file: _File) -> Batch:
        root = file.end()
        if self.batch.state == BatchState.COMPLETE and self.batch.root != root:
            raise ValidationError(_("The lines do not give the root that was noted. Run doctor."))
        return actions.finish_batch(self.batch, root=root, by=self.by)

    def _portions(self) -> Iterator[_Portion]:
        for number in count():
            some = list(islice(self.source, PART))
            if not some:
                return
            yield _Portion(number, some)
            self.passed += len(some)

    def _name(self, portion: _Portion) -> str:
        return f"{self.batch.uid} {portion.number}"

    def _kept(self, portion: _Portion) -> Any:
        first, last = portion.people[0].serial, portion.people[-1].serial
        return Issued.objects.filter(batch=self.batch, serial__range=(first, last))

    def _missing(self, portion: _Portion) -> list[Recipient]:
        """Return the people of a portion of whom no row is kept."""
        if self._kept(portion).count() == len(portion.people):
            return []
        held = set(self._kept(portion).values_list("serial", flat=True))
        return [one for one in portion.people if one.serial not in held]

    def _begin(self, portion: _Portion, submit: Callable[[list[Filled]], Future[list[Signed]]]) -> bool:
        """Claim a portion and begin to sign what is missing in it; False where nothing is, or another run is at it."""
        if self.batch.state == BatchState.COMPLETE or not self._missing(portion):
            return False
        if not self.claims.take(self._name(portion)):
            return False
        missing = self._missing(portion)  # another run may have ended it in between
        if not missing:
            self.claims.give_back(self._name(portion))
            return False
        if self.told < 0:
            self._tell()
        portion.rows, given = self._rows(missing)
        portion.signing = submit(given)
        return True

    def _rows(self, people: list[Recipient]) -> tuple[list[Issued], list[Filled]]:
        """Return the rows to be signed and what is filled in: each with an identifier, a number, a place in a list."""
        signed_with, since = self.batch.key_used, self.batch.signed_at
        assert signed_with is not None and since is not None
        if self.places is None:
            self.places = lists.Places(self.batch, signed_with.controller, by=self.by, claims=self.claims)
        rows, given = [], []
        for one, number in zip(people, actions.fresh_numbers(len(people)), strict=True):
            place, index = self.places.take()
            row = Issued(
                batch_id=self.batch.pk, serial=one.serial, number=number, awarded_on=one.awarded_on,
                said=_SAID.encode(one.said), status_list_id=place.pk, status_index=index,
                state=CredentialState.ISSUED.value, state_since=since,
            )  # fmt: skip
            rows.append(row)
            given.append(Filled(str(row.uid), one.awarded_on, one.said, place.address, index))
        return rows, given

    def _keep(self, portion: _Portion) -> None:
        """Keep what was signed. Where another run kept one of these rows, or took a number, what is left is done anew."""
        assert portion.signing is not None
        signed = portion.signing.result()
        for _turn in range(TRIES):
            try:
                actions.write_issued(_completed(portion.rows, signed), by=self.by)
                break
            except IntegrityError:
                missing = self._missing(portion)
                if not missing:
                    signed = []
                    break
                portion.rows, given = self._rows(missing)
                signed = [self.filler.sign(one) for one in given]
        else:
            raise ValidationError(_("Other runs keep the same rows. Try again."))
        self.claims.give_back(self._name(portion))
        self.own += len(signed)
        if len(signed) == len(portion.people):
            portion.lines = [one.line for one in signed]
        portion.rows, portion.signing = [], None
        if self.out is None:
            self._tell()

    def _tell(self) -> None:
        done = max(self.before + self.own, self.passed)
        if done > self.told:
            self.told = done
            self.tell(done)

    def _write(self, unwritten: deque[_Portion], file: _File | None, *, wait: bool) -> None:
        """Write the portions that are complete, in the order of the list, up to the first that is not."""
        while file is not None and unwritten:
            first = unwritten[0]
            if first.signing is not None:  # this run is at it
                return
            if first.lines is None and self.batch.state != BatchState.COMPLETE and self._missing(first):
                if not wait:
                    return
                self._await(first)
            file.add(first.lines if first.lines is not None else self._lines(first))
            unwritten.popleft()
            if self.told >= 0:
                self._tell()

    def _await(self, portion: _Portion) -> None:
        """Wait until another run has kept a portion; sign it where that run has ended, or stands still."""
        since = time.monotonic()
        while self._missing(portion):
            if not self.claims.take(self._name(portion)) and time.monotonic() - since < PATIENCE:
                time.sleep(0.1)
                continue
            if missing := self._missing(portion):
                portion.rows, given = self._rows(missing)
                portion.signing = self._at_once(given)
                self._keep(portion)
            return

    def _lines(self, portion: _Portion) -> list[bytes]:
        """Return the lines of a portion from what is kept of it."""
        names = ("serial", "uid", "awarded_on", "said", "proof_value", "joint_proofs", "status_list__address", "status_index")  # fmt: skip
        lines = []
        for serial, uid, day, said, first, joint, address, index in (
            self._kept(portion).order_by("serial").values_list(*names)
        ):
            if not said:
                raise ValidationError(
                    _("What row %(number)s says was erased here, so the file cannot be made again.")
                    % {"number": serial}
                )
            one = Filled(str(uid), day, json.loads(said), address, index)
            lines.append(self.filler.line(one, [first, *joint.split()]))
        return lines

    def _at_once(self, given: list[Filled]) -> Future[list[Signed]]:
        done: Future[list[Signed]] = Future()
        done.set_result([self.filler.sign(one) for one in given])
        return done

    def _pool(self, stack: ExitStack) -> Callable[[list[Filled]], Future[list[Signed]]]:
        filler = self.filler
        by = [(one.key.seed, one.method, one.created) for one in filler.signatories]
        pool = stack.enter_context(
            ProcessPoolExecutor(
                self.workers, mp_context=get_context("spawn"), initializer=begin,
                initargs=(filler.template, by, filler.months),
            )
        )  # fmt: skip
        return lambda given: pool.submit(sign_part, given)


class _File:
    """The file of a batch. As far as it agrees with the lines added it is left alone, from there on it is written."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.good, self.agrees, self.tree = file, 0, True, Tree()
        file.seek(0)

    @classmethod
    def open(cls, path: Path, stack: ExitStack) -> _File:
        file = stack.enter_context(path.open("ab+"))
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ValidationError(_("Another run is writing this file.")) from error
        return cls(file)

    def add(self, lines: list[bytes]) -> None:
        """Have these lines next."""
        place = 0
        while self.agrees and place < len(lines):
            if self.file.readline() != lines[place] + b"\n":
                self._cut()
                break
            self.good += len(lines[place]) + 1
            place += 1
        if place < len(lines):
            self.file.write(b"".join(line + b"\n" for line in lines[place:]))
            self.file.flush()
        for line in lines:
            self.tree.add(leaf_hash(line))

    def _cut(self) -> None:
        self.agrees = False
        self.file.truncate(self.good)

    def end(self) -> str:
        """Have nothing after it; return the Merkle root over the lines."""
        if self.agrees:
            self._cut()
        self.file.flush()
        os.fsync(self.file.fileno())
        return self.tree.root().hex()


def _no_half(_key: InstitutionKey) -> PrivateKey:
    """Stand for a private half where nothing is signed."""
    return PrivateKey(bytes(32))


def _completed(rows: list[Issued], signed: list[Signed]) -> list[Issued]:
    for row, one in zip(rows, signed, strict=True):
        row.proof_value, row.digest, row.joint_proofs = one.proof_value, one.digest, " ".join(one.joint)
    return rows
