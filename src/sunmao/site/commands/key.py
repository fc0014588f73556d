"""`sunmao key`: the signing keys of institutions.

  sunmao key list [ORGANISATION]
  sunmao key make ORGANISATION [--public z6Mk…] --as PERSON --code SECOND_FACTOR
  sunmao key rotate KEY --why … --as … --code …
  sunmao key retire KEY --why … --as … --code …
  sunmao key compromised KEY --since 2026-11-22T13:00Z --why … --as … --code …

ORGANISATION and KEY are codes. Every deed binds the institution, so it asks for the person's second factor.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import Any

from sunmao.kernel.desk import Desk, desk_of
from sunmao.kernel.errors import NotAllowed
from sunmao.site.commands.records import Refused, _guarded, person

VERBS = ("list", "make", "rotate", "retire", "compromised")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="sunmao key", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("verb", choices=VERBS)
    parser.add_argument("code_of", nargs="?", metavar="CODE", help="of the organisation or the key")
    parser.add_argument("--as", dest="actor", metavar="PERSON", help="e-mail or code of the person who acts")
    parser.add_argument("--code", default="", help="the person's second factor")
    parser.add_argument("--public", default="", help="register this public key instead of making one")
    parser.add_argument("--since", help="ISO 8601 instant")
    parser.add_argument("--why", default="")
    asked = parser.parse_args(argv)
    return _guarded(lambda: _run(asked))


def _run(asked: argparse.Namespace) -> None:
    from sunmao.keys.models import InstitutionKey

    desk = desk_of(InstitutionKey)
    if desk is None:
        raise Refused("Keys have no desk here.", 2)
    user = person(asked.actor, asked.code)
    if asked.verb == "list":
        _list(desk, user, asked.code_of)
        return
    if not asked.code_of:
        raise Refused("Name the organisation or the key by its code.", 2)
    done = _make(desk, user, asked) if asked.verb == "make" else _do(desk, user, asked)
    print(f"{done.code}\t{done.state}\t{done.controller}\t{done.multikey}")


def _list(desk: Desk, user: Any, organisation: str | None) -> None:
    rows = desk.rows(user).select_related("organisation").order_by("organisation_id", "id")
    if organisation:
        rows = rows.filter(organisation__code=organisation)
    for key in rows:
        test = "\ttest" if key.test else ""
        print(f"{key.code}\t{key.state}\t{key.organisation.code}\t{key.multikey}\t{key.valid_from:%Y-%m-%d}{test}")


def _make(desk: Desk, user: Any, asked: argparse.Namespace) -> Any:
    from sunmao.directory.models import Organisation
    from sunmao.keys.models import InstitutionKey

    organisation = Organisation.objects.filter(code=asked.code_of).first()
    if organisation is None:
        raise Refused(f"There is no organisation “{asked.code_of}”.")
    record = InstitutionKey(organisation=organisation, multikey=asked.public)
    if not desk.may(user, "add", record):
        raise NotAllowed("add")
    return desk.write(record, by=user, why=asked.why)


def _do(desk: Desk, user: Any, asked: argparse.Namespace) -> Any:
    from sunmao.kernel.pages import do

    record = desk.rows(user).filter(code=asked.code_of).first()
    if record is None:
        raise Refused(f"There is no key “{asked.code_of}”.")
    if not asked.why:
        raise Refused("Say why with --why.", 2)
    given: dict[str, Any] = {"why": asked.why}
    if asked.verb == "compromised":
        given["since"] = _instant(asked.since)
    deed = desk.deed({"compromised": "report_compromised"}.get(asked.verb, asked.verb))
    if deed is None:
        raise Refused(f"Keys have no deed “{asked.verb}”.", 2)
    return do(deed, desk, record, given, by=user)


def _instant(text: str | None) -> datetime:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError as error:
        raise Refused("Write --since as an ISO 8601 instant, as in 2026-11-22T13:00Z.", 2) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)
