"""Questions about recognition: the register as the core's world, indications, standing, what rests on what."""

from sunmao.recognition.queries.asking import (
    INDICATION,
    Recognised,
    case_indication,
    indication,
    indication_under,
    recognised_today,
    targets_in,
)
from sunmao.recognition.queries.evidence import evidence_of
from sunmao.recognition.queries.impact import asked_for, replayed, resting_on, restored, standing_of
from sunmao.recognition.queries.world import world_of

__all__ = [
    "INDICATION",
    "Recognised",
    "asked_for",
    "case_indication",
    "evidence_of",
    "indication",
    "indication_under",
    "recognised_today",
    "replayed",
    "resting_on",
    "restored",
    "standing_of",
    "targets_in",
    "world_of",
]
