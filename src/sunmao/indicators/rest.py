"""The REST face of the figures: the same counts, filters and days as their pages."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sunmao.indicators import asked as asking
from sunmao.indicators.asked import Asked
from sunmao.indicators.figures import Counted, Figure, breakdown, count, known
from sunmao.indicators.models import Question, ReportedFigure
from sunmao.indicators.persons import fixed_tables
from sunmao.indicators.queries import Answer, about, answers
from sunmao.kernel.cells import machine

_DAY = OpenApiParameter("as_of", str, description="a day, as in 2022-11-04; today without it")
_SHAPE = OpenApiTypes.OBJECT


def counted_data(counted: Counted | None) -> dict[str, Any] | None:
    """Return the JSON of a count."""
    if counted is None:
        return None
    return {
        "value": counted.value, "unsure": counted.unsure, "as_of": counted.as_of.isoformat(), "records": counted.url,
        "unsure_records": counted.unsure_url, "dated": counted.dated,
    }  # fmt: skip


def report_data(report: ReportedFigure) -> dict[str, Any]:
    """Return the JSON of a reported figure."""
    return {
        "code": report.key, "value": report.value, "upper": report.upper, "bound": report.bound,
        "as_of": machine(report.as_of), "said_on": machine(report.said_on),
        "document": machine(report.document), "outlet": report.document.outlet, "passage": report.passage,
        "as_said": report.as_said, "reliability": report.reliability, "note": machine(report.note),
    }  # fmt: skip


def answer_data(answer: Answer) -> dict[str, Any]:
    """Return the JSON of a question with its answers."""
    question = answer.question
    return {
        "key": question.key, "title": machine(question.title), "unit": question.unit, "figure": question.figure,
        "narrowed": question.narrowed, "counted": counted_data(answer.counted),
        "reports": [report_data(report.record) for report in answer.reports],
        "difference": machine(question.difference),
        "beside": question.beside.key if question.beside else None,
    }  # fmt: skip


def figure_data(figure: Figure, counted: Counted | None) -> dict[str, Any]:
    """Return the JSON of a figure."""
    return {
        "key": figure.key, "label": str(figure.label), "definition": str(figure.definition), "takes": figure.takes,
        "counted": counted_data(counted),
    }  # fmt: skip


class FiguresView(APIView):
    """Every figure and every question with its answers."""

    @extend_schema(operation_id="figures_list", parameters=[_DAY], responses=_SHAPE, tags=["figures"])
    def get(self, request: Request) -> Response:
        asked = asking.read(request.query_params)
        rows = Question.objects.select_related("beside").order_by("code")
        tables = fixed_tables()
        return Response({
            "learners": tables.data() if tables else None,
            "figures": [
                figure_data(figure, count(figure, request.user, asked.narrowed, asked.as_of))
                for figure in known() if not asking.misfit(figure, asked)
            ],
            "questions": [answer_data(answer) for answer in answers(rows, request.user, asked.as_of)],
        })  # fmt: skip


class FigureView(APIView):
    """One figure broken down, or one question."""

    @extend_schema(operation_id="figures_get", parameters=[_DAY], responses=_SHAPE, tags=["figures"])
    def get(self, request: Request, key: str) -> Response:
        figure, question = asking.find(key)
        asked = asking.read(request.query_params)
        if question is not None:
            return Response(answer_data(answers([question], request.user, asked.as_of)[0]))
        assert figure is not None
        return Response({
            **figure_data(figure, count(figure, request.user, asked.narrowed, asked.as_of)),
            "by": {name: _lines(figure, name, request.user, asked) for name in figure.by},
            "questions": [answer_data(a) for a in answers(about(figure, asked.narrowed), request.user, asked.as_of)],
        })  # fmt: skip


def _lines(figure: Figure, name: str, user: Any, asked: Asked) -> list[dict[str, Any]]:
    return [
        {"code": entry.code, "label": entry.label, "value": entry.value, "records": entry.url}
        for entry in breakdown(figure, name, user, asked.narrowed, asked.day)
    ]
