"""An ESCO occupation with its skills and knowledge, from the CSV files of ESCO.

Three tables are needed: occupations, skills, and which occupation needs which skill. They are known by their columns,
as ESCO publishes them (conceptUri, preferredLabel, occupationUri, skillUri …) or as short ids and row numbers
(occupation_id, skill_id, occupation_row, skill_row). Essential skills become unit 1, which the version asks for,
optional ones unit 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.kernel.sheets import Sheet
from sunmao.standards.reading.drafts import Draft, DraftOutcome, DraftUnit

UNITS = (
    {"en": "Essential skills and knowledge", "zh": "必备技能和知识", "ru": "Обязательные умения и знания"},
    {"en": "Optional skills and knowledge", "zh": "可选技能和知识", "ru": "Дополнительные умения и знания"},
)
_KINDS = {
    "knowledge": "knowledge",
    "skill/competence": "skill",
    "attitude": "responsibility",
    "value": "responsibility",
}

Row = Mapping[str, str]


def is_occupations(sheet: Sheet) -> bool:
    """True where a sheet is ESCO's table of occupations."""
    return "occupation_id" in sheet.columns or {"conceptUri", "iscoGroup"} <= set(sheet.columns)


def is_skills(sheet: Sheet) -> bool:
    """True where a sheet is ESCO's table of skills."""
    return ("skillType" in sheet.columns and "conceptUri" in sheet.columns) or "skill_type" in sheet.columns


def is_relations(sheet: Sheet) -> bool:
    """True where a sheet says which occupation needs which skill."""
    return {"occupationUri", "skillUri"} <= set(sheet.columns) or {"occupation_row", "skill_row"} <= set(sheet.columns)


def read(sheets: Iterable[Sheet], entry: str) -> Draft:
    """Return one occupation, named by its code, identifier or English title; raises ValidationError in words."""
    held = list(sheets)
    parts = [next((one for one in held if fits(one)), None) for fits in (is_occupations, is_skills, is_relations)]
    names = (_("occupations"), _("skills"), _("which occupation needs which skill"))
    missing = [name for name, part in zip(names, parts, strict=True) if part is None]
    if missing:
        raise ValidationError(_("ESCO's table is missing: %(names)s.") % {"names": ", ".join(missing)})
    occupations, skills, relations = (list(part.rows()) for part in parts if part is not None)
    place, row = _chosen(occupations, entry)
    needed = list(_needed(place, row, skills, relations))
    if not needed:
        raise ValidationError(_("This occupation has no skills in the file."))
    outcomes = [
        DraftOutcome(f"{unit}.{number}", _texts(skill), _kind(skill), unit)
        for unit in (1, 2)
        for number, skill in enumerate((skill for of, skill in needed if of == unit), 1)
    ]
    there = {one.unit for one in outcomes}
    units = [DraftUnit(number, texts) for number, texts in enumerate(UNITS, 1) if number in there]
    return Draft(
        _texts(row), outcomes, units, kind="occupational", outside_code=row.get("code", ""),
        requirement={"unit": 1} if there == {1, 2} else None,
    )  # fmt: skip


def _chosen(occupations: Sequence[Row], entry: str) -> tuple[int, Row]:
    if not entry:
        raise ValidationError(_("The file has many occupations. Name one by its code or title."))
    wanted = entry.casefold()
    for place, row in enumerate(occupations):
        uri = row.get("occupation_id") or row.get("conceptUri", "")
        if wanted in (row.get("code", "").casefold(), uri.casefold(), _label(row).casefold()):
            return place, row
    raise ValidationError(_("The file has no occupation “%(entry)s”.") % {"entry": entry})


def _needed(place: int, row: Row, skills: Sequence[Row], relations: Sequence[Row]) -> Iterable[tuple[int, Row]]:
    by_uri = {skill.get("conceptUri", ""): skill for skill in skills}
    for found in relations:
        if "occupation_row" in found:
            if found["occupation_row"] != str(place):
                continue
            number = int(found["skill_row"])
            skill = skills[number] if number < len(skills) else None
        else:
            if found["occupationUri"] != row.get("conceptUri"):
                continue
            skill = by_uri.get(found["skillUri"])
        if skill is not None and _texts(skill):
            yield 1 if (found.get("relation") or found.get("relationType", "")).casefold()[:1] == "e" else 2, skill


def _label(row: Row) -> str:
    return row.get("label_en") or row.get("preferredLabel", "")


def _kind(skill: Row) -> str:
    return _KINDS.get(skill.get("skill_type") or skill.get("skillType", ""), "skill")


def _texts(row: Row) -> dict[str, str]:
    found = {name.removeprefix("label_"): text for name, text in row.items() if name.startswith("label_") and text}
    return found or ({"en": _label(row)} if _label(row) else {})
