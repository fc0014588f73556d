"""The recognition of one holder's learning towards one target: computed, replayed, and looked at again.

What this computes is an indication; only a person of the authority decides. It freezes the usable evidence,
finds the instruments in scope, looks at the elements in their order, evaluates the requirement, spends
credits once, classifies gaps and finds the cheapest measures. The same facts give the same decision to the
byte, in whatever order they come.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from sunmao.recognition import elements
from sunmao.recognition.assess import Assessment, Case, assess, rank, unsearched
from sunmao.recognition.coverage import Parties
from sunmao.recognition.evidence import Application, Credential, Evidence, LanguageCertificate, PriorLearning
from sunmao.recognition.facts import ProgrammeVersion
from sunmao.recognition.inquiry import Inquiry
from sunmao.recognition.record import (
    RANK,
    Considered,
    Decision,
    Result,
    Used,
    asked,
    canonical,
    decision_hash,
    missing,
    rests_on,
)
from sunmao.recognition.scope import in_scope
from sunmao.recognition.terms import Basis
from sunmao.recognition.tree import LimitExceeded
from sunmao.recognition.world import World

__all__ = [
    "Decision",
    "Result",
    "Standing",
    "asked",
    "canonical",
    "decide",
    "decision_hash",
    "missing",
    "replay",
    "rests_on",
    "stands",
]

STRENGTH = {basis: len(Basis) - i for i, basis in enumerate(Basis)}


class Standing(StrEnum):
    """Whether an issued decision still has its ground; it is never altered."""

    STANDS = "stands"
    OTHER_GROUND = "stands on other ground"
    REVIEW_DUE = "review due"


def decide(world: World, evidence: Evidence, application: Application, *, as_of: date, known_at: datetime) -> Decision:
    """Decide from the facts valid on `as_of` and known at `known_at` (aware, UTC).

    Every qualification is looked at under every instrument in scope, and the holder gets the best. Where
    something unknown or in dispute could better it the result is pending (suspended, where the qualification
    is), with what is certain in `at_least`. Raises LookupError for a target the world does not have.
    """
    target = world.programmes[application.target]
    inquiry = Inquiry(world, as_of, known_at)
    pairs: list[tuple[Assessment, Assessment]] = []
    passed: list[tuple[str, str, str]] = []
    credentials = [c for c in evidence.credentials if c.known.at(known_at)]
    for credential in sorted(credentials, key=lambda c: c.key):
        instruments, over = in_scope(inquiry, credential, target, application)
        passed += over
        for instrument in instruments:
            parties = _parties(inquiry, credential, target)
            case = Case(inquiry, application, evidence, target, credential, instrument, parties)
            pairs.append(_bounds(case))
    blank = Decision(
        learner=evidence.learner,
        application=application,
        as_of=as_of,
        known_at=known_at,
        result=Result.OUT_OF_SCOPE,
        at_least=Result.OUT_OF_SCOPE,
        passed_over=tuple(passed),
        evidence=_used(inquiry, evidence),
    )
    decision = _settled(blank, pairs) if pairs else blank
    return replace(decision, asked=inquiry.asked())


def _parties(inquiry: Inquiry, credential: Credential, target: ProgrammeVersion) -> Parties:
    """The authorities whose word is heard: of both countries, and the host's competent in the field."""
    competent = inquiry.authorities(target.country, target.field)
    host = inquiry.authorities(target.country)
    return Parties(host | inquiry.authorities(credential.country), competent)


def _bounds(case: Case) -> tuple[Assessment, Assessment]:
    """What a case comes to for certain and at best; a search beyond its bound leaves all open."""
    try:
        certain = assess(case)
        return certain, assess(case, optimistic=True) if certain.unknown else certain
    except LimitExceeded:
        certain = unsearched(case)
        return certain, replace(certain, result=Result.FULL)


def _preference(assessment: Assessment) -> tuple[int, int, int, int]:
    """The holder's best first: result, then fewest critical gaps, cheapest measures, strongest basis."""
    weighed, measures = assessment.weighed, assessment.measures
    return (
        rank(assessment),
        -(weighed.critical if weighed else 0),
        -(measures.cost if measures else 0),
        STRENGTH[assessment.case.instrument.basis],
    )


