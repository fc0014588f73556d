"""How people meet questions and reported figures."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from sunmao.indicators.models import Question, ReportedFigure
from sunmao.indicators.policy import FigurePolicy
from sunmao.kernel.cells import Link
from sunmao.kernel.desk import Desk, Part, shows
from sunmao.kernel.when import When


class QuestionDesk(Desk):
    model = Question
    policy = FigurePolicy()
    columns = ("title", "key_name", "unit", "figure", "beside")
    filters = ("unit", "figure")
    form = ("title", "key_name", "unit", "figure", "narrowed", "beside", "difference", "place")
    facts = ("unit", "figure", "beside", "difference", "answers")
    parts = (Part("reports", _("reported figures"), desk="reported-figures", link="question"),)
    search = ("title",)
    order = ("key_name",)

    @shows(_("all answers"))
    def answers(self, record: Question) -> Link:
        return Link(record.title, f"/figures/{record.key}/")


class ReportedFigureDesk(Desk):
    model = ReportedFigure
    policy = FigurePolicy()
    columns = ("title", "question", "number", "as_of", "said_on", "document", "reliability")
    filters = ("question", "document", "bound", "reliability")
    form = (
        "question", "value", "upper", "bound", "as_of", "said", "document", "passage", "as_said", "reliability", "note",
    )  # fmt: skip
    facts = ("question", "number", "as_of", "said_on", "document", "passage", "as_said", "reliability", "note")
    order = ("code", "value")

    def all(self) -> QuerySet[Any]:
        return ReportedFigure.objects.select_related("question", "document")

    @shows(_("number"), order="value")
    def number(self, record: ReportedFigure) -> str:
        return record.words

    @shows(_("said on"))
    def said_on(self, record: ReportedFigure) -> When | None:
        return record.said_on
