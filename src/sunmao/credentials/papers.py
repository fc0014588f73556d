"""The faces of a credential: JSON, PDF with the credential inside, badge as PNG and SVG; and the unsigned specimen.

Set by typst with fonts of the system. Where a script of the text has no font here, the paper is refused by the
font's name: boxes instead of letters never leave the house. A template is held open from one paper to the next, and what
all papers of an award say is composed once (`shared`): one paper and a nation's class are made by the same lines.
"""

from __future__ import annotations

import io
import json
import re
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import segno
import typst
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from sunmao.credentials import pictures
from sunmao.credentials.document import LANGUAGES, kind_words, language_words
from sunmao.credentials.models import Award, AwardKind, Credential, CredentialState, Issued
from sunmao.kernel import clock
from sunmao.vc import baking, qr
from sunmao.vc.errors import VcError

FORMS = ("json", "pdf", "png", "svg", "qr.png")
TYPES = {
    "json": "application/vc+ld+json", "pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml",
    "qr.png": "image/png",
}  # fmt: skip
# What a paper speaks: the languages of the pages, and one more whose words stand in a catalogue of this room alone.
SPOKEN = LANGUAGES | {"ar": "ar"}
_HERE = Path(__file__).parent
_setting = threading.Lock()
# Per script: the letters that need it, and the fonts that have them, best first.
SCRIPTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]", ("Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei")),
    ("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]", ("Noto Naskh Arabic", "Noto Sans Arabic", "Amiri")),
    ("[\u0400-\u052f]", ("Noto Serif", "Libertinus Serif", "DejaVu Serif")),
    ("[A-Za-z\u00aa\u00ba\u00c0-\u024f\u02b0-\u036f\u1e00-\u1eff]", ("Noto Serif", "Libertinus Serif", "DejaVu Serif")),
    ("[\u0370-\u03ff\u1f00-\u1fff]", ("Noto Serif", "Libertinus Serif", "DejaVu Serif")),
    ("[\u0530-\u058f]", ("Noto Serif Armenian", "Noto Sans Armenian")),
    ("[\u0590-\u05ff]", ("Noto Serif Hebrew", "Noto Sans Hebrew")),
    ("[\u0900-\u097f]", ("Noto Serif Devanagari", "Noto Sans Devanagari")),
    ("[\u0980-\u09ff]", ("Noto Serif Bengali", "Noto Sans Bengali")),
    ("[\u0e00-\u0e7f]", ("Noto Serif Thai", "Noto Sans Thai")),
    ("[\u0e80-\u0eff]", ("Noto Serif Lao", "Noto Sans Lao")),
    ("[\u1000-\u109f]", ("Noto Serif Myanmar", "Noto Sans Myanmar")),
    ("[\u10a0-\u10ff]", ("Noto Serif Georgian", "Noto Sans Georgian")),
    ("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]", ("Noto Serif CJK SC", "Noto Serif CJK KR", "Noto Sans CJK KR")),
    ("[\u1200-\u139f]", ("Noto Serif Ethiopic", "Noto Sans Ethiopic")),
    ("[\u1780-\u17ff]", ("Noto Serif Khmer", "Noto Sans Khmer")),
)  # fmt: skip
_KNOWN = re.compile("|".join(letters for letters, _fonts in SCRIPTS))


@cache
def _families() -> frozenset[str]:
    return frozenset(typst.Fonts().families())


def fonts_for(text: str) -> list[str]:
    """Return the fonts a text is set in, one per script it uses; ValidationError by the font's name where one is missing,
    by the letter's where none is known."""
    text = "".join(dict.fromkeys(text))
    strange = next((c for c in text if unicodedata.category(c)[0] in "LM" and not _KNOWN.match(c)), "")
    if strange:
        raise ValidationError(
            _("The paper cannot be set: no font is known here for “%(letter)s” (%(name)s).")
            % {"letter": strange, "name": unicodedata.name(strange, f"U+{ord(strange):04X}")},
            code="font",
        )
    chosen: list[str] = []
    for letters, wanted in reversed(SCRIPTS):
        if re.search(letters, text):
            found = next((name for name in wanted if name in _families()), "")
            if not found:
                raise ValidationError(
                    _("The paper cannot be set: the font “%(font)s” is not installed here.") % {"font": wanted[0]},
                    code="font",
                )
            chosen.append(found)
    return list(dict.fromkeys(chosen))


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(str(_HERE / template))


