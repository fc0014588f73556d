"""The pages of every desk: list, record, add, edit, deed. One small class each
(delete, history, file, picking and saving a view are in `side_pages`).

A page asks `may()` before it shows a form and again with what the form made. Hidden and absent answer alike
(404); visible but not allowed is 403.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import CharField, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views import View

from sunmao.kernel import changes, clock, filtering
from sunmao.kernel import desk as desks
from sunmao.kernel.above import given_above, link_up, way_back, way_up
from sunmao.kernel.cells import Link, cell, in_language, name_by, sentences, show, told, typed, unknown, withheld
from sunmao.kernel.cells import names as names_of_rows
from sunmao.kernel.desk import Desk, Part, Value
from sunmao.kernel.errors import NotAllowed, add_errors
from sunmao.kernel.forms import RecordForm, form_for
from sunmao.kernel.listing import Listing, seen_ids, tell_seen
from sunmao.kernel.models import SavedView, StoredFile
from sunmao.kernel.prepared import Given, Prepared

BUTTONS = 3  # so many deeds stand beside a title; of more than these, all but two are folded away
UNSTATED = 5  # so many facts without a value are shown; the names of the others are folded away


class Page(View):
    """A page of one desk; subclasses say the verb that must be allowed."""

    verb = "see"
    face = "record"  # what a watched record's desk is told of who saw it

    def setup(self, request: HttpRequest, *args: Any, slug: str, key: str = "", **kwargs: Any) -> None:
        super().setup(request, *args, slug=slug, key=key, **kwargs)
        found = desks.desk(slug)
        if found is None:
            raise Http404
        self.desk: Desk = found
        self.user: Any = request.user
        self.record: Any = self._record(key) if key else None

    def _record(self, key: str) -> Any:
        try:
            return self.desk.model.find(self.desk.rows(self.user), key)
        except self.desk.model.DoesNotExist as error:
            self.say_what_is_lacking()
            raise Http404 from error

    def say_what_is_lacking(self) -> None:
        if need := self.desk.policy.lacks(self.user):
            raise NotAllowed(need)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.require(self.verb, self.record)
        if self.record is not None:
            tell_seen(self.desk, self.user, [self.record], self.desk.facts or self.desk.columns, self.face)
        return super().dispatch(request, *args, **kwargs)

    def require(self, verb: str, record: Any) -> None:
        if not self.desk.may(self.user, verb, record):
            self.say_what_is_lacking()
            if verb == "see":
                raise Http404
            raise NotAllowed(verb)

    def context(self, **more: Any) -> dict[str, Any]:
        base = {"desk": self.desk, "record": self.record, "today": clock.today()}
        if self.record is not None:
            base["title"] = in_language(*self.record.title_texts().best())
            base["url"] = self.desk.url(self.record)
        return {**base, **more}


def table_rows(desk: Desk, user: Any, rows: list[Any], columns: tuple[str, ...] = (), face: str = "list") -> SafeString:
    """Return the body of a list's table. Built in Python: a template loop costs five times as much."""
    names = columns or desk.columns
    tell_seen(desk, user, rows, names, face)
    values = [desk.shown.get(name) or desk._value(name) for name in names]
    allowed = seen_ids(desk, user, rows, tuple(value.name for value in values if value.name in desk.shown))

    def drawn(value: Value, draw: Callable[[Any], str]) -> Callable[[Any], str]:
        """Return what draws this value of a row, and withholds a record that the person does not see."""
        if value.name not in allowed:
            return draw
        attname, seen = value.field.attname, allowed[value.name]  # type: ignore[union-attr]
        return lambda row: draw(row) if getattr(row, attname) in seen else withheld()

    first = values[0]
    title = drawn(first, names_of_rows() if first.name == "title" else name_by(first) or cell(first))
    rest = [(f'<td data-l="{capfirst(str(value.label))}">', drawn(value, cell(value))) for value in values[1:]]
    base, has_code = f"/{desk.slug}/", bool(desk.model.CODE)
    out: list[str] = []
    for row in rows:
        sub = f'<span class="sub code">{row.code}</span>' if has_code else ""
        out.append(f'<tr><th scope="row"><a href="{base}{row.key}/">{title(row)}</a>{sub}</th>')
        out += [f"{head}{draw(row)}</td>" for head, draw in rest]
        out.append("</tr>")
    return mark_safe("".join(out))


