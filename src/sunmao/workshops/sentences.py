"""Where a workshop stands, in one sentence: what is done, what is late, whose turn it is."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sunmao.kernel.cells import Figure, Link, listed, record_link, sentences, show
from sunmao.kernel.desk import desk_of
from sunmao.kernel.text import Texts
from sunmao.workshops.models import BUILDING, Evidence, Partner, Stage, StageKind, StageState, State, Workshop
from sunmao.workshops.queries import may_sign_off, named_for, partner_ids


def where(workshop: Workshop, user: Any, day: date) -> SafeString:
    """Return the sentence above a workshop's page."""
    stages = list(workshop.stages.order_by("order"))
    if not stages:
        return sentences([
            format_html("{}", _plain(workshop)), _alone(workshop, user, begun=False), _to_confirm(workshop, user)
        ])  # fmt: skip
    passed = sum(stage.state == StageState.PASSED for stage in stages)
    figure = show(Figure(passed, f"/workshops/{workshop.key}/#stages"))
    late = _(", ").join(_late(stage, day) for stage in stages if stage.late_by(day))
    if late:
        sentence = _("Of {all} stages of set-up, {passed} are passed; {late}.")
    else:
        sentence = _("Of {all} stages of set-up, {passed} are passed.")
    said = [_unveiled(workshop), format_html(sentence, all=len(stages), passed=figure, late=late)]
    turns = [stage for stage in stages if stage.state == StageState.TO_SIGN_OFF and may_sign_off(user, stage)]
    said += [_turn(stage) for stage in turns]
    if passed < len(stages):
        said.append(_alone(workshop, user, begun=True))
    return sentences([*said, _to_confirm(workshop, user)])


def where_stage(stage: Stage, user: Any) -> SafeString:
    """Return what is done, who proposed it, and the evidence that the reader may see: what whoever signs it off says
    yes to."""
    fact = str(Texts.of(stage.fact)) or str(StageState(stage.state).label).capitalize() + _(".")
    said: list[Any] = [format_html("{}", fact)]
    if stage.proposed_by and stage.proposed_on:
        words = {"who": stage.proposed_by, "date": date_format(stage.proposed_on)}
        said.append(format_html("{}", _("Proposed by %(who)s on %(date)s.") % words))
    desk = desk_of(Evidence)
    shown = list(desk.rows(user).filter(stage=stage).order_by("id")) if desk else []
    if shown:
        said.append(format_html(_("Evidence: {names}."), names=listed(map(record_link, shown))))
    return sentences(said)


def standing(partner: Partner) -> str:
    """Return whose word it is that an organisation takes part: its own, or that of who named it."""
    if partner.confirmed_on:
        return _("confirmed by itself on %(date)s") % {"date": date_format(partner.confirmed_on)}
    if partner.named_by:
        return _("named by %(who)s, not yet confirmed") % {"who": partner.named_by}
    return _("as reported, not confirmed by itself")


def _to_confirm(workshop: Workshop, user: Any) -> SafeString:
    """Return, for those named by others, that their word is missing."""
    desk = desk_of(workshop)
    if desk is None or workshop.state == State.CLOSED or not named_for(user, workshop):
        return SafeString("")
    asked = show(Link(_("Confirm that we take part"), desk.url(workshop, "do/confirm_part")))
    return sentences([_("Others name your institution as taking part; it has not confirmed this."), asked])


def _alone(workshop: Workshop, user: Any, *, begun: bool) -> SafeString:
    """Return, while a workshop is set up with no second institution, what keeps every stage from being signed off, to
    those who may add a partner and to all once there are stages."""
    if workshop.state not in BUILDING or len(partner_ids(workshop)) > 1:
        return SafeString("")
    text = _("No second institution takes part yet; without one nobody can sign off a stage.")
    desk = desk_of(Partner)
    if desk is None or not desk.may(user, "add", Partner(workshop=workshop)):
        return format_html("{}", text if begun else "")
    return sentences([text, show(Link(_("Add a partner"), f"{desk.list_url()}add/?workshop={workshop.key}"))])


def _plain(workshop: Workshop) -> str:
    if workshop.state == State.OPERATING:
        text = _("Operating, as reported.")
    else:
        text = _("%(state)s, as reported.") % {"state": str(State(workshop.state).label).capitalize()}
    if workshop.unveiled:
        return _("Unveiled %(date)s. %(rest)s") % {"date": workshop.unveiled, "rest": text}
    return _("When it was unveiled is not stated by the source. %(rest)s") % {"rest": text}


def _unveiled(workshop: Workshop) -> str:
    if workshop.accepted:
        return _("Accepted %(date)s.") % {"date": workshop.accepted}
    if workshop.unveiled:
        return _("Unveiled, not yet accepted.")
    return _("Not yet unveiled, not yet accepted.")


def _late(stage: Stage, day: date) -> str:
    days = stage.late_by(day)
    text = ngettext("“%(stage)s” is %(days)s day late", "“%(stage)s” is %(days)s days late", days)
    return text % {"stage": StageKind(stage.kind).label, "days": days}


def _turn(stage: Stage) -> SafeString:
    desk, name = desk_of(stage), StageKind(stage.kind).label
    inner = format_html('<a href="{}">{}</a>', desk.url(stage, "do/sign_off"), name) if desk else str(name)
    return format_html(_("It is your turn: sign off “{}”."), inner)
