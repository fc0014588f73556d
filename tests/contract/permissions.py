"""The table of permissions as data: what permissions.toml says, cell by cell."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from contract.faces import COMMON
from contract.world import ROLES
from sunmao.kernel.desk import Desk

TABLE = Path(__file__).parents[1] / "permissions.toml"


@cache
def table() -> dict[str, dict[str, dict[str, str]]]:
    """Return desk → verb → role → "yes" or "no"."""
    read = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    assert tuple(read.pop("roles")) == ROLES, "permissions.toml names another cast"
    out: dict[str, dict[str, dict[str, str]]] = {}
    for slug, verbs in read.items():
        out[slug] = {}
        for verb, row in verbs.items():
            cells = row.split()
            assert len(cells) == len(ROLES), f"[{slug}] {verb}: {len(cells)} cells for {len(ROLES)} roles"
            assert set(cells) <= {"yes", "no"}, f"[{slug}] {verb}: only yes and no"
            out[slug][verb] = dict(zip(ROLES, cells, strict=True))
    return out


def verbs(desk: Desk) -> tuple[str, ...]:
    """Return every verb the table must speak of for a desk; a deed named like a common verb is called do_NAME."""
    return (*COMMON, *(f"do_{deed.name}" if deed.name in COMMON else deed.name for deed in desk.deeds))


def sees(slug: str, role: str) -> bool:
    return table()[slug]["see"][role] == "yes"
