"""A cohort is as public as its programme; its learners are not.

Named learners are seen by officers, directors and teachers of the institutions that teach them, by officers and
directors of the workshop's host and partners, by auditors, and by the learner; all but the learner with a second
factor. Only the teaching institutions write.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from sunmao.cohorts.models import Cohort, CohortState, Enrolment, Learner
from sunmao.cohorts.queries import OFFICE, TEACHING, cohorts_of, institutions_of
from sunmao.kernel.policy import Policy, Public

OFFICE_DEEDS = frozenset({"start", "cancel", "enrol", "complete_cohort", "complete", "withdraw"})
CLASS_DEEDS = frozenset({"hold_session", "record_results", "mark_attendance"})


def lacks(user: Any) -> str:
    """Say that a second factor is missing where the person's roles could otherwise show learners."""
    if user.is_authenticated and not user.second_factor and user.holds(*TEACHING, "auditor"):
        return "second-factor"
    return ""


def teaches(user: Any, cohort: Cohort | None, *roles: str) -> bool:
    """True where the person holds one of the roles at an institution that teaches the cohort."""
    return cohort is not None and bool(user.seats(*roles) & institutions_of(cohort))


class CohortPolicy(Public):
    """Everybody sees cohorts, never who is in them."""

    def lacks(self, user: Any) -> str:
        return lacks(user)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("add", "import") and (record is None or record.institution_id is None):
            return user.holds(*OFFICE)
        if verb in ("add", "edit", "delete"):
            leads = user.holds(*OFFICE, at=record.institution_id)
            return leads and (verb != "delete" or record.state == CohortState.PLANNED)
        if verb == "confirm_co":
            second = record.co_institution_id if record is not None else None
            return second is not None and user.holds(*OFFICE, at=second)
        if verb in ("start", "cancel"):
            return teaches(user, record, *OFFICE)
        if verb in OFFICE_DEEDS:
            return user.second_factor and teaches(user, record, *OFFICE)
        if verb in CLASS_DEEDS:
            return user.second_factor and teaches(user, record, *TEACHING)
        return verb != "import" and super().may(user, verb, record)


class SessionPolicy(CohortPolicy):
    """Sessions are public like their cohort; whoever teaches holds them."""

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("add", "edit", "delete", "mark_attendance"):
            cohort = record.cohort if record is not None and record.cohort_id else None
            if cohort is None:
                return verb == "add" and user.second_factor and user.holds(*TEACHING)
            return user.second_factor and teaches(user, cohort, *TEACHING)
        if verb == "import":
            return user.second_factor and user.holds(*TEACHING)
        return super().may(user, verb, record)


class EnrolmentPolicy(Policy):
    """Enrolments, and what hangs on them under `path`."""

    path = ""
    own = "learner__person"

    def lacks(self, user: Any) -> str:
        return lacks(user)

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if not user.is_authenticated:
            return rows.none()
        found = Q(**{self.path + self.own: user.person_id})
        if user.second_factor:
            if user.holds("auditor"):
                return rows
            if user.seats(*TEACHING):
                found |= Q(**{f"{self.path}cohort__in": cohorts_of(user).values("pk")})
        return rows.filter(found)

    def cohort(self, record: Any) -> Cohort | None:
        row = record.enrolment if self.path and record.enrolment_id else record
        return row.cohort if isinstance(row, Enrolment) and row.cohort_id else None

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("see", "export"):
            if record is not None:
                return bool(user.is_authenticated)  # `visible` has said which
            return bool(user.is_authenticated) and not (lacks(user) and not self._learns(user))
        if not (user.is_authenticated and user.second_factor):
            return False
        cohort = self.cohort(record) if record is not None else None
        if verb == "history":
            return user.holds("auditor") or (cohort is not None and cohorts_of(user).filter(pk=cohort.pk).exists())
        roles = TEACHING if self.path else OFFICE
        if cohort is None:
            return verb in ("add", "import") and user.holds(*roles)
        return verb in ("add", "edit", "delete", "complete", "withdraw") and teaches(user, cohort, *roles)

    @staticmethod
    def _learns(user: Any) -> bool:
        return Learner.objects.filter(person=user.person_id).exists()


class HangingPolicy(EnrolmentPolicy):
    """Attendance and results: written by whoever teaches."""

    path = "enrolment__"


class LearnerPolicy(EnrolmentPolicy):
    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if not user.is_authenticated:
            return rows.none()
        found = Q(person=user.person_id)
        if user.second_factor:
            if user.holds("auditor"):
                return rows
            if user.seats(*TEACHING):
                taught = Enrolment.objects.filter(cohort__in=cohorts_of(user).values("pk"))
                found |= Q(pk__in=taught.values("learner"))
        return rows.filter(found)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("see", "export"):
            return super().may(user, verb, record)
        if verb == "consent":
            return record is not None and user.is_authenticated and record.person_id == user.person_id
        if not (user.is_authenticated and user.second_factor):
            return False
        if verb == "import":
            return user.holds(*OFFICE)
        if verb == "history":
            return user.holds("auditor") or self._taught(user, record, TEACHING)
        if verb in ("edit", "forget"):  # nobody keeps his own row, nor makes another's his own
            return getattr(record, "person_id", None) != user.person_id and self._taught(user, record, OFFICE)
        return False  # learners come in by enrolling

    @staticmethod
    def _taught(user: Any, record: Any, roles: tuple[str, ...]) -> bool:
        if record is None or record.pk is None:
            return False
        seats = user.seats(*roles)
        rows = Enrolment.objects.filter(learner=record.pk)
        return bool(seats) and rows.filter(
            Q(cohort__institution__in=seats) | Q(cohort__co_institution__in=seats)
        ).exists()  # fmt: skip
