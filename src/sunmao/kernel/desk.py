"""Desk: where people meet a kind of record. One declaration per model; pages, REST, sheets, search, the command
line and the permission checks come from it.

A room writes a subclass of `Desk` with at most the ten attributes below and, where a kind needs more, ordinary
methods: `where` (the sentence that says where the record stands), computed values (a method named in `columns`
or `facts`, marked with `@shows`), `write` (the deed behind add and edit). `install` makes the list of all desks
known; nothing is discovered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import models
from django.utils.translation import gettext_lazy as _

from sunmao.kernel import changes
from sunmao.kernel.errors import NotAllowed
from sunmao.kernel.models import Record
from sunmao.kernel.policy import Policy


def shows(label: Any, *, order: str = "") -> Callable[[Any], Any]:
    """Mark a desk's method `(self, record)` as a computed value with a label and the column it sorts by."""

    def mark(method: Any) -> Any:
        method.label, method.order = label, order
        return method

    return mark


class DeedForm(forms.Form):
    """What a deed asks for. Knows the record and the person, so that choices are limited to visible rows."""

    def __init__(self, *args: Any, record: Any = None, person: Any = None, **kwargs: Any) -> None:
        self.record, self.person = record, person
        super().__init__(*args, **kwargs)


YES_NO = [("", _("any")), ("true", _("yes")), ("false", _("no"))]


def _always(record: Any) -> bool:
    return True


@dataclass(frozen=True)
class Deed:
    """A verb of a record: `act(record, *, by, **what the form asks)` returns the record to go on with.

    `when` says if the record's state allows it at all (who may is the policy's business, under `name`).
    A binding deed (sign, revoke, decide) needs a second factor and a fresh sign-in; `tells` says before the
    button what will happen and who will see it. A deed that `stays` leads its page back to the record it was done on,
    with a link to the one it made.
    """

    name: str
    label: Any
    act: Callable[..., Any]
    form: type[DeedForm] = DeedForm
    when: Callable[[Any], bool] = _always
    tells: Any = ""
    binding: bool = False
    danger: bool = False
    stays: bool = False

    def ask_binding(self, by: Any) -> None:
        """Refuse a binding deed to whoever has not just signed in with a second factor; asked before a form is shown
        or read, so that nobody fills it in vain."""
        if self.binding and not by.may_bind():
            raise NotAllowed("second-factor")


@dataclass(frozen=True)
class Part:
    """A section of a record's page: the rows of another desk whose `link` points to this record, or a template
    of its own fed by `context(record, person) -> dict`."""

    name: str
    label: Any
    desk: str = ""  # slug of the desk whose rows are shown
    link: str = ""  # name of the foreign key that points here
    columns: tuple[str, ...] = ()
    template: str = ""
    context: Callable[[Any, Any], Mapping[str, Any]] | None = None
    hint: Any = ""


@dataclass(frozen=True)
class Value:
    """One thing shown of a record: its name, its label, how to get it, and the database column it sorts by."""

    name: str
    label: Any
    of: Callable[[Any], Any]
    order: str = ""
    field: models.Field[Any, Any] | None = None


@dataclass
class _Registry:
    by_slug: dict[str, Desk] = field(default_factory=dict)
    by_model: dict[type[models.Model], Desk] = field(default_factory=dict)
    groups: list[tuple[Any, list[Desk]]] = field(default_factory=list)
    panels: dict[str, list[Any]] = field(default_factory=dict)


registry = _Registry()


def own_place(user: Any, name: str, *roles: str) -> dict[str, int]:
    """Return the field `name` filled with the one institution where the person holds one of these roles; nothing
    where there are several, or none."""
    seats = user.seats(*roles)
    return {name: next(iter(seats))} if len(seats) == 1 else {}


