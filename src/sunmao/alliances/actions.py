"""Deeds of membership: an organisation applies, the alliance accepts or declines, a member leaves."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.alliances.models import Alliance, Member, MemberState, Role
from sunmao.directory.models import Organisation
from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When


def apply(alliance: Alliance, *, organisation: Organisation, reason: Texts, by: Any) -> Member:
    """Apply in the name of one's own organisation; return the application."""
    if not by.holds("officer", at=organisation.pk):
        raise ValidationError({"organisation": _("You may apply for your own organisation only.")})
    if organisation.pk == alliance.organisation_id:
        raise ValidationError({"organisation": _("An alliance cannot be a member of itself.")})
    made = Member(alliance=alliance, organisation=organisation, state=MemberState.APPLIED, reason=reason)
    return changes.save(made, by=by, deed="apply")


def accept(member: Member, *, joined: When, role: str = Role.MEMBER, by: Any) -> Member:
    """Accept an application. Nobody accepts that of an own organisation: four eyes are two institutions."""
    _answerable(member, by)
    member.state, member.joined, member.role = MemberState.ACCEPTED, joined, role
    return changes.save(member, by=by, deed="accept")


def decline(member: Member, *, why: str, by: Any) -> Member:
    """Decline an application, with the reason the applicant will read."""
    _answerable(member, by)
    member.state, member.reason = MemberState.DECLINED, Texts.of(why)
    return changes.save(member, by=by, why=why, deed="decline")


def leave(member: Member, *, left: When | None = None, why: str = "", by: Any) -> Member:
    """End a membership; `left` is the first day it no longer counts (default: today)."""
    if member.state != MemberState.ACCEPTED:
        raise ValidationError(_("Only a member can leave."))
    member.state, member.left = MemberState.LEFT, left or When.on(clock.today())
    return changes.save(member, by=by, why=why, deed="leave")


def _answerable(member: Member, by: Any) -> None:
    if member.state != MemberState.APPLIED:
        raise ValidationError(_("This application is already answered."))
    if member.organisation_id is not None and by.holds("officer", at=member.organisation_id):
        raise ValidationError(_("Someone of another organisation must answer this application."))
