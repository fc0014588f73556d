"""The figure pages: all figures, and one with its definition, its way down and what others reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst

from sunmao.indicators import asked as asking
from sunmao.indicators.asked import Asked
from sunmao.indicators.figures import Counted, Entry, Figure, breakdown, count, known
from sunmao.indicators.models import Question
from sunmao.indicators.persons import fixed_tables
from sunmao.indicators.queries import Answer, about, answers
from sunmao.kernel import clock
from sunmao.kernel.desk import registry

_FILTERS = ("brand", "country", "bloc")


@dataclass(frozen=True)
class Line:
    """One figure on the page of all: its count, or which filters keep it from being counted."""

    figure: Figure
    counted: Counted | None
    misfit: str = ""


@dataclass(frozen=True)
class Split:
    """A breakdown of a figure: its heading and lines."""

    name: str
    label: str
    entries: list[Entry]


def figures_page(request: HttpRequest) -> HttpResponse:
    """Show every figure, narrowed and dated as asked, and every question with its answers."""
    asked, error = _asked(request)
    questions = (
        Question.objects.filter(within__isnull=True)
        .select_related("beside")
        .order_by(F("place").asc(nulls_last=True), "code")
    )
    context = {
        "lines": [_line(figure, request.user, asked) for figure in known()],
        "answers": answers(questions, request.user, asked.as_of),
        "tables": fixed_tables(),
        "asked": asked,
        "today": clock.today(),
        "form": _filters(request),
        "error": error,
    }
    return render(request, "indicators/figures.html", context, status=422 if error else 200)


def _asked(request: HttpRequest) -> tuple[Asked, str]:
    try:
        return asking.read(request.GET), ""
    except ValidationError as error:
        return Asked(), " ".join(error.messages)


def _line(figure: Figure, user: Any, asked: Asked) -> Line:
    misfit = [str(_name_of(figure, name)) for name in asking.misfit(figure, asked)]
    if misfit:
        return Line(figure, None, ", ".join(misfit))
    return Line(figure, count(figure, user, asked.narrowed, asked.as_of))


def _name_of(figure: Figure, name: str) -> Any:
    for item in (figure, *known()):
        found = registry.by_slug[item.desk].filterset_class.base_filters.get(name)
        if found is not None:
            return found.label
    return name


def _filters(request: HttpRequest) -> forms.Form:
    """Return the filter fields of the page of all figures, from the lists that have them."""
    fields: dict[str, forms.Field] = {}
    for name in _FILTERS:
        figure = next((f for f in known() if name in f.takes), None)
        found = registry.by_slug[figure.desk].filterset_class.base_filters.get(name) if figure else None
        if found is not None:
            fields[name] = found.field
            fields[name].label = capfirst(found.label)
    made = type("FigureFilters", (forms.Form,), fields)
    return made(request.GET or None, auto_id="f-%s")


def figure_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show one figure or question: value, day, definition, the list it was counted from, each report."""
    figure, question = asking.find(key)
    asked, error = _asked(request)
    if question is not None:
        asked = Asked(asked.as_of, question.narrowed)
        found = answers([question], request.user, asked.as_of)
    else:
        found = answers(about(figure, asked.narrowed), request.user, asked.as_of) if figure else []
    counted = count(figure, request.user, asked.narrowed, asked.as_of) if figure else None
    context = {
        "key": key, "figure": figure, "question": question, "counted": counted, "asked": asked,
        "answers": found, "splits": _splits(figure, request.user, asked) if figure else [],
        "narrowed": _narrowed(figure, asked), "today": clock.today(), "error": error,
        "title": question.title if question else figure.label if figure else "",
        "beside": _beside(found, question),
    }  # fmt: skip
    return render(request, "indicators/figure.html", context, status=422 if error else 200)


def _beside(found: list[Answer], question: Question | None) -> Answer | None:
    return found[0].beside if question is not None and found else None


def _splits(figure: Figure, user: Any, asked: Asked) -> list[Split]:
    made = []
    for name in figure.by:
        entries = breakdown(figure, name, user, asked.narrowed, asked.day)
        if entries:
            made.append(Split(name, str(_name_of(figure, name)), entries))
    return made


def _narrowed(figure: Figure | None, asked: Asked) -> list[tuple[str, str]]:
    """Return the filters in force as words: which, and to what."""
    out = []
    for name, value in asked.narrowed.items():
        found = registry.by_slug[figure.desk].filterset_class.base_filters.get(name) if figure else None
        options = found.extra.get("choices", ()) if found is not None else ()
        words = {str(k): str(v) for k, v in (options() if callable(options) else options)}
        out.append((capfirst(str(found.label if found is not None else name)), words.get(str(value), _named(value))))
    return out


def _named(value: Any) -> str:
    """Return the name of the record under a code, as far as it is one."""
    for desk in registry.by_slug.values():
        if desk.model.CODE and str(value).startswith(desk.model.CODE) and desk.policy.everyone:
            row = desk.all().filter(code=value).first()
            if row is not None:
                return str(row)
    return str(value)
