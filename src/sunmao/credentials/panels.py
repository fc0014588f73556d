"""What the site shows beside a crosswalk: its credentials, and the way to draw one up."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from sunmao.credentials.models import CredentialState, CrosswalkCredential
from sunmao.kernel.cells import Link
from sunmao.kernel.desk import desk_of
from sunmao.standards.models import Crosswalk

LATEST = 10


def of_crosswalk(crosswalk: Crosswalk, user: Any) -> dict[str, Any] | None:
    """Return the issues of a crosswalk that this person may see, newest first; None where there is nothing to show."""
    desk = desk_of(CrosswalkCredential)
    if desk is None:
        return None
    found = desk.rows(user).filter(crosswalk=crosswalk).order_by("-id")[:LATEST]
    rows: list[tuple[Any, Any]] = [
        (str(CredentialState(row.state).label), Link(str(row.code), desk.url(row))) for row in found
    ]
    if desk.may(user, "add", CrosswalkCredential(crosswalk=crosswalk)):
        rows.append(
            (
                _("for both sides to sign"),
                Link(_("Draw up a credential"), f"{desk.list_url()}add/?crosswalk={crosswalk.code}"),
            )
        )
    return {"title": capfirst(desk.plural), "rows": rows} if rows else None
