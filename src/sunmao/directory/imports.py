"""Sheets of organisations: one row is an organisation with its names and its ids at other registers.

A row is known again by its id elsewhere (ROR, Chinese MOE, …), else by name, place and kind, so that the same file
brought twice changes nothing. A row that may be an organisation already here is not written: it waits as a
`Doubt` until a person says "the same" or "different".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.directory import countries
from sunmao.directory.matching import CERTAIN, Candidate, Index, Match
from sunmao.directory.models import Distinct, Doubt, Kind, NameKind, Organisation, OrganisationName, OutsideId
from sunmao.kernel import changes
from sunmao.kernel.errors import NotAllowed
from sunmao.kernel.fields import STEERS
from sunmao.kernel.imports import Checked, Importer, Progress, Target, silent
from sunmao.kernel.models import Change
from sunmao.kernel.search import fold
from sunmao.kernel.sheets import Problem, Sheet
from sunmao.kernel.text import Texts, steers
from sunmao.kernel.when import When

_SHAPES = {"ror": re.compile(r"0[a-z0-9]{8}"), "moe": re.compile(r"\d{10}")}
_SCRIPTS = (
    ("zh", re.compile(r"[\u3400-\u9fff]")), ("ru", re.compile(r"[\u0400-\u04ff]")), ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")), ("ja", re.compile(r"[\u3040-\u30ff]")), ("th", re.compile(r"[\u0e00-\u0e7f]")),
)  # fmt: skip
_TEXT = ("city", "level", "answers_to", "website")


@cache
def built_in() -> dict[str, dict[str, Any]]:
    """Return the mappings that come with the product: name → {target: how it is read}."""
    place = Path(__file__).parent / "mappings"
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(place.glob("*.toml"))}


def language_of(text: str) -> str:
    """Return the language a name's script gives away, `und` for Latin letters."""
    return next((code for code, script in _SCRIPTS if script.search(text)), "und")


@dataclass
class Row:
    """One row as read: fields, names as (language, kind, text), ids by scheme."""

    number: int
    fields: dict[str, Any]
    title: dict[str, str]
    names: list[tuple[str, str, str]]
    ids: dict[str, str]

    def candidate(self) -> Candidate:
        return Candidate(
            key=str(self.number), names=tuple(text for _l, _k, text in self.names), country=self.fields.get("country"),
            city=self.fields.get("city"), ids=self.ids, website=self.fields.get("website"),
            lat=self.fields.get("latitude"), lng=self.fields.get("longitude"),
        )  # fmt: skip

    def held(self) -> dict[str, Any]:
        """Return the row as JSON, to wait in a Doubt."""
        fields = {k: v.store() if isinstance(v, When) else v for k, v in self.fields.items()}
        return {"number": self.number, "fields": fields, "title": self.title, "names": self.names, "ids": self.ids}

    @classmethod
    def restore(cls, held: Mapping[str, Any]) -> Row:
        names = [(str(a), str(b), str(c)) for a, b, c in held["names"]]
        fields = dict(held["fields"])
        if fields.get("established"):
            fields["established"] = When.restore(fields["established"])
        return cls(held["number"], fields, dict(held["title"]), names, dict(held["ids"]))

    def records(self) -> list[Any]:
        """Return the new organisation with its names and ids, in the order they rest on each other."""
        made = Organisation(title=Texts.of(self.title), **self.fields)
        rows: list[Any] = [made]
        for language, kind, text in self.names:
            rows.append(OrganisationName(organisation=made, language=language.replace("und", ""), kind=kind, text=text))
        rows += [OutsideId(organisation=made, scheme=scheme, value=value) for scheme, value in self.ids.items()]
        return rows


@dataclass
class Maybe:
    """A row that may be an organisation already here."""

    row: Row
    organisation: Organisation
    match: Match


