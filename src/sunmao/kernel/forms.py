"""Form fields people meet: a date as precise as known, one text in several languages, a record picked by its
name or code, a file. `form_for` makes a desk's form from them."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from sunmao.kernel import files, search
from sunmao.kernel.desk import Desk, desk_of
from sunmao.kernel.fields import TextsField, WhenField
from sunmao.kernel.models import Record, StoredFile
from sunmao.kernel.text import STATES, Texts, storable
from sunmao.kernel.when import QUALIFIERS, When

FEW = 60  # up to so many choices are offered as a list
NONE_CHOSEN = _("none chosen")  # the first line of a list where nothing is chosen yet
FIRST_LANGUAGES = ("en", "zh", "ru")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
MORE_LANGUAGES = ("uz", "kk", "fr", "es", "ar", "und")


class WhenWidget(forms.MultiWidget):
    template_name = "kernel/widgets/when.html"
    is_group = True

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # one of its inputs is enough, which no browser can check

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            {
                "qualifier": forms.Select(choices=[(k, v) for k, v in QUALIFIERS.items()]),
                "year": forms.TextInput({**number, "size": 14}),
                "month": forms.TextInput({**number, "size": 2}),
                "day": forms.TextInput({**number, "size": 2}),
                "said": forms.TextInput({"size": 24}),
            },
            attrs,
        )

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, str) and value:
            value = When.restore(value) if value.count("/") >= 3 else When.read(value)
        if not value:
            return ["", "", "", "", ""]
        if not value.stated:
            return ["", "", "", "", value.said]
        year, month, day = value.parts
        return [value.qualifier, year, month or "", day or "", value.said]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if name in data and f"{name}_year" not in data:  # REST, the command line and sheets send one text
            return data.get(name)
        return super().value_from_datadict(data, files, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_year" not in data


class WhenFormField(forms.Field):
    """Year, month and day as three inputs; `2022-11` or `2022年11月` pasted into the year is taken."""

    widget = WhenWidget

    def clean(self, value: Any) -> When | None:
        if isinstance(value, When):
            return value
        try:
            read = self._read(value)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if read is None and self.required:
            raise forms.ValidationError(_("Write at least a year."), code="required")
        return read

    def _read(self, value: Any) -> When | None:
        if not isinstance(value, list | tuple):
            return When.read(str(value)) if value not in (None, "") else None
        if len(value) != 5:
            raise ValueError(_("“%(text)s” is not a date. Write 2022, 2022-11 or 2022-11-04.") % {"text": value})
        qualifier, year, month, day, said = [str(part or "").strip() for part in value]
        if not year:
            if month or day:
                raise ValueError(_("A month or a day needs its year."))
            return When.unstated(said) if said else None
        if not (year.isdecimal() and len(year) < 10):
            found = When.read(f"{qualifier} {year}".strip(), said=said)
            return found
        numbers = []
        for part in (month, day):
            if part and not (part.isdecimal() and len(part) < 10):
                raise ValueError(_("“%(text)s” is not a number.") % {"text": part})
            numbers.append(int(part) if part else None)
        return When.of(int(year), numbers[0], numbers[1], qualifier, said)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return (initial or None) != self.clean(data)
        except forms.ValidationError:
            return True


class TextsWidget(forms.MultiWidget):
    template_name = "kernel/widgets/texts.html"
    is_group = True

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # one of its inputs is enough, which no browser can check

    def __init__(self, long: bool = False, attrs: dict[str, Any] | None = None) -> None:
        kind = forms.Textarea if long else forms.TextInput
        self.languages = (*FIRST_LANGUAGES, *MORE_LANGUAGES)
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {}
        for code in self.languages:
            more: dict[str, Any] = {
                "lang": "zh-Hans" if code == "zh" else code,
                "dir": "rtl" if code == "ar" else "ltr",
            }
            widgets[code] = kind({**more, **({"rows": 3} if long else {})})
        super().__init__(widgets, attrs)

    def decompress(self, value: Any) -> list[Any]:
        texts = Texts.of(value) if value else Texts()
        return [texts.get(code, {}).get("text", "") for code in self.languages]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        inner = context["widget"]["subwidgets"]
        for code, sub in zip(self.languages, inner, strict=True):
            known = code != "und"
            sub["language"] = (
                get_language_info("zh-hans" if code == "zh" else code)["name_local"]
                if known
                else _("language not known")
            )
        first = len(FIRST_LANGUAGES)
        context["widget"]["first"], context["widget"]["more"] = inner[:first], inner[first:]
        context["widget"]["open"] = any(sub["value"] for sub in inner[first:])
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if name in data and f"{name}_en" not in data:
            return data.get(name)
        return super().value_from_datadict(data, files, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}_en" not in data


class TextsFormField(forms.Field):
    """One text in several languages; any one language will do."""

    def __init__(self, *, long: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("widget", TextsWidget(long))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Texts:
        languages = self.widget.languages  # type: ignore[attr-defined]
        if isinstance(value, list | tuple) and len(value) == len(languages):
            value = dict(zip(languages, value, strict=True))
        if not self._is_text(value):
            raise forms.ValidationError(_("Write a text, or a text per language."))
        if not storable(value):
            raise forms.ValidationError(_("It holds characters that cannot be kept."))
        texts = Texts.of(value)
        if self.required and not texts:
            raise forms.ValidationError(_("Write it in at least one language."), code="required")
        return texts

    @staticmethod
    def _is_text(value: Any) -> bool:
        if value is None or isinstance(value, str):
            return True
        if not isinstance(value, dict) or not all(LANGUAGE.fullmatch(str(code)) for code in value):
            return False
        entries = [entry if isinstance(entry, dict) else {"text": entry} for entry in value.values()]
        return all(
            isinstance(entry.get("text") or "", str) and entry.get("state", "accepted") in STATES for entry in entries
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return Texts.of(initial or {}) != self.clean(data)
        except forms.ValidationError:
            return True


class PickWidget(forms.TextInput):
    template_name = "kernel/widgets/pick.html"
    candidates: list[Any] = []
    desk: Desk | None = None

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"].update(candidates=self.candidates, desk=self.desk)
        return context


class PickField(forms.CharField):
    """A record of another desk by its code or its name; several hits are offered to choose from."""

    def __init__(self, *, rows: models.QuerySet[Any], **kwargs: Any) -> None:
        self.rows, self.target = rows, desk_of(rows.model)
        super().__init__(widget=PickWidget(), **kwargs)
        self.widget.desk = self.target  # type: ignore[attr-defined]

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = self.rows.filter(pk=value).first() or ""
        return f"{value.key} {value}" if isinstance(value, Record) else value

    def clean(self, value: Any) -> Any:
        if isinstance(value, Record):
            return value
        if isinstance(value, dict):
            value = value.get("code", "")
        if value is not None and not isinstance(value, str):  # the words of a list would be looked up as a name
            raise forms.ValidationError(_("Write a code or a name."))
        text = super().clean(value)
        if not text:
            return None
        try:
            return self.rows.model.find(self.rows, text.split(" ")[0])
        except self.rows.model.DoesNotExist:
            pass
        hits = list(self.rows.filter(pk__in=search.within(self.target, text))[:8]) if self.target else []
        exact = [hit for hit in hits if search.fold(text) in {search.fold(n) for n, _l in _names(hit)}]
        if len(exact) == 1 or len(hits) == 1:
            return (exact or hits)[0]
        self.widget.candidates = hits  # type: ignore[attr-defined]
        if hits:
            raise forms.ValidationError(_("Several records fit “%(text)s”. Choose one."), params={"text": text})
        raise forms.ValidationError(
            _("No record fits “%(text)s”. Write its code or its name, or add it first."),
            params={"text": text},
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != data


def _names(record: Record) -> list[tuple[str, str]]:
    texts = record.title_texts()
    return [texts.best(), *texts.others()]


class ChoiceOfRows(forms.ModelChoiceField):
    """A short list of records, sent by code."""

    def __init__(self, rows: models.QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(queryset=rows, **{"empty_label": NONE_CHOSEN, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = self.queryset.filter(pk=value).first()  # type: ignore[union-attr]
        return value.key if isinstance(value, Record) else value

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or isinstance(value, Record):
            return value or None
        if isinstance(value, dict):
            value = value.get("code", "")
        try:
            return self.queryset.model.find(self.queryset, str(value))  # type: ignore[union-attr]
        except self.queryset.model.DoesNotExist as error:  # type: ignore[union-attr]
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value}
            ) from error

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)


class UploadField(forms.FileField):
    """A file to keep; `keep(by)` stores it and returns its record. Size is limited before it is read."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        if isinstance(data, StoredFile):
            return data
        found = super().clean(data, initial)
        if found and not isinstance(found, StoredFile) and found.size > files.LIMIT:
            raise forms.ValidationError(
                _("“%(name)s” is larger than %(limit)s MB. Make it smaller or split it."),
                params={"name": found.name, "limit": files.LIMIT >> 20},
            )
        return found


