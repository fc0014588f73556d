"""How people meet workshops: the list, the record page with its stages, partners and equipment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sunmao.directory.filters import bloc_filter, country_filter
from sunmao.kernel import clock
from sunmao.kernel.cells import Figure, Tag
from sunmao.kernel.desk import Deed, DeedForm, Desk, Part, shows
from sunmao.kernel.forms import TextsFormField, UploadField, WhenFormField
from sunmao.sources.citing import CitationDesk, cited
from sunmao.workshops import actions, parts, queries
from sunmao.workshops.models import (
    BUILDING,
    Brand,
    Evidence,
    Item,
    ItemState,
    Major,
    Partner,
    Stage,
    StageKind,
    StageState,
    State,
    Workshop,
    WorkshopCitation,
)
from sunmao.workshops.policy import EvidencePolicy, InnerPolicy, PartnerPolicy, StagePolicy, WorkshopPolicy
from sunmao.workshops.sentences import standing, where, where_stage


class WhyForm(DeedForm):
    why = forms.CharField(label=_("Reason"), max_length=500)


class StartForm(DeedForm):
    due_on = forms.DateField(label=_("Due"), required=False, help_text=_("As in 2027-01-31."))


class ProposeForm(DeedForm):
    fact = TextsFormField(label=_("What is done, in one line"))
    evidence_title = TextsFormField(label=_("Evidence: what it is"), required=False)
    file = UploadField(label=_("Evidence: the file"), required=False)
    refers_to = forms.CharField(
        label=_("Evidence: a record here"), required=False, max_length=40, help_text=_("Its code, such as AG-00013.")
    )
    happened = WhenFormField(label=_("Day of the ceremony or the acceptance"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.record.kind not in (StageKind.UNVEILING, StageKind.ACCEPTANCE):
            del self.fields["happened"]


class SendBackForm(DeedForm):
    remark = forms.CharField(label=_("What is missing"), max_length=500)


class DelayForm(DeedForm):
    delay = forms.CharField(label=_("Why it is late"), max_length=500)
    due_on = forms.DateField(label=_("New day, if it moves"), required=False)


class ReceiveForm(DeedForm):
    received_on = forms.DateField(label=_("Received on"))
    act = UploadField(label=_("Act of acceptance"), required=False)


def _on(question: Any) -> Any:
    def method(rows: QuerySet[Any], _name: str, value: date) -> QuerySet[Any]:
        return question(rows, value)

    return method


def _building(rows: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:
    return rows.filter(state__in=BUILDING) if value else rows.exclude(state__in=BUILDING)


class WorkshopDesk(Desk):
    model = Workshop
    policy = WorkshopPolicy()
    columns = ("title", "country", "chinese", "host", "unveiled", "state", "sources")
    filters = (
        ("country", country_filter()), ("bloc", bloc_filter()), "brand", "kind", "state", "field",
        ("building", django_filters.BooleanFilter(method=_building, label=_("being set up or launched"))),
        ("surely_on", django_filters.DateFilter(method=_on(queries.surely_on), label=_("surely unveiled by"))),
        ("unsure_on", django_filters.DateFilter(method=_on(queries.unsure_on), label=_("perhaps unveiled by"))),
    )  # fmt: skip
    form = (
        "title", "brand", "kind", "legal_form", "state", "host", "country", "city", "latitude", "longitude", "unveiled",
        "accepted", "agreement", "alliance", "event", "field",
    )  # fmt: skip
    facts = (
        "kind", "legal_form", "own_state", "country", "city", "host", "unveiled", "accepted", "agreement", "alliance",
        "event", "field",
    )  # fmt: skip
    parts = (
        Part("stages", _("stages of set-up"), template="workshops/stages.html", context=parts.stages,
             hint=_("They may run at the same time; only acceptance asks that all others are passed. One institution proposes, another signs off.")),
        Part("partners", _("partners"), desk="partners", link="workshop"),
        Part("majors", _("majors"), desk="majors", link="workshop"),
        Part("equipment", _("equipment"), template="workshops/equipment.html", context=parts.equipment),
        Part("citations", _("what it was read from"), desk="workshop-citations", link="record",
             columns=("title", "fact", "passage", "as_said", "says")),
    )  # fmt: skip
    deeds = (
        Deed("plan", _("Lay out the stages"), actions.plan, when=lambda w: w.state in BUILDING and not w.stages.exists(),
             tells=_("The seven stages of set-up are laid out. They are public; their evidence is seen by the partners.")),
        Deed("confirm_part", _("Confirm that we take part"), actions.confirm_part, when=lambda w: w.state != State.CLOSED,
             tells=_("Everyone sees that your institution itself says so, not only those who named it.")),
        Deed("close", pgettext_lazy("workshop", "Close"), actions.close, WhyForm, when=lambda w: w.state != State.CLOSED, danger=True,
             tells=_("The workshop is shown as closed from today on. Its records stay.")),
    )  # fmt: skip
    search = ("title", "city")
    order = ("sort", "unveiled", "state")

    def all(self) -> QuerySet[Any]:
        return Workshop.objects.prefetch_related("partners__organisation", "citations").select_related("host")

    @shows(_("Chinese side"))
    def chinese(self, record: Any) -> list[Any]:
        found = [partner.organisation for partner in record.partners.all() if partner.part in ("lead", "chinese")]
        return found[:2] + ([gettext("and %(n)s more") % {"n": len(found) - 2}] if len(found) > 2 else [])

    @shows(_("sources"))
    def sources(self, record: Any) -> Any:
        return Figure(len({row.document_id for row in record.citations.all()}), f"/workshops/{record.key}/#citations")

    @shows(_("state by its own stages"))
    def own_state(self, record: Any) -> Any:
        return queries.own_state(record) or Tag(_("no stages recorded"), code="no_stages")

    def tags(self, record: Any) -> Sequence[Any]:
        brand = (Brand(record.brand).label,) if record.brand != Brand.OTHER else ()
        return (State(record.state), *brand)

    def where(self, record: Any, user: Any) -> Any:
        return where(record, user, clock.today())

    def remarks(self, record: Any, user: Any) -> Mapping[str, Sequence[Any]]:
        return cited(record)

    def texts(self, record: Any) -> Any:
        yield from super().texts(record)
        if record.brand != Brand.OTHER:
            yield from (str(Brand(record.brand).label), "鲁班工坊" if record.brand == Brand.LUBAN else "熊猫工坊")
        for partner in record.partners.all():
            yield from (entry["text"] for entry in partner.organisation.title.values())
        if record.host:
            yield from (entry["text"] for entry in record.host.title.values())


class PartnerDesk(Desk):
    model = Partner
    policy = PartnerPolicy()
    columns = ("title", "part", "brings", "country", "standing", "workshop")
    filters = ("part", "workshop")
    form = ("workshop", "organisation", "part", "brings")
    facts = ("workshop", "organisation", "part", "brings", "standing")
    order = ("order",)

    def all(self) -> QuerySet[Any]:
        return Partner.objects.select_related("organisation", "workshop", "named_by")

    def write(self, record: Any, *, by: Any, why: str = "", seen: int | None = None) -> Any:
        return actions.keep_partner(record, by=by, why=why, seen=seen)

    @shows(_("whose word it is"))
    def standing(self, record: Any) -> Any:
        return standing(record)

    @shows(_("country or region"))
    def country(self, record: Any) -> Any:
        return record.organisation.country

    def indexed(self, rows: Sequence[Any]) -> Sequence[Any]:
        """Return the workshops, which are found by their partners' names too."""
        return list(Workshop.objects.filter(pk__in={row.workshop_id for row in rows}))