class OrganisationImporter(Importer):
    """Reads rows of organisations."""

    def targets(self) -> list[Target]:
        fields = {name: str(column.verbose_name) for name, column in self.desk.fields.items()}
        plain = [
            Target(name, fields[name]) for name in ("kind", "country", "latitude", "longitude", "established", *_TEXT)
        ]
        ids = [Target(f"id_{scheme}", str(label)) for scheme, label in OutsideId.Scheme.choices]
        by_language = [Target(f"name_{code}", f"{_('name')} ({code})") for code in ("en", "zh", "ru", "uz")]
        out = [
            Target("name", str(_("name")), required=True), *by_language, Target("other_names", str(_("other names"))), *plain, *ids
        ]  # fmt: skip
        named = {target.name for target in out}
        return [*out, *(target for target in super().targets() if target.name not in named)]

    def mappings(self) -> dict[str, Mapping[str, Any]]:
        return dict(built_in())

    def check(self, sheet: Sheet, mapping: Mapping[str, Any], progress: Progress = silent) -> Checked:
        """Check a sheet from elsewhere row by row; one with our own codes is a sheet of ours that comes back."""
        if "code" in mapping:
            return super().check(sheet, mapping, progress)
        found = Checked(total=len(sheet))
        rows = self._read(sheet, mapping, found)
        bad = {problem.row for problem in found.bad}
        rows = self._known(self._once([row for row in rows if row.number not in bad], sheet, mapping, found), found)
        progress(_("looking for duplicates"), 0, len(rows))
        index, by_key = _register()
        matches = index.match_file([row.candidate() for row in rows])
        for row in rows:
            likely = matches.get(str(row.number))
            if likely:
                found.maybe.append(Maybe(row, by_key[likely[0].key], likely[0]))
            else:
                found.new.append(row)
        progress(_("looking for duplicates"), len(rows), len(rows))
        return found

    # Reading, by column

    def _read(self, sheet: Sheet, mapping: Mapping[str, Any], found: Checked) -> list[Row]:
        known = {target.name for target in self.targets()}
        columns: dict[str, list[str]] = {}
        named: dict[str, str] = {}
        for target, how in mapping.items():
            if target not in known:
                raise ValidationError(_("The mapping does not fit the sheet: %(names)s") % {"names": target})
            rule = {"column": how} if isinstance(how, str) else dict(how)
            name = rule.get("column", "")
            if name and name not in sheet.columns:
                raise ValidationError(_("The mapping does not fit the sheet: %(names)s") % {"names": name})
            named[target] = name
            columns[target] = _ruled(sheet.columns[name] if name else [""] * len(sheet), rule)
        values = {target: self._values(target, named[target], cells, sheet, found) for target, cells in columns.items()}
        separator = (
            str(mapping.get("other_names", {}).get("split", "|"))
            if isinstance(mapping.get("other_names"), Mapping)
            else "|"
        )
        rows = []
        for index, number in enumerate(sheet.numbers):
            at = {target: cells[index] for target, cells in values.items()}
            row = _row(number, at, separator)
            if not row.title:
                found.bad.append(
                    Problem(number, named.get("name", "name"), "", _("A row needs a name in some language."))
                )
            elif (row.fields.get("latitude") is None) != (row.fields.get("longitude") is None):
                column = named.get("longitude", "longitude")
                found.bad.append(Problem(number, column, "", _("Latitude and longitude go together.")))
            else:
                rows.append(row)
        return rows

    def _values(self, target: str, column: str, cells: list[str], sheet: Sheet, found: Checked) -> list[Any]:
        known: dict[str, Any] = {}
        out = []
        for index, cell in enumerate(cells):
            if cell not in known:
                try:
                    known[cell] = _value(target, cell)
                except ValueError as error:
                    known[cell] = error
            value = known[cell]
            if isinstance(value, ValueError):
                found.bad.append(Problem(sheet.numbers[index], column or target, cell, str(value)))
                value = None
            out.append(value)
        return out

    @staticmethod
    def _once(rows: list[Row], sheet: Sheet, mapping: Mapping[str, Any], found: Checked) -> list[Row]:
        """Leave out rows whose id already stood in an earlier row of the file."""
        seen: dict[tuple[str, str], int] = {}
        out = []
        for row in rows:
            clash = next(((s, v) for s, v in row.ids.items() if (s, v) in seen), None)
            if clash:
                how = mapping[f"id_{clash[0]}"]
                column = how if isinstance(how, str) else how["column"]
                reason = _("The same code stands in row %(row)s. Keep one of them.") % {"row": seen[clash]}
                found.bad.append(Problem(row.number, column, clash[1], reason))
                continue
            seen |= dict.fromkeys(row.ids.items(), row.number)
            out.append(row)
        return out

    @staticmethod
    def _known(rows: list[Row], found: Checked) -> list[Row]:
        """Count out rows that are here already, or that wait or were decided as a doubt."""
        here = set(OutsideId.objects.values_list("scheme", "value"))
        asked = {key for doubt in Doubt.objects.values_list("held", flat=True) for key in _identity(Row.restore(doubt))}
        nameless = [row for row in rows if not row.ids]
        same = set()
        if nameless:
            kept = OrganisationName.objects.filter(kind=NameKind.OFFICIAL).select_related("organisation")
            same = {(name.folded, str(name.organisation.country), fold(name.organisation.city)) for name in kept}
        out = []
        for row in rows:
            if (
                any(pair in here for pair in row.ids.items())
                or any(key in asked for key in _identity(row))
                or (not row.ids and _place(row) in same)
            ):
                found.unchanged += 1
            else:
                out.append(row)
        return out

    # Writing

    def write(self, checked: Checked, *, sha256: str, why: str, progress: Progress = silent) -> Change | None:
        if not self.desk.may(self.user, "import"):
            raise NotAllowed("import")
        if any(isinstance(row, Organisation) for row in (*checked.new, *checked.edits)):
            with changes.together():
                for number, record in enumerate((*checked.new, *checked.edits)):
                    progress(_("writing"), number, len(checked.new) + len(checked.edits))
                    self.desk.write(record, by=self.user, why=why)
            return None
        with changes.together():
            records = [record for row in checked.new for record in row.records()]
            doubts = [
                Doubt(
                    organisation=maybe.organisation, held=maybe.row.held(), score=maybe.match.score,
                    reasons=[[reason.code, dict(reason.params)] for reason in maybe.match.reasons],
                    certain=maybe.match.score >= CERTAIN,
                )
                for maybe in checked.maybe
            ]  # fmt: skip
            progress(_("writing"), 0, len(records))
            change = changes.bulk([*records, *doubts], by=self.user, why=why, file_sha256=sha256)
            progress(_("writing"), len(records), len(records))
        return change


