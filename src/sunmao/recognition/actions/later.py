"""What may come after a decision: appeals, and looking at it again when its ground changes."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.recognition import appeal as core
from sunmao.recognition.actions.asking import start
from sunmao.recognition.actions.deciding import APPEAL_DAYS, keep
from sunmao.recognition.models import (
    Appeal,
    AppealState,
    CaseState,
    Decision,
    DecisionState,
    ReviewRound,
    Standing,
    Touched,
)
from sunmao.recognition.queries.evidence import evidence_of
from sunmao.recognition.queries.impact import LIVE, digest_of, restored, standing_of, standings_of
from sunmao.recognition.queries.world import world_of

AT_ONCE = 100  # decisions looked at again within the deed that touched them; more are listed as a round
PAUSE = 0.05  # seconds
PORTION = 100  # decisions of a round looked at in one transaction


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
        start(case, since=record.filed_on)  # the second decision has its own time, from the day of filing
        changes.save(case, by=by, deed="hear")
    return record.second


def review(decision: Decision, *, by: Any) -> Decision:
    """Look again whether a decision in force still has its ground, and mark it: it stands, it stands on other ground,
    or review is due. Nothing else of it changes."""
    if decision.state not in LIVE:
        raise ValidationError(_("Only a decision in force is looked at again."), code="state")
    return _mark(decision, standing_of(decision), by=by)


def _mark(decision: Decision, found: Standing, *, by: Any) -> Decision:
    state = DecisionState.REVIEW_DUE if found == Standing.REVIEW_DUE else DecisionState.ISSUED
    decision.reviewed_at = clock.now()
    if (decision.standing, decision.state) != (found, state):
        decision.standing, decision.state = found, state
    return changes.save(decision, by=by, deed="review")


def look_again(touched: QuerySet[Decision], *, cause: str, by: Any) -> ReviewRound | None:
    """Look again at the decisions in force that a change touched, within its deed. Where they are too many for that they
    are listed as a round, which `go_on` goes through afterwards: until it has come to one, it reads as being looked at.
    """
    ids = list(touched.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(ids) <= AT_ONCE:
        _look(ids, by=by)
        return None
    ids = list(touched.order_by("pk").values_list("pk", flat=True))
    with changes.together():
        made = ReviewRound(cause=cause[:200], listed_at=clock.now(), listed_count=len(ids), digest=digest_of(ids))
        changes.save(made, by=by, deed="list")
        Touched.objects.bulk_create((Touched(round=made, decision_id=pk) for pk in ids), batch_size=10_000)
    return made


def go_on(record: ReviewRound, *, by: Any) -> ReviewRound:
    """Look at the next PORTION decisions of a round: wholly or not at all, so that it goes on wherever it was stopped."""
    with changes.together():
        held = ReviewRound.objects.select_for_update().get(pk=record.pk)
        if held.finished_at is not None:
            raise ValidationError(_("All of them have been looked at."), code="state")
        rows = held.touched.filter(decision__gt=held.reached).order_by("decision")
        ids = list(rows.values_list("decision", flat=True)[:PORTION])
        for found in _look(ids, by=by):
            held.other_ground_count += found == Standing.OTHER_GROUND
            held.review_due_count += found == Standing.REVIEW_DUE
        held.looked_count += len(ids)
        held.reached = ids[-1] if ids else held.reached
        if not held.waiting or not ids:
            held.finished_at = clock.now()
        return changes.save(held, by=by, deed="go_on")


def catch_up(seconds: float, *, by: Any) -> bool:
    """Go on with the rounds, the oldest first, for about so long; return whether none is open any more. Others who write
    get a turn between two portions."""
    until = time.monotonic() + seconds
    for record in ReviewRound.objects.filter(finished_at=None).order_by("id"):
        while record.finished_at is None:
            if time.monotonic() > until:
                return False
            record = go_on(record, by=by)
            time.sleep(PAUSE)
    return True


def _look(ids: list[int], *, by: Any) -> list[Standing]:
    """Mark those of the decisions that are in force and whose standing has changed; return where each stands."""
    rows = Decision.objects.filter(pk__in=ids, state__in=LIVE).select_for_update(of=("self",))
    rows = rows.select_related("case__target__programme__owner", "case__target__level__framework").order_by("pk")
    standings = []
    for decision, found in standings_of(rows.prefetch_related("case__qualifications__credential")):
        standings.append(found)
        if decision.standing != found:
            _mark(decision, found, by=by)
    return standings
