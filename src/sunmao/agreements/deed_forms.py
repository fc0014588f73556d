"""What the deeds on agreements ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from sunmao.agreements import queries
from sunmao.agreements.models import Text
from sunmao.agreements.policy import own_parties
from sunmao.kernel import clock
from sunmao.kernel.cells import listed
from sunmao.kernel.desk import DeedForm, desk_of, registry
from sunmao.kernel.forms import TextsFormField, UploadField, WhenFormField, pick
from sunmao.kernel.when import When
from sunmao.sources.models import Document

LANGUAGES = (
    ("", _("all texts equally")), ("zh", "中文"), ("en", "English"), ("ru", "Русский"), ("uz", "Oʻzbekcha"),
    ("kk", "Қазақша"), ("fr", "Français"), ("es", "Español"), ("ar", "العربية"),
)  # fmt: skip


def language_link(text: Text) -> SafeString:
    """Return the language of an authentic text, which opens to its words."""
    desk = desk_of(text)
    name = dict(LANGUAGES).get(text.language, text.language)
    return format_html('<a href="{}">{}</a>', desk.url(text), name) if desk else format_html("{}", name)


class ActingForm(DeedForm):
    """Asks for which party, where the person is an officer of several."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agreement = getattr(self.record, "agreement", self.record)
        mine = own_parties(self.person, agreement)
        if len(mine) > 1:
            rows = agreement.parties.filter(pk__in=[row.pk for row in mine])
            self.fields["party"] = pick(rows, label=_("For which party"))


class TextForm(ActingForm):
    text = TextsFormField(
        long=True, required=False, label=_("Text"),
        help_text=_("In each language in which it is authentic. A file may hold one of them instead."),
    )  # fmt: skip
    prevails = forms.ChoiceField(choices=LANGUAGES, required=False, label=_("Prevails where the texts differ"))
    file = UploadField(required=False, label=_("File with one of the texts"))
    file_language = forms.ChoiceField(
        choices=(("", "—"), *LANGUAGES[1:]), required=False, label=_("Language of the file")
    )
    days = forms.IntegerField(min_value=1, max_value=180, initial=14, label=_("Days for each party to answer"))
    remarks = TextsFormField(long=True, required=False, label=_("What changed, for the other parties"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = queries.open_version(self.record) or queries.signed_version(self.record)
        if current is not None:
            self.fields["text"].initial = {row.language: row.body for row in current.texts.all() if row.body}
            self.fields["prevails"].initial = current.prevails
            self.fields["days"].initial = current.days

    def clean_days(self) -> int:
        return self.cleaned_data.get("days") or 14


class ProposeForm(TextForm):
    digest = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = queries.open_version(self.record)
        self.fields["digest"].initial = current.digest if current else ""


class SeenForm(DeedForm):
    """Carries the hash of the text that was seen; the deed counts for that text only."""

    digest = forms.CharField(
        label=_("Hash of the text"), max_length=80,
        widget=forms.TextInput({"readonly": True, "class": "hash", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = queries.open_version(self.record)
        if current is not None:
            self.fields["digest"].initial = current.digest
            texts = [language_link(row) for row in current.texts.order_by("language")]
            sentence = now("%(version)s in %(languages)s. Read it first; your word counts for this text only.")
            self.fields["digest"].help_text = mark_safe(
                sentence % {"version": escape(current.label), "languages": listed(texts)}
            )


class ApproveForm(SeenForm):
    basis = TextsFormField(
        required=False, label=_("Decided inside by"),
        help_text=_("As in: party committee, president's meeting, rector's order, with number and date."),
    )  # fmt: skip


class ReturnForm(SeenForm):
    remarks = TextsFormField(long=True, label=_("What should change"))


class SignForm(SeenForm, ActingForm):
    """Asks for the hash, and for which party."""


class RecordSignedForm(DeedForm):
    signed = WhenFormField(label=_("Signed on"))
    text = TextsFormField(
        long=True, required=False, label=_("Text as signed"),
        help_text=_("Empty where it is the text drafted here, or where there is a scan only."),
    )  # fmt: skip
    prevails = forms.ChoiceField(choices=LANGUAGES, required=False, label=_("Prevails where the texts differ"))
    scan = UploadField(required=False, label=_("Scan of the signed original"))
    originals = TextsFormField(
        required=False, label=_("Originals"), help_text=_("How many, with which seals, and where they are kept.")
    )


class ForceForm(DeedForm):
    on = WhenFormField(label=_("In force since"))
    ends = WhenFormField(
        label=_("Runs until"), required=False, help_text=_("The first day it no longer holds; empty without an end.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = self.record.signed
        self.fields["ends"].initial = self.record.ends


class RenewForm(DeedForm):
    ends = WhenFormField(label=_("Runs until"), help_text=_("The first day it no longer holds."))
    why = forms.CharField(label=_("Reason"), max_length=500, required=False)


def resting(record: Any, person: Any) -> list[str]:
    """Return what rests on an agreement and the person may see: agreements made under it, records of other rooms."""
    desk = registry.by_model[type(record)]
    found = [f"{row.code} {row}" for row in desk.rows(person).filter(parent=record)]
    for panel in registry.panels.get(desk.slug, ()):
        drawn = panel(record, person)
        if drawn:
            found += [f"{drawn['title']}: {label}" for label, _value in drawn["rows"]]
    return found


class EndForm(DeedForm):
    on = WhenFormField(label=_("Ends on"), help_text=_("The first day it no longer holds."))
    why = forms.CharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = When.on(clock.today())
        found = resting(self.record, self.person)
        if found:
            self.fields["seen"] = forms.BooleanField(
                label=_("I have read what rests on it"),
                help_text=now("These are looked at again when it ends: %(names)s.") % {"names": now(", ").join(found)},
            )


class WithdrawForm(DeedForm):
    why = forms.CharField(label=_("Reason"), max_length=500)


class PublishForm(DeedForm):
    late = forms.BooleanField(
        required=False, label=_("Also publish what is late"), help_text=_("Otherwise only the parties see it.")
    )


class FulfilForm(ActingForm):
    text = TextsFormField(long=True, label=_("What was done"))
    led_to = forms.CharField(
        label=_("Record it led to"), max_length=60, required=False,
        help_text=_("The code of a record here, as in WS-00031."),
    )  # fmt: skip
    done = WhenFormField(label=_("Done on"), required=False, help_text=_("Empty means today."))
    complete = forms.BooleanField(label=_("Nothing more is owed under this clause"), required=False, initial=True)
    file = UploadField(label=_("Evidence"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"] = pick(Document.objects.all(), label=_("Document"), required=False)


class ConfirmForm(DeedForm):
    answer = TextsFormField(required=False, label=_("Remark"))


class RefuseForm(DeedForm):
    answer = TextsFormField(label=_("What is missing"))


class RemindForm(DeedForm):
    reminder = forms.CharField(label=_("What you write"), max_length=500, required=False)


class WaiveForm(DeedForm):
    why = TextsFormField(label=_("Reason"))