class MajorDesk(Desk):
    model = Major
    policy = PartnerPolicy()
    columns = ("title", "version", "workshop")
    form = ("workshop", "title", "version")
    facts = ("workshop", "version")
    search = ("title",)
    order = ("id",)

    def all(self) -> QuerySet[Any]:
        return Major.objects.select_related("version__programme")


class StageDesk(Desk):
    model = Stage
    policy = StagePolicy()
    columns = ("title", "workshop", "state", "due_on", "proposed_by", "signed_off_by")
    filters = ("kind", "state", "workshop")
    form = ("fact", "due_on")
    facts = (
        "workshop",
        "kind",
        "fact",
        "due_on",
        "delay",
        "proposed_by",
        "proposed_on",
        "signed_off_by",
        "signed_off_on",
        "remark",
    )
    parts = (Part("evidence", pgettext_lazy("stage", "evidence"), desk="evidences", link="stage"),)
    deeds = (
        Deed("sign_off", _("Sign off"), actions.sign_off, WhyForm, when=lambda s: s.state == StageState.TO_SIGN_OFF, binding=True,
             tells=_("Your institution says that this stage is done as proposed. Everyone sees it under the workshop.")),
        Deed("send_back", _("Send back"), actions.send_back, SendBackForm, when=lambda s: s.state == StageState.TO_SIGN_OFF,
             tells=_("The proposer sees what is missing and proposes again.")),
        Deed("propose", _("Propose as done"), actions.propose, ProposeForm, when=lambda s: s.state in ("not_started", "in_progress", "sent_back"),
             tells=_("Another partner's institution looks at the evidence and signs it off.")),
        Deed("start", pgettext_lazy("stage", "Start"), actions.start, StartForm, when=lambda s: s.state == StageState.NOT_STARTED),
        Deed("explain_delay", _("Say why it is late"), actions.explain_delay, DelayForm, when=lambda s: s.late_by(clock.today()) > 0),
    )  # fmt: skip
    order = ("order",)

    def tags(self, record: Any) -> Sequence[Any]:
        return (StageState(record.state), *parts.lateness(record, clock.today()))

    def all(self) -> QuerySet[Any]:
        return Stage.objects.select_related("workshop")

    def where(self, record: Any, user: Any) -> Any:
        return where_stage(record, user)


