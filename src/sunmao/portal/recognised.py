"""Where something is recognised: for a credential on its verification page, for any programme on a page of its own, and
the public register of instruments and decisions. Indications only; no personal data is asked or shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from sunmao.credentials.models import CredentialState
from sunmao.credentials.queries import CredentialFacts
from sunmao.directory.fields import Country, country_choices
from sunmao.kernel import clock, search
from sunmao.kernel.cells import tag_of
from sunmao.kernel.desk import desk_of
from sunmao.kernel.forms import pick
from sunmao.portal.showing import Recognised
from sunmao.recognition import queries, sentences
from sunmao.recognition.models import (
    Basis,
    BridgingModule,
    Decision,
    DecisionState,
    Instrument,
    InstrumentState,
    Result,
)
from sunmao.recognition.queries import Recognised as Line
from sunmao.recognition.record import State
from sunmao.standards.models import Programme, ProgrammeVersion, VersionState

_TONES = {"full": "good", "conditional": "wait", "partial": "wait"}
_HITS = 20
_SHOWN = 200  # newest decisions on the page of the register


def of_credential(found: CredentialFacts) -> list[Recognised]:
    """Return where a credential that holds is recognised today; nothing of one that does not hold."""
    if found.state != CredentialState.ISSUED or not found.issuers:
        return []
    lines = queries.recognised_today(
        found.programme, unit=found.award.unit, issuer=found.issuers[0], awarded_on=found.awarded_on
    )
    return [_told(line) for line in lines]


def of_credential_offline(found: CredentialFacts) -> list[dict[str, str]]:
    """Return the same as plain words, for those who verify without a connection."""
    return [{"title": line.title, "says": line.says, "tone": line.tone} for line in of_credential(found)]


def _told(line: Line) -> Recognised:
    return Recognised(
        title=_("%(country)s, %(purpose)s: %(result)s") % {
            "country": Country(line.country).label, "purpose": line.purpose.label, "result": line.result.label
        },
        says=says(line),
        tone=_TONES.get(line.result.value, "none"),
        url=f"/instruments/{line.instrument.code}/",
    )  # fmt: skip


def says(line: Line) -> str:
    """Return by whom, under which instrument, until when, in one sentence."""
    about = {
        "authority": line.authority, "instrument": line.instrument, "code": line.instrument.code,
        "day": date_format(line.until) if line.until else "",
    }  # fmt: skip
    if line.target is None:
        return (
            _("%(authority)s decides under %(instrument)s (%(code)s); nothing has been laid side by side yet.") % about
        )
    if line.until is None:
        return _("%(authority)s decides under %(instrument)s (%(code)s), no end set.") % about
    return _("%(authority)s decides under %(instrument)s (%(code)s), until %(day)s.") % about


class AskForm(forms.Form):
    """What somebody holds and where he wants to go."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = ProgrammeVersion.objects.filter(state=VersionState.PUBLISHED).select_related("programme")
        self.fields["q"] = pick(rows.order_by("programme__sort", "label"), label=gettext_lazy("What you hold"))
        self.fields["country"] = forms.ChoiceField(
            label=gettext_lazy("Where you want to go"), required=False, choices=country_choices
        )
        self.fields["awarded_on"] = forms.DateField(
            label=gettext_lazy("Day of award"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
            help_text=gettext_lazy("Today where nothing is written."),
        )  # fmt: skip


@require_GET
def recognised(request: HttpRequest) -> HttpResponse:
    """Answer "what does my certificate count for?": an indication with its legal basis, and what closes a gap."""
    asked = "q" in request.GET
    hits = _meant(request.GET.get("q", ""))
    given = request.GET.copy()
    if len(hits) == 1:
        given["q"] = hits[0].code
    form = AskForm(given if asked and len(hits) < 2 else None)
    context: dict[str, Any] = {
        "form": form, "asked": asked and form.is_bound and form.is_valid(), "note": queries.INDICATION,
        "hits": hits if len(hits) > 1 else [],
    }  # fmt: skip
    if context["asked"]:
        home, country = form.cleaned_data["q"], form.cleaned_data["country"]
        lines = queries.recognised_today(home, awarded_on=_day(form))
        shown = [line for line in lines if not country or line.country == country]
        context |= {
            "home": home, "country": Country(country) if country else None, "lines": [_line(line) for line in shown],
            "elsewhere": sorted({Country(line.country).label for line in lines if line not in shown}),
        }  # fmt: skip
    status = 422 if form.is_bound and form.errors and request.GET.get("q") else 200
    return render(request, "portal/recognised.html", context, status=status)


def _meant(text: str) -> list[ProgrammeVersion]:
    """Return the published versions that the words of somebody's programme may mean; none for a code."""
    desk = desk_of(Programme)
    rows = ProgrammeVersion.objects.filter(state=VersionState.PUBLISHED).select_related("programme")
    if desk is None or not text.strip() or rows.filter(code=text.split(" ", 1)[0]).exists():
        return []
    return list(
        rows.filter(programme__in=search.within(desk, text.strip())).order_by("programme__sort", "label")[:_HITS]
    )


def _day(form: AskForm) -> date | None:
    day: date | None = form.cleaned_data.get("awarded_on")
    return min(day, clock.today()) if day else None


def _line(line: Line) -> dict[str, Any]:
    """Return one answer with its reasons: elements that matter, what is missing, what closes it."""
    found = line.decision
    shown: dict[str, Any] = {
        "line": line, "country": Country(line.country).label, "result": tag_of(line.result), "says": says(line),
        "covered": 0, "of": 0, "missing": [], "ways": [], "reasons": [],
    }  # fmt: skip
    if found is None or line.target is None:
        return shown
    names = {f"{line.target.code}/{o.number}": o.title for o in line.target.outcomes.all()}
    gaps = {gap.subject for gap in found.gaps if gap.kind == "outcome"}
    modules = found.measures.modules if found.measures else ()
    shown |= {
        "covered": len(found.covered), "of": len(names), "missing": [names[key] for key in sorted(gaps) if key in names],
        "ways": list(BridgingModule.objects.filter(code__in=modules, superseded_at=None).select_related("institution")),
        "reasons": [
            (sentences.ELEMENTS[e.name], sentences.element(e)) for e in found.elements if e.state != State.MET
        ],
    }  # fmt: skip
    return shown


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """Show the instruments in force and the decisions authorities have published, without anybody's name."""
    today = clock.today()
    instruments = [
        row
        for row in Instrument.objects.filter(state=InstrumentState.PUBLISHED, superseded_at=None)
        .select_related("authority").order_by("sort", "code")
        if row.holds_on(today) and row.basis != Basis.MEMORANDUM
    ]  # fmt: skip
    decisions = Decision.objects.filter(published=True, state__in=(DecisionState.ISSUED, DecisionState.REVIEW_DUE))
    decisions = decisions.select_related("case__target__programme", "case__authority", "instrument").order_by("-id")
    rows = [
        {
            "title": row.case.title_texts(), "result": tag_of(Result(row.result)), "authority": row.case.authority,
            "instrument": row.instrument, "month": date_format(row.decided_at, "YEAR_MONTH_FORMAT") if row.decided_at else "",
            "demo": row.case.demo,
        }
        for row in decisions[:_SHOWN]
    ]  # fmt: skip
    return render(request, "portal/register.html", {"instruments": instruments, "decisions": rows, "today": today})