def pick(rows: models.QuerySet[Any], **kwargs: Any) -> forms.Field:
    """Return the field to choose one of `rows`: a list when they are few, else a search by name or code."""
    if rows[: FEW + 1].count() <= FEW:
        return ChoiceOfRows(rows, **kwargs)
    return PickField(rows=rows, **kwargs)


def form_field(column: models.Field[Any, Any], user: Any) -> forms.Field | None:
    """Return the form field of a model's column, choices limited to what this person may see."""
    common: dict[str, Any] = {
        "label": column.verbose_name, "help_text": column.help_text, "required": not column.blank,
    }  # fmt: skip
    if isinstance(column, WhenField):
        return WhenFormField(**common)
    if isinstance(column, TextsField):
        return TextsFormField(long=getattr(column, "long", False), **common)
    if isinstance(column, models.ForeignKey):
        if column.related_model is StoredFile:
            return UploadField(**common)
        target = desk_of(column.related_model)  # type: ignore[arg-type]
        if target is not None and type(target).seen is not Desk.seen:  # never a list of persons: named by identifier
            return PickField(rows=target.rows(user), **common)
        return pick(target.rows(user) if target else column.related_model._default_manager.none(), **common)  # type: ignore[union-attr]
    if isinstance(column, models.URLField):
        return column.formfield(assume_scheme="https")
    made: Any = column.formfield()
    if column.choices and made is not None:
        made.choices = [(value, NONE_CHOSEN if value in (None, "") else label) for value, label in made.choices]
    return made


