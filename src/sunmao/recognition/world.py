"""One register's facts, indexed by the questions a decision asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from sunmao.recognition.facts import (
    Accreditation,
    BridgingModule,
    Competence,
    CrosswalkRow,
    DeliveryPermit,
    Fact,
    HomeRight,
    Instrument,
    ProgrammeVersion,
    Referencing,
    Revocation,
    ShownDifference,
)


@dataclass(frozen=True)
class World:
    """The facts of one register, indexed by the questions a decision asks; built by `World.of`."""

    programmes: Mapping[str, ProgrammeVersion]
    rows: Mapping[str, tuple[CrosswalkRow, ...]]
    instruments: Mapping[str, tuple[Instrument, ...]]
    others: Mapping[tuple[str, ...], tuple[Fact, ...]] = field(repr=False)
    revocations: Mapping[str, tuple[Revocation, ...]]

    @classmethod
    def of(cls, facts: Iterable[Fact | ProgrammeVersion]) -> World:
        """Index facts in any order: rows by target outcome, instruments by host, others by subject."""
        programmes: dict[str, ProgrammeVersion] = {}
        index: dict[tuple[str, ...], list[Fact]] = {}
        for fact in facts:
            if isinstance(fact, ProgrammeVersion):
                programmes[fact.key] = fact
                continue
            for key in index_keys(fact):
                index.setdefault(key, []).append(fact)
        parts: dict[str, dict] = {"row": {}, "instrument": {}, "revocation": {}}
        others: dict[tuple[str, ...], tuple[Fact, ...]] = {}
        for key, found in index.items():
            if key[0] in parts:
                parts[key[0]][key[1]] = tuple(found)
            else:
                others[key] = tuple(found)
        return cls(programmes, parts["row"], parts["instrument"], others, parts["revocation"])

    def facts(self) -> Iterator[Fact | ProgrammeVersion]:
        """Every fact once."""
        groups = chain(self.rows.values(), self.instruments.values(), self.others.values())
        seen: dict[int, Fact] = {id(f): f for f in chain.from_iterable(groups)}
        seen.update((id(f), f) for f in chain.from_iterable(self.revocations.values()))
        return chain(self.programmes.values(), seen.values())

    def plus(self, *facts: Fact | ProgrammeVersion) -> World:
        """The same world with more facts."""
        return World.of(chain(self.facts(), facts))


def index_keys(fact: Fact) -> list[tuple[str, ...]]:
    """Under which questions a fact is an answer; so an added fact finds the decisions that missed it."""
    match fact:
        case CrosswalkRow():
            return [("row", fact.target)]
        case Instrument():
            return [("instrument", host) for host in sorted(fact.host)]
        case Revocation():
            return [("revocation", fact.of)]
        case Competence():
            return [("competence", fact.country)]
        case Accreditation():
            return [("accreditation", fact.institution)]
        case DeliveryPermit():
            return [("delivery", fact.institution, fact.country)]
        case HomeRight():
            return [("right", fact.programme, fact.purpose.value)]
        case Referencing():
            return [("referencing", fact.level.framework, str(fact.level.step))]
        case ShownDifference():
            return [("difference", fact.target)]
        case BridgingModule():
            covers: list[tuple[str, ...]] = [("module", outcome) for outcome in sorted(fact.covers)]
            return covers + [("credit module", programme) for programme in sorted(fact.programmes)]
    raise TypeError(f"{type(fact).__name__} belongs to a holder's evidence, not to the world.")
