"""A country or region: held as its ISO 3166-1 code, shown by its name in the reader's language."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sunmao.directory import countries, wordings
from sunmao.kernel.fields import Named
from sunmao.kernel.text import short


def name(code: str, language: str) -> str:
    """Return the name of a country or region as this register words it."""
    return wordings.word(code, language) or countries.name(code, language)


class Country(Named):
    """A country or region's code that shows its name."""

    def __new__(cls, code: str) -> Country:
        return super().__new__(cls, code, None)

    @property
    def label(self) -> str:  # type: ignore[override]
        return name(str(self), short(get_language()))

    @label.setter
    def label(self, value: Any) -> None:
        """The name follows the reader's language; nothing is stored."""


@lru_cache(maxsize=1024)
def _country(code: str) -> Country:
    return Country(code)  # it holds nothing but its code, so all rows may share it


class CountryField(models.CharField):
    """Holds a country or region."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 2)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_args: Any) -> Country | str:
        return _country(value) if value else ""

    def to_python(self, value: Any) -> Any:
        return Country(str(value)) if value else ""

    def get_prep_value(self, value: Any) -> str:
        return str(value) if value else ""

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if value and str(value) not in countries.codes():
            raise ValidationError(
                _("“%(code)s” is not a code of ISO 3166-1. Write two letters, as in UZ."),
                params={"code": str(value)},
            )

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms

        from sunmao.kernel.forms import NONE_CHOSEN

        return forms.ChoiceField(
            label=self.verbose_name,
            help_text=self.help_text,
            required=not self.blank,
            choices=lambda: [("", NONE_CHOSEN), *country_choices()[1:]],
        )


def country_choices() -> list[tuple[str, str]]:
    """Return (code, name) of all countries and regions in the reader's language, sorted by name."""
    return [("", str(_("any"))), *_by_name(short(get_language()), wordings.read_at())]


@lru_cache(maxsize=8)
def _by_name(language: str, _read_at: float) -> list[tuple[str, str]]:
    rows = [(code, name(code, language)) for code in countries.codes()]
    return sorted(rows, key=lambda row: row[1])