class Desk:
    """Ten attributes. The first name in `columns` is the record's own title and link."""

    model: ClassVar[type[Record]]
    policy: ClassVar[Policy]
    columns: ClassVar[tuple[str, ...]] = ("title",)
    filters: ClassVar[tuple[str | tuple[str, django_filters.Filter], ...]] = ()
    form: ClassVar[tuple[str, ...]] = ()
    facts: ClassVar[tuple[str, ...]] = ()
    parts: ClassVar[tuple[Part, ...]] = ()
    deeds: ClassVar[tuple[Deed, ...]] = ()
    search: ClassVar[tuple[str, ...]] = ()
    order: ClassVar[tuple[str, ...]] = ("code",)

    def __init__(self) -> None:
        words = re.sub(r"(?<!^)(?=[A-Z])", "-", type(self).__name__.removesuffix("Desk")).lower()
        self.slug = words[:-1] + "ies" if words.endswith("y") else words + "s"
        self.meta = self.model._meta
        self.shown = {name: self._value(name) for name in dict.fromkeys((*self.columns, *self.facts))}
        self.fields = {name: self._field(name) for name in self.form}
        for name in self.order:
            self._field(name.removeprefix("-"))
        self.filterset_class = self._filterset_class()
        self._joined, self.lean = self._with_joins(), self.reads()

    # What a declaration means; a misspelt name fails here, at start-up.

    def _field(self, name: str) -> models.Field[Any, Any]:
        try:
            return self.meta.get_field(name)  # type: ignore[return-value]
        except FieldDoesNotExist as error:
            raise ImproperlyConfigured(f"{type(self).__name__}: {self.meta.label} has no field {name!r}.") from error

    def _value(self, name: str) -> Value:
        method = getattr(self, name, None)
        if callable(method) and hasattr(method, "label"):
            return Value(name, method.label, method, method.order)
        if name == "title" and not any(item.name == "title" for item in self.meta.get_fields()):
            return Value(name, _("name"), str, self.order[0].removeprefix("-"))
        found = self._field(name)
        order = name if not isinstance(found, models.JSONField | models.ForeignKey) else ""
        if name == "title":
            order = self.order[0].removeprefix("-")
        return Value(name, found.verbose_name, lambda record: getattr(record, name), order, found)

    def _filterset_class(self) -> type[django_filters.FilterSet]:
        declared: dict[str, Any] = {}
        for item in self.filters:
            name, given = item if isinstance(item, tuple) else (item, None)
            declared[name] = given or self._filter(name)
            if isinstance(declared[name], django_filters.BooleanFilter):
                declared[name].extra["widget"] = forms.Select(choices=YES_NO)
        meta = type("Meta", (), {"model": self.model, "fields": ()})
        return type(f"{type(self).__name__}Filters", (django_filters.FilterSet,), {**declared, "Meta": meta})

    def _filter(self, name: str) -> django_filters.Filter:
        found = self._field(name)
        label = str(found.verbose_name)
        if found.choices:
            return django_filters.ChoiceFilter(
                field_name=name, choices=found.choices, label=found.verbose_name, empty_label=_("any")
            )
        if isinstance(found, models.BooleanField):
            return django_filters.BooleanFilter(field_name=name, label=label)
        if isinstance(found, models.ForeignKey):
            return django_filters.CharFilter(field_name=f"{name}__code", label=found.verbose_name)
        return django_filters.CharFilter(field_name=name, label=found.verbose_name)

    def _with_joins(self) -> models.QuerySet[Any]:
        joined = [
            value.name for value in self.shown.values()
            if isinstance(value.field, models.ForeignKey) and value.name in self.columns
        ]  # fmt: skip
        return self.all().select_related(*joined) if joined else self.all()

    # Names and addresses

    @property
    def name(self) -> str:
        return str(self.meta.verbose_name)

    @property
    def plural(self) -> str:
        return str(self.meta.verbose_name_plural)

    def list_url(self) -> str:
        return f"/{self.slug}/"

    def url(self, record: Record, then: str = "") -> str:
        base = f"/{self.slug}/{record.key}/"
        return f"{base}{then}/" if then else base

    # Rows and rules

    def all(self) -> models.QuerySet[Any]:
        return self.model._default_manager.all()

    def rows(self, user: Any) -> models.QuerySet[Any]:
        """Return the rows this person may see, with what the list shows of other records joined in."""
        return self.policy.visible(user, self._joined.all())

    def shows_all(self, user: Any) -> bool:
        """True where `rows` leaves out none for this person: the policy gives back what it was given."""
        return type(self).rows is Desk.rows and self.policy.visible(user, self._joined) is self._joined

    def reads(self) -> tuple[str, ...]:
        """Return the columns that the rows of the list are read with, those of joined records as `cohort__title`;
        none: all. Worked out where the list shows plain columns; a desk whose rows say more may name them."""
        if type(self).seen is not Desk.seen or self.all().query.select_related:
            return ()
        found = _named(self.model)
        for value in (self.shown[name] for name in self.columns):
            if value.field is None and value.name != "title":
                return ()
            if isinstance(value.field, models.ForeignKey):
                joined = _named(value.field.related_model)  # type: ignore[arg-type]
                found += (value.name, *(f"{value.name}__{name}" for name in joined)) if joined else ()
                if not joined:
                    return ()
            elif value.field is not None:
                found += (value.name,)
        return found if _named(self.model) else ()

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        """True where the policy allows it; without a form nothing is written by hand or sheet, only by deeds."""
        if verb in ("add", "edit", "import") and not self.form:
            return False
        return self.policy.may(user, verb, record)

    def hides(self, user: Any, record: Any, name: str) -> bool:
        """True where a field of the form names a record that the person may not see: forms and sheets show nothing in
        its place, so that nothing coming back does not take it away."""
        column = self.fields.get(name)
        if not isinstance(column, models.ForeignKey) or getattr(record, column.attname) is None:
            return False
        target = desk_of(column.related_model)  # type: ignore[arg-type]
        return target is not None and not target.policy.sees(user, getattr(record, name))

    def sorts(self) -> tuple[str, ...]:
        """Return the allowed orders of the list: the declared ones, both ways."""
        names = [name.removeprefix("-") for name in self.order]
        return tuple(self.order) + tuple(
            other for name in names for other in (name, f"-{name}") if other not in self.order
        )

    def deed(self, name: str) -> Deed | None:
        return next((deed for deed in self.deeds if deed.name == name), None)

    def deeds_for(self, user: Any, record: Any) -> list[Deed]:
        """Return the deeds that the record's state allows and this person may do."""
        return [deed for deed in self.deeds if deed.when(record) and self.may(user, deed.name, record)]

    def begin(self, user: Any, given: Mapping[str, str]) -> Mapping[str, Any]:
        """Return what the form of a new record is filled with for this person, by field. `given` is what the link that
        led to the form says already: codes by field."""
        return {}

    def next_number(self, user: Any, given: Mapping[str, str], link: str) -> dict[str, int]:
        """Return the next number among the rows of the record that `given` names under `link`; nothing without one."""
        if link not in given:
            return {}
        last = self.rows(user).filter(**{f"{link}__code": given[link]}).aggregate(last=models.Max("number"))["last"]
        return {"number": (last or 0) + 1}

    def write(self, record: Any, *, by: Any, why: str = "", seen: int | None = None) -> Any:
        """Save what a form or a REST call brought; a room with more to do overrides it."""
        return changes.save(record, by=by, why=why, seen=seen)

    def remove(self, record: Any, *, by: Any, why: str = "") -> None:
        changes.delete(record, by=by, why=why)

    def importer(self, user: Any) -> Any:
        """Return what reads sheets into this desk (`kernel.imports.Importer`)."""
        from sunmao.kernel.imports import Importer

        return Importer(self, user)

    def indexed(self, rows: Sequence[Any]) -> Sequence[Any]:
        """Return the records to index when `rows` of this desk's model were written."""
        return rows if self.search else ()

    def seen(self, user: Any, rows: Sequence[Any], face: str, names: Sequence[str] = ()) -> None:
        """Be told which rows a person was shown, by which fields and on which face: list, record, edit, history, deed,
        api, export, command. A room whose rows name persons keeps it; the others have nothing to do."""

    # What a page says beside its fields

    def where(self, record: Any, user: Any) -> Any:
        """Return the sentence that says where the record stands: what is done, what is late, whose turn."""
        return ""

    def tags(self, record: Any) -> Sequence[Any]:
        """Return the states shown behind the title (`kernel.cells.Tag`)."""
        return ()

    def remarks(self, record: Any, user: Any) -> Mapping[str, Sequence[Any]]:
        """Return per fact what it was read from, as links."""
        return {}

    def texts(self, record: Any) -> Iterable[str]:
        """Return the texts a record is found by."""
        for name in self.search:
            value = getattr(record, name)
            if isinstance(value, dict):
                yield from (entry["text"] for entry in value.values())
            elif value:
                yield str(value)


