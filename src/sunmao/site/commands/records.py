"""`sunmao records` and `sunmao do`: the desks on the command line, with the rules of the pages.

  sunmao records                                    (names the desks)
  sunmao records organisations list --filter country=UZ --as officer@example.org
  sunmao records organisations show ORG-00001
  sunmao records organisations add --set title='{"en": "A college"}' --set kind=college --as …
  sunmao records organisations edit ORG-00001 --set city=Tashkent --why "moved" --as …
  sunmao do organisations ORG-00001 --as …          (names the deeds)
  sunmao do organisations ORG-00001 merge --set into=ORG-00002 --set why="same body" --as …

A deed that binds asks for the person's second factor with --code.
"""

from __future__ import annotations

import argparse
import json
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from sunmao.kernel import changes
from sunmao.kernel.desk import Desk, registry
from sunmao.kernel.errors import NotAllowed, shape
from sunmao.kernel.forms import form_for, take_json
from sunmao.kernel.listing import Listing, tell_seen
from sunmao.kernel.pages import do
from sunmao.kernel.rest import data_of, names_of

VERBS = ("list", "show", "add", "edit", "delete", "history")


class Refused(Exception):
    """What was asked cannot be done; says why, with the exit code."""

    def __init__(self, says: str, code: int = 1) -> None:
        super().__init__(says)
        self.code = code


def person(name: str | None, code: str = "") -> Any:
    """Return the account to act as, bound when its second factor fits; a visitor without a name."""
    from sunmao.people.models import User
    from sunmao.people.visitor import Visitor

    if not name:
        return Visitor()
    user = User.objects.filter(email__iexact=name).first() or User.objects.filter(person__code=name).first()
    if user is None or not user.is_active:
        raise Refused(f"There is no account “{name}”.", 2)
    if code:
        from allauth.mfa.models import Authenticator

        found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
        if found is None or not found.wrap().validate_code(code):
            raise Refused("The second factor does not fit.", 1)
        user.bound = user.second_factor = True
    return user


def _desk(slug: str) -> Desk:
    if slug not in registry.by_slug:
        near = " or ".join(f"“{name}”" for name in get_close_matches(slug, registry.by_slug, 3))
        raise Refused(
            f"There is no desk “{slug}”."
            + (f" Did you mean {near}?" if near else "")
            + " `sunmao records` names them.",
            2,
        )
    return registry.by_slug[slug]


