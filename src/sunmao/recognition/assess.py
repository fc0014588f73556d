"""One qualification under one instrument: the elements in their order, and what they come to.

An assessment is made for certain (what is unknown or in dispute does not count) and, where something is
unknown, at best (it counts). Where the two differ the case is pending; where they agree the unknown does not
matter and holds nothing up.
"""

from __future__ import annotations

from dataclasses import dataclass

from sunmao.recognition import elements
from sunmao.recognition.coverage import Coverage, Parties, cover
from sunmao.recognition.credits import Spendable
from sunmao.recognition.evidence import Application, Credential, Evidence
from sunmao.recognition.facts import BridgingModule, Condition, Instrument, ProgrammeVersion
from sunmao.recognition.inquiry import Inquiry
from sunmao.recognition.record import RANK, Credit, Element, Measures, Result, State
from sunmao.recognition.scope import reason_against
from sunmao.recognition.terms import Basis, ConditionKind, MeasureKind, Purpose, Unit
from sunmao.recognition.weighing import Scale, Weighed, closing, weigh


@dataclass(frozen=True, slots=True)
class Case:
    """A qualification, the instrument it is looked at under, and all that was laid before the authority."""

    inquiry: Inquiry
    application: Application
    evidence: Evidence
    target: ProgrammeVersion
    credential: Credential
    instrument: Instrument
    parties: Parties


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a case comes to; `unknown` where something open might still better it."""

    case: Case
    result: Result
    licence: Result | None
    elements: tuple[Element, ...]
    coverage: Coverage
    weighed: Weighed | None
    measures: Measures | None
    credit: Credit
    open_conditions: tuple[str, ...]
    unknown: bool


def assess(case: Case, *, optimistic: bool = False) -> Assessment:
    """Look at the elements in order and weigh them; what is unknown counts only if optimistic."""
    gates = _gates(case)
    if any(e.state is State.FAILED for e in gates):
        return _failed(case, gates)
    shown_by = elements.shown_differences(case.inquiry, case.credential, case.target, case.parties.competent)
    shown = frozenset(shown_by)
    items, units, unsure = _usable(case, optimistic=optimistic)
    coverage = cover(case.inquiry, case.target, items, case.parties, case.instrument, optimistic=optimistic)
    scale = Scale(case.target, case.instrument, shown)
    spendable = [Spendable(u.key, u.credits, coverage.shown_by(u.outcomes)) for u in units]
    weighed = weigh(scale, coverage.mask, spendable, coverage.partly, coverage.unsettled)
    level = elements.level(case.inquiry, case.credential, case.target, case.instrument, shown)
    connected = _connected(case, optimistic=optimistic)
    profile = elements.profile(case.credential, case.target, case.instrument, shown, connected)
    looked = (*gates, level, weighed.workload, profile, weighed.outcomes)
    looked = tuple(_resting(e, shown_by, coverage) for e in looked)
    open_conditions = _open_conditions(case)
    result, measures = _result(case, looked, weighed, scale, coverage, spendable, optimistic=optimistic)
    opening = [c for c in open_conditions if _for_recognition(case, c)]
    if opening and result is Result.FULL:
        result = Result.CONDITIONAL
    credits = sum(u.credits for u in units)
    listed = _listed(case.target, coverage)
    unknown = unsure or coverage.unsettled or any(e.state is State.UNKNOWN for e in looked)
    return Assessment(
        case,
        result,
        _licence(case, result, open_conditions),
        looked,
        coverage,
        weighed,
        measures,
        Credit(listed, credits, weighed.spending.placed),
        tuple(_said(c) for c in open_conditions),
        unknown,
    )


def _gates(case: Case) -> tuple[Element, ...]:
    """The elements without which nothing is compared, in their order."""
    purpose = case.application.purpose
    return (
        elements.authenticity(case.inquiry, case.credential),
        elements.rights(case.inquiry, case.credential, purpose),
        elements.institution(case.inquiry, case.credential, case.instrument, purpose),
        elements.delivery(case.inquiry, case.credential),
    )


def _failed(case: Case, gates: tuple[Element, ...]) -> Assessment:
    """Refused at the first element that fails; what comes after it is not looked at."""
    at = next(i for i, e in enumerate(gates) if e.state is State.FAILED)
    names = [e.name for e in gates[at + 1 :]] + ["level", "workload", "profile", "outcomes"]
    skipped = tuple(Element(name, State.SKIPPED, "not_reached") for name in names)
    licence = _licence(case, Result.REFUSED, [])
    looked = (*gates[: at + 1], *skipped)
    nothing = Credit((), 0, ())
    return Assessment(case, Result.REFUSED, licence, looked, Coverage(), None, None, nothing, (), False)


def unsearched(case: Case) -> Assessment:
    """A case whose exact search left its bound: everything about its outcomes is open."""
    looked = (*_gates(case), Element("outcomes", State.UNKNOWN, "search_bound"))
    nothing = Credit((), 0, ())
    return Assessment(case, Result.REFUSED, None, looked, Coverage(), None, None, nothing, (), True)


def _connected(case: Case, *, optimistic: bool) -> dict[str, tuple[str, ...]]:
    """The target outcomes that rows connect, in full or in part, with what the qualification alone shows, each with the
    rows; empty where the instrument compares profiles by their field only."""
    if not case.instrument.thresholds.profile_percent:
        return {}
    held = case.credential
    items = {held.key: held.outcomes.union(*(unit.outcomes for unit in held.units))}
    found = cover(case.inquiry, case.target, items, case.parties, case.instrument, optimistic=optimistic)
    rows = {c.outcome: tuple(key for key in c.witnesses[0] if key != held.key) for c in found.covered}
    return rows | found.partly


def _resting(element: Element, shown_by: dict[str, str], coverage: Coverage) -> Element:
    """An element with the differences shown for it, where it is substantial or unknown."""
    if element.state is not State.SUBSTANTIAL:
        return element
    subjects = {element.name}
    if element.name == "outcomes":
        subjects = set(shown_by) - {"level", "workload", "profile"}
    keys = (key for subject, key in shown_by.items() if subject in subjects)
    rows = (row for rows in coverage.partly.values() for row in rows) if element.name == "outcomes" else ()
    rests = tuple(sorted({*element.rests_on, *keys, *rows}))
    return Element(element.name, element.state, element.reason, element.params, rests)


def _usable(case: Case, *, optimistic: bool) -> tuple[dict[str, frozenset[str]], list[Unit], bool]:
    """Evidence that counts beside the qualification: items by key, distinct units in host credits, and
    whether something left out might still count.
    """
    inquiry, host = case.inquiry, case.target.country
    items: dict[str, frozenset[str]] = {}
    units: dict[str, Unit] = {}
    unsure = False
    for credential in case.evidence.credentials:
        if credential.country != host and reason_against(
            inquiry, case.instrument, credential, case.target, case.application
        ):
            continue
        if not credential.known.at(inquiry.known_at):
            continue
        states = {
            elements.authenticity(inquiry, credential).state,
            elements.institution(inquiry, credential, case.instrument, case.application.purpose).state,
            elements.delivery(inquiry, credential).state,
        }
        if State.FAILED in states:
            continue
        if State.UNKNOWN in states and credential.key != case.credential.key:
            unsure = True
            if not optimistic:
                continue
        shown = credential.outcomes.union(*(u.outcomes for u in credential.units))
        items[credential.key] = items.get(credential.key, frozenset()) | shown
        ratio = (1, 1) if credential.country == host else case.instrument.credit_ratio
        whole = Unit(credential.programme or credential.key, credential.outcomes, credential.credits)
        for unit in credential.units or (whole,):
            _add(units, Unit(unit.key, unit.outcomes, unit.credits * ratio[0] // ratio[1]))
    for prior in case.evidence.prior_learning:
        if inquiry.holds(prior):
            items[prior.key] = items.get(prior.key, frozenset()) | prior.outcomes
            _add(units, Unit(prior.key, prior.outcomes, prior.credits))
    return items, [units[key] for key in sorted(units)], unsure


def _add(units: dict[str, Unit], unit: Unit) -> None:
    """A unit held twice counts once, with the more credits and all its outcomes."""
    held = units.get(unit.key, unit)
    units[unit.key] = Unit(unit.key, held.outcomes | unit.outcomes, max(held.credits, unit.credits))


def _result(
    case: Case,
    looked: tuple[Element, ...],
    weighed: Weighed,
    scale: Scale,
    coverage: Coverage,
    units: list[Spendable],
    *,
    optimistic: bool,
) -> tuple[Result, Measures | None]:
    """What the elements come to, and the measures that would close what is substantial."""
    counted = {State.SUBSTANTIAL} if optimistic else {State.SUBSTANTIAL, State.UNKNOWN}
    weak = {e.name for e in looked if e.state in counted}
    if weak & {"authenticity", "rights", "institution", "delivery"}:
        return Result.REFUSED, None
    if optimistic and weighed.outcomes.state is State.UNKNOWN:
        weak.add("outcomes")
    lesser = Result.PARTIAL if _gives_credit(case.target, coverage) else Result.REFUSED
    if case.instrument.basis is Basis.INSTITUTIONAL or case.credential.unit:
        return lesser, None
    if not weak:
        return Result.FULL, None
    if "level" in weak and case.instrument.level_below.value == Result.REFUSED.value:
        return Result.REFUSED, None
    share = coverage.mask.bit_count() * 100
    offered = share >= case.instrument.thresholds.conditional_from_percent * scale.target.compiled.breadth
    if not offered or ("level" in weak and case.instrument.level_below.value == Result.PARTIAL.value):
        return lesser, None
    measures = _measures(case, weak, scale, coverage, units)
    return (Result.CONDITIONAL, measures) if measures else (lesser, None)


def _measures(case: Case, weak: set[str], scale: Scale, coverage: Coverage, units: list[Spendable]) -> Measures | None:
    """The ways open to the holder; modules close outcomes and workload, never a level or another field."""
    offered = case.instrument.measures
    ways = [kind.value for kind in (MeasureKind.ADAPTATION, MeasureKind.TEST) if kind in offered]
    found = None
    if MeasureKind.MODULES in offered and weak <= {"outcomes", "workload"}:
        found = closing(scale, coverage.mask, units, _modules(case))
    if found:
        ways.append(MeasureKind.MODULES.value)
    if not ways:
        return None
    return Measures(
        tuple(ways),
        tuple(module.key for module in found[0]) if found else (),
        found[1].cost if found else 0,
        found[1].proved if found else True,
        case.instrument.adaptation_months if MeasureKind.ADAPTATION in offered else 0,
        "holder" if case.instrument.holder_chooses else "authority",
    )


def _modules(case: Case) -> list[BridgingModule]:
    """The modules on offer in the host country for what this target asks, by key."""
    inquiry, found = case.inquiry, {}
    questions = [("module", outcome) for outcome in case.target.outcome_keys]
    for question in [*questions, ("credit module", case.target.key)]:
        for module in inquiry.ask(BridgingModule, *question):
            if module.country == case.target.country:
                found[module.key] = module
    return [found[key] for key in sorted(found)]


def _listed(target: ProgrammeVersion, coverage: Coverage) -> tuple[str, ...]:
    """The target's units all of whose outcomes are covered."""
    have = {c.outcome for c in coverage.covered}
    return tuple(sorted(u.key for u in target.units if u.outcomes and u.outcomes <= have))


