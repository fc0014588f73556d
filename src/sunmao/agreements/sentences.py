"""The sentence that says where an agreement stands, for the person who reads it."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sunmao.agreements import queries
from sunmao.agreements.models import UNRECORDED, Agreement, Clause, Kind, Origin, State, Version, VersionState
from sunmao.agreements.policy import is_inside, sees_late
from sunmao.kernel import clock
from sunmao.kernel.cells import Figure, listed, record_link, sentences, show
from sunmao.kernel.desk import registry


def where(agreement: Agreement, user: Any) -> Any:
    """Return state, clauses by state (each number opens), what is being drafted and whose turn it is."""
    inside = is_inside(user, agreement)
    said = [_state(agreement), _reported_by(agreement)]
    if agreement.kind == Kind.UNSTATED:
        said.append(_("The source does not say what kind of instrument it is."))
    elif not agreement.binds:
        said.append(_("It binds nobody and is no basis for recognition."))
    if agreement.is_signed or agreement.state in UNRECORDED:
        said.append(_clauses(agreement, user))
    current = queries.open_version(agreement) if inside else None
    if current is not None:
        said.append(_open(agreement, current))
    elif agreement.state == State.DRAFTING:
        said.append(_("No text is proposed yet."))
    return sentences(said)


def _state(agreement: Agreement) -> Any:
    match agreement.state:
        case State.DRAFTING | State.APPROVED:
            return _("Being drafted here.")
        case State.ANNOUNCED:
            return _("Announced; that it is signed is not known here.")
        case State.REPORTED:
            return _reported(agreement)
        case State.SIGNED:
            return _("Signed %(date)s, not yet in force.") % {"date": agreement.signed or _("on a day not stated")}
        case State.IN_FORCE | State.RENEWED:
            return _in_force(agreement)
    return _("Ended %(date)s.") % {"date": agreement.ended or _("on a day not stated")}


def _reported(agreement: Agreement) -> Any:
    if agreement.how_many > 1:
        return _("Stands for %(n)s agreements that the source counts and does not describe.") % {
            "n": agreement.how_many
        }
    if agreement.event is None:
        return _("Reported as signed. The final text is not recorded here.")
    sentence = _("Reported as signed at {event}. A ceremony is not the final text and not yet effect.")
    return format_html(sentence, event=record_link(agreement.event))


def _reported_by(agreement: Agreement) -> Any:
    """Return whose word it is, for what is known from published sources only."""
    if agreement.origin != Origin.PRESS or agreement.is_signed:
        return ""
    sources = list(dict.fromkeys(row.document for row in agreement.citations.select_related("document")))
    if not sources:
        return _("No source is named for it yet, and its parties have not confirmed it here.")
    return format_html(
        _("Known from {sources}; its parties have not confirmed it here."), sources=listed(map(record_link, sources))
    )


def _in_force(agreement: Agreement) -> str:
    version = queries.signed_version(agreement)
    said = _("In force since %(date)s, on %(version)s.") % {
        "date": agreement.in_force or _("a day not stated"),
        "version": _("version %(number)s") % {"number": version.number} if version else _("a text not recorded here"),
    }
    if agreement.ends:
        said += " " + _("It runs until %(date)s.") % {"date": agreement.ends}
    return said


def _clauses(agreement: Agreement, user: Any) -> Any:
    today = clock.today()
    rows = list(registry.by_model[Clause].rows(user).filter(agreement=agreement))
    found = queries.tally(rows, today, with_late=sees_late(user, agreement))
    if not found.all:
        return ""
    base = f"/clauses/?agreement={agreement.key}"
    figures = {
        "kept": show(Figure(found.kept, f"{base}&state=kept")),
        "open": show(Figure(found.open, f"{base}&state=open")),
        "late": show(Figure(found.late, f"{base}&state=open&due_by={today.isoformat()}")),
    }
    if found.late:
        sentence = ngettext(
            "Of %(all)s clause, {kept} is kept, {late} is late and {open} is open.",
            "Of %(all)s clauses, {kept} are kept, {late} are late and {open} are open.",
            found.all,
        )
    else:
        sentence = ngettext(
            "Of %(all)s clause, {kept} is kept and {open} is open.",
            "Of %(all)s clauses, {kept} are kept and {open} are open.",
            found.all,
        )
    return format_html(sentence % {"all": found.all}, **figures)


def _open(agreement: Agreement, version: Version) -> str:
    if version.state == VersionState.APPROVED:
        signed, parties = version.signatures.count(), agreement.parties.count()
        return _("%(version)s is approved by all and signed by %(signed)s of %(parties)s.") % {
            "version": version.label, "signed": signed, "parties": parties,
        }  # fmt: skip
    if version.turn is None:
        return _("%(version)s waits for a party to be named.") % {"version": version.label}
    return _("%(version)s waits for %(party)s; its turn ends on %(date)s.") % {
        "version": version.label,
        "party": version.turn,
        "date": date_format(version.turn_until) if version.turn_until else _("a day not stated"),
    }


def where_clause(clause: Clause, user: Any) -> SafeString:
    """Return who owes the clause, by when, and how it stands; late only for those who may know."""
    named = _(", ").join(str(row.party) for row in clause.debtors.all()) or _("all parties")
    said = (
        _("Owed by %(names)s by %(date)s.") % {"names": named, "date": clause.due}
        if clause.due
        else _("Owed by %(names)s; no date is set.") % {"names": named}
    )
    if clause.is_proposed:
        return sentences((said, _("Proposed, not yet signed.")))
    days = clause.days_late(clock.today()) if sees_late(user, clause.agreement) else 0
    if days:
        late = ngettext("Late by %(n)s day.", "Late by %(n)s days.", days) % {"n": days}
        return sentences((said, late, _reminded(clause) if is_inside(user, clause.agreement) else ""))
    state = clause.get_state_display().capitalize()  # type: ignore[attr-defined]
    return sentences((said, _("%(state)s.") % {"state": state}))


def _reminded(clause: Clause) -> str:
    """Return when who reminded those who owe the clause, for those inside."""
    if clause.reminded_on is None:
        return ""
    said = {"date": date_format(clause.reminded_on), "who": clause.reminded_by or _("the secretariat")}
    if not clause.reminder:
        return _("Reminded on %(date)s by %(who)s.") % said
    return _("Reminded on %(date)s by %(who)s: %(what)s") % {**said, "what": clause.reminder}
