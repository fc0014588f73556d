"""Questions with all their answers: counted here, and as each source reported it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sunmao.indicators.figures import REGISTRY, Counted, Figure, count
from sunmao.indicators.models import Question, ReportedFigure
from sunmao.kernel.desk import registry


@dataclass(frozen=True)
class Report:
    """One reported number, and the one said in the same breath (34, in 30 countries)."""

    record: ReportedFigure
    beside: ReportedFigure | None = None


@dataclass(frozen=True)
class Answer:
    """One question with its answers. `counted` is None where our records do not allow to count it."""

    question: Question
    figure: Figure | None
    counted: Counted | None
    beside: Answer | None
    reports: tuple[Report, ...]

    @property
    def url(self) -> str:
        return f"/figures/{self.question.key}/"

    @property
    def span(self) -> int:
        """Return how many lines the question takes in a table."""
        return max(1, len(self.reports))

    @property
    def noted(self) -> bool:
        """True where a report has a sentence of its own on why it differs."""
        return any(report.record.note for report in self.reports)


def figure_of(question: Question) -> Figure | None:
    """Return what counts the question here, where this register has the list it counts."""
    found = REGISTRY.get(question.figure)
    return found if found is not None and found.desk in registry.by_slug else None


def answers(questions: Iterable[Question], user: Any, as_of: date | None = None) -> list[Answer]:
    """Return the questions with their answers; those said in the same breath ride along with their question."""
    rows = list(questions)
    ids = {row.pk for row in rows} | {row.beside_id for row in rows if row.beside_id}
    reports: dict[int, list[ReportedFigure]] = defaultdict(list)
    for report in ReportedFigure.objects.filter(question__in=ids).select_related("document").order_by("id"):
        reports[report.question_id].append(report)
    return [_answer(row, reports, user, as_of) for row in rows]


def _answer(
    question: Question, reports: Mapping[int, list[ReportedFigure]], user: Any, as_of: date | None, alone: bool = False
) -> Answer:
    beside = None
    if question.beside_id and question.beside and not alone:
        beside = _answer(question.beside, reports, user, as_of, alone=True)
    others = reports.get(question.beside_id or 0, []) if beside else []
    pairs = tuple(
        Report(row, next((other for other in others if other.document_id == row.document_id), None))
        for row in reports.get(question.pk, [])
    )
    figure = figure_of(question)
    counted = count(figure, user, question.narrowed, as_of) if figure else None
    return Answer(question, figure, counted, beside, pairs)


def leading() -> list[Question]:
    """Return the questions of the home page in their order."""
    return list(Question.objects.filter(place__isnull=False).select_related("beside").order_by("place", "code"))


def about(figure: Figure, narrowed: Mapping[str, str]) -> list[Question]:
    """Return the questions that a figure counts under just these filters."""
    asked = {name: str(value) for name, value in narrowed.items() if value}
    rows = Question.objects.filter(figure=figure.key).select_related("beside").order_by("code")
    return [row for row in rows if {k: str(v) for k, v in row.narrowed.items()} == asked]