def _values(pairs: list[str], uploads: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    data: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise Refused(f"“{pair}” is not of the form name=value.", 2)
        try:
            data[name] = json.loads(text) if text.startswith(("{", "[")) else text
        except ValueError as error:
            raise Refused(f"What {name} is set to is not JSON: {error}.", 2) from error
    given = {}
    for pair in uploads:
        name, _equals, place = pair.partition("=")
        try:
            given[name] = SimpleUploadedFile(Path(place).name, Path(place).read_bytes())
        except OSError as error:
            raise Refused(f"“{place}” cannot be read: {error.strerror}.", 2) from error
    return data, given


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--as", dest="actor", metavar="PERSON", help="e-mail or code of the person who acts")
    parser.add_argument("--code", default="", help="the person's second factor")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a field; may be repeated")
    parser.add_argument("--file", action="append", default=[], metavar="NAME=PATH", help="a field that holds a file")
    parser.add_argument("--why", default="", help="the reason, kept in the log")
    parser.add_argument("--json", action="store_true", help="print JSON, as the REST interface does")
    return parser


def _guarded(work: Any) -> int:
    try:
        work()
    except Refused as refused:
        print(f"sunmao: {refused}", file=sys.stderr)
        return refused.code
    except NotAllowed as refused:
        needs = (
            "needs --code with the second factor"
            if refused.need == "second-factor"
            else "is not allowed for this person"
        )
        print(f"sunmao: this {needs}.", file=sys.stderr)
        return 3
    except ValidationError as error:
        found = shape(error)["error"]
        for name, texts in found["fields"].items():
            print(f"sunmao: {name}: {' '.join(texts)}", file=sys.stderr)
        if not found["fields"]:
            print(f"sunmao: {found['message']}", file=sys.stderr)
        return 1
    return 0


def main(argv: list[str]) -> int:
    parser = _parser("sunmao records")
    parser.add_argument("desk", nargs="?", help="as in the pages' addresses; without it, all are named")
    parser.add_argument("verb", nargs="?", default="list", help=f"one of {', '.join(VERBS)} (list)")
    parser.add_argument("key", nargs="?", help="the record's code")
    parser.add_argument("--filter", action="append", default=[], metavar="NAME=VALUE", help="as on the list's page")
    parser.add_argument("--size", type=int, default=50, help="rows of a list (50)")
    asked = parser.parse_args(argv)
    if asked.verb not in VERBS:
        parser.error(f"there is no verb “{asked.verb}”: write one of {', '.join(VERBS)}")
    return _guarded(lambda: _run(asked) if asked.desk else _name_desks())


def _name_desks() -> None:
    for slug, desk in sorted(registry.by_slug.items()):
        print(f"{slug:<24} {desk.plural}")


def _run(asked: argparse.Namespace) -> None:
    desk, user = _desk(asked.desk), person(asked.actor, asked.code)
    if asked.verb == "list":
        _list(desk, user, asked)
        return
    record: Any = None if asked.verb == "add" else _record(desk, user, asked.key)
    verb = {"show": "see"}.get(asked.verb, asked.verb)
    if not desk.may(user, verb, record):
        raise NotAllowed(desk.policy.lacks(user) or verb)
    if asked.verb == "show":
        print(json.dumps(data_of(desk, record, user, "command"), ensure_ascii=False, indent=2))
    elif asked.verb == "history":
        tell_seen(desk, user, [record], names_of(desk), "history")
        for change in desk.policy.told(user, record, changes.history(record)):
            print(f"{change.at:%Y-%m-%d %H:%M}  {change.deed:<10} {change.actor}  {change.why}")
    elif asked.verb == "delete":
        desk.remove(record, by=user, why=asked.why)
        print(f"deleted {asked.key}")
    else:
        saved = _keep(desk, user, record, asked)
        print(f"{saved.key} {saved}")


def _record(desk: Desk, user: Any, key: str | None) -> Any:
    if not key:
        raise Refused("Name the record by its code.", 2)
    try:
        return desk.model.find(desk.rows(user), key)
    except desk.model.DoesNotExist:
        if need := desk.policy.lacks(user):
            raise NotAllowed(need) from None
        raise Refused(f"There is no {desk.name} “{key}”, or it is not yours to see.") from None


def _list(desk: Desk, user: Any, asked: argparse.Namespace) -> None:
    if not desk.may(user, "see"):
        raise NotAllowed(desk.policy.lacks(user) or "see")
    words, _files = _values(asked.filter, [])
    unknown = set(words) - set(desk.filterset_class.base_filters) - {"q", "sort", "after"}
    if unknown:
        raise Refused(
            f"There is no filter {', '.join(sorted(unknown))}. Filters: q, {', '.join(desk.filterset_class.base_filters)}",
            2,
        )
    listing = Listing(desk, user, words, asked.size)
    rows = listing.page()
    tell_seen(desk, user, rows, names_of(desk) if asked.json else ("title",), "command")
    if asked.json:
        print(json.dumps([data_of(desk, row, user, "") for row in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        print(f"{row.key}\t{row}")
    print(
        f"{len(rows)} of {listing.count_text()}" + (f"; next: --filter after={listing.next}" if listing.next else ""),
        file=sys.stderr,
    )


def _keep(desk: Desk, user: Any, record: Any, asked: argparse.Namespace) -> Any:
    data, given = _values(asked.set, asked.file)
    unknown = set(data) - set(desk.fields)
    if unknown:
        raise Refused(f"There is no field {', '.join(sorted(unknown))}. Fields: {', '.join(desk.fields)}", 2)
    instance = record if record is not None else desk.model()
    if record is not None:
        for name in desk.fields:
            data.setdefault(name, getattr(record, name))
    form = form_for(desk, user)({k: v for k, v in data.items() if v is not None}, given, instance=instance)
    take_json(form)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    if not desk.may(user, asked.verb, form.instance):
        raise NotAllowed(desk.policy.lacks(user) or asked.verb)
    with changes.together():
        form.keep_files(user)
        return desk.write(form.instance, by=user, why=asked.why)


def deed(argv: list[str]) -> int:
    parser = _parser("sunmao do")
    parser.add_argument("desk", help="as in the pages' addresses")
    parser.add_argument("key", help="the record's code")
    parser.add_argument("deed", nargs="?", help="without it, the deeds that may be done now are named")
    asked = parser.parse_args(argv)
    return _guarded(lambda: _do(asked))


def _name_deeds(desk: Desk, user: Any, record: Any) -> None:
    ready = desk.deeds_for(user, record)
    for item in ready:
        asks = ", ".join(item.form({}, {}, record=record, person=user).fields)
        print(f"{item.name:<20} {item.label}" + (f" (asks for {asks})" if asks else ""))
    if not ready:
        print(f"Nothing can be done to {record.key} now by this person. `--as` names who acts.", file=sys.stderr)


def _do(asked: argparse.Namespace) -> None:
    desk, user = _desk(asked.desk), person(asked.actor, asked.code)
    record = _record(desk, user, asked.key)
    if asked.deed is None:
        _name_deeds(desk, user, record)
        return
    found = desk.deed(asked.deed)
    if found is None:
        raise Refused(f"{desk.name} has no deed “{asked.deed}”. Deeds: {', '.join(d.name for d in desk.deeds)}", 2)
    if not desk.may(user, found.name, record):
        raise NotAllowed(desk.policy.lacks(user) or found.name)
    found.ask_binding(user)
    data, given = _values(asked.set, asked.file)
    if asked.why:
        data.setdefault("why", asked.why)
    form = found.form(data, given, record=record, person=user)
    unknown = set(data) - set(form.fields)
    if unknown:
        raise Refused(
            f"“{asked.deed}” does not ask for {', '.join(sorted(unknown))}. It asks for: {', '.join(form.fields)}",
            2,
        )
    take_json(form)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    after = do(found, desk, record, form.cleaned_data, by=user)
    print(f"{after.key} {after}")
