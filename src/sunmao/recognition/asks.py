"""What the deeds of recognition ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sunmao.kernel import clock
from sunmao.kernel.desk import DeedForm
from sunmao.kernel.forms import TextsFormField, pick
from sunmao.recognition.models import OF_APPLICANT, Authenticity, Result

_DECIDABLE = (Result.FULL, Result.CONDITIONAL, Result.PARTIAL, Result.REFUSED, Result.OUT_OF_SCOPE)


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **more)


class WhyForm(DeedForm):
    why = forms.CharField(label=_("Reason"), max_length=500)


class RevokeForm(DeedForm):
    reason = TextsFormField(label=_("Reason"))
    effective_on = day_field(_("From"), required=False, help_text=_("Today where nothing is written."))
    from_start = forms.BooleanField(
        label=_("From the start: it never was a basis"), required=False,
        help_text=_("Every decision that rests on it is then due for review."),
    )  # fmt: skip


class OfQualificationForm(DeedForm):
    """Asks for one of the qualifications of the case."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.record.qualifications.all()
        self.fields = {"qualification": pick(rows, label=_("Which document")), **self.fields}


class CompleteForm(DeedForm):
    on = day_field(
        _("The last paper came on"), required=False,
        help_text=_("The time to decide runs from this day. Today where nothing is written."),
    )  # fmt: skip


class PaperForm(OfQualificationForm):
    kind = forms.ChoiceField(label=_("What is asked"), choices=[(k.value, k.label) for k in OF_APPLICANT])
    note = forms.CharField(label=_("Remark"), max_length=300, required=False, help_text=_("The applicant reads it."))
    days = forms.IntegerField(label=_("Days to bring it"), min_value=1, max_value=365, initial=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["qualification"].required = False
        self.fields = {name: self.fields[name] for name in ("kind", "qualification", "note", "days")}


class ReceiveForm(DeedForm):
    on = day_field(_("It came on"), required=False, help_text=_("Today where nothing is written."))
    note = forms.CharField(label=_("Remark"), max_length=300, required=False)


class QueryForm(OfQualificationForm):
    note = forms.CharField(label=_("What is asked, of whom"), max_length=300, required=False)
    days = forms.IntegerField(label=_("Days to answer"), min_value=1, max_value=365, initial=30)


class AnswerForm(OfQualificationForm):
    authenticity = forms.ChoiceField(label=_("The issuer's answer"), choices=Authenticity.choices)
    on = day_field(_("Answered on"), required=False)
    note = forms.CharField(label=_("Remark"), max_length=300, required=False)


class FeeForm(DeedForm):
    on = day_field(_("Paid on"), required=False, help_text=_("Today where nothing is written."))
    receipt = forms.CharField(label=_("Receipt"), max_length=80, required=False)


class WaiveForm(DeedForm):
    why = forms.CharField(
        label=_("Legal ground"), max_length=300, help_text=_("As in: act on fees, article 9. Nothing about the person.")
    )


class ProposeForm(DeedForm):
    result = forms.ChoiceField(label=_("Decision"), choices=[(r.value, r.label) for r in _DECIDABLE])
    reasons = TextsFormField(
        label=_("Reasons"), long=True, required=False,
        help_text=_("Needed to refuse, and where the decision differs from what the machine said."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.record.indicated in {r.value for r in _DECIDABLE}:
            self.fields["result"].initial = self.record.indicated


class NotifyForm(DeedForm):
    on = day_field(_("Told on"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today()


class AppealForm(DeedForm):
    grounds = TextsFormField(label=_("Grounds"), long=True)
    filed_on = day_field(_("Filed on"), required=False, help_text=_("Today where nothing is written."))
