"""`sunmao papers`: the papers of everyone to whom an award was given together, each a PDF of its own.

  sunmao papers CNF-00001 --out papers --as officer@example.org --code 123456
  sunmao papers BAT-00001 --out papers --languages en,zh,ru,ar --as officer@example.org --code 123456

Each is NUMBER.pdf in the folder. What lies there already is left as it is, so that the same command goes on where it was
stopped; several may fill different folders at once. A credential that is not in force gets no paper.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sunmao.kernel.errors import NotAllowed
from sunmao.site.commands.issue import Progress
from sunmao.site.commands.records import Refused, _desk, _guarded, person


def main(argv: list[str]) -> int:
    """Run `sunmao papers`; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="sunmao papers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("whole", metavar="CODE", help="a conferral (CNF-) or a batch (BAT-)")
    parser.add_argument("--out", required=True, type=Path, metavar="FOLDER", help="one PDF for each credential")
    parser.add_argument("--languages", default="", help="of the title's, as in en,zh,ru,ar (all there are words for)")
    parser.add_argument("--as", dest="actor", metavar="PERSON", help="e-mail or code of the person who acts")
    parser.add_argument("--code", default="", help="the person's second factor: papers name people")
    asked = parser.parse_args(argv)
    try:
        return _guarded(lambda: _write(asked))
    except KeyboardInterrupt:
        print("paused; the same command goes on", file=sys.stderr)
        return 130


def _write(asked: argparse.Namespace) -> None:
    from sunmao.credentials import printing

    user = person(asked.actor, asked.code)
    if not user.is_authenticated or not user.second_factor:
        raise NotAllowed("second-factor")
    desk = _desk("batches" if asked.whole.startswith("BAT-") else "conferrals")
    whole = desk.rows(user).filter(code=asked.whole).first()
    if whole is None or not desk.may(user, "see", whole):
        raise Refused(f"There is no conferral or batch “{asked.whole}”, or it is not yours to see.", 2)
    folder = asked.out
    folder.mkdir(parents=True, exist_ok=True)
    there = {path.stem for path in folder.glob("*.pdf")}
    languages = tuple(code for code in asked.languages.split(",") if code)
    made = printing.of(whole, user, asked=languages, wanted=lambda number: number not in there)
    progress = Progress(printing.rows_of(whole, user).count())
    done = without = refused = 0
    progress.tell(len(there))
    for paper in printing.write(made, folder):
        done += bool(paper.data)
        refused += paper.refused
        without += not paper.data and not paper.refused
        if not paper.data:
            print(f"{paper.number}: {paper.why}", file=sys.stderr)
        progress.tell(len(there) + done + refused + without)
    print(f"{whole.code}\t{done} written\t{len(there)} there before\t{without} not in force\t{folder}")
    if refused:
        raise Refused(f"{refused} could not be made.")
