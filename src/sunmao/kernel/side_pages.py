"""The smaller pages of every desk: delete, history, file, what a half-written name may mean, how a
date being typed will be kept, saving a filtered list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sunmao.kernel import changes, files, logged, search
from sunmao.kernel.cells import sentences, show
from sunmao.kernel.errors import NotAllowed
from sunmao.kernel.forms import WhenFormField, WhenWidget
from sunmao.kernel.listing import Listing, tell_seen
from sunmao.kernel.models import SavedView, StoredFile
from sunmao.kernel.pages import Page
from sunmao.kernel.text import plain_line


class DeletePage(Page):
    verb = "delete"

    def get(self, request: HttpRequest, error: str = "", **kwargs: Any) -> HttpResponse:
        return render(request, "kernel/delete.html", self.context(error=error), status=422 if error else 200)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        name = str(self.record)
        try:
            self.desk.remove(self.record, by=self.user, why=plain_line(request.POST.get("why")))
        except ValidationError as error:
            return self.get(request, error=sentences(error.messages))
        messages.info(request, _("%(name)s is deleted. Its history stays.") % {"name": name})
        return HttpResponseRedirect(self.desk.list_url())


class HistoryPage(Page):
    verb = face = "history"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        told = self.desk.policy.told(self.user, self.record, changes.history(self.record))
        rows = list(told.select_related("values_held")[:500])
        return render(request, "kernel/history.html", self.context(rows=logged.entries(self.desk, self.user, rows)))


class FilePage(Page):
    """A file, only through a record that shows it."""

    def get(self, request: HttpRequest, field: str, **kwargs: Any) -> Any:
        if field not in self.desk.facts and field not in self.desk.fields:
            raise Http404
        found = getattr(self.record, field, None)
        if not isinstance(found, StoredFile) or found.removed_on is not None:
            raise Http404
        return files.respond(found)


class PickPage(Page):
    """What a half-written name may mean: radio buttons for the form that asks."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        name = request.GET.get("name", "")
        text = request.GET.get(name, "").strip()
        rows = list(self.desk.rows(self.user).filter(pk__in=search.within(self.desk, text))[:8]) if text else []
        tell_seen(self.desk, self.user, rows, self.desk.columns[:1], "list")
        return render(request, "kernel/picked.html", {"rows": rows, "name": name, "text": text})


@require_GET
def kept_as(request: HttpRequest) -> HttpResponse:
    """Say how the date in the inputs of `field` will be kept, or what is wrong with it; nothing before it is begun."""
    typed = WhenWidget().value_from_datadict(request.GET, {}, request.GET.get("field", ""))
    try:
        read = WhenFormField(required=False).clean(typed)
    except ValidationError as error:
        return HttpResponse(sentences(error.messages))
    return HttpResponse(format_html(_("Will be kept as: {}"), show(read)) if read else "")


class SaveViewPage(Page):
    """Keep a filtered list under a name, for oneself or for everyone who may see the list."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.query = Listing(self.desk, self.user, request.GET).query().removeprefix("?")

    def get(self, request: HttpRequest, error: str = "", **kwargs: Any) -> HttpResponse:
        if not self.user.is_authenticated:
            raise NotAllowed("sign-in")
        context = self.context(query=self.query, error=error)
        return render(request, "kernel/save_view.html", context, status=422 if error else 200)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not self.user.is_authenticated:
            raise NotAllowed("sign-in")
        name = plain_line(request.POST.get("name"), 80)
        if not name:
            return self.get(request, error=_("Write a name for the view."))
        view = SavedView(
            owner=self.user.actor_key, desk=self.desk.slug, name=name, query=self.query,
            shared=bool(request.POST.get("shared")),
        )  # fmt: skip
        try:
            changes.save(view, by=self.user)
        except ValidationError as error:
            return self.get(request, error=sentences(error.messages))
        return HttpResponseRedirect(f"{self.desk.list_url()}?{self.query}")
