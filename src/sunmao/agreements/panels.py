"""What the pages of organisations and events show of agreements: a count that opens to its rows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from sunmao.agreements.models import Agreement, State
from sunmao.kernel.cells import Figure
from sunmao.kernel.desk import registry


def of_organisation(record: Any, person: Any) -> dict[str, Any] | None:
    """Return the agreements the reader may see to which the organisation is a party."""
    rows = registry.by_model[Agreement].rows(person).filter(parties__organisation=record).distinct()
    return _panel(rows, f"/agreements/?party={record.key}")


def of_event(record: Any, person: Any) -> dict[str, Any] | None:
    """Return the agreements the reader may see that were signed at the event."""
    rows = registry.by_model[Agreement].rows(person).filter(event=record)
    return _panel(rows, f"/agreements/?event={record.key}")


def _panel(rows: Any, url: str) -> dict[str, Any] | None:
    found = list(rows.values_list("state", flat=True))
    if not found:
        return None
    lines: list[tuple[Any, Figure]] = [(_("All"), Figure(len(found), url))]
    lines += [
        (state.label, Figure(found.count(state.value), f"{url}&state={state.value}"))
        for state in State if state.value in found
    ]  # fmt: skip
    return {"title": _("Agreements"), "rows": lines}
