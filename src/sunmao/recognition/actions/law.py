"""Deeds on the law: publish, correct, withdraw, revoke and restore. Nothing known is ever overwritten."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.kernel import changes, clock
from sunmao.kernel.ids import uuid7
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.recognition.actions.later import look_again
from sunmao.recognition.models import BridgingModule, Instrument, InstrumentState, Lasting, Revocation
from sunmao.recognition.queries.impact import resting_on, touched_by

L = TypeVar("L", bound=Lasting)
_OWN = frozenset({"id", "uid", "revision", "created_at", "updated_at", "recorded_at", "superseded_at"})


def copy_of(record: Record, **other: Any) -> Any:
    """Return an unsaved row with the same content."""
    fields = [f for f in record._meta.concrete_fields if f.name not in _OWN]
    return type(record)(**{f.attname: getattr(record, f.attname) for f in fields} | other)


def correct(record: L, *, by: Any, why: str = "", seen: int | None = None) -> L:
    """Write a new wording of a fact beside the one that was known; the same code, from now on the only one that counts.

    What the register did not yet know (a draft) is simply saved.
    """
    stored = type(record)._base_manager.filter(pk=record.pk).first() if record.pk else None
    if stored is None or stored.recorded_at is None:
        with changes.together():
            changes.save(record, by=by, why=why, seen=seen)
            if record.AT_ONCE:
                look_again(touched_by(record), cause=record.code, by=by)
        return record
    if stored.superseded_at is not None:
        raise ValidationError(_("This wording is superseded. Open the present one."), code="state")
    if stored.revision != (record.revision if seen is None else seen):
        raise changes.Stale(record, stored)
    if changes.plain(record) == changes.plain(stored):
        return stored
    with changes.together():
        now = clock.now()
        stored.superseded_at = now
        changes.save(stored, by=by, why=why, deed="correct")
        fresh = copy_of(record, uid=uuid7(), recorded_at=now)
        changes.save(fresh, by=by, why=why, deed="correct")
        for name in record.CARRIED:
            _carry(stored, fresh, name, by=by)
        look_again(touched_by(fresh), cause=fresh.code, by=by)
    return fresh


def _carry(stored: Lasting, fresh: Lasting, name: str, *, by: Any) -> None:
    """Give a new wording its own copies of what hangs on the old one."""
    hanging = getattr(stored, name)
    owner = hanging.field.name
    for row in hanging.all():
        changes.save(copy_of(row, uid=uuid7(), **{owner: fresh}), by=by, deed="correct")


def withdraw(record: L, *, why: str, by: Any) -> L:
    """Take a fact back as wrong from the start: it stays readable and counts no more."""
    if record.recorded_at is None or record.superseded_at is not None:
        raise ValidationError(_("Only what counts now can be withdrawn."), code="state")
    record.superseded_at = clock.now()
    with changes.together():
        changes.save(record, by=by, why=why, deed="withdraw")
        look_again(resting_on([record.code]), cause=record.code, by=by)
    return record


def publish(instrument: Instrument, *, by: Any) -> Instrument:
    """Publish an instrument: from now on it is a basis for decisions, and it can only be corrected or revoked.

    Decisions that looked for one and found none are looked at again.
    """
    if instrument.state != InstrumentState.DRAFT:
        raise ValidationError(_("This instrument is published already."), code="state")
    if instrument.basis == "institutional" and not instrument.parties.exists():
        raise ValidationError(_("Name the institutions that the agreement binds first."))
    if instrument.document_id is None and instrument.agreement_id is None:
        raise ValidationError(_("Name the document or the agreement that the instrument is written in."))
    instrument.state, instrument.recorded_at = InstrumentState.PUBLISHED, clock.now()
    with changes.together():
        changes.save(instrument, by=by, deed="publish")
        look_again(touched_by(instrument), cause=instrument.code, by=by)
    return instrument


def revoke(
    instrument: Instrument, *, reason: Texts | str, effective_on: date | None = None, from_start: bool = False, by: Any
) -> Instrument:
    """Revoke an instrument from a day on (today unless given), or from the start; look at every decision that rests on
    it again. From a day on, what was decided as of an earlier one keeps its ground."""
    if instrument.state != InstrumentState.PUBLISHED:
        raise ValidationError(_("Only a published instrument can be revoked."), code="state")
    day = effective_on or clock.today()
    if day < clock.today() and not from_start:
        raise ValidationError(
            {
                "effective_on": _(
                    "It cannot be revoked from a day that has passed. Revoke it from the start, or from today."
                )
            }
        )
    taken = Revocation(instrument=instrument, effective_on=day, from_start=from_start, reason=Texts.of(reason))
    with changes.together():
        changes.save(taken, by=by, deed="revoke")
        if from_start or day <= clock.today():
            instrument.state = InstrumentState.REVOKED
        changes.save(instrument, by=by, deed="revoke")
        look_again(resting_on([instrument.code]), cause=instrument.code, by=by)
    return instrument


def restore(instrument: Instrument, *, why: str, by: Any) -> Instrument:
    """Take a revocation back: as if it had not been, from now on."""
    open_ones = list(Revocation.objects.filter(instrument__code=instrument.code, superseded_at=None))
    if not open_ones:
        raise ValidationError(_("This instrument is not revoked."), code="state")
    with changes.together():
        for taken in open_ones:
            taken.superseded_at = clock.now()
            changes.save(taken, by=by, why=why, deed="restore")
        instrument.state = InstrumentState.PUBLISHED
        changes.save(instrument, by=by, why=why, deed="restore")
        look_again(touched_by(instrument), cause=instrument.code, by=by)
    return instrument


def offer(module: BridgingModule, *, by: Any) -> BridgingModule:
    """Offer a bridging module: from now on it can close gaps, also those of decisions that looked for one."""
    if module.offered:
        raise ValidationError(_("This module is offered already."), code="state")
    if not module.covers.exists() and not module.credits:
        raise ValidationError(_("Name the outcomes it covers, or its credits, first."))
    module.recorded_at = clock.now()
    with changes.together():
        changes.save(module, by=by, deed="offer")
        look_again(touched_by(module), cause=module.code, by=by)
    return module