views_of = Prepared(
    lambda: SavedView.objects.filter(
        Q(shared=True) | Q(owner=Given("owner", CharField())), desk=Given("desk", CharField())
    ).order_by("name").values("name", "query")
)  # fmt: skip


class ListPage(Page):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        listing = Listing(self.desk, self.user, request.GET)
        rows = listing.page(lean=True)
        context = self.context(
            listing=listing,
            rows=table_rows(self.desk, self.user, rows),
            empty=not rows,
            heading=capfirst(self.desk.plural),
            counted=_("%(n)s records as of %(day)s") % {"n": listing.count_text(), "day": date_format(clock.today())},
            add=_("Add %(kind)s") % {"kind": self.desk.name},
            heads=self._heads(listing),
            filters=filtering.drawn(listing),
            chosen=filtering.chosen(listing),
            views=self._views(),
            may_add=bool(self.desk.form) and self.desk.may(self.user, "add"),
            may_import=self.desk.may(self.user, "import"),
            export=listing.query(),
            previous=listing.previous and listing.query(before=listing.previous),
            next=listing.next and listing.query(after=listing.next),
        )
        return render(request, "kernel/list.html", context)

    def _heads(self, listing: Listing) -> SafeString:
        """Return the heads of the table, those to sort by as links."""
        heads, orders = [], {item.removeprefix("-") for item in self.desk.order}
        sort, arrow = ("descending", "↓") if listing.down else ("ascending", "↑")
        for name in self.desk.columns:
            value = self.desk.shown[name]
            label, on = escape(capfirst(str(value.label))), value.order == listing.column
            if value.order not in orders:
                heads.append(f'<th scope="col">{label}</th>')
                continue
            turn = f"-{value.order}" if on and not listing.down else value.order
            link = f'<a href="{escape(listing.query(sort=turn))}">{label}</a>'
            state = f' aria-sort="{sort}"' if on else ""
            mark = f' <span aria-hidden="true">{arrow}</span>' if on else ""
            heads.append(f'<th scope="col"{state}>{link}{mark}</th>')
        return mark_safe("".join(heads))

    def _views(self) -> list[Any]:
        """Return the person's own views of this list and those shared."""
        key = getattr(self.user, "actor_key", "")
        return views_of(owner=key, desk=self.desk.slug) if key else []


