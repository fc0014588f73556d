"""Alliances are public; who has applied is known to the applicant, to those who run the alliance, to the
secretariat of the register and to auditors."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from sunmao.alliances.models import RUNNING, Alliance, Member, MemberState
from sunmao.kernel.policy import Policy, Public

SETTLED = (MemberState.ACCEPTED, MemberState.LEFT)


def run_by(user: Any) -> Q:
    """Return which alliances the person runs as an officer: of the alliance itself, or of the member that
    chairs it, leads it or is its secretariat."""
    seats = user.seats("officer")
    return Q(organisation__in=seats) | Q(
        pk__in=Member.objects.filter(organisation__in=seats, role__in=RUNNING, state=MemberState.ACCEPTED).values(
            "alliance"
        )
    )


def runs(user: Any, alliance: Alliance | None) -> bool:
    """True where the person is an officer of those who run the alliance."""
    if alliance is None or not user.seats("officer"):
        return False
    return Alliance.objects.filter(run_by(user), pk=alliance.pk).exists()


class AlliancePolicy(Public):
    keepers = ("secretariat",)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb == "apply":
            return user.holds("officer")
        if verb == "edit":
            return runs(user, record) or user.holds(*self.keepers)
        return super().may(user, verb, record)


class MemberPolicy(Policy):
    """Those who run the alliance, and the register's secretariat, write members down and answer applications;
    nobody answers that of an own organisation."""

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if user.holds("secretariat", "auditor"):
            return rows
        seats = user.seats("officer")
        settled = Q(state__in=SETTLED)
        if not seats:
            return rows.filter(settled)
        return rows.filter(
            settled | Q(organisation__in=seats) | Q(alliance__in=Alliance.objects.filter(run_by(user)).values("pk"))
        )

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("see", "export"):
            return True
        if verb == "history":
            return bool(user.is_authenticated)
        if record is None:
            return (
                user.holds("secretariat")
                if verb == "import"
                else verb == "add" and user.holds("officer", "secretariat")
            )
        own = record.organisation_id is not None and user.holds("officer", at=record.organisation_id)
        keeps = user.holds("secretariat") or runs(user, record.alliance if record.alliance_id else None)
        if verb in ("accept", "decline"):
            return keeps and not own
        if verb == "leave":
            return keeps or own
        return keeps and verb in ("add", "edit", "delete")


class PartOfAlliancePolicy(Public):
    """Bodies and sources are public; those who run the alliance write them."""

    keepers = ("secretariat",)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("add", "edit", "delete"):
            if record is None:
                return user.holds("officer", *self.keepers)
            whole = self.alliance(record)
            return user.holds(*self.keepers) or runs(user, whole)
        return super().may(user, verb, record)

    def alliance(self, record: Any) -> Alliance | None:
        if hasattr(record, "alliance_id"):
            return record.alliance if record.alliance_id else None
        above = record.record if record.record_id else None
        return above.alliance if isinstance(above, Member) else above


class SourceOfMemberPolicy(PartOfAlliancePolicy):
    """A source is seen with its member."""

    everyone = False

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(record__in=MemberPolicy().visible(user, Member.objects.all()).values("pk"))
