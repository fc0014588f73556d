"""The REST face of every desk: the same rows, filters, forms, deeds and refusals as its pages.

GET lists (`results`, `next`, `previous` cursors), GET one, POST adds, PATCH edits (send `revision` to be told of
a stale edit), DELETE, POST `<key>/<deed>/`, GET `<key>/history/`. Errors have one shape:
{"error": {"code", "message", "fields"}}.
"""

from __future__ import annotations

import io
import json
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.db import models
from django.http import Http404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, serializers, status
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.json import strict_constant
from rest_framework.views import APIView, exception_handler

from sunmao.kernel import busy, changes
from sunmao.kernel.cells import machine, typed
from sunmao.kernel.desk import Desk, desk_of, registry
from sunmao.kernel.errors import NotAllowed, shape
from sunmao.kernel.fields import TextsField
from sunmao.kernel.forms import form_for, take_json
from sunmao.kernel.listing import Listing, tell_seen
from sunmao.kernel.pages import do
from sunmao.kernel.text import plain_line, storable


def data_of(desk: Desk, record: Any, user: Any, face: str = "api") -> dict[str, Any]:
    """Return the JSON of one record: identity, form fields and shown values, hidden relations as null. The record's
    desk is told who saw it, unless `face` is blank because the caller tells of many at once."""
    if face:
        tell_seen(desk, user, [record], names_of(desk), face)
    out: dict[str, Any] = {
        "code": record.key, "uid": str(record.uid), "revision": record.revision,
        "updated_at": record.updated_at.isoformat(),
    }  # fmt: skip
    for name in names_of(desk):
        value = desk.shown.get(name) or desk._value(name)
        raw = typed(value, record)
        target = desk_of(raw) if isinstance(raw, models.Model) else None
        out[name] = None if target is not None and not target.policy.sees(user, raw) else machine(raw)
    return out


def serializer_of(desk: Desk) -> type[serializers.Serializer]:
    """Return the shape of a desk's JSON for the schema."""
    fields: dict[str, Any] = {
        "code": serializers.CharField(read_only=True), "uid": serializers.UUIDField(read_only=True),
        "revision": serializers.IntegerField(required=False), "updated_at": serializers.DateTimeField(read_only=True),
    }  # fmt: skip
    for name in names_of(desk):
        column = desk.fields.get(name)
        kind: Any = serializers.JSONField
        extra: dict[str, Any] = {}
        if column is None:
            extra["read_only"] = True
        elif isinstance(column, TextsField):
            kind, extra["child"] = serializers.DictField, serializers.CharField()
        elif isinstance(column, models.BooleanField):
            kind = serializers.BooleanField
        elif isinstance(column, models.IntegerField):
            kind = serializers.IntegerField
        elif not isinstance(column, models.JSONField):
            kind = serializers.CharField
        if column is not None:
            extra.update(required=not column.blank, help_text=str(column.help_text))
        fields[name] = kind(**extra)
    return type(f"{type(desk).__name__.removesuffix('Desk')}", (serializers.Serializer,), fields)


def names_of(desk: Desk) -> tuple[str, ...]:
    """Return the names under which a desk's records give their values."""
    return tuple(dict.fromkeys((*desk.columns, *desk.facts, *desk.form)))


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = _lazy("The body is larger than this interface takes.")
    default_code = "too-large"


