"""Bringing a sheet in, in four steps, each with an address of its own: file, mapping, check, done.

Nothing is stored of the rows before the last step. The page may be closed between steps.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sunmao.kernel import changes, files, sheets
from sunmao.kernel.cells import sentences
from sunmao.kernel.exports import guarded
from sunmao.kernel.forms import UploadField
from sunmao.kernel.imports import Checked
from sunmao.kernel.models import Change, ImportRun, SavedMapping
from sunmao.kernel.pages import Page
from sunmao.kernel.sheets import Sheet
from sunmao.kernel.text import plain_line

SHOWN = 200  # bad cells kept for the page; the download holds them all


class SheetForm(forms.Form):
    file = UploadField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, XLSX, XLS or ODS, with the names of the columns in the first row."),
    )


class ImportPage(Page):
    """One step of an import; a run is seen by the person who began it only."""

    verb = "import"

    def setup(self, request: HttpRequest, *args: Any, run: str = "", **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.run = None
        if run:
            rows = (
                ImportRun.objects.filter(owner=self.user.actor_key, desk=self.desk.slug)
                if self.user.actor_key
                else None
            )
            try:
                self.run = ImportRun.find(rows, run) if rows is not None else None
            except ImportRun.DoesNotExist as error:
                raise Http404 from error
            if self.run is None:
                raise Http404
        self.importer = self.desk.importer(self.user)

    def sheet(self) -> Sheet:
        assert self.run is not None
        if self.run.file.removed_on is not None:
            raise Http404
        path = settings.SUNMAO_HOME / "files" / self.run.file.sha256[:2] / self.run.file.sha256
        return sheets.read(path, self.run.file.name)

    def summary(self, found: Checked) -> dict[str, Any]:
        """Return what a check found, as kept with the run; without the cells where they may name persons."""
        kept = summary(found)
        if not self.importer.keeps_file:
            kept["problems"] = [[row, column, "", reason] for row, column, _value, reason in kept["problems"]]
        return kept

    def step(self, name: str) -> HttpResponseRedirect:
        assert self.run is not None
        return HttpResponseRedirect(f"{self.desk.list_url()}import/{self.run.key}/{name}/")


class FilePage(ImportPage):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.draw(SheetForm())

    def draw(self, form: Any, status: int = 200) -> HttpResponse:
        runs = ImportRun.objects.filter(owner=self.user.actor_key, desk=self.desk.slug).order_by("-id")[:10]
        return render(self.request, "kernel/import_file.html", self.context(form=form, runs=runs), status=status)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = SheetForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.draw(form, 422)
        upload = form.cleaned_data["file"]
        try:
            with changes.together():
                kept = files.store(upload, upload.name, by=self.user)
                self.run = ImportRun(owner=self.user.actor_key, desk=self.desk.slug, file=kept)
                self.run.mapping = {"given": self.importer.guess(self.sheet())}
                changes.save(self.run, by=self.user)
        except ValidationError as error:
            form.add_error("file", sentences(error.messages))
            return self.draw(form, 422)
        return self.step("mapping")


class MappingPage(ImportPage):
    def get(self, request: HttpRequest, error: str = "", **kwargs: Any) -> HttpResponse:
        assert self.run is not None
        sheet = self.sheet()
        given = self.run.mapping.get("given", {})
        back = {(how if isinstance(how, str) else how.get("column", "")): target for target, how in given.items()}
        targets = self.importer.targets()
        rows = [
            {"column": name, "samples": [cell for cell in cells[:40] if cell][:3], "target": back.get(name, "")}
            for name, cells in sheet.columns.items()
        ]
        context = self.context(
            run=self.run, sheet=sheet, rows=rows, targets=targets, error=error, mappings=self._mappings(),
            chosen=self.run.mapping.get("name", "") or self._fitting(sheet),
        )  # fmt: skip
        return render(request, "kernel/import_mapping.html", context, status=422 if error else 200)

    def _fitting(self, sheet: Sheet) -> str:
        """Return the known mapping that takes most of the sheet's columns and asks for no other; empty without one."""
        asked = {
            name: {how if isinstance(how, str) else how.get("column") for how in mapping.values()} - {None}
            for name, mapping in self._mappings().items()
        }
        fitting = [name for name in asked if asked[name] and asked[name] <= set(sheet.columns)]
        return max(fitting, key=lambda name: len(asked[name]), default="")

    def _mappings(self) -> dict[str, Any]:
        saved = SavedMapping.objects.filter(owner=self.user.actor_key, desk=self.desk.slug)
        return {**self.importer.mappings(), **{row.name: row.columns for row in saved}}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        assert self.run is not None
        named = self._mappings()
        chosen = request.POST.get("mapping", "")
        if "use" in request.POST and chosen in named:
            mapping: dict[str, Any] = dict(named[chosen])
        else:
            chosen = ""
            mapping = {
                target: name for index, name in enumerate(self.sheet().columns)
                if (target := request.POST.get(f"column-{index}", ""))
            }  # fmt: skip
        name = plain_line(request.POST.get("save_as"), 80)
        if not mapping:
            return self.get(request, error=_("Choose for at least one column what it is."))
        self.run.mapping = {"given": mapping, "name": chosen or name}
        try:
            found = self.importer.check(self.sheet(), mapping)
        except ValidationError as error:
            return self.get(request, error=sentences(error.messages))
        self.run.found, self.run.state = self.summary(found), ImportRun.State.CHECKED
        with changes.together():
            if name and not chosen:
                row = SavedMapping.objects.filter(owner=self.user.actor_key, desk=self.desk.slug, name=name).first()
                row = row or SavedMapping(owner=self.user.actor_key, desk=self.desk.slug, name=name)
                row.columns = mapping
                changes.save(row, by=self.user)
            changes.save(self.run, by=self.user)
        return self.step("check")


