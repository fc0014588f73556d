"""Bringing a sheet into a desk: a mapping says which of its columns is which of ours; every cell is checked by
column; all rows or none are written, unless the person says to keep the good ones.

`Importer` is the common case: one row, one record; a row with a code edits that record. A room whose rows are
more than that (an organisation with its names) overrides `Desk.importer`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.kernel import changes, clock, files
from sunmao.kernel.desk import Desk, desk
from sunmao.kernel.errors import NotAllowed
from sunmao.kernel.fields import TextsField, WhenField, refuse_steering
from sunmao.kernel.forms import FIRST_LANGUAGES, MORE_LANGUAGES, UploadField, form_field
from sunmao.kernel.models import Change, ImportRun
from sunmao.kernel.sheets import Problem, Sheet
from sunmao.kernel.text import Texts

KEPT = timedelta(days=1)  # how long a sheet of persons waits to be brought to its end
Progress = Callable[[str, int, int], None]  # what, done, of how many


def silent(what: str, done: int, total: int) -> None:
    """Report no progress."""


@dataclass(frozen=True)
class Target:
    """One of our columns that a sheet's column can be."""

    name: str
    label: str
    required: bool = False


@dataclass
class Checked:
    """What a sheet would do: new records, edits, rows already here, rows that wait for a person, bad rows."""

    total: int = 0
    new: list[Any] = field(default_factory=list)
    edits: list[Any] = field(default_factory=list)
    unchanged: int = 0
    bad: list[Problem] = field(default_factory=list)
    maybe: list[Any] = field(default_factory=list)

    @property
    def bad_rows(self) -> int:
        return len({problem.row for problem in self.bad})

    def reasons(self) -> list[tuple[str, list[Problem]]]:
        """Return the bad cells grouped by reason, the commonest first."""
        count = Counter(problem.reason for problem in self.bad)
        return [(reason, [p for p in self.bad if p.reason == reason]) for reason, _n in count.most_common()]


