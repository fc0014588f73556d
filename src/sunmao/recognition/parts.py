"""What the page of a decision shows in its sections, drawn from what was stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sunmao.directory.models import Organisation
from sunmao.kernel.cells import Tag, in_language, record_link, tag, tag_of
from sunmao.kernel.desk import desk_of
from sunmao.kernel.models import Record
from sunmao.recognition import sentences
from sunmao.recognition.decide import Decision as Computed
from sunmao.recognition.models import (
    BridgingModule,
    Case,
    Decision,
    DecisionState,
    Instrument,
    Lasting,
    Measure,
    Qualification,
    Result,
    Standing,
)
from sunmao.recognition.queries.impact import replayed, resting_on, restored
from sunmao.standards.models import CrosswalkRow, Framework, Outcome, ProgrammeVersion

DECIDED = (DecisionState.ISSUED, DecisionState.REVIEW_DUE, DecisionState.SUPERSEDED)
PRECEDENTS = 20


@dataclass(frozen=True)
class Named:
    """The records behind the keys of one decision, so that they can be shown by their names."""

    outcomes: dict[str, Outcome]
    rows: dict[str, CrosswalkRow]
    exhibits: dict[str, Record]
    instrument: Instrument | None
    article: str


def _named(decision: Decision, computed: Computed) -> Named:
    target = decision.case.target
    outcomes = {f"{target.code}/{o.number}": o for o in target.outcomes.select_related("version")}
    keys = {key for c in computed.covered for way in c.witnesses for key in way}
    keys |= {key for gap in computed.gaps for key in gap.partly}
    rows = {r.code: r for r in CrosswalkRow.objects.filter(code__in=keys).select_related("source")}
    case = decision.case
    exhibits: dict[str, Record] = {row.exhibit_key: row for row in case.qualifications.select_related("programme")}
    exhibits |= {row.exhibit_key: row for row in (*case.priorlearnings.all(), *case.languagecertificates.all())}
    row = decision.instrument
    return Named(outcomes, rows, exhibits, row, row.passage if row else "")


def elements(decision: Decision, user: Any) -> dict[str, Any]:
    """Return the elements in their order, each with its state and what was found; authenticity is kept apart."""
    computed, _evidence = restored(decision)
    shown = [
        {
            "name": sentences.ELEMENTS[e.name],
            "tone": {"good": "good", "cross": "bad", "wait": "wait"}.get(sentences.TONES[e.state], ""),
            "icon": {"good": "done", "cross": "cross", "wait": "half"}.get(sentences.TONES[e.state], "ring"),
            "state": sentences.STATES[e.state],
            "said": sentences.element(e),
        }
        for e in computed.elements
    ]
    apart = next((row for row in shown if row["name"] == sentences.ELEMENTS["authenticity"]), None)
    shown = [row for row in shown if row is not apart]
    return {
        "apart": apart,
        "rows": shown,
        "count": len(shown),
        "rule": sentences.basis(computed.basis.value if computed.basis else ""),
    }


def outcomes(decision: Decision, user: Any) -> dict[str, Any]:
    """Return the target outcomes with what covers them: critical gaps, other gaps, covered."""
    computed, _evidence = restored(decision)
    named = _named(decision, computed)
    gaps = {gap.subject: gap for gap in computed.gaps if gap.kind == "outcome"}
    covered = {c.outcome: c for c in computed.covered}
    groups: dict[str, list[dict[str, Any]]] = {"critical": [], "other": [], "covered": [], "open": []}
    for key, outcome in sorted(named.outcomes.items(), key=lambda item: (item[1].order, item[0])):
        if key in covered:
            groups["covered"].append(_covered_row(outcome, covered[key].witnesses, named))
        elif key in gaps:
            name = "critical" if gaps[key].critical else "other"
            groups[name].append(_gap_row(outcome, gaps[key].partly, named))
        else:
            groups["open"].append(_gap_row(outcome, (), named, needed=False))
    titles = {
        "critical": _("Gaps: critical"), "other": _("Gaps: other"), "covered": _("Covered"),
        "open": _("Not covered, and not needed"),
    }  # fmt: skip
    full, missing, partly = sentences.outcome_counts(computed)
    if not computed.elements or computed.elements[-1].state == "skipped":
        return {"groups": [], "count": len(named.outcomes), "looked": False}
    return {
        "groups": [{"title": titles[name], "rows": rows} for name, rows in groups.items() if rows],
        "count": len(named.outcomes),
        "looked": True,
        "target": decision.case.target,
        "sums": [
            ("m-good", full, _("%(n)s covered") % {"n": full}),
            ("m-bad", missing, _("%(n)s missing") % {"n": missing}),
            ("m-open", partly, _("%(n)s in part") % {"n": partly}),
        ],
        "segments": ["m-bad"] * missing + ["m-open"] * partly + ["m-good"] * full,
        "others": [sentences.short_of(gap) for gap in computed.gaps if gap.kind != "outcome"],
    }


def _through(row: CrosswalkRow) -> dict[str, Any]:
    return {
        "source": in_language(*row.source.title.best()),
        "relation": row.get_relation_display(),  # type: ignore[attr-defined]
        "link": format_html('<a href="/crosswalk-rows/{0}/"><span class="code">{0}</span></a>', row.code),
    }


def _covered_row(outcome: Outcome, witnesses: tuple[tuple[str, ...], ...], named: Named) -> dict[str, Any]:
    first = witnesses[0]
    return {
        "outcome": outcome,
        "through": [_through(named.rows[key]) for key in first if key in named.rows],
        "evidence": [_exhibit(named.exhibits[key]) for key in first if key in named.exhibits],
        "instrument": _instrument(named),
        "more": len(witnesses) - 1,
        "state": tag(Tag(_("Covered"), "good")),
        "gap": False,
    }


def _gap_row(outcome: Outcome, partly: tuple[str, ...], named: Named, *, needed: bool = True) -> dict[str, Any]:
    state = Tag(_("In part"), "wait") if partly else Tag(_("Missing"), "cross")
    return {
        "outcome": outcome,
        "through": [_through(named.rows[key]) for key in partly if key in named.rows],
        "evidence": [],
        "instrument": _instrument(named) if partly else "",
        "more": 0,
        "state": tag(state if needed else Tag(_("Not needed"), "none")),
        "gap": needed,
    }


def _exhibit(row: Record) -> SafeString:
    desk = desk_of(row)
    year = f", {row.awarded_on.year}" if isinstance(row, Qualification) and row.awarded_on else ""
    if str(row).endswith(year):
        year = ""  # its programme's version is called by the same year
    return format_html('<a href="{}">{}{}</a>', desk.url(row) if desk else "", row, year)


def _instrument(named: Named) -> SafeString | str:
    if named.instrument is None:
        return ""
    text = f"{named.instrument.code}, {named.article}" if named.article else named.instrument.code
    return format_html('<a href="/instruments/{}/">{}</a>', named.instrument.code, text)


def _module(module: BridgingModule) -> dict[str, Any]:
    return {
        "way": format_html("{} {}", _("Bridging module"), record_link(module)),
        "where": module.institution,
        "time": _("%(n)s hours") % {"n": module.hours} if module.hours else "",
        "fee": f"{module.cost} {module.currency}".strip() if module.cost else _("none"),
    }


def ways(decision: Decision, user: Any) -> dict[str, Any]:
    """Return the ways to close what is missing, with what they cost."""
    computed, _evidence = restored(decision)
    measures = computed.measures
    if measures is None:
        open_ = any(gap.substantial for gap in computed.gaps)
        return {"rows": [], "count": 0, "conditions": conditions(computed), "open": open_}
    modules = BridgingModule.objects.filter(code__in=measures.modules, superseded_at=None).order_by("code")
    rows = [_module(module) for module in modules]
    if Measure.TEST in measures.ways:
        rows.append({"way": Measure.TEST.label, "where": decision.case.authority, "time": "", "fee": ""})
    if Measure.ADAPTATION in measures.ways:
        months = measures.adaptation_months
        rows.append({"way": Measure.ADAPTATION.label, "where": "", "fee": "",
                     "time": _("%(n)s months") % {"n": months} if months else ""})  # fmt: skip
    chooses = _("The holder chooses.") if measures.chosen_by == "holder" else _("The authority chooses.")
    return {"rows": rows, "count": len(rows), "chooses": chooses, "conditions": conditions(computed)}


def conditions(computed: Computed) -> list[str]:
    """Return the conditions of the instrument that are still open."""
    said = []
    for condition in computed.open_conditions:
        kind, _gap, rest = condition.partition(":")
        if kind == "language":
            language, _gap, level = rest.partition(":")
            levels = ("", "A1", "A2", "B1", "B2", "C1", "C2")
            said.append(_("A certificate of %(language)s at %(level)s is asked for.") % {
                "language": language, "level": levels[int(level)]
            })  # fmt: skip
        else:
            said.append(_("The fee is to be paid."))
    return said


def asked(decision: Decision, user: Any) -> dict[str, Any]:
    """Return what was asked and found nothing, and instruments that were no basis with the reason."""
    computed, _evidence = restored(decision)
    target = decision.case.target
    names = {f"{target.code}/{o.number}": str(o) for o in target.outcomes.select_related("version")}
    subjects = {item.question[1] for item in computed.asked if not item.found and len(item.question) > 1}
    for model in (Organisation, ProgrammeVersion, Framework):
        names |= {row.code: str(row) for row in model._base_manager.filter(code__in=subjects)}
    rows = [
        (sentences.question(item.question, names), _("none on record")) for item in computed.asked if not item.found
    ]
    over = {key: reason for _held, key, reason in computed.passed_over}
    named = Instrument.objects.filter(code__in=over, superseded_at=None)
    rows += [(f"{row} ({row.code})", sentences.passed_over(over[row.code])) for row in named]
    return {"rows": rows, "count": len(rows)}


def replay(decision: Decision, user: Any) -> dict[str, Any]:
    """Decide the same question again from what was known then, and compare the hashes."""
    computed, _evidence = restored(decision)
    again = replayed(decision)
    same = again == decision.digest
    facts = {key for item in computed.asked for key in item.found}
    return {
        "state": tag(Tag(_("Same result"), "good") if same else Tag(_("Another result: a fact was altered"), "cross")),
        "same": same,
        "hash": _spaced(decision.digest),
        "again": "" if same else _spaced(again),
        "facts": len(facts),
        "known_at": decision.known_at,
    }


def _spaced(digest: str) -> str:
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))


def earlier_wordings(record: Lasting, user: Any) -> dict[str, Any]:
    """Return the superseded wordings of a fact, newest first."""
    rows = type(record)._base_manager.filter(code=record.code).exclude(superseded_at=None).order_by("-superseded_at")
    found = [
        {
            "known": row.recorded_at,
            "until": row.superseded_at,
            "from": row.valid_from,
            "ends": row.valid_until,
            "name": str(row),
        }
        for row in rows
    ]
    return {"rows": found, "count": len(found), "hidden": not found}


def precedents(record: Case, user: Any) -> dict[str, Any]:
    """Return what was decided before towards the same target for the same purpose, for holders of a programme that is
    laid before the authority here, as far as this person sees decisions; newest first."""
    desk = desk_of(Decision)
    held = record.qualifications.exclude(programme=None).values("programme")
    found = []
    if desk is not None:
        rows = desk.rows(user).filter(state__in=DECIDED, case__target=record.target_id, case__purpose=record.purpose)
        rows = rows.filter(case__in=Qualification.objects.filter(programme__in=held).values("case")).exclude(
            case=record
        )
        found = [
            {
                "link": record_link(row), "code": row.code, "state": tag(tag_of(Result(row.result))),
                "standing": tag(tag_of(DecisionState(row.state))),
            }
            for row in rows.select_related("case__target__programme").order_by("-id")[:PRECEDENTS]
        ]  # fmt: skip
    return {"rows": found, "count": len(found), "hidden": not found}


def resting(record: Instrument, user: Any) -> dict[str, Any]:
    """Return the decisions in force that rest on an instrument, as far as this person sees decisions."""
    desk = desk_of(Decision)
    seen = desk.rows(user) if desk is not None else Decision.objects.none()
    rows = seen.filter(pk__in=resting_on([record.code]).values("pk")).select_related("case__target__programme")
    found = [
        {
            "link": record_link(row),
            "code": row.code,
            "state": tag(tag_of(DecisionState(row.state))),
            "standing": tag(tag_of(Standing(row.standing))),
        }
        for row in rows.order_by("-id")[:200]
    ]
    return {"rows": found, "count": len(found), "hidden": not found}
