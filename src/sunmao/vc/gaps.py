"""Canonical N-Quads with gaps: statements whose order and labels are worked out as far as no value can change them.

A *slot* stands for what is put in later: the holes of a shape first, then the labels of its nameless nodes. Values are
UTF-8 as they stand in canonical N-Quads, whose order is that of their code points. RDFC-1.0 (rdf-canon section 4) is
followed where the hashes of all nodes differ; alike nodes are taken only where they have no nameless neighbour, since
then any order of them gives the same text.
"""

import hashlib
from bisect import bisect
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cmp_to_key
from operator import itemgetter
from typing import NamedTuple

Line = tuple["str | int", ...]  # constant text and slots
Slots = list[bytes]
Pick = Callable[[Slots], Sequence[bytes]]
_KEPT = 64  # orders of named nodes that are remembered


class Unfit(Exception):
    """The compiler cannot take this document with these holes; ``path`` is the hole that is none, if one is."""

    def __init__(self, why: str, path: tuple["str | int", ...] | None = None) -> None:
        self.path = path
        super().__init__(why)


class Statement(NamedTuple):
    """One RDF statement with gaps: its subject, its predicate in angle brackets, and the whole line."""

    subject: Line
    predicate: str
    line: Line


class _Undecided(Exception):
    pass


def statement(subject: Line, predicate: str, rest: Line) -> Statement:
    """Return a statement; ``rest`` is its object and, where it stands in a graph of its own, the graph's name."""
    return Statement(subject, predicate, _merged((*subject, f" {predicate} ", *rest, " .\n")))


def _merged(line: Line) -> Line:
    """Join neighbouring constants, so that texts are compared as far as they reach."""
    result: list[str | int] = []
    for part in line:
        if isinstance(part, str) and result and isinstance(result[-1], str):
            result[-1] += part
        else:
            result.append(part)
    return tuple(result)


def _compare(one: Line, other: Line) -> int:
    """Order two lines by what no value can change; raise _Undecided where a value decides."""
    mine, yours = list(one), list(other)
    left = right = ""
    while True:
        if not left and mine and isinstance(mine[0], str):
            left = mine.pop(0)  # type: ignore[assignment]
        if not right and yours and isinstance(yours[0], str):
            right = yours.pop(0)  # type: ignore[assignment]
        if left and right:
            size = min(len(left), len(right))
            if left[:size] != right[:size]:
                return -1 if left[:size] < right[:size] else 1
            left, right = left[size:], right[size:]
        elif left or right:
            raise _Undecided
        elif not mine and not yours:
            return 0
        elif mine and yours and mine[0] == yours[0]:
            del mine[0], yours[0]
        else:
            raise _Undecided


def _ordered(lines: list[Line]) -> list[Line] | None:
    """Return the lines in the order they have whatever the values are; nothing where there is no such order."""
    try:
        return sorted(lines, key=cmp_to_key(_compare))
    except _Undecided:
        return None


