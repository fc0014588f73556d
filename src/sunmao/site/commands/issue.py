"""`sunmao issue`: credentials for everyone on a list, each a line of a file.

  sunmao issue RESULTS.csv --achievement AWD-00001 --out credentials.jsonl --as officer@example.org --code 123456

RESULTS is a CSV or spreadsheet with the columns recipient_name, recipient_id, awarded_on, result, narrative; name and day
must be filled in. Every row is checked first; bad ones are told by number, column and reason, and then nothing is issued
unless --keep-good is given. Up to 30 are signed at once; above, a second person of the institution runs the same command.
Where several institutions give the award, people of each run it on the same list (or sign on the batch's page), in any
order; whose signature is the last begins to issue.

Ctrl-C pauses; the same command goes on where it stopped, also after a crash. Over PostgreSQL the same command with --join
in place of --out takes a share of the work, in as many processes and on as many machines as you like. Count and Merkle
root of the lines are noted in the log when the last one is written.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any

from sunmao.kernel.errors import NotAllowed
from sunmao.site.commands.records import Refused, _desk, _guarded, person

EVERY = 5.0  # seconds between two lines of progress
WINDOW = 60.0  # seconds over which the rate is taken, since other runs come and go


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="sunmao issue", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("list", type=Path, metavar="RESULTS", help="CSV or spreadsheet")
    parser.add_argument("--achievement", required=True, metavar="CODE", help="the award")
    place = parser.add_mutually_exclusive_group(required=True)
    place.add_argument("--out", type=Path, metavar="FILE", help="one signed credential a line")
    place.add_argument(
        "--join", action="store_true", help="help another run with the same list (PostgreSQL), write no file"
    )
    parser.add_argument("--keep-good", action="store_true", help="issue the good rows, leave the bad ones out")
    parser.add_argument("--check", action="store_true", help="only say what is wrong with the list")
    parser.add_argument("--workers", type=int, default=0, help="processes that sign beside the one that keeps (0)")
    parser.add_argument("--why", default="", help="the decision it rests on, kept in the log")
    parser.add_argument("--as", dest="actor", metavar="PERSON", help="e-mail or code of the person who acts")
    parser.add_argument("--code", default="", help="the person's second factor")
    asked = parser.parse_args(argv)
    try:
        return _guarded(lambda: _issue(asked))
    except KeyboardInterrupt:
        print("paused; the same command goes on", file=sys.stderr)
        return 130


def _issue(asked: argparse.Namespace) -> None:
    from sunmao.credentials import actions, issuing, recipients
    from sunmao.credentials.claims import Claims
    from sunmao.credentials.models import Batch, BatchState
    from sunmao.kernel import sheets

    user = person(asked.actor, asked.code)
    desk = _desk("awards")
    award = desk.rows(user).filter(code=asked.achievement).first()
    if award is None:
        raise Refused(f"There is no award “{asked.achievement}”.")
    if not desk.may(user, "award", award):
        raise NotAllowed("award")
    if not asked.list.is_file():
        raise Refused(f"There is no file “{asked.list}”.", 2)
    if not asked.check and not user.may_bind():
        raise NotAllowed("second-factor")
    if asked.join and not Claims().shared:
        raise Refused("Several runs share a list over PostgreSQL only.", 2)
    checked = recipients.check(asked.list, recipients.checker_of(award))
    for problem in checked.problems:
        print(f"row {problem.row}, {problem.column}: {problem.reason} “{problem.value[:60]}”", file=sys.stderr)
    print(f"{checked.count:,} rows to issue, {len(checked.bad):,} bad", file=sys.stderr)
    if asked.check or not checked.count or (checked.bad and not asked.keep_good):
        raise Refused("Nothing was issued.", 0 if asked.check and not checked.bad else 1)
    sha256 = sheets.digest(asked.list)
    if asked.join and not Batch.objects.filter(award=award, file_sha256=sha256, state=BatchState.SIGNING).exists():
        raise Refused("This list is not being issued now.", 1)
    batch = actions.propose(award, count=checked.count, sha256=sha256, by=user, why=asked.why)
    if batch.count != checked.count:
        raise Refused(f"{batch.code} was proposed for {batch.count:,} rows of this list.")
    if batch.state in (BatchState.PROPOSED, BatchState.AWAITING) and _turn_of(user, batch):
        batch = actions.sign_batch(batch, file_sha256=sha256, by=user, why=asked.why)
    if batch.state in (BatchState.PROPOSED, BatchState.AWAITING):
        print(f"{batch.code} waits for {_awaited(batch)}: the same command confirms and signs it.")
        return
    source = recipients.recipients(asked.list, frozenset(checked.bad))
    progress = Progress(batch.count)
    done = issuing.Run(batch, source, asked.out, by=user, workers=asked.workers, tell=progress.tell).finish()
    if asked.join:
        print(f"{done.code}\t{done.count}\tnothing is left to take")
        return
    print(f"{done.code}\t{done.count}\t{done.root}\t{asked.out}")


def _turn_of(user: Any, batch: Any) -> bool:
    """Say whether the person has not signed yet for an institution that is missing."""
    from sunmao.credentials.policy import SIGNERS

    mine = [row for row in batch.missing if user.holds(*SIGNERS, at=row.pk)]
    return bool(mine) and not batch.signings.filter(organisation=mine[0], first_key=user.actor_key).exists()


def _awaited(batch: Any) -> str:
    begun = set(batch.signings.values_list("organisation", flat=True))
    names = [f"a second person of {row}" if row.pk in begun else f"{row}" for row in batch.missing]
    return " and ".join(names)


class Progress:
    """Rate and time left, on the error stream, every few seconds; the work of other runs counts."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.seen: deque[tuple[int, float]] = deque()
        self.told = 0.0

    def tell(self, done: int) -> None:
        now = time.monotonic()
        if not self.seen:
            self.told = now
            if done:
                print(f"going on after {done:,} of {self.count:,}", file=sys.stderr)
        self.seen.append((done, now))
        while len(self.seen) > 2 and now - self.seen[1][1] > WINDOW:
            self.seen.popleft()
        if len(self.seen) < 2 or (now - self.told < EVERY and done < self.count):
            return
        self.told = now
        before, since = self.seen[0]
        rate = (done - before) / max(now - since, 0.001)
        left = (self.count - done) / rate if rate else 0
        print(f"{done:,} of {self.count:,}, {rate:,.0f} a second, {left:,.0f} s left", file=sys.stderr)
