"""Who may see and do what in recognition.

The law is public: published instruments, accreditations, modules. A case is seen by the officers of its authority, its
applicant and auditors; names of applicants need a second factor. Only people of the case's own authority decide.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from sunmao.directory.models import Organisation
from sunmao.kernel.changes import since
from sunmao.kernel.errors import NotAllowed
from sunmao.kernel.policy import Policy, Public
from sunmao.recognition.models import (
    Accreditation,
    Appeal,
    AppealState,
    Applicant,
    BridgingModule,
    Case,
    CaseState,
    Competence,
    Decision,
    DecisionState,
    DeliveryPermit,
    HomeRight,
    InstrumentParty,
    InstrumentState,
    ModuleOutcome,
    ShownDifference,
    Step,
    Touched,
)

_SEEN_BY_APPLICANT = (DecisionState.ISSUED, DecisionState.REVIEW_DUE, DecisionState.SUPERSEDED)


class InstrumentPolicy(Policy):
    """Published instruments are everybody's; a draft is seen by people of authorities and the secretariat."""

    path = ""

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if user.holds("authority", "secretariat", "auditor"):
            return rows
        return rows.exclude(**{f"{self.path}state": InstrumentState.DRAFT})

    def told(self, user: Any, record: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Drafts are read by the authority's own people and auditors, also once they are published."""
        instrument = record.instrument if isinstance(record, InstrumentParty) else record
        if user.holds("auditor") or user.holds("authority", at=instrument.authority_id):
            return rows
        return since(rows, instrument)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("see", "export"):
            return True
        if verb == "history":
            return bool(user.is_authenticated)
        if record is None:
            return verb in ("add", "edit") and user.holds("authority", "secretariat")
        instrument = record.instrument if isinstance(record, InstrumentParty) else record
        if instrument is None or instrument.authority_id is None:
            return verb == "add" and user.holds("authority", "secretariat")
        own = user.holds("authority", at=instrument.authority_id)
        if verb in ("publish", "revoke", "restore"):
            return own
        drafted = instrument.state == InstrumentState.DRAFT
        if verb in ("add", "delete"):
            return drafted and (own or user.holds("secretariat"))
        if verb == "edit":
            return own or (drafted and user.holds("secretariat"))
        return False


class InstrumentPartyPolicy(InstrumentPolicy):
    """Institutions bound are written while the instrument is a draft, and seen with it."""

    path = "instrument__"

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("edit", "delete") and record is not None:
            return super().may(user, "delete", record)
        if record is not None and not record.instrument_id:
            return verb in ("see", "export", "add") and user.holds("authority", "secretariat")
        return super().may(user, verb, record)


class RevocationPolicy(Public):
    """Revocations are read; they come about by the deed on their instrument."""


class RegisterPolicy(Public):
    """Facts of registers are public. The secretariat keeps them, an authority those of its own country."""

    keepers = ("secretariat",)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("add", "edit", "withdraw"):
            if user.holds(*self.keepers):
                return True
            if record is None:
                return user.holds("authority")
            return self._own(user, record)
        if verb in ("delete", "import"):
            return False
        return super().may(user, verb, record)

    def _own(self, user: Any, record: Any) -> bool:
        seats = user.seats("authority")
        if not seats:
            return False
        match record:
            case ShownDifference():
                return record.authority_id is None or record.authority_id in seats
            case Accreditation():
                country = record.institution.country if record.institution_id else None
            case HomeRight():
                country = record.programme.programme.country if record.programme_id else None
            case DeliveryPermit() | BridgingModule() | Competence():
                country = record.country or None
            case _:
                return False
        return country is None or Organisation.objects.filter(pk__in=seats, country=str(country)).exists()


class CompetencePolicy(RegisterPolicy):
    """Nobody makes himself competent: the secretariat writes it down."""

    def _own(self, user: Any, record: Any) -> bool:
        return False

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if record is None and verb in ("add", "edit", "withdraw"):
            return user.holds(*self.keepers)
        return super().may(user, verb, record)


class BridgingModulePolicy(RegisterPolicy):
    """A module is seen by all once it is offered; before, by those who may write one and by auditors."""

    everyone = False
    path = ""

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if user.holds("authority", *self.keepers, "auditor"):
            return rows
        return rows.exclude(**{f"{self.path}recorded_at": None})

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        module = record.module if isinstance(record, ModuleOutcome) and record.module_id else record
        if verb == "offer":
            return super().may(user, "edit", module)
        if isinstance(record, ModuleOutcome) and verb in ("add", "edit", "delete"):
            loose = isinstance(module, BridgingModule) and not module.offered
            blank = not isinstance(module, BridgingModule)
            return super().may(user, "edit", None if blank else module) and (loose or blank)
        return super().may(user, verb, module)


class ModuleOutcomePolicy(BridgingModulePolicy):
    path = "module__"


class CasePolicy(Policy):
    """Cases, and through `path` what hangs on them."""

    path = ""

    def case(self, record: Any) -> Case | None:
        if isinstance(record, Case):
            return record
        return record.case if record.case_id else None

    def for_applicant(self) -> Q:
        """Return the condition under which the applicant sees a row of his own case."""
        return Q()

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if user.holds("auditor"):
            return rows
        if not user.is_authenticated:
            return rows.none()
        own = Q(**{f"{self.path}applicant__person": user.person_id}) & self.for_applicant()
        seats = user.seats("authority")
        return rows.filter(own | Q(**{f"{self.path}authority__in": seats})) if seats else rows.filter(own)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if not user.is_authenticated:
            return False
        if verb == "see":
            return True
        if record is None:
            return verb in ("add", "export") and user.holds("authority")
        if verb == "history":
            case = self.case(record)
            return user.holds("auditor") or (case is not None and self.decides(user, case))
        if verb == "import":
            return False
        case = self.case(record)
        if case is None or case.authority_id is None:
            return verb == "add" and user.holds("authority")
        return self.decides(user, case) and self.deed(verb, case)

    def decides(self, user: Any, case: Case) -> bool:
        """Return whether the person may do the authority's part: one of its people, and never in his own case."""
        return user.holds("authority", at=case.authority_id) and not case.is_of(user)

    def deed(self, verb: str, case: Case) -> bool:
        """Return whether the state of the case allows a deed by its authority."""
        if verb == "add":
            return True
        if verb == "edit":
            return case.state == CaseState.INTAKE
        return verb in (
            "complete_intake", "receive_fee", "waive_fee", "ask_applicant", "query_issuer", "record_answer", "indicate",
            "close", "erase",
        )  # fmt: skip


class EvidencePolicy(CasePolicy):
    """What is laid before an authority: written by its officers while nothing is decided."""

    path = "case__"

    def deed(self, verb: str, case: Case) -> bool:
        return verb in ("add", "edit") and case.state != CaseState.CLOSED


class ApplicantPolicy(EvidencePolicy):
    """Names need a second factor, from the applicant himself too."""

    def lacks(self, user: Any) -> str:
        if not user.is_authenticated or user.second_factor:
            return ""
        roles = user.holds("authority", "auditor") or Applicant.objects.filter(person=user.person_id).exists()
        return "second-factor" if roles else ""

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        return super().visible(user, rows) if user.second_factor else rows.none()

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb == "export" or not user.second_factor:
            return False
        if isinstance(record, Applicant) and record.erased_at is not None and verb == "edit":
            return False
        if not super().may(user, verb, record):
            return False
        if verb == "add" and isinstance(record, Applicant) and record.case_id:  # one case, one applicant
            return not Applicant.objects.filter(case=record.case_id).exists()
        return True


class StepPolicy(EvidencePolicy):
    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if isinstance(record, Step) and verb == "edit" and not record.is_open:
            return False
        return super().may(user, verb, record)

    def deed(self, verb: str, case: Case) -> bool:
        return verb in ("add", "edit", "receive") and case.state != CaseState.CLOSED


class DecisionPolicy(CasePolicy):
    """The applicant sees what is issued, never what is still weighed; he may appeal."""

    path = "case__"

    def for_applicant(self) -> Q:
        return Q(state__in=_SEEN_BY_APPLICANT)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb == "add":
            return False
        if verb == "appeal" and isinstance(record, Decision):
            return self._is_applicant(user, record.case) or super().may(user, verb, record)
        return super().may(user, verb, record)

    def _is_applicant(self, user: Any, case: Case) -> bool:
        person = getattr(user, "person_id", None)
        return person is not None and Applicant.objects.filter(case=case, person_id=person).exists()

    def deed(self, verb: str, case: Case) -> bool:
        return verb in ("propose", "confirm", "send_back", "notify", "publish", "appeal", "review")


class AppealPolicy(DecisionPolicy):
    path = "decision__case__"

    def case(self, record: Any) -> Case | None:
        return record.decision.case if record.decision_id else None

    def for_applicant(self) -> Q:
        return Q()

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb == "hear" and isinstance(record, Appeal):
            return record.state == AppealState.FILED and self.decides(user, record.decision.case)
        return super().may(user, verb, record)


class ReviewRoundPolicy(Policy):
    """A round is seen, and gone on with, by people of the authorities whose decisions are in it; auditors see all."""

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if user.holds("auditor"):
            return rows
        own = Touched.objects.filter(round=OuterRef("pk"), decision__case__authority__in=user.seats("authority"))
        return rows.filter(Exists(own))

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb == "see":
            return bool(user.is_authenticated)
        if verb == "history":
            return user.holds("auditor") or (record is not None and self.sees(user, record))
        if verb == "export":
            return user.holds("authority", "auditor")
        return verb == "go_on" and user.holds("authority") and record is not None and self.sees(user, record)


def counts_learners(user: Any) -> bool:
    """True of who may ask how many learners of other houses a change would reach: people of authorities, the
    secretariat and auditors."""
    return bool(user.holds("authority", "secretariat", "auditor"))


def may_count_learners(user: Any) -> None:
    """Raise NotAllowed for who may not ask so."""
    if not counts_learners(user):
        raise NotAllowed("count learners")
