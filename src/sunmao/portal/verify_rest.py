"""Verification for programs: POST a file or a credential's own text, GET by the printed number. Needs no account."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sunmao.credentials import queries
from sunmao.kernel.errors import shape
from sunmao.portal import showing, verdicts
from sunmao.portal.judging import LARGEST, Judged, judge_file, judge_own


class AnyText(BaseParser):
    """Takes the body as it comes: a credential as JSON or JWT, or a whole file."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return bytes(stream.read(LARGEST + 1))


def told(judged: Judged) -> dict[str, Any]:
    """Return the report as JSON: verdict, exit code as of `sunmao verify`, checks with sentences in the language
    asked for. Names nobody, but for what an unsigned transcript says itself (`says`)."""
    issuers = showing.institutions(judged.document)
    names = {row["id"]: row["texts"].best(get_language())[0] for row in issuers if row["known"]}
    head = verdicts.heading(judged)
    checks = [
        {**check.to_json(), "sentence": verdicts.sentence(check, names)} for check in judged.checks
    ]  # fmt: skip
    return {
        **{name: judged.told.get(name) for name in ("verdict", "exit_code", "format", "test", "issuer", "issuer_names")},
        **({"says": judged.told["says"]} if judged.told.get("says") else {}),
        "heading": {"code": head.code, "words": head.words, "says": head.says}, "checks": checks,
        "parts": [told(part) for part in judged.parts], "part_count": judged.part_count,
    }  # fmt: skip


class VerifyView(APIView):
    """Judge what is sent. Nothing of it is kept."""

    authentication_classes = ()
    permission_classes = ()
    parser_classes = (MultiPartParser, AnyText)

    @extend_schema(operation_id="verify", tags=["verify"], request=OpenApiTypes.OBJECT, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        data: Any = request.data
        name = ""
        if not isinstance(data, bytes):
            file = data.get("file")
            if file is None or not hasattr(file, "read"):
                return Response(shape(_("Choose a file first."), "file"), status=status.HTTP_422_UNPROCESSABLE_ENTITY)
            data, name = file.read(LARGEST + 1), str(file.name or "")
        if not data:
            return Response(shape(_("The body is empty."), "empty"), status=status.HTTP_422_UNPROCESSABLE_ENTITY)
        return Response(told(judge_file(data, name)))

    @extend_schema(
        operation_id="verify_number", tags=["verify"], parameters=[OpenApiParameter("number", str, required=True)],
        responses=OpenApiTypes.OBJECT,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        typed = request.query_params.get("number", "")[:60]
        found = queries.by_number(typed) or queries.issued_by_number(typed)
        if found is None:
            raise Http404
        return Response({**told(judge_own(found)), "number": found.number})
