"""Awards are public; a credential is seen by whoever answers for it, with a second factor, and by its holder. Officers,
directors and authorities of others endorse an award.

Officers and directors of an issuing institution award, sign, suspend and revoke; teachers and auditors read. A
learner decides what his own link shows; where he has no account, his institution does so at his request, in writing.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from sunmao.credentials.models import Award, AwardIssuer, CredentialState
from sunmao.kernel.changes import history
from sunmao.kernel.policy import READING, Policy
from sunmao.keys.queries import acts_for
from sunmao.standards.actions import side_of

SIGNERS = ("officer", "director")
ENDORSERS = (*SIGNERS, "authority")
READERS = (*SIGNERS, "teacher")
SIDES_SPOKEN_FOR = ("authority", "officer")  # in these roles a side of a crosswalk is spoken for, the first named first
CROSSWALK_KEEPERS = tuple(
    f"crosswalk__{side}__programme__{name}" for side in ("source", "target") for name in ("owner", "authority")
)


def issues(user: Any, award: Award, *roles: str) -> bool:
    """True where the person holds one of the roles at an institution that gives the award."""
    seats = user.seats(*roles)
    rows = award.issuers.all() if seats else ()
    return any(row.organisation_id in seats for row in rows) or any(
        row.organisation.merged_into_id in seats for row in rows
    )


def endorses(user: Any, organisation_id: int) -> bool:
    """True where the person may give an institution's word for what others issue."""
    return bool(user.is_authenticated and user.second_factor and user.holds(*ENDORSERS, at=organisation_id))


def may_endorse(user: Any, award: Award) -> bool:
    """True where the person holds an endorser's role at an institution that does not give the award itself."""
    if not user.is_authenticated:
        return False
    seats = user.seats(*ENDORSERS)
    return bool(seats) and not seats <= {row.organisation_id for row in award.issuers.all()}


class AwardPolicy(Policy):
    everyone = True

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in READING:
            return True
        if verb == "history":
            return bool(user.is_authenticated)
        if verb == "add" or record is None:
            return verb in ("add", "edit") and user.holds(*SIGNERS)
        if verb in ("edit", "delete"):
            if not (user.is_authenticated and user.holds(*SIGNERS)) or record.was_given:
                return False
            return issues(user, record, *SIGNERS) if record.issuers.exists() else self._drew_up(user, record)
        if verb == "endorse":
            return may_endorse(user, record)
        return verb == "award" and issues(user, record, *SIGNERS)

    @staticmethod
    def _drew_up(user: Any, record: Award) -> bool:
        """True for the person who drew up an award whose institutions are still to be named."""
        return history(record).filter(deed="add", actor_key=user.actor_key).exists()


class AwardIssuerPolicy(Policy):
    """Drawn up with the award, fixed once it was given."""

    everyone = True

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in READING:
            return True
        if verb == "history":
            return bool(user.is_authenticated)
        if record is None or not record.award_id:
            return verb == "add" and user.holds(*SIGNERS)
        if verb == "endorse":
            return may_endorse(user, record.award)
        return verb in ("add", "edit", "delete") and AwardPolicy().may(user, "edit", record.award)


class AwardEvidencePolicy(AwardIssuerPolicy):
    """Drawn up with the award, fixed once it was given."""

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        return verb != "endorse" and super().may(user, verb, record)


class OpenPolicy(Policy):
    """Whoever sees a record reads it, whoever signed in reads its history; `does` says who does more."""

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in READING:
            return True
        return bool(user.is_authenticated) and (verb == "history" or self.does(user, verb, record))

    def does(self, user: Any, verb: str, record: Any) -> bool:
        """True where a person who signed in may do what is more than reading."""
        return False


class EndorsementPolicy(OpenPolicy):
    """Public once it was taken up; until then between who gave it and who may take it up. Who gave it withdraws it."""

    everyone = True

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        found = Q(was_taken=True)
        if user.is_authenticated:
            if user.holds("auditor"):
                return rows
            seats = user.seats(*READERS, "authority")
            if seats:
                found |= Q(organisation__in=seats) | Q(award__issuers__organisation__in=seats)
        return rows.filter(found).distinct()

    def does(self, user: Any, verb: str, record: Any) -> bool:
        if record is None:
            return False
        if verb in ("take_up", "leave_out"):
            return issues(user, record.award, *SIGNERS)
        return verb == "withdraw" and acts_for(user, record.organisation, *ENDORSERS)


