"""A passage of a document in the reader's language: where it is said, as paragraph, row or page."""

from __future__ import annotations

import re

from django.utils.translation import gettext, ngettext

from sunmao.kernel.cells import listed

_USUAL = re.compile(r"(?P<what>paragraph|row)s? (?P<numbers>\d+(?:(?:, | and )\d+)*)(?P<rest>: .*)?")
_NUMBER = re.compile(r"\d+")


def in_words(passage: str) -> str:
    """Return a passage in the reader's language where it is written the usual way, as in "paragraphs 3 and 5"; else
    as it is written."""
    found = _USUAL.fullmatch(passage)
    if found is None:
        return gettext("whole page") if passage == "whole page" else passage
    numbers = _NUMBER.findall(found["numbers"])
    if found["what"] == "row":
        text = ngettext("row %(n)s", "rows %(n)s", len(numbers))
    else:
        text = ngettext("paragraph %(n)s", "paragraphs %(n)s", len(numbers))
    return text % {"n": listed(numbers)} + (found["rest"] or "")
