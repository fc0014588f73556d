"""The issuing questions of the VC-API: endorsements, and what the status lists say. For those who may, just signed in.

What learners are awarded is not issued here but conferred from their results; these are the same deeds, rules and
refusals as those of the pages.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotAuthenticated
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sunmao.credentials import actions, lists
from sunmao.credentials.models import Credential, Remark
from sunmao.kernel.desk import registry
from sunmao.kernel.errors import NotAllowed
from sunmao.kernel.pages import do
from sunmao.kernel.text import plain_line
from sunmao.vc import api, jose, strict_json
from sunmao.vc.errors import VcError

# What a list is told to say -> the deed that makes it say so.
DEEDS = {("revocation", True): "revoke", ("suspension", True): "suspend", ("suspension", False): "restore"}


class Bytes(BaseParser):
    """Takes the body as it comes: it is read strictly afterwards."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return bytes(stream.read(strict_json.MAX_BYTES + 1))


class BindingView(APIView):
    """What both questions share: the person has just signed in with a second factor, and the body is an object."""

    parser_classes = (Bytes,)

    def read(self, request: Request) -> api.Request:
        if not request.user.is_authenticated:
            raise NotAuthenticated
        if not request.user.may_bind():
            raise NotAllowed("second-factor")
        try:
            return api.read_request(request.data if isinstance(request.data, bytes) else b"")
        except VcError as error:
            raise _refused(error) from error


class IssueView(BindingView):
    """Sign an endorsement in the name of an institution of the person's; with `options.format` `jwt` as compact JWT in an
    EnvelopedVerifiableCredential (VC Data Model 2.0 section 4.13), the text for `endorsementJwt`."""

    @extend_schema(operation_id="vc_issue", tags=["vc"], request=OpenApiTypes.OBJECT, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        asked = self.read(request)
        try:
            form = asked.text("format")
            if form not in (None, "jwt"):
                raise VcError("field_kind", field="options.format", expected="jwt")
            signed = actions.sign_endorsement(asked.need("credential"), by=request.user, jwt=form == "jwt")
        except VcError as error:
            raise _refused(error) from error
        told = jose.enveloped(signed) if isinstance(signed, str) else signed
        return Response(told, status=status.HTTP_201_CREATED)


class StatusView(BindingView):
    """Revoke, suspend or restore a credential by its identifier; `reason` says why, as on the page."""

    @extend_schema(operation_id="vc_status", tags=["vc"], request=OpenApiTypes.OBJECT, responses=OpenApiTypes.OBJECT)
    def post(self, request: Request) -> Response:
        members = self.read(request).members
        wanted = members.get("credentialStatus")
        entry = wanted[0] if isinstance(wanted, list) and len(wanted) == 1 else wanted
        if not isinstance(entry, dict):
            raise ValidationError({"credentialStatus": _("Send one status to change.")})
        purpose, value = str(entry.get("statusPurpose")), entry.get("status", True)
        name = "remark" if purpose == lists.MESSAGE else DEEDS.get((purpose, value in (True, "1", 1)))
        why = plain_line(members.get("reason") if isinstance(members.get("reason"), str) else "")
        if name is None:
            raise ValidationError({"credentialStatus": _("A credential can be revoked, suspended or restored.")})
        if not why:
            raise ValidationError({"reason": _("Say why.")})
        desk = registry.by_model[Credential]
        record = _find(desk, request.user, members.get("credentialId"))
        deed = desk.deed(name)
        assert deed is not None
        asked = {"why": why} | ({"remark": _remark(value)} if name == "remark" else {})
        do(deed, desk, record, asked, by=request.user)
        return Response({"credentialId": members["credentialId"], "state": str(record.state)})


def _remark(value: object) -> str:
    """Return the remark whose two bits are the value, as `0x1` or 1."""
    told = {status: str(remark) for (status, _text), remark in zip(lists.MESSAGES, Remark, strict=True)}
    name = f"0x{value:x}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
    if name not in told:
        raise ValidationError({"credentialStatus": _("A remark is 0x0 to 0x3.")})
    return told[name]


def _refused(error: VcError) -> ValidationError:
    return ValidationError(str(error), code=error.code)


def _find(desk: Any, user: Any, name: object) -> Credential:
    try:
        uid = uuid.UUID(str(name).removeprefix("urn:uuid:"))
    except ValueError as error:
        raise Http404 from error
    found: Credential | None = desk.rows(user).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found