class CrosswalkCredentialPolicy(OpenPolicy):
    """Public once both sides signed it; until then between the two sides, whose officers and authorities draw it up."""

    path = ""

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        found = ~Q(**{f"{self.path}state__in": (CredentialState.AWAITING, CredentialState.DROPPED)})
        if user.is_authenticated:
            if user.holds("auditor"):
                return rows
            seats = user.seats(*READERS, "authority")
            for name in ("issuer", "joint", *CROSSWALK_KEEPERS) if seats else ():
                found |= Q(**{f"{self.path}{name}__in": seats})
        return rows.filter(found)

    def does(self, user: Any, verb: str, record: Any) -> bool:
        if verb == "add":
            if record is None or not record.crosswalk_id:
                return user.holds(*SIDES_SPOKEN_FOR)
            return bool(side_of(user, record.crosswalk))
        if record is None:
            return False
        if verb == "sign":
            return any(user.holds(*SIDES_SPOKEN_FOR, at=home.pk) for _side, home in record.missing)
        if verb == "drop":
            return bool(side_of(user, record.crosswalk))
        sides = (record.issuer, record.joint)
        return verb == "revoke" and any(acts_for(user, home, *SIDES_SPOKEN_FOR) for home in sides)


class CrosswalkSigningPolicy(CrosswalkCredentialPolicy):
    """Seen with the crosswalk credential; they come about by its deed."""

    path = "credential__"

    def does(self, user: Any, verb: str, record: Any) -> bool:
        return False


class CredentialPolicy(Policy):
    """Rows of learners: nobody but the learner sees one without a second factor."""

    award = "award__"

    def lacks(self, user: Any) -> str:
        """Say that a second factor is missing where the person's roles could otherwise show learners."""
        if user.is_authenticated and not user.second_factor and user.holds(*READERS, "auditor"):
            return "second-factor"
        return ""

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if not user.is_authenticated:
            return rows.none()
        found = self.own(user)
        if user.second_factor:
            if user.holds("auditor"):
                return rows
            seats = user.seats(*READERS)
            if seats:
                issuer = f"{self.award}issuers__organisation"
                found |= Q(**{f"{issuer}__in": seats}) | Q(**{f"{issuer}__merged_into__in": seats})
        return rows.filter(found).distinct()

    def own(self, user: Any) -> Q:
        return Q(learner__person=user.person_id)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in READING:
            return bool(user.is_authenticated) and (record is not None or not self.lacks(user))
        if record is None or not user.is_authenticated:
            return False
        if verb == "release" and record.learner_id is not None and record.learner.person_id == user.person_id:
            return True
        if not user.second_factor:
            return False
        if verb == "history":
            return user.holds("auditor") or issues(user, record.award, *READERS)
        deeds = ("release", "remark", "suspend", "restore", "revoke", "supersede")
        return verb in deeds and issues(user, record.award, *SIGNERS)


class ConferralPolicy(CredentialPolicy):
    """A conferral names no learner, but tells how many: seen by those who issue it."""

    def own(self, user: Any) -> Q:
        return Q(pk__in=[])

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in READING or verb == "history":
            return bool(user.is_authenticated and user.second_factor)
        if record is None or not user.second_factor:
            return False
        if verb in ("confirm", "drop", "extend"):
            return user.holds(*SIGNERS, at=record.proposed_for_id)
        return verb == "sign" and any(user.holds(*SIGNERS, at=row.pk) for row in record.missing)


class SigningPolicy(ConferralPolicy):
    award = "conferral__award__"

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        return verb in (*READING, "history") and super().may(user, verb, record)


class BatchPolicy(CredentialPolicy):
    """A batch names nobody, but tells how many: seen by those who issue it."""

    batch = ""

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if not (user.is_authenticated and user.second_factor):
            return rows.none()
        if user.holds("auditor"):
            return rows
        seats = user.seats(*READERS)
        given = AwardIssuer.objects.filter(Q(organisation__in=seats) | Q(organisation__merged_into__in=seats))
        mine = Q(**{f"{self.batch}issuer__in": seats}) | Q(**{f"{self.batch}award__in": given.values("award")})
        return rows.filter(mine)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in READING or verb == "history":
            return bool(user.is_authenticated and user.second_factor)
        if record is None or not user.second_factor:
            return False
        if verb == "sign":
            return any(user.holds(*SIGNERS, at=row.pk) for row in record.missing)
        return verb in ("drop", "extend") and user.holds(*SIGNERS, at=record.home.pk)


class BatchSigningPolicy(BatchPolicy):
    batch = "batch__"

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        return verb in (*READING, "history") and super().may(user, verb, record)


class IssuedPolicy(BatchPolicy):
    """What was issued from a list: its people have no account here, so only those who answer for it see it."""

    batch = "batch__"

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in READING or verb == "history":
            return super().may(user, verb, record)
        if record is None or not user.second_factor:
            return False
        mine = user.holds(*SIGNERS, at=record.batch.issuer_id) or issues(user, record.batch.award, *SIGNERS)
        return verb in ("suspend", "restore", "revoke", "forget") and mine


class StatusListPolicy(OpenPolicy):
    """Public: they say nothing of any learner."""

    everyone = True
