"""What rests on what: replaying a stored decision, whether it still has its ground, which ones a change touches."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Iterator
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from sunmao.kernel import clock
from sunmao.kernel.doctor import Finding
from sunmao.recognition import decide as core
from sunmao.recognition.evidence import Evidence
from sunmao.recognition.keeping import thaw
from sunmao.recognition.models import Asked, Decision, DecisionState, Ground, Lasting, ReviewRound, Standing, Touched
from sunmao.recognition.queries.evidence import as_it_stands
from sunmao.recognition.queries.world import questions_of, world_of
from sunmao.recognition.world import World

LIVE = (DecisionState.ISSUED, DecisionState.REVIEW_DUE)
SEPARATOR = " | "
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError)


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
    ((_decision, found),) = standings_of([decision], known_at=known_at)
    return found


def standings_of(
    decisions: Iterable[Decision], *, known_at: datetime | None = None
) -> Iterator[tuple[Decision, Standing]]:
    """Yield decisions with where they stand. Those about the same target and the same kind of evidence share what is
    read of the register, so this belongs within one transaction."""
    worlds: dict[Hashable, World] = {}
    for decision in decisions:
        try:
            computed, evidence = restored(decision)
        except UNREADABLE:
            yield decision, Standing.REVIEW_DUE  # altered past the door: a person must look, and doctor says so
            continue
        key = (
            decision.case.target_id,
            frozenset((c.country, c.issuer, c.programme, c.level) for c in evidence.credentials),
        )
        if key not in worlds:
            worlds[key] = world_of(decision.case.target, evidence)
        since = as_it_stands(evidence, decision.case)
        found = core.stands(computed, worlds[key], since, known_at=known_at or clock.now())
        yield decision, Standing(found.value)


def resting_on(keys: Iterable[str]) -> QuerySet[Decision]:
    """Return the issued decisions that relied on any of these facts, by their keys."""
    relied = Ground.objects.filter(key__in=list(keys)).values("decision")
    return Decision.objects.filter(state__in=LIVE, pk__in=relied).select_related("case__target")


def asked_for(questions: Iterable[Iterable[str]]) -> QuerySet[Decision]:
    """Return the issued decisions that put any of these questions: a fact added under one may change them."""
    texts = [question_text(question) for question in questions]
    asked = Asked.objects.filter(question__in=texts).values("decision")
    return Decision.objects.filter(state__in=LIVE, pk__in=asked).select_related("case__target")


def touched_by(record: Lasting) -> QuerySet[Decision]:
    """Return the issued decisions that relied on a fact or put a question which it may answer."""
    relied = Ground.objects.filter(key=record.code).values("decision")
    asked = Asked.objects.filter(question__in=[question_text(found) for found in questions_of(record)]).values(
        "decision"
    )
    return Decision.objects.filter(Q(pk__in=relied) | Q(pk__in=asked), state__in=LIVE).select_related("case__target")


def digest_of(ids: Iterable[int]) -> str:
    """Return the SHA-256 of the decisions of a round, by their ids."""
    return hashlib.sha256(",".join(map(str, sorted(ids))).encode()).hexdigest()


def looking() -> Exists:
    """Return the condition under which a decision is touched by a change and not yet looked at since."""
    waiting = Touched.objects.filter(
        Q(decision__reviewed_at=None) | Q(decision__reviewed_at__lt=F("round__listed_at")),
        decision=OuterRef("pk"), round__finished_at=None, round__reached__lt=F("decision"),
    )  # fmt: skip
    return Exists(waiting)


def examine_rounds() -> Iterator[Finding]:
    """Yield the rounds whose list differs from what was listed, or from how far they have come (for `doctor`)."""
    for record in ReviewRound.objects.order_by("id"):
        ids = list(record.touched.values_list("decision", flat=True))
        if digest_of(ids) != record.digest:
            yield Finding(f"decisions of {record.code}", "differ from those listed")
        elif record.looked_count != sum(pk <= record.reached for pk in ids):
            yield Finding(f"decisions of {record.code}", "were not looked at as far as it says")


def examine() -> Iterator[Finding]:
    """Yield the decisions whose ground or questions, kept as an index, differ from what was computed (for `doctor`)."""
    for decision in Decision.objects.exclude(computed="").prefetch_related("grounds", "questions").order_by("id"):
        try:
            computed, _evidence = restored(decision)
        except UNREADABLE:
            continue  # altered: the record itself then differs from its last change, which is found there
        keys = sorted(row.key for row in decision.grounds.all())
        if keys != sorted(core.rests_on(computed)):
            yield Finding(f"grounds of {decision.code}", "differ from what was computed")
        asked = {question_text(item.question): bool(item.found) for item in computed.asked}
        if {row.question: row.found for row in decision.questions.all()} != asked:
            yield Finding(f"questions of {decision.code}", "differ from what was computed")
