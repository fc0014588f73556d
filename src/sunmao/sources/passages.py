"""A passage of a document in the reader's language: where it is said, as paragraph, row or page."""

from __future__ import annotations

import re

from django.utils.translation import gettext, ngettext

from sunmao.kernel.cells import listed
from sunmao.kernel.when import When

_USUAL = re.compile(r"(?P<what>paragraph|row)s? (?P<numbers>\d+(?:(?:, | and )\d+)*)(?P<rest>: .*)?")
_ITEM = re.compile(r"item of (?P<day>\d{4}(?:-\d\d){1,2})(?P<rest>: .*)?")
_NUMBER = re.compile(r"\d+")


def in_words(passage: str) -> str:
    """Return a passage in the reader's language where it is written the usual way, as in "paragraphs 3 and 5" or "item
    of 2025-06-13"; else as it is written."""
    if item := _ITEM.fullmatch(passage):
        return gettext("item of %(day)s") % {"day": When.read(item["day"])} + (item["rest"] or "")
    found = _USUAL.fullmatch(passage)
    if found is None:
        whole = {"whole page": gettext("whole page"), "whole text": gettext("whole text")}
        return whole.get(passage, passage)
    numbers = _NUMBER.findall(found["numbers"])
    if found["what"] == "row":
        text = ngettext("row %(n)s", "rows %(n)s", len(numbers))
    else:
        text = ngettext("paragraph %(n)s", "paragraphs %(n)s", len(numbers))
    return text % {"n": listed(numbers)} + (found["rest"] or "")
