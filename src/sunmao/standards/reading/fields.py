"""The fields of education and training (ISCED-F 2013) from a table of codes, levels and names, one row a field.

Broad fields become units, detailed fields outcomes under their codes, so that a national catalogue can be laid beside
them; narrow fields are the first three digits of both and are left to the codes.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.kernel.sheets import Sheet
from sunmao.standards.reading.drafts import Draft, DraftOutcome, DraftUnit

TITLES = {
    "en": "Fields of education and training (ISCED-F 2013)",
    "zh": "教育与培训领域（ISCED-F 2013）",
    "ru": "Области образования и профессиональной подготовки (МСКО-О 2013)",
}
LEVELS = {2: "broad", 3: "narrow", 4: "detailed"}
_LABEL = "label_"


def fits(sheet: Sheet) -> bool:
    """True where a sheet is a table of fields: codes of two to four digits whose level is called by its name."""
    if not {"code", "level", "label_en"} <= set(sheet.columns):
        return False
    first = next(iter(sheet.rows()), None)
    return first is not None and first["level"] == LEVELS.get(len(first["code"]))


def read(sheet: Sheet) -> Draft:
    """Return the classification; raises ValidationError for a code that does not fit its level."""
    languages = [name for name in sheet.columns if name.startswith(_LABEL)]
    units, outcomes = [], []
    for row in sheet.rows():
        code, level = row["code"].strip(), row["level"].strip()
        if not code.isdecimal() or LEVELS.get(len(code)) != level:
            raise ValidationError(_("“%(code)s” is no code of a %(level)s field.") % {"code": code, "level": level})
        texts = {name.removeprefix(_LABEL): row[name].strip() for name in languages if row[name].strip()}
        if level == "broad":
            units.append(DraftUnit(int(code), texts))
        elif level == "detailed":
            outcomes.append(DraftOutcome(code, texts, kind="knowledge", unit=int(code[:2])))
    return Draft(TITLES, outcomes, units, kind="fields", outside_code="ISCED-F 2013", label="2013")