def _set(template: str, told: dict[str, Any], form: Literal["pdf", "png", "svg"], **more: str) -> bytes:
    """Return a template set with its words; the words are data and never read as markup. `more` is handed on as it is:
    nothing of it is set in letters."""
    text = json.dumps(told, ensure_ascii=False)
    inputs = {"told": json.dumps(told | {"fonts": fonts_for(text)}, ensure_ascii=False), **more}
    with _setting:  # a compiler does one thing at a time
        made = _compiler(template).compile(format=form, sys_inputs=inputs, ppi=200.0)
    page = made[0] if isinstance(made, list) else made
    assert page is not None  # without a file to write to
    return page


def link(credential: Credential | Issued) -> str:
    """Return the address in the QR code: of what the holder shows, or of the verdict where nobody has such a page."""
    if isinstance(credential, Issued):
        return f"{settings.SUNMAO_ADDRESS}/verify/?number={credential.number}"
    return f"{settings.SUNMAO_ADDRESS}/v/{credential.token}/"


def text_of(credential: Credential | Issued) -> str:
    """Return the signed credential as it lies in its files; nothing where it was erased here."""
    if isinstance(credential, Credential) or not credential.document:
        return credential.document
    return json.dumps(credential.signed_document, ensure_ascii=False, separators=(",", ":"))


