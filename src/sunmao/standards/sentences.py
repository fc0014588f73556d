"""Why the machine proposed a row, in words for the person who judges it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _


def reasons(why: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the reasons kept with a row as sentences, the strongest first; readings of terms are gathered in one."""
    said = [text for reason in why if (text := _sentence(reason["code"], reason["params"]))]
    read = [f"{one['params']['term']} – {one['params']['as']}" for one in why if one["code"] == "rendered"]
    if read:
        said.append(_("Read by the dictionary: %(terms)s.") % {"terms": "; ".join(read)})
    return said


def _sentence(code: str, params: Mapping[str, Any]) -> str:
    match code:
        case "chain":
            return _("Both correspond exactly by way of other standards: %(rows)s.") % params
        case "same_title":
            return _("The same words: “%(target)s”.") % params
        case "like_title":
            return _("Like words: “%(source)s” and “%(target)s”.") % params
        case "group":
            return _("Of neighbouring groups: %(source)s and %(target)s.") % params
        case "confirmed_before":
            return _("“%(source)s” was confirmed as “%(target)s” before.") % params
        case "shared_words":
            return _("Words in both: %(words)s.") % params if params.get("words") else ""
    return ""


def to_judge(count: int) -> str:
    """Say how many proposals of the machine wait for a word."""
    return _("Proposals of the machine to judge: {}.").format(count)