def _gives_credit(target: ProgrammeVersion, coverage: Coverage) -> bool:
    return bool(_listed(target, coverage)) or (not target.units and bool(coverage.covered))


def _open_conditions(case: Case) -> list[Condition]:
    """Conditions of the instrument, for what is asked, that are not fulfilled."""
    asked = {case.application.purpose}
    if case.application.purpose is Purpose.WORK and case.target.regulated:
        asked.add(Purpose.LICENCE)
    return [c for c in case.instrument.conditions if not asked.isdisjoint(c.purposes) and not _fulfilled(case, c)]


def _fulfilled(case: Case, condition: Condition) -> bool:
    """Accreditation is looked at with the institution, as it stood on the day of award."""
    if condition.kind is ConditionKind.FEE:
        return case.application.fee_paid
    if condition.kind is ConditionKind.LANGUAGE:
        return any(
            c.language == condition.what and c.level >= condition.least and case.inquiry.holds(c)
            for c in case.evidence.languages
        )
    return True


def _for_recognition(case: Case, condition: Condition) -> bool:
    """Whether a condition binds the recognition itself and not only the licence."""
    return bool(condition.purposes & {case.application.purpose} - {Purpose.LICENCE})


def _said(condition: Condition) -> str:
    if condition.kind is ConditionKind.LANGUAGE:
        return f"language:{condition.what}:{condition.least}"
    return condition.kind.value


def _licence(case: Case, result: Result, open_conditions: list[Condition]) -> Result | None:
    """The right to practise, apart from recognition; only where a licence is asked for or needed."""
    purpose = case.application.purpose
    if purpose is not Purpose.LICENCE and not (purpose is Purpose.WORK and case.target.regulated):
        return None
    if Purpose.LICENCE not in case.instrument.purposes or case.instrument.basis is Basis.EMPLOYER:
        return Result.OUT_OF_SCOPE
    if result is Result.FULL and any(Purpose.LICENCE in c.purposes for c in open_conditions):
        return Result.CONDITIONAL
    return result


def rank(assessment: Assessment) -> int:
    return RANK[assessment.result]