def _identity(row: Row) -> Iterable[tuple[str, ...]]:
    return [tuple(pair) for pair in row.ids.items()] or [_place(row)]


def _place(row: Row) -> tuple[str, str, str]:
    return (
        fold(next(iter(row.title.values()), ""))[:400],
        str(row.fields.get("country") or ""),
        fold(row.fields.get("city") or ""),
    )


def _register() -> tuple[Index, dict[str, Organisation]]:
    rows = Organisation.objects.filter(merged_into=None).exclude(kind=Kind.TO_BE_NAMED).prefetch_related("names", "ids")
    by_key = {str(row.pk): row for row in rows}
    return Index(candidate_of(row) for row in by_key.values()), by_key


def candidate_of(row: Organisation) -> Candidate:
    """Return an organisation as the matcher knows it."""
    return Candidate(
        key=str(row.pk), names=tuple(name.text for name in row.names.all()), country=str(row.country) or None,
        city=row.city or None, ids={item.scheme: item.value for item in row.ids.all()}, website=row.website or None,
        lat=row.latitude, lng=row.longitude,
    )  # fmt: skip


def apart(left: Organisation, right: Organisation) -> bool:
    """True where someone has decided that the two are different."""
    a, b = sorted((left.pk, right.pk))
    return Distinct.objects.filter(left=a, right=b).exists()


