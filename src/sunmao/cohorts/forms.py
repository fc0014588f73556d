"""What the deeds of cohorts ask for. A form that shows a class by name says so to the learners' list of sights."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from sunmao.cohorts import sights
from sunmao.cohorts.models import Cohort, Enrolment, EnrolmentState, Presence
from sunmao.directory.models import Organisation
from sunmao.kernel import clock
from sunmao.kernel.desk import DeedForm
from sunmao.kernel.forms import ChoiceOfRows, TextsFormField

WIDEST = 400  # learners on one form; a server takes no more fields at once


class WhyForm(DeedForm):
    why = forms.CharField(label=_("Reason"), max_length=500, help_text=_("Stays in the history for good: name nobody."))


class EnrolForm(DeedForm):
    name = TextsFormField(
        label=_("Name"),
        help_text=_("As on the document: in Latin letters, and in the learner's own where they differ."),
    )
    number = forms.CharField(
        label=_("Number at the institution"), max_length=60, required=False,
        help_text=_("The student or staff number; no passport or identity card."),
    )  # fmt: skip
    birth_year = forms.IntegerField(label=_("Year of birth"), required=False, min_value=1900, max_value=2100)
    institution = ChoiceOfRows(
        Organisation.objects.none(), label=_("Institution that gave the number"), required=False,
        help_text=_("Left empty, it is the teaching institution."),
    )  # fmt: skip
    enrolled_on = forms.DateField(
        label=_("Enrolled on"), required=False, help_text=_("Left empty, from the beginning.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["institution"].queryset = places(self.record)  # type: ignore[attr-defined]


def places(cohort: Cohort) -> QuerySet[Any]:
    """Return the institutions a learner of this cohort may belong to: those that teach it, its workshop's partners."""
    ids: set[Any] = {cohort.institution_id, cohort.co_institution_id}
    if cohort.workshop is not None:
        ids |= {cohort.workshop.host_id, *cohort.workshop.partners.values_list("organisation_id", flat=True)}
    return Organisation.objects.filter(pk__in=ids - {None}).order_by("id")


class ClassForm(DeedForm):
    """One row per learner of the cohort who is still enrolled; what is asked of each, the forms under it add."""

    shown: tuple[str, ...] = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {f"learner_{row.uid}": row for row in self.enrolments()}
        sights.note(self.person, [row.learner for row in self.members.values()], "deed", self.shown)

    def cohort(self) -> Cohort:
        return self.record  # type: ignore[no-any-return]

    def enrolments(self) -> list[Enrolment]:
        rows = self.cohort().enrolments.filter(state__in=(EnrolmentState.ENROLLED, EnrolmentState.FAILED))
        return list(rows.select_related("learner", "cohort").order_by("id")[:WIDEST])

    def marks(self, cleaned: dict[str, Any]) -> dict[Enrolment, Any]:
        return {row: cleaned.pop(name) for name, row in self.members.items() if cleaned.get(name)}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        marks = self.marks(cleaned)
        return {**{name: value for name, value in cleaned.items() if not name.startswith("learner_")}, "marks": marks}


class AttendanceForm(ClassForm):
    """Who was there: present unless said otherwise."""

    shown = ("name", "attendance")
    why = forms.CharField(label=_("Reason for the change"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.held()
        for name, row in self.members.items():
            self.fields[name] = forms.ChoiceField(
                label=str(row.learner), choices=Presence.choices, initial=held.get(row.pk, Presence.PRESENT)
            )

    def cohort(self) -> Cohort:
        return self.record.cohort  # type: ignore[no-any-return]

    def held(self) -> dict[int, str]:
        return dict(self.record.attendance.values_list("enrolment_id", "state"))


class SessionForm(AttendanceForm):
    held_on = forms.DateField(label=_("Held on"), initial=clock.today, help_text=_("As in 2027-01-31."))
    topic = TextsFormField(label=_("Topic"), required=False)
    why = None  # type: ignore[assignment]

    def cohort(self) -> Cohort:
        return self.record  # type: ignore[no-any-return]

    def held(self) -> dict[int, str]:
        return {}


PASSED, NOT_PASSED = "passed", "not_passed"


class ResultsForm(ClassForm):
    """One outcome for the class. Whoever is left empty stays as he was."""

    shown = ("name", "results")
    outcome = forms.ChoiceField(label=_("Outcome"))
    assessed_on = forms.DateField(label=_("Assessed on"), initial=clock.today, help_text=_("As in 2027-01-31."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outcomes = {row.number: row for row in self.record.version.outcomes.order_by("order", "id")}
        self.fields["outcome"].choices = [(no, f"{no} {row}") for no, row in self.outcomes.items()]  # type: ignore[attr-defined]
        choices = (("", _("not assessed")), (PASSED, _("passed")), (NOT_PASSED, _("not passed")))
        for name, row in self.members.items():
            self.fields[name] = forms.ChoiceField(label=str(row.learner), choices=choices, required=False)
            self.fields[f"{name}_grade"] = forms.CharField(
                label=_("Grade of %(name)s") % {"name": row.learner}, max_length=40, required=False
            )

    def marks(self, cleaned: dict[str, Any]) -> dict[Enrolment, Any]:
        return {
            row: (cleaned[name] == PASSED, cleaned.get(f"{name}_grade", ""))
            for name, row in self.members.items() if cleaned.get(name)
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "outcome" in cleaned:
            cleaned["outcome"] = self.outcomes[cleaned["outcome"]]
        if not self.errors and not cleaned.get("marks"):
            raise forms.ValidationError(_("Say of at least one learner whether the outcome is passed."))
        return cleaned


class CompleteForm(DeedForm):
    completed_on = forms.DateField(label=_("Completed on"), initial=clock.today, help_text=_("As in 2027-01-31."))


class ConsentForm(DeedForm):
    consent_show_name = forms.BooleanField(label=_("Show my name when my certificate is checked"), required=False)
    consent_show_results = forms.BooleanField(label=_("Show my results when my certificate is checked"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:
            self.fields[name].initial = getattr(self.record, name)
