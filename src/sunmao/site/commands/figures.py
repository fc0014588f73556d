"""`sunmao figures [KEY]`: shows all figures, or one with its breakdowns and what others reported.

Counts what the person named by --as may see, else what everybody may.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404

from sunmao.indicators import asked as asking
from sunmao.indicators.asked import Asked
from sunmao.indicators.figures import Counted, Figure, breakdown, count, known
from sunmao.indicators.models import Question
from sunmao.indicators.queries import Answer, about, answers
from sunmao.indicators.rest import answer_data, figure_data
from sunmao.site.commands.records import Refused, person


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="sunmao figures", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("key", nargs="?", help="a figure or a question; without it, all")
    parser.add_argument("--as-of", default="", metavar="DATE", help="a day, as in 2022-11-04 (default: today)")
    parser.add_argument("--filter", action="append", default=[], metavar="NAME=VALUE", help="as in country=UZ")
    parser.add_argument("--as", dest="actor", metavar="PERSON", default="", help="account's e-mail or person's code")
    parser.add_argument("--json", action="store_true", help="print JSON, as the REST interface does")
    wanted = parser.parse_args(argv)
    try:
        user: Any = person(wanted.actor)
        narrowed = dict(item.partition("=")[::2] for item in wanted.filter)
        asked = asking.read({**narrowed, "as_of": wanted.as_of})
        if set(narrowed) - set(asked.narrowed):
            raise Refused(f"No figure takes the filter {', '.join(sorted(set(narrowed) - set(asked.narrowed)))}.", 2)
        lines = _one(wanted.key, user, asked, wanted.json) if wanted.key else _all(user, asked, wanted.json)
    except Http404:
        print(f"sunmao figures: there is no figure “{wanted.key}”. Without a key all are listed.", file=sys.stderr)
        return 2
    except ValidationError as error:
        print("sunmao figures: " + " ".join(error.messages), file=sys.stderr)
        return 1
    except Refused as error:
        print(f"sunmao figures: {error}", file=sys.stderr)
        return error.code
    print(lines)
    return 0


def _all(user: Any, asked: Asked, as_json: bool) -> str:
    figures = [(f, count(f, user, asked.narrowed, asked.as_of)) for f in known() if not asking.misfit(f, asked)]
    found = answers(Question.objects.select_related("beside").order_by("code"), user, asked.as_of)
    if as_json:
        data = {"figures": [figure_data(*pair) for pair in figures], "questions": [answer_data(a) for a in found]}
        return json.dumps(data, ensure_ascii=False, indent=1)
    return "\n".join([*(_line(*pair) for pair in figures), "", *(_told(answer) for answer in found)])


def _one(key: str, user: Any, asked: Asked, as_json: bool) -> str:
    figure, question = asking.find(key)
    if question is not None:
        found = answers([question], user, asked.as_of)
        return json.dumps(answer_data(found[0]), ensure_ascii=False, indent=1) if as_json else _told(found[0])
    assert figure is not None
    counted = count(figure, user, asked.narrowed, asked.as_of)
    found = answers(about(figure, asked.narrowed), user, asked.as_of)
    if as_json:
        data = {**figure_data(figure, counted), "questions": [answer_data(a) for a in found]}
        return json.dumps(data, ensure_ascii=False, indent=1)
    out = [_line(figure, counted), str(figure.definition)]
    for name in figure.by:
        entries = breakdown(figure, name, user, asked.narrowed, asked.day)
        out += [f"  {name}: " + ", ".join(f"{entry.label} {entry.value}" for entry in entries)] if entries else []
    return "\n".join([*out, *(_told(answer) for answer in found)])


def _line(figure: Figure, counted: Counted) -> str:
    perhaps = f" (perhaps {counted.unsure} more)" if counted.unsure else ""
    return f"{figure.key:<22} {counted.value:>7}{perhaps}  as of {counted.as_of}  {counted.url}"


def _told(answer: Answer) -> str:
    here = "not counted here" if answer.counted is None else f"{answer.counted.value} counted here"
    said = "; ".join(f"{r.record.words} by {r.record.document.outlet or r.record.document}" for r in answer.reports)
    return f"{answer.question.key:<30} {here}" + (f"; reported: {said}" if said else "")
