"""What waits for people of an authority, and for an applicant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from sunmao.recognition.models import (
    OF_APPLICANT,
    Accreditation,
    Appeal,
    AppealState,
    Case,
    CaseState,
    Competence,
    Decision,
    DecisionState,
    DeliveryPermit,
    Instrument,
    InstrumentState,
    ReviewRound,
    Step,
    StepKind,
    Touched,
)

_OVER = (CaseState.DECIDED, CaseState.CLOSED)
LIVE = (DecisionState.ISSUED, DecisionState.REVIEW_DUE)


def cases_open(user: Any) -> QuerySet[Any]:
    """Return the cases of the person's authorities that are taken in or examined, with their open steps; the clock decides
    the order. Those with a proposal wait for its second person and are not among them."""
    rows = Case.objects.filter(authority__in=user.seats("authority"), state__in=(CaseState.INTAKE, CaseState.EXAMINED))
    steps = Prefetch("steps", Step.objects.filter(done_on=None).order_by("asked_on", "id"), to_attr="open_steps")
    rows = rows.select_related("target__programme").prefetch_related(steps)
    return rows.order_by(F("due_on").asc(nulls_last=True), "id")


def decisions_open(user: Any) -> QuerySet[Any]:
    """Return the decisions of the person's authorities that wait: proposed by someone else, in force and not told to
    the applicant, or on ground that has changed."""
    waits = (
        (Q(state=DecisionState.PROPOSED) & ~Q(proposed_by=user.person_id))
        | Q(state=DecisionState.REVIEW_DUE)
        | Q(state=DecisionState.ISSUED, notified_on=None)
    )
    rows = Decision.objects.filter(waits, case__authority__in=user.seats("authority"))
    return rows.select_related("case__target__programme").order_by("id")


def rounds_open(user: Any) -> QuerySet[Any]:
    """Return the rounds in which decisions of the person's authorities are still to be looked at."""
    own = Touched.objects.filter(round=OuterRef("pk"), decision__case__authority__in=user.seats("authority"))
    return ReviewRound.objects.filter(Exists(own), finished_at=None).order_by("id")


def appeals_open(user: Any) -> QuerySet[Any]:
    """Return the appeals that the person's authorities must hear."""
    rows = Appeal.objects.filter(state=AppealState.FILED, decision__case__authority__in=user.seats("authority"))
    return rows.select_related("decision__case__target__programme").order_by("id")


def steps_open(user: Any) -> QuerySet[Any]:
    """Return the open steps of the cases of the person's authorities, the longest due first."""
    rows = Step.objects.filter(done_on=None, case__authority__in=user.seats("authority"))
    return rows.exclude(case__state__in=_OVER).select_related("case").order_by("due_on", "id")


def asked_of_applicant(user: Any) -> QuerySet[Any]:
    """Return what authorities ask of the person as an applicant."""
    asked = (*OF_APPLICANT, StepKind.FEE)
    rows = Step.objects.filter(kind__in=asked, done_on=None, case__applicant__person=user.person_id)
    rows = rows.exclude(case__state__in=_OVER)
    return rows.select_related("case__target__programme").order_by("due_on", "id")


def appealable(user: Any, day: date) -> QuerySet[Any]:
    """Return the decisions on the person's own cases against which an appeal is still in time."""
    rows = Decision.objects.filter(case__applicant__person=user.person_id, state__in=LIVE, appeal_until__gt=day)
    return rows.exclude(appeals__state=AppealState.FILED).select_related("case__target__programme").order_by("id")


def running_out(user: Any, day: date, until: date) -> Iterator[tuple[Any, str]]:
    """Yield what stops holding after `day` and by `until`, with words for it: instruments and competence of the
    person's authorities, accreditation and permits of the person's institutions."""
    soon = Q(valid_until__gt=day, valid_until__lte=until, superseded_at=None)
    authority, office = user.seats("authority"), user.seats("officer", "director")
    for row in Instrument.objects.filter(soon, authority__in=authority, state=InstrumentState.PUBLISHED).order_by(
        "code"
    ):
        yield row, _("The instrument runs out")
    for competence in Competence.objects.filter(soon, authority__in=authority).select_related("authority"):
        yield competence, _("The competence ends")
    for accreditation in Accreditation.objects.filter(soon, institution__in=office).select_related("institution"):
        yield accreditation, _("The accreditation runs out")
    for permit in DeliveryPermit.objects.filter(soon, institution__in=office).select_related("institution"):
        yield permit, _("The permit to teach abroad runs out")
