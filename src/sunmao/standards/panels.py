"""What the site shows beside a version and a crosswalk: where machines fetch them, and what a new version changes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from sunmao.kernel.cells import Link
from sunmao.standards.case import identifier, languages_of
from sunmao.standards.models import Crosswalk, ProgrammeVersion

CASE = "/ims/case/v1p1/CFPackages/"


def case_of_version(version: ProgrammeVersion, user: Any) -> dict[str, Any] | None:
    """Return the addresses of a published version as CASE packages, one a language."""
    if version.is_open:
        return None
    codes = languages_of(version)
    made = [(_language(code), identifier(version.uid, "" if code == codes[0] else code)) for code in codes]
    return {
        "title": _("For other systems (CASE 1.1)"),
        "rows": [(name, Link("JSON", f"{CASE}{uid}")) for name, uid in made],
    }


def case_of_crosswalk(crosswalk: Crosswalk, user: Any) -> dict[str, Any]:
    """Return the address of a crosswalk's confirmed rows as CASE associations."""
    link = Link("JSON", f"{CASE}{crosswalk.uid}")
    return {"title": _("For other systems (CASE 1.1)"), "rows": [(_("rows confirmed by both sides"), link)]}


def _language(code: str) -> str:
    return str(get_language_info("zh-hans" if code == "zh" else code)["name_local"])
