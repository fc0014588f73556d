"""Sheets from outside: CSV and spreadsheets read as text, every cell checked later by column.

A sheet is read in a child process with limits on memory and time, so that a hostile file ends that process and
nothing else. Rows are numbered as a person sees them, blank ones counted: the header is row 1 where nothing is above.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
import resource
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.kernel.text import N_

LARGEST = 400 * 1024 * 1024  # bytes of a file
UNPACKED = 1024 * 1024 * 1024  # bytes a spreadsheet may unpack to
WIDEST = 400  # columns
MEMORY = 3 * 1024 * 1024 * 1024
SECONDS = 120
ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")
DELIMITERS = ",;\t|"
# What a spreadsheet takes for the beginning of a formula; some take the wide signs of Chinese keyboards, too.
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


@dataclass(frozen=True)
class Problem:
    """A cell, or a whole row, that cannot be taken: where, what stood there, why, and what to do."""

    row: int
    column: str
    value: str
    reason: str


@dataclass
class Sheet:
    """A sheet as text: its columns in order and each column's cells, all of one length."""

    columns: dict[str, list[str]]
    name: str
    sha256: str
    encoding: str = ""
    delimiter: str = ""
    numbers: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), []))

    def rows(self) -> Iterator[dict[str, str]]:
        names = list(self.columns)
        for cells in zip(*self.columns.values(), strict=True):
            yield dict(zip(names, cells, strict=True))


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def read(path: Path, name: str = "") -> Sheet:
    """Read a CSV or XLSX/XLS/ODS file; ValidationError in words for the person where it cannot be read."""
    name = name or path.name
    if not path.is_file():
        raise ValidationError(_("There is no file “%(name)s”.") % {"name": name})
    size = path.stat().st_size
    if size > LARGEST:
        raise ValidationError(_("“%(name)s” is larger than %(limit)s MB.") % {"name": name, "limit": LARGEST >> 20})
    if size == 0:
        raise ValidationError(_("“%(name)s” is empty.") % {"name": name})
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "columns.json"
        command = [sys.executable, "-m", "sunmao.kernel.sheet_reader", str(path), str(out)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=SECONDS, preexec_fn=_limit, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise ValidationError(_("“%(name)s” takes too long to read.") % {"name": name}) from error
        if done.returncode or not out.exists():
            reason = done.stderr.strip().splitlines()[-1:] or [""]
            says = reason[0].removeprefix("refused: ") if reason[0].startswith("refused: ") else ""
            raise ValidationError(
                _("“%(name)s” cannot be read as a sheet. %(reason)s")
                % {"name": name, "reason": _(says) if says else _("It is damaged or not a sheet at all.")}
            )
        held = json.loads(out.read_bytes())
    return Sheet(held["columns"], name, digest(path), held["encoding"], held["delimiter"], held["numbers"])


def stream(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (number, {column: cell}) of each row, in as little memory as a row takes, for a CSV of any length.

    Encoding, delimiter, numbering and cells are those of `read`; a spreadsheet is read by it. ValidationError where the
    file cannot be read, which may come after some rows.
    """
    with path.open("rb") as source:
        head = source.read(8)
    if head.startswith((b"PK", b"\xd0\xcf\x11\xe0")) or not head:
        sheet = read(path)
        yield from zip(sheet.numbers, sheet.rows(), strict=True)
        return
    try:
        yield from _stream_csv(path, _encoding_of(path, head))
    except (Unreadable, csv.Error, UnicodeDecodeError) as error:
        says = _(str(error)) if isinstance(error, Unreadable) else _("It is damaged or not a sheet at all.")
        raise ValidationError(
            _("“%(name)s” cannot be read as a sheet. %(reason)s") % {"name": path.name, "reason": says}
        ) from error


def _encoding_of(path: Path, head: bytes) -> str:
    for encoding in ("utf-16",) if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ENCODINGS[:2]:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as source:
                while block := source.read(1 << 20):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Unreadable(N_("Its characters are neither UTF-8 nor GB18030. Save it as UTF-8."))


def _stream_csv(path: Path, encoding: str) -> Iterator[tuple[int, dict[str, str]]]:
    csv.field_size_limit(1 << 20)
    with path.open(encoding=encoding, newline="") as source:
        first = source.readline()
        source.seek(0)
        rows = csv.reader(source, delimiter=max(DELIMITERS, key=first.count), strict=True)
        columns: list[tuple[int, str]] | None = None
        row: Sequence[str] = ()
        for number, row in enumerate(rows, 1):
            if not any(cell.strip() for cell in row):
                continue
            if columns is None:
                columns = _named([cell.strip() for cell in row])
                if len(columns) > WIDEST:
                    raise Unreadable(N_("It has more columns than a sheet may have."))
                continue
            held = {name: _cell(row[at]) if at < len(row) else "" for at, name in columns}
            beyond = {f"column {at + 1}": _cell(row[at]) for at in range(len(columns), len(row))}
            yield number, held | beyond
        if columns is None:
            raise Unreadable(N_("It holds no rows."))
        with path.open("rb") as end:
            end.seek(-min(2, path.stat().st_size), io.SEEK_END)
            _whole(row, len(columns), end.read(), encoding)


def _whole(last: Sequence[str], width: int, end: bytes, encoding: str) -> None:
    """Refuse a file whose last row is short and has no end of line: its writing or its way here was broken off. A short
    row with its end of line is taken, since spreadsheets leave empty cells at the end of a row away."""
    if 0 < len(last) < width and not set(end[-2 if encoding == "utf-16" else -1 :]) & set(b"\r\n"):
        raise Unreadable(N_("It breaks off in the middle of its last row. Get the whole file."))


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


Table = tuple[dict[str, list[str]], list[int]]  # cells by column, and the number of each row as a person sees it


class Unreadable(Exception):
    """The file is no sheet that can be read; the text says why."""


def parse(path: Path) -> tuple[Table, str, str]:
    """Return (table, encoding, delimiter). Runs in the child process; raises Unreadable."""
    head = path.read_bytes()[:8]
    if head.startswith(b"PK"):
        return _workbook(path), "", ""
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _workbook(path, zipped=False), "", ""
    return _csv(path.read_bytes())


def _workbook(path: Path, zipped: bool = True) -> Table:
    import fastexcel

    if zipped:
        try:
            with zipfile.ZipFile(path) as box:
                unpacked = sum(item.file_size for item in box.infolist())
        except zipfile.BadZipFile as error:
            raise Unreadable(N_("It is damaged or not a sheet at all.")) from error
        if unpacked > UNPACKED:
            raise Unreadable(N_("It unpacks to more than a sheet may hold."))
    try:
        sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, skip_rows=0, dtypes="string")
        rows = sheet.to_polars().rows()
    except Exception as error:
        raise Unreadable(N_("It is damaged or not a sheet at all.")) from error
    return _table([value or "" for value in row] for row in rows)


def _csv(data: bytes) -> tuple[Table, str, str]:
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ENCODINGS[:2]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Unreadable(N_("Its characters are neither UTF-8 nor GB18030. Save it as UTF-8."))
    if "\x00" in text:
        raise Unreadable(N_("It holds null characters and is not a text file."))
    first = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(DELIMITERS, key=first.count)
    csv.field_size_limit(1 << 20)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Unreadable(N_("A quoted cell never ends, or a cell is larger than 1 MB.")) from error
    head = next((row for row in rows if any(cell.strip() for cell in row)), [])
    _whole(rows[-1] if rows else [], len(head), data[-2:], encoding)
    label = "UTF-8" if encoding == "utf-8-sig" else encoding.upper()
    return _table(rows), label, delimiter


def _table(rows: Iterable[Sequence[str]]) -> Table:
    """Return the table of a sheet's rows: blank ones count in the numbers and are left out, the first other is its head."""
    held = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if not held:
        raise Unreadable(N_("It holds no rows."))
    head, below = [cell.strip() for cell in held[0][1]], held[1:]
    wide = max(len(row) for _number, row in held)
    head += [f"column {index + 1}" for index in range(len(head), wide)]
    columns = {name: [_cell(row[i]) if i < len(row) else "" for _number, row in below] for i, name in _named(head)}
    return _checked(columns), [number for number, _row in below]


def _cell(cell: str) -> str:
    """Return a cell's text; the apostrophe that keeps a spreadsheet from reading a formula is taken off."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text.lstrip("'").startswith(FORMULA) else text


def _named(head: list[str]) -> list[tuple[int, str]]:
    seen: set[str] = set()
    out = []
    for index, name in enumerate(head):
        unique = name or f"column {index + 1}"
        while unique in seen:
            unique += " (2)"
        seen.add(unique)
        out.append((index, unique))
    return out


def _checked(columns: dict[str, list[str]]) -> dict[str, list[str]]:
    if len(columns) > WIDEST:
        raise Unreadable(N_("It has more columns than a sheet may have."))
    if not columns or not next(iter(columns.values())):
        raise Unreadable(N_("It holds no rows."))
    return columns
