"""Hostile and awkward files: a clear message with place and reason, nothing half stored, memory bounded."""

from __future__ import annotations

import io
import resource
import struct
import zipfile
import zlib
from functools import cache
from typing import Any

import pytest
import xlsxwriter
from cast import organisation, sign_in, user
from database import dump
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from sunmao.events.models import Event
from sunmao.kernel import sheets
from sunmao.kernel.desk import desk_of
from sunmao.kernel.models import ImportRun, StoredFile

MB = 1024 * 1024


def _png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def _zip(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in members:
            box.writestr(name, data)
    return out.getvalue()


@cache
def _bomb(*, lying: bool = False) -> bytes:
    """Return a workbook whose sheet unpacks to more noughts than it may; lying, its directory says 1 KB."""
    out, megabytes = io.BytesIO(), sheets.UNPACKED // MB + 1
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as box:
        box.writestr("[Content_Types].xml", "<Types/>")
        with box.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(megabytes):
                sheet.write(bytes(MB))
    data = out.getvalue()
    if lying:
        at = data.rindex(b"PK\x01\x02")
        data = data[: at + 24] + struct.pack("<I", 1024) + data[at + 28 :]
    return data


def _wide(columns: int) -> bytes:
    return (",".join(f"c{n}" for n in range(columns)) + "\n" + "," * (columns - 1) + "x\n").encode()


def _book(*rows: list[str], formulas: bool = False) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if formulas and cell.startswith("="):
                    page.write_formula(number, column, cell, value="shown")
                else:
                    page.write_string(number, column, cell)
    return out.getvalue()


REFUSED: dict[str, tuple[Any, str]] = {
    "photo.csv": (_png, "cannot be read as a sheet"),
    "scan.csv": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00\xff\xfe" + bytes(range(256)), "cannot be read as a sheet"),
    "setup.csv": (lambda: b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200), "cannot be read as a sheet"),
    "empty.csv": (lambda: b"", "empty"),
    "blank.csv": (lambda: b"\n\n\n", "no rows"),
    "head-only.csv": (lambda: b"Name,Country\n", "no rows"),
    "null.csv": (lambda: b"Name\nA\x00B\n", "null characters"),
    "quote.csv": (lambda: b'Name,City\n"never ends,Lyon\nB,Paris\n', "quoted cell never ends"),
    "broken-off.csv": (lambda: b"Name,Country,City\nA,FR,Lyon\nB,F", "breaks off in the middle of its last row"),
    "broken-off-16.csv": (lambda: "Name,City\nA,Lyon\nMos".encode("utf-16"), "breaks off"),
    "wide.csv": (lambda: _wide(10_000), "more columns"),
    "cell.csv": (lambda: b"Name\n" + b"x" * (MB + 2) + b"\n", "larger than 1 MB"),
    "latin.csv": (lambda: "Name\nCafé de l’été\n".encode("cp1252") + b"\xff\xff\n", "neither UTF-8 nor GB18030"),
    "archive.xlsx": (lambda: _zip(("inner.zip", _zip(("inner.csv", b"a\n1\n")))), "cannot be read as a sheet"),
    "cut.xlsx": (lambda: _book(["Name"], ["A"])[:-200], "cannot be read as a sheet"),
    "bomb.xlsx": (_bomb, "unpacks to more"),
    "lying-bomb.xlsx": (lambda: _bomb(lying=True), "cannot be read as a sheet"),
}  # fmt: skip

READ: dict[str, tuple[Any, dict[str, list[str]]]] = {
    "gb18030.csv": (lambda: "名称,城市\n重庆学院,重庆\n".encode("gb18030"), {"名称": ["重庆学院"], "城市": ["重庆"]}),
    "bom.csv": (lambda: "Name\nМосква\n".encode("utf-8-sig"), {"Name": ["Москва"]}),
    "utf16.csv": (lambda: "Name\tCity\nA\tЛион\n".encode("utf-16"), {"Name": ["A"], "City": ["Лион"]}),
    "returns.csv": (lambda: b"Name,City\rA,Lyon\rB,Paris\r", {"Name": ["A", "B"], "City": ["Lyon", "Paris"]}),
    "half.csv": (lambda: b"Name,City\nA,Lyon\nB\n", {"Name": ["A", "B"], "City": ["Lyon", ""]}),
    "no-end.csv": (lambda: b"Name,City\nA,Lyon\nB,Paris", {"Name": ["A", "B"], "City": ["Lyon", "Paris"]}),
    "formula.xlsx": (
        lambda: _book(["Name"], ['=HYPERLINK("http://example.org","x")'], ["=cmd|' /C calc'!A0"], formulas=True),
        {"Name": ["shown", "shown"]},
    ),
    "text-formula.xlsx": (lambda: _book(["Name"], ["=1+1"]), {"Name": ["=1+1"]}),
}  # fmt: skip


