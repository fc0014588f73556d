"""The filters above a list, and those in force. Drawn in Python: Django's form fields go through a template per
option, which costs more than the rest of the page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any

import django_filters
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sunmao.kernel.desk import YES_NO
from sunmao.kernel.listing import Listing

SHOWN = 4  # so many filters stand in the row, the others under "More filters"
TYPED = {django_filters.CharFilter: "text", django_filters.NumberFilter: "number"}


def drawn(listing: Listing) -> SafeString:
    """Draw the first filters in the row, the rest under "More filters"."""
    filters = listing.desk.filterset_class.base_filters
    language = get_language() or ""
    parts = [
        f"<div>{_label(language, name, found)}{_field(listing, name, found)}</div>" for name, found in filters.items()
    ]
    row, more = parts[:SHOWN], parts[SHOWN:]
    if more:
        opened = " open" if any(name in listing.active for name in list(filters)[SHOWN:]) else ""
        inner = mark_safe("".join(more))
        row.append(format_html(
            '<details{}><summary>{}</summary><div class="filters">{}</div></details>', opened, _("More filters"), inner
        ))  # fmt: skip
    return mark_safe("".join(row))


def chosen(listing: Listing) -> list[dict[str, str]]:
    """Return what the list is narrowed by: label, value in words, and where it leads to take it off."""
    found = []
    if listing.words:
        found.append({"label": _("Words"), "value": listing.words, "url": listing.query(q=None)})
    for name, value in listing.active.items():
        given = listing.desk.filterset_class.base_filters[name]
        words = next((str(label) for code, label in _choices(given) or () if str(code) == value), value)
        found.append({"label": str(given.label), "value": words, "url": listing.query(**{name: None})})
    return found


def _choices(found: django_filters.Filter) -> Iterable[tuple[Any, Any]] | None:
    """Return the values to choose from and their words; None where the filter takes any text."""
    if isinstance(found, django_filters.BooleanFilter):
        return YES_NO
    if not isinstance(found, django_filters.ChoiceFilter):
        return None
    choices = found.extra.get("choices", ())
    return [("", found.extra.get("empty_label", "")), *(choices() if callable(choices) else choices)]


@lru_cache(maxsize=1000)
def _label(_language: str, name: str, found: django_filters.Filter) -> str:
    return format_html('<label for="id_{}">{}</label>', name, capfirst(str(found.label)))


@lru_cache(maxsize=1000)
def _fixed(language: str, found: django_filters.Filter) -> str:
    """Draw the choices of a filter that are the same every time."""
    return _options(language, tuple(_choices(found) or ()))


@lru_cache(maxsize=200)
def _options(_language: str, choices: tuple[tuple[Any, Any], ...]) -> str:
    """Draw choices, none of them taken, in the language in force."""
    return "".join(f'<option value="{escape(str(code))}">{escape(str(label))}</option>' for code, label in choices)


def _field(listing: Listing, name: str, found: django_filters.Filter) -> SafeString:
    """Draw one filter with its value."""
    value = listing.active.get(name, "")
    if isinstance(found, django_filters.BooleanFilter | django_filters.ChoiceFilter):
        language, changing = get_language() or "", callable(found.extra.get("choices"))
        options = _options(language, tuple(_choices(found) or ())) if changing else _fixed(language, found)
        on = f'value="{escape(value)}"'
        return mark_safe(f'<select name="{name}" id="id_{name}">{options.replace(on, f"{on} selected", 1)}</select>')
    kind = TYPED.get(type(found))
    if kind is None:
        form = listing.desk.filterset_class(listing.data or None, queryset=listing.desk.model._base_manager.none()).form
        return SafeString(form[name])
    said = format_html(' value="{}"', value) if value else ""
    return format_html('<input type="{}" name="{}"{} id="id_{}">', kind, name, said, name)
