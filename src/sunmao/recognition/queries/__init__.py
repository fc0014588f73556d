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
from sunmao.recognition.queries.impact import replayed, resting_on, restored, standing_of, touched_by
from sunmao.recognition.queries.waiting import (
    appealable,
    appeals_open,
    asked_of_applicant,
    cases_open,
    decisions_open,
    rounds_open,
    running_out,
    steps_open,
)
from sunmao.recognition.queries.world import world_of

__all__ = [
    "INDICATION",
    "Recognised",
    "appealable",
    "appeals_open",
    "asked_of_applicant",
    "case_indication",
    "cases_open",
    "decisions_open",
    "evidence_of",
    "indication",
    "indication_under",
    "recognised_today",
    "replayed",
    "resting_on",
    "restored",
    "rounds_open",
    "running_out",
    "standing_of",
    "steps_open",
    "targets_in",
    "touched_by",
    "world_of",
]