class RecordForm(forms.ModelForm):
    """A desk's form. Keeps the version it was opened at and the reason for the change."""

    desk: Desk
    asked_by: Any  # not “person”, which is a field of several desks

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    why = forms.CharField(
        label=_("Reason for the change"), required=False, max_length=500,
        help_text=_("Kept in the history, for those who come after you."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["why"]
        else:
            self.fields["revision"].initial = self.instance.revision
            for name, made in self.fields.items():
                if isinstance(made, UploadField):
                    made.required = False
                    self.initial[name] = getattr(self.instance, name, None)  # the record of the file, not its number

    def _post_clean(self) -> None:
        for name, value in self.cleaned_data.items():
            if isinstance(self.fields[name], UploadField) and value and not isinstance(value, StoredFile):
                continue  # stored by `keep_files` once the person is known to be allowed
            if value is None and self.desk.hides(self.asked_by, self.instance, name):
                continue
            if isinstance(value, Texts):
                value = self._kept(Texts.of(getattr(self.instance, name)), value)
            if name not in ("revision", "why") and not (isinstance(self.fields[name], UploadField) and not value):
                setattr(self.instance, name, value)

    @staticmethod
    def _kept(before: Texts, after: Texts) -> Texts:
        """Return the new texts; an unchanged one keeps its state, a language the form has no room for stays."""
        out = Texts({code: entry for code, entry in before.items() if code not in (*FIRST_LANGUAGES, *MORE_LANGUAGES)})
        for code, entry in after.items():
            held = before.get(code)
            out[code] = held if held and held["text"] == entry["text"] else entry
        return out

    def keep_files(self, by: Any) -> None:
        """Store uploaded files and put their records on the instance."""
        for name, made in self.fields.items():
            value = self.cleaned_data.get(name)
            if isinstance(made, UploadField) and value and not isinstance(value, StoredFile):
                setattr(self.instance, name, files.store(value, value.name, by=by))


def form_for(desk: Desk, user: Any) -> type[RecordForm]:
    """Return the form class of a desk for one person."""
    made = {name: made for name, column in desk.fields.items() if (made := form_field(column, user)) is not None}
    meta = type("Meta", (), {"model": desk.model, "fields": tuple(made)})
    return type(f"{type(desk).__name__}Form", (RecordForm,), {**made, "Meta": meta, "desk": desk, "asked_by": user})


def take_json(form: forms.BaseForm) -> None:
    """Ready a form for values that came as JSON: raise ValidationError where a field that takes one word or number
    was sent a list or an object, and give dates their text."""
    whole = (TextsFormField, WhenFormField, PickField, ChoiceOfRows, forms.JSONField, forms.MultipleChoiceField)
    single = {name: made for name, made in form.fields.items() if not isinstance(made, whole)}
    wrong = [
        name for name, made in single.items()
        if isinstance(form.data.get(name), dict if getattr(made, "takes_list", False) else list | dict)
    ]  # fmt: skip
    if wrong:
        raise forms.ValidationError({name: _("Send one value here, not a list or an object.") for name in wrong})
    for name, made in single.items():
        if isinstance(made, forms.DateField | forms.DateTimeField | forms.TimeField):
            value = form.data.get(name)
            if isinstance(value, bool | int | float):
                form.data = {**form.data, name: str(value)}
