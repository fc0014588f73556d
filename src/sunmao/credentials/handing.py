"""How files of credentials are handed out: the same to pages and REST, to whoever sees the record."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from sunmao.cohorts import sights
from sunmao.credentials import papers, parts, printing
from sunmao.credentials.document import language_words
from sunmao.credentials.models import Batch, Conferral, Credential, Issued
from sunmao.kernel.desk import registry

SINGLE = {"credentials": Credential, "issued": Issued}
WHOLE = {"conferrals": Conferral, "batches": Batch}
_LANGUAGES = OpenApiParameter(
    "languages", str, description="Of the paper: some of the title's, as in en,zh,ru; else all there are words for."
)
_FROM = OpenApiParameter("from", int, description="Place of the first paper, counted from 1; a portion has 200.")


def _find(user: Any, model: Any, key: str) -> Any:
    """Return a record through its desk, as its page would; absent and hidden answer alike."""
    desk = registry.by_model[model]
    try:
        record = model.find(desk.rows(user), key)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    if not desk.may(user, "see", record):
        raise Http404
    return record


def asked_for(given: QueryDict) -> tuple[str, ...]:
    """Return the languages asked for, as in `languages=en,zh` or once for each."""
    return tuple(code for text in given.getlist("languages") for code in text.split(",") if code)


def one(user: Any, slug: str, key: str, form: str, given: QueryDict) -> HttpResponse:
    """Return one face of a credential; its learner is told of it. ValidationError where it cannot be made."""
    credential = _find(user, SINGLE[slug], key)
    if form not in papers.FORMS:
        raise Http404
    answer = papers.respond(credential, form, asked_for(given))
    if isinstance(credential, Credential) and credential.learner is not None:
        sights.note(user, [credential.learner], "file", ("results",))
    return answer


def many(user: Any, slug: str, key: str, given: QueryDict) -> HttpResponseBase:
    """Return a portion of the papers of a conferral or batch as a ZIP that is sent while it is made. ValidationError
    where they cannot be made."""
    whole = _find(user, WHOLE[slug], key)
    first = given.get("from", "1")
    if not (first.isascii() and first.isdigit() and 0 < len(first) < 10 and int(first)):
        raise ValidationError({"from": _("Say the place of the first paper, counted from 1.")})
    place = int(first) - 1
    if place and not printing.rows_of(whole, user)[place : place + 1].exists():
        raise Http404
    made = printing.of(whole, user, asked=asked_for(given), first=place, count=printing.PORTION)
    answer = StreamingHttpResponse(printing.zipped(made), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{whole.code}-{place + 1}.zip"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


def part(whole: Conferral | Batch, user: Any) -> dict[str, Any]:
    """Return what the page offers: the portions, the languages to choose from, the command where there are many."""
    if not printing.is_ready(whole):
        return {"hidden": True}
    portions = printing.portions(printing.rows_of(whole, user).count())
    return {
        "hidden": not portions, "url": f"/{registry.by_model[type(whole)].slug}/{whole.code}/papers.zip",
        "portions": portions[: printing.OFFERED], "more": len(portions) > printing.OFFERED,
        "command": f"sunmao papers {whole.code} --out papers", "languages": [(code, language_words(code)) for code in papers.languages(whole.award)],
    }  # fmt: skip


def faces(issued: Issued, user: Any) -> dict[str, Any]:
    """Return the files of a credential from a list."""
    base = f"/issued/{issued.key}/certificate"
    return {"files": [(parts.form_name(form), f"{base}.{form}") for form in papers.FORMS] if issued.document else []}


class FileView(APIView):
    """One face of a credential: `json`, `pdf`, `png`, `svg` or `qr.png`."""

    slug = ""

    @extend_schema(tags=["credentials"], parameters=[_LANGUAGES], responses={200: OpenApiTypes.BINARY})
    def get(self, request: Request, key: str, form: str) -> HttpResponse:
        return one(request.user, self.slug, key, form, request.query_params)


class PapersView(APIView):
    """A portion of the papers of a conferral or batch, as a ZIP."""

    slug = ""

    @extend_schema(tags=["credentials"], parameters=[_LANGUAGES, _FROM], responses={200: OpenApiTypes.BINARY})
    def get(self, request: Request, key: str) -> HttpResponseBase:
        return many(request.user, self.slug, key, request.query_params)
