"""What a transcript without a proof says, line by line in the reader's words. Nothing of it is known to be true."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from sunmao.vc.transcripts.view import told

LABELS = {
    "title": gettext_lazy("Title"), "description": gettext_lazy("Description"), "name": gettext_lazy("Holder"), "born_on": gettext_lazy("Born on"),
    "issuer": gettext_lazy("Issuer"), "number": pgettext_lazy("credential", "Number"),
    "issued_on": gettext_lazy("Issued on"), "valid_from": gettext_lazy("Valid from"),
    "valid_until": gettext_lazy("Valid until"), "not_read": gettext_lazy("Not shown here"),
    "qualification": gettext_lazy("Qualification"), "achievement": gettext_lazy("Achievement"),
    "assessment": gettext_lazy("Assessment"), "module": gettext_lazy("Module"), "course": gettext_lazy("Course"),
    "class": gettext_lazy("Class"), "activity": gettext_lazy("Activity"), "entitlement": gettext_lazy("Entitlement"),
    "part": gettext_lazy("Part"), "awarded_by": gettext_lazy("Awarded by"), "began_on": gettext_lazy("Began on"),
    "ended_on": gettext_lazy("Ended on"), "awarded_on": gettext_lazy("Awarded on"), "grade": gettext_lazy("Grade"),
    "status": gettext_lazy("Status"), "grading": gettext_lazy("Grading"), "credits": gettext_lazy("Credits"),
    "levels": gettext_lazy("Level"), "fields": gettext_lazy("Field (ISCED-F)"), "languages": gettext_lazy("Language"),
    "hours": gettext_lazy("Hours"), "outcome": gettext_lazy("Learning outcome"),
}  # fmt: skip
STATES = {
    "passed": pgettext_lazy("result", "passed"), "failed": pgettext_lazy("result", "not passed"),
    "in-progress": pgettext_lazy("result", "under way"),
}  # fmt: skip
MOST = 500


def rows(says: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return label, value and depth (0 to 3) of each line there is something in, MOST at most."""
    if not says:
        return []
    language = (get_language() or "en")[:2]
    lines = [line for line in told(says, language) if line[2]][:MOST]
    return [
        {"depth": min(depth, 3), "label": LABELS.get(label, label), "value": _value(label, value)}
        for depth, label, value in lines
    ]


def _value(label: str, value: str) -> Any:
    return STATES.get(value, value) if label == "status" else value[:2000]
