"""Persons are not public: whoever works at an organisation sees its people; the secretariat and auditors all."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from sunmao.kernel.policy import Policy
from sunmao.people.models import Person

WORKING = ("officer", "director", "teacher", "secretariat", "authority", "auditor")


class PersonPolicy(Policy):
    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if user.holds("secretariat", "auditor"):
            return rows
        if not user.is_authenticated:
            return rows.none()
        own = Q(pk=user.person_id)
        seats = user.seats(*WORKING)
        return rows.filter(own | Q(memberships__organisation__in=seats)).distinct() if seats else rows.filter(own)

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
        if user.holds("secretariat", "auditor"):
            return rows
        if not user.is_authenticated:
            return rows.none()
        return rows.filter(Q(person_id=user.person_id) | Q(organisation__in=user.seats(*WORKING)))
