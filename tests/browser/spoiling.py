"""Spoils a page in one place, as a slip in a template would: to see whether what is read of it (situations.py) shows
what axe then finds."""

from __future__ import annotations

import copy
import random
from typing import Any

from lxml import html

KINDS = ("div", "span", "p", "ul", "ol", "li", "dl", "dt", "dd", "a", "button", "label", "td", "th", "h2", "summary")
ATTRIBUTES = {
    "role": ("button", "list", "listitem", "img", "presentation", "nonsense", "checkbox", "row", "tab"),
    "aria-hidden": ("true", "nonsense"), "aria-label": ("", "Nothing of the kind"), "aria-checked": ("true", "perhaps"),
    "aria-labelledby": ("nowhere", "main"), "tabindex": ("0", "-1"), "lang": ("xx-nonsense", "zh"), "for": ("nowhere",),
    "autocomplete": ("nonsense",), "scope": ("nonsense",), "class": ("faint", "vh", "btn danger", ""), "id": ("main",),
    "type": ("image", "checkbox"), "alt": ("",), "aria-nonsense": ("1",), "title": ("",), "headers": ("nowhere",),
}  # fmt: skip


def spoilt(body: bytes, chance: random.Random) -> bytes:
    """Return the page with one thing in it taken away, emptied, renamed, added, moved or doubled."""
    tree: Any = html.document_fromstring(body.decode())
    one = chance.choice(tree.xpath("//body//*[not(self::svg) and not(ancestor::svg) and not(self::script)]"))
    chance.choice((_drop, _empty, _rename, _add, _add, _add, _move, _double, _remove))(one, chance)
    return b"<!doctype html>" + html.tostring(tree, encoding="utf-8")


def _drop(one: Any, chance: random.Random) -> None:
    if one.attrib:
        del one.attrib[chance.choice(sorted(one.attrib))]


def _empty(one: Any, chance: random.Random) -> None:
    for inner in one.iter():
        inner.text = inner.text and " "
        if inner is not one:
            inner.tail = inner.tail and " "


def _rename(one: Any, chance: random.Random) -> None:
    one.tag = chance.choice(KINDS)


def _add(one: Any, chance: random.Random) -> None:
    name = chance.choice(sorted(ATTRIBUTES))
    one.set(name, chance.choice(ATTRIBUTES[name]))


def _move(one: Any, chance: random.Random) -> None:
    others = [other for other in one.getroottree().iter("div", "ul", "p", "a", "li", "button") if one not in
              {other, *other.iterancestors()}]  # fmt: skip
    chance.choice(others).append(one)


def _double(one: Any, chance: random.Random) -> None:
    one.addnext(copy.deepcopy(one))


def _remove(one: Any, chance: random.Random) -> None:
    one.drop_tree()
