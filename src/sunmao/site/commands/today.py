"""`sunmao today --as PERSON`: what waits for a person, the late first."""

from __future__ import annotations

import argparse
import json
import sys

from sunmao.site import rest
from sunmao.site.commands.records import Refused, person
from sunmao.site.today import KINDS


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sunmao today", description=__doc__)
    parser.add_argument("--as", dest="actor", metavar="PERSON", required=True, help="account's e-mail or person's code")
    parser.add_argument("--json", action="store_true", help="print JSON, as the REST interface does")
    wanted = parser.parse_args(argv)
    try:
        found = rest.data(person(wanted.actor))
    except Refused as error:
        print(f"sunmao today: {error}", file=sys.stderr)
        return error.code
    if wanted.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    for kind, rows in found.items():
        if rows:
            print(f"{KINDS[kind]}:")
        for row in rows:
            late = f" ({row['days_late']} days late)" if row["days_late"] else ""
            print(f"  {row['due'] or 'no day set':<12}{row['what']}{late}  {row['code']}  {row['url']}")
    return 0
