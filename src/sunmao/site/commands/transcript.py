"""`sunmao transcript`: credentials of one learner as an unsigned file in a European format.

sunmao transcript CRD-00001 copy.xml --as officer@example.org --code 123456
sunmao transcript CRD-00001 CRD-00007 copy.xml --as officer@example.org --code 123456
sunmao transcript CRD-00001 upload.json --as officer@example.org --code 123456
"""

from __future__ import annotations

import argparse
from pathlib import Path

from sunmao.cohorts import sights
from sunmao.credentials import transcripts
from sunmao.site.commands.records import Refused, _desk, _guarded, person

FORMS = {".xml": transcripts.ELMO, ".json": transcripts.ELM, ".jsonld": transcripts.ELM}


def main(argv: list[str]) -> int:
    """Run `sunmao transcript`; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="sunmao transcript", description="Write credentials of one learner as an unsigned copy: ELMO or ELM."
    )
    parser.add_argument("codes", nargs="+", metavar="CODE", help="credentials, as in CRD-00001; ELM takes one")
    parser.add_argument("file", type=Path, help=".xml: ELMO; .json or .jsonld: European Learning Model")
    parser.add_argument("--as", dest="actor", metavar="PERSON", default="", help="account's e-mail or person's code")
    parser.add_argument("--code", dest="factor", default="", help="the person's second factor: it names the learner")
    asked = parser.parse_args(argv)
    return _guarded(lambda: _write(asked))


def _write(asked: argparse.Namespace) -> None:
    form = FORMS.get(asked.file.suffix.lower())
    if form is None:
        raise Refused("The file's name ends in .xml, .json or .jsonld, which says the format.", 2)
    user, desk = person(asked.actor, asked.factor), _desk("credentials")
    found = {row.code: row for row in desk.rows(user).filter(code__in=asked.codes)}
    missing = [code for code in asked.codes if code not in found or not desk.may(user, "see", found[code])]
    if missing:
        raise Refused(f"There is no credential “{missing[0]}”, or it is not yours to see.", 2)
    rows = [found[code] for code in dict.fromkeys(asked.codes)]
    asked.file.write_bytes(transcripts.write(rows, form))
    sights.note(user, [row.learner for row in rows if row.learner is not None], "file", ("results",))
    print(f"written: {asked.file}, unsigned, with {len(rows)} of the learner's credentials")
