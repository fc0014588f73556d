"""`sunmao recognised`, `sunmao coverage` and `sunmao unlocking`: what a ministry asks, in the words of the pages; and
`sunmao letter`, which tells an applicant, `sunmao review`, which looks again at what changes touched, and `sunmao clock`,
the time to decide of a case.

  sunmao recognised PV-00002 --country UZ
  sunmao coverage --from CN --to UZ --purpose study
  sunmao coverage --pair PV-00002 PV-00003
  sunmao unlocking --from CN --as authority@example.org
  sunmao letter RD-00001 letter.pdf --as authority@example.org --code 123456
  sunmao review --most 10000
  sunmao clock RC-00001 --as authority@example.org

What the first three say is an indication, not a decision.
"""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

from django.http import Http404

from sunmao.portal.recognised import says
from sunmao.recognition import actions, letters, pairs, queries, rest, timing
from sunmao.recognition import asked as asking
from sunmao.recognition.models import Purpose, ReviewRound
from sunmao.recognition.queries.programmes import published
from sunmao.recognition.reactions import REVIEWER
from sunmao.site.commands.issue import Progress
from sunmao.site.commands.records import Refused, _desk, _guarded, person
from sunmao.standards.models import ProgrammeVersion


def _parser(name: str, says: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"sunmao {name}", description=says)
    parser.add_argument("--json", action="store_true", help="print JSON, as the REST interface does")
    return parser


def _countries(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="home", default="", metavar="COUNTRY", help="programmes of, as in CN")
    parser.add_argument("--to", dest="host", default="", metavar="COUNTRY", help="profiles of, as in UZ")
    parser.add_argument("--purpose", choices=Purpose.values, default=Purpose.STUDY.value, help="(study)")


def _form(asked: argparse.Namespace, *, anywhere: bool = False) -> asking.CountriesForm:
    given = {"from": asked.home.upper(), "to": asked.host.upper(), "purpose": asked.purpose}
    return asking.CountriesForm({name: text for name, text in given.items() if text}, anywhere=anywhere)


def _version(code: str) -> ProgrammeVersion:
    try:
        return published(code)
    except Http404:
        raise Refused(f"There is no published version “{code}”.", 2) from None


def _print(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=1))


def recognised(argv: list[str]) -> int:
    """Run `sunmao recognised`; returns the exit code."""
    parser = _parser("recognised", "Show where a completed programme is recognised today: an indication.")
    parser.add_argument("code", metavar="CODE", help="a version of a programme, as in PV-00002")
    parser.add_argument("--country", default="", help="one host country only")
    parser.add_argument(
        "--awarded-on", type=date.fromisoformat, default=None, metavar="DATE", help="day of award (today)"
    )
    asked = parser.parse_args(argv)
    return _guarded(lambda: _recognised(asked))


def _recognised(asked: argparse.Namespace) -> None:
    home, country = _version(asked.code), asked.country.upper()
    lines = queries.recognised_today(home, awarded_on=asked.awarded_on)
    shown = [line for line in lines if not country or line.country == country]
    if asked.json:
        return _print({"programme": home.code, "results": [rest.data_of_line(line) for line in shown]})
    for line in shown:
        target = f"  {line.target.code} {line.target}" if line.target else ""
        print(f"{line.country}  {line.purpose.label}  {line.result.label}{target}\n    {says(line)}")
    print(queries.INDICATION if shown else "No instrument in this register speaks of it. This is not a refusal.")
    return None


def coverage(argv: list[str]) -> int:
    """Run `sunmao coverage`; returns the exit code."""
    parser = _parser("coverage", "Show how many outcomes of each profile the holders of each programme cover.")
    _countries(parser)
    parser.add_argument("--pair", nargs=2, metavar="CODE", help="one programme and one profile, outcome by outcome")
    parser.add_argument("--all", action="store_true", help="pairs not laid side by side, too")
    asked = parser.parse_args(argv)
    return _guarded(lambda: _pair(asked) if asked.pair else _matrix(asked))


def _pair(asked: argparse.Namespace) -> None:
    found = pairs.pair(_version(asked.pair[0]), _version(asked.pair[1]), asked.purpose)
    if asked.json:
        return _print(pairs.data_of_pair(found))
    print(f"{found.cell.covered} of {found.cell.asked} outcomes are covered.")
    for line in found.lines:
        state = "covered" if line.covered else "missing" if line.missing else "not needed"
        critical = ", critical" if line.outcome.critical else ""
        rows = " ".join(row.code for row in line.rows)
        print(f"{line.outcome.number}\t{state}{critical}\t{line.outcome}\t{rows}".rstrip())
    return None


