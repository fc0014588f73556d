"""How people meet alliances, their members and bodies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from sunmao.alliances import actions, queries
from sunmao.alliances.models import (
    Alliance,
    AllianceCitation,
    Body,
    Member,
    MemberCitation,
    MemberState,
    Role,
)
from sunmao.alliances.policy import AlliancePolicy, MemberPolicy, PartOfAlliancePolicy, SourceOfMemberPolicy
from sunmao.directory.filters import bloc_filter, country_filter
from sunmao.directory.models import Organisation
from sunmao.kernel import clock
from sunmao.kernel.cells import Figure, sentences, show, tag_of
from sunmao.kernel.desk import Deed, DeedForm, Desk, Part, shows
from sunmao.kernel.forms import TextsFormField, WhenFormField, pick
from sunmao.sources.citing import CitationDesk, cited


class ApplyForm(DeedForm):
    """Asks for which of one's own organisations, and why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Organisation.objects.filter(pk__in=self.person.seats("officer"))
        self.fields["organisation"] = pick(own, label=_("Organisation"))
        if own.count() == 1:
            self.fields["organisation"].initial = own[0].pk
        self.fields["reason"] = TextsFormField(long=True, label=_("Why it wishes to join"))


class AcceptForm(DeedForm):
    joined = WhenFormField(label=_("Joins on"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)


class DeclineForm(DeedForm):
    why = forms.CharField(label=_("Reason"), max_length=500, help_text=_("The applicant will read it."))


class LeaveForm(DeedForm):
    left = WhenFormField(label=_("First day it no longer belongs"), required=False, help_text=_("Empty means today."))
    why = forms.CharField(label=_("Reason"), max_length=500, required=False)


class AllianceDesk(Desk):
    model = Alliance
    policy = AlliancePolicy()
    columns = ("title", "founded", "led_by", "member_count")
    form = ("organisation", "founded", "launch", "scope", "note")
    facts = ("organisation", "founded", "launch", "launched_by", "guided_by", "led_by", "scope", "note")
    parts = (
        Part("members", _("members"), desk="members", link="alliance",
             columns=("title", "role", "country", "joined", "state")),
        Part("bodies", _("bodies"), desk="bodies", link="alliance"),
        Part("sources", _("sources"), desk="alliance-citations", link="record"),
    )  # fmt: skip
    deeds = (
        Deed("apply", _("Apply to join"), actions.apply, ApplyForm,
             tells=_("Those who run the alliance will see the application. Nobody else does until it is accepted.")),
    )  # fmt: skip
    search = ("scope",)
    order = ("sort", "founded")

    def all(self) -> QuerySet[Any]:
        return Alliance.objects.select_related("organisation").prefetch_related("members__organisation")

    def _named(self, record: Alliance, *roles: str) -> list[Any]:
        rows = [row for row in record.members.all() if row.role in roles and row.state == MemberState.ACCEPTED]
        return [row.organisation or row.title_texts() for row in rows]

    @shows(_("launched by"))
    def launched_by(self, record: Alliance) -> list[Any]:
        return self._named(record, Role.LAUNCHER)

    @shows(_("guided by"))
    def guided_by(self, record: Alliance) -> list[Any]:
        return self._named(record, Role.GUIDING)

    @shows(_("led by"))
    def led_by(self, record: Alliance) -> list[Any]:
        return self._named(record, Role.LEAD, Role.CHAIR)

    @shows(_("members today"))
    def member_count(self, record: Alliance) -> Figure:
        today = clock.today()
        return Figure(queries.members_as_of(record, today).members, members_url(record, surely_on=today))

    def where(self, record: Alliance, user: Any) -> Any:
        """Say who founded it when, and how many members it has today by our own rows."""
        today = clock.today()
        found = queries.members_as_of(record, today)
        founded = (
            now("Founded %(date)s.") % {"date": record.founded}
            if record.founded
            else now("When it was founded is not stated.")
        )
        sentence = now(
            "This register names {members} members from {countries} countries and regions as of %(day)s."
        ) % {"day": show(today)}
        opens = members_url(record, surely_on=today)
        said = [
            founded,
            format_html(sentence, members=show(Figure(found.members, opens)),
                        countries=show(Figure(found.countries, opens + "&sort=country"))),
        ]  # fmt: skip
        if found.members_unsure:
            unsure = now("{members} more may belong: their dates are not stated.")
            said.append(
                format_html(unsure, members=show(Figure(found.members_unsure, members_url(record, unsure_on=today))))
            )
        return sentences(said)

    def remarks(self, record: Alliance, user: Any) -> Mapping[str, Sequence[Any]]:
        return cited(record)

    def texts(self, record: Alliance) -> Iterable[str]:
        yield from super().texts(record)
        yield from (entry["text"] for entry in record.organisation.title.values())
        yield from (row.text for row in record.organisation.names.all())


def members_url(alliance: Alliance, **days: date) -> str:
    """Return the list that a count opens to: members surely there on a day, or unsure."""
    words = "&".join(f"{name}={day.isoformat()}" for name, day in days.items())
    return f"/members/?alliance={alliance.key}&{words}"


def _on(question: Any) -> Any:
    def method(rows: QuerySet[Any], _name: str, value: date) -> QuerySet[Any]:
        return question(rows, value)

    return method


class MemberDesk(Desk):
    model = Member
    policy = MemberPolicy()
    columns = ("title", "role", "country", "joined", "left", "state", "alliance")
    filters = (
        "alliance", "organisation", "role", "state", ("country", country_filter()), ("bloc", bloc_filter()),
        ("surely_on", django_filters.DateFilter(method=_on(queries.surely_on), label=_("surely a member on"))),
        ("unsure_on", django_filters.DateFilter(method=_on(queries.unsure_on), label=_("perhaps a member on"))),
    )  # fmt: skip
    form = ("alliance", "organisation", "name", "country", "role", "joined", "known", "left")
    facts = ("alliance", "organisation", "country", "role", "joined", "known", "left", "reason")
    parts = (Part("sources", _("sources"), desk="member-citations", link="record"),)
    deeds = (
        Deed("accept", _("Accept"), actions.accept, AcceptForm, when=lambda m: m.state == MemberState.APPLIED,
             tells=_("The applicant becomes a member. Everybody will see it.")),
        Deed("decline", _("Decline"), actions.decline, DeclineForm, when=lambda m: m.state == MemberState.APPLIED,
             tells=_("The applicant reads your reason; nobody else sees the application."), danger=True),
        Deed("leave", _("Leave"), actions.leave, LeaveForm, when=lambda m: m.state == MemberState.ACCEPTED,
             tells=_("The membership ends. It stays in the history and in the counts of earlier days."), danger=True),
    )  # fmt: skip
    search = ("name",)
    order = ("sort", "country", "joined")

    def all(self) -> QuerySet[Any]:
        return Member.objects.select_related("organisation", "alliance__organisation")

    def tags(self, record: Member) -> Sequence[Any]:
        return (tag_of(MemberState(record.state)),)

    def write(self, record: Member, *, by: Any, why: str = "", seen: int | None = None) -> Any:
        if record.left and record.state == MemberState.ACCEPTED:
            record.state = MemberState.LEFT
        return super().write(record, by=by, why=why, seen=seen)

    def where(self, record: Member, user: Any) -> Any:
        said = {
            MemberState.APPLIED: _("Has applied to join %(alliance)s; those who run it must answer."),
            MemberState.ACCEPTED: _("Belongs to %(alliance)s."),
            MemberState.DECLINED: _("Its application to %(alliance)s was declined."),
            MemberState.LEFT: _("Belonged to %(alliance)s and has left."),
        }
        return str(said[MemberState(record.state)]) % {"alliance": record.alliance}

    def remarks(self, record: Member, user: Any) -> Mapping[str, Sequence[Any]]:
        return cited(record)

    def texts(self, record: Member) -> Iterable[str]:
        yield from super().texts(record)
        yield str(record)


class BodyDesk(Desk):
    model = Body
    policy = PartOfAlliancePolicy()
    columns = ("title", "kind", "held", "seat", "alliance")
    filters = ("alliance", "kind")
    form = ("alliance", "title", "kind", "seat", "held", "event", "decided")
    facts = ("alliance", "kind", "seat", "held", "event", "decided")
    search = ("title", "decided")
    order = ("sort",)

    def all(self) -> QuerySet[Any]:
        return Body.objects.select_related("alliance__organisation")


class AllianceCitationDesk(CitationDesk):
    model = AllianceCitation
    policy = PartOfAlliancePolicy()

    def all(self) -> QuerySet[Any]:
        return super().all().select_related("document", "record__organisation")


class MemberCitationDesk(CitationDesk):
    model = MemberCitation
    policy = SourceOfMemberPolicy()

    def all(self) -> QuerySet[Any]:
        return super().all().select_related("document", "record__organisation")
