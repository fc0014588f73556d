"""What a lower page shows of upper rooms: per desk, functions (record, person) → {title, rows} or None."""

from collections.abc import Callable
from typing import Any

from sunmao.agreements import panels as agreements
from sunmao.alliances import panels as alliances
from sunmao.portal import recognised, showing
from sunmao.standards import panels as standards

PANELS: dict[str, list[Callable[[Any, Any], dict[str, Any] | None]]] = {
    "organisations": [agreements.of_organisation, alliances.of_organisation],
    "events": [agreements.of_event],
    "programme-versions": [standards.case_of_version],
    "crosswalks": [standards.case_of_crosswalk],
}

showing.RECOGNITION[:] = [recognised.of_credential]
