"""What the deeds on awards, conferrals and credentials ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sunmao.cohorts.models import Cohort
from sunmao.credentials import reading
from sunmao.credentials.models import Remark
from sunmao.credentials.policy import ENDORSERS
from sunmao.directory.models import Organisation
from sunmao.kernel import clock
from sunmao.kernel.desk import DeedForm, desk_of
from sunmao.kernel.forms import pick


class WhyForm(DeedForm):
    why = forms.CharField(label=_("Why"), max_length=500)


class SignForm(DeedForm):
    why = forms.CharField(label=_("Remark"), max_length=500, required=False)


class SignListForm(DeedForm):
    """Which list the person looked at; what stands in it is nowhere in the register before all have signed."""

    file_sha256 = forms.CharField(
        label=_("SHA-256 of the list you looked at"), min_length=64, max_length=64,
        help_text=_("The list comes to you outside the register. Compute this of your own copy: sha256sum, or certutil -hashfile."),
    )  # fmt: skip
    why = forms.CharField(label=_("Decision it rests on"), max_length=500, required=False)


class ExtendForm(DeedForm):
    sign_by = forms.DateField(label=_("To be signed by"))
    why = forms.CharField(label=_("Why"), max_length=500)


class RemarkForm(DeedForm):
    remark = forms.ChoiceField(label=_("What verifiers are told"), choices=Remark.choices)
    why = forms.CharField(label=_("Why"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remark"].initial = getattr(self.record, "remark", None)


class EndorseForm(DeedForm):
    """Who gives its word, in which words, until when."""

    words = forms.CharField(
        label=_("Words"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In the language of those who read it: what this award is worth to you."),
    )  # fmt: skip
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, help_text=_("The last day. Empty: it has none.")
    )
    why = forms.CharField(label=_("Decision it rests on"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Organisation.objects.none()
        award = getattr(self.record, "award", self.record)
        if award is not None and self.person is not None:
            given_by = award.issuers.values("organisation")
            rows = Organisation.objects.filter(pk__in=self.person.seats(*ENDORSERS)).exclude(pk__in=given_by)
        place = pick(rows, label=_("In the name of"))
        place.initial = rows.first() if rows.count() == 1 else None
        self.fields = {"organisation": place, **self.fields}


class AwardForm(DeedForm):
    """Which cohort, which day; registration numbers where the state gives them."""

    awarded_on = forms.DateField(
        label=_("Awarded on"), help_text=_("Not before the last learner completed; the paper says this day.")
    )
    registration_numbers = forms.CharField(
        label=_("State registration numbers"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One line per learner: the learner's code, a space, the number. Only where the state gives one."),
    )  # fmt: skip
    why = forms.CharField(label=_("Decision it rests on"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target = desk_of(Cohort)
        rows = target.rows(self.person) if target is not None and self.person is not None else Cohort.objects.none()
        if self.record is not None and self.person is not None:
            rows = reading.of_programme(rows, self.record.programme_id)
            rows = rows.filter(pk__in=reading.classes_of(self.person).values("pk"))
        cohort = pick(rows, label=_("Cohort"))
        self.fields = {"cohort": cohort, **self.fields}
        self.fields["awarded_on"].initial = clock.today()

    def clean_registration_numbers(self) -> dict[str, str]:
        out = {}
        for line in self.cleaned_data["registration_numbers"].splitlines():
            code, _space, number = line.strip().partition(" ")
            if code and not number.strip():
                raise forms.ValidationError(
                    _("“%(line)s”: write the learner's code, a space, the number."), params={"line": line}
                )
            if code:
                out[code] = number.strip()[:60]
        return out


class ReleaseForm(DeedForm):
    shows_name = forms.BooleanField(label=_("The link shows the name"), required=False)
    shows_results = forms.BooleanField(label=_("The link shows the results"), required=False)
    shown_until = forms.DateField(
        label=_("Until"), required=False, help_text=_("The last day. Empty: until it is withdrawn.")
    )
    why = forms.CharField(
        label=_("Asked for by"), max_length=500, required=False,
        help_text=_("Where you do this for a holder who has no account: how and when he asked for it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("shows_name", "shows_results", "shown_until"):
            self.fields[name].initial = getattr(self.record, name, None)
        holder = (
            self.record is not None
            and self.record.learner_id
            and self.record.learner.person_id == getattr(self.person, "person_id", 0)
        )
        self.fields["why"].required = not holder
