"""Questions others ask of credentials. None of them gives a name: that is for whoever may see the learner."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from sunmao.credentials import numbers
from sunmao.credentials.models import (
    Award,
    AwardIssuer,
    AwardKind,
    Batch,
    BatchSigning,
    BatchState,
    Conferral,
    ConferralState,
    Credential,
    CredentialState,
    CrosswalkCredential,
    CrosswalkSigning,
    Issued,
    Signing,
    StatusList,
)
from sunmao.credentials.policy import SIDES_SPOKEN_FOR, SIGNERS
from sunmao.directory.models import Organisation
from sunmao.keys.queries import signing_key
from sunmao.standards.models import ProgrammeVersion, Side
from sunmao.vc import sdjwt


@dataclass(frozen=True)
class CredentialFacts:
    """What a recognition rests on, without the learner: kind, programme version, who awarded it, when, how it stands."""

    award: Award
    kind: AwardKind
    programme: ProgrammeVersion
    issuers: tuple[Organisation, ...]
    awarded_on: date
    valid_until: date | None
    state: CredentialState
    demonstration: bool


def facts(credential: Credential | Issued) -> CredentialFacts:
    """Return the facts of a credential that recognition asks for."""
    award = credential.award
    return CredentialFacts(
        award, AwardKind(award.kind), award.programme, tuple(award.organisations), credential.awarded_on,
        credential.valid_until, CredentialState(credential.state), award.demo,
    )  # fmt: skip


def by_number(text: str) -> Credential | None:
    """Return the credential under a printed number as someone typed it; None where there is none."""
    number = numbers.read(text)
    return _one(number=number) if number else None


def by_token(token: str) -> Credential | None:
    """Return the credential of a link."""
    return _one(token=token)


def by_digest(digest: str) -> Credential | None:
    """Return the credential a file is a copy of: same content under whatever proofs."""
    return _one(digest=digest)


def by_part(shown: dict[str, Any]) -> Credential | None:
    """Return the credential of which a document shows a part: of the same identifier, and saying all that is shown. That
    its issuer signed the part is for the caller to have checked."""
    name = str(shown.get("id"))
    try:
        found = _one(uid=uuid.UUID(name.removeprefix("urn:uuid:"))) if name.startswith("urn:uuid:") else None
    except ValueError:
        return None
    return found if found and found.document and sdjwt.is_part(shown, found.signed_document) else None


def issued_by_number(text: str) -> Issued | None:
    """Return the credential issued from a list under a printed number; None where there is none."""
    number = numbers.read(text)
    return _issued(number=number) if number else None


def issued_by_digest(digest: str) -> Issued | None:
    """Return the credential issued from a list that a file is a copy of."""
    return _issued(digest=digest)


def _issued(**sought: str) -> Issued | None:
    rows = Issued.objects.select_related("batch__award__programme__programme", "batch__issuer", "batch__key_used")
    found: Issued | None = rows.select_related("status_list").filter(**sought).first()
    return found


def _one(**sought: Any) -> Credential | None:
    rows = Credential.objects.select_related("award__programme__programme", "issuer", "conferral")
    found: Credential | None = rows.filter(**sought).first()
    return found


def held_by(learners: Iterable[Any]) -> list[Credential]:
    """Return the credentials of learners, however they stand today, newest first; for the holder's own page."""
    rows = Credential.objects.filter(learner__in=learners).exclude(state=CredentialState.DROPPED)
    return list(rows.select_related("award__programme").order_by("-awarded_on", "-id"))


def released(credential: Credential, today: date) -> tuple[bool, bool]:
    """Return whether the link shows (the name, the results) today.

    Both the credential's own switch and the learner's consent must be on, so that withdrawing either stops it.
    """
    learner = credential.learner
    if learner is None or not credential.document:
        return False, False
    if credential.shown_until is not None and today > credential.shown_until:
        return False, False
    return (
        credential.shows_name and learner.consent_show_name,
        credential.shows_results and learner.consent_show_results,
    )


def to_confirm(user: Any) -> QuerySet[Any]:
    """Return the conferrals that wait for a second person of the institution that proposed them: not the proposer."""
    rows = Conferral.objects.filter(state=ConferralState.PROPOSED, proposed_for__in=user.seats(*SIGNERS))
    return rows.exclude(proposed_key=user.actor_key).select_related("award", "cohort").order_by("sign_by", "id")


def to_sign(user: Any) -> QuerySet[Any]:
    """Return the conferrals being signed on which the signature of one of the person's institutions is missing."""
    seats = user.seats(*SIGNERS)
    signed = Signing.objects.filter(conferral=OuterRef(OuterRef("pk"))).values("organisation")
    missing = AwardIssuer.objects.filter(award=OuterRef("award"), organisation__in=seats).exclude(
        organisation__in=signed
    )
    rows = Conferral.objects.filter(Exists(missing), state=ConferralState.SIGNING)
    return rows.select_related("award", "cohort").order_by("sign_by", "id")


def batches_to_sign(user: Any) -> QuerySet[Any]:
    """Return the lists that wait for one of the person's institutions, and in which the person has no part yet."""
    signings = BatchSigning.objects.filter(batch=OuterRef(OuterRef("pk")))
    done = signings.exclude(Q(signed_at=None) & ~Q(first_key=user.actor_key)).values("organisation")
    missing = AwardIssuer.objects.filter(award=OuterRef("award"), organisation__in=user.seats(*SIGNERS))
    rows = Batch.objects.filter(
        Exists(missing.exclude(organisation__in=done)), state__in=(BatchState.PROPOSED, BatchState.AWAITING)
    )
    return rows.select_related("award").order_by("sign_by", "id")


def crosswalks_to_sign(user: Any) -> QuerySet[Any]:
    """Return the crosswalk credentials that wait for the signature of one of the person's institutions."""
    seats = user.seats(*SIDES_SPOKEN_FOR)
    signed = CrosswalkSigning.objects.filter(credential=OuterRef("pk"))
    source = Q(issuer__in=seats) & ~Exists(signed.filter(side=Side.SOURCE))
    target = Q(joint__in=seats) & ~Exists(signed.filter(side=Side.TARGET))
    rows = CrosswalkCredential.objects.filter(Q(source) | Q(target), state=CredentialState.AWAITING)
    return rows.select_related("crosswalk__source__programme", "crosswalk__target__programme").order_by("id")


def unsigned_by_others(user: Any, day: date) -> QuerySet[Any]:
    """Return the conferrals of the person's institutions that others should have signed before `day`."""
    rows = Conferral.objects.filter(
        state=ConferralState.SIGNING, sign_by__lt=day, signings__organisation__in=user.seats(*SIGNERS)
    )
    return rows.distinct().select_related("award", "cohort").order_by("sign_by", "id")


def unsigned_lists(user: Any) -> list[StatusList]:
    """Return the status lists of the person's institutions that no key kept here can sign any more."""
    rows = StatusList.objects.filter(organisation__in=user.seats(*SIGNERS)).select_related("organisation")
    return [row for row in rows.order_by("id") if signing_key(row.organisation, row.controller) is None]


def expiring(user: Any, day: date, until: date) -> QuerySet[Any]:
    """Return the person's own certificates whose last day lies between two days."""
    rows = Credential.objects.filter(
        learner__person=user.person_id, state=CredentialState.ISSUED, valid_until__gte=day, valid_until__lte=until
    )
    return rows.select_related("award").order_by("valid_until", "id")
