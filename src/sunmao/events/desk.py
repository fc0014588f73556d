"""How people meet events, consensus texts with their commitments, and statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from sunmao.directory.filters import bloc_filter, country_filter
from sunmao.directory.models import Organisation
from sunmao.events import actions
from sunmao.events.models import (
    Commitment,
    CommitmentOwner,
    CommitmentState,
    ConsensusCitation,
    ConsensusText,
    Event,
    EventCitation,
    EventRole,
    Statement,
    StatementCitation,
)
from sunmao.events.policy import CommitmentPolicy, EventPolicy, OwnerPolicy, PartOfEventPolicy
from sunmao.kernel.cells import Figure, show, tag_of
from sunmao.kernel.desk import Deed, DeedForm, Desk, Part, shows
from sunmao.kernel.forms import TextsFormField, pick
from sunmao.sources.citing import CitationDesk, cited
from sunmao.sources.models import Document


class EventDesk(Desk):
    model = Event
    policy = EventPolicy()
    columns = ("title", "kind", "began", "city", "country", "online")
    filters = ("kind", ("country", country_filter()), ("bloc", bloc_filter()), "online")
    form = (
        "title", "kind", "theme", "began", "ended", "country", "city", "place", "online", "bloc", "series", "part_of",
        "note",
    )  # fmt: skip
    facts = ("kind", "theme", "began", "ended", "country", "city", "place", "part_of", "note")
    parts = (
        Part("roles", _("who took part"), desk="event-roles", link="event"),
        Part("consensus", _("consensus texts"), desk="consensus-texts", link="event"),
        Part("statements", _("statements"), desk="statements", link="event"),
        Part("sources", _("sources"), desk="event-citations", link="record"),
    )
    search = ("title", "theme", "city", "place")
    order = ("sort", "began")

    def where(self, record: Event, user: Any) -> Any:
        """Say what it was, where and when, and what came of it."""
        place = now(", ").join(filter(None, (record.city, getattr(record.country, "label", "")))) or now(
            "a place the source does not state"
        )
        if record.online:
            place = now("online") if not record.city else now("%(place)s and online") % {"place": place}
        day = str(record.began) if record.began else now("on a day the source does not state")
        if record.began and record.began.said:
            day = f"{day} (“{record.began.said}”)"
        said = now("%(kind)s, %(place)s, %(day)s.") % {"kind": record.get_kind_display(), "place": place, "day": day}  # type: ignore[attr-defined]
        hosts = [str(role) for role in record.roles.filter(role="host").select_related("organisation")]
        if hosts:
            said += " " + now("Hosted by %(names)s.") % {"names": now(", ").join(hosts)}
        return said[:1].upper() + said[1:]

    def remarks(self, record: Event, user: Any) -> Mapping[str, Sequence[Any]]:
        return cited(record)


class EventRoleDesk(Desk):
    model = EventRole
    policy = PartOfEventPolicy()
    columns = ("title", "role", "organisation", "post", "head_count", "country", "event")
    filters = ("role", "event", "organisation", ("country", country_filter()))
    form = ("event", "role", "organisation", "name", "post", "country", "head_count", "note")
    facts = ("event", "role", "organisation", "name", "post", "country", "head_count", "note")
    order = ("id",)

    def all(self) -> QuerySet[Any]:
        return EventRole.objects.select_related("organisation", "event")


class ConsensusTextDesk(Desk):
    model = ConsensusText
    policy = EventPolicy()
    columns = ("title", "kind", "event", "issued", "commitments")
    filters = ("kind", "event")
    form = ("title", "kind", "event", "proposed_by", "issued", "summary")
    facts = ("kind", "event", "proposed_by", "issued", "summary")
    parts = (
        Part("commitments", _("commitments"), desk="commitments", link="consensus",
             columns=("title", "number", "topic", "state", "owners")),
        Part("sources", _("sources"), desk="consensus-citations", link="record"),
    )  # fmt: skip
    search = ("title", "summary")
    order = ("sort", "issued")

    def all(self) -> QuerySet[Any]:
        return ConsensusText.objects.annotate(
            committed=Count("commitments"), kept=Count("commitments", filter=Q(commitments__state=CommitmentState.KEPT))
        )

    @shows(_("commitments"))
    def commitments(self, record: Any) -> Figure:
        count = record.committed if hasattr(record, "committed") else record.commitments.count()
        return Figure(count, f"/commitments/?consensus={record.key}")

    def where(self, record: ConsensusText, user: Any) -> Any:
        """Say how many commitments are kept, under way and open; every number opens."""
        states = list(record.commitments.values_list("state", flat=True))
        if not states:
            return now("No commitment of this text is written down yet.")

        def count(state: str) -> Any:
            return show(Figure(states.count(state), f"/commitments/?consensus={record.key}&state={state}"))

        sentence = ngettext(
            "Of %(all)s commitment, {kept} is kept, {acting} is under way and {open} is open.",
            "Of %(all)s commitments, {kept} are kept, {acting} are under way and {open} are open.",
            len(states),
        ) % {"all": len(states)}
        return format_html(sentence, kept=count("kept"), acting=count("acting"), open=count("open"))

    def remarks(self, record: ConsensusText, user: Any) -> Mapping[str, Sequence[Any]]:
        return cited(record)


class TakeUpForm(DeedForm):
    """Asks which of one's own organisations takes it on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Organisation.objects.filter(pk__in=self.person.seats("officer"))
        self.fields["organisation"] = pick(own, label=_("Organisation"))
        if own.count() == 1:
            self.fields["organisation"].initial = own[0].pk