class Importer:
    """Reads rows of one desk: one row, one record."""

    keeps_file = True  # False where the sheet names persons: its bytes go once it is in, and no cell is kept

    def __init__(self, desk: Desk, user: Any) -> None:
        self.desk, self.user = desk, user

    def targets(self) -> list[Target]:
        """Return our columns: `code`, then the form's fields, texts by language."""
        out = [Target("code", _("code"))]
        for name, column in self.desk.fields.items():
            label = str(column.verbose_name)
            if isinstance(column, TextsField):
                out += [Target(f"{name}_{code}", f"{label} ({code})") for code in (*FIRST_LANGUAGES, *MORE_LANGUAGES)]
            elif not isinstance(form_field(column, self.user), UploadField):
                out.append(Target(name, label, required=not column.blank))
                if isinstance(column, WhenField):
                    out.append(Target(f"{name}_said", f"{label}: " + _("as said by the source")))
        return out

    def mappings(self) -> dict[str, Mapping[str, Any]]:
        """Return the mappings that come with the product, by name."""
        return {}

    def guess(self, sheet: Sheet) -> dict[str, str]:
        """Return our column → their column where the names are the same or nearly."""
        theirs = {name.casefold().replace(" ", "_"): name for name in sheet.columns}
        found = {}
        for target in self.targets():
            for word in (target.name, target.label.casefold().replace(" ", "_")):
                if word in theirs:
                    found[target.name] = theirs[word]
                    break
        return found

    def check(self, sheet: Sheet, mapping: Mapping[str, Any], progress: Progress = silent) -> Checked:
        """Check every cell by column and return what would be written; nothing is stored."""
        found = Checked(total=len(sheet))
        columns = self._columns(sheet, mapping)
        codes = self._codes(sheet, mapping, found)
        parsed: dict[str, list[Any]] = {}
        for number, (name, cells) in enumerate(columns.items()):
            progress(name, number, len(columns))
            parsed[name] = self._parse(name, cells, mapping, sheet, found)
        bad = {problem.row for problem in found.bad}
        for index, row in enumerate(sheet.numbers):
            if row in bad:
                continue
            record = codes.get(index) or self.desk.model()
            self._fill(record, {name: values[index] for name, values in parsed.items()})
            self._place(record, row, found)
        return found

    def _columns(self, sheet: Sheet, mapping: Mapping[str, Any]) -> dict[str, Any]:
        known = {target.name for target in self.targets()}
        unknown = [name for name in mapping if name not in known]
        missing = [str(name) for name in mapping.values() if name not in sheet.columns]
        if unknown or missing:
            raise ValidationError(
                _("The mapping does not fit the sheet: %(names)s") % {"names": ", ".join([*unknown, *missing])}
            )
        out: dict[str, Any] = {}
        for name, column in self.desk.fields.items():
            if isinstance(column, TextsField):
                parts = {
                    code: sheet.columns[mapping[f"{name}_{code}"]]
                    for code in (*FIRST_LANGUAGES, *MORE_LANGUAGES) if f"{name}_{code}" in mapping
                }  # fmt: skip
                if parts:
                    out[name] = [dict(zip(parts, cells, strict=True)) for cells in zip(*parts.values(), strict=True)]
            elif name in mapping:
                out[name] = sheet.columns[mapping[name]]
            elif not column.blank and column.get_default() in (None, "") and not self._has_codes(mapping):
                out[name] = [""] * len(sheet)
        return out

    def _has_codes(self, mapping: Mapping[str, Any]) -> bool:
        return "code" in mapping

    def _codes(self, sheet: Sheet, mapping: Mapping[str, Any], found: Checked) -> dict[int, Any]:
        if "code" not in mapping:
            return {}
        cells = sheet.columns[mapping["code"]]
        wanted = {cell for cell in cells if cell}
        key = "code" if self.desk.model.CODE else "uid"
        rows = self.desk.rows(self.user)
        held: dict[str, Any] = {}
        for chunk in _chunks(sorted(wanted), 500):
            try:
                held |= {row.key: row for row in rows.filter(**{f"{key}__in": chunk})}
            except ValidationError:  # a malformed identifier: looked up one by one
                for cell in chunk:
                    try:
                        held[cell] = self.desk.model.find(rows, cell)
                    except self.desk.model.DoesNotExist:
                        continue
        out: dict[int, Any] = {}
        seen: dict[str, int] = {}
        for index, cell in enumerate(cells):
            row = sheet.numbers[index]
            if not cell:
                continue
            if cell not in held:
                reason = _("No record has this code. Leave it empty to add a new one.")
                found.bad.append(Problem(row, mapping["code"], cell, reason))
            elif cell in seen:
                reason = _("The same code stands in row %(row)s. Keep one of them.") % {"row": seen[cell]}
                found.bad.append(Problem(row, mapping["code"], cell, reason))
            else:
                seen[cell] = row
                out[index] = held[cell]
        return out

    def _parse(
        self, name: str, cells: list[Any], mapping: Mapping[str, Any], sheet: Sheet, found: Checked
    ) -> list[Any]:
        """Clean each distinct cell of a column once."""
        made = form_field(self.desk.fields[name], self.user)
        if made is None:
            return cells
        known: dict[Any, Any] = {}
        out: list[Any] = []
        said = sheet.columns.get(str(mapping.get(f"{name}_said", "")))
        for index, cell in enumerate(cells):
            key = tuple(cell.items()) if isinstance(cell, dict) else cell
            if key not in known:
                known[key] = self._clean(made, cell)
            value = known[key]
            if isinstance(value, forms.ValidationError):
                column = str(mapping.get(name) or name)
                shown = " / ".join(cell.values()) if isinstance(cell, dict) else str(cell)
                found.bad.append(Problem(sheet.numbers[index], column, shown, " ".join(value.messages)))
                value = None
            if value is not None and said and said[index] and hasattr(value, "said"):
                value = type(value)(value.earliest, value.latest, value.qualifier, said[index])
            out.append(value)
        return out

    @staticmethod
    def _clean(made: forms.Field, cell: Any) -> Any:
        try:
            return made.clean(cell)
        except forms.ValidationError as error:
            return error

    def _fill(self, record: Any, values: dict[str, Any]) -> None:
        for name, value in values.items():
            column = self.desk.fields[name]
            if value is None and record.pk and self.desk.hides(self.user, record, name):
                continue
            if isinstance(column, TextsField) and record.pk:
                value = Texts({**getattr(record, name), **value}) if value else value
                value = Texts({code: text for code, text in value.items() if text})
            setattr(record, name, value if value is not None or column.null or isinstance(column, WhenField) else "")

    def _place(self, record: Any, row: int, found: Checked) -> None:
        """Put a filled record among new, edits or unchanged, or say what is wrong with the row as a whole. An edit must
        be allowed of the record as it stands and as the row would have it; a row that changes nothing asks nothing."""
        stored = self.desk.model._base_manager.get(pk=record.pk) if record.pk else None
        try:
            record.prepare()
            if stored is not None and changes.plain(stored) == changes.plain(record):
                found.unchanged += 1
                return
            verb, asked = ("edit", (stored, record)) if stored is not None else ("add", (record,))
            if not all(self.desk.may(self.user, verb, one) for one in asked):
                raise ValidationError(_("Your role does not allow this row."))
            refuse_steering(record)
            record.clean()
            if stored is None:
                record.validate_unique()
        except ValidationError as error:
            for name, messages in (
                error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            ).items():
                found.bad.append(Problem(row, name if name != "__all__" else "", "", " ".join(messages)))
            return
        (found.new if stored is None else found.edits).append(record)

    def write(self, checked: Checked, *, sha256: str, why: str, progress: Progress = silent) -> Change | None:
        """Write what was checked, as one batch. The caller has decided about bad rows."""
        if not self.desk.may(self.user, "import"):
            raise NotAllowed("import")
        with changes.together():
            change = changes.bulk(checked.new, by=self.user, why=why, file_sha256=sha256)
            for number, record in enumerate(checked.edits):
                progress(_("edits"), number, len(checked.edits))
                changes.save(record, by=self.user, why=why, deed="import")
        return change


def expire() -> int:
    """Remove the bytes of sheets of persons that nobody brought to an end within KEPT; return of how many."""
    rows = ImportRun.objects.filter(created_at__lt=clock.now() - KEPT, file__removed_on=None).select_related("file")
    done = 0
    for run in rows.exclude(state=ImportRun.State.DONE):
        found = desk(run.desk)
        if found is None or not found.importer(None).keeps_file:
            files.discard(run.file, by=changes.System("expiry of sheets"), why="Not brought in within a day")
            done += 1
    return done


def _chunks(items: list[str], size: int) -> list[list[str]]:
    return [items[i : i + size] for i in range(0, len(items), size)]
