"""What the machine proposes for a crosswalk: likely counterparts from the alignment engine, and chains of exact rows.

Nothing here is written or decided; `actions.align` keeps the rows as proposals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sunmao.standards.alignment.items import Item, Proposal
from sunmao.standards.models import Crosswalk, CrosswalkRow, Outcome, Relation, RowState

LANGUAGES = ("en", "zh", "ru")  # the order in which a language both sides speak is preferred
SPOKEN = 0.8  # the share of outcomes that must have a text in it
LEAST = 0.1  # the certainty below which only the first counterpart is proposed
LEARNED = 5000  # so many of the latest confirmed rows and parallel texts are learned from
HOPS = 4

Chain = tuple[int, int, tuple[str, ...]]  # source outcome, target outcome, codes of the rows between


def proposals(crosswalk: Crosswalk, most: int) -> list[CrosswalkRow]:
    """Return the rows to propose, not written: pairs of outcomes that have no row in this crosswalk yet."""
    held = set(crosswalk.rows.values_list("source_id", "target_id"))
    found: dict[tuple[int, int], CrosswalkRow] = {}
    for source, target, codes in chains(crosswalk):
        why = [{"code": "chain", "params": {"rows": ", ".join(codes)}}]
        found[source, target] = CrosswalkRow(
            crosswalk=crosswalk, source_id=source, target_id=target, relation=Relation.EXACT, score=1.0, why=why
        )
    for outcome, proposal in counterparts(crosswalk, most):
        pair = (outcome.pk, int(proposal.target.id))
        found.setdefault(pair, CrosswalkRow(
            crosswalk=crosswalk, source_id=pair[0], target_id=pair[1], relation=_relation(proposal),
            score=round(proposal.score, 4), certainty=round(proposal.confidence, 4),
            why=[{"code": reason.code, "params": dict(reason.params)} for reason in proposal.why],
        ))  # fmt: skip
    return [row for pair, row in found.items() if pair not in held]


def _relation(proposal: Proposal) -> str:
    """Return the relation to begin with: the machine never claims more than the same words show."""
    return Relation.EXACT if any(reason.code == "same_title" for reason in proposal.why) else Relation.CLOSE


def chains(crosswalk: Crosswalk) -> Iterator[Chain]:
    """Yield pairs joined by two or more confirmed exact rows over other standards. Rows that are close, broader,
    narrower or of several outcomes together carry nothing on."""
    rows = CrosswalkRow.objects.filter(state=RowState.CONFIRMED, relation=Relation.EXACT, also=[])
    onward: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for source, target, code in rows.order_by("id").values_list("source_id", "target_id", "code"):
        onward[source].append((target, code))
    ends = set(crosswalk.target.outcomes.values_list("id", flat=True))
    for start in crosswalk.source.outcomes.order_by("order", "id").values_list("id", flat=True):
        reached: dict[int, tuple[str, ...]] = {start: ()}
        edge = [start]
        for _hop in range(HOPS):
            steps = [(place, onto, code) for place in edge for onto, code in onward[place] if onto not in reached]
            for place, onto, code in steps:
                reached.setdefault(onto, (*reached[place], code))
            edge = list(dict.fromkeys(onto for _place, onto, _code in steps))
        for end, codes in reached.items():
            if end in ends and len(codes) > 1:
                yield start, end, codes


def counterparts(crosswalk: Crosswalk, most: int) -> Iterator[tuple[Outcome, Proposal]]:
    """Yield for each outcome of the source its likeliest counterparts; those nothing speaks for are left out."""
    sources = _outcomes(crosswalk.source)
    targets = _outcomes(crosswalk.target)
    if not targets:
        return
    ours, theirs = languages(sources, targets)
    from sunmao.standards.align import Aligner  # numpy and scipy: a third of a second that no other start needs

    aligner = Aligner().fit(
        [item_of(one, theirs, crosswalk.target) for one in targets],
        confirmed=list(_confirmed(targets, ours, theirs)),
        parallel=list(_parallel(ours, theirs)),
    )
    for one in sources:
        for place, proposal in enumerate(aligner.propose(item_of(one, ours, crosswalk.source), most)):
            spoken_for = any(reason.params.get("words") != "" for reason in proposal.why)
            if spoken_for and (place == 0 or proposal.confidence >= LEAST):
                yield one, proposal


def _outcomes(version: Any) -> list[Outcome]:
    return list(version.outcomes.select_related("unit").order_by("order", "id"))


def languages(sources: Sequence[Outcome], targets: Sequence[Outcome]) -> tuple[str, str]:
    """Return in which language each side is read: one both speak, else the one most of its texts are in."""
    shares = [
        {code: _share(code, side) for code in {code for one in side for code in one.title}}
        for side in (sources, targets)
    ]
    both = [code for code in shares[0] if min(shares[0][code], shares[1].get(code, 0)) >= SPOKEN]
    if both:
        best = min(both, key=lambda code: (LANGUAGES.index(code) if code in LANGUAGES else len(LANGUAGES), code))
        return best, best
    first, second = (max(sorted(one), key=lambda code: one[code], default="en") for one in shares)
    return first, second


def _share(code: str, side: Sequence[Outcome]) -> float:
    return sum(code in one.title for one in side) / len(side)


def item_of(outcome: Outcome, language: str, version: Any) -> Item:
    """Return an outcome as the engine reads it; its unit, else its programme, is the context."""
    above = outcome.unit.title if outcome.unit else version.programme.title
    said = _text(outcome.title, language)
    return Item(str(outcome.pk), said, language=language, context=_text(above, language) if language in above else "")


def _text(texts: Any, language: str) -> str:
    return str(texts[language]["text"]) if language in texts else str(texts.best(language)[0])


def _confirmed(targets: Sequence[Outcome], ours: str, theirs: str) -> Iterator[tuple[Item, str]]:
    """Yield what people confirmed anywhere in the register towards a text that stands among the targets."""
    places = {_text(one.title, theirs).casefold(): str(one.pk) for one in targets}
    rows = CrosswalkRow.objects.filter(state=RowState.CONFIRMED, relation=Relation.EXACT, also=[])
    for row in rows.select_related("source", "target").order_by("-id")[:LEARNED]:
        place = places.get(_text(row.target.title, theirs).casefold())
        if place and ours in row.source.title:
            yield Item(row.code, _text(row.source.title, ours), language=ours), place


def _parallel(ours: str, theirs: str) -> Iterator[tuple[Item, Item]]:
    """Yield the outcomes of the register that are written in both languages."""
    if ours == theirs:
        return
    for number, title in enumerate(Outcome.objects.order_by("-id").values_list("title", flat=True)[:LEARNED]):
        if ours in title and theirs in title:
            pair = (Item(str(number), title[code]["text"], language=code) for code in (ours, theirs))
            yield next(pair), next(pair)
