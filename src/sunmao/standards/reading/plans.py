"""Talent-training plans and course standards as sheets: a row per outcome, its course or unit beside it.

Columns are known by their names in English, Chinese or Russian. A text's column may end in its language, as in
`outcome_en`; without one the language is taken from the script. A unit's cell may stay empty below its first row, as
in sheets with merged cells. Credits and hours belong to the unit; without a unit to the outcome.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.kernel.sheets import Sheet
from sunmao.standards.reading.drafts import Draft, DraftOutcome, DraftUnit, language_of

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "outcome": ("outcome", "learning outcome", "ability", "能力要求", "学习成果", "培养规格", "能力目标", "课程目标", "能力",
                "результат обучения", "результат"),
    "unit": ("unit", "course", "module", "课程名称", "课程", "单元", "模块", "学习任务", "项目", "модуль", "дисциплина"),
    "number": ("number", "no", "no.", "序号", "编号", "номер", "№"),
    "kind": ("kind", "类型", "类别", "вид"),
    "critical": ("critical", "核心", "是否核心", "ключевой"),
    "credits": ("credits", "学分", "кредиты"),
    "hours": ("hours", "学时", "总学时", "课时", "часы"),
}  # fmt: skip
KINDS: Mapping[str, str] = {
    "knowledge": "knowledge", "知识": "knowledge", "знание": "knowledge", "знания": "knowledge",
    "skill": "skill", "能力": "skill", "技能": "skill", "умение": "skill", "навык": "skill", "умения": "skill",
    "responsibility": "responsibility", "素质": "responsibility", "素养": "responsibility", "ответственность": "responsibility",
}  # fmt: skip
YES = frozenset({"yes", "true", "1", "x", "是", "√", "✓", "да"})
_LANGUAGE = re.compile(r"^(.+?)[ _]\(?(zh|en|ru|uz|kk|fr|es|ar)\)?$")


def fits(sheet: Sheet) -> bool:
    """True where a sheet has a column of outcomes."""
    return any(name == "outcome" for name, _language in _known(sheet).values())


def read(sheet: Sheet, title: str) -> Draft:
    """Return the plan or course standard in a sheet; raises ValidationError that names every bad cell's row."""
    known = _known(sheet)
    problems: list[str] = []
    units: dict[str, DraftUnit] = {}
    outcomes: list[DraftOutcome] = []
    last = ""
    for row, cells in zip(sheet.numbers, sheet.rows(), strict=True):
        texts = {name: _texts(cells, known, name) for name in ("unit", "outcome")}
        values = {name: cells[column].strip() for column, (name, _l) in known.items() if name not in texts}
        credits = _number(values.get("credits", ""), row, problems)
        stated = _number(values.get("hours", ""), row, problems, whole=True)
        hours = None if stated is None else int(stated)
        last = next(iter(texts["unit"].values()), last)
        if texts["unit"] and last not in units:
            units[last] = DraftUnit(len(units) + 1, texts["unit"], credits, hours)
        if not texts["outcome"]:
            continue
        kind = values.get("kind", "").casefold()
        if kind and kind not in KINDS:
            problems.append(_("row %(row)s: “%(cell)s” is no kind of outcome") % {"row": row, "cell": kind})
        unit = units.get(last)
        place = sum(one.unit == (unit.number if unit else None) for one in outcomes) + 1
        outcomes.append(
            DraftOutcome(
                number=values.get("number") or (f"{unit.number}.{place}" if unit else str(place)),
                texts=texts["outcome"],
                kind=KINDS.get(kind, "skill"),
                unit=unit.number if unit else None,
                critical=values.get("critical", "").casefold() in YES,
                credits=None if unit else credits,
                hours=None if unit else hours,
            )
        )
    if not outcomes:
        problems.append(_("no row has an outcome"))
    problems += _doubles(outcomes)
    if problems:
        raise ValidationError(_("The sheet was not read: %(problems)s.") % {"problems": "; ".join(problems[:20])})
    kind = "curriculum" if len(units) > 1 else "course"
    return Draft({language_of(title): title}, outcomes, tuple(units.values()), kind=kind)


def _known(sheet: Sheet) -> dict[str, tuple[str, str]]:
    """Return for each column that is understood what it holds and in which language ("" where that is not said)."""
    names = {said: name for name, saids in COLUMNS.items() for said in saids}
    found: dict[str, tuple[str, str]] = {}
    for column in sheet.columns:
        word = " ".join(column.casefold().split())
        language = ""
        if match := _LANGUAGE.match(word):
            word, language = match.groups()
        if word in names:
            found[column] = (names[word], language)
    return found


def _texts(cells: Mapping[str, str], known: Mapping[str, tuple[str, str]], wanted: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for column, (name, language) in known.items():
        text = cells[column].strip()
        if name == wanted and text:
            found.setdefault(language or language_of(text), text)
    return found


def _number(cell: str, row: int, problems: list[str], *, whole: bool = False) -> Decimal | None:
    if not cell:
        return None
    try:
        value = Decimal(cell)
        if not 0 <= value < 100_000 or (whole and value != int(value)):
            raise InvalidOperation
    except InvalidOperation:
        problems.append(_("row %(row)s: “%(cell)s” is no number") % {"row": row, "cell": cell[:40]})
        return None
    return value


def _doubles(outcomes: list[DraftOutcome]) -> list[str]:
    seen: set[str] = set()
    double = []
    for one in outcomes:
        if one.number in seen:
            double.append(_("the number %(number)s stands twice") % {"number": one.number})
        seen.add(one.number)
    return double
