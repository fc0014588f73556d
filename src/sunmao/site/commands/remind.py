"""`sunmao remind`: sends each person one e-mail of what waits for him or her today. Made to be run by cron.

Run twice on a day it sends nothing twice. People switch it off and choose the language under "Your account".
"""

from __future__ import annotations

import argparse
import sys

from sunmao.kernel import clock, loss
from sunmao.site import reminding


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="sunmao remind", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dry-run", action="store_true", help="print the letters and send none")
    wanted = parser.parse_args(argv)
    if wanted.dry_run:
        for letter in reminding.letters(clock.today()):
            print(f"To: {letter.to}\nSubject: {letter.subject}\n\n{letter.text}")
        return 0
    if loss.missing() is not None:
        print("sunmao remind: the register is read-only until its loss is declared.", file=sys.stderr)
        return 1
    sent = failed = 0
    for letter, error in reminding.remind():
        if error is None:
            sent += 1
        else:
            failed += 1
            print(f"sunmao remind: {letter.to}: {error}", file=sys.stderr)
    print(f"{sent} sent" + (f", {failed} could not be sent" if failed else ""))
    return 1 if failed else 0