class RecordPage(Page):
    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        may_history = self.desk.may(self.user, "history", self.record)
        history = self.desk.policy.told(self.user, self.record, changes.history(self.record)) if may_history else None
        facts, unstated = self._facts()
        context = self.context(
            where=self.desk.where(self.record, self.user),
            tags=[show(item) for item in self.desk.tags(self.record)],
            others=[in_language(*pair) for pair in self.record.title_texts().others()][:4],
            facts=facts,
            unstated=unstated,
            up=way_up(next((fact["raw"] for fact in facts if fact["name"] == link_up(self.desk)), None)),
            parts=[part for item in self.desk.parts if (part := self._part(item))],
            panels=self._panels(),
            acts=self._acts(),
            history=None if history is None else history[:3],
            changes_count=0 if history is None else history.count(),
        )
        return render(request, "kernel/record.html", context)

    def _acts(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return what may be done to the record, as buttons and folded away: deeds, edit, what is grave, delete."""
        deeds = self.desk.deeds_for(self.user, self.record)
        names = [(f"do/{deed.name}", deed.label, deed.danger, True) for deed in deeds]
        names += [
            (verb, label, False, False)
            for verb, label in (("edit", _("Edit")), ("delete", _("Delete")))
            if self.desk.may(self.user, verb, self.record)
        ]
        names.sort(key=lambda act: 3 if act[0] == "delete" else 2 if act[2] else 1 if act[0] == "edit" else 0)
        acts = [
            {"url": self.desk.url(self.record, then), "label": label, "danger": danger, "deed": deed}
            for then, label, danger, deed in names
        ]
        shown = len(acts) if len(acts) <= BUTTONS else BUTTONS - 1
        return acts[:shown], acts[shown:]

    def _facts(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return the facts to show and those without a value that are folded away, in the order of the desk."""
        remarks = self.desk.remarks(self.record, self.user)
        facts: list[dict[str, Any]] = []
        unstated: list[dict[str, Any]] = []
        nothing = unknown()
        for name in self.desk.facts:
            value = self.desk.shown[name]
            raw = typed(value, self.record)
            if isinstance(raw, StoredFile):
                shown = format_html('<a href="{}">{}</a>', self.desk.url(self.record, f"files/{name}"), raw.name)
            elif self._withholds(value, raw):
                raw, shown = None, withheld()
            else:
                shown = show(raw)
            seen = raw if shown != nothing else None
            fact = {"name": name, "label": value.label, "value": shown, "raw": seen, "remarks": remarks.get(name, ())}
            if shown == nothing and not fact["remarks"] and sum(item["value"] == nothing for item in facts) >= UNSTATED:
                unstated.append(fact)
            else:
                facts.append(fact)
        return (facts, unstated) if len(unstated) > 1 else (facts + unstated, [])

    def _withholds(self, value: Value, raw: Any) -> bool:
        """True where a fact names a record that the person does not see, or names none but could name a hidden one."""
        named = value.field.related_model if raw is None and value.field is not None else raw
        target = desks.desk_of(named)  # type: ignore[arg-type]
        if target is None or target.policy.everyone:
            return False
        return raw is None or not target.policy.sees(self.user, raw)

    def _part(self, part: Part) -> dict[str, Any] | None:
        drawn: dict[str, Any] = {"part": part, "name": part.name, "label": part.label, "hint": part.hint}
        if part.template:
            context = part.context(self.record, self.user) if part.context else {}
            if context.get("hidden"):
                return None
            return {**drawn, "template": part.template, "count": context.get("count"), "context": context}
        other = desks.registry.by_slug[part.desk]
        rows = list(other.rows(self.user).filter(**{part.link: self.record.pk}).order_by(*other.order, "id")[:200])
        columns = told(other, rows, part.columns or tuple(n for n in other.columns if n != part.link))
        may_add = other.may(self.user, "add", other.model(**{part.link: self.record}))
        return {
            **drawn,
            "rows": table_rows(other, self.user, rows, columns, self.face),
            "heads": [(other.shown.get(name) or other._value(name)).label for name in columns],
            "count": len(rows),
            "add": f"{other.list_url()}add/?{part.link}={self.record.key}" if may_add else "",
            "other": other,
        }

    def _panels(self) -> list[dict[str, Any]]:
        found = [panel(self.record, self.user) for panel in desks.registry.panels.get(self.desk.slug, ())]
        return [panel for panel in found if panel]


class FormPage(Page):
    """Add and edit."""

    verb = face = "edit"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.record is None:
            self.verb = "add"

    def form(self, data: Any = None, uploads: Any = None) -> RecordForm:
        instance = self.record if self.record is not None else self.desk.model()
        given = {k: str(v) for k, v in self.request.GET.items() if k in self.desk.fields}
        initial = {**self.desk.begin(self.user, given), **given} if self.record is None else {}
        return form_for(self.desk, self.user)(data, uploads, instance=instance, initial=initial)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.draw(self.form())

    def draw(self, form: Any, status: int = 200, **more: Any) -> HttpResponse:
        above = given_above(self.desk, self.user, self.request.GET) if self.record is None else None
        context = self.context(form=form, adding=self.record is None, up=way_up(above), **more)
        return render(self.request, "kernel/form.html", context, status=status)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.draw(form, 422)
        self._take_theirs(form)
        self.require(self.verb, form.instance)
        try:
            with changes.together():
                form.keep_files(self.user)
                saved = self.desk.write(
                    form.instance, by=self.user, why=form.cleaned_data.get("why") or "",
                    seen=form.cleaned_data.get("revision"),
                )  # fmt: skip
        except changes.Stale as stale:
            return self._compare(form, stale)
        except ValidationError as error:
            add_errors(form, error)
            return self.draw(form, 422)
        messages.info(request, _("%(name)s is kept.") % {"name": saved})
        above = given_above(self.desk, self.user, request.GET) if self.record is None else None
        return HttpResponseRedirect(way_back(self.desk, above) if above is not None else self.desk.url(saved))

    def _take_theirs(self, form: RecordForm) -> None:
        """Take the other person's value of each field for which theirs was chosen."""
        if self.record is None:
            return
        stored = self.desk.model._base_manager.get(pk=self.record.pk)
        for name in self.desk.fields:
            if self.request.POST.get(f"keep_{name}") == "theirs":
                setattr(form.instance, name, getattr(stored, name))

    def _compare(self, form: RecordForm, stale: changes.Stale) -> HttpResponse:
        differing = []
        for name, column in self.desk.fields.items():
            mine, theirs = getattr(stale.mine, name), getattr(stale.theirs, name)
            if mine != theirs:
                differing.append(
                    {"name": name, "label": column.verbose_name, "mine": show(mine), "theirs": show(theirs)}
                )
        data: Any = form.data.copy()  # type: ignore[attr-defined]
        data["revision"] = str(stale.theirs.revision)
        form.data = data
        last = changes.history(stale.theirs).first()
        return self.draw(form, 409, differing=differing, last=last, stale=sentences(stale.messages))


class DeedPage(Page):
    """A deed has its own page: what will happen, who will see it, what it asks, then the button."""

    face = "deed"

    def setup(self, request: HttpRequest, *args: Any, slug: str, key: str = "", deed: str = "", **kwargs: Any) -> None:
        super().setup(request, *args, slug=slug, key=key, deed=deed, **kwargs)
        found = self.desk.deed(deed)
        if found is None:
            raise Http404
        self.deed, self.verb = found, deed

    def form(self, *data: Any) -> Any:
        return self.deed.form(*data, record=self.record, person=self.user)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if self.deed.when(self.record):
            self.deed.ask_binding(self.user)
        return self.draw(self.form())

    def draw(self, form: Any, status: int = 200) -> HttpResponse:
        ready = self.deed.when(self.record)
        where = self.desk.where(self.record, self.user)
        context = self.context(form=form, deed=self.deed, ready=ready, where=where)
        return render(self.request, "kernel/deed.html", context, status=status if ready else 409)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.deed.ask_binding(self.user)
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.draw(form, 422)
        try:
            after = do(self.deed, self.desk, self.record, form.cleaned_data, by=self.user)
        except ValidationError as error:
            add_errors(form, error)
            return self.draw(form, 422)
        target = desks.desk_of(after) or self.desk
        done = _("Done: %(deed)s.") % {"deed": self.deed.label}
        if not self.deed.stays or after == self.record:
            messages.info(request, done)
            return HttpResponseRedirect(target.url(after))
        made = Link(_("Open: %(kind)s") % {"kind": target.name}, target.url(after))  # no name: a cookie may hold it
        messages.info(request, sentences([done, show(made)]))
        return HttpResponseRedirect(self.desk.url(self.record))


def do(deed: desks.Deed, desk: Desk, record: Any, asked: dict[str, Any], *, by: Any) -> Any:
    """Do a deed for page, REST and command line alike: rule, binding check, state, then the action."""
    if not desk.may(by, deed.name, record):
        raise NotAllowed(deed.name)
    deed.ask_binding(by)
    if not deed.when(record):
        raise ValidationError(
            _("The record's state does not allow “%(deed)s” now.") % {"deed": deed.label}, code="state"
        )
    with changes.together():
        return deed.act(record, by=by, **asked) or record