class Gaps:
    """The canonical text of some statements, but for what goes into the slots."""

    def __init__(self, statements: Sequence[Statement], holes: int) -> None:
        """Compile. ``holes`` is the number of slots for values; raise Unfit where only neighbours tell nodes apart."""
        self._holes = holes
        held: dict[int, list[Line]] = defaultdict(list)
        by_subject: dict[Line, list[Statement]] = defaultdict(list)
        for one in statements:
            by_subject[one.subject].append(one)
            for slot in {part for part in one.line if isinstance(part, int) and part >= holes}:
                held[slot].append(one.line)
        # What `text` begins with: room for values and labels, then constants and the texts of groups.
        self._slots = [b""] * (holes + len(held))
        self._constants: dict[str, int] = {}
        self._groups: list[tuple[int, list[Pick]]] = []
        self._compile_hashes(held)
        settled = [[self._settle(one) for one in mine] for mine in by_subject.values()]
        self._compile_texts({mine[0].subject: self._parts(mine) for mine in settled})

    def _new_slot(self, text: bytes = b"") -> int:
        self._slots.append(text)
        return len(self._slots) - 1

    def _pick(self, parts: Line) -> Pick:
        """Return what picks the parts of a text out of the slots."""
        places = []
        for part in _merged(parts):
            if isinstance(part, str):
                if part not in self._constants:
                    self._constants[part] = self._new_slot(part.encode())
                part = self._constants[part]
            places.append(part)
        if len(places) == 1:
            only = places[0]
            return lambda slots: (slots[only],)
        return itemgetter(*places) if places else lambda slots: ()

    def _compile_hashes(self, held: dict[int, list[Line]]) -> None:
        """Work out the hashes of nameless nodes (rdf-canon section 4.6), as far as no value is in them."""
        constant: dict[bytes, list[int]] = defaultdict(list)
        varying: dict[int, list[Pick]] = {}
        for slot, mine in held.items():
            seen = [_merged(tuple(self._as_seen(part, slot) for part in line)) for line in mine]
            if any(isinstance(part, int) for line in seen for part in line):
                ordered = _ordered(seen)
                whole = [tuple(part for line in ordered for part in line)] if ordered is not None else seen
                varying[slot] = [self._pick(line) for line in whole]
            else:
                text = "".join(sorted("".join(map(str, line)) for line in seen))
                constant[hashlib.sha256(text.encode()).digest()].append(slot)
        alike = [slot for look in sorted(constant) if len(constant[look]) > 1 for slot in constant[look]]
        if any(self._neighbours(line, slot) for slot in alike for line in held[slot]):
            raise Unfit("nodes that only their neighbours tell apart")
        single = {slots[0]: look for look, slots in constant.items() if len(slots) == 1}
        self._nodes = [*varying, *single]
        self._looks = [b""] * len(varying) + list(single.values())
        self._varying = list(varying.values())
        self._alike = frozenset(look for look, slots in constant.items() if len(slots) > 1)
        self._labels = [f"_:c14n{number}".encode() for number in range(len(held))]
        # Nodes told apart by their hash come first (section 4.4.3 step 4), so the labels of the others are settled.
        self._settled = dict(zip(alike, self._labels[len(self._nodes) :], strict=True))

    def _settle(self, one: Statement) -> Statement:
        """Return a statement with the labels that no value changes."""
        subject, line = (
            tuple(self._settled[part].decode() if part in self._settled else part for part in parts)  # type: ignore[index]
            for parts in (one.subject, one.line)
        )
        return Statement(subject, one.predicate, _merged(line))

    def _as_seen(self, part: str | int, slot: int) -> str | int:
        if isinstance(part, int) and part >= self._holes:
            return "_:a" if part == slot else "_:z"
        return part

    def _neighbours(self, line: Line, slot: int) -> list[int]:
        return [part for part in line if isinstance(part, int) and part >= self._holes and part != slot]

    def _parts(self, statements: list[Statement]) -> Line:
        """Return the lines of one subject in order; lines that must be sorted each time stand as the slot of a group."""
        by_predicate: dict[str, list[Line]] = defaultdict(list)
        for one in statements:
            by_predicate[one.predicate].append(one.line)
        result: list[str | int] = []
        for predicate in sorted(by_predicate):
            lines = by_predicate[predicate]
            ordered = _ordered(lines)
            if ordered is None:
                slot = self._new_slot()
                self._groups.append((slot, [self._pick(line) for line in lines]))
                ordered = [(slot,)]
            result += [part for line in ordered for part in line]
        return _merged(tuple(result))

    def _compile_texts(self, parts: dict[Line, Line]) -> None:
        # Subjects in angle brackets come before nameless ones and sort by their text, closing bracket included.
        self._named = tuple(part for subject in parts if len(subject) == 3 for part in subject if isinstance(part, int))
        self._named_parts = [parts["<", slot, ">"] for slot in self._named]
        constant = {
            subject[0]: mine for subject, mine in parts.items() if len(subject) == 1 and isinstance(subject[0], str)
        }
        fixed = sorted(subject for subject in constant if subject.startswith("<"))
        self._fixed = [subject[1:].encode() for subject in fixed]
        self._fixed_parts = [constant[subject] for subject in fixed]
        self._orders: dict[tuple[int, ...], Pick] = {}
        labels = len(self._labels)
        # A node without gaps and nameless neighbours has one text per label it may get.
        self._ready: list[list[bytes] | None] = []
        self._picks: list[Pick] = []
        for slot in self._nodes:
            mine = parts.get((slot,), ())
            plain = all(isinstance(part, str) or part == slot for part in mine)
            self._ready.append([_with_label(mine, label) for label in self._labels] if plain else None)
            self._picks.append(self._pick(mine))
        self._last = [_with_label(constant.get(label.decode(), ()), label) for label in self._settled.values()]
        # Labels sort as text: _:c14n10 before _:c14n2.
        self._reading = sorted(range(labels), key=self._labels.__getitem__)

    def _order(self, names: list[bytes]) -> Pick | None:
        """Return what picks the lines of all named subjects in order; nothing where two of them coincide."""
        closed = [name + b">" for name in names]
        places = [bisect(self._fixed, name) for name in closed]
        if any(place and self._fixed[place - 1] == name for place, name in zip(places, closed, strict=True)):
            return None
        if len(set(names)) < len(names):
            return None
        order = sorted(range(len(names)), key=closed.__getitem__)
        key = (*places, *order)
        found = self._orders.get(key)
        if found is None:
            result: list[str | int] = []
            at = 0
            for number in order:
                for parts in self._fixed_parts[at : places[number]]:
                    result += parts
                at = places[number]
                result += self._named_parts[number]
            for parts in self._fixed_parts[at:]:
                result += parts
            if len(self._orders) >= _KEPT:
                raise Unfit("named nodes in ever another order")
            found = self._orders[key] = self._pick(tuple(result))
        return found

    def text(self, values: list[bytes]) -> bytes | None:
        """Return the canonical text with these values, one per hole; nothing where the general path must decide."""
        try:
            pick = self._order([values[slot] for slot in self._named])
        except Unfit:
            return None
        if pick is None:
            return None
        slots = values + self._slots[self._holes :]
        looks = self._looks.copy()
        for at, picks in enumerate(self._varying):
            if len(picks) == 1:
                text = b"".join(picks[0](slots))
            else:
                text = b"".join(sorted([b"".join(one(slots)) for one in picks]))
            looks[at] = hashlib.sha256(text).digest()
        if len(set(looks)) < len(looks) or not self._alike.isdisjoint(looks):
            return None
        order = sorted(range(len(looks)), key=looks.__getitem__)
        for label, at in zip(self._labels, order, strict=False):
            slots[self._nodes[at]] = label
        for slot, group in self._groups:
            lines = sorted([b"".join(line(slots)) for line in group])
            if len(set(lines)) < len(lines):
                return None
            slots[slot] = b"".join(lines)
        parts = list(pick(slots))
        told = len(order)
        for number in self._reading:
            if number >= told:
                parts.append(self._last[number - told])
                continue
            at = order[number]
            ready = self._ready[at]
            if ready is None:
                parts += self._picks[at](slots)
            else:
                parts.append(ready[number])
        return b"".join(parts)


def _with_label(parts: Line, label: bytes) -> bytes:
    return b"".join(label if isinstance(part, int) else part.encode() for part in parts)
