"""What each room has waiting for a person, in words: functions (user, day) → turns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sunmao.agreements import queries as agreements
from sunmao.alliances import queries as alliances
from sunmao.cohorts import queries as cohorts
from sunmao.credentials import queries as credentials
from sunmao.directory.models import Doubt
from sunmao.events import queries as events
from sunmao.kernel.cells import listed
from sunmao.kernel.desk import desk_of
from sunmao.people import queries as people
from sunmao.recognition import queries as recognition
from sunmao.recognition import timing
from sunmao.recognition.models import AppealState, CaseState, DecisionState
from sunmao.site.today import SOON, Turn
from sunmao.standards import queries as standards
from sunmao.standards.models import CrosswalkRow
from sunmao.standards.sentences import to_judge
from sunmao.workshops import queries as workshops
from sunmao.workshops.models import ItemState, StageKind

MANY = 50  # of one sort; the lists hold the rest


def _agreements(user: Any, day: date) -> Iterator[Turn]:
    for row in agreements.deadlines_of(user):
        if row.kind == "turn" and row.ours:
            yield Turn("mine", _("Answer the text: %(what)s") % {"what": row.what}, row.agreement, row.day)
        elif row.kind == "end":
            if day <= row.day <= day + SOON:
                yield Turn("ends", _("The agreement runs out"), row.agreement, row.day)
        elif row.clause is not None and (row.days_late(day) or (row.ours and row.day <= day + SOON)):
            yield _clause(row.clause, row.day, ours=row.ours)
    for version in agreements.to_sign(user):
        yield Turn("mine", _("Sign the approved text"), version.agreement, None, "do/sign")
    for fulfilment in agreements.to_confirm(user):
        yield Turn("mine", _("Answer what was done for a clause"), fulfilment, None, "do/confirm")
    for clause in agreements.late_for_all(user, day)[:MANY]:
        yield _clause(clause, clause.due.latest, ours=False, reminds=user.holds("secretariat"))


def _clause(clause: Any, due: date, *, ours: bool, reminds: bool = True) -> Turn:
    what = _("Keep the clause") if ours else _("Owed by others")
    said = ""
    if ours and clause.reminded_on:
        said = _("%(who)s reminds you: %(what)s") % {
            "who": clause.reminded_by or _("Secretariat"),
            "what": clause.reminder,
        }
    return Turn(
        "mine" if ours else "others", what, clause, due,
        "do/remind" if reminds and not ours else "", said,
        clause.reminded_on if ours else None,
    )  # fmt: skip


def _alliances(user: Any, day: date) -> Iterator[Turn]:
    for member in alliances.to_answer(user)[:MANY]:
        what = _("Answer the application to join %(alliance)s") % {"alliance": member.alliance}
        yield Turn("mine", what, member, None, "do/accept")
    for member in alliances.leaving(user, day, day + SOON)[:MANY]:
        yield Turn("ends", _("The membership ends"), member, member.left.earliest)


def _events(user: Any, day: date) -> Iterator[Turn]:
    for commitment in events.taken_on(user)[:MANY]:
        yield Turn("mine", _("Report what was done for the commitment"), commitment, None, "do/report_progress")


def _workshops(user: Any, day: date) -> Iterator[Turn]:
    seats = user.seats("officer", "director")
    for workshop in workshops.to_confirm(user)[:MANY]:
        yield Turn("mine", _("Confirm that your institution takes part"), workshop, None, "do/confirm_part")
    for stage in workshops.to_sign_off(user):
        if len(seats) > 1 or stage.proposed_by_id not in seats:
            what = _("Sign off “%(stage)s”") % {"stage": StageKind(stage.kind).label}
            yield Turn("mine", what, stage, stage.due_on, "do/sign_off")
    for stage in workshops.late(user, day):
        yield Turn("late", _("Stage “%(stage)s”") % {"stage": StageKind(stage.kind).label}, stage, stage.due_on)
    for stage in workshops.due(user, day, day + SOON):
        yield Turn("mine", _("Stage “%(stage)s”") % {"stage": StageKind(stage.kind).label}, stage, stage.due_on)
    for item in workshops.to_see_to(user)[:MANY]:
        if item.state == ItemState.DOWN:
            yield Turn("mine", _("Put the equipment back to use"), item, None, "do/put_to_use")
        else:
            yield Turn("mine", _("Record the arrival of the equipment"), item, None, "do/receive")


def _standards(user: Any, day: date) -> Iterator[Turn]:
    desk = desk_of(CrosswalkRow)
    if desk is None or not user.holds("officer", "authority"):
        return
    for crosswalk, count in standards.to_judge(user)[:MANY]:
        yield Turn("mine", to_judge(count), crosswalk, None, "workbench")
    rows = standards.waiting(CrosswalkRow.objects.all()).select_related(
        "crosswalk__source__programme", "crosswalk__target__programme", "source", "target"
    )
    for row in rows.prefetch_related("judgements")[:200]:
        if desk.may(user, "confirm", row) and not any(
            said.person_id == user.person_id for said in row.judgements.all()
        ):
            yield Turn("mine", _("Say whether the row holds"), row)


def _cohorts(user: Any, day: date) -> Iterator[Turn]:
    for cohort in cohorts.to_confirm(user)[:MANY]:
        yield Turn("mine", _("Confirm that your institution teaches the cohort too"), cohort, None, "do/confirm_co")
    for cohort in cohorts.to_start(user, day)[:MANY]:
        yield Turn("mine", _("Start the cohort"), cohort, cohort.starts_on, "do/start")
    for cohort in cohorts.to_finish(user, day + SOON)[:MANY]:
        what = _("Decide who completed") if user.holds("officer", "director") else _("Record the last results")
        yield Turn("mine", what, cohort, cohort.ends_on)


def _credentials(user: Any, day: date) -> Iterator[Turn]:
    for conferral in credentials.to_confirm(user)[:MANY]:
        yield Turn("mine", _("Confirm the award as the second person"), conferral, conferral.sign_by, "do/confirm")
    for conferral in credentials.to_sign(user)[:MANY]:
        yield Turn("mine", _("Sign the award for your institution"), conferral, conferral.sign_by, "do/sign")
    for batch in credentials.batches_to_sign(user)[:MANY]:
        yield Turn("mine", _("Sign the list for your institution"), batch, batch.sign_by, "do/sign")
    for issue in credentials.crosswalks_to_sign(user)[:MANY]:
        if gone := issue.withdrawn:
            what = _("Drop the issue of the crosswalk: %(rows)s was withdrawn since") % {"rows": ", ".join(gone)}
            yield Turn("mine", what, issue, None, "do/drop")
        else:
            yield Turn("mine", _("Sign the crosswalk for your institution"), issue, None, "do/sign")
    for conferral in credentials.unsigned_by_others(user, day)[:MANY]:
        yield Turn("others", _("Signatures are missing"), conferral, conferral.sign_by)
    for held in credentials.unsigned_lists(user)[:MANY]:
        what = _("No key of yours signs this status list: its credentials cannot be checked")
        yield Turn("mine", what, held)
    for credential in credentials.expiring(user, day, day + SOON)[:MANY]:
        yield Turn("ends", _("Your certificate runs out"), credential, credential.valid_until)


def _recognition(user: Any, day: date) -> Iterator[Turn]:
    for case in recognition.cases_open(user)[:MANY]:
        yield _case(case)
    for decision in recognition.decisions_open(user)[:MANY]:
        yield _decision(decision)
    for waiting in recognition.rounds_open(user)[:MANY]:
        yield Turn("mine", _("Look at the decisions that a change touched"), waiting, None, "do/go_on")
    for appeal in recognition.appeals_open(user)[:MANY]:
        if appeal.state == AppealState.FILED:
            yield Turn("mine", _("Hear the appeal"), appeal, None, "do/hear")
    for step in recognition.steps_open(user)[:MANY]:
        if step.due_on and step.due_on < day:
            yield Turn("others", _("An answer is overdue: %(step)s") % {"step": step}, step, step.due_on)
    for row, what in recognition.running_out(user, day, day + SOON):
        yield Turn("ends", what, row, row.valid_until)
    for step in recognition.asked_of_applicant(user)[:MANY]:
        what = _("Send what the authority asks for: %(step)s") % {"step": step}
        yield Turn("mine", what, step.case, step.due_on, said=step.note)
    for decision in recognition.appealable(user, day)[:MANY]:
        yield Turn(
            "ends", _("The last day to appeal"), decision, decision.appeal_until - timedelta(days=1), "do/appeal"
        )


def _case(case: Any) -> Turn:
    waits = {"steps": listed(timing.waits_for(case))}
    if case.state == CaseState.INTAKE:
        if waits["steps"]:
            return Turn("mine", _("The file waits for the applicant: %(steps)s") % waits, case)
        return Turn("mine", _("Complete the intake"), case, None, "do/complete_intake")
    if case.stands_since is not None:
        since = date_format(case.stands_since)
        what = _("The time to decide stands still since %(day)s: %(steps)s") % {**waits, "day": since}
        return Turn("mine", what, case)
    return Turn("mine", _("Propose a decision"), case, case.due_on)


def _decision(decision: Any) -> Turn:
    due = decision.case.due_on
    if decision.state == DecisionState.PROPOSED:
        return Turn("mine", _("Confirm the decision or send it back"), decision, due, "do/confirm")
    if decision.state == DecisionState.REVIEW_DUE:
        return Turn("mine", _("Look at the decision again: its ground has changed"), decision, None, "do/review")
    return Turn("mine", _("Tell the applicant of the decision"), decision, None, "do/notify")


def _people(user: Any, day: date) -> Iterator[Turn]:
    for membership in people.ending(user, day, day + SOON)[:MANY]:
        what = _("Your role ends") if membership.person_id == user.person_id else _("A role ends")
        yield Turn("ends", what, membership, membership.until_on)


def _directory(user: Any, day: date) -> Iterator[Turn]:
    if user.holds("secretariat"):
        waiting = Doubt.objects.filter(state=Doubt.State.WAITING).select_related("organisation")
        for doubt in waiting.order_by("-score")[:10]:
            yield Turn("mine", _("Decide whether these are the same"), doubt)


ASKED: tuple[Callable[[Any, date], Iterable[Turn]], ...] = (
    _agreements, _alliances, _events, _workshops, _standards, _cohorts, _credentials, _recognition, _people, _directory,
)  # fmt: skip
