"""The letter that tells an applicant what was decided, why, and how to appeal: a PDF in the two languages of the case.

Convention on the Recognition of Qualifications concerning Higher Education (Lisbon 1997), articles III.5 and VI.1, and
the Global Convention (2019), article III: reasons are stated and the applicant is told of the possibility of appeal.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sunmao.credentials.document import LANGUAGES
from sunmao.kernel.desk import desk_of
from sunmao.kernel.errors import NotAllowed
from sunmao.kernel.listing import tell_seen
from sunmao.recognition import sentences
from sunmao.recognition.actions.deciding import APPEAL_DAYS
from sunmao.recognition.decide import Decision as Computed
from sunmao.recognition.fields import split
from sunmao.recognition.models import (
    Applicant,
    BridgingModule,
    Decision,
    DecisionState,
    Measure,
    Result,
    Tongue,
)
from sunmao.recognition.parts import conditions
from sunmao.recognition.queries.impact import restored
from sunmao.recognition.record import Element, State

TOLD = (DecisionState.ISSUED, DecisionState.REVIEW_DUE, DecisionState.SUPERSEDED)
# Countries and regions where one of the letter's languages is official or the common one of administration; elsewhere English.
_SPOKEN = {
    "zh": frozenset({"CN", "HK", "MO", "TW", "SG"}),
    "ru": frozenset({"RU", "BY", "KZ", "KG", "TJ", "UZ", "TM", "AM", "AZ", "MD"}),
}
_TEMPLATE = Path(__file__).parent / "letter.typ"


def languages(decision: Decision) -> list[str]:
    """Return the languages of a letter: those chosen for the case, else the host country's and the home country's."""
    case = decision.case
    if case.letter_in:
        return split(case.letter_in)
    homes = [
        q.programme.programme.country for q in case.qualifications.select_related("programme__programme") if q.programme
    ]
    countries = [str(code) for code in (case.target.programme.country, *homes)]
    spoken = [next((code for code, of in _SPOKEN.items() if country in of), Tongue.EN.value) for country in countries]
    return list(dict.fromkeys([*spoken, Tongue.EN.value]))[:2]


def offered(decision: Decision, user: Any) -> dict[str, Any]:
    """Return what the page of a decision shows of its letter; nothing before it is decided."""
    codes = languages(decision) if decision.state in TOLD else []
    return {
        "hidden": decision.state not in TOLD, "count": 1, "url": f"/decisions/{decision.code}/letter.pdf",
        "languages": [Tongue(code).label for code in codes],
    }  # fmt: skip


def chosen(text: str) -> list[str]:
    """Return the languages named in a text such as `en,ru`; ValidationError where one is unknown or they are many."""
    codes = split(text)
    if len(codes) > 2 or not set(codes) <= set(Tongue.values):
        known = ", ".join(Tongue.values)
        raise ValidationError({"in": _("Choose two languages at most, of: %(known)s.") % {"known": known}})
    return codes


def letter(decision: Decision, *, by: Any, into: str = "") -> bytes:
    """Return the letter as PDF, in the languages named in `into`, else in those of its case. Raises ValidationError where nothing is decided yet or a font is missing, NotAllowed for
    who may not see the applicant's name; the learner is told who saw it."""
    if decision.state not in TOLD:
        raise ValidationError(_("A letter tells what is decided. Nothing is decided here yet."), code="state")
    codes = chosen(into) or languages(decision)
    names = _applicant(decision, by)
    computed, _evidence = restored(decision)
    said = []
    for code in codes:
        with translation.override(LANGUAGES[code]):
            said.append(_said(decision, computed, names, code))
    mark = "DEMONSTRATION" if decision.demo else ""
    return _set(
        {
            "said": said,
            "mark": mark,
            "digest": decision.digest,
            "address": f"{settings.SUNMAO_ADDRESS}/decisions/{decision.code}/",
        }
    )