class EvidenceDesk(Desk):
    model = Evidence
    policy = EvidencePolicy()
    columns = ("title", "document", "refers_to", "published", "stage")
    form = ("stage", "title", "file", "document", "refers_to")
    facts = ("stage", "file", "document", "refers_to", "published")
    deeds = (
        Deed("publish", _("Show to everyone"), actions.publish, when=lambda e: not e.published,
             tells=_("Everyone sees it under the workshop and can fetch its file.")),
        Deed("hide", _("Show to partners only"), actions.hide, WhyForm, when=lambda e: e.published,
             tells=_("From now on only the partners see it. Whoever fetched the file keeps it.")),
    )  # fmt: skip
    order = ("id",)

    def all(self) -> QuerySet[Any]:
        return Evidence.objects.select_related("stage__workshop")


class ItemDesk(Desk):
    model = Item
    policy = InnerPolicy()
    columns = ("title", "workshop", "maker", "serial", "quantity", "state")
    filters = ("state", "workshop")
    form = ("workshop", "title", "maker", "serial", "quantity", "hs_code", "owner", "donated_under", "received_on")
    facts = (
        "workshop",
        "maker",
        "serial",
        "quantity",
        "hs_code",
        "owner",
        "donated_under",
        "received_on",
        "act",
        "down_since",
    )
    deeds = (
        Deed("receive", _("Record arrival"), actions.receive, ReceiveForm, when=lambda i: i.state in ("ordered", "transit")),
        Deed("put_to_use", _("Put to use"), actions.put_to_use, when=lambda i: i.state in ("received", "down")),
        Deed("ship", _("Record shipping"), actions.ship, when=lambda i: i.state == ItemState.ORDERED),
        Deed("report_down", _("Report a fault"), actions.report_down, WhyForm, when=lambda i: i.state in ("in_use", "received")),
        Deed("retire", pgettext_lazy("equipment", "Retire"), actions.retire, WhyForm, when=lambda i: i.state != ItemState.RETIRED, danger=True),
    )  # fmt: skip

    def tags(self, record: Any) -> Sequence[Any]:
        return (ItemState(record.state),)


class WorkshopCitationDesk(CitationDesk):
    model = WorkshopCitation
    policy = PartnerPolicy()
