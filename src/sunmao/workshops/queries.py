"""Questions others ask of workshops."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from sunmao.workshops.models import (
    BUILDING,
    Item,
    ItemState,
    Partner,
    Stage,
    StageKind,
    StageState,
    State,
    Workshop,
)

OFFICE = ("officer", "director")


def partner_ids(workshop: Workshop) -> frozenset[int]:
    """Return the ids of the organisations that take part, the host among them."""
    ids = {partner.organisation_id for partner in workshop.partners.all()}
    return frozenset(ids | ({workshop.host_id} if workshop.host_id else set()))


def seat_of(user: Any, workshop: Workshop) -> int | None:
    """Return the partner organisation for which the person acts, None where there is none."""
    own = user.seats("officer", "director") & partner_ids(workshop)
    return min(own) if own else None


def named_for(user: Any, workshop: Workshop) -> list[int]:
    """Return the institutions the person acts for that take part, as others say, and have not confirmed it."""
    seats = user.seats(*OFFICE) & partner_ids(workshop)
    confirmed = {partner.organisation_id for partner in workshop.partners.all() if partner.confirmed_on}
    return sorted(seats - confirmed)


def to_confirm(user: Any) -> QuerySet[Any]:
    """Return the workshops that are being set up, name an institution the person acts for, and wait for its word."""
    seats = user.seats(*OFFICE)
    if not seats:
        return Workshop.objects.none()
    named = Partner.objects.filter(organisation__in=seats, confirmed_on=None, workshop__state__in=BUILDING)
    hosted = Workshop.objects.filter(host__in=seats, state__in=BUILDING).exclude(partners__organisation=F("host"))
    return Workshop.objects.filter(Q(pk__in=named.values("workshop")) | Q(pk__in=hosted.values("pk"))).order_by("id")


def may_sign_off(user: Any, stage: Stage) -> list[int]:
    """Return the partner organisations for which the person may judge a proposed stage: not the proposer's, and
    nothing that he or she proposed for another of them."""
    if not user.is_authenticated or stage.proposer_id == user.person_id:
        return []
    return sorted((user.seats("officer", "director") & partner_ids(stage.workshop)) - {stage.proposed_by_id})


def own_state(workshop: Workshop) -> State | None:
    """Return the state that the workshop's own stages of set-up tell, beside what is reported; None without stages."""
    stages = {stage.kind: stage for stage in workshop.stages.all()}
    if not stages:
        return None
    passed = {kind for kind, stage in stages.items() if stage.state == StageState.PASSED}
    if workshop.state in (State.CLOSED, State.RECTIFYING):
        return State(workshop.state)
    if StageKind.ACCEPTANCE in passed:
        return State.OPERATING
    if StageKind.UNVEILING in passed:
        return State.LAUNCHED
    begun = any(stage.state != StageState.NOT_STARTED for stage in stages.values())
    return State.SET_UP if begun else State.ANNOUNCED


def works_at(user: Any) -> QuerySet[Any]:
    """Return the workshops in which an organisation of the person takes part."""
    seats = user.seats("officer", "director", "teacher")
    return (
        Workshop.objects.filter(Q(partners__organisation__in=seats) | Q(host__in=seats)).distinct()
        if seats
        else Workshop.objects.none()
    )


def surely_on(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Return the workshops of `rows` that were surely unveiled by `day`."""
    return rows.filter(unveiled__surely_by=day)


def unsure_on(rows: QuerySet[Any], day: date) -> QuerySet[Any]:
    """Return the workshops of `rows` that may have been unveiled by `day`, but not surely."""
    return rows.filter(Q(unveiled="") | Q(unveiled__possibly_by=day)).exclude(unveiled__surely_by=day)


def to_sign_off(user: Any) -> QuerySet[Any]:
    """Return the stages that wait for the signature of one of the person's institutions."""
    seats = user.seats("officer", "director")
    if not seats:
        return Stage.objects.none()
    rows = Stage.objects.filter(state=StageState.TO_SIGN_OFF, workshop__in=works_at(user)).select_related("workshop")
    rows = rows.exclude(proposer=user.person_id)
    return rows.exclude(proposed_by__in=seats) if len(seats) == 1 else rows


def late(user: Any, day: date) -> QuerySet[Any]:
    """Return the stages of the person's workshops that are late on a day."""
    rows = Stage.objects.filter(workshop__in=works_at(user), due_on__lt=day).exclude(state=StageState.PASSED)
    return rows.select_related("workshop").order_by("due_on")


def due(user: Any, day: date, until: date) -> QuerySet[Any]:
    """Return the stages of the person's workshops that are under way and due from `day` to `until`."""
    rows = Stage.objects.filter(workshop__in=works_at(user), due_on__gte=day, due_on__lte=until)
    rows = rows.filter(state__in=(StageState.IN_PROGRESS, StageState.SENT_BACK))
    return rows.select_related("workshop").order_by("due_on")


def to_see_to(user: Any) -> QuerySet[Any]:
    """Return the equipment that waits for the host: on its way, or out of order."""
    seats = user.seats("officer", "director")
    rows = Item.objects.filter(workshop__host__in=seats, state__in=(ItemState.TRANSIT, ItemState.DOWN))
    return rows.select_related("workshop").order_by("state", "id")
