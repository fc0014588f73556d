"""`sunmao import` and `sunmao export`: sheets into and out of the desks.

  sunmao import organisations institutions.csv --mapping ror
  sunmao import organisations mine.xlsx --map name=Title --map country=Land --save-mapping mine
  sunmao import organisations mine.xlsx --mapping mine --keep-good
  sunmao export organisations out.csv --filter country=UZ
  sunmao import standard plan.xlsx --help

All rows or none are written; --keep-good writes the good ones and leaves the bad ones out. Rows that may be an
organisation already here wait for a decision; --use-certain takes those that are as good as certain as the same.
The person who acts is given with --as; on a machine of one's own the register's first secretariat is taken.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path
from typing import Any

from django.http import QueryDict

from sunmao.kernel import changes, sheets
from sunmao.kernel.errors import NotAllowed
from sunmao.kernel.imports import Checked
from sunmao.kernel.models import SavedMapping
from sunmao.site.commands import standards
from sunmao.site.commands.records import Refused, _desk, _guarded, _values, person

SHOWN = 20


def _actor(name: str | None, code: str = "") -> Any:
    if name:
        return person(name, code)
    from sunmao.people.models import Membership, User

    first = (
        Membership.objects.filter(role="secretariat", until_on=None, person__account__is_active=True)
        .order_by("id")
        .first()
    )
    if first is None:
        raise Refused(
            "Nobody may import yet. Make a secretariat with: sunmao person EMAIL --name … --role secretariat --at …"
        )
    return User.objects.get(person_id=first.person_id)


def main(argv: list[str]) -> int:
    if argv[:1] in (["standard"], ["case"]):
        return standards.bring(argv[1:])
    parser = argparse.ArgumentParser(
        prog="sunmao import", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("desk", help="as in the pages' addresses")
    parser.add_argument("file", type=Path, help="CSV, TSV or XLSX")
    parser.add_argument("--mapping", help="a mapping's name, or a TOML file")
    parser.add_argument(
        "--map", action="append", default=[], metavar="OURS=THEIRS", help="which column holds a field; may be repeated"
    )
    parser.add_argument("--save-mapping", metavar="NAME", help="keep this mapping under a name")
    parser.add_argument("--as", dest="actor", metavar="PERSON", help="e-mail or code of the person who acts")
    parser.add_argument("--code", default="", help="the person's second factor, for sheets of named learners")
    parser.add_argument("--why", default="", help="the reason, kept in the log")
    parser.add_argument("--keep-good", action="store_true", help="write the good rows, leave the bad ones out")
    parser.add_argument("--use-certain", action="store_true", help="take what is as good as certain as the same")
    parser.add_argument("--check", action="store_true", help="only say what would happen")
    asked = parser.parse_args(argv)
    return _guarded(lambda: _import(asked))


def _import(asked: argparse.Namespace) -> None:
    desk, user = _desk(asked.desk), _actor(asked.actor, asked.code)
    if not desk.may(user, "import"):
        raise NotAllowed(desk.policy.lacks(user) or "import")
    importer = desk.importer(user)
    sheet = sheets.read(asked.file)
    mapping = _mapping(asked, importer, user, sheet)
    if not asked.mapping and (unread := [name for name in sheet.columns if name not in mapping.values()]):
        print(f"Columns that no field takes: {', '.join(unread)}. Say with --map FIELD=COLUMN which is which.")
    with _Progress() as progress:
        found = importer.check(sheet, mapping, progress)
        _report(found)
        if asked.check:
            return
        if found.bad and not asked.keep_good:
            raise Refused("Nothing was written. Correct the bad rows, or leave them out with --keep-good.")
        with changes.together():
            why = asked.why or f"{asked.file.name}, mapping {asked.mapping or 'own'}"
            change = importer.write(found, sha256=sheet.sha256, why=why, progress=progress)
            if asked.use_certain:
                _use_certain(user)
            if asked.save_mapping:
                row = SavedMapping(owner=user.actor_key, desk=desk.slug, name=asked.save_mapping, columns=dict(mapping))
                changes.save(row, by=user)
    print(f"written: {len(found.new)} new, {len(found.edits)} edited" + (f", batch {change.uid}" if change else ""))


def _mapping(asked: argparse.Namespace, importer: Any, user: Any, sheet: Any) -> dict[str, Any]:
    if asked.map:
        given, _files = _values(asked.map, [])
        return given
    if not asked.mapping:
        return _guessed(importer, sheet)
    saved = SavedMapping.objects.filter(owner=user.actor_key, desk=importer.desk.slug, name=asked.mapping).first()
    if saved:
        return dict(saved.columns)
    known = importer.mappings()
    if asked.mapping in known:
        return dict(known[asked.mapping])
    if Path(asked.mapping).is_file():
        return tomllib.loads(Path(asked.mapping).read_text(encoding="utf-8"))
    raise Refused(f"There is no mapping “{asked.mapping}”. Known: {', '.join(known) or 'none'}", 2)


def _guessed(importer: Any, sheet: Any) -> dict[str, Any]:
    found = dict(importer.guess(sheet))
    if not found:
        theirs = ", ".join(f"“{name}”" for name in list(sheet.columns)[:SHOWN])
        ours = ", ".join(target.name for target in importer.targets())
        known = ", ".join(importer.mappings())
        raise Refused(
            f"No column of the file is called as a field here, so nothing was read. Its columns: {theirs}. "
            f"Fields: {ours}. Say which is which with --map FIELD=COLUMN"
            + (f", or use a known mapping with --mapping: {known}." if known else "."),
            2,
        )
    return found


def _report(found: Checked) -> None:
    print(
        f"{found.total} {'row' if found.total == 1 else 'rows'}: {len(found.new)} new, {len(found.edits)} edited, {found.unchanged} here already, "
        f"{len(found.maybe)} may be here already, {found.bad_rows} bad"
    )
    for problem in found.bad[:SHOWN]:
        value = f" “{problem.value[:60]}”" if problem.value else ""
        print(f"  row {problem.row}, {problem.column}{value}: {problem.reason}")
    if len(found.bad) > SHOWN:
        print(f"  … and {len(found.bad) - SHOWN} more")
    for maybe in found.maybe[:SHOWN]:
        from sunmao.directory.doubts import reason

        why = " ".join(reason(item.code, dict(item.params)) for item in maybe.match.reasons[:2])
        print(
            f"  row {maybe.row.number} {next(iter(maybe.row.title.values()))} = {maybe.organisation.code} {maybe.match.score:.2f}: {why}"
        )
    if len(found.maybe) > SHOWN:
        print(f"  … and {len(found.maybe) - SHOWN} more; all of them: sunmao records doubts list --as …")


def _use_certain(user: Any) -> None:
    from sunmao.directory import doubts
    from sunmao.directory.models import Doubt

    rows = list(Doubt.objects.filter(state=Doubt.State.WAITING, certain=True))
    for doubt in rows:
        doubts.same(doubt, why="as good as certain", by=user)
    print(f"taken as the same: {len(rows)}")


class _Progress:
    """A bar with rate and time left on a terminal, nothing elsewhere."""

    def __enter__(self) -> Any:
        from rich.progress import Progress

        self.bar = Progress(disable=not sys.stderr.isatty(), transient=True)
        self.bar.__enter__()
        self.tasks: dict[str, Any] = {}
        return self._step

    def _step(self, what: str, done: int, total: int) -> None:
        if what not in self.tasks:
            self.tasks[what] = self.bar.add_task(what, total=total)
        self.bar.update(self.tasks[what], completed=done, total=total)

    def __exit__(self, *error: Any) -> None:
        self.bar.__exit__(*error)


def export(argv: list[str]) -> int:
    if argv[:1] == ["case"]:
        return standards.export(argv[1:])
    if argv[:1] == ["crosswalk"]:
        return standards.export_crosswalk(argv[1:])
    parser = argparse.ArgumentParser(prog="sunmao export", description="Write a desk's rows as CSV or XLSX.")
    parser.add_argument("desk")
    parser.add_argument("file", type=Path, help="ending in .csv or .xlsx")
    parser.add_argument("--filter", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--as", dest="actor", metavar="PERSON")
    parser.add_argument("--code", default="", help="the person's second factor, for sheets of named learners")
    asked = parser.parse_args(argv)
    return _guarded(lambda: _export(asked))


def _export(asked: argparse.Namespace) -> None:
    from sunmao.kernel.exports import to_csv, to_xlsx
    from sunmao.kernel.listing import Listing

    desk, user = _desk(asked.desk), person(asked.actor, asked.code)
    if not desk.may(user, "export"):
        raise NotAllowed(desk.policy.lacks(user) or "export")
    words, _files = _values(asked.filter, [])
    data = QueryDict(mutable=True)
    data.update(words)
    listing = Listing(desk, user, data)
    if asked.file.suffix == ".xlsx":
        asked.file.write_bytes(to_xlsx(listing))
    else:
        with asked.file.open("w", encoding="utf-8", newline="") as out:
            out.writelines(to_csv(listing))
    print(f"written: {asked.file}")
