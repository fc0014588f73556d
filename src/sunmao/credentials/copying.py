"""Unsigned copies for those who may see the credential, from its page and by REST: of it, and of all its learner holds."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from sunmao.cohorts import sights
from sunmao.credentials import transcripts
from sunmao.credentials.models import Credential, CredentialState
from sunmao.kernel.cells import sentences
from sunmao.kernel.desk import registry


def part(credential: Credential, user: Any) -> dict[str, Any]:
    """Return the files for the credential's page; none where it is not in force."""
    base = f"/credentials/{credential.code}"
    return {
        "hidden": credential.state != CredentialState.ISSUED or not credential.document,
        "files": [
            (_("European Learning Model"), f"{base}/copy.{transcripts.ELM}"),
            ("ELMO", f"{base}/copy.{transcripts.ELMO}"),
            (_("ELMO of all that is in force"), f"{base}/record.{transcripts.ELMO}"),
        ],
    }


def copied(user: Any, code: str, form: str, *, whole: bool) -> HttpResponse:
    """Return the file; whoever sees the credential gets it, and the learner is told. ValidationError where none is made."""
    desk = registry.by_model[Credential]
    credential = desk.rows(user).filter(code=code).first()
    allowed = (transcripts.ELMO,) if whole else tuple(transcripts.FORMS)
    if credential is None or not desk.may(user, "see", credential) or form not in allowed:
        raise Http404
    rows = transcripts.record_of(credential, desk.rows(user)) if whole else [credential]
    answer = transcripts.respond(rows, form, f"{credential.number}-record" if whole else credential.number)
    if credential.learner is not None:
        sights.note(user, [credential.learner], "file", ("results",))
    return answer


def _page(request: HttpRequest, code: str, form: str, *, whole: bool) -> HttpResponse:
    try:
        return copied(request.user, code, form, whole=whole)
    except ValidationError as error:
        context = {"heading": _("No copy can be made"), "says": sentences(error.messages)}
        return render(request, "kernel/error.html", context, status=409)


@require_GET
def copy(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Hand out the unsigned copy of one credential."""
    return _page(request, code, form, whole=False)


@require_GET
def record(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Hand out all that is in force of a credential's learner, as far as the person may see it."""
    return _page(request, code, form, whole=True)


class CopyView(APIView):
    """The unsigned copy of one credential: `elm.json` or `elmo.xml`."""

    @extend_schema(operation_id="credential_copy", tags=["credentials"], responses={200: OpenApiTypes.BINARY})
    def get(self, request: Request, code: str, form: str) -> HttpResponse:
        return copied(request.user, code, form, whole=False)


class RecordView(APIView):
    """All that is in force of the credential's learner and may be seen: `elmo.xml`."""

    @extend_schema(operation_id="credential_record", tags=["credentials"], responses={200: OpenApiTypes.BINARY})
    def get(self, request: Request, code: str, form: str) -> HttpResponse:
        return copied(request.user, code, form, whole=True)
