"""What the room keeps: agreements with their parties, wordings with approvals and signatures, clauses."""

from sunmao.agreements.models.agreement import (
    BINDS_NOTHING,
    UNRECORDED,
    Agreement,
    AgreementCitation,
    Kind,
    Origin,
    Part,
    Party,
    State,
    Subject,
)
from sunmao.agreements.models.clause import (
    Clause,
    ClauseDebtor,
    ClauseState,
    DeadlineFeed,
    Fulfilment,
    FulfilmentState,
)
from sunmao.agreements.models.wording import Approval, Signature, Text, Version, VersionState

__all__ = [
    "BINDS_NOTHING",
    "UNRECORDED",
    "Agreement",
    "AgreementCitation",
    "Approval",
    "Clause",
    "ClauseDebtor",
    "ClauseState",
    "DeadlineFeed",
    "Fulfilment",
    "FulfilmentState",
    "Kind",
    "Origin",
    "Part",
    "Party",
    "Signature",
    "State",
    "Subject",
    "Text",
    "Version",
    "VersionState",
]
