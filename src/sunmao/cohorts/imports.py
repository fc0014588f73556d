"""Sheets of learners: one row is a learner, and the cohort he is enrolled in.

Whoever is known at the institution under the same number is the same learner; a row that would change nothing is
counted as unchanged, so that the same file brought twice enrols nobody twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.cohorts.actions import known_under
from sunmao.cohorts.forms import places
from sunmao.cohorts.models import Cohort, CohortState, Enrolment, Learner
from sunmao.cohorts.queries import OFFICE, institutions_of
from sunmao.kernel import changes
from sunmao.kernel.errors import NotAllowed
from sunmao.kernel.fields import refuse_steering
from sunmao.kernel.imports import Checked, Importer, Progress, Target, silent
from sunmao.kernel.models import Change
from sunmao.kernel.sheets import Problem, Sheet


class LearnerImporter(Importer):
    """Reads learners with the code of their cohort. A row with the learner's own code and no cohort edits him."""

    keeps_file = False  # a sheet of names is not kept once it is in

    def targets(self) -> list[Target]:
        return [
            *super().targets(), Target("cohort", _("cohort")), Target("enrolled_on", _("enrolled on")),
        ]  # fmt: skip

    def check(self, sheet: Sheet, mapping: Mapping[str, Any], progress: Progress = silent) -> Checked:
        cohorts, days = self._cohorts(sheet, mapping), self._days(sheet, mapping)
        self._asked = {row: (cohorts[i], days[i]) for i, row in enumerate(sheet.numbers)}
        self._column = str(mapping.get("cohort", "cohort"))
        self._twice: dict[Any, int] = {}
        found = super().check(sheet, {k: v for k, v in mapping.items() if k not in ("cohort", "enrolled_on")}, progress)
        if "institution" not in mapping:  # the teaching institution gives the numbers, unless the sheet says otherwise
            found.bad = [problem for problem in found.bad if problem.column != "institution" or problem.value]
        return found

    def _columns(self, sheet: Sheet, mapping: Mapping[str, Any]) -> dict[str, Any]:
        columns = super()._columns(sheet, mapping)
        if "institution" not in mapping:
            columns.pop("institution", None)
        return columns

    def _cohorts(self, sheet: Sheet, mapping: Mapping[str, Any]) -> list[Any]:
        if "cohort" not in mapping:
            return [None] * len(sheet)
        cells = sheet.columns.get(str(mapping["cohort"]), [""] * len(sheet))
        seats = self.user.seats(*OFFICE)
        held = {row.code: row for row in Cohort.objects.filter(code__in=set(cells)).select_related("institution")}
        return [
            None if not cell else
            held[cell] if cell in held and institutions_of(held[cell]) & seats else
            _("There is no cohort of yours with this code.")
            for cell in cells
        ]  # fmt: skip

    def _days(self, sheet: Sheet, mapping: Mapping[str, Any]) -> list[Any]:
        if "enrolled_on" not in mapping:
            return [None] * len(sheet)
        made, out = forms.DateField(required=False), []
        for cell in sheet.columns.get(str(mapping["enrolled_on"]), [""] * len(sheet)):
            try:
                out.append(made.clean(cell))
            except forms.ValidationError as error:
                out.append(" ".join(error.messages))
        return out

    def _place(self, record: Any, row: int, found: Checked) -> None:
        cohort, day = self._asked[row]
        for value in (cohort, day):
            if isinstance(value, str):
                found.bad.append(Problem(row, self._column, "", value))
                return
        if record.pk is not None and cohort is None:
            super()._place(record, row, found)
            return
        try:
            self._enrol(record, cohort, day, row, found)
        except ValidationError as error:
            found.bad.append(Problem(row, self._column, "", " ".join(error.messages)))

    def _enrol(self, record: Learner, cohort: Cohort | None, day: date | None, row: int, found: Checked) -> None:
        if cohort is None:
            raise ValidationError(_("Write the code of the cohort, such as CO-00001."))
        if cohort.state not in (CohortState.PLANNED, CohortState.RUNNING):
            raise ValidationError(_("The cohort is closed."))
        learner = record
        if record.pk is None:
            if record.institution_id is None:
                record.institution = cohort.institution
            record.demo = cohort.demo
            refuse_steering(record)
            record.clean()
            if not places(cohort).filter(pk=record.institution_id).exists():
                raise ValidationError(_("The institution that gave the number takes no part in the cohort."))
            known = known_under(record.institution, record.number, record.name, by=self.user) if record.number else None
            learner = known or record
        if learner.pk is None and not record.number:
            names = {entry["text"] for entry in record.name.values()}
            for other in cohort.enrolments.filter(learner__number="").select_related("learner"):
                if names & {entry["text"] for entry in other.learner.name.values()}:
                    learner = other.learner
        mark = (cohort.pk, learner.pk or (record.institution_id, record.number or str(record.name)))
        if mark in self._twice:
            raise ValidationError(
                _("The same learner stands in row %(row)s. Keep one of them.") % {"row": self._twice[mark]}
            )
        self._twice[mark] = row
        if learner.pk and Enrolment.objects.filter(cohort=cohort, learner=learner).exists():
            found.unchanged += 1
            return
        found.new.append(Enrolment(cohort=cohort, learner=learner, enrolled_on=day or cohort.starts_on))

    def write(self, checked: Checked, *, sha256: str, why: str, progress: Progress = silent) -> Change | None:
        if not self.desk.may(self.user, "import"):
            raise NotAllowed("import")
        with changes.together():
            fresh = [row.learner for row in checked.new if row.learner.pk is None]
            change = changes.bulk([*fresh, *checked.new], by=self.user, why=why, deed="enrol", file_sha256=sha256)
            for record in checked.edits:
                changes.save(record, by=self.user, why=why, deed="import")
        return change
