"""How people meet the law of recognition: instruments, their revocations, registers, bridging modules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from sunmao.directory.fields import Country, country_choices
from sunmao.kernel.cells import Tag, listed, tag_of
from sunmao.kernel.desk import Deed, Desk, Part, own_place, shows
from sunmao.recognition import actions, asks
from sunmao.recognition.models import (
    Accreditation,
    BridgingModule,
    Competence,
    DeliveryPermit,
    HomeRight,
    Instrument,
    InstrumentParty,
    InstrumentState,
    ModuleOutcome,
    Purpose,
    Revocation,
    ShownDifference,
)
from sunmao.recognition.parts import earlier_wordings, resting
from sunmao.recognition.policy import (
    BridgingModulePolicy,
    CompetencePolicy,
    InstrumentPartyPolicy,
    InstrumentPolicy,
    ModuleOutcomePolicy,
    RegisterPolicy,
    RevocationPolicy,
)


def _holding(column: str) -> Any:
    def method(rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(**{f"{column}__contains": f",{value},"})

    return method


def _countries(column: str, label: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        method=_holding(column), choices=lambda: country_choices()[1:], label=label, empty_label=_("any")
    )


class LastingDesk(Desk):
    """Shows the present wordings; editing one writes a new wording beside it."""

    def all(self) -> QuerySet[Any]:
        return super().all().filter(superseded_at=None)

    def write(self, record: Any, *, by: Any, why: str = "", seen: int | None = None) -> Any:
        return actions.correct(record, by=by, why=why, seen=seen)


_WORDINGS = Part("wordings", _("earlier wordings"), template="recognition/wordings.html", context=earlier_wordings)


class InstrumentDesk(LastingDesk):
    model = Instrument
    policy = InstrumentPolicy()
    columns = ("title", "basis", "home", "host", "purposes", "valid_until", "state")
    filters = (
        "basis", "state",
        ("home", _countries("home", _("from"))), ("host", _countries("host", _("to"))),
        ("purpose", django_filters.ChoiceFilter(method=_holding("purposes"), choices=Purpose.choices,
                                                label=_("purpose"), empty_label=_("any"))),
    )  # fmt: skip
    form = (
        "title", "basis", "authority", "counterpart", "agreement", "document", "passage", "home", "host", "purposes",
        "valid_from", "valid_until", "fields", "levels", "date_counts", "rows_from", "close_counts", "missing_percent",
        "credits_percent", "level_steps", "level_below", "field_digits", "profile_percent", "conditional_from_percent", "measures",
        "holder_chooses", "adaptation_months", "credits_abroad", "credits_home", "language", "language_level",
        "language_for", "accredited_by", "fee_for", "decide_within_days", "clock_after_fee", "appeal_days",
    )  # fmt: skip
    facts = (
        "basis", "authority", "counterpart", "agreement", "document", "passage", "home", "host", "purposes", "fields",
        "levels", "valid_from", "valid_until", "date_counts", "rows_from", "close_counts", "missing_percent",
        "credits_percent", "level_steps", "level_below", "field_digits", "profile_percent", "measures", "language", "language_level", "accredited_by",
        "decide_within_days", "clock_after_fee", "appeal_days", "recorded_at",
    )  # fmt: skip
    parts = (
        Part("parties", _("institutions bound"), desk="instrument-parties", link="instrument"),
        Part("revocations", _("revocations"), desk="revocations", link="instrument"),
        Part("resting", _("decisions that rest on it"), template="recognition/resting.html", context=resting),
        _WORDINGS,
    )
    deeds = (
        Deed("publish", _("Publish"), actions.publish, when=lambda r: r.state == InstrumentState.DRAFT, binding=True,
             tells=_("From now on it is a basis for decisions and everybody sees it. Decisions that found no basis "
                     "are looked at again.")),
        Deed("revoke", _("Revoke"), actions.revoke, asks.RevokeForm, binding=True, danger=True,
             when=lambda r: r.state == InstrumentState.PUBLISHED,
             tells=_("Every decision that rests on it is looked at again. None is altered.")),
        Deed("restore", _("Take the revocation back"), actions.restore, asks.WhyForm, binding=True,
             when=lambda r: r.state == InstrumentState.REVOKED,
             tells=_("It counts as if it had not been revoked. Decisions that rest on it are looked at again.")),
    )  # fmt: skip
    search = ("title", "code")
    order = ("sort",)

    def begin(self, user: Any, given: Mapping[str, str]) -> Mapping[str, Any]:
        return own_place(user, "authority", "authority")

    def tags(self, record: Instrument) -> Sequence[Any]:
        return [tag_of(InstrumentState(record.state))]

    def where(self, record: Instrument, user: Any) -> Any:
        if record.state == InstrumentState.DRAFT:
            return now("A draft: it is no basis for any decision until %(authority)s publishes it.") % {
                "authority": record.authority
            }
        if record.basis == "memorandum":
            return now("A memorandum is no legal basis: nothing is recognised under it.")
        if record.state == InstrumentState.REVOKED:
            return now("Revoked: it is no basis for decisions any more.")
        if not record.in_force:
            return now("Published, and not in force today.")
        return now("In force: qualifications from %(home)s are recognised in %(host)s.") % {
            "home": listed(Country(str(c)).label for c in record.home),
            "host": listed(Country(str(c)).label for c in record.host),
        }


class InstrumentPartyDesk(Desk):
    model = InstrumentParty
    policy = InstrumentPartyPolicy()
    columns = ("organisation", "side", "instrument")
    form = ("instrument", "organisation", "side")
    facts = ("organisation", "side", "instrument")
    order = ("uid",)


class RevocationDesk(Desk):
    model = Revocation
    policy = RevocationPolicy()
    columns = ("code", "instrument", "effective_on", "from_start", "reason", "superseded_at")
    facts = ("instrument", "effective_on", "from_start", "reason", "recorded_at", "superseded_at")
    order = ("code",)


_WITHDRAW = Deed("withdraw", _("Withdraw"), actions.withdraw, asks.WhyForm, danger=True,
                 when=lambda r: r.recorded_at is not None and r.superseded_at is None,
                 tells=_("It counts no more, as wrong from the start. What rests on it is looked at again."))  # fmt: skip


class CompetenceDesk(LastingDesk):
    model = Competence
    policy = CompetencePolicy()
    columns = ("authority", "country", "fields", "valid_from", "valid_until")
    filters = ("country",)
    form = ("authority", "country", "fields", "valid_from", "valid_until", "document", "passage")
    facts = ("authority", "country", "fields", "valid_from", "valid_until", "document", "passage", "recorded_at")
    parts = (_WORDINGS,)
    deeds = (_WITHDRAW,)


class AccreditationDesk(LastingDesk):
    model = Accreditation
    policy = RegisterPolicy()
    columns = ("institution", "body", "valid_from", "valid_until")
    form = ("institution", "body", "valid_from", "valid_until", "document", "passage")
    facts = ("institution", "body", "valid_from", "valid_until", "document", "passage", "recorded_at")
    parts = (_WORDINGS,)
    deeds = (_WITHDRAW,)


class DeliveryPermitDesk(LastingDesk):
    model = DeliveryPermit
    policy = RegisterPolicy()
    columns = ("institution", "country", "lawful", "valid_from", "valid_until")
    form = ("institution", "country", "lawful", "valid_from", "valid_until", "document", "passage")
    facts = ("institution", "country", "lawful", "valid_from", "valid_until", "document", "passage", "recorded_at")
    parts = (_WORDINGS,)
    deeds = (_WITHDRAW,)


class HomeRightDesk(LastingDesk):
    model = HomeRight
    policy = RegisterPolicy()
    columns = ("programme", "purpose", "given", "valid_from", "valid_until")
    filters = ("purpose",)
    form = ("programme", "purpose", "given", "valid_from", "valid_until", "document", "passage")
    facts = ("programme", "purpose", "given", "valid_from", "valid_until", "document", "passage", "recorded_at")
    parts = (_WORDINGS,)
    deeds = (_WITHDRAW,)

    def all(self) -> QuerySet[Any]:
        return super().all().select_related("programme__programme")


class ShownDifferenceDesk(LastingDesk):
    model = ShownDifference
    policy = RegisterPolicy()
    columns = ("target", "subject", "outcome", "programme", "authority")
    form = (
        "target", "subject", "outcome", "programme", "authority", "reason", "valid_from", "valid_until", "document",
        "passage",
    )  # fmt: skip
    facts = (
        "target", "subject", "outcome", "programme", "authority", "reason", "valid_from", "valid_until", "document",
        "recorded_at",
    )  # fmt: skip
    parts = (_WORDINGS,)
    deeds = (_WITHDRAW,)

    def all(self) -> QuerySet[Any]:
        return super().all().select_related("target__programme", "programme__programme")


class BridgingModuleDesk(LastingDesk):
    model = BridgingModule
    policy = BridgingModulePolicy()
    columns = ("title", "institution", "country", "hours", "fee")
    filters = ("country",)
    form = (
        "title", "institution", "country", "programme", "hours", "credits", "cost", "currency", "valid_from",
        "valid_until", "document", "passage",
    )  # fmt: skip
    facts = ("institution", "country", "programme", "hours", "credits", "fee", "valid_from", "valid_until", "document")
    parts = (Part("covers", _("outcomes it covers"), desk="module-outcomes", link="module"), _WORDINGS)
    deeds = (
        Deed("offer", _("Offer"), actions.offer, when=lambda r: not r.offered,
             tells=_("From now on it is named wherever it closes a gap.")),
        _WITHDRAW,
    )  # fmt: skip
    search = ("title", "code")

    @shows(_("fee"))
    def fee(self, record: BridgingModule) -> Any:
        return f"{record.cost} {record.currency}".strip() if record.cost else now("none")

    def tags(self, record: BridgingModule) -> Sequence[Any]:
        return [Tag(now("offered"), "good")] if record.offered else [Tag(now("draft"), "wait")]


class ModuleOutcomeDesk(Desk):
    model = ModuleOutcome
    policy = ModuleOutcomePolicy()
    columns = ("outcome", "module")
    form = ("module", "outcome")
    facts = ("outcome", "module")
    order = ("uid",)