def _written(place: Any, name: str, data: bytes) -> Any:
    path = place / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_sheet_is_refused_in_words(tmp_path, name):
    make, says = REFUSED[name]
    with pytest.raises(ValidationError) as refused:
        sheets.read(_written(tmp_path, name, make()), name)
    assert says in " ".join(refused.value.messages)


@pytest.mark.parametrize("name", READ)
def test_an_awkward_sheet_is_read_as_what_it_says(tmp_path, name):
    make, columns = READ[name]
    assert sheets.read(_written(tmp_path, name, make()), name).columns == columns


@pytest.mark.parametrize(
    "name", [name for name in REFUSED if name.startswith("broken-off")], ids=["as UTF-8", "as UTF-16"]
)
def test_a_list_that_breaks_off_is_refused_where_it_is_read_row_by_row_too(tmp_path, name):
    make, says = REFUSED[name]
    with pytest.raises(ValidationError, match=says):
        list(sheets.stream(_written(tmp_path, name, make())))


BLANK = [[], [], ["Name", "City"], ["A", "Lyon"], [], ["", " "], ["B", ""]]


@pytest.mark.parametrize("name", ["blank-rows.csv", "blank-rows.xlsx"])
def test_blank_rows_are_left_out_and_counted_in_the_numbers_of_the_others(tmp_path, name):
    data = _book(*BLANK) if name.endswith("xlsx") else "\n".join(map(",".join, BLANK)).encode()
    sheet = sheets.read(_written(tmp_path, name, data), name)
    assert (sheet.columns, sheet.numbers) == ({"Name": ["A", "B"], "City": ["Lyon", ""]}, [4, 7])


def test_reading_a_bomb_leaves_this_process_small(tmp_path):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    path = _written(tmp_path, "lying-bomb.xlsx", _bomb(lying=True))
    with pytest.raises(ValidationError):
        sheets.read(path, path.name)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) < 100 * 1024  # KB
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < sheets.MEMORY


def test_an_oversize_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as out:
        out.truncate(sheets.LARGEST + 1)
    with pytest.raises(ValidationError, match="larger than 400 MB"):
        sheets.read(path)


@pytest.mark.django_db
def test_bad_cells_are_told_by_row_column_value_and_reason_and_dates_may_be_months(tmp_path):
    by = user("Lin Example", ("officer", organisation("College")), ("secretariat", organisation("Register")))
    path = _written(
        tmp_path, "events.csv", b"Name,Begins\nForum,2022-11\nFair,2022-13\nSchool,soon\nMeeting,before 2022-11\n"
    )
    importer = desk_of(Event).importer(by)
    sheet = sheets.read(path)
    found = importer.check(sheet, {"title_en": "Name", "began": "Begins"})
    assert [(p.row, p.column, p.value) for p in found.bad] == [(3, "Begins", "2022-13"), (4, "Begins", "soon")]
    assert all(p.reason for p in found.bad)
    assert found.new[0].began.iso() == "2022-11"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["photo.csv", "quote.csv", "bomb.xlsx"])
def test_the_page_refuses_a_hostile_file_and_stores_nothing(client, name):
    by = user("Lin Example", ("officer", organisation("College")), ("secretariat", organisation("Register")))
    sign_in(client, by)
    before = dump()
    answer = client.post("/organisations/import/", {"file": SimpleUploadedFile(name, REFUSED[name][0]())})
    assert answer.status_code == 422
    assert REFUSED[name][1].encode() in answer.content
    after = dump()
    changed = {table for table in after if after[table] != before[table]}
    assert changed <= {"django_session"}
    assert not StoredFile.objects.exists()
    assert not ImportRun.objects.exists()
