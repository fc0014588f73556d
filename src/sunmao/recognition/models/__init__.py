"""What the room keeps: instruments and registers, cases with their evidence, decisions with their ground."""

from sunmao.recognition.models.case import (
    Applicant,
    Case,
    CaseState,
    Exhibit,
    LanguageCertificate,
    PriorLearning,
    Qualification,
    Step,
    StepKind,
)
from sunmao.recognition.models.choices import Authenticity, Basis, Measure, Purpose, Result, Tongue
from sunmao.recognition.models.decision import (
    Appeal,
    AppealState,
    Asked,
    Decision,
    DecisionState,
    Ground,
    Standing,
)
from sunmao.recognition.models.instrument import Instrument, InstrumentParty, InstrumentState, Revocation, Side
from sunmao.recognition.models.lasting import Lasting
from sunmao.recognition.models.registers import (
    Accreditation,
    BridgingModule,
    Competence,
    DeliveryPermit,
    HomeRight,
    ModuleOutcome,
    ShownDifference,
    Subject,
)

__all__ = [
    "Accreditation",
    "Appeal",
    "AppealState",
    "Applicant",
    "Asked",
    "Authenticity",
    "Basis",
    "BridgingModule",
    "Case",
    "CaseState",
    "Competence",
    "Decision",
    "DecisionState",
    "DeliveryPermit",
    "Exhibit",
    "Ground",
    "HomeRight",
    "Instrument",
    "InstrumentParty",
    "InstrumentState",
    "LanguageCertificate",
    "Lasting",
    "Measure",
    "ModuleOutcome",
    "PriorLearning",
    "Purpose",
    "Qualification",
    "Result",
    "Revocation",
    "ShownDifference",
    "Side",
    "Standing",
    "Step",
    "StepKind",
    "Subject",
    "Tongue",
]
