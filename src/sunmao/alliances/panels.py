"""What an organisation's page shows of alliances: those it surely belongs to today."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from sunmao.alliances.models import Alliance, Member
from sunmao.alliances.queries import surely_on
from sunmao.kernel import clock
from sunmao.kernel.desk import registry


def of_organisation(record: Any, person: Any) -> dict[str, Any] | None:
    """Return the alliances of an organisation with its role in each; for an alliance itself, its own page."""
    own = registry.by_model[Alliance].rows(person).filter(organisation=record).first()
    lines: list[tuple[Any, Any]] = [(_("Its own page"), own)] if own else []
    rows = registry.by_model[Member].rows(person).filter(organisation=record)
    lines += [(row.get_role_display(), row.alliance) for row in surely_on(rows, clock.today())]
    return {"title": _("Alliances"), "rows": lines} if lines else None
