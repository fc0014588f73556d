"""What the room does when a lower room writes: decisions whose ground moved are looked at again, never altered."""

from __future__ import annotations

from typing import Any

from sunmao.credentials.models import Credential
from sunmao.kernel.changes import System, written
from sunmao.recognition.actions.later import look_again
from sunmao.recognition.models import Decision, Qualification
from sunmao.recognition.queries.impact import LIVE, asked_for, resting_on
from sunmao.recognition.queries.programmes import outcome_key
from sunmao.recognition.queries.world import questions_of
from sunmao.standards.models import CrosswalkRow, Referencing, RowState

REVIEWER = System("recognition, looking again")


def listen() -> None:
    """Hear of crosswalk rows that come to count or cease to, of credentials whose standing changes, and of levels that
    are referenced."""
    written.connect(row_written, sender=CrosswalkRow, dispatch_uid="recognition.rows")
    written.connect(credential_written, sender=Credential, dispatch_uid="recognition.credentials")
    written.connect(referencing_written, sender=Referencing, dispatch_uid="recognition.referencing")


def row_written(sender: Any, *, record: CrosswalkRow | None, **_more: Any) -> None:
    if record is None or record.state == RowState.PROPOSED:
        return
    if record.state == RowState.CONFIRMED:
        look_again(asked_for([("row", outcome_key(record.target))]), cause=record.code, by=REVIEWER)
    else:
        look_again(resting_on([record.code]), cause=record.code, by=REVIEWER)


def credential_written(sender: Any, *, record: Credential | None, **_more: Any) -> None:
    if record is None:
        return
    cases = Qualification.objects.filter(credential=record).values("case_id")
    found = Decision.objects.filter(state__in=LIVE, case__in=cases).select_related("case__target")
    look_again(found, cause=record.code, by=REVIEWER)


def referencing_written(sender: Any, *, record: Referencing | None, **_more: Any) -> None:
    if record is not None:
        look_again(asked_for(questions_of(record)), cause=record.code, by=REVIEWER)
