"""Asking one register's facts as valid on a day and known at an instant, and keeping what was asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from operator import attrgetter
from typing import TypeVar

from sunmao.recognition.facts import Competence, Fact
from sunmao.recognition.record import Asked
from sunmao.recognition.terms import ALWAYS, EVER
from sunmao.recognition.world import World

_by_key = attrgetter("key")
FactT = TypeVar("FactT", bound=Fact)


class Inquiry:
    """The questions of one decision: each answer holds on its day, and each question is remembered."""

    def __init__(self, world: World, as_of: date, known_at: datetime) -> None:
        self.world = world
        self.as_of = as_of
        self.known_at = known_at
        self._log: dict[tuple[str, ...], set[str]] = {}

    def holds(self, fact: Fact, day: date | None = None) -> bool:
        """Whether a fact was known, valid and not revoked on a day (`as_of` unless another is meant)."""
        day = self.as_of if day is None else day
        if fact.known is not EVER and not fact.known.at(self.known_at):
            return False
        if fact.span is not ALWAYS and day not in fact.span:
            return False
        revoked = self.world.revocations.get(fact.key)
        return revoked is None or not any(
            r.known.at(self.known_at) and (r.from_start or r.effective_on <= day) for r in revoked
        )

    def ask(self, kind: type[FactT], *question: str, day: date | None = None) -> list[FactT]:
        """The facts of one kind that answer a question and hold on a day, by key."""
        found = [f for f in self.world.others.get(question, ()) if isinstance(f, kind) and self.holds(f, day)]
        if len(found) > 1:
            found.sort(key=_by_key)
        self.note(question, [f.key for f in found])
        return found

    def note(self, question: tuple[str, ...], found: Iterable[str]) -> None:
        """Remember a question and the keys of the facts that answered it."""
        self._log.setdefault(question, set()).update(found)

    def authorities(self, country: str, field: str | None = None) -> frozenset[str]:
        """The authorities of a country; with a field, those competent in it."""
        return frozenset(
            c.authority
            for c in self.ask(Competence, "competence", country)
            if field is None or not c.fields or any(field.startswith(f) for f in c.fields)
        )

    def asked(self) -> tuple[Asked, ...]:
        """All questions in order, with what each found."""
        return tuple(Asked(q, tuple(sorted(found))) for q, found in sorted(self._log.items()))
