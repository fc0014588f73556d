"""Who may see and do what with agreements. Deny by default; an officer acts for his own party only.

Drafts, turns and approvals are seen by officers of the parties, the register's secretariat and auditors. What is
signed is public once every party agrees to publish it; what was read in published sources is public anyway.
"""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet

from sunmao.agreements.models import (
    UNRECORDED,
    Agreement,
    FulfilmentState,
    Origin,
    Party,
    State,
    VersionState,
)
from sunmao.kernel.policy import Policy

ALL_SEEING = ("secretariat", "auditor")
LOOSE = (State.DRAFTING, *UNRECORDED)  # parties and clauses may still be written
FORCE = (State.SIGNED, State.IN_FORCE, State.RENEWED, State.ENDED)


def party_to(user: Any) -> QuerySet[Any]:
    """Return the agreements to which an organisation of the person, as its officer, is a party."""
    seats = user.seats("officer")
    if not seats:
        return Agreement.objects.none()
    return Agreement.objects.filter(Q(opened_by__in=seats) | Q(parties__organisation__in=seats))


def own_parties(user: Any, agreement: Agreement) -> list[Party]:
    """Return the parties of an agreement that the person acts for as their officer."""
    seats = user.seats("officer")
    return [party for party in agreement.parties.all() if party.organisation_id in seats] if seats else []


def is_inside(user: Any, agreement: Agreement) -> bool:
    """True for those who see drafts, turns and what is late: officers of a party, secretariat, auditors."""
    return user.holds(*ALL_SEEING) or bool(own_parties(user, agreement)) or _opened(user, agreement)


def sees_late(user: Any, agreement: Agreement) -> bool:
    """True for those inside, and for all where every party publishes what is late."""
    return agreement.lateness_published or is_inside(user, agreement)


def _opened(user: Any, agreement: Agreement) -> bool:
    return agreement.opened_by_id is not None and user.holds("officer", at=agreement.opened_by_id)


def public(prefix: str = "") -> Q:
    """Return the condition under which anybody sees an agreement."""
    return Q(**{f"{prefix}origin": Origin.PRESS}) | Q(**{f"{prefix}published": True, f"{prefix}state__in": FORCE})


class AgreementPolicy(Policy):
    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if user.holds(*ALL_SEEING):
            return rows
        if not user.seats("officer"):
            return rows.filter(public())
        return rows.filter(public() | Q(pk__in=party_to(user).values("pk")))

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("see", "export"):
            return True
        if record is None:
            return verb == "add" and user.holds("officer", "secretariat")
        if verb == "history":
            return is_inside(user, record)
        keeper = user.holds("secretariat")
        inside = bool(own_parties(user, record)) if record.pk else False
        if verb == "add":
            return keeper or _opened(user, record) or (record.origin == Origin.PRESS and user.holds("officer"))
        if verb == "edit":
            loose = record.state in LOOSE
            return loose and (keeper or inside or _opened(user, record))
        if verb == "delete":
            return record.state in LOOSE and (keeper or _opened(user, record))
        if verb in ("approve", "return_text"):
            return self._has_turn(user, record)
        if verb in ("propose_text", "sign"):
            return inside
        if verb == "propose_amendment":
            return inside
        if verb == "publish":
            return keeper or any(not (p.publishes and p.publishes_late) for p in own_parties(user, record))
        if verb in ("record_signed", "bring_into_force", "renew", "end", "withdraw"):
            return inside or keeper
        return False

    def _has_turn(self, user: Any, record: Agreement) -> bool:
        draft = record.versions.filter(state=VersionState.DRAFT).select_related("turn").first()
        turn = draft.turn if draft else None
        return turn is not None and turn.organisation_id in user.seats("officer")


class PartOfAgreementPolicy(Policy):
    """What hangs on an agreement is seen with it, and written while it is drafted by those inside."""

    above = "agreement__"
    writable = True

    def agreement(self, record: Any) -> Agreement | None:
        return record.agreement if record.agreement_id else None

    def shown(self) -> Q:
        """Return the condition under which everybody sees a row, given that he sees the agreement."""
        return Q()

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        if user.holds(*ALL_SEEING):
            return rows
        open_to_all = public(self.above) & self.shown()
        if not user.seats("officer"):
            return rows.filter(open_to_all)
        own = Q(**{f"{self.above.removesuffix('__')}__in": party_to(user).values("pk")})
        return rows.filter(open_to_all | own)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("see", "export"):
            return True
        if record is None:
            return self.writable and verb in ("add", "edit") and user.holds("officer", "secretariat")
        whole = self.agreement(record)
        if whole is None:
            return False
        if verb == "history":
            return is_inside(user, whole)
        if verb in ("add", "edit", "delete"):
            inside = user.holds("secretariat") or bool(own_parties(user, whole)) or _opened(user, whole)
            return self.writable and inside and self.is_loose(record, whole)
        return False

    def is_loose(self, record: Any, whole: Agreement) -> bool:
        return whole.state in LOOSE