def _qr(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", xmldecl=False, svgns=True, border=0)
    return out.getvalue().decode()


def languages(award: Award, asked: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the languages of a paper, in order: those asked for, else those of the title we have words for, else
    English. ValidationError where one asked for is none of these."""
    held = tuple(code for code in SPOKEN if code in award.title) or ("en",)
    if strange := next((code for code in asked if code not in held), ""):
        raise ValidationError(
            _("No paper of this award can be set in “%(language)s”: it may be set in %(languages)s.")
            % {"language": strange, "languages": ", ".join(held)},
            code="languages",
        )
    return tuple(dict.fromkeys(asked)) or held


def _said(award: Award, codes: Sequence[str]) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for code in codes:
        programme = award.programme.programme.title.best(code)[0]
        with translation.override(SPOKEN[code]):
            out.append({
                "lang": code,
                "title": award.title.best(code)[0],
                "kind": kind_words(award),
                "certify": _("This is to certify that"),
                "has": _("has completed"),
                "programme": "" if any(row["programme"] == programme for row in out) else programme,
                "by": _("Awarded by"),
                "labels": [_("Awarded on"), _("Valid until"), _("Number"), _("State registration number"), _("no last day"), _("Language of instruction"), _("Evidence")],
                "language": language_words(award.language),
                "verify": _("Scan to verify. The signed credential lies inside this file."),
                "whole": _("This code holds the whole signed credential: it can be checked where there is no connection."),
                "too_long": _("The credential is too long for a code that could be checked without a connection."),
            })  # fmt: skip
    return out


@dataclass(frozen=True)
class Shared:
    """What all papers of one award say: the words in each language, the names of each institution, the picture."""

    said: list[dict[str, Any]]
    names: list[list[str]]
    picture: str


def shared(award: Award, asked: Sequence[str] = ()) -> Shared:
    """Return what all papers of an award say in the languages asked for (see `languages`)."""
    codes = languages(award, asked)
    names = [list(dict.fromkeys(row.title.best(code)[0] for code in codes)) for row in award.organisations]
    return Shared(_said(award, codes), names, pictures.drawn(award))


def _told(common: Shared, name: str, seals: Sequence[Sequence[str]], **more: Any) -> dict[str, Any]:
    issuers = [{"names": names, "seal": seal} for names, seal in zip(common.names, seals, strict=True)]
    return {
        "name": name, "said": common.said, "issuers": issuers, "picture": common.picture, "evidence": [],
        "results": [], "mark": "", "registration": "", "until": "", "whole": "", "too_long": False, **more,
    }  # fmt: skip


def ready(credential: Credential | Issued) -> dict[str, Any]:
    """Return the signed credential a paper is made of; ValidationError where there is none."""
    if not credential.document:
        raise ValidationError(
            _("The holder's data are erased here. Only the holder still has the file."), code="erased"
        )
    if credential.state in (CredentialState.AWAITING, CredentialState.DROPPED):
        raise ValidationError(_("It is not signed by all institutions yet."), code="state")
    return credential.signed_document


def pdf(credential: Credential | Issued, common: Shared | None = None) -> bytes:
    """Return the paper (A4) with the signed credential attached. Names and dates are those that were signed.

    `common` is what `shared` gave for its award; without it the paper speaks every language of the title."""
    document = ready(credential)
    subject = document["credentialSubject"]
    told = _told(
        common or shared(credential.award), subject["identifier"][0]["identityHash"], _seals(document), number=credential.number,
        awarded=credential.awarded_on.isoformat(), until=credential.valid_until.isoformat() if credential.valid_until else "",
        registration=credential.registration_number if isinstance(credential, Credential) else "", qr=_qr(link(credential)), results=_results(subject),
        evidence=_evidence(document),
        mark=_watermark(document), **_whole(document),
    )  # fmt: skip
    return _set("paper.typ", told, "pdf", credential=text_of(credential))


def _seals(document: dict[str, Any]) -> list[list[str]]:
    """Return for each issuing institution what its seal says: the day it signed and the end of its key."""
    named = [document["issuer"]["id"], *(row["id"] for row in document.get("jointIssuer", []))]
    signed = {proof["verificationMethod"].partition("#")[0]: proof for proof in document["proof"]}
    return [[signed[name]["created"][:10], signed[name]["verificationMethod"][-8:]] for name in named]


def _whole(document: dict[str, Any]) -> dict[str, Any]:
    """Return the code that carries the whole credential, as SVG with a margin of 4 modules and how many it is wide."""
    try:
        drawn = qr.svg(document)
    except VcError:
        return {"too_long": True}
    side = re.search(rb'width="(\d+)"', drawn)
    return {"whole": drawn.decode(), "side": int(side[1]) if side else 0}


def _watermark(document: dict[str, Any]) -> str:
    from sunmao.vc.issue import DEMONSTRATION

    return "DEMONSTRATION" if document.get("description") == DEMONSTRATION else ""


def _results(subject: dict[str, Any]) -> list[list[str]]:
    """Return outcome and grade as signed."""
    named = {row["id"]: row["name"] for row in subject["achievement"].get("resultDescription", [])}
    return [[named.get(row["resultDescription"], ""), row.get("value", "")] for row in subject.get("result", [])]


def _evidence(document: dict[str, Any]) -> list[str]:
    """Return each piece of evidence in one line, as signed."""
    rows = document.get("evidence", [])
    return [": ".join(row[name] for name in ("description", "name") if row.get(name)) for row in rows]


def specimen(award: Award) -> bytes:
    """Return the paper as it will look: unsigned, without number or code, watermarked."""
    common = shared(award)
    told = _told(
        common, "……………………", [[] for _names in common.names], number="0000-0000", awarded=clock.today().isoformat(), qr="", mark=_("PREVIEW, NOT SIGNED"),
        results=[[row.title.best("en")[0], ""] for row in award.programme.outcomes.order_by("order", "id")],
    )  # fmt: skip
    return _set("paper.typ", told, "pdf")


def badge(credential: Credential | Issued, form: Literal["png", "svg"]) -> bytes:
    """Return the badge picture (png or svg) with the signed credential baked in (Open Badges 3.0 section 5.3)."""
    picture = drawn(credential, form)
    bake = baking.bake_png if form == "png" else baking.bake_svg
    return bake(picture, text_of(credential).encode())


def drawn(credential: Credential | Issued, form: Literal["png", "svg"]) -> bytes:
    """Return the badge's picture alone."""
    document = ready(credential)
    told = {
        "title": credential.award.title.best("en")[0], "kind": str(AwardKind(credential.award.kind).label),
        "by": credential.award.organisations[0].title.best("en")[0], "year": str(credential.awarded_on.year), "mark": _watermark(document),
    }  # fmt: skip
    return _set("badge.typ", told, form)


def face(credential: Credential | Issued, form: str, common: Shared | None = None) -> bytes:
    """Return a credential in one of FORMS."""
    if form == "json":
        ready(credential)
        return text_of(credential).encode()
    if form == "pdf":
        return pdf(credential, common)
    if form == "qr.png":
        return _code(ready(credential))
    return badge(credential, "png" if form == "png" else "svg")


def _code(document: dict[str, Any]) -> bytes:
    try:
        return qr.png(document, scale=6)
    except VcError as error:
        raise ValidationError(
            _("The credential is too long for a code that could be checked without a connection."), code="qr"
        ) from error


def respond(credential: Credential | Issued, form: str, asked: Sequence[str] = ()) -> HttpResponse:
    """Answer with a credential's file, a paper in the languages asked for; a refusal is said in words."""
    common = shared(credential.award, asked) if form == "pdf" else None
    return _answer(face(credential, form, common), form, f"{credential.number}.{form}")


def respond_specimen(award: Award) -> HttpResponse:
    return _answer(specimen(award), "pdf", f"{award.code}-preview.pdf")


def _answer(data: bytes, form: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