def _matrix(asked: argparse.Namespace) -> None:
    """Go through the whole matrix, part by part as the page shows it."""
    line, told = 0, []
    while True:
        column, last_line = 0, True
        while True:
            page = asking.matrix(_form(asked), {"line": str(line), "column": str(column)})
            told += [cell for _home, cells in page.found.rows() for cell in cells if asked.all or cell.beside]
            last_line = page.steps["line_after"] is None
            if page.steps["column_after"] is None:
                break
            column += asking.COLUMNS
        if last_line:
            break
        line += asking.LINES
    if asked.json:
        return _print([pairs.data_of_cell(cell) for cell in told])
    for cell in told:
        missing = ", ".join(key.partition("/")[2] for key in cell.missing) if cell.beside else "not laid side by side"
        print(f"{cell.home.code} → {cell.target.code}\t{cell.covered} of {cell.asked}\t{missing}".rstrip())
    return None


def unlocking(argv: list[str]) -> int:
    """Run `sunmao unlocking`; returns the exit code."""
    parser = _parser("unlocking", "Show which single crosswalk row, instrument or module would open most.")
    _countries(parser)
    parser.add_argument("--as", dest="actor", metavar="PERSON", default="", help="account's e-mail or person's code")
    asked = parser.parse_args(argv)
    return _guarded(lambda: _unlocking(asked))


def _unlocking(asked: argparse.Namespace) -> None:
    found = asking.unlocking(_form(asked, anywhere=True), person(asked.actor))
    if asked.json:
        return _print({kind.value: [pairs.data_of_answer(one) for one in rows] for kind, rows in found.items()})
    for part in pairs.told(found):
        print(f"{part['title']}:")
        for row in part["rows"]:
            names = "; ".join(str(outcome.title.best()[0]) for outcome in row["one"].outcomes)
            print(f"  {row['says']}: {row['count']}" + (f" ({names})" if names else ""))
    return None


def letter(argv: list[str]) -> int:
    """Run `sunmao letter`; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="sunmao letter", description="Write the letter of a decision as PDF, in the two languages of its case."
    )
    parser.add_argument("code", metavar="CODE", help="a decision, as in RD-00001")
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--in", dest="into", default="", metavar="LANGUAGES", help="as in en,ru; else those of the case"
    )
    parser.add_argument("--as", dest="actor", metavar="PERSON", default="", help="account's e-mail or person's code")
    parser.add_argument(
        "--code", dest="factor", default="", help="the person's second factor: the letter names the applicant"
    )
    asked = parser.parse_args(argv)
    return _guarded(lambda: _letter(asked))


def _letter(asked: argparse.Namespace) -> None:
    user, desk = person(asked.actor, asked.factor), _desk("decisions")
    record = desk.rows(user).filter(code=asked.code).first()
    if record is None or not desk.may(user, "see", record):
        raise Refused(f"There is no decision “{asked.code}”, or it is not yours to see.", 2)
    asked.file.write_bytes(letters.letter(record, by=user, into=asked.into))
    print(f"written: {asked.file}, in {' and '.join(letters.chosen(asked.into) or letters.languages(record))}")


def review(argv: list[str]) -> int:
    """Run `sunmao review`; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="sunmao review",
        description="Look at the decisions that changes touched and that are not looked at yet; made to be run by cron.",
    )
    parser.add_argument("--most", type=int, default=0, metavar="N", help="stop after about so many decisions (all)")
    asked = parser.parse_args(argv)
    return _guarded(lambda: _review(asked.most))


def _review(most: int) -> None:
    """Go on with the rounds, the oldest first; each portion is kept before the next one begins."""
    looked = 0
    for record in ReviewRound.objects.filter(finished_at=None).order_by("id"):
        progress = Progress(record.listed_count)
        progress.tell(record.looked_count)
        while record.finished_at is None and not (most and looked >= most):
            before = record.looked_count
            record = actions.go_on(record, by=REVIEWER)
            looked += record.looked_count - before
            progress.tell(record.looked_count)
        print(
            f"{record.code}\t{record.cause}\t{record.looked_count} of {record.listed_count} looked at\t"
            f"{record.other_ground_count} stand on other ground\t{record.review_due_count} due for review"
        )
    if not looked:
        print("Nothing waits to be looked at.")


def clock(argv: list[str]) -> int:
    """Run `sunmao clock`; returns the exit code."""
    parser = _parser("clock", "Show the time to decide of a case: what it stood still for, and until when it runs.")
    parser.add_argument("code", metavar="CODE", help="a case, as in RC-00001")
    parser.add_argument("--as", dest="actor", metavar="PERSON", default="", help="account's e-mail or person's code")
    asked = parser.parse_args(argv)
    return _guarded(lambda: _clock(asked))


def _clock(asked: argparse.Namespace) -> None:
    case = timing.found(asked.code, person(asked.actor))
    if case is None:
        raise Refused(f"There is no case “{asked.code}”, or it is not yours to see.", 2)
    if asked.json:
        return _print(timing.data_of(case))
    print(timing.says(case))
    for one in timing.asked(case):
        there = f"there on {one.step.done_on}, {one.days} days" if one.step.done_on else "not there yet"
        print(f"{one.step.code}\t{one.step}\tasked on {one.step.asked_on}\t{there}")
    return None
