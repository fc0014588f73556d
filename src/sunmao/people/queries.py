"""Questions others ask of people: whose roles end, who has people here."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from sunmao.directory.models import Organisation
from sunmao.kernel import clock
from sunmao.people.models import Membership


def has_people(place: Organisation, *roles: str) -> bool:
    """True where somebody holds one of the roles at an institution today."""
    today = clock.today()
    return any(row.in_force(today) for row in Membership.objects.filter(organisation=place, role__in=roles))


def ending(user: Any, day: date, until: date) -> QuerySet[Any]:
    """Return the roles that end after `day` and by `until`: the person's own, for the secretariat everybody's."""
    rows = Membership.objects.filter(until_on__gt=day, until_on__lte=until)
    if not user.holds("secretariat"):
        rows = rows.filter(person=user.person_id)
    return rows.select_related("person", "organisation").order_by("until_on", "id")
