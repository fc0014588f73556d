"""`sunmao import standard` and `sunmao align`: standards from files of others, and proposals between two of them.

  sunmao import standard ve_major_profiles.jsonl --entry 510301 --at ORG-00012 --as officer@example.org
  sunmao import standard plan.xlsx --title "现代通信技术" --kind curriculum --as officer@example.org
  sunmao import standard esco_occupations.csv --entry "air traffic controller" --publish --as officer@example.org

A file of Chinese major profiles (one JSON object a line), a sheet with a row per outcome, or ESCO's tables (the file of
occupations with its neighbours, their folder, or a ZIP). The standard is kept by --at, else by the house of the person
who acts. The same file again is refused where nothing changed, else it makes the next version.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from django.conf import settings

from sunmao.credentials.models import CredentialState
from sunmao.directory.models import Organisation
from sunmao.kernel import changes, sheets
from sunmao.kernel.errors import NotAllowed
from sunmao.kernel.pages import do
from sunmao.site.commands.records import Refused, _desk, _guarded, person
from sunmao.standards import actions, bringing
from sunmao.standards.case import EDITIONS, Case, languages_of
from sunmao.standards.models import Crosswalk, Programme, ProgrammeKind, ProgrammeVersion, VersionState
from sunmao.standards.sentences import reasons


def bring(argv: list[str]) -> int:
    """Run `sunmao import standard`; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="sunmao import standard", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, help="a file, a folder or a ZIP")
    parser.add_argument("--entry", default="", help="code or name of one standard, where the file holds many")
    parser.add_argument("--title", default="", help="the standard's name, where the file does not say it")
    parser.add_argument("--kind", choices=ProgrammeKind.values, help="what it is, where the file does not say it")
    parser.add_argument("--label", default="", help="the version's label (this year)")
    parser.add_argument("--at", default="", metavar="CODE", help="the organisation that keeps it")
    parser.add_argument("--publish", action="store_true", help="publish the version at once")
    parser.add_argument("--check", action="store_true", help="only say what would be written")
    parser.add_argument("--as", dest="actor", metavar="PERSON", help="e-mail or code of the person who acts")
    asked = parser.parse_args(argv)
    return _guarded(lambda: _bring(asked))


def export(argv: list[str]) -> int:
    """Run `sunmao export case`; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="sunmao export case", description="Write a version or a crosswalk as a CASE package (JSON)."
    )
    parser.add_argument("key", metavar="CODE", help="a version, a standard (its latest), or a crosswalk")
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--language", default="", help="one the version is written in; else the one it is told in first"
    )
    parser.add_argument("--edition", choices=EDITIONS, default="v1p1", help="v1p1 (CASE 1.1) or v1p0")
    parser.add_argument("--as", dest="actor", metavar="PERSON", help="who asks, for what is not public")
    asked = parser.parse_args(argv)
    return _guarded(lambda: _export(asked))


def _export(asked: argparse.Namespace) -> None:
    case = Case(settings.SUNMAO_ADDRESS.rstrip("/"), asked.edition)
    crosswalk = Crosswalk.objects.filter(code=asked.key).first()
    if crosswalk is not None:
        found = case.crosswalk(crosswalk)
    else:
        version = _version(asked.key, person(asked.actor))
        if asked.language and asked.language not in languages_of(version):
            raise Refused(f"It is written in {', '.join(languages_of(version))}.", 2)
        found = case.package(version, asked.language)
    asked.file.write_text(json.dumps(found, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"written: {asked.file}, {len(found['CFItems'])} items, {len(found['CFAssociations'])} associations")


def export_crosswalk(argv: list[str]) -> int:
    """Run `sunmao export crosswalk`; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="sunmao export crosswalk",
        description="Write a crosswalk as the credential that both sides signed: its latest issue, or one by its own code. "
        "“sunmao verify” checks it anywhere; “sunmao export case” writes the same rows as CASE associations, unsigned.",
    )
    parser.add_argument("key", metavar="CODE", help="a crosswalk, or one of its credentials")
    parser.add_argument("file", type=Path)
    parser.add_argument("--as", dest="actor", metavar="PERSON", help="who asks, for one that not both sides signed yet")
    asked = parser.parse_args(argv)
    return _guarded(lambda: _export_crosswalk(asked))