def _limited(stream: Any) -> bytes:
    """Return the whole body, refused where it is larger than a page's form may be."""
    data = bytes(stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    if len(data) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise TooLarge
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(_("A name stands twice in one object."))
    return found


class Json(JSONParser):
    """Reads JSON of a limited size; a name that stands twice is refused, since one of its values would be lost."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return json.loads(_limited(stream).decode(), parse_constant=strict_constant, object_pairs_hook=_once)
        except ValueError as error:
            raise exceptions.ParseError(_("This is not JSON: %(why)s") % {"why": error}) from error


class Form(FormParser):
    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return super().parse(io.BytesIO(_limited(stream)), media_type, parser_context)


class DeskView(APIView):
    """What the views of one desk share."""

    desk: Any = None
    parser_classes = (Json, Form, MultiPartParser)

    def record(self, key: str) -> Any:
        try:
            return self.desk.model.find(self.desk.rows(self.request.user), key)
        except self.desk.model.DoesNotExist as error:
            self.say_what_is_lacking()
            raise Http404 from error

    def say_what_is_lacking(self) -> None:
        if need := self.desk.policy.lacks(self.request.user):
            raise NotAllowed(need)

    def require(self, verb: str, record: Any = None) -> None:
        if not self.desk.may(self.request.user, verb, record):
            self.say_what_is_lacking()
            if verb == "see":
                raise Http404
            raise NotAllowed(verb)

    def body(self) -> dict[str, Any]:
        """Return what was sent as an object; refused where it is none, or holds what cannot be kept."""
        try:
            data = self.request.data
        except RecursionError as error:
            raise exceptions.ParseError(_("Send an object that is not nested so deeply.")) from error
        if not isinstance(data, dict):
            raise exceptions.ParseError(_("Send an object with the fields as names."))
        found = dict(data.items())
        if not storable(list(found)):
            raise exceptions.ParseError(_("It holds characters that cannot be kept."))
        broken = [name for name, value in found.items() if not storable(value)]
        if broken:
            raise ValidationError({name: _("It holds characters that cannot be kept.") for name in broken})
        return found

    def refuse_unknown(self, data: dict[str, Any], known: set[str]) -> None:
        unknown = sorted(set(data) - known - {"revision", "why"})
        if unknown:
            raise ValidationError({name: _("There is no such field.") for name in unknown})

    def keep(self, record: Any, data: dict[str, Any], verb: str) -> Any:
        self.refuse_unknown(data, set(self.desk.fields))
        made = form_for(self.desk, self.request.user)
        adding = record is None
        instance = self.desk.model() if adding else record
        if not adding:
            for name in self.desk.fields:
                data.setdefault(name, getattr(record, name))
        form = made({k: v for k, v in data.items() if v is not None}, self.request.FILES, instance=instance)
        take_json(form)
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        self.require(verb, form.instance)
        with changes.together():
            form.keep_files(self.request.user)
            return self.desk.write(
                form.instance, by=self.request.user, why=plain_line(form.cleaned_data.get("why") or data.get("why")),
                seen=form.cleaned_data.get("revision"),
            )  # fmt: skip


class ListView(DeskView):
    def refuse_strange_filters(self, request: Request) -> None:
        """Refuse a misspelt filter: left aside, it would answer with rows that were not asked for."""
        filters = tuple(self.desk.filterset_class.base_filters)
        strange = set(request.query_params) - {*filters, "q", "sort", "size", "after", "before"}
        if strange:
            says = _("There is no such filter. Filters: %(names)s.") % {"names": ", ".join(("q", *filters))}
            raise ValidationError(dict.fromkeys(sorted(strange), says))

    def get(self, request: Request) -> Response:
        self.require("see")
        self.refuse_strange_filters(request)
        size = request.query_params.get("size", "50")
        listing = Listing(
            self.desk,
            request.user,
            request.query_params,
            int(size) if size.isdecimal() and len(size) < 4 and 0 < int(size) <= 500 else 50,
        )
        page = listing.page()
        tell_seen(self.desk, request.user, page, names_of(self.desk), "api")
        rows = [data_of(self.desk, row, request.user, "") for row in page]
        if listing.errors:
            raise ValidationError(dict(listing.errors))
        found, more = listing.count()
        return Response(
            {
                "count": found,
                "more": more,
                "next": listing.next,
                "previous": listing.previous,
                "results": rows,
            }
        )

    def post(self, request: Request) -> Response:
        self.require("add")
        saved = self.keep(None, self.body(), "add")
        return Response(data_of(self.desk, saved, request.user), status=status.HTTP_201_CREATED)


class RecordView(DeskView):
    def get(self, request: Request, key: str) -> Response:
        record = self.record(key)
        self.require("see", record)
        return Response(data_of(self.desk, record, request.user))

    def patch(self, request: Request, key: str) -> Response:
        record = self.record(key)
        self.require("edit", record)
        saved = self.keep(record, self.body(), "edit")
        return Response(data_of(self.desk, saved, request.user))

    def delete(self, request: Request, key: str) -> Response:
        record = self.record(key)
        self.require("delete", record)
        self.desk.remove(record, by=request.user, why=plain_line(request.query_params.get("why")))
        return Response(status=status.HTTP_204_NO_CONTENT)


class DeedView(DeskView):
    deed_name = ""

    def post(self, request: Request, key: str) -> Response:
        record = self.record(key)
        deed = self.desk.deed(self.deed_name)
        if deed is None:
            raise Http404
        self.require(deed.name, record)
        deed.ask_binding(request.user)
        data = self.body()
        form = deed.form(data, request.FILES, record=record, person=request.user)
        self.refuse_unknown(data, set(form.fields))
        take_json(form)
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        after = do(deed, self.desk, record, form.cleaned_data, by=request.user)
        target = desk_of(after) or self.desk
        return Response(data_of(target, after, request.user))


class HistoryView(DeskView):
    def get(self, request: Request, key: str) -> Response:
        record = self.record(key)
        self.require("history", record)
        tell_seen(self.desk, request.user, [record], names_of(self.desk), "history")
        told = self.desk.policy.told(request.user, record, changes.history(record))
        rows = told.select_related("values_held")[:500]
        return Response({"results": [
            {"uid": str(row.uid), "at": row.at.isoformat(), "actor": row.actor, "deed": row.deed, "why": row.why,
             "position": row.position,
             "values": {k: {"before": v["before"], "after": v["after"]}
                        for k, v in (row.values_held.values.items() if hasattr(row, "values_held") else ())}}
            for row in rows
        ]})  # fmt: skip


def _how() -> dict[str, str]:
    """Return how the interface is used, in the reader's language."""
    return {
        "GET /api/<desk>/": _(
            "Rows, filtered by the names of the list's page; q searches, sort orders, size limits (500 at most). "
            "`next` and `previous` are cursors: send them as after and before."
        ),
        "GET /api/<desk>/<code>/": _("One record; its history under history/."),
        "POST /api/<desk>/": _("Adds a record. PATCH edits one (send `revision` to be told of a stale edit)."),
        "POST /api/<desk>/<code>/<deed>/": _("Does a deed with what it asks for, as the button on the page does."),
        "Authorization: Bearer <token>": _("Says who asks. Without it you see what is public."),
        "errors": _('One shape: {"error": {"code", "message", "fields"}}, the message in the language asked for.'),
    }


class RootView(APIView):
    """Where to go from here: how the interface is used, and the desks this person may list."""

    def get(self, request: Request) -> Response:
        found = {
            item.slug: request.build_absolute_uri(f"/api/{item.slug}/")
            for item in registry.by_slug.values() if item.may(request.user, "see")
        }  # fmt: skip
        others = {name: request.build_absolute_uri(f"/api/{name}/") for name in ("schema", "figures", "verify")}
        return Response({"how": _how(), "desks": found, **others})


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Put every refusal in the one error shape; a Django ValidationError is never a 500."""
    if isinstance(error, changes.Stale):
        desk = desk_of(error.theirs)
        body = shape(error)
        if desk:
            body["error"]["theirs"] = data_of(desk, error.theirs, context["request"].user)
        return Response(body, status=status.HTTP_409_CONFLICT)
    if isinstance(error, ValidationError):
        return Response(shape(error), status=status.HTTP_422_UNPROCESSABLE_ENTITY)
    if busy.is_busy(error):
        return Response(shape(busy.words(), "busy"), status=503, headers={"Retry-After": busy.RETRY_AFTER})
    if isinstance(error, NotAllowed):
        signed_in = context["request"].user.is_authenticated
        message, code = (_("You may not do this here.") if signed_in else _("Sign in first.")), "not-allowed"
        if signed_in and error.need == "second-factor":
            message, code = _("This needs a sign-in with a second factor."), "second-factor"
        return Response(shape(message, code), status=403 if signed_in else 401)
    if isinstance(error, RequestDataTooBig):
        error = TooLarge()
    found = exception_handler(error, context)
    if found is not None:
        detail = found.data.get("detail") if isinstance(found.data, dict) else None
        code = getattr(detail, "code", "invalid").replace("_", "-")  # as the pages write their codes
        found.data = shape(str(detail or _("The request could not be read.")), code)
    return found


def _own(method: Any) -> Any:
    """Return a method of its own for one desk: `extend_schema` writes onto the function it is given."""

    def asked(self: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        return method(self, request, *args, **kwargs)  # type: ignore[no-any-return]

    asked.__name__, asked.__doc__ = method.__name__, method.__doc__
    return asked


def _described(desk: Desk) -> dict[str, Any]:
    shape_of = serializer_of(desk)
    words = [OpenApiParameter("q", str, description="Words or code"), OpenApiParameter("sort", str, enum=desk.sorts()),
             OpenApiParameter("after", str), OpenApiParameter("before", str), OpenApiParameter("size", int)]  # fmt: skip
    words += [OpenApiParameter(name, str) for name in desk.filterset_class.base_filters]
    title = type(desk).__name__.removesuffix("Desk")
    listing = type(f"{title}Page", (serializers.Serializer,), {
        "count": serializers.IntegerField(), "more": serializers.BooleanField(), "next": serializers.CharField(allow_null=True),
        "previous": serializers.CharField(allow_null=True), "results": shape_of(many=True),
    })  # fmt: skip
    tag: dict[str, Any] = {"tags": [desk.slug]}
    one = type(f"{title}RecordView", (RecordView,), {
        "get": extend_schema(operation_id=f"{desk.slug}_one", responses=shape_of, **tag)(_own(RecordView.get)),
        "patch": extend_schema(operation_id=f"{desk.slug}_edit", request=shape_of, responses=shape_of, **tag)(_own(RecordView.patch)),
        "delete": extend_schema(operation_id=f"{desk.slug}_delete", responses={204: None}, **tag)(_own(RecordView.delete)),
    })  # fmt: skip
    many = type(f"{title}ListView", (ListView,), {
        "get": extend_schema(operation_id=f"{desk.slug}_list", parameters=words, responses=listing, **tag)(_own(ListView.get)),
        "post": extend_schema(operation_id=f"{desk.slug}_add", request=shape_of, responses={201: shape_of}, **tag)(_own(ListView.post)),
    })  # fmt: skip
    return {"many": many, "one": one, "shape": shape_of, "tag": tag}


def urls() -> list[URLPattern]:
    """Return the REST addresses of all installed desks."""
    found = [path("api/", extend_schema(exclude=True)(RootView).as_view(), name="api-root")]
    for desk in registry.by_slug.values():
        made = _described(desk)
        found.append(path(f"api/{desk.slug}/", made["many"].as_view(desk=desk)))
        found.append(path(f"api/{desk.slug}/<str:key>/", made["one"].as_view(desk=desk)))
        history: Any = type(f"{type(desk).__name__}HistoryView", (HistoryView,), {
            "get": extend_schema(operation_id=f"{desk.slug}_history", responses=OpenApiTypes.OBJECT, **made["tag"])(_own(HistoryView.get))
        })  # fmt: skip
        found.append(path(f"api/{desk.slug}/<str:key>/history/", history.as_view(desk=desk)))
        for deed in desk.deeds:
            described = extend_schema(
                operation_id=f"{desk.slug}_{deed.name}", request=OpenApiTypes.OBJECT, responses=made["shape"],
                **made["tag"],
            )(_own(DeedView.post))  # fmt: skip
            view: Any = type(f"{type(desk).__name__}{deed.name}View", (DeedView,), {"post": described})
            found.append(path(f"api/{desk.slug}/<str:key>/{deed.name}/", view.as_view(desk=desk, deed_name=deed.name)))
    return found
