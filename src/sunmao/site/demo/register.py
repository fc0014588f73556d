"""The first steps of the demonstration: blocs, documents, organisations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sunmao import directory as directory_room
from sunmao.directory import actions
from sunmao.directory.models import (
    Bloc,
    BlocMember,
    Context,
    ContextCitation,
    NameKind,
    Organisation,
    OrganisationCitation,
    OrganisationName,
    OutsideId,
)
from sunmao.kernel import changes
from sunmao.site.demo.world import World, citations, facts, keep_all, texts, when
from sunmao.sources.models import Document


def blocs(world: World) -> None:
    """Blocs with their members in time, as far as the register has none yet."""
    rows = facts("blocs", "bloc", Path(directory_room.__file__).parent)
    members: list[BlocMember] = []
    for row in rows:
        bloc = Bloc.objects.filter(acronym=row["acronym"]).first()
        if bloc is not None:
            continue
        bloc = changes.save(
            Bloc(title=texts(row["names"]), acronym=row["acronym"], source=row.get("source", "")), by=world.by
        )
        members += [
            BlocMember(bloc=bloc, country=member["country"], since=when(member.get("since")),
                       until=when(member.get("until")))
            for member in row["members"]
        ]  # fmt: skip
    keep_all(members, world)


def documents(world: World) -> None:
    """The documents that the facts were read from."""
    rows = facts("documents", "document")
    made = [
        Document(
            title=texts(row["title"]), outlet=row.get("outlet", ""), kind=row["kind"], language=row["language"],
            reliability=row["reliability"], published=when(row.get("published"), row.get("published_said")),
            note=texts(row.get("note")), address=row.get("address", ""),
        )
        for row in rows
    ]  # fmt: skip
    keep_all(made, world)
    world.documents = {row["key"]: document for row, document in zip(rows, made, strict=True)}


def organisations(world: World) -> None:
    """The organisations that the facts name, with their other names and their codes elsewhere."""
    rows = facts("organisations", "organisation")
    names: list[OrganisationName] = []
    ids: list[OutsideId] = []
    cites: list[OrganisationCitation] = []
    for row in rows:
        made = Organisation(
            title=texts(row["names"], row.get("translated", ())), kind=row["kind"], country=row.get("country", ""),
            city=row.get("city", ""), latitude=row.get("latitude"), longitude=row.get("longitude"),
            parent=world.organisations.get(row.get("parent", "")),
        )  # fmt: skip
        world.organisations[row["key"]] = actions.keep(made, by=world.by)
        cites += citations(OrganisationCitation, made, row, world, {"note": ""})
        names += _other_names(made, row)
        if row.get("moe_id"):
            ids.append(OutsideId(organisation=made, scheme=OutsideId.Scheme.MOE, value=row["moe_id"]))
    keep_all(names, world)
    keep_all(ids, world)
    keep_all(cites, world)


def contexts(world: World) -> None:
    """What cooperation stands in: relations between states, reforms, plans, platforms, policies."""
    acronyms = {bloc.acronym: bloc for bloc in Bloc.objects.all()}
    cites: list[ContextCitation] = []
    for row in facts("context", "context"):
        lands, houses = row.get("countries", ()), row.get("organisations", ())
        made = changes.save(
            Context(
                title=texts(row["titles"]), kind=row["kind"], text=texts(row["texts"]),
                country=lands[0] if lands else "", other_country=lands[1] if len(lands) > 1 else "",
                bloc=acronyms.get(row.get("bloc", "")), as_of=when(row.get("as_of") or row.get("year")),
                organisation=world.organisations[houses[0]] if len(houses) == 1 else None,
            ),
            by=world.by,
        )  # fmt: skip
        cites += citations(ContextCitation, made, row, world, {"titles": "title", "texts": "text"})
    keep_all(cites, world)


def _other_names(made: Organisation, row: dict[str, Any]) -> list[OrganisationName]:
    found = [(item, NameKind.ALIAS) for item in row.get("aliases", ())]
    found += [(item, NameKind.FORMER) for item in row.get("former", ())]
    if row.get("local_name"):
        found.append((row["local_name"], NameKind.OFFICIAL))
    out = []
    for item, kind in found:
        acronym = kind == NameKind.ALIAS and item["text"].isupper() and " " not in item["text"]
        out.append(
            OrganisationName(
                organisation=made, text=item["text"], language=item["language"],
                kind=NameKind.ACRONYM if acronym else kind,
            )
        )  # fmt: skip
    return out
