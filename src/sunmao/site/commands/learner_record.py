"""`sunmao learner-record`: all that a learner holds here, as one signed record (Comprehensive Learner Record 2.0).

sunmao learner-record CRD-00001 record.json --why "asked at the counter" --as officer@example.org --code 123456
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from django.http import Http404

from sunmao.credentials import recording
from sunmao.site.commands.records import Refused, _guarded, person


def main(argv: list[str]) -> int:
    """Run `sunmao learner-record`; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="sunmao learner-record", description="Write what a learner holds as one signed record: CLR 2.0."
    )
    parser.add_argument("credential", metavar="CODE", help="one of the learner's credentials, as in CRD-00001")
    parser.add_argument("file", type=Path, metavar="FILE", help="where the record goes, as JSON")
    parser.add_argument("--why", default="", help="how and when the holder asked for it; he need not say why himself")
    parser.add_argument("--as", dest="actor", metavar="PERSON", default="", help="account's e-mail or person's code")
    parser.add_argument("--code", dest="factor", default="", help="the person's second factor")
    asked = parser.parse_args(argv)
    return _guarded(lambda: _write(asked))


def _write(asked: argparse.Namespace) -> None:
    user = person(asked.actor, asked.factor)
    try:
        _credential, signed = recording.make(user, asked.credential, asked.why[:500], "file")
    except Http404:
        raise Refused(f"There is no credential “{asked.credential}”, or it is not yours to see.", 2) from None
    asked.file.write_text(json.dumps(signed, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    count = len(signed["credentialSubject"]["verifiableCredential"])
    print(f"written: {asked.file}, signed by {signed['issuer']['name']}, with {count} of the learner's credentials")
