"""The matrix of a country's programmes, held in the process as long as nothing that it is made of changes: with a
million rows reading them takes most of a minute, the question itself a fraction of a second."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from sunmao.kernel.models import Change

T = TypeVar("T")
MOST = 4  # matrices held; one of a whole nation takes some hundred megabytes
BACK = 1000  # entries: one may be committed after later ones, so that the last number alone says too little
_LAW = ("instrument", "instrumentparty", "revocation", "competence", "bridgingmodule", "moduleoutcome")


def _law_and_standards(after: int) -> QuerySet[Change]:
    """Return what the log holds after a number on standards, crosswalks and law, single entries and batches."""
    kinds = Q(kind__startswith="standards.") | Q(kind__in=[f"recognition.{name}" for name in _LAW])
    return Change.objects.filter(kinds, id__gt=after)


@dataclass(frozen=True)
class _Stamp:
    """Up to where the log was read, and which entries of it counted near its end."""

    after: int
    seen: frozenset[UUID]

    @classmethod
    def now(cls) -> _Stamp:
        last = Change.objects.aggregate(last=Max("id"))["last"] or 0
        after = max(0, last - BACK)
        return cls(after, frozenset(_law_and_standards(after).values_list("uid", flat=True)))

    def holds(self) -> bool:
        """Return whether nothing that counts was written since."""
        found = _law_and_standards(self.after).order_by("id").values_list("uid", flat=True)[: len(self.seen) + 1]
        return frozenset(found) == self.seen


class Held(Generic[T]):
    """Values made once per key and used until the log says that standards or law changed, in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: OrderedDict[Hashable, tuple[_Stamp, T]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value under a key; one thread makes it while others wait."""
        with self._lock:
            found = self._made.get(key)
            if found is not None and found[0].holds():
                self._made.move_to_end(key)
                return found[1]
            stamp = _Stamp.now()
            value = make()
            self._made[key] = stamp, value
            self._made.move_to_end(key)
            while len(self._made) > MOST:
                self._made.popitem(last=False)
            return value