def _ruled(cells: list[str], rule: Mapping[str, Any]) -> list[str]:
    """Apply a mapping's rule: strip a prefix, translate values, infer from words, or a constant."""
    if "constant" in rule:
        cells = [str(rule["constant"])] * len(cells)
    if "strip" in rule:
        cells = [cell.removeprefix(rule["strip"]) for cell in cells]
    if "values" in rule:
        cells = [rule["values"].get(cell, cell) for cell in cells]
    if "words" in rule:
        words = rule["words"].items()
        cells = [next((v for k, v in words if k in cell.casefold()), rule.get("default", "")) for cell in cells]
    return cells


def _value(target: str, cell: str) -> Any:
    """Return the value of one cell; ValueError says what is wrong and what to write."""
    if not cell:
        return None
    if steers(cell):
        raise ValueError(STEERS)
    if target.startswith("id_"):
        return _outside_id(target.removeprefix("id_"), cell)
    if target == "country":
        if cell.upper() not in countries.codes():
            raise ValueError(_("“%(code)s” is not a code of ISO 3166-1. Write two letters, as in UZ.") % {"code": cell})
        return cell.upper()
    if target in ("latitude", "longitude"):
        return _degrees(target, cell)
    if target == "established":
        return When.read(cell)
    if target == "kind" and cell not in Kind.values:
        raise ValueError(
            _("“%(kind)s” is no kind. Write one of: %(kinds)s.") % {"kind": cell, "kinds": ", ".join(Kind.values)}
        )
    if target == "website":
        return _website(cell)
    limit = {"city": 120, "level": 60, "answers_to": 120, "other_names": 20_000}.get(target, 400)
    if len(cell) > limit:
        raise ValueError(_("Longer than %(limit)s characters.") % {"limit": limit})
    return cell


def _outside_id(scheme: str, cell: str) -> str:
    shape = _SHAPES.get(scheme)
    if "E+" in cell.upper() and shape:
        raise ValueError(_("The spreadsheet turned the code into a number. Format the column as text."))
    if shape and not shape.fullmatch(cell):
        if scheme == "moe":
            raise ValueError(_("The code has 10 digits. Write all 10, or leave it empty."))
        raise ValueError(_("The code is not one of this register."))
    return cell


def _degrees(target: str, cell: str) -> float:
    most = 90 if target == "latitude" else 180
    try:
        value = float(cell.replace(",", "."))
    except ValueError as error:
        raise ValueError(_("Not a number of degrees. Write it as 41.3111.")) from error
    if not -most <= value <= most:
        raise ValueError(_("Degrees run from -%(most)s to %(most)s.") % {"most": most})
    return value


def _website(cell: str) -> str:
    address = cell if "://" in cell else f"https://{cell}"
    if " " in address or "." not in address or len(address) > 500 or not address.startswith(("http://", "https://")):
        raise ValueError(_("Not a web address. Write it as https://example.org."))
    return address


def _row(number: int, at: Mapping[str, Any], separator: str) -> Row:
    title: dict[str, str] = {}
    names: dict[str, tuple[str, str, str]] = {}
    for target, text in at.items():
        if (target == "name" or target.startswith("name_")) and text:
            language = language_of(text) if target == "name" else target.removeprefix("name_")
            title.setdefault(language, text)
            names.setdefault(text, (language, NameKind.OFFICIAL.value, text))
    for text in (at.get("other_names") or "").split(separator):
        name = text.strip()
        if name and len(name) <= 400:
            acronym = name.isascii() and name.isupper() and len(name) <= 12 and " " not in name
            names.setdefault(name, (language_of(name), (NameKind.ACRONYM if acronym else NameKind.ALIAS).value, name))
    fields = {
        name: value for name, value in at.items()
        if value is not None and not name.startswith(("id_", "name")) and name != "other_names"
    }  # fmt: skip
    ids = {name.removeprefix("id_"): value for name, value in at.items() if name.startswith("id_") and value}
    return Row(number, fields, title, list(names.values()), ids)
