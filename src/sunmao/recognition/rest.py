"""The REST face of the overviews: where a programme is recognised, the matrix, one pair, what would unlock learners."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sunmao.kernel.desk import registry
from sunmao.recognition import letters, queries, timing
from sunmao.recognition.models import Decision, Purpose
from sunmao.recognition.queries import Recognised
from sunmao.recognition.queries.programmes import published

_SHAPE = OpenApiTypes.OBJECT
_IN = OpenApiParameter("in", str, description="languages, two at most, as in en,ru; those of the case without it")
_COUNTRIES = [
    OpenApiParameter("from", str, description="home country, ISO 3166-1 alpha-2"),
    OpenApiParameter("to", str, description="host country"),
    OpenApiParameter("purpose", str, enum=Purpose.values, description="study where nothing is said"),
]


def data_of_line(line: Recognised) -> dict[str, Any]:
    """Return the JSON of one line of "recognised where"."""
    found = line.decision
    return {
        "country": line.country, "purpose": str(line.purpose.value), "result": str(line.result.value),
        "authority": line.authority.code, "instrument": line.instrument.code,
        "until": line.until.isoformat() if line.until else None, "target": line.target.code if line.target else None,
        "covered": len(found.covered) if found else None,
        "missing": sorted(gap.subject for gap in found.gaps if gap.kind == "outcome") if found else None,
        "modules": list(found.measures.modules) if found and found.measures else [],
        "note": str(line.note),
    }  # fmt: skip


class RecognisedView(APIView):
    """Where a completed programme is recognised today, by whom, under which instrument: an indication."""

    @extend_schema(
        operation_id="recognised", tags=["recognition"], responses=_SHAPE,
        parameters=[
            OpenApiParameter("q", str, required=True, description="code of the programme's version"),
            OpenApiParameter("country", str, description="one host country only"),
            OpenApiParameter("awarded_on", str, description="day of award; today without it"),
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        asked = request.query_params
        home = published(asked.get("q", ""))
        lines = queries.recognised_today(home, awarded_on=_day(asked.get("awarded_on", "")))
        country = asked.get("country", "")
        shown = [data_of_line(line) for line in lines if not country or line.country == country]
        return Response({"programme": home.code, "results": shown})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ValidationError({"awarded_on": _("Write a day, as in 2022-11-04.")}) from error


class CoverageView(APIView):
    """Programmes of one country against profiles of another: what is missing in each cell, a part at a time."""

    @extend_schema(
        operation_id="coverage", tags=["recognition"], responses=_SHAPE,
        parameters=[
            *_COUNTRIES, OpenApiParameter("line", int, description="first programme of this part"),
            OpenApiParameter("column", int, description="first profile of this part"),
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        from sunmao.recognition import asked as asking
        from sunmao.recognition.pairs import data_of_cell

        page = asking.matrix(asking.CountriesForm(request.query_params), request.query_params)
        cells = [data_of_cell(cell) for _home, own in page.found.rows() for cell in own]
        return Response({"programmes": page.homes, "profiles": page.targets, **page.steps, "results": cells})


class PairView(APIView):
    """One programme against one profile, outcome by outcome."""

    @extend_schema(operation_id="coverage_pair", tags=["recognition"], responses=_SHAPE, parameters=_COUNTRIES[2:])
    def get(self, request: Request, source: str, target: str) -> Response:
        from sunmao.recognition import pairs

        purpose = request.query_params.get("purpose", Purpose.STUDY.value)
        if purpose not in Purpose.values:
            raise ValidationError({"purpose": _("Choose one of: %(known)s.") % {"known": ", ".join(Purpose.values)}})
        return Response(pairs.data_of_pair(pairs.pair(published(source), published(target), purpose)))


class UnlockingView(APIView):
    """Which single crosswalk row, instrument or module would open recognition to most learners."""

    @extend_schema(operation_id="unlocking", tags=["recognition"], responses=_SHAPE, parameters=_COUNTRIES)
    def get(self, request: Request) -> Response:
        from sunmao.recognition import asked as asking
        from sunmao.recognition.pairs import data_of_answer

        if not request.user.is_authenticated:
            raise NotAuthenticated
        found = asking.unlocking(asking.CountriesForm(request.query_params, anywhere=True), request.user)
        return Response({kind.value: [data_of_answer(one) for one in rows] for kind, rows in found.items()})


class LetterView(APIView):
    """The letter of a decision as PDF, in the two languages of its case."""

    @extend_schema(
        operation_id="decision_letter", tags=["recognition"], parameters=[_IN],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )  # fmt: skip
    def get(self, request: Request, code: str) -> HttpResponse:
        desk = registry.by_model[Decision]
        record = desk.rows(request.user).filter(code=code).first()
        if record is None or not desk.may(request.user, "see", record):
            raise Http404
        return letters.respond(record, by=request.user, into=request.query_params.get("in", ""))


class ClockView(APIView):
    """The time to decide of a case: from when it runs, what it stood still for, until when."""

    @extend_schema(operation_id="recognition_case_clock", tags=["recognition"], responses=_SHAPE)
    def get(self, request: Request, code: str) -> Response:
        case = timing.found(code, request.user)
        if case is None:
            raise Http404
        return Response(timing.data_of(case))
