"""DID documents of institutions, for verifiers anywhere."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from sunmao.directory.models import Organisation
from sunmao.keys import queries
from sunmao.keys.models import InstitutionKey


@require_GET
def did_document(request: HttpRequest, code: str) -> HttpResponse:
    """Answer with an institution's DID document; open to programs of any site."""
    try:
        document = queries.did_document(Organisation.objects.get(code=code))
    except (Organisation.DoesNotExist, InstitutionKey.DoesNotExist) as error:
        raise Http404 from error
    response = JsonResponse(document, content_type="application/did+json", json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "public, max-age=60"
    return response
