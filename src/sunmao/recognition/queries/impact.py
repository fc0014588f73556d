"""What rests on what: replaying a stored decision, whether it still has its ground, which ones a change touches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet

from sunmao.kernel import clock
from sunmao.kernel.doctor import Finding
from sunmao.recognition import decide as core
from sunmao.recognition.evidence import Evidence
from sunmao.recognition.keeping import thaw
from sunmao.recognition.models import Asked, Decision, DecisionState, Ground, Standing
from sunmao.recognition.queries.evidence import as_it_stands
from sunmao.recognition.queries.world import world_of

LIVE = (DecisionState.ISSUED, DecisionState.REVIEW_DUE)
SEPARATOR = " | "


def question_text(question: Iterable[str]) -> str:
    """Return a question of the core as it is indexed."""
    return SEPARATOR.join(question)[:200]


def restored(decision: Decision) -> tuple[core.Decision, Evidence]:
    """Return what was computed and the evidence frozen with it, as values of the core."""
    return thaw(core.Decision, decision.computed), thaw(Evidence, decision.evidence)


def replayed(decision: Decision) -> str:
    """Return the hash of the same question decided again as it was known then. Equal to `decision.digest` unless a
    fact was altered past the rules; no name is needed for it."""
    computed, evidence = restored(decision)
    return core.replay(computed, world_of(decision.case.target, evidence), evidence)


def standing_of(decision: Decision, *, known_at: datetime | None = None) -> Standing:
    """Return whether a stored decision still has its ground as known at an instant (now unless given)."""
    computed, evidence = restored(decision)
    world = world_of(decision.case.target, evidence)
    since = as_it_stands(evidence, decision.case)
    found = core.stands(computed, world, since, known_at=known_at or clock.now())
    return Standing(found.value)


def resting_on(keys: Iterable[str]) -> QuerySet[Decision]:
    """Return the issued decisions that relied on any of these facts, by their keys."""
    relied = Ground.objects.filter(key__in=list(keys)).values("decision")
    return Decision.objects.filter(state__in=LIVE, pk__in=relied).select_related("case__target")


def asked_for(questions: Iterable[Iterable[str]]) -> QuerySet[Decision]:
    """Return the issued decisions that put any of these questions: a fact added under one may change them."""
    texts = [question_text(question) for question in questions]
    asked = Asked.objects.filter(question__in=texts).values("decision")
    return Decision.objects.filter(state__in=LIVE, pk__in=asked).select_related("case__target")


def examine() -> Iterator[Finding]:
    """Yield the decisions whose ground or questions, kept as an index, differ from what was computed (for `doctor`)."""
    for decision in Decision.objects.exclude(computed="").prefetch_related("grounds", "questions").order_by("id"):
        try:
            computed, _evidence = restored(decision)
        except (ValueError, TypeError, KeyError, AttributeError):
            continue  # altered: the record itself then differs from its last change, which is found there
        keys = sorted(row.key for row in decision.grounds.all())
        if keys != sorted(core.rests_on(computed)):
            yield Finding(f"grounds of {decision.code}", "differ from what was computed")
        asked = {question_text(item.question): bool(item.found) for item in computed.asked}
        if {row.question: row.found for row in decision.questions.all()} != asked:
            yield Finding(f"questions of {decision.code}", "differ from what was computed")