def summary(found: Checked) -> dict[str, Any]:
    """Return what a check found, as kept with the run."""
    return {
        "total": found.total, "new": len(found.new), "edits": len(found.edits), "unchanged": found.unchanged,
        "bad": found.bad_rows, "maybe": len(found.maybe),
        "problems": [[p.row, p.column, p.value[:200], p.reason] for p in found.bad[:SHOWN]],
    }  # fmt: skip


class CheckPage(ImportPage):
    """What would happen; then the deed. The sheet is checked again before it is written."""

    def get(self, request: HttpRequest, error: str = "", **kwargs: Any) -> HttpResponse:
        assert self.run is not None
        if self.run.state == ImportRun.State.MAPPING:
            return self.step("mapping")
        reasons: dict[str, list[Any]] = {}
        for row, column, value, reason in self.run.found.get("problems", []):
            reasons.setdefault(reason, []).append({"row": row, "column": column, "value": value})
        groups = sorted(reasons.items(), key=lambda item: -len(item[1]))
        context = self.context(run=self.run, found=self.run.found, groups=groups, error=error)
        return render(request, "kernel/import_check.html", context, status=422 if error else 200)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        assert self.run is not None
        if self.run.state == ImportRun.State.DONE:
            return self.step("done")
        found = self.importer.check(self.sheet(), self.run.mapping["given"])
        if found.bad and "keep_good" not in request.POST:
            return self.get(
                request, error=_("Some rows are bad. Say that the good ones shall be kept, or correct the file.")
            )
        with changes.together() as group:
            why = _("Import of %(name)s") % {"name": self.run.file.name}
            self.importer.write(found, sha256=self.run.file.sha256, why=why)
            self.run.found, self.run.state, self.run.group = self.summary(found), ImportRun.State.DONE, group
            changes.save(self.run, by=self.user)
            if not self.importer.keeps_file:
                files.discard(self.run.file, by=self.user, why=why)
        return self.step("done")


class BadRowsPage(ImportPage):
    """The bad cells as a sheet: row, column, value, reason."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        assert self.run is not None
        found = self.importer.check(self.sheet(), self.run.mapping["given"])
        out = io.StringIO()
        out.write("\ufeff")
        writer = csv.writer(out)
        writer.writerow([_("Row"), _("Column"), _("Value"), _("Reason")])
        writer.writerows([p.row, *map(guarded, (p.column, p.value, p.reason))] for p in found.bad)
        response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="bad-rows.csv"'
        return response


class DonePage(ImportPage):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        assert self.run is not None
        if self.run.state != ImportRun.State.DONE or self.run.group is None:
            return self.step("check")
        batch = Change.objects.filter(group=self.run.group, record="").first()
        return render(request, "kernel/import_done.html", self.context(run=self.run, found=self.run.found, batch=batch))
