"""Which target outcomes are covered by what is held, through which confirmed rows, with which witnesses.

A row is read from its sources to its target and never backwards. Exact and narrower cover, broader is
partial evidence, close covers where the instrument says so. Rows of authorities of neither country are not
looked at. Where the two sides differ over the same sources, the competent host authority's row counts; where
that does not settle it, the dispute is kept and shown, and covers nothing until settled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sunmao.recognition.facts import CrosswalkRow, Instrument, ProgrammeVersion
from sunmao.recognition.inquiry import Inquiry
from sunmao.recognition.record import Covered, Dispute
from sunmao.recognition.terms import Relation, RowsFrom
from sunmao.recognition.tree import bits

COVERING = {False: (Relation.EXACT, Relation.NARROWER), True: (Relation.EXACT, Relation.NARROWER, Relation.CLOSE)}
PARTIAL = {False: (Relation.BROADER, Relation.CLOSE), True: (Relation.BROADER,)}
WITNESS_LIMIT = 64  # alternatives kept for one outcome, the smallest first


@dataclass(frozen=True, slots=True)
class Parties:
    """Whose rows are looked at: the authorities of both countries, and the competent ones of the host."""

    either: frozenset[str]
    competent: frozenset[str]


@dataclass(slots=True)
class Coverage:
    """What is covered, and as bits what the requirement asks of it; which held outcome shows which."""

    mask: int = 0
    covered: list[Covered] = field(default_factory=list)
    partly: dict[str, tuple[str, ...]] = field(default_factory=dict)
    disputes: list[Dispute] = field(default_factory=list)
    unsettled: bool = False
    shows: dict[str, set[str]] = field(default_factory=dict)

    def shown_by(self, outcomes: Iterable[str]) -> frozenset[str]:
        """The target outcomes to which these held outcomes contribute."""
        return frozenset().union(*(self.shows.get(o, ()) for o in outcomes))


@dataclass(slots=True)
class Verdict:
    """What the rows over one set of sources come to."""

    counting: list[CrosswalkRow]
    partial: list[CrosswalkRow]
    unsettled: bool
    differing: list[CrosswalkRow]


def cover(
    inquiry: Inquiry,
    target: ProgrammeVersion,
    items: Mapping[str, frozenset[str]],
    parties: Parties,
    instrument: Instrument,
    *,
    optimistic: bool = False,
) -> Coverage:
    """Cover a target's outcomes by evidence `items` (key to outcomes shown); disputes count if optimistic."""
    names = tuple(sorted(items))
    held: dict[str, int] = {}
    for i, name in enumerate(names):
        for outcome in items[name]:
            held[outcome] = held.get(outcome, 0) | 1 << i
    everything, rows, holds = frozenset(held), inquiry.world.rows, inquiry.holds
    accepted = parties.competent if instrument.rows_from is RowsFrom.HOST else parties.either
    bit = {o: 1 << i for o, i in target.compiled.bit.items()}
    result = Coverage()
    for outcome in target.outcome_keys:
        groups: dict[frozenset[str], list[CrosswalkRow]] = {}
        for row in rows.get(outcome, ()):
            if row.sources <= everything and row.authority in accepted and holds(row):
                groups.setdefault(row.sources, []).append(row)
        inquiry.note(("row", outcome), (row.key for rows in groups.values() for row in rows))
        direct = [1 << i for i in bits(held[outcome])] if outcome in held else []
        alternatives = [("", mask) for mask in direct]
        if direct:
            result.shows.setdefault(outcome, set()).add(outcome)
        partly: list[str] = []
        for sources in sorted(groups, key=sorted) if len(groups) > 1 else groups:
            verdict = settle(groups[sources], parties.competent, instrument.close_counts, optimistic)
            result.unsettled |= verdict.unsettled
            if verdict.differing:
                result.disputes.append(_dispute(outcome, sources, verdict.differing))
            partly += [row.key for row in verdict.partial]
            if not verdict.counting:
                continue
            for source in sources:
                result.shows.setdefault(source, set()).add(outcome)
            shown = held.get(outcome, 0)
            masks = [m for m in _together([held[s] for s in sorted(sources)]) if not m & shown]
            alternatives += [(row.key, mask) for row in verdict.counting for mask in masks]
        if alternatives:
            result.mask |= bit.get(outcome, 0)
            result.covered.append(Covered(outcome, _witnesses(alternatives, names)))
        elif partly:
            result.partly[outcome] = tuple(sorted(partly))
    return result


def _witnesses(alternatives: list[tuple[str, int]], names: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The alternatives as sorted keys of a row, if there is one, and of items; the smallest WITNESS_LIMIT first."""
    found = {
        tuple(sorted((row, *(names[i] for i in bits(mask))) if row else (names[i] for i in bits(mask))))
        for row, mask in alternatives
    }
    return tuple(found) if len(found) == 1 else tuple(sorted(found, key=lambda w: (len(w), w))[:WITNESS_LIMIT])


def settle(rows: list[CrosswalkRow], competent: frozenset[str], close_counts: bool, optimistic: bool) -> Verdict:
    """Which rows over the same sources count; the competent host authority's say where relations differ."""
    covering, partly = COVERING[close_counts], PARTIAL[close_counts]
    if len(rows) == 1:
        relation = rows[0].relation
        return Verdict(rows if relation in covering else [], rows if relation in partly else [], False, [])
    rows = sorted(rows, key=lambda row: row.key)
    differing: list[CrosswalkRow] = []
    deciding = rows
    if len({row.relation for row in rows}) > 1:
        host = [row for row in rows if row.authority in competent]
        if len({row.relation for row in host}) == 1:
            deciding = host
        else:
            differing = rows
    counting = [row for row in deciding if row.relation in covering]
    unsettled = bool(differing) and 0 < len(counting) < len(deciding)
    if unsettled and not optimistic:
        counting = []
    return Verdict(counting, [row for row in deciding if row.relation in partly], unsettled, differing)


def _dispute(outcome: str, sources: frozenset[str], rows: list[CrosswalkRow]) -> Dispute:
    said = tuple((row.key, row.authority, row.relation.value) for row in rows)
    return Dispute(outcome, tuple(sorted(sources)), said)


def _together(held: list[int]) -> list[int]:
    """The minimal sets of items (bits) that hold one of each; the smallest WITNESS_LIMIT of them."""
    if len(held) == 1:
        return [1 << i for i in bits(held[0])][:WITNESS_LIMIT]
    sets = [0]
    for mask in held:
        joined = sorted({s | 1 << i for s in sets for i in bits(mask)}, key=lambda m: (m.bit_count(), m))
        sets = []
        for candidate in joined:
            if not any(kept & candidate == kept for kept in sets):
                sets.append(candidate)
        sets = sets[:WITNESS_LIMIT]
    return sets
