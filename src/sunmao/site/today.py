"""What waits for a person: one list of turns, on the page of the day, in the REST interface, and in reminders.

Each room says what is open (`site/asks.py` puts it in words); a turn is something this person can do now or must know
of, with the day it is due and the record it is about.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sunmao.cohorts import queries as cohorts
from sunmao.credentials.models import Credential, CredentialState
from sunmao.credentials.queries import held_by
from sunmao.kernel import clock
from sunmao.kernel.desk import desk_of
from sunmao.standards.models import VersionState

SOON = timedelta(days=60)
KINDS = {
    "late": _("Late"), "mine": _("Your turn"), "others": _("Late by others"), "ends": _("Runs out within 60 days"),
}  # fmt: skip


@dataclass(frozen=True)
class Turn:
    """One thing that waits: whether it is mine to do, owed by others, or running out; when; what; on which record."""

    kind: str  # of KINDS
    what: str
    record: Any
    due: date | None = None
    then: str = ""  # the deed's address under the record
    said: str = ""  # what someone who reminds of it says
    again: date | None = None  # the day someone reminded of it

    @property
    def url(self) -> str:
        desk = desk_of(self.record)
        return desk.url(self.record, self.then) if desk else ""

    @property
    def key(self) -> str:
        """Return what the thing is known by from day to day: a reminder by another party makes it a new one."""
        return f"{self.record._meta.label_lower}:{self.record.uid}:{self.kind}:{self.then}:{self.again or ''}"

    def days_late(self, day: date) -> int:
        return max(0, (day - self.due).days) if self.due else 0


def turns(user: Any) -> dict[str, list[Turn]]:
    """Return what waits for the person by kind, each by its day, the undated last."""
    from sunmao.site.asks import ASKED

    day = clock.today()
    found: dict[str, list[Turn]] = {kind: [] for kind in KINDS}
    for ask in ASKED:
        for turn in ask(user, day):
            late = turn.kind == "mine" and turn.days_late(day)
            turn = replace(turn, kind="late") if late else turn
            found[turn.kind].append(turn)
    for rows in found.values():
        rows.sort(key=lambda turn: (turn.due or date.max, turn.what))
    return found


def own(user: Any) -> dict[str, list[Any]]:
    """Return what is the person's own as a learner: courses with results, and credentials, each with its state and the
    address that says what it counts for (empty where that is not answered). Empty for whoever learns nowhere."""
    learners = list(cohorts.own(user).filter(erased_on=None).select_related("institution").order_by("id"))
    if not learners:
        return {}
    held = [(row, CredentialState(row.state), _counts_for(row)) for row in held_by(learners)]
    return {"learners": learners, "credentials": held}


def _counts_for(credential: Credential) -> str:
    version = credential.award.programme
    asked = credential.state == CredentialState.ISSUED and version.state == VersionState.PUBLISHED
    if not asked or "recognised" not in settings.SUNMAO_PUBLIC_PAGES:
        return ""
    return "/recognised/?" + urlencode({"q": version.code, "awarded_on": credential.awarded_on.isoformat()})
