"""What became of a clause: told by the party that owes it, confirmed or not accepted by another, or waived."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.agreements import queries
from sunmao.agreements.actions.drafting import own_party
from sunmao.agreements.models import Clause, ClauseState, Fulfilment, FulfilmentState, Party
from sunmao.kernel import changes, clock, files
from sunmao.kernel.desk import registry
from sunmao.kernel.models import Record, StoredFile
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When
from sunmao.sources.models import Document


def record_under(code: str, user: Any) -> Record | None:
    """Return the record of any room that goes by this code, if the person may see it."""
    for desk in registry.by_slug.values():
        if desk.model.CODE and code.startswith(desk.model.CODE):
            try:
                return desk.model.find(desk.rows(user), code)
            except desk.model.DoesNotExist:
                continue  # two kinds of record may share the letters of their codes
    return None


@changes.together()
def fulfil(
    clause: Clause,
    *,
    text: Texts,
    led_to: str = "",
    done: When | None = None,
    complete: bool = True,
    document: Document | None = None,
    file: Any = None,
    party: Party | None = None,
    by: Any,
) -> Clause:
    """Tell what was done for a clause, for a party that owes it. Another party confirms; until then it is open.

    `led_to` is the code of a record here, as in WS-00031; `complete` says that nothing more is owed.
    """
    agreement = clause.agreement
    if not agreement.is_signed or clause.is_proposed:
        raise ValidationError(_("The clause is not signed yet; nothing is owed under it."))
    if clause.state != ClauseState.OPEN:
        raise ValidationError(_("This clause is no longer open."))
    acting = own_party(agreement, by, party)
    if acting not in queries.debtors(clause):
        raise ValidationError(_("%(party)s does not owe this clause.") % {"party": acting})
    if led_to and record_under(led_to, by) is None:
        raise ValidationError({"led_to": _("There is no record under this code, or it is not yours to see.")})
    stored = file if isinstance(file, StoredFile) or not file else files.store(file, file.name, by=by)
    made = Fulfilment(
        clause=clause, party=acting, text=text, led_to=led_to, done=done or When.on(clock.today()),
        complete=complete, document=document, file=stored or None,
    )  # fmt: skip
    changes.save(made, by=by, deed="fulfil")
    return clause


@changes.together()
def confirm(fulfilment: Fulfilment, *, answer: Texts | None = None, by: Any) -> Fulfilment:
    """Confirm, for another party, what was told; where it completes the clause, that is kept."""
    _answer(fulfilment, FulfilmentState.CONFIRMED, answer, by=by, deed="confirm")
    clause = fulfilment.clause
    if fulfilment.complete and clause.state == ClauseState.OPEN:
        clause.state = ClauseState.KEPT
        changes.save(clause, by=by, deed="confirm")
    return fulfilment


def refuse(fulfilment: Fulfilment, *, answer: Texts, by: Any) -> Fulfilment:
    """Say, for another party, that what was told does not fulfil the clause, and why."""
    return _answer(fulfilment, FulfilmentState.REFUSED, answer, by=by, deed="refuse")


def _answer(fulfilment: Fulfilment, state: str, answer: Texts | None, *, by: Any, deed: str) -> Fulfilment:
    if fulfilment.state != FulfilmentState.CLAIMED:
        raise ValidationError(_("This is answered already."))
    seats = by.seats("officer")
    others = [row for row in fulfilment.clause.agreement.parties.all() if row.organisation_id in seats]
    if not others or fulfilment.party.organisation_id in seats:
        raise ValidationError(_("Another party must confirm this."))
    fulfilment.state, fulfilment.answered_by, fulfilment.answer = state, others[0], answer or Texts()
    return changes.save(fulfilment, by=by, deed=deed)


def remind(clause: Clause, *, reminder: str = "", by: Any) -> Clause:
    """Remind those who owe a late clause, for another party or as the secretariat; once a day. Their people find it
    among what waits for them, and in the next e-mail of reminders."""
    today = clock.today()
    if not clause.days_late(today):
        raise ValidationError(_("This clause is not late."))
    if clause.reminded_on == today:
        raise ValidationError(_("They were reminded today. Remind them again tomorrow."))
    seats = by.seats("officer")
    if any(party.organisation_id in seats for party in queries.debtors(clause)):
        raise ValidationError(_("Your own organisation owes this clause."))
    ours = next((row for row in clause.agreement.parties.all() if row.organisation_id in seats), None)
    clause.reminded_on, clause.reminder = today, reminder
    clause.reminded_by = ours.organisation if ours else None
    return changes.save(clause, by=by, why=reminder, deed="remind")


def waive(clause: Clause, *, why: Texts, by: Any) -> Clause:
    """Waive a clause, for a party to whom it is owed."""
    if clause.state != ClauseState.OPEN or clause.is_proposed:
        raise ValidationError(_("This clause is no longer open."))
    seats = by.seats("officer")
    owing = queries.debtors(clause)
    if any(party.organisation_id in seats for party in owing):
        raise ValidationError(_("Who owes a clause cannot waive it. Ask another party, or propose an amendment."))
    own_party(clause.agreement, by)
    clause.state, clause.reason = ClauseState.WAIVED, why
    return changes.save(clause, by=by, deed="waive")
