"""Chinese major profiles: one JSON object a line, with the keys major_code, major, abilities and courses.

The abilities become outcomes, the foundation and core courses become units; a profile says neither credits nor which
course gives which ability, and nothing of the kind is made up.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.standards.reading.drafts import Draft, DraftOutcome, DraftUnit

_COURSES = re.compile(r"专业(?:基础|核心)课程[：:]([^\n]*)")
_BETWEEN = re.compile(r"[、，,；;]")
_KNOWLEDGE = ("掌握", "熟悉", "了解", "理解")
_LONGEST = 200


def read(path: Path, entry: str = "") -> Draft:
    """Return the profile of one major, named by its code or name; raises ValidationError in words for the person."""
    profiles = list(_profiles(path))
    found = [one for one in profiles if not entry or entry in (str(one["major_code"]), str(one["major"]))]
    if len(found) == 1:
        return _draft(found[0])
    if entry and not found:
        raise ValidationError(_("The file has no major “%(entry)s”.") % {"entry": entry})
    names = ", ".join(f"{one['major_code']} {one['major']}" for one in found[:5])
    raise ValidationError(
        _("The file has %(count)s majors. Name one by its code, as in: %(names)s.")
        % {"count": len(found), "names": names}
    )


def _profiles(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        for line in lines:
            if line.strip():
                one = json.loads(line)
                if not one["major_code"] or not one["major"] or not isinstance(one["abilities"], list):
                    raise KeyError("major")
                yield one
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ValidationError(_("“%(name)s” holds no major profiles.") % {"name": path.name}) from error


def _draft(one: dict[str, Any]) -> Draft:
    abilities = [str(said).strip() for said in one["abilities"] if str(said).strip()]
    if not abilities:
        raise ValidationError(_("This profile names no abilities."))
    outcomes = [
        DraftOutcome(str(number), {"zh": said}, kind="knowledge" if said.startswith(_KNOWLEDGE) else "skill")
        for number, said in enumerate(abilities, 1)
    ]
    units = [DraftUnit(number, {"zh": name}) for number, name in enumerate(courses(str(one.get("courses") or "")), 1)]
    return Draft(
        {"zh": str(one["major"])}, outcomes, units, outside_code=str(one["major_code"]), country="CN",
    )  # fmt: skip


def courses(text: str) -> list[str]:
    """Return the foundation and core courses a profile names, in its order."""
    named = [name.strip(" 。.") for line in _COURSES.findall(text) for name in _BETWEEN.split(line)]
    return list(dict.fromkeys(name for name in named if 0 < len(name) <= _LONGEST))