def respond(decision: Decision, *, by: Any, into: str = "") -> HttpResponse:
    """Answer with the letter as a file."""
    response = HttpResponse(letter(decision, by=by, into=into), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{decision.code}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _applicant(decision: Decision, by: Any) -> str:
    """Return the names on the letter; the pseudonym once they are erased."""
    applicant = Applicant.objects.filter(case=decision.case).first()
    if applicant is None or applicant.erased_at is not None:
        return decision.case.holder
    desk = desk_of(Applicant)
    if desk is None or not desk.policy.sees(by, applicant):
        raise NotAllowed((desk.policy.lacks(by) if desk else "") or "see")
    tell_seen(desk, by, [applicant], ("name",), "file")
    return " / ".join(dict.fromkeys(entry["text"] for entry in applicant.name.values()))


def _set(told: dict[str, Any]) -> bytes:
    """Return the template set with its words; the words are data and never read as markup."""
    import typst  # only where a letter is made

    from sunmao.credentials.papers import fonts_for

    text = json.dumps(told, ensure_ascii=False)
    inputs = {"told": json.dumps(told | {"fonts": fonts_for(text)}, ensure_ascii=False)}
    made: bytes | list[bytes] = typst.compile(_TEMPLATE.read_bytes(), format="pdf", sys_inputs=inputs)
    return made if isinstance(made, bytes) else made[0]


def _said(decision: Decision, computed: Computed, names: str, code: str) -> dict[str, Any]:
    """Return the words of the letter in one language, which is active."""
    case, result = decision.case, Result(decision.result)
    decided = date_format(decision.decided_at.date()) if decision.decided_at else ""
    return {
        "lang": code,
        "authority": case.authority.title.best(code)[0],
        "title": _("Decision on recognition"),
        "facts": [
            [_("Number"), decision.code], [_("Case"), case.code], [_("Decided on"), decided],
            [_("Applicant"), names], [_("Applied on"), date_format(case.applied_on)],
            [_("About"), case.title_texts().best(code)[0]],
        ],
        "decided": _("%(authority)s has decided: %(result)s.") % {
            "authority": case.authority.title.best(code)[0], "result": result.label
        },
        "remark": _("Out of scope is no refusal: no instrument of this authority speaks of the question.")
        if result == Result.OUT_OF_SCOPE else "",
        "parts": [
            {"title": title, "lines": lines}
            for title, lines in (
                (_("Legal basis"), _basis(decision, code)),
                (_("What was laid before the authority"), _laid(decision, code)),
                *_reasons(decision, computed, code),
                (_("What is missing"), _missing(decision, computed, code, substantial=True)),
                (_("Not covered") if departs(decision) else _("Noted, and no obstacle"),
                 _missing(decision, computed, code, substantial=False)),
                (_("What closes the gap"), _ways(decision, computed, code)),
                (_("How to appeal"), _appeal(decision, code)),
            )
            if lines
        ],
        "signed": _("Proposed by %(one)s, confirmed by %(two)s for %(authority)s.") % {
            "one": decision.proposed_by, "two": decision.decided_by, "authority": case.authority.title.best(code)[0]
        },
        "check": _("In the register: %(address)s. Digest of what was compared: %(digest)s") % {
            "address": f"{settings.SUNMAO_ADDRESS}/decisions/{decision.code}/", "digest": decision.digest[:16]
        },
    }  # fmt: skip


def _basis(decision: Decision, code: str) -> list[str]:
    row = decision.instrument
    if row is None:
        return [_("No instrument in this register is a basis for it.")]
    article = f", {row.passage}" if row.passage else ""
    rule = sentences.basis(str(row.basis))
    return [f"{row.title.best(code)[0]} ({row.code}{article})", *([rule] if rule else [])]


def _laid(decision: Decision, code: str) -> list[str]:
    case = decision.case
    rows = case.qualifications.select_related("programme__programme", "issuer").order_by("uid")
    lines = [
        _("%(programme)s, awarded by %(issuer)s on %(day)s") % {
            "programme": row.programme.programme.title.best(code)[0], "issuer": row.issuer.title.best(code)[0],
            "day": date_format(row.awarded_on),
        }
        for row in rows if row.programme is not None and row.issuer is not None and row.awarded_on is not None
    ]  # fmt: skip
    lines += [_("Prior learning: %(what)s") % {"what": row.what} for row in case.priorlearnings.order_by("uid")]
    certificates = case.languagecertificates.order_by("uid")
    return lines + [_("Language certificate: %(what)s") % {"what": row} for row in certificates]


def departs(decision: Decision) -> bool:
    """True where the authority decided other than the comparison came to: then its own words are the reasons."""
    return decision.result != decision.indicated


def _reasons(decision: Decision, computed: Computed, code: str) -> list[tuple[str, list[str]]]:
    """Return the authority's own words, and what was found element by element in their order: as reasons too or, where the
    authority departs from what it came to, apart from them."""
    own = [decision.reasons.best(code)[0]] if decision.reasons else []
    looked = [_told(e) for e in computed.elements if e.state is not State.SKIPPED]
    if not departs(decision):
        return [(_("Reasons"), own + looked)]
    came_to = _("By the comparison alone the result would be: %(result)s. The authority decides otherwise for these reasons.") % {
        "result": Result(decision.indicated).label
    }  # fmt: skip
    return [(_("Reasons"), [*own, came_to]), (_("What the comparison found"), looked)]


def _told(found: Element) -> str:
    return _("%(element)s: %(said)s.") % {
        "element": sentences.ELEMENTS[found.name], "said": sentences.element(found)
    }  # fmt: skip


def _missing(decision: Decision, computed: Computed, code: str, *, substantial: bool) -> list[str]:
    target = decision.case.target
    titles = {f"{target.code}/{o.number}": o.title.best(code)[0] for o in target.outcomes.all()}
    lines = []
    for gap in (gap for gap in computed.gaps if gap.substantial is substantial):
        if gap.kind == "outcome":
            name = titles.get(gap.subject, gap.subject)
            lines.append(_("%(outcome)s (critical)") % {"outcome": name} if gap.critical else name)
        else:
            lines.append(sentences.short_of(gap))
    return lines


def _ways(decision: Decision, computed: Computed, code: str) -> list[str]:
    lines, measures = list(conditions(computed)), computed.measures
    if measures is None or decision.result != Result.CONDITIONAL:
        return lines if decision.result in (Result.CONDITIONAL, Result.FULL) else []
    rows = BridgingModule.objects.filter(code__in=measures.modules, superseded_at=None).select_related("institution")
    for row in rows.order_by("code"):
        parts = [row.title.best(code)[0], row.institution.title.best(code)[0]]
        parts += [_("%(n)s hours") % {"n": row.hours}] if row.hours else []
        parts += [f"{row.cost} {row.currency}".strip()] if row.cost else []
        lines.append(_("Bridging module: %(what)s") % {"what": "; ".join(parts)})
    if Measure.TEST in measures.ways:
        lines.append(str(Measure.TEST.label))
    if Measure.ADAPTATION in measures.ways:
        months = measures.adaptation_months
        lasts = ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
        lines.append(f"{Measure.ADAPTATION.label}, {lasts}" if months else str(Measure.ADAPTATION.label))
    if len(measures.ways) > 1:
        lines.append(_("You choose.") if measures.chosen_by == "holder" else _("The authority chooses."))
    return lines


def _appeal(decision: Decision, code: str) -> list[str]:
    days = decision.instrument.appeal_days if decision.instrument else APPEAL_DAYS
    about = {"authority": decision.case.authority.title.best(code)[0], "n": days}
    lines = [
        ngettext(
            "You may appeal within %(n)s day after the day on which you are told of this decision. Appeals go to: %(authority)s.",
            "You may appeal within %(n)s days after the day on which you are told of this decision. Appeals go to: %(authority)s.",
            days,
        ) % about
    ]  # fmt: skip
    if decision.appeal_until is not None and decision.notified_on is not None:
        lines.append(
            _("You were told on %(told)s; the first day that is too late is %(late)s.") % {
                "told": date_format(decision.notified_on), "late": date_format(decision.appeal_until)
            }
        )  # fmt: skip
    lines.append(
        _("Appeal in writing with your grounds and name the number of this decision; new evidence may be added.")
    )
    lines.append(_("It is then decided on again beside this decision, which stays in force meanwhile."))
    return lines
