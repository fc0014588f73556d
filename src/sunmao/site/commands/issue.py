"""`sunmao issue`: credentials for everyone on a list, each a line of a file.

  sunmao issue RESULTS.csv --achievement AWD-00001 --out credentials.jsonl --as officer@example.org --code 123456

RESULTS is a CSV or spreadsheet with the columns recipient_name, recipient_id, awarded_on, result, narrative; name and day
must be filled in. Every row is checked first; bad ones are told by number, column and reason, and then nothing is issued
unless --keep-good is given. Up to 30 are signed at once; above, a second person of the institution runs the same command.

Ctrl-C pauses; the same command goes on where it stopped, also after a crash. Count and Merkle root of the lines are noted
in the log when the last one is written.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from sunmao.kernel.errors import NotAllowed
from sunmao.site.commands.records import Refused, _desk, _guarded, person

EVERY = 5.0  # seconds between two lines of progress


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="sunmao issue", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("list", type=Path, metavar="RESULTS", help="CSV or spreadsheet")
    parser.add_argument("--achievement", required=True, metavar="CODE", help="the award, given by one institution")
    parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="one signed credential a line")
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
    from sunmao.credentials import actions, issuing
    from sunmao.credentials.models import BatchState
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
    checked = issuing.check(asked.list, issuing.checker_of(award))
    for problem in checked.problems:
        print(f"row {problem.row}, {problem.column}: {problem.reason} “{problem.value[:60]}”", file=sys.stderr)
    print(f"{checked.count:,} rows to issue, {len(checked.bad):,} bad", file=sys.stderr)
    if asked.check or not checked.count or (checked.bad and not asked.keep_good):
        raise Refused("Nothing was issued.", 0 if asked.check and not checked.bad else 1)
    sha256 = sheets.digest(asked.list)
    batch = actions.propose(award, count=checked.count, sha256=sha256, by=user, why=asked.why)
    if batch.count != checked.count:
        raise Refused(f"{batch.code} was proposed for {batch.count:,} rows of this list.")
    if batch.state == BatchState.PROPOSED:
        if batch.proposed_key == user.actor_key:
            print(f"{batch.code} waits for a second person of {batch.issuer}: the same command confirms and signs it.")
            return
        batch = actions.confirm_batch(batch, by=user, why=asked.why)
    source = issuing.recipients(asked.list, frozenset(checked.bad))
    progress = Progress(batch.count)
    done = issuing.Run(batch, source, asked.out, by=user, workers=asked.workers, tell=progress.tell).finish()
    print(f"{done.code}\t{done.count}\t{done.root}\t{asked.out}")


class Progress:
    """Rate and time left, on the error stream, every few seconds."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.begun: tuple[int, float] | None = None
        self.told = 0.0

    def tell(self, done: int) -> None:
        now = time.monotonic()
        if self.begun is None:
            self.begun, self.told = (done, now), now
            if done:
                print(f"going on after {done:,} of {self.count:,}", file=sys.stderr)
            return
        if now - self.told < EVERY and done < self.count:
            return
        self.told = now
        rate = (done - self.begun[0]) / max(now - self.begun[1], 0.001)
        left = (self.count - done) / rate if rate else 0
        print(f"{done:,} of {self.count:,}, {rate:,.0f} a second, {left:,.0f} s left", file=sys.stderr)
