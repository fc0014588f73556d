"""The record that another is a part of, such as the agreement of a clause: the way up from its page, and the place to
go back to once a part is added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.text import capfirst

from sunmao.kernel.cells import Link
from sunmao.kernel.desk import Desk, desk_of, registry
from sunmao.kernel.models import StoredFile


def link_up(desk: Desk) -> str:
    """Return the field that holds the record above: the first named by form and facts. Empty where the desk stands in
    the menu: its records stand by themselves."""
    if any(desk in items for label, items in registry.groups if label):
        return ""
    for name in (*desk.form, *desk.facts):
        column = desk.fields.get(name) or getattr(desk.shown.get(name), "field", None)
        if isinstance(column, models.ForeignKey) and column.related_model is not StoredFile:
            return name if desk_of(column.related_model) else ""  # type: ignore[arg-type]
    return ""


def way_up(record: Any) -> list[Any]:
    """Return the crumbs of a record the person sees: the list it stands in, and its own page."""
    found = desk_of(record) if record is not None else None
    return [Link(capfirst(found.plural), found.list_url()), record] if found else []


def given_above(desk: Desk, user: Any, given: Mapping[str, str]) -> Any:
    """Return the record above that the link to a form names, if this person sees it."""
    name = link_up(desk)
    target = desk_of(desk.meta.get_field(name).related_model) if name and given.get(name) else None  # type: ignore[arg-type]
    if target is None:
        return None
    try:
        return target.model.find(target.rows(user), given[name])
    except target.model.DoesNotExist:
        return None


def way_back(desk: Desk, above: Any) -> str:
    """Return the address of the part of the page above in which records of `desk` stand."""
    upper = desk_of(above)
    assert upper is not None
    part = next((part.name for part in upper.parts if desk.slug in (part.desk, part.name)), "")
    return upper.url(above) + (f"#{part}" if part else "")
