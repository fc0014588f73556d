"""Model fields that hold several codes: purposes, measures, fields of study, countries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from sunmao.directory import countries
from sunmao.directory.fields import Country
from sunmao.kernel.fields import Named

_GAP = re.compile(r"[\s,;，、；]+")


def split(value: Any) -> list[str]:
    """Return the codes in a list or in a text, each once, in their order."""
    several = isinstance(value, list | tuple | set | frozenset)
    parts = [str(item) for item in value] if several else _GAP.split("" if value is None else str(value))
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


class CodesField(models.CharField):
    """Several codes in one column, kept as text with commas between and around them (`,CN,UZ,`), so that one can be
    looked for with `contains=",CN,"`. With `states` (a TextChoices class) only its values are taken."""

    def __init__(self, states: type[models.TextChoices] | None = None, **kwargs: Any) -> None:
        self.states = states
        kwargs.setdefault("max_length", 400)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(**kwargs)

    def named(self, code: str) -> Any:
        return Named(code, self.states(code).label) if self.states else code

    def from_db_value(self, value: str | None, *_args: Any) -> tuple[Any, ...]:
        return self._known(value or "")

    def _known(self, value: Any) -> tuple[Any, ...]:
        valid = set(self.states.values) if self.states else None
        return tuple(self.named(code) for code in split(value) if valid is None or code in valid)

    def to_python(self, value: Any) -> tuple[Any, ...]:
        codes = split(value)
        if self.states:
            unknown = [code for code in codes if code not in self.states.values]
            if unknown:
                raise ValidationError(
                    _("“%(code)s” is not one of: %(known)s."),
                    params={"code": ", ".join(unknown), "known": ", ".join(self.states.values)},
                )
        return tuple(self.named(code) for code in codes)

    def get_prep_value(self, value: Any) -> str:
        if isinstance(value, str) and value.startswith(","):
            return value
        codes = split(value)
        return f",{','.join(codes)}," if codes else ""

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if not value and not self.blank:
            raise ValidationError(self.error_messages["blank"], code="blank")

    def run_validators(self, value: Any) -> None:
        super().run_validators(self.get_prep_value(value))

    def value_to_string(self, obj: models.Model) -> str:
        return ", ".join(split(self.value_from_object(obj)))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.to_python(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> Any:
        made: forms.Field
        if self.states:
            made = CodesChoice(choices=self.states.choices, widget=forms.CheckboxSelectMultiple)
        else:
            made = CodesText(column=self)
        made.label, made.help_text, made.required = self.verbose_name, self.help_text, not self.blank
        return made


class CodesChoice(forms.MultipleChoiceField):
    """Check boxes; programs and sheets may send one text."""

    def to_python(self, value: Any) -> list[str]:
        return split(value)

    def prepare_value(self, value: Any) -> list[str]:
        return split(value)


class CodesText(forms.CharField):
    """Codes written one after the other; programs may send the list that they are given."""

    takes_list = True

    def __init__(self, *, column: CodesField, **kwargs: Any) -> None:
        self.column = column
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> str:
        return ", ".join(split(value))

    def to_python(self, value: Any) -> Any:
        return self.column.to_python(value)

    def validate(self, value: Any) -> None:
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """The column's own rules say all."""


class CountriesField(CodesField):
    """Countries and regions by their ISO 3166-1 codes."""

    def named(self, code: str) -> Any:
        return Country(code)

    def to_python(self, value: Any) -> tuple[Any, ...]:
        codes = [code.upper() for code in split(value)]
        unknown = [code for code in codes if code not in countries.codes()]
        if unknown:
            raise ValidationError(
                _("“%(code)s” is not a code of ISO 3166-1. Write two letters, as in UZ."),
                params={"code": ", ".join(unknown)},
            )
        return tuple(Country(code) for code in codes)


class FieldsOfStudyField(CodesField):
    """ISCED-F 2013 codes of two to four digits; a shorter one stands for all below it."""

    def to_python(self, value: Any) -> tuple[Any, ...]:
        codes = split(value)
        wrong = [code for code in codes if not re.fullmatch(r"\d{2,4}", code)]
        if wrong:
            raise ValidationError(
                _("“%(code)s” is not a code of ISCED-F 2013. Write two to four digits, as in 0714."),
                params={"code": ", ".join(wrong)},
            )
        return tuple(codes)


class StepsField(CodesField):
    """Steps of a framework, as whole numbers."""

    def to_python(self, value: Any) -> tuple[Any, ...]:
        codes = split(value)
        if any(not code.isdigit() for code in codes):
            raise ValidationError(_("Write the levels as numbers, as in 4, 5."))
        return tuple(codes)


def codes(values: Iterable[Any]) -> frozenset[str]:
    """Return the bare codes of a field's value."""
    return frozenset(str(value) for value in values)
