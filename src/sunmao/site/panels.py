"""What a lower page shows of upper rooms: per desk, functions (record, person) → {title, rows} or None."""

from collections.abc import Callable
from typing import Any

from sunmao.agreements import panels as agreements
from sunmao.alliances import panels as alliances
from sunmao.portal import recognised, showing

PANELS: dict[str, list[Callable[[Any, Any], dict[str, Any] | None]]] = {
    "organisations": [agreements.of_organisation, alliances.of_organisation],
    "events": [agreements.of_event],
}

showing.RECOGNITION[:] = [recognised.of_credential]
