"""Deeds on workshops: plan the stages, propose one as done, sign it off, send it back; equipment's life."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.kernel import changes, clock, files
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When
from sunmao.workshops.models import (
    BUILDING,
    Evidence,
    Item,
    ItemState,
    Part,
    Partner,
    Stage,
    StageKind,
    StageState,
    State,
    Workshop,
)
from sunmao.workshops.queries import OFFICE, may_sign_off, named_for, seat_of


def keep_partner(partner: Partner, *, by: Any, why: str = "", seen: int | None = None) -> Partner:
    """Save a partner. Who names another institution says nothing for it: it counts as confirmed only where the person
    acts for it, or once it has (`confirm_part`)."""
    stored = Partner.objects.filter(pk=partner.pk).first() if partner.pk else None
    if stored is None or stored.organisation_id != partner.organisation_id:
        seats = by.seats(*OFFICE)
        own = partner.organisation_id in seats
        partner.confirmed_on = clock.today() if own else None
        partner.named_by_id = (
            partner.organisation_id if own else seat_of(by, partner.workshop) or min(seats, default=None)
        )
    return changes.save(partner, by=by, why=why, seen=seen)


def confirm_part(workshop: Workshop, *, by: Any) -> Workshop:
    """Say for one's own institution that it takes part, as others named it."""
    waiting = named_for(by, workshop)
    if not waiting:
        raise ValidationError(_("Nothing waits for your institution to confirm."), code="state")
    with changes.together():
        for seat in waiting:
            _takes_part(workshop, seat, by=by)
    return workshop


def _takes_part(workshop: Workshop, seat: int, *, by: Any) -> None:
    """Keep that an institution itself says it takes part: by a deed made for that, or by acting in the workshop."""
    rows = list(workshop.partners.filter(organisation=seat))
    for row in rows or [Partner(workshop=workshop, organisation_id=seat, part=Part.HOST, named_by_id=seat)]:
        if row.confirmed_on is None:
            row.confirmed_on = clock.today()
            changes.save(row, by=by, deed="confirm_part")


def plan(workshop: Workshop, *, by: Any, why: str = "") -> Workshop:
    """Lay out the seven stages of set-up; those that are there already stay."""
    with changes.together():
        there = set(workshop.stages.values_list("kind", flat=True))
        for kind in StageKind.values:
            if kind not in there:
                changes.save(Stage(workshop=workshop, kind=kind), by=by, why=why)
        changes.note(workshop, by=by, why=why, deed="plan")
        if workshop.state == State.ANNOUNCED:
            workshop.state = State.SET_UP
            changes.save(workshop, by=by, why=why)
    return workshop


def start(stage: Stage, *, by: Any, due_on: date | None = None) -> Stage:
    """Begin a stage, with the day it is due."""
    _in(stage, StageState.NOT_STARTED)
    stage.state = StageState.IN_PROGRESS
    stage.due_on = due_on or stage.due_on
    return changes.save(stage, by=by, deed="start")


def propose(
    stage: Stage, *, fact: Texts, evidence_title: Texts | None = None, file: Any = None, refers_to: str = "",
    happened: When | None = None, by: Any,
) -> Stage:  # fmt: skip
    """Propose a stage as done, with one line of fact and what shows it; another institution signs it off.

    Acceptance asks that every other stage is passed. For unveiling and acceptance `happened` is the day.
    """
    _in(stage, StageState.NOT_STARTED, StageState.IN_PROGRESS, StageState.SENT_BACK)
    seat = seat_of(by, stage.workshop)
    if seat is None:
        raise ValidationError(_("Only a partner of the workshop proposes a stage."))
    if stage.kind == StageKind.ACCEPTANCE:
        waiting = stage.workshop.stages.exclude(kind=StageKind.ACCEPTANCE).exclude(state=StageState.PASSED)
        if waiting:
            names = _(", ").join(str(StageKind(other.kind).label) for other in waiting.order_by("order"))
            raise ValidationError(_("Acceptance waits for: %(names)s.") % {"names": names}, code="state")
    if not (evidence_title or file or refers_to or stage.evidence.exists()):
        raise ValidationError({"evidence_title": _("Name at least one piece of evidence.")})
    with changes.together():
        if evidence_title or file or refers_to:
            kept = files.store(file, file.name, by=by) if file else None
            title = evidence_title or Texts.of(kept.name if kept else refers_to)
            changes.save(Evidence(stage=stage, title=title, file=kept, refers_to=refers_to), by=by)
        if happened and stage.kind in (StageKind.UNVEILING, StageKind.ACCEPTANCE):
            name = "unveiled" if stage.kind == StageKind.UNVEILING else "accepted"
            setattr(stage.workshop, name, happened)
            changes.save(stage.workshop, by=by)
        _takes_part(stage.workshop, seat, by=by)
        stage.fact, stage.state, stage.remark = fact, StageState.TO_SIGN_OFF, ""
        stage.proposed_by_id, stage.proposer, stage.proposed_on = seat, by.person, clock.today()
        return changes.save(stage, by=by, deed="propose")


