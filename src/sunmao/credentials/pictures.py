"""The picture of an award: kept by its content, served to everybody under an address that holds its SHA-256, so that a
credential signs for the picture by naming the address."""

from __future__ import annotations

import base64
import struct

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sunmao.credentials.models import Award
from sunmao.kernel import files
from sunmao.kernel.models import StoredFile


def path(award: Award) -> str:
    """Return where an award's picture is served; nothing without one."""
    return f"/awards/{award.code}/picture/{award.picture.sha256}.png" if award.picture else ""


def address(award: Award) -> str:
    """Return the picture's address as credentials name it."""
    return f"{settings.SUNMAO_ADDRESS}{path(award)}" if award.picture else ""


def drawn(award: Award) -> str:
    """Return the picture as SVG for the paper; nothing without one."""
    if award.picture is None:
        return ""
    data = files.read(award.picture)
    width, height = struct.unpack(">II", data[16:24])
    held = base64.b64encode(data).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{held}"/></svg>'
    )


@require_GET
def serve(request: HttpRequest, code: str, sha256: str) -> HttpResponse:
    """Hand out the picture under its digest."""
    held = StoredFile.objects.filter(pk__in=Award.objects.filter(code=code).values("picture"), sha256=sha256).first()
    if held is None or held.removed_on is not None:
        raise Http404
    try:
        response = HttpResponse(files.read(held), content_type="image/png")
    except (OSError, ValidationError) as error:
        raise Http404(_("The picture is not here.")) from error
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Access-Control-Allow-Origin"] = "*"
    return response
