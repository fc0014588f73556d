"""The requirement tree of a version as JSON, and whether it is well formed. Pure.

{"all": [...]} every part; {"any": [...]} one part; {"k": 2, "of": [...]} k parts; {"credits": 12.5, "of": [...]} units or
outcomes worth at least so many credits; a leaf is {"outcome": "1.2"} or {"unit": 3}.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

DEEPEST = 12


def check(tree: Any, depth: int = 0) -> None:
    """Raise ValidationError in words where the tree is not well formed."""
    if depth > DEEPEST:
        raise ValidationError({"requirement": _("The requirement is nested too deeply.")})
    if not isinstance(tree, dict):
        raise ValidationError({"requirement": _("Each part of a requirement is an object.")})
    keys = set(tree)
    if keys == {"outcome"} and isinstance(tree["outcome"], str):
        return
    if keys == {"unit"} and isinstance(tree["unit"], int) and not isinstance(tree["unit"], bool):
        return
    parts = _parts(tree, keys)
    if not isinstance(parts, list) or not parts:
        raise ValidationError({"requirement": _("A part with “all”, “any” or “of” names at least one part.")})
    if "k" in keys and not (isinstance(tree["k"], int) and 1 <= tree["k"] <= len(parts)):
        raise ValidationError({"requirement": _("“k” lies between 1 and the number of parts.")})
    if "credits" in keys and not (isinstance(tree["credits"], int | float) and tree["credits"] > 0):
        raise ValidationError({"requirement": _("“credits” is a number above 0.")})
    for part in parts:
        check(part, depth + 1)


def _parts(tree: dict[str, Any], keys: set[str]) -> Any:
    for known, name in (({"all"}, "all"), ({"any"}, "any"), ({"k", "of"}, "of"), ({"credits", "of"}, "of")):
        if keys == known:
            return tree[name]
    raise ValidationError({"requirement": _("Not known: %(keys)s") % {"keys": ", ".join(sorted(map(str, keys)))}})


def check_names(tree: Any, outcomes: Collection[str], units: Collection[int]) -> None:
    """Raise ValidationError where a well-formed tree names an outcome or a unit that its version does not have."""
    for part in leaves(tree):
        found = part["outcome"] in outcomes if "outcome" in part else part["unit"] in units
        if not found:
            named = part.get("outcome", part.get("unit"))
            raise ValidationError(
                {"requirement": _("The requirement names %(name)s, which is not here.") % {"name": named}}
            )


def leaves(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield the outcomes and units that a well-formed tree names."""
    if "outcome" in tree or "unit" in tree:
        yield tree
        return
    for part in _parts(tree, set(tree)):
        yield from leaves(part)