class PartyPolicy(PartOfAgreementPolicy):
    """A party's row is kept by its own officer; one of another party by who wrote the agreement down."""

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        allowed = super().may(user, verb, record)
        if not allowed or record is None or record.pk is None or verb not in ("edit", "delete"):
            return allowed
        stored = Party.objects.get(pk=record.pk)
        own = stored.organisation_id in user.seats("officer") and verb == "edit"
        return own or user.holds("secretariat") or _opened(user, record.agreement)


class SourcePolicy(PartOfAgreementPolicy):
    """Sources may be added at any time."""

    above = "record__"

    def agreement(self, record: Any) -> Agreement | None:
        return record.record if record.record_id else None

    def is_loose(self, record: Any, whole: Agreement) -> bool:
        return True


class VersionPolicy(PartOfAgreementPolicy):
    """Outsiders see signed wordings only, once published (a press report publishes no wording); nobody edits one."""

    writable = False

    def shown(self) -> Q:
        return Q(state=VersionState.SIGNED, agreement__published=True)


class OfVersionPolicy(VersionPolicy):
    """Texts and signatures follow their version."""

    above = "version_of__agreement__"

    def agreement(self, record: Any) -> Agreement | None:
        return record.version_of.agreement if record.version_of_id else None

    def shown(self) -> Q:
        return Q(version_of__state=VersionState.SIGNED, version_of__agreement__published=True)


class ApprovalPolicy(OfVersionPolicy):
    """Approvals are between the parties."""

    def shown(self) -> Q:
        return Q(pk__in=[])


class ClausePolicy(PartOfAgreementPolicy):
    """Outsiders see the clauses of what is published, and those of a press report as long as it is no more than
    that; inside, new ones may be worded while an amendment is drafted."""

    def shown(self) -> Q:
        known = Q(agreement__published=True) | Q(agreement__state__in=UNRECORDED)
        return known & Q(amendment__lte=F("agreement__amendment"))

    def is_loose(self, record: Any, whole: Agreement) -> bool:
        if whole.state in (*LOOSE, State.APPROVED):
            return True
        drafted = whole.versions.filter(state__in=(VersionState.DRAFT, VersionState.APPROVED)).exists()
        return drafted and (record.pk is None or record.is_proposed)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("fulfil", "waive"):
            return record is not None and bool(own_parties(user, record.agreement))
        if verb == "remind":
            return record is not None and (user.holds("secretariat") or bool(own_parties(user, record.agreement)))
        return super().may(user, verb, record)


class DebtorPolicy(ClausePolicy):
    above = "clause__agreement__"

    def agreement(self, record: Any) -> Agreement | None:
        return record.clause.agreement if record.clause_id else None

    def shown(self) -> Q:
        known = Q(clause__agreement__published=True) | Q(clause__agreement__state__in=UNRECORDED)
        return known & Q(clause__amendment__lte=F("clause__agreement__amendment"))

    def is_loose(self, record: Any, whole: Agreement) -> bool:
        return super().is_loose(record.clause, whole)


class FulfilmentPolicy(PartOfAgreementPolicy):
    """Outsiders see what is confirmed; another party than the one that told it answers."""

    above = "clause__agreement__"
    writable = False

    def agreement(self, record: Any) -> Agreement | None:
        return record.clause.agreement if record.clause_id else None

    def shown(self) -> Q:
        return Q(state=FulfilmentState.CONFIRMED, clause__agreement__published=True)

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("confirm", "refuse"):
            others = (
                [p for p in own_parties(user, record.clause.agreement) if p.pk != record.party_id] if record else []
            )
            told_own = bool(record) and record.party.organisation_id in user.seats("officer")
            return bool(others) and not told_own
        return super().may(user, verb, record)