def _named(model: type[models.Model]) -> tuple[str, ...]:
    """Return the columns that a record's address and name come from; none where the model works them out itself."""
    if not issubclass(model, Record) or model.title_texts is not Record.title_texts or model.key is not Record.key:
        return ()
    return (
        *(("code",) if model.CODE else ("uid", "code")),
        *(item.name for item in model._meta.concrete_fields if item.name in ("title", "name")),
    )


def desk_of(record: models.Model | type[models.Model]) -> Desk | None:
    """Return the desk of a record or a model, if it has one."""
    return registry.by_model.get(record if isinstance(record, type) else type(record))


def desk(slug: str) -> Desk | None:
    """Return the desk under a slug."""
    return registry.by_slug.get(slug)


def install(groups: Sequence[tuple[Any, Sequence[Desk]]]) -> None:
    """Make the desks known, in menu order. A group with an empty label is reachable but not in the menu."""
    registry.by_slug.clear()
    registry.by_model.clear()
    registry.groups = [(label, list(desks)) for label, desks in groups]
    for _label, desks in groups:
        for item in desks:
            if item.slug in registry.by_slug or item.model in registry.by_model:
                raise ImproperlyConfigured(f"Two desks for {item.slug} or {item.meta.label}.")
            registry.by_slug[item.slug] = item
            registry.by_model[item.model] = item
    for item in registry.by_slug.values():
        for part in item.parts:
            if part.desk and part.desk not in registry.by_slug:
                raise ImproperlyConfigured(f"{type(item).__name__}: part {part.name!r} names no desk {part.desk!r}.")
