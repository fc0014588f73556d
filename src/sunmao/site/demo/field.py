"""The cooperation itself as the facts tell of it: events, consensus texts, statements, alliances, agreements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sunmao.agreements import actions as agreement_actions
from sunmao.agreements.models import Agreement, AgreementCitation, Clause, Origin, Party, Subject
from sunmao.alliances.models import Alliance, AllianceCitation, Member
from sunmao.alliances.models import Role as MemberRole
from sunmao.directory.models import Bloc
from sunmao.events.models import (
    Commitment,
    ConsensusCitation,
    ConsensusText,
    Event,
    EventCitation,
    EventRole,
    Statement,
    StatementCitation,
)
from sunmao.kernel import changes, clock
from sunmao.kernel.when import When
from sunmao.site.demo.world import World, citations, facts, keep_all, texts, when

_EVENT_KINDS = {"signing": "signing_ceremony", "expo": "exhibition"}
_FIELDS = {
    "titles": "title", "held": "began", "held_said": "began", "first_held": "began", "hosts": "roles.host",
    "guides": "roles.guide", "participants": "roles.participant", "speakers": "roles.speaker", "quoted": "statements",
    "delegations": "roles.delegation", "ministers": "roles.ministerial_leader", "representatives": "roles.participant",
    "announced": "workshops", "consensus": "consensus_texts",
}  # fmt: skip
_CONSENSUS_FIELDS = {"titles": "title", "released": "issued", "note": "summary", "by": "proposed_by"}
_ALLIANCE_FIELDS = {
    "founded_said": "founded", "roles": "members", "countries_named": "members", "programme_partners": "workshops",
    "gaps": "note",
}  # fmt: skip
_AGREEMENT_FIELDS = {"titles": "title", "fields": "subjects", "count": "how_many", "kind_one_of": "kind"}
_MEMBER_ROLES = {
    "launcher": MemberRole.LAUNCHER, "founding_member": MemberRole.FOUNDING, "lead": MemberRole.LEAD,
    "guiding_authority": MemberRole.GUIDING,
}  # fmt: skip
_PARTS = {"company": "enterprise"}


def people() -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in facts("people", "person")}


def events(world: World) -> None:
    """Events with who did what at them."""
    known, cites, roles = people(), [], []
    blocs = {bloc.acronym: bloc for bloc in Bloc.objects.all()}
    for row in facts("events", "event"):
        event = changes.save(
            Event(
                title=texts(row["titles"], row.get("translated", ())), theme=texts(row.get("theme")),
                kind=_EVENT_KINDS.get(row["kind"], row["kind"]), began=when(row.get("held"), row.get("held_said")),
                country=row.get("country", ""), city=row.get("city", ""), online=row.get("online", False),
                bloc=blocs.get(row.get("bloc", "")), series=row.get("series", False),
                part_of=world.events.get(row.get("part_of", "")), note=texts(row.get("note")),
            ),
            by=world.by,
        )  # fmt: skip
        world.events[row["key"]] = event
        cites += citations(EventCitation, event, row, world, _FIELDS)
        roles += _roles(event, row, known, world)
    keep_all(roles, world)
    keep_all(cites, world)


def _roles(event: Event, row: Mapping[str, Any], known: Mapping[str, Any], world: World) -> list[EventRole]:
    out = [
        EventRole(event=event, role=role, organisation=world.organisations[key])
        for name, role in (
            ("hosts", "host"), ("guides", "guide"), ("supporters", "supporter"), ("participants", "participant"),
        )
        for key in row.get(name, ())
    ]  # fmt: skip
    for key in (*row.get("speakers", ()), *row.get("quoted", ())):
        person = known[key]
        out.append(
            EventRole(event=event, role="speaker", name=texts(person.get("names")) or texts(person["post"]),
                      post=texts(person["post"]), country=person.get("country", ""),
                      organisation=world.organisations.get(person.get("organisation", "")))
        )  # fmt: skip
    out += [
        EventRole(event=event, role=role, name=texts(item["names"]), country=item.get("country", ""),
                  head_count=item.get("count"), note=texts(item.get("note")))
        for name, role in (
            ("delegations", "delegation"), ("ministers", "ministerial_leader"), ("representatives", "participant"),
        )
        for item in row.get(name, ())
    ]  # fmt: skip
    return out


def statements(world: World) -> None:
    """What named officials said, in our words."""
    where = {key: row for row in facts("events", "event") for key in (*row.get("speakers", ()), *row.get("quoted", ()))}
    cites = []
    for row in facts("people", "person"):
        made = changes.save(
            Statement(
                name=texts(row.get("names"), row.get("translated", ())) or texts(row["post"]),
                post=texts(row["post"]), organisation=world.organisations.get(row.get("organisation", "")),
                event=world.events.get(where[row["key"]]["key"]) if row["key"] in where else None,
                text=texts(row["gist"]),
            ),
            by=world.by,
        )  # fmt: skip
        cites += citations(StatementCitation, made, row, world, {"gist": "text", "names": "name"})
    keep_all(cites, world)


def consensus(world: World) -> None:
    """Consensus texts and proposals with what they commit to. Owners and progress are set by people, never here."""
    cites, commitments = [], []
    for row in facts("consensus", "consensus"):
        made = changes.save(
            ConsensusText(
                title=texts(row["titles"]), event=world.events.get(row.get("event", "")), kind=row["kind"],
                proposed_by=texts(people()[row["by"]]["post"]) if row.get("by") else texts(None), issued=when(row.get("released"), row.get("released_said")), summary=texts(row.get("note")),
            ),
            by=world.by,
        )  # fmt: skip
        commitments += [
            Commitment(consensus=made, number=number, topic=item["topic"], theme=texts(item["texts"]))
            for number, item in enumerate(row.get("commitments", ()), 1)
        ]
        cites += citations(ConsensusCitation, made, row, world, _CONSENSUS_FIELDS)
    keep_all(commitments, world)
    keep_all(cites, world)


def alliances(world: World) -> None:
    """Alliances with the members that are named; those of which only the country is named stand unnamed."""
    begun = [row for row in facts("events", "event") if row["kind"] == "ceremony" and row.get("alliance")]
    launches = {row["alliance"]: world.events[row["key"]] for row in begun}
    cites, members = [], []
    for row in facts("alliances", "alliance"):
        made = changes.save(
            Alliance(
                organisation=world.organisations[row["organisation"]], scope=texts(row["scope"]),
                founded=when(row.get("founded"), row.get("founded_said")), note=texts(row.get("gaps")),
                launch=launches.get(row["key"]),
            ),
            by=world.by,
        )  # fmt: skip
        world.alliances[row["key"]] = made
        cites += citations(AllianceCitation, made, row, world, _ALLIANCE_FIELDS)
        members += _members(made, row, world)
    keep_all(members, world)
    keep_all(cites, world)


def _members(made: Alliance, row: Mapping[str, Any], world: World) -> list[Member]:
    """Return who belongs to an alliance. No source says since when, so each is known as a member on the day of its
    source, or today where that is not dated."""
    dates = [world.documents[cite["document"]].published for cite in row["cites"]]
    known = next((date for date in dates if date and date.stated), When.on(clock.today()))
    places = [(world.organisations[item["organisation"]], item["role"]) for item in row.get("roles", ())]
    named = {str(organisation.country) for organisation, _role in places}
    return [
        *(Member(alliance=made, organisation=organisation, role=_MEMBER_ROLES[role], known=known)
          for organisation, role in places),
        *(Member(alliance=made, country=code, known=known)
          for code in row.get("countries_named", ()) if code not in named),
    ]  # fmt: skip


def agreements(world: World) -> None:
    """Agreements as far as they are described; a row of its own stands for those that are only counted."""
    cites, subjects, clauses = [], [], []
    for row in facts("agreements", "agreement"):
        made = agreement_actions.keep_agreement(
            Agreement(
                title=texts(row["titles"], row.get("translated", ())), kind=row.get("kind", "unstated"), origin=Origin.PRESS,
                event=world.events.get(row.get("event", "")), signed=when(row.get("signed"), row.get("signed_said")),
                online=row.get("online", False), how_many=row.get("count", 1), note=texts(row.get("note")),
            ),
            by=world.by,
        )  # fmt: skip
        world.agreements[row["key"]] = made
        keep_all(_parties(made, row, world), world)
        subjects += [Subject(agreement=made, name=texts(name)) for name in row.get("fields", ())]
        clauses += [
            Clause(agreement=made, number=number, promise=texts(item["texts"]))
            for number, item in enumerate(row.get("clauses", ()), 1)
        ]
        cites += citations(AgreementCitation, made, row, world, _AGREEMENT_FIELDS)
    keep_all(subjects, world)
    keep_all(clauses, world)
    keep_all(cites, world)


def _parties(made: Agreement, row: Mapping[str, Any], world: World) -> list[Party]:
    return [
        Party(agreement=made, number=number, organisation=world.organisations[item["organisation"]],
              part=_PARTS.get(item["part"], item["part"]))
        for number, item in enumerate(row.get("parties", ()), 1)
    ]  # fmt: skip
