"""Classifications as bridges: in which groups of the other classification a code is usually found.

Two tables written for this project by class: ISCO-08 unit groups to SOC 2010, and the classes of the Chinese
occupational classification (GBM, 2022) to ISCO-08. They say where to look first, and decide nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

# How many characters of a code name its closest group, the group above it and the broad one.
CUTS: Mapping[str, tuple[int, int, int]] = {"isco08": (4, 3, 2), "soc": (6, 4, 2), "gbm": (7, 4, 1)}
_SHAPES = (
    ("gbm", re.compile(r"\d-\d\d-\d\d(-\d\d)?$")),
    ("soc", re.compile(r"\d\d-\d{4}(\.\d\d)?$")),
    ("isco08", re.compile(r"\d{4}(\.\d+)+$")),
)
_LATER_CHOICE = 0.1


def scheme_of(code: str) -> str:
    """Name the classification whose codes are shaped like `code`, or "" where that is not certain."""
    return next((scheme for scheme, shape in _SHAPES if shape.match(code.strip())), "")


@lru_cache(maxsize=4)
def _table(name: str) -> Mapping[str, tuple[str, ...]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    rows = (line.partition("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {code: tuple(groups.split()) for code, _, groups in rows}


def _longest(table: Mapping[str, tuple[str, ...]], code: str) -> tuple[str, ...]:
    """Return the entry of the longest code in `table` that begins `code`."""
    for end in range(len(code), 0, -1):
        if code[:end] in table:
            return table[code[:end]]
    return ()


def likely_groups(codes: Mapping[str, str], scheme: str) -> tuple[str, ...]:
    """Return the groups of `scheme` an item with these `codes` is usually found in, the likeliest first."""
    if codes.get(scheme):
        return (codes[scheme][: CUTS[scheme][0]],)
    if scheme == "isco08" and codes.get("gbm"):
        return _longest(_table("gbm_isco.tsv"), codes["gbm"])
    if scheme == "soc":
        found: list[str] = []
        for isco in likely_groups(codes, "isco08"):
            found.extend(_soc_of(isco))
        return tuple(dict.fromkeys(found))
    return ()


@lru_cache(maxsize=1000)
def _soc_of(isco: str) -> tuple[str, ...]:
    table = _table("isco_soc.tsv")
    if isco[:4] in table:
        return table[isco[:4]]
    below = (groups for code, groups in table.items() if isco and code.startswith(isco))
    return tuple(dict.fromkeys(group for groups in below for group in groups))


def closeness(code: str, groups: Sequence[str], scheme: str) -> tuple[float, float, float]:
    """Say how a target's `code` lies to the likely `groups`: inside one, in the group above, in a broad one.

    The first number is 1 for the likeliest group and falls by a tenth with each later one; the others are 0
    or 1.
    """
    _, above, broad = CUTS[scheme]
    inside = 0.0
    for place, group in enumerate(groups):
        if code.startswith(group):
            inside = max(inside, 1 - _LATER_CHOICE * min(place, 8))
    near = any(code[:above] == group[:above] for group in groups if len(group) >= above)
    wide = any(code[:broad] == group[:broad] for group in groups if len(group) >= broad)
    return inside, float(near), float(wide)
