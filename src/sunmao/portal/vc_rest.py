"""The verifying questions of the VC-API, for everybody: what is shown is judged in a process of its own."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sunmao.portal.judging import judge_file
from sunmao.portal.verify_rest import AnyText
from sunmao.vc import api
from sunmao.vc.errors import VcError


class ShownView(APIView):
    """Judge what a request shows; nothing of it is kept."""

    authentication_classes = ()
    permission_classes = ()
    parser_classes = (AnyText,)
    member = ""

    @extend_schema(tags=["vc"], request=OpenApiTypes.OBJECT, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        answer = api.guarded(lambda: self.answer(request.data))
        return Response(answer.document, status=answer.status)

    def answer(self, body: Any) -> api.Answer:
        asked = api.read_request(body if isinstance(body, bytes) else b"")
        document = api.shown_in(asked, self.member)
        live = {name: asked.text(name) for name in ("challenge", "domain")}
        judged = judge_file(json.dumps(document, ensure_ascii=False).encode(), live=live)
        if judged.part_count > len(judged.parts):
            raise VcError("json_too_many", limit=len(judged.parts))
        return api.told(judged, asked)


@extend_schema_view(post=extend_schema(operation_id="vc_verify_credential"))
class CredentialView(ShownView):
    member = api.CREDENTIAL


@extend_schema_view(post=extend_schema(operation_id="vc_verify_presentation"))
class PresentationView(ShownView):
    member = api.PRESENTATION
