"""Workshops are public with their partners and stages; equipment, and evidence that is not published, are seen by the
partners.

A partner's officer or director writes, and until somebody takes part, who drew it up; who proposed a stage never signs it off. The secretariat keeps the facts that
were read in the press.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from sunmao.kernel.changes import history
from sunmao.kernel.policy import Policy, Public
from sunmao.workshops.models import StageState, Workshop
from sunmao.workshops.queries import may_sign_off, named_for, partner_ids, seat_of, works_at


class WorkshopPolicy(Public):
    keepers = ("secretariat",)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb == "add" and (record is None or record.pk is None):
            return user.holds("officer", "director", *self.keepers)
        if verb == "confirm_part":
            return record is not None and bool(named_for(user, record))
        if verb in ("add", "edit", "plan", "close"):
            if user.holds(*self.keepers) or (record is not None and seat_of(user, record) is not None):
                return True
            return verb == "edit" and record is not None and _drew_up(user, record)
        return super().may(user, verb, record)


def _drew_up(user: Any, workshop: Workshop) -> bool:
    """True for the officer or director who drew up a workshop in which nobody takes part yet: else nobody could say who."""
    if not user.holds("officer", "director") or partner_ids(workshop):
        return False
    return history(workshop).filter(deed="add", actor_key=user.actor_key).exists()


def inside(user: Any, workshop: Workshop) -> bool:
    """True for officers and directors of a partner."""
    return seat_of(user, workshop) is not None


class PartnerPolicy(WorkshopPolicy):
    """Partners, majors, citations: public, written by whoever may edit the workshop."""

    def workshop(self, record: Any) -> Workshop | None:
        name = "record" if hasattr(record, "record_id") else "workshop"
        return getattr(record, name) if getattr(record, f"{name}_id") else None

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("add", "edit", "delete"):
            workshop = self.workshop(record) if record is not None else None
            if workshop is None:
                return verb == "add" and user.holds("officer", "director", *self.keepers)
            return WorkshopPolicy.may(self, user, "edit", workshop)
        return Public.may(self, user, verb, record)


class StagePolicy(PartnerPolicy):
    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("start", "propose", "explain_delay", "edit"):
            return record is not None and inside(user, record.workshop)
        if verb in ("sign_off", "send_back"):
            if record is None or record.state != StageState.TO_SIGN_OFF:
                return record is not None and inside(user, record.workshop)
            return bool(may_sign_off(user, record))
        if verb in ("add", "delete", "import"):
            return False  # `plan` lays the stages out
        return Public.may(self, user, verb, record)


class InnerPolicy(Policy):
    """Evidence and equipment: for the partners, the secretariat and auditors."""

    path = "workshop"

    def workshop(self, record: Any) -> Workshop | None:
        if self.path == "stage__workshop":
            return record.stage.workshop if record.stage_id else None
        return record.workshop if record.workshop_id else None

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if user.holds("secretariat", "auditor"):
            return rows
        return rows.filter(**{f"{self.path}__in": works_at(user)}) if user.seats() else rows.none()

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("see", "export", "history"):
            return user.holds("officer", "director", "teacher", "secretariat", "auditor")
        workshop = self.workshop(record) if record is not None else None
        if workshop is None:
            return verb in ("add", "import") and user.holds("officer", "director")
        return inside(user, workshop)


class EvidencePolicy(InnerPolicy):
    """What the partners published is seen by everyone."""

    path = "stage__workshop"

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if user.holds("secretariat", "auditor"):
            return rows
        return rows.filter(Q(published=True) | Q(stage__workshop__in=works_at(user)))

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        return verb in ("see", "export") or super().may(user, verb, record)