class ProgressForm(DeedForm):
    progress = TextsFormField(long=True, label=_("What was done"))
    evidence = forms.CharField(
        label=_("Evidence"), max_length=300, required=False,
        help_text=_("An address, or the code of a record here, as in AG-00013."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"] = pick(Document.objects.all(), label=_("Document"), required=False)


class WhyForm(DeedForm):
    why = forms.CharField(label=_("Reason"), max_length=500)


class CommitmentDesk(Desk):
    model = Commitment
    policy = CommitmentPolicy()
    columns = ("title", "number", "consensus", "topic", "state", "owners", "evidence")
    filters = ("consensus", "topic", "state")
    form = ("consensus", "number", "topic", "theme", "text")
    facts = ("consensus", "number", "topic", "text", "progress", "evidence", "document")
    parts = (Part("owners", _("taken on by"), desk="commitment-owners", link="commitment"),)
    deeds = (
        Deed("take_up", _("Take it on"), actions.take_up, TakeUpForm, when=lambda c: c.state != "kept",
             tells=_("Your organisation will be named as one that works on this commitment.")),
        Deed("report_progress", _("Report progress"), actions.report_progress, ProgressForm,
             when=lambda c: c.state != "kept", tells=_("Everybody will see what you write.")),
        Deed("keep", _("Show that it is kept"), actions.keep, ProgressForm, when=lambda c: c.state != "kept",
             tells=_("Everybody will see the evidence you name.")),
        Deed("reopen", _("Reopen"), actions.reopen, WhyForm, when=lambda c: c.state == "kept", danger=True),
    )  # fmt: skip
    search = ("theme", "text")
    order = ("number",)

    def all(self) -> QuerySet[Any]:
        return Commitment.objects.select_related("consensus").prefetch_related("owners__organisation")

    def tags(self, record: Commitment) -> Sequence[Any]:
        return (tag_of(CommitmentState(record.state)),)

    @shows(_("taken on by"))
    def owners(self, record: Commitment) -> Any:
        return [row.organisation for row in record.owners.all()] or now("nobody yet")

    def where(self, record: Commitment, user: Any) -> Any:
        names = now(", ").join(str(row.organisation) for row in record.owners.select_related("organisation"))
        if not names:
            return now("Nobody in this register has taken it on yet.")
        said = {
            CommitmentState.OPEN: _("Taken on by %(names)s; nothing is reported yet."),
            CommitmentState.ACTING: _("Taken on by %(names)s and under way."),
            CommitmentState.KEPT: _("Taken on by %(names)s and kept."),
        }
        return str(said[CommitmentState(record.state)]) % {"names": names}


class CommitmentOwnerDesk(Desk):
    model = CommitmentOwner
    policy = OwnerPolicy()
    columns = ("title", "commitment")
    facts = ("commitment", "organisation")
    order = ("id",)

    def all(self) -> QuerySet[Any]:
        return CommitmentOwner.objects.select_related("organisation", "commitment")


class StatementDesk(Desk):
    model = Statement
    policy = EventPolicy()
    columns = ("title", "post", "organisation", "event", "said", "text")
    filters = ("event", "organisation")
    form = ("name", "post", "organisation", "event", "said", "text")
    facts = ("post", "organisation", "event", "said", "text")
    parts = (Part("sources", _("sources"), desk="statement-citations", link="record"),)
    search = ("name", "post", "text")
    order = ("sort",)

    def remarks(self, record: Statement, user: Any) -> Mapping[str, Sequence[Any]]:
        return cited(record)

    def texts(self, record: Statement) -> Iterable[str]:
        yield from super().texts(record)
        if record.organisation:
            yield str(record.organisation)


class EventCitationDesk(CitationDesk):
    model = EventCitation
    policy = PartOfEventPolicy()


class ConsensusCitationDesk(CitationDesk):
    model = ConsensusCitation
    policy = PartOfEventPolicy()


class StatementCitationDesk(CitationDesk):
    model = StatementCitation
    policy = PartOfEventPolicy()
