"""The page and the REST address by which a holder shares a part of his credential."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from sunmao.cohorts import sights
from sunmao.credentials.actions import sharing as actions
from sunmao.credentials.models import Credential, CredentialState
from sunmao.kernel.cells import sentences
from sunmao.kernel.desk import registry
from sunmao.kernel.errors import NotAllowed
from sunmao.vc import sdjwt
from sunmao.vc.disclosing import Way, way_text

TYPE = "application/vc+sd-jwt"
LABELS = {
    "identifier": gettext_lazy("Name"),
    "licenseNumber": gettext_lazy("State registration number"),
    "activityStartDate": gettext_lazy("Began on"),
    "activityEndDate": gettext_lazy("Ended on"),
    "narrative": gettext_lazy("Narrative"),
    "role": gettext_lazy("Role"),
    "image": gettext_lazy("Picture"),
}


def part(credential: Credential, user: Any) -> dict[str, Any]:
    """Return the way to the page, for those who may say what is shown of a credential in force."""
    desk = registry.by_model[Credential]
    open_to = credential.state == CredentialState.ISSUED and bool(credential.document)
    return {
        "hidden": not (open_to and desk.may(user, "release", credential)),
        "share": f"/credentials/{credential.code}/share/",
    }


def choices(document: dict[str, Any]) -> list[tuple[Way, str, str]]:
    """Return what its holder may show or keep back: where it stands, what it is called, what it says."""
    subject = document["credentialSubject"]
    named = {row["id"]: row["name"] for row in subject["achievement"].get("resultDescription", [])}
    found = []
    for way in sdjwt.holder_ways(document):
        held = (document if way[0] == "evidence" else subject)[str(way[-2 if isinstance(way[-1], int) else -1])]
        if way[-2:-1] == ("result",):
            row = held[way[-1]]
            found.append((way, named.get(row.get("resultDescription"), _("result")), row.get("value", "")))
        elif way[0] == "evidence":
            found.append((way, _("Evidence"), held[way[-1]].get("name", "")))
        elif way[-1] == "identifier":
            found.append((way, str(LABELS["identifier"]), held[0].get("identityHash", "")))
        else:
            found.append((way, str(LABELS[str(way[-1])]), str(held)[:10] if "Date" in str(way[-1]) else str(held)))
    return found


class Ticks(forms.CheckboxSelectMultiple):
    """Boxes one below the other, each wide enough for a finger."""

    template_name = "credentials/ticks.html"
    is_group = True


class ShareForm(forms.Form):
    """What to show, bound to which key, and for a holder without an account how he asked."""

    def __init__(self, *args: Any, document: dict[str, Any], holder: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = {way_text(way): way for way, _label, _says in choices(document)}
        told = [(way_text(way), f"{label}: {says}" if says else label) for way, label, says in choices(document)]
        self.fields["show"] = forms.MultipleChoiceField(
            label=_("What is shown"), choices=told, widget=Ticks, required=False,
            help_text=_("What you leave out is not in the file. Award, institutions and dates always are."),
        )  # fmt: skip
        self.fields["holder_key"] = forms.CharField(
            label=_("Your wallet's key"), required=False, max_length=300,
            help_text=_("did:key…: whoever shows the file then has to sign with it. Empty: anyone who has the file can show it."),
        )  # fmt: skip
        if not holder:
            self.fields["why"] = forms.CharField(
                label=_("Asked for by"), max_length=500,
                help_text=_("Where you do this for a holder who has no account: how and when he asked for it."),
            )  # fmt: skip

    def chosen(self) -> list[Way]:
        """Return the ways that were ticked."""
        return [self.ways[name] for name in self.cleaned_data["show"]]


def find(user: Any, code: str) -> tuple[Credential, bool]:
    """Return a credential the person may show a part of, and whether it is his own; absent and hidden answer alike."""
    desk = registry.by_model[Credential]
    record = desk.rows(user).filter(code=code).first()
    if record is None or not desk.may(user, "see", record):
        raise Http404
    if not desk.may(user, "release", record):
        raise NotAllowed("release")
    holder = record.learner is not None and record.learner.person_id == user.person_id
    return record, holder and user.person_id is not None


def _open(credential: Credential) -> dict[str, Any]:
    if credential.state != CredentialState.ISSUED or not credential.document:
        raise ValidationError(_("Its state does not allow this now."), code="state")
    return credential.signed_document


@require_http_methods(["GET", "POST"])
def share(request: HttpRequest, code: str) -> HttpResponse:
    """Let the holder tick what he shows, and hand out the file."""
    record, holder = find(request.user, code)
    desk = registry.by_model[Credential]
    context: dict[str, Any] = {"desk": desk, "record": record, "url": desk.url(record), "holder": holder}
    try:
        document = _open(record)
    except ValidationError as error:
        return render(request, "credentials/share.html", context | {"says": sentences(error.messages)}, status=409)
    form = ShareForm(request.POST if request.method == "POST" else None, document=document, holder=holder)
    if record.learner is not None:
        sights.note(request.user, [record.learner], "deed", ("results",))
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data.get(name, "") for name in ("holder_key", "why")}
        try:
            part = actions.share(record, show=form.chosen(), by=request.user, **said)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _file(record, part)
    answer = render(request, "credentials/share.html", context | {"form": form}, status=422 if form.errors else 200)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _file(record: Credential, part: str) -> HttpResponse:
    several = part.startswith("{")
    answer = HttpResponse(part, content_type="application/json" if several else TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{record.number}-part.{"json" if several else "jwt"}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


class ShareView(APIView):
    """What the holder of a credential may show or keep back; POST {show: [place], holder_key, why} makes the part."""

    @extend_schema(operation_id="credential_share_choices", tags=["credentials"], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request, code: str) -> Response:
        record, document, _holder = self._asked(request, code)
        told = [{"place": way_text(way), "label": label, "says": says} for way, label, says in choices(document)]
        return Response({"credential": record.code, "choices": told})

    @extend_schema(
        operation_id="credential_share",
        tags=["credentials"],
        request=OpenApiTypes.OBJECT,
        responses=OpenApiTypes.OBJECT,
    )
    def post(self, request: Request, code: str) -> Response:
        record, document, holder = self._asked(request, code)
        if not isinstance(request.data, dict):
            raise ValidationError({"show": _("Send the places to show as a list.")})
        form = ShareForm(_told(request.data), document=document, holder=holder)
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        said = {name: form.cleaned_data.get(name, "") for name in ("holder_key", "why")}
        part = actions.share(record, show=form.chosen(), by=request.user, **said)
        return Response({"format": "vc+sd-jwt", "credential": part}, status=status.HTTP_201_CREATED)

    def _asked(self, request: Request, code: str) -> tuple[Credential, dict[str, Any], bool]:
        if not request.user.is_authenticated:
            raise NotAuthenticated
        record, holder = find(request.user, code)
        document = _open(record)
        if record.learner is not None:
            sights.note(request.user, [record.learner], "api", ("results",))
        return record, document, holder


def _told(data: dict[str, Any]) -> dict[str, Any]:
    show = data.get("show", [])
    if not isinstance(show, list) or not all(isinstance(place, str) for place in show):
        raise ValidationError({"show": _("Send the places to show as a list.")})
    return {"show": show, "holder_key": str(data.get("holder_key") or ""), "why": str(data.get("why") or "")}
