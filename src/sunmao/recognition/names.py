"""What the spellings of an applicant's name come to beside that of the passport, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from sunmao.kernel.cells import Tag, tag
from sunmao.recognition.models import Applicant
from sunmao.recognition.spelling import Likeness, Verdict, Way, compare

_TAGS = {
    Verdict.SAME: (lazy("the same letters"), "good"),
    Verdict.POSSIBLE: (lazy("can be the same person"), "good"),
    Verdict.PARTLY: (lazy("agrees in part"), "wait"),
    Verdict.DIFFERENT: (lazy("does not agree"), "cross"),
}
_WAYS = {
    Way.LETTERS: lazy("Capitals and blanks aside, the letters are the same."),
    Way.ACCENTS: lazy("Accents and marks are left out on one side."),
    Way.PASSPORT: lazy("Written in the letters of passports (ICAO 9303)."),
    Way.PINYIN: lazy("The characters are read in pinyin."),
    Way.PALLADIUS: lazy("Chinese sounds are written in Russian letters (Palladius)."),
    Way.CYRILLIC: lazy("Cyrillic letters are written in Latin ones."),
    Way.UZBEK: lazy("Uzbek letters (oʻ, gʻ, ў, ғ, қ, ҳ) are written another way."),
    Way.SYSTEMS: lazy("Two ways of writing the same sounds, as in Yusupov and Iusupov."),
    Way.ARABIC: lazy("Arabic writes no short vowels: the consonants agree."),
    Way.ORDER: lazy("Family name and given name stand in another order."),
    Way.JOINED: lazy("Parts are joined on one side and apart on the other."),
    Way.FATHER: lazy("The father's name stands on one side only."),
    Way.FATHER_FORM: lazy("The father's name has two forms, as in Karimovich and Karim oʻgʻli."),
    Way.INITIAL: lazy("One side gives an initial only."),
    Way.FURTHER: lazy("One side has a further part."),
}


def says(found: Likeness) -> str:
    """Return why two spellings agree, or which parts do not."""
    if found.verdict is Verdict.DIFFERENT:
        if found.left:
            return _("Not found on the other side: %(parts)s.") % {"parts": ", ".join(found.left)}
        return _("No way of writing known here makes one of the other.")
    return " ".join(str(_WAYS[way]) for way in found.ways)


def spellings(record: Applicant) -> list[tuple[str, str]]:
    """Return where each spelling stands, and the spelling, the one to compare with first."""
    found = [(_("passport"), record.passport_name)]
    found += [(_("application"), entry["text"]) for entry in record.name.values()]
    found += [(_("certificate"), record.certificate_name)]
    found += [(_("other spelling"), line.strip()) for line in record.variants.splitlines()]
    return [(where, text) for where, text in found if text]


def side_by_side(record: Applicant, user: Any) -> dict[str, Any]:
    """Return each further spelling held against the first: that of the passport where it is written down."""
    if record.erased_at is not None:
        return {"rows": [], "count": 0, "hidden": True}
    known = spellings(record)
    rows = []
    for where, text in known[1:]:
        found = compare(known[0][1], text)
        word, tone = _TAGS[found.verdict]
        rows.append({"where": where, "text": text, "state": tag(Tag(word, tone)), "says": says(found)})
    first = {"where": known[0][0], "text": known[0][1]} if known else None
    return {"first": first, "rows": rows, "count": len(rows), "hidden": not rows}
