"""A desk's rows as CSV or XLSX: the columns an import of the same desk reads, so that a file comes back unchanged.

A cell that a spreadsheet would take for a formula gets an apostrophe in CSV, which the reader takes off again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from sunmao.kernel.desk import Desk, desk_of
from sunmao.kernel.fields import TextsField, WhenField
from sunmao.kernel.forms import FIRST_LANGUAGES, MORE_LANGUAGES
from sunmao.kernel.listing import Listing, tell_seen
from sunmao.kernel.models import StoredFile
from sunmao.kernel.pages import Page
from sunmao.kernel.sheets import FORMULA

XLSX_ROWS = 200_000


def head(desk: Desk) -> list[str]:
    """Return the stable column names of a desk's sheet."""
    out = ["code"]
    for name, column in desk.fields.items():
        if isinstance(column, TextsField):
            out += [f"{name}_{code}" for code in (*FIRST_LANGUAGES, *MORE_LANGUAGES)]
        elif isinstance(column, WhenField):
            out += [name, f"{name}_said"]
        elif not (isinstance(column, models.ForeignKey) and column.related_model is StoredFile):
            out.append(name)
    return out


def rows_of(listing: Listing) -> Iterator[list[str]]:
    """Yield each row as texts under `head`; relations one may not see stay empty."""
    desk, user = listing.desk, listing.user
    hidden: dict[tuple[str, int], bool] = {}
    for record in _told(listing):
        out = [record.key]
        for name, column in desk.fields.items():
            if isinstance(column, models.ForeignKey) and column.related_model is StoredFile:
                continue
            value = getattr(record, name)
            if isinstance(column, TextsField):
                out += [value.get(code, {}).get("text", "") for code in (*FIRST_LANGUAGES, *MORE_LANGUAGES)]
            elif isinstance(column, WhenField):
                out += [value.iso() if value else "", value.said if value else ""]
            elif isinstance(column, models.ForeignKey):
                out.append(_code(value, name, user, hidden))
            else:
                out.append("" if value is None else str(value))
        yield out


def _told(listing: Listing) -> Iterator[Any]:
    """Yield the rows; the desk is told of each piece before it leaves."""
    rows = iter(listing.all().iterator(chunk_size=1000))
    while piece := list(islice(rows, 1000)):
        tell_seen(listing.desk, listing.user, piece, listing.desk.form, "export")
        yield from piece


def _code(value: Any, name: str, user: Any, hidden: dict[tuple[str, int], bool]) -> str:
    if value is None:
        return ""
    key = (name, value.pk)
    if key not in hidden:
        target = desk_of(value)
        hidden[key] = target is not None and not target.policy.sees(user, value)
    return "" if hidden[key] else str(value.key)


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula. Numbers stay as they are."""
    if cell.lstrip("'").startswith(FORMULA) and not cell.lstrip("+-").replace(".", "", 1).isdigit():
        return "'" + cell
    return cell


def to_csv(listing: Listing) -> Iterator[str]:
    """Yield the CSV in pieces: UTF-8 with BOM, so that Excel reads Chinese and Cyrillic."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(head(listing.desk))
    for number, row in enumerate(rows_of(listing)):
        writer.writerow([guarded(cell) for cell in row])
        if number % 500 == 499:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def to_xlsx(listing: Listing) -> bytes:
    """Return the workbook; every cell is text, so nothing is a formula."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(listing.desk.slug[:31])
    for column, name in enumerate(head(listing.desk)):
        sheet.write_string(0, column, name)
    for number, row in enumerate(rows_of(listing), start=1):
        if number > XLSX_ROWS:
            break
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(number, column, cell)
    book.close()
    return out.getvalue()


class ExportPage(Page):
    verb = "export"

    def get(self, request: HttpRequest, form: str, **kwargs: Any) -> Any:
        listing = Listing(self.desk, self.user, request.GET)
        name = f'attachment; filename="{self.desk.slug}.{form}"'
        if form == "csv":
            response: Any = StreamingHttpResponse(to_csv(listing), content_type="text/csv; charset=utf-8")
        else:
            if listing.matching().count() > XLSX_ROWS:
                return HttpResponse(
                    _("More than 200,000 rows: take CSV."), status=413, content_type="text/plain; charset=utf-8"
                )
            kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            response = HttpResponse(to_xlsx(listing), content_type=kind)
        response["Content-Disposition"] = name
        return response
