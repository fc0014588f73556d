"""What may come after a decision: appeals, and looking at it again when its ground changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.recognition import appeal as core
from sunmao.recognition.actions.deciding import APPEAL_DAYS, keep
from sunmao.recognition.models import Appeal, AppealState, CaseState, Decision, DecisionState, Standing
from sunmao.recognition.queries.evidence import evidence_of
from sunmao.recognition.queries.impact import LIVE, restored, standing_of
from sunmao.recognition.queries.world import world_of


def appeal(decision: Decision, *, grounds: Texts | str, filed_on: date | None = None, by: Any) -> Appeal:
    """File an appeal. Late, it is kept and inadmissible; the decision it is against is not touched."""
    day = filed_on or clock.today()
    if decision.notified_on is None or decision.appeal_until is None:
        raise ValidationError(_("The time to appeal has not begun: the applicant was not told yet."), code="state")
    if not decision.notified_on <= day <= clock.today():
        raise ValidationError({"filed_on": _("Choose a day from the notice until today.")})
    if decision.appeals.filter(state=AppealState.FILED).exists():
        raise ValidationError(_("An appeal is being heard already."), code="state")
    late = day >= decision.appeal_until
    made = Appeal(
        decision=decision, filed_on=day, grounds=Texts.of(grounds),
        state=AppealState.INADMISSIBLE if late else AppealState.FILED,
    )  # fmt: skip
    return changes.save(made, by=by, deed="appeal")


def hear_appeal(record: Appeal, *, by: Any) -> Decision:
    """Compute the case again as of the day of filing, with all evidence, old and new: a second indication beside the
    first decision, for two persons to decide on. The first stays in force until they have."""
    if record.state != AppealState.FILED:
        raise ValidationError(_("This appeal is over."), code="state")
    first = record.decision
    if first.notified_on is None:
        raise ValidationError(_("The time to appeal has not begun: the applicant was not told yet."), code="state")
    evidence = evidence_of(first.case)
    computed, _old = restored(first)
    hearing = core.hear(
        world_of(first.case.target, evidence), computed, evidence, notified_on=first.notified_on,
        filed_on=record.filed_on, known_at=clock.now(),
        days=first.instrument.appeal_days if first.instrument else APPEAL_DAYS,
    )  # fmt: skip
    with changes.together():
        record.state = AppealState.HEARD if hearing.admissible else AppealState.INADMISSIBLE
        if hearing.second is None:
            changes.save(record, by=by, deed="hear")
            return first
        record.second = keep(first.case, hearing.second, evidence, first=first, by=by)
        changes.save(record, by=by, deed="hear")
        case = first.case
        case.refresh_from_db()
        case.state = CaseState.EXAMINED
        changes.save(case, by=by, deed="hear")
    return record.second


def review(decision: Decision, *, by: Any) -> Decision:
    """Look again whether a decision in force still has its ground, and mark it: it stands, it stands on other ground,
    or review is due. Nothing else of it changes."""
    if decision.state not in LIVE:
        raise ValidationError(_("Only a decision in force is looked at again."), code="state")
    found = standing_of(decision)
    state = DecisionState.REVIEW_DUE if found == Standing.REVIEW_DUE else DecisionState.ISSUED
    decision.reviewed_at = clock.now()
    if (decision.standing, decision.state) != (found, state):
        decision.standing, decision.state = found, state
    return changes.save(decision, by=by, deed="review")


def look_again(decisions: Iterable[Decision], *, by: Any) -> list[Decision]:
    """Review each of the decisions; return those whose standing has changed."""
    changed = []
    for decision in decisions:
        found = standing_of(decision)
        if decision.standing != found:
            changed.append(review(decision, by=by))
    return changed
