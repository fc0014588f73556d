"""What is asked of the overviews: countries, purpose, place in the matrix; the same on page, REST and command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sunmao.directory.fields import Country
from sunmao.recognition.models import Purpose
from sunmao.recognition.policy import may_count_learners
from sunmao.recognition.queries import overview

LINES, COLUMNS = 20, 6  # programmes and profiles on one page of the matrix
MOST = 10


@dataclass(frozen=True)
class Page:
    """A part of the matrix, and where the parts beside it begin (None where there is none)."""

    found: overview.Overview
    line: int
    column: int
    homes: int
    targets: int

    @property
    def steps(self) -> dict[str, int | None]:
        return {
            "line_before": self.line - LINES if self.line else None,
            "line_after": self.line + LINES if self.line + LINES < self.homes else None,
            "column_before": self.column - COLUMNS if self.column else None,
            "column_after": self.column + COLUMNS if self.column + COLUMNS < self.targets else None,
        }  # fmt: skip


class CountriesForm(forms.Form):
    """From which country to which, and for what; `anywhere` lets the second be left open."""

    def __init__(self, data: Mapping[str, Any] | None, *, anywhere: bool = False) -> None:
        codes = overview.countries_of_versions()
        given = dict(data.items()) if data else {}
        given.setdefault("purpose", Purpose.STUDY.value)
        given.setdefault("from", codes[0] if codes else "")
        if not anywhere:
            given.setdefault("to", next((code for code in codes if code != given["from"]), given["from"]))
        super().__init__(given, auto_id="f-%s")
        named = sorted(((code, Country(code).label) for code in codes), key=lambda pair: pair[1])
        self.fields["from"] = forms.ChoiceField(label=_("Programmes of"), choices=named)
        self.fields["to"] = forms.ChoiceField(
            label=_("Profiles of"), required=not anywhere, choices=[*[("", _("any"))] * anywhere, *named]
        )
        self.fields["purpose"] = forms.ChoiceField(label=_("For"), choices=Purpose.choices)


def read(form: CountriesForm) -> tuple[str, str, str]:
    """Return home country, host country (or blank) and purpose. Raises ValidationError."""
    if not form.is_valid():
        raise ValidationError({name: list(errors) for name, errors in form.errors.items()})
    return form.cleaned_data["from"], form.cleaned_data["to"], form.cleaned_data["purpose"]


def matrix(form: CountriesForm, asked: Mapping[str, str]) -> Page:
    """Return the part of the matrix asked for by `line` and `column`."""
    home, host, purpose = read(form)
    homes, targets = overview.versions_of(home), overview.versions_of(host)
    lines, columns = homes.count(), targets.count()
    line, column = (_place(asked.get(name, "0"), n) for name, n in (("line", lines), ("column", columns)))
    found = overview.Overview(homes[line : line + LINES], targets[column : column + COLUMNS], purpose)
    return Page(found, line, column, lines, columns)


def _place(text: str, count: int) -> int:
    """Return a place in the list; the beginning where the text names none."""
    place = int(text) if text.isdecimal() and len(text) < 8 else 0
    return place if place < count else 0


def unlocking(form: CountriesForm, user: Any) -> dict[Any, list[overview.Answer]]:
    """Return what would unlock most learners. Raises NotAllowed for who may not count learners."""
    may_count_learners(user)
    home, host, purpose = read(form)
    return overview.would_unlock(home, host, purpose, most=MOST)
