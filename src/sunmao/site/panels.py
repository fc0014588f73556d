"""What a lower page shows of upper rooms: per desk, functions (record, person) → {title, rows} or None."""

from collections.abc import Callable
from typing import Any

from django.utils.text import capfirst

from sunmao.agreements import panels as agreements
from sunmao.alliances import panels as alliances
from sunmao.cohorts import sights
from sunmao.credentials import panels as credentials
from sunmao.credentials import trusting
from sunmao.kernel.desk import desk_of
from sunmao.people import desk as people
from sunmao.portal import recognised, showing
from sunmao.recognition.models import Decision
from sunmao.standards import differences
from sunmao.standards import panels as standards

LATEST = 10


def decided_before(version: Any, user: Any) -> dict[str, Any] | None:
    """Return the latest decisions, of those this person may see, that were made towards the version before."""
    old, desk = differences.before(version), desk_of(Decision)
    if old is None or desk is None:
        return None
    found = list(desk.rows(user).filter(case__target=old).order_by("-id")[:LATEST])
    return {"title": capfirst(desk.plural), "rows": [(str(old), found)]} if found else None


PANELS: dict[str, list[Callable[[Any, Any], dict[str, Any] | None]]] = {
    "organisations": [agreements.of_organisation, alliances.of_organisation],
    "events": [agreements.of_event],
    "programme-versions": [standards.case_of_version, decided_before],
    "crosswalks": [credentials.of_crosswalk, standards.case_of_crosswalk],
}

people.TOLD[:] = [sights.note_persons]
showing.RECOGNITION[:] = [recognised.of_credential]
trusting.RECOGNISED[:] = [recognised.of_credential_offline]
