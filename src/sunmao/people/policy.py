"""Persons are not public: whoever works at an organisation sees its people; the secretariat and auditors all.
Whoever is nothing but a learner is seen with a second factor only."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from sunmao.kernel.policy import Policy
from sunmao.people.models import Membership, Person, Role

WORKING = ("officer", "director", "teacher", "secretariat", "authority", "auditor")


def _holders(**of: Any) -> QuerySet[Any]:
    """Return the persons of the memberships that fit."""
    return Membership.objects.filter(**of).values("person")


class PersonPolicy(Policy):
    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if not user.is_authenticated:
            return rows.none()
        own = Q(pk=user.person_id)
        if not user.holds("secretariat", "auditor"):
            rows = rows.filter(own | Q(pk__in=_holders(organisation__in=user.seats(*WORKING))))
        if user.second_factor:
            return rows
        return rows.filter(own | ~Q(pk__in=_holders(role=Role.LEARNER)) | Q(pk__in=_holders(role__in=WORKING)))

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("see", "export"):
            return bool(user.is_authenticated) and (record is not None or user.holds(*WORKING))
        if verb == "choose_reminders" and isinstance(record, Person) and user.is_authenticated:
            return record.pk == user.person_id or user.holds("secretariat")
        if verb == "history":
            return user.holds("secretariat", "auditor")
        return user.holds("secretariat")


class MembershipPolicy(PersonPolicy):
    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if not user.is_authenticated:
            return rows.none()
        own = Q(person_id=user.person_id)
        if not user.holds("secretariat", "auditor"):
            rows = rows.filter(own | Q(organisation__in=user.seats(*WORKING)))
        return rows if user.second_factor else rows.filter(own | ~Q(role=Role.LEARNER))
