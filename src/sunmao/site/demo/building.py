"""The workshops, colleges and schools abroad, with who takes part and what is taught."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sunmao.kernel import changes
from sunmao.site.demo.world import World, citations, facts, keep_all, texts, when
from sunmao.workshops.models import Major, Part, Partner, Workshop, WorkshopCitation

_FIELDS = {
    "titles": "title", "opened_said": "unveiled", "partners": "partners.chinese", "companies": "partners.enterprise",
    "supporters": "partners.sponsor", "majors_note": "majors", "note": "", "set_up": "stages",
}  # fmt: skip
_STAGES = {
    "partners": "partners",
    "site": "stages.site",
    "curriculum": "stages.curriculum",
    "teachers": "stages.teachers",
}


def workshops(world: World) -> None:
    """Workshops as the sources tell of them; where a source is silent the record is, too."""
    rows = facts("workshops", "workshop")
    partners, majors, cites = [], [], []
    for row in rows:
        made = changes.save(
            Workshop(
                title=texts(row["titles"], row.get("translated", ())), brand=row["brand"], kind=row["kind"],
                state=row["state"], country=row.get("country", ""), city=row.get("city", ""),
                latitude=row.get("latitude"), longitude=row.get("longitude"),
                host=world.organisations.get(row.get("host", "")),
                unveiled=when(row.get("unveiled") or row.get("opened"), row.get("opened_said")),
                agreement=world.agreements.get(row.get("agreement", "")),
                alliance=world.alliances.get(row.get("alliance", "")),
                event=world.events.get(row.get("event", "")),
            ),
            by=world.by,
        )  # fmt: skip
        world.workshops[row["key"]] = made
        partners += _partners(made, row, world)
        majors += [Major(workshop=made, title=texts(name)) for name in row.get("majors", ())]
        cites += _cites(made, row, world)
    keep_all(partners, world)
    keep_all(majors, world)
    keep_all(cites, world)


def _partners(made: Workshop, row: Mapping[str, Any], world: World) -> list[Partner]:
    parts = [(key, Part.CHINESE) for key in row.get("partners", ())]
    parts += [(key, Part.ENTERPRISE) for key in row.get("companies", ())]
    parts += [(key, Part.SPONSOR) for key in row.get("supporters", ())]
    if row.get("host"):
        parts.append((row["host"], Part.HOST))
    return [
        Partner(workshop=made, organisation=world.organisations[key], part=part, order=number)
        for number, (key, part) in enumerate(parts, 1)
    ]


def _cites(made: Workshop, row: Mapping[str, Any], world: World) -> list[WorkshopCitation]:
    """Return the citations; the source's own words for the state stand with the one it was read in, and each stage of
    set-up that a source tells of has one of its own: what was under way then says nothing of today."""
    found = citations(WorkshopCitation, made, row, world, _FIELDS)
    for cite in [cite for cite in found if cite.fact == "stages"]:
        found.remove(cite)
        found += [
            WorkshopCitation(record=made, document=cite.document, passage=cite.passage, fact=_STAGES[item["stage"]],
                             says=texts(item["texts"]))
            for item in row["set_up"]
        ]  # fmt: skip
    said = (row.get("state_said") or {}).get("en", "")
    for cite in found:
        if cite.fact == "state" and said:
            cite.as_said, said = said, ""
    return found
