"""Which kinds of record a person is led to: those with rows he may see, and those he may add to.

One query for all of them, kept for a few seconds and dropped when this process writes: the frame of every page asks.
"""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists

from sunmao.kernel.desk import Desk, registry

KEPT = 20.0  # seconds; another process may have written meanwhile
MOST = 1000  # persons

_kept: dict[str, tuple[float, frozenset[str]]] = {}


def rooms(user: Any) -> tuple[str, ...]:
    """Return the slugs of the desks in the menu of a signed-in person, in menu order."""
    open_to = [desk for label, desks in registry.groups if label for desk in desks if desk.may(user, "see")]
    asked = [desk for desk in open_to if not desk.may(user, "add")]
    filled = _filled(user, asked)
    return tuple(desk.slug for desk in open_to if desk not in asked or desk.slug in filled)


def _filled(user: Any, desks: list[Desk]) -> frozenset[str]:
    """Return the slugs of those of the desks in which the person may see a row."""
    key = f"{user.actor_key} {user.second_factor} {' '.join(desk.slug for desk in desks)}"
    held = _kept.get(key)
    if held and held[0] > time.monotonic():
        return held[1]
    one = get_user_model()._base_manager.filter(pk=user.pk).order_by()
    found = one.values_list(*(Exists(desk.policy.visible(user, desk.all())) for desk in desks)).first() or ()
    filled = frozenset(desk.slug for desk, any_row in zip(desks, found, strict=False) if any_row)
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[key] = (time.monotonic() + KEPT, filled)
    return filled


def forget(**_: Any) -> None:
    """Drop what is kept; told by the write door."""
    _kept.clear()