def sign_off(stage: Stage, *, by: Any, why: str = "") -> Stage:
    """Sign off a stage that another institution proposed. Acceptance makes the workshop operate."""
    _in(stage, StageState.TO_SIGN_OFF)
    other = next(iter(may_sign_off(by, stage)), None)
    if other is None:
        raise ValidationError(_("Another institution must sign this off: yours proposed it."), code="four-eyes")
    with changes.together():
        _takes_part(stage.workshop, other, by=by)
        stage.state, stage.signed_off_by_id, stage.signed_off_on = StageState.PASSED, other, clock.today()
        changes.save(stage, by=by, why=why, deed="sign_off")
        if stage.kind == StageKind.ACCEPTANCE and stage.workshop.state in BUILDING:
            stage.workshop.state = State.OPERATING
            changes.save(stage.workshop, by=by, deed="accept")
    return stage


def send_back(stage: Stage, *, remark: str, by: Any) -> Stage:
    """Send a proposed stage back with the reason; the proposer's institution does not judge itself."""
    _in(stage, StageState.TO_SIGN_OFF)
    if not may_sign_off(by, stage):
        raise ValidationError(_("Another institution must judge this: yours proposed it."), code="four-eyes")
    stage.state, stage.remark = StageState.SENT_BACK, remark
    return changes.save(stage, by=by, why=remark, deed="send_back")


def explain_delay(stage: Stage, *, delay: str, due_on: date | None = None, by: Any) -> Stage:
    """Say why a stage is late, and, where it moves, to which day."""
    stage.delay, stage.due_on = delay, due_on or stage.due_on
    return changes.save(stage, by=by, why=delay, deed="explain_delay")


def publish(evidence: Evidence, *, by: Any) -> Evidence:
    """Show a piece of evidence, its file included, to everyone."""
    evidence.published = True
    return changes.save(evidence, by=by, deed="publish")


def hide(evidence: Evidence, *, why: str, by: Any) -> Evidence:
    """Show a piece of evidence to the partners only again."""
    evidence.published = False
    return changes.save(evidence, by=by, why=why, deed="hide")


def close(workshop: Workshop, *, why: str, by: Any) -> Workshop:
    """End a workshop; its records stay."""
    workshop.state = State.CLOSED
    return changes.save(workshop, by=by, why=why, deed="close")


def _in(stage: Stage, *states: StageState) -> None:
    if stage.state not in states:
        now = StageState(stage.state).label
        raise ValidationError(_("The stage is “%(state)s”, so this cannot be done now.") % {"state": now}, code="state")


def receive(item: Item, *, received_on: date, act: Any = None, by: Any) -> Item:
    """Record that equipment arrived, with the act of acceptance."""
    _item(item, ItemState.ORDERED, ItemState.TRANSIT)
    with changes.together():
        if act:
            item.act = files.store(act, act.name, by=by)
        item.state, item.received_on = ItemState.RECEIVED, received_on
        return changes.save(item, by=by, deed="receive")


def ship(item: Item, *, by: Any) -> Item:
    """Record that equipment is on its way."""
    _item(item, ItemState.ORDERED)
    item.state = ItemState.TRANSIT
    return changes.save(item, by=by, deed="ship")


def put_to_use(item: Item, *, by: Any) -> Item:
    """Record that equipment works, the first time or again."""
    _item(item, ItemState.RECEIVED, ItemState.DOWN)
    item.state, item.down_since = ItemState.IN_USE, None
    return changes.save(item, by=by, deed="put_to_use")


def report_down(item: Item, *, why: str, by: Any) -> Item:
    """Record that equipment does not work, from today on."""
    _item(item, ItemState.IN_USE, ItemState.RECEIVED)
    item.state, item.down_since = ItemState.DOWN, clock.today()
    return changes.save(item, by=by, why=why, deed="report_down")


def retire(item: Item, *, why: str, by: Any) -> Item:
    """Take equipment out of the register's working stock."""
    if item.state == ItemState.RETIRED:
        raise ValidationError(_("It is retired already."), code="state")
    item.state = ItemState.RETIRED
    return changes.save(item, by=by, why=why, deed="retire")


def _item(item: Item, *states: ItemState) -> None:
    if item.state not in states:
        now = ItemState(item.state).label
        raise ValidationError(_("The item is “%(state)s”, so this cannot be done now.") % {"state": now}, code="state")