def _export_crosswalk(asked: argparse.Namespace) -> None:
    rows = _desk("crosswalk-credentials").rows(person(asked.actor)).exclude(state=CredentialState.DROPPED)
    latest = rows.filter(crosswalk__code=asked.key, state=CredentialState.ISSUED).order_by("-id").first()
    found = rows.filter(code=asked.key).first() or latest
    if found is None:
        raise Refused(f"“{asked.key}” has no credential signed by both sides.", 2)
    asked.file.write_text(found.document, encoding="utf-8")
    print(f"written: {asked.file}, {found.code}, {len(found.rows)} rows, {CredentialState(found.state).label}")


def align(argv: list[str]) -> int:
    """Run `sunmao align`; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="sunmao align",
        description="Let the machine propose what corresponds between two published versions. The crosswalk is opened where "
        "there is none; its rows are proposals and count for nothing until people of both sides confirm them.",
    )
    parser.add_argument(
        "--from", dest="source", required=True, metavar="CODE", help="a version, or a standard's latest"
    )
    parser.add_argument("--to", dest="target", required=True, metavar="CODE", help="a version, or a standard's latest")
    parser.add_argument("--most", type=int, default=3, choices=range(1, 6), help="proposals for each outcome (3)")
    parser.add_argument("--as", dest="actor", metavar="PERSON", help="e-mail or code of the person who acts")
    asked = parser.parse_args(argv)
    return _guarded(lambda: _align(asked))


def _align(asked: argparse.Namespace) -> None:
    user = person(asked.actor)
    desk = _desk("crosswalks")
    source, target = (_version(code, user) for code in (asked.source, asked.target))
    crosswalk = Crosswalk.objects.filter(source=source, target=target).first()
    with changes.together():
        if crosswalk is None:
            crosswalk = Crosswalk(source=source, target=target)
            if not desk.may(user, "add", crosswalk):
                raise NotAllowed("add")
            desk.write(crosswalk, by=user)
        before = set(crosswalk.rows.values_list("id", flat=True))
        found = desk.deed("align")
        assert found is not None
        do(found, desk, crosswalk, {"most": asked.most}, by=user)
    rows = crosswalk.rows.exclude(pk__in=before).select_related("source", "target").order_by("source__order", "id")
    for row in rows:
        score = "chain" if row.certainty is None else f"{row.certainty:.2f}"
        print(f"{row.code}\t{score}\t{row.source.number} {row.source}\t{row.target.number} {row.target}")
        for text in reasons(row.why):
            print(f"\t\t{text}")
    print(f"{crosswalk.code} {crosswalk}: {len(rows)} proposals")


def _version(code: str, user: Any) -> ProgrammeVersion:
    """Return a version by its code, or the latest published one of a standard."""
    rows = _desk("programme-versions").rows(user)
    found = rows.filter(code=code).first()
    found = found or rows.filter(programme__code=code, state=VersionState.PUBLISHED).order_by("-id").first()
    if found is None:
        raise Refused(f"There is no version “{code}”, or it is not yours to see.", 2)
    return found  # type: ignore[no-any-return]


def _bring(asked: argparse.Namespace) -> None:
    user = person(asked.actor)
    if not asked.file.exists():
        raise Refused(f"There is no file “{asked.file}”.", 2)
    draft = bringing.read(asked.file, asked.entry, title=asked.title)
    print(f"{' / '.join(draft.texts.values())}: {len(draft.units)} units, {len(draft.outcomes)} outcomes")
    if asked.check:
        return
    owner = _owner(asked.at, user)
    kind = asked.kind or draft.kind
    if not _desk("programmes").may(user, "add", Programme(owner=owner, kind=kind)):
        raise NotAllowed("add")
    with changes.together():
        sha256 = sheets.digest(asked.file) if asked.file.is_file() else ""
        version = bringing.bring(
            draft, owner, kind=kind, label=asked.label, why=asked.file.name, sha256=sha256, by=user
        )
        if asked.publish:
            if not _desk("programme-versions").may(user, "publish", version):
                raise NotAllowed("publish")
            actions.publish(version, by=user)
    print(f"{version.code} {version}")


def _owner(code: str, user: Any) -> Organisation:
    if code:
        found = Organisation.objects.filter(code=code).first()
        if found is None:
            raise Refused(f"There is no organisation “{code}”.", 2)
        return found
    seats = Organisation.objects.filter(pk__in=user.seats("officer", "authority")).order_by("id")
    if not seats:
        raise Refused("Say with --at who keeps the standard.", 2)
    return seats[0]
