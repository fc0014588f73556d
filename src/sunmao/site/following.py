"""Whose search entries hold the names of other records, and so are written anew when these change.

A lower room never asks upwards, so the assembly knows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q

from sunmao.alliances.models import Alliance, Member
from sunmao.directory.models import Organisation
from sunmao.events.models import Statement
from sunmao.kernel.desk import Desk, desk_of
from sunmao.workshops.models import Workshop

FOLLOWING: dict[type, tuple[tuple[type[Any], tuple[str, ...]], ...]] = {
    Organisation: (
        (Alliance, ("organisation",)),
        (Member, ("organisation", "alliance__organisation")),
        (Statement, ("organisation",)),
        (Workshop, ("host", "partners__organisation")),
    ),
}


def followers(rows: Sequence[Any]) -> Iterator[tuple[Desk, list[Any]]]:
    """Yield, per desk, the records that are also found by the names of these rows (all of one model)."""
    for model, paths in FOLLOWING.get(type(rows[0]), ()) if rows else ():
        found = desk_of(model)
        asked = Q()
        for path in paths:
            asked |= Q(**{f"{path}__in": [row.pk for row in rows]})
        touched = list(found.all().filter(asked).distinct()) if found is not None else []
        if found is not None and touched:
            yield found, touched
