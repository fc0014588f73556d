"""Files of credentials for those who may see them, one by one or all of a conferral or batch; status lists for everybody."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sunmao.credentials import handing, lists, papers
from sunmao.credentials.models import Award, CrosswalkCredential, StatusList
from sunmao.kernel.cells import sentences
from sunmao.kernel.desk import registry
from sunmao.vc.contexts import CROSSWALK_PATH
from sunmao.vc.contexts import crosswalk_context as terms_at


def _find(model: Any, request: HttpRequest, code: str) -> Any:
    """Return a record through its desk, as its page would; absent and hidden answer alike."""
    desk = registry.by_model[model]
    record = desk.rows(request.user).filter(code=code).first()
    if record is None or not desk.may(request.user, "see", record):
        raise Http404
    return record


def _refused(request: HttpRequest, error: ValidationError) -> HttpResponse:
    context = {"heading": _("No paper can be made"), "says": sentences(error.messages)}
    return render(request, "kernel/error.html", context, status=409)


@require_GET
def certificate(request: HttpRequest, slug: str, key: str, form: str) -> HttpResponse:
    """Hand out one face of a credential; its learner is told of it."""
    try:
        return handing.one(request.user, slug, key, form, request.GET)
    except ValidationError as error:
        return _refused(request, error)


@require_GET
def many(request: HttpRequest, slug: str, key: str) -> HttpResponseBase:
    """Hand out a portion of the papers of a conferral or batch."""
    try:
        return handing.many(request.user, slug, key, request.GET)
    except ValidationError as error:
        return _refused(request, error)


@require_GET
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out the specimen of an award: unsigned and watermarked."""
    try:
        return papers.respond_specimen(_find(Award, request, code))
    except ValidationError as error:
        return _refused(request, error)


@require_GET
def status_list(request: HttpRequest, code: str, number: int, purpose: str) -> HttpResponse:
    """Serve a signed status list (Bitstring Status List 1.0 section 4) to programs of any site."""
    row = StatusList.objects.filter(organisation__code=code, number=number).select_related("organisation").first()
    if row is None or purpose not in lists.PURPOSES:
        raise Http404
    try:
        signed = lists.signed(row, purpose)
    except ValidationError as error:
        raise Http404 from error
    return _for_programs(signed, "application/vc+ld+json")


def _for_programs(told: dict[str, Any], kind: str, seconds: int = 60) -> HttpResponse:
    response = JsonResponse(told, content_type=kind, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = f"public, max-age={seconds}"
    return response


@require_GET
def crosswalk_file(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out a crosswalk credential to whoever sees its page."""
    credential = _find(CrosswalkCredential, request, code)
    response = HttpResponse(credential.document, content_type="application/vc+ld+json")
    response["Content-Disposition"] = f'attachment; filename="{credential.code}.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def crosswalk_context(request: HttpRequest) -> HttpResponse:
    """Serve the terms of this register's crosswalk credentials; what an address says here never changes."""
    terms = terms_at(f"{settings.SUNMAO_ADDRESS}{CROSSWALK_PATH}")
    return _for_programs(terms, "application/ld+json", 86400)