def _settled(blank: Decision, pairs: list[tuple[Assessment, Assessment]]) -> Decision:
    """The best that is certain, unless something open could better it."""
    certain = max((pair[0] for pair in pairs), key=_preference)
    ceiling = max(pairs, key=lambda pair: _preference(pair[1]))
    chosen, result = certain, certain.result
    if rank(ceiling[1]) > rank(certain):
        chosen = ceiling[0]
        suspended = any(e.reason == "suspended" for e in chosen.elements)
        result = Result.SUSPENDED if suspended else Result.PENDING
    considered = tuple(
        Considered(low.case.credential.key, low.case.instrument.key, low.result, high.result) for low, high in pairs
    )
    licence = chosen.licence
    if chosen is not certain and licence in RANK:
        licence = result
    return replace(
        blank,
        result=result,
        at_least=certain.result,
        licence=licence,
        authenticity=chosen.elements[0].state,
        credit=chosen.credit,
        qualification=chosen.case.credential.key,
        instrument=chosen.case.instrument.key,
        basis=chosen.case.instrument.basis,
        elements=chosen.elements,
        covered=tuple(chosen.coverage.covered),
        gaps=chosen.weighed.gaps if chosen.weighed else (),
        measures=chosen.measures,
        open_conditions=chosen.open_conditions,
        disputes=tuple(chosen.coverage.disputes),
        considered=considered,
    )


def _used(inquiry: Inquiry, evidence: Evidence) -> tuple[Used, ...]:
    """Every item known, with its commitment and whether it stands on the day asked about."""
    used = [
        Used(c.key, c.commitment, elements.authenticity(inquiry, c).reason)
        for c in evidence.credentials
        if c.known.at(inquiry.known_at)
    ]
    others: tuple[PriorLearning | LanguageCertificate, ...] = (*evidence.prior_learning, *evidence.languages)
    used += [
        Used(item.key, item.commitment, "in_force" if inquiry.holds(item) else "not_in_force")
        for item in others
        if item.known.at(inquiry.known_at)
    ]
    return tuple(sorted(used, key=lambda u: (u.key, u.commitment, u.standing)))


def replay(decision: Decision, world: World, evidence: Evidence) -> str:
    """The hash of the same question decided again as it was known then; equal unless facts were altered."""
    again = decide(world, evidence, decision.application, as_of=decision.as_of, known_at=decision.known_at)
    return decision_hash(replace(again, follows=decision.follows))


def stands(
    decision: Decision,
    world: World,
    evidence: Evidence,
    *,
    known_at: datetime,
    as_of: date | None = None,
) -> Standing:
    """Whether a decision still has its ground as known at a later instant.

    Asked for the decision's own day unless another is given: what is revoked only from a later day does not
    touch it, what is revoked from the start does. A decision that would now be better is due for review too.
    """
    day = decision.as_of if as_of is None else as_of
    again = decide(world, evidence, decision.application, as_of=day, known_at=known_at)
    same = ("result", "at_least", "licence", "authenticity", "open_conditions")
    if any(getattr(again, name) != getattr(decision, name) for name in same):
        return Standing.REVIEW_DUE
    if _closed_by(again) != _closed_by(decision):
        return Standing.REVIEW_DUE
    return Standing.STANDS if _ground_holds(decision, again) else Standing.OTHER_GROUND


def _ground_holds(decision: Decision, again: Decision) -> bool:
    """Whether all a decision relied on is still there to be relied on."""
    now = {c.outcome: c.witnesses for c in again.covered}
    if any(c.witnesses[0] not in now.get(c.outcome, ()) for c in decision.covered):
        return False
    relied = {c for c in decision.considered if c.qualification == decision.qualification}
    if not {c for c in relied if c.instrument == decision.instrument} <= set(again.considered):
        return False
    found = {key for a in again.asked for key in a.found} | {u.key for u in again.evidence}
    return all(found.issuperset(e.rests_on) for e in decision.elements)


def _closed_by(decision: Decision) -> tuple[object, ...]:
    """What the holder was told is missing and closes it."""
    substantial = tuple((g.kind, g.subject, g.short) for g in decision.gaps if g.substantial)
    return substantial, decision.measures and decision.measures.modules, decision.credit.units
