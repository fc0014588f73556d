"""How people meet agreements, their parties, clauses and what fulfilled them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from sunmao.agreements import actions, parts, queries, sentences
from sunmao.agreements import deed_forms as asks
from sunmao.agreements.models import Agreement, Clause, ClauseDebtor, Fulfilment, FulfilmentState, Party, State
from sunmao.agreements.policy import (
    AgreementPolicy,
    ClausePolicy,
    DebtorPolicy,
    FulfilmentPolicy,
    PartyPolicy,
)
from sunmao.directory.countries import codes as country_codes
from sunmao.directory.filters import bloc_choices, country_filter
from sunmao.directory.models import Bloc
from sunmao.directory.queries import bloc_countries
from sunmao.kernel import clock
from sunmao.kernel.cells import Tag, tag_of
from sunmao.kernel.cells import sentences as sentences_of
from sunmao.kernel.desk import Deed, Desk, Part, own_place, shows
from sunmao.sources.citing import cited

LOOSE = (State.DRAFTING, State.APPROVED)


def _drafted(record: Agreement) -> bool:
    return record.state in LOOSE or (record.is_signed and queries.open_version(record) is not None)


def _answerable(record: Agreement) -> bool:
    current = queries.open_version(record)
    return current is not None and current.state == "draft"


def _to_sign(record: Agreement) -> bool:
    current = queries.open_version(record)
    return current is not None and current.state == "approved"


def _amendable(record: Agreement) -> bool:
    return (record.state == State.SIGNED or record.is_in_force) and queries.open_version(record) is None


def _agreed_to(record: Agreement) -> bool:
    return any(party.publishes for party in record.parties.all())


def _recordable(record: Agreement) -> bool:
    return not record.is_signed or queries.open_version(record) is not None


def _of_country(rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
    return rows.filter(parties__organisation__country=value).distinct() if value in country_codes() else rows.none()


def _described(rows: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:
    return rows.filter(how_many=1) if value else rows.exclude(how_many=1)


def _of_bloc(rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
    bloc = Bloc.objects.filter(acronym=value).first()
    lands = bloc_countries(bloc, clock.today()) if bloc else ()
    return rows.filter(parties__organisation__country__in=lands).distinct()


def _of_party(rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
    return rows.filter(parties__organisation__code=value).distinct()


def _country() -> django_filters.ChoiceFilter:
    found = country_filter()
    found.method = _of_country
    return found


class AgreementDesk(Desk):
    model = Agreement
    policy = AgreementPolicy()
    columns = ("title", "kind", "parties", "signed", "ends", "state")
    filters = (
        "kind", "state",
        ("party", django_filters.CharFilter(method=_of_party, label=_("party"))),
        ("country", _country()),
        ("bloc", django_filters.ChoiceFilter(method=_of_bloc, choices=bloc_choices, label=_("bloc"),
                                             empty_label=_("any"))),
        ("isced", django_filters.CharFilter(field_name="subjects__isced", lookup_expr="startswith", distinct=True,
                                            label=_("field (ISCED-F)"))),
        "event", "parent", "origin",
        ("described", django_filters.BooleanFilter(method=_described, label=_("described one by one"))),
    )  # fmt: skip
    form = (
        "title", "kind", "parent", "origin", "opened_by", "guided_by", "event", "ceremony", "place", "online",
        "signed", "ends", "how_many", "note",
    )  # fmt: skip
    facts = ("event", "ceremony", "signing", "in_force", "term", "fields_of_study", "guided_by", "origin", "note")
    parts = (
        Part("family", _("family"), template="agreements/family.html", context=parts.family),
        Part("parties", _("parties and turns"), template="agreements/turns.html", context=parts.turns),
        Part("clauses", _("clauses and what became of them"), template="agreements/clauses.html",
             context=parts.clauses),
        Part("versions", _("versions"), desk="versions", link="agreement"),
        Part("subjects", _("fields of study"), desk="subjects", link="agreement"),
        Part("sources", _("sources"), desk="agreement-citations", link="record"),
    )  # fmt: skip
    deeds = (
        Deed("approve", _("Approve"), actions.approve, asks.ApproveForm, when=_answerable,
             tells=_("Your organisation approves the text with the hash below. The other parties will see it.")),
        Deed("return_text", _("Return with remarks"), actions.return_text, asks.ReturnForm, when=_answerable,
             tells=_("The text goes back to the party that proposed it. Approvals given to it become void.")),
        Deed("sign", _("Sign"), actions.sign, asks.SignForm, when=_to_sign, binding=True,
             tells=_("Your organisation signs the text with the hash below. The other parties will see it. "
                     "A signature cannot be taken back.")),
        Deed("propose_text", _("Propose a text"), actions.propose_text, asks.ProposeForm, when=_drafted,
             tells=_("The other parties will see it. Every approval given to the text before becomes void.")),
        Deed("record_signed", _("Record that it is signed"), actions.record_signed, asks.RecordSignedForm,
             when=_recordable, tells=_("For what the parties signed on paper: all of them will see what you record.")),
        Deed("bring_into_force", _("Bring into force"), actions.bring_into_force, asks.ForceForm,
             when=lambda a: a.state == State.SIGNED, tells=_("From that day on its clauses hold.")),
        Deed("propose_amendment", _("Propose an amendment"), actions.propose_amendment, asks.TextForm,
             when=_amendable, tells=_("What is signed stays in force until every party has signed the new text.")),
        Deed("renew", _("Renew"), actions.renew, asks.RenewForm, when=lambda a: a.is_in_force and a.ends is not None),
        Deed("publish", _("Publish"), actions.publish, asks.PublishForm, when=lambda a: a.is_signed,
             tells=_("Everybody will see the signed agreement once all its parties agree. "
                     "What others copied meanwhile stays with them when you take it back.")),
        Deed("withdraw", _("Take back from the public"), actions.withdraw, asks.WithdrawForm, danger=True,
             when=_agreed_to, tells=_("Only the parties will see it from now on, until all of them agree anew.")),
        Deed("end", _("End"), actions.end, asks.EndForm, danger=True,
             when=lambda a: a.is_in_force or a.state == State.SIGNED,
             tells=_("The agreement no longer holds from that day on. It stays in the register.")),
    )  # fmt: skip
    search = ("title", "place")
    order = ("sort", "signed", "ends")

    def begin(self, user: Any, given: Mapping[str, str]) -> Mapping[str, Any]:
        return own_place(user, "opened_by", "officer")

    def all(self) -> QuerySet[Any]:
        return Agreement.objects.prefetch_related("parties__organisation")

    @shows(_("parties"))
    def parties(self, record: Agreement) -> list[Any]:
        rows = sorted(record.parties.all(), key=lambda row: row.number)
        return [row.organisation or row.title_texts() for row in rows]

    @shows(_("final text"))
    def signing(self, record: Agreement) -> Any:
        """The day and place of signing; a ceremony may be another day."""
        if record.signed is None:
            return now("not signed yet") if record.state in LOOSE else None
        place = now("online") if record.online else record.place
        return [record.signed, place] if place else record.signed

    @shows(_("runs until"))
    def term(self, record: Agreement) -> Any:
        return record.ends or (now("no end is set") if record.is_in_force else None)

    @shows(_("fields of study"))
    def fields_of_study(self, record: Agreement) -> list[Any]:
        return [f"{row.name} (ISCED-F {row.isced})" if row.isced else row.name for row in record.subjects.all()]

    def tags(self, record: Agreement) -> Sequence[Any]:
        kind = Tag(record.get_kind_display(), "none", record.kind)  # type: ignore[attr-defined]
        return (tag_of(State(record.state)), kind)

    def where(self, record: Agreement, user: Any) -> Any:
        return sentences.where(record, user)

    def write(self, record: Agreement, *, by: Any, why: str = "", seen: int | None = None) -> Any:
        return actions.keep_agreement(record, by=by, why=why, seen=seen)

    def remarks(self, record: Agreement, user: Any) -> Mapping[str, Sequence[Any]]:
        return cited(record)


class PartyDesk(Desk):
    model = Party
    policy = PartyPolicy()
    columns = ("title", "part", "signatory", "post", "agreement")
    filters = ("part", "organisation", "agreement")
    form = (
        "agreement", "number", "organisation", "name", "part", "signatory", "post", "authority", "approved_inside",
    )  # fmt: skip
    facts = (
        "agreement", "organisation", "name", "part", "signatory", "post", "authority", "approved_inside", "publishes",
    )  # fmt: skip
    order = ("number",)

    def begin(self, user: Any, given: Mapping[str, str]) -> Mapping[str, Any]:
        return self.next_number(user, given, "agreement")

    def all(self) -> QuerySet[Any]:
        return Party.objects.select_related("organisation", "agreement")

    def write(self, record: Party, *, by: Any, why: str = "", seen: int | None = None) -> Any:
        return actions.keep_part(record, record.agreement, by=by, why=why, seen=seen)

    def remove(self, record: Party, *, by: Any, why: str = "") -> None:
        actions.remove_part(record, record.agreement, by=by, why=why)

    def where(self, record: Party, user: Any) -> Any:
        if record.organisation is None:
            return now("This party is to be named; nobody can approve or sign in its place.")
        return now("%(party)s is a party to %(agreement)s: %(part)s.") % {
            "party": record, "agreement": record.agreement, "part": record.get_part_display(),  # type: ignore[attr-defined]
        }  # fmt: skip


class ClauseDesk(Desk):
    model = Clause
    policy = ClausePolicy()
    columns = ("title", "number", "due", "state", "agreement")
    filters = (
        "agreement", "state",
        ("due_by", django_filters.DateFilter(field_name="due", lookup_expr="surely_by", label=_("due by"))),
    )  # fmt: skip
    form = ("agreement", "number", "promise", "due")
    facts = ("agreement", "number", "owed_by", "due", "state", "reason")
    parts = (
        Part("fulfilments", _("what it led to"), desk="fulfilments", link="clause"),
        Part("debtors", _("who owes it"), desk="clause-debtors", link="clause",
             hint=_("Where nobody is named, all parties owe it.")),
    )  # fmt: skip
    deeds = (
        Deed("fulfil", _("Show what fulfilled it"), actions.fulfil, asks.FulfilForm,
             when=lambda c: c.state == "open" and not c.is_proposed and c.agreement.is_signed,
             tells=_("The other parties will see it, and one of them confirms it.")),
        Deed("remind", _("Remind"), actions.remind, asks.RemindForm, when=lambda c: c.days_late(clock.today()) > 0,
             tells=_("The people of those who owe it are told, with what you write, and get an e-mail. "
                     "All parties can see that you reminded them.")),
        Deed("waive", _("Waive"), actions.waive, asks.WaiveForm, danger=True,
             when=lambda c: c.state == "open" and not c.is_proposed and c.agreement.is_signed,
             tells=_("Those who owe this clause no longer owe it. All parties will see your reason.")),
    )  # fmt: skip
    search = ("promise",)
    order = ("number", "due")

    def begin(self, user: Any, given: Mapping[str, str]) -> Mapping[str, Any]:
        return self.next_number(user, given, "agreement")

    def all(self) -> QuerySet[Any]:
        return Clause.objects.select_related("agreement").prefetch_related("debtors__party__organisation")

    @shows(_("owed by"))
    def owed_by(self, record: Clause) -> Any:
        return [str(row.party) for row in record.debtors.all()] or now("All parties")

    def write(self, record: Clause, *, by: Any, why: str = "", seen: int | None = None) -> Any:
        if record.pk is None and record.agreement.is_signed:
            record.amendment = record.agreement.amendment + 1
        return actions.keep_part(record, record.agreement, by=by, why=why, seen=seen)

    def remove(self, record: Clause, *, by: Any, why: str = "") -> None:
        actions.remove_part(record, record.agreement, by=by, why=why)

    def where(self, record: Clause, user: Any) -> Any:
        return sentences.where_clause(record, user)


class ClauseDebtorDesk(Desk):
    model = ClauseDebtor
    policy = DebtorPolicy()
    columns = ("title", "clause")
    filters = ("clause",)
    form = ("clause", "party")
    facts = ("clause", "party")
    order = ("id",)

    def all(self) -> QuerySet[Any]:
        return ClauseDebtor.objects.select_related("party__organisation", "clause__agreement")

    def write(self, record: ClauseDebtor, *, by: Any, why: str = "", seen: int | None = None) -> Any:
        return actions.keep_part(record, record.clause.agreement, by=by, why=why, seen=seen)

    def remove(self, record: ClauseDebtor, *, by: Any, why: str = "") -> None:
        actions.remove_part(record, record.clause.agreement, by=by, why=why)


class FulfilmentDesk(Desk):
    model = Fulfilment
    policy = FulfilmentPolicy()
    columns = ("title", "party", "done", "led_to", "complete", "state")
    filters = ("clause", "state")
    facts = ("clause", "party", "text", "done", "led_to", "complete", "document", "file", "answered_by", "answer")
    deeds = (
        Deed("confirm", _("Confirm"), actions.confirm, asks.ConfirmForm,
             when=lambda f: f.state == FulfilmentState.CLAIMED,
             tells=_("Your organisation confirms what the other party told. The clause counts as kept "
                     "where nothing more is owed.")),
        Deed("refuse", _("Do not accept"), actions.refuse, asks.RefuseForm, danger=True,
             when=lambda f: f.state == FulfilmentState.CLAIMED,
             tells=_("The clause stays open. All parties will see what you find missing.")),
    )  # fmt: skip
    search = ("text",)
    order = ("id",)

    def all(self) -> QuerySet[Any]:
        return Fulfilment.objects.select_related("party__organisation", "clause__agreement")

    def tags(self, record: Fulfilment) -> Sequence[Any]:
        return (tag_of(FulfilmentState(record.state)),)

    def where(self, record: Fulfilment, user: Any) -> Any:
        told = now("%(party)s tells that this was done for “%(clause)s”.") % {
            "party": record.party, "clause": record.clause,
        }  # fmt: skip
        if record.state == FulfilmentState.CLAIMED:
            return sentences_of((told, now("Another party must confirm it.")))
        answered = (
            _("%(party)s has confirmed it.") if record.state == FulfilmentState.CONFIRMED
            else _("%(party)s has not accepted it.")
        )  # fmt: skip
        return sentences_of((told, answered % {"party": record.answered_by}))
