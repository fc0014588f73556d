"""Bringing a standard in from a file: which reader fits, and the writing of what it read as a version."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.kernel import changes, clock, sheets
from sunmao.kernel.text import Texts
from sunmao.standards import requirement
from sunmao.standards.models import Outcome, Programme, ProgrammeVersion, Unit
from sunmao.standards.reading import case, esco, fields, plans, profiles
from sunmao.standards.reading.drafts import Draft

SHEETS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".ods")
READ = (*SHEETS, ".json")
MOST_FILES = 20


def read(path: Path, entry: str = "", *, title: str = "") -> Draft:
    """Return the standard in a file, or in a folder or ZIP of files; raises ValidationError in words for the person.

    `entry` names one where the file holds many; `title` names a sheet that does not name itself.
    """
    if path.suffix.lower() in (".jsonl", ".json"):
        return case.read([path]) if case.fits(path) else profiles.read(path, entry)
    with _unpacked(path) as files:
        packages = [file for file in files if file.suffix.lower() == ".json" and case.fits(file)]
        if packages:
            return case.read(packages)
        held = [sheets.read(file) for file in files if file.suffix.lower() in SHEETS]
    if any(esco.is_occupations(sheet) for sheet in held):
        if len(held) == 1:  # one file of ESCO's: its neighbours lie beside it
            held += [sheets.read(file) for file in _beside(path)]
        return esco.read(held, entry)
    if len(held) == 1 and fields.fits(held[0]):
        return fields.read(held[0])
    found = [sheet for sheet in held if plans.fits(sheet)]
    if len(found) != 1:
        raise ValidationError(
            _("“%(name)s” has no column of learning outcomes, such as “outcome” or “能力要求”.") % {"name": path.name}
        )
    return plans.read(found[0], title or Path(found[0].name).stem)


@contextmanager
def _unpacked(path: Path) -> Iterator[list[Path]]:
    """Give the sheets of a file, folder or ZIP; what was unpacked is gone afterwards."""
    if path.is_dir():
        yield sorted(file for file in path.iterdir() if file.suffix.lower() in READ)[:MOST_FILES]
    elif path.suffix.lower() == ".zip":
        with tempfile.TemporaryDirectory() as place:
            yield _unzip(path, Path(place))
    else:
        yield [path]


def _unzip(path: Path, place: Path) -> list[Path]:
    out = []
    try:
        with zipfile.ZipFile(path) as box:
            members = [one for one in box.infolist() if Path(one.filename).suffix.lower() in READ][:MOST_FILES]
            if sum(one.file_size for one in members) > sheets.LARGEST:
                raise ValidationError(_("“%(name)s” unpacks to too much.") % {"name": path.name})
            for number, one in enumerate(members):
                file = place / f"{number}{Path(one.filename).suffix.lower()}"
                file.write_bytes(box.read(one))
                out.append(file)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise ValidationError(_("“%(name)s” is damaged or no ZIP file.") % {"name": path.name}) from error
    return out


def _beside(path: Path) -> list[Path]:
    """Return the tables beside ESCO's occupations whose names say that they are about skills."""
    files = [file for file in path.parent.iterdir() if file.suffix.lower() == ".csv" and file != path]
    return sorted(
        file
        for file in files
        if file.stem.lower().removesuffix("_en").endswith(("skills", "occupation_skill", "relations"))
    )


def read_upload(upload: Any, entry: str = "", *, title: str = "") -> tuple[Draft, str]:
    """Return the standard in an uploaded file and the file's SHA-256; ValidationError where it cannot be read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{Path(upload.name).suffix.lower()}"
        with path.open("wb") as out:
            for block in upload.chunks():
                out.write(block)
        return read(path, entry, title=title or Path(upload.name).stem), sheets.digest(path)


def write(
    programme: Programme, draft: Draft, *, label: str = "", why: str = "", sha256: str = "", by: Any
) -> ProgrammeVersion:
    """Write what was read as a new draft version of a programme, as one batch with its file's hash; return it.

    Raises ValidationError where the latest version says the same, or the label is taken.
    """
    latest = programme.versions.order_by("-id").first() if programme.pk else None
    if latest is not None and content(latest) == content_of(draft):
        raise ValidationError(_("%(code)s says the same already.") % {"code": latest.code}, code="same")
    label = label or draft.label or str(clock.today().year)
    version = ProgrammeVersion(programme=programme, label=label, requirement=draft.requirement)
    with changes.together():
        changes.save(version, by=by, why=why)
        units = {
            one.number: Unit(
                version=version,
                number=one.number,
                title=Texts.of(dict(one.texts)),
                credits=one.credits,
                hours=one.hours,
            )
            for one in draft.units
        }
        outcomes = [
            Outcome(
                version=version, unit=units.get(one.unit or 0), number=one.number, title=Texts.of(dict(one.texts)),
                kind=one.kind, critical=one.critical, credits=one.credits, hours=one.hours,
            )
            for one in draft.outcomes
        ]  # fmt: skip
        parts = [*units.values(), *outcomes]
        for part in parts:
            part.prepare()
            part.full_clean(exclude=("uid", "code", "register", "created_at", "updated_at", "version", "unit"))
        if draft.requirement is not None:
            requirement.check_names(draft.requirement, {one.number for one in outcomes}, set(units))
        changes.bulk(parts, by=by, why=why, file_sha256=sha256)
    return version


def content(version: ProgrammeVersion) -> list[Any]:
    """Return what a version asks for, in a form to compare with what was read."""
    units = [[one.number, _plain(one.title)] for one in version.units.order_by("number")]
    outcomes = [[one.number, _plain(one.title), str(one.kind)] for one in version.outcomes.order_by("number")]
    return [units, outcomes]


def content_of(draft: Draft) -> list[Any]:
    """Return what a file asks for, in the same form."""
    units = [[one.number, dict(one.texts)] for one in sorted(draft.units, key=lambda one: one.number)]
    outcomes = [[one.number, dict(one.texts), one.kind] for one in sorted(draft.outcomes, key=lambda one: one.number)]
    return [units, outcomes]


def _plain(texts: Texts) -> dict[str, str]:
    return {code: entry["text"] for code, entry in texts.items()}


def bring(
    draft: Draft, owner: Any, *, kind: str = "", label: str = "", why: str = "", sha256: str = "", by: Any
) -> ProgrammeVersion:
    """Write a standard under an owner: as a version of the programme it has under the same code elsewhere (or, without
    one, the same name), else of a new programme."""
    made = replace(draft, kind=kind) if kind else draft
    with changes.together():
        programme = _programme(made, owner) or changes.save(
            Programme(
                title=Texts.of(dict(made.texts)), kind=made.kind, owner=owner, country=made.country,
                outside_code=made.outside_code,
            ),
            by=by, why=why,
        )  # fmt: skip
        return write(programme, made, label=label, why=why, sha256=sha256, by=by)


def _programme(draft: Draft, owner: Any) -> Programme | None:
    rows: Sequence[Programme] = list(
        Programme.objects.filter(owner=owner, kind=draft.kind, outside_code=draft.outside_code)
    )
    if draft.outside_code:
        return rows[0] if rows else None
    names = {text.casefold() for text in draft.texts.values()}
    return next((one for one in rows if names & {text.casefold() for text in _plain(one.title).values()}), None)


def read_file(programme: Programme, *, file: Any, entry: str = "", label: str = "", by: Any) -> ProgrammeVersion:
    """Read a version of a programme from an uploaded file; return the draft."""
    draft, sha256 = read_upload(file, entry or programme.outside_code)
    return write(programme, draft, label=label, why=file.name, sha256=sha256, by=by)
