"""CASE as other systems fetch it: /ims/case/v1p1/CFPackages/… and the same under v1p0. For everyone, never a draft."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from sunmao.standards.case import EDITIONS, KNOWN_LANGUAGES, Case, Json, languages_of, origins
from sunmao.standards.models import Crosswalk, CrosswalkRow, Outcome, ProgrammeVersion, RowState, Unit, VersionState

MOST = 100


def _case(edition: str) -> Case:
    if edition not in EDITIONS:
        raise Http404
    return Case(settings.SUNMAO_ADDRESS.rstrip("/"), edition)


def _versions() -> Any:
    rows = ProgrammeVersion.objects.exclude(state=VersionState.DRAFT)
    return rows.select_related("programme__owner", "programme__authority").order_by("id")


def _version(found: UUID) -> tuple[ProgrammeVersion, str]:
    """Return the version behind an identifier and the language it stands for."""
    made = origins(found, KNOWN_LANGUAGES)
    version = _versions().filter(uid__in=list(made)).first()
    if version is None:
        raise Http404
    language = made[version.uid] or languages_of(version)[0]
    if language not in languages_of(version):
        raise Http404
    return version, language


@require_GET
def documents(request: HttpRequest, edition: str) -> JsonResponse:
    """List the documents, each version in its first language; `limit` and `offset` as in CASE."""
    case = _case(edition)
    limit, offset = (_number(request.GET.get(name, ""), start) for name, start in (("limit", MOST), ("offset", 0)))
    rows = _versions()[offset : offset + min(limit, MOST)]
    return JsonResponse({"CFDocuments": [case.document(version) for version in rows]})


def _number(text: str, start: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 8 else start


@require_GET
def document(request: HttpRequest, edition: str, found: UUID) -> JsonResponse:
    return JsonResponse(_package(_case(edition), found)["CFDocument"])


@require_GET
def package(request: HttpRequest, edition: str, found: UUID) -> JsonResponse:
    return JsonResponse(_package(_case(edition), found))


def _package(case: Case, found: UUID) -> Json:
    crosswalk = Crosswalk.objects.filter(uid=found).first()
    if crosswalk is not None:
        return case.crosswalk(crosswalk)
    return case.package(*_version(found))


def _part(found: UUID) -> tuple[Unit | Outcome, str]:
    made = origins(found, KNOWN_LANGUAGES)
    for model in (Outcome, Unit):
        part = _shown(model).filter(uid__in=list(made)).first()
        if part is not None:
            return part, made[part.uid]
    raise Http404


@require_GET
def item(request: HttpRequest, edition: str, found: UUID) -> JsonResponse:
    """Return one unit or outcome."""
    case = _case(edition)
    part, word = _part(found)
    language = word or languages_of(part.version)[0]
    if language not in languages_of(part.version):
        raise Http404
    return JsonResponse(case.item(part, case.document(part.version, language), language, word))


@require_GET
def associations_of(request: HttpRequest, edition: str, found: UUID) -> JsonResponse:
    """Return an item with the associations it begins or ends: its place, its translations, confirmed rows."""
    case = _case(edition)
    part, word = _part(found)
    whole = case.package(part.version, word)
    ties = [tie for tie in whole["CFAssociations"] if str(found) in _ends(tie)]
    if isinstance(part, Outcome) and not word:
        rows = CrosswalkRow.objects.filter(state=RowState.CONFIRMED)
        for row in rows.filter(source=part) | rows.filter(target=part):
            ties += case.row(row)
    one = next(one for one in whole["CFItems"] if one["identifier"] == str(found))
    return JsonResponse({"CFItem": one, "CFAssociations": ties})


def _ends(tie: Json) -> tuple[str, str]:
    return tie["originNodeURI"]["identifier"], tie["destinationNodeURI"]["identifier"]


@require_GET
def association(request: HttpRequest, edition: str, found: UUID) -> JsonResponse:
    """Return one association: of a confirmed row, or of an item with what stands above it or it translates."""
    case = _case(edition)
    row = CrosswalkRow.objects.filter(uid=found, state=RowState.CONFIRMED).first()
    if row is not None:
        return JsonResponse(next(case.row(row)))
    words = [f"{kind}:{code}" for kind in ("isChildOf", "isTranslationOf") for code in ("", *KNOWN_LANGUAGES)]
    made = origins(found, words)
    for rows in (_versions(), _shown(Outcome), _shown(Unit)):
        part = rows.filter(uid__in=list(made)).first()
        if part is not None and made[part.uid]:
            version = part if isinstance(part, ProgrammeVersion) else part.version
            whole = case.package(version, made[part.uid].partition(":")[2])
            tie = next((one for one in whole["CFAssociations"] if one["identifier"] == str(found)), None)
            if tie is not None:
                return JsonResponse(tie)
    raise Http404


def _shown(model: Any) -> Any:
    """Return the units or outcomes of published versions."""
    return model._default_manager.exclude(version__state=VersionState.DRAFT).select_related("version__programme")
