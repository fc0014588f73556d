"""What the room does when a lower room writes: decisions whose ground moved are looked at again, never altered."""

from __future__ import annotations

from typing import Any

from sunmao.credentials.models import Credential
from sunmao.kernel.changes import System, written
from sunmao.recognition.actions.later import look_again
from sunmao.recognition.models import Decision, Qualification
from sunmao.recognition.queries.impact import LIVE, asked_for, resting_on
from sunmao.recognition.queries.programmes import outcome_key
from sunmao.standards.models import CrosswalkRow, RowState

REVIEWER = System("recognition, looking again")


def listen() -> None:
    """Hear of crosswalk rows that come to count or cease to, and of credentials whose standing changes."""
    written.connect(row_written, sender=CrosswalkRow, dispatch_uid="recognition.rows")
    written.connect(credential_written, sender=Credential, dispatch_uid="recognition.credentials")


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
