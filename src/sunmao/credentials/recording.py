"""The page and the REST address by which a holder has his whole record signed (CLR 2.0)."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sunmao.cohorts import sights
from sunmao.credentials.actions.recording import learner_record
from sunmao.credentials.models import Credential
from sunmao.credentials.sharing import find
from sunmao.kernel.cells import sentences
from sunmao.kernel.desk import registry
from sunmao.kernel.text import plain_line


def make(user: Any, code: str, why: str, face: str) -> tuple[Credential, dict[str, Any]]:
    """Return a credential and its holder's signed record; whoever does it for another says how he was asked."""
    credential, holder = find(user, code)
    if not holder and not why:
        raise ValidationError({"why": _("Say how and when the holder asked for it.")})
    signed = learner_record(credential, rows=registry.by_model[Credential].rows(user), by=user, why=why)
    if credential.learner is not None:
        sights.note(user, [credential.learner], face, ("results",))
    return credential, signed


@require_POST
def record(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the signed record."""
    try:
        credential, signed = make(request.user, code, plain_line(request.POST.get("why", ""))[:500], "file")
    except ValidationError as error:
        context = {"heading": _("No record can be made"), "says": sentences(error.messages)}
        return render(request, "kernel/error.html", context, status=409)
    text = json.dumps(signed, ensure_ascii=False, separators=(",", ":"))
    answer = HttpResponse(text, content_type="application/vc+ld+json")
    answer["Content-Disposition"] = f'attachment; filename="{credential.number}-record.json"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


class LearnerRecordView(APIView):
    """All that is in force of the credential's learner and may be seen, signed as one record; `why` for another."""

    @extend_schema(
        operation_id="credential_learner_record",
        tags=["credentials"],
        request=OpenApiTypes.OBJECT,
        responses=OpenApiTypes.OBJECT,
    )
    def post(self, request: Request, code: str) -> Response:
        if not request.user.is_authenticated:
            raise NotAuthenticated
        why = request.data.get("why") if isinstance(request.data, dict) else ""
        _credential, signed = make(request.user, code, plain_line(why)[:500] if isinstance(why, str) else "", "api")
        return Response(signed, status=status.HTTP_201_CREATED)
