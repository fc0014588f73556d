"""Which cells of a published table stay hidden. Thinks; touches no database.

A cell below the least number is hidden (primary suppression). It could still be derived from what is shown: a
total less its other parts, two tables that share a total, or a remainder of nothing. So further cells are hidden
(complementary suppression; Willenborg and de Waal, Elements of Statistical Disclosure Control, 2001, chapter 4)
until for each hidden cell another whole number fits everything that is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
LEAST = 5
TOTAL = ""  # the key of a total in a table

Sum = tuple[K, tuple[K, ...]]  # a cell and the cells it is the sum of


@dataclass(frozen=True)
class Table(Generic[K]):
    """Counts under (row, column) keys; TOTAL stands for the whole. None is a hidden cell."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], int | None]

    def __getitem__(self, key: tuple[str, str]) -> int | None:
        return self.cells[key]

    @property
    def hidden_count(self) -> int:
        return sum(value is None for value in self.cells.values())


def hidden(values: Mapping[K, int], sums: Sequence[Sum[K]], least: int = LEAST) -> frozenset[K]:
    """Return the cells to hide: all below `least`, and as few and small others as keep those from being derived.

    `values` are true counts, none negative; every sum must hold among them (ValueError where one does not).
    """
    _check(values, sums)
    out = {key for key, value in values.items() if value < least}
    while (found := derivable(values, sums, out)) and (next_one := _cheapest(values, sums, out, found)) is not None:
        out.add(next_one)
    return frozenset(out)


def derivable(values: Mapping[K, int], sums: Sequence[Sum[K]], out: Collection[K]) -> frozenset[K]:
    """Return the cells of `out` whose value follows from the cells shown, given that no count is negative."""
    names = [key for key in values if key in out]
    if not names:
        return frozenset()
    place = {key: index for index, key in enumerate(names)}
    matrix, right = [], []
    for whole, parts in sums:
        row, rest = [0.0] * len(names), 0
        for key, sign in ((whole, 1), *((part, -1) for part in parts)):
            if key in place:
                row[place[key]] += sign
            else:
                rest -= sign * values[key]
        if any(row):
            matrix.append(row)
            right.append(rest)
    if not matrix:
        return frozenset()
    return frozenset(names[index] for index in _fixed(matrix, right, [values[k] for k in names]))


def _fixed(matrix: list[list[float]], right: list[int], truth: list[int]) -> set[int]:
    """Return the indexes of the unknowns that are the same in every whole, non-negative solution.

    Each further solution found frees every unknown it differs in, so that few programs are solved.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # half a second, which only a hidden cell is worth

    unsure = set(range(len(truth)))
    limits = Bounds(0, float(sum(truth) + max(truth) + 100))
    fits = LinearConstraint(matrix, right, right)
    for index in range(len(truth)):
        for sign in (-1, 1):
            if index not in unsure:
                break
            aim = [0.0] * len(truth)
            aim[index] = sign
            found = milp(aim, constraints=fits, bounds=limits, integrality=[1] * len(truth))
            if found.x is not None:
                unsure -= {i for i in unsure if round(found.x[i]) != truth[i]}
    return unsure


def _cheapest(values: Mapping[K, int], sums: Sequence[Sum[K]], out: Collection[K], bare: Collection[K]) -> K | None:
    """Return the shown cell to hide next: the smallest that stands in a sum with a derivable cell, parts first. None
    where nothing near is shown: a sum of no cells is nothing, whatever is hidden.

    Where all cells of those sums are hidden already, what betrays them stands in a sum farther on, reached through
    the hidden cells that two sums share: a total less its other parts is a group's sum without naming the group.
    """
    wholes = {whole for whole, _parts in sums}
    reached, near = set(bare), list[K]()
    while not near:
        cells = [cell for whole, parts in sums if reached & {whole, *parts} for cell in (*parts, whole)]
        near = [cell for cell in cells if cell not in out]
        if reached.issuperset(cells):
            break
        reached.update(cells)
    return min(near, default=None, key=lambda key: (key in wholes, values[key] == 0, values[key]))


def _check(values: Mapping[K, int], sums: Sequence[Sum[K]]) -> None:
    if any(value < 0 for value in values.values()):
        raise ValueError("A count is negative.")
    for whole, parts in sums:
        if values[whole] != sum(values[part] for part in parts):
            raise ValueError(f"{whole!r} is not the sum of its parts.")


def table(counts: Mapping[tuple[str, str], int], least: int = LEAST) -> Table[str]:
    """Return a table of two directions with totals. `counts` holds what was counted; absent pairs are 0."""
    rows = tuple(dict.fromkeys(row for row, _column in counts))
    columns = tuple(dict.fromkeys(column for _row, column in counts))
    values = {(row, column): counts.get((row, column), 0) for row in rows for column in columns}
    values |= {(row, TOTAL): sum(values[row, column] for column in columns) for row in rows}
    values |= {(TOTAL, column): sum(values[row, column] for row in rows) for column in columns}
    values[TOTAL, TOTAL] = sum(counts.values())
    sums = [((row, TOTAL), tuple((row, column) for column in columns)) for row in rows]
    sums += [((TOTAL, column), tuple((row, column) for row in rows)) for column in (*columns, TOTAL)]
    sums.append(((TOTAL, TOTAL), tuple((TOTAL, column) for column in columns)))
    away = _hidden_once(tuple(values.items()), tuple(sums), least)
    return Table(rows, columns, {key: None if key in away else value for key, value in values.items()})


@dataclass(frozen=True)
class Lines:
    """Several breakdowns of one total, and groups that hold some of their entries. None is a hidden count."""

    total: int | None
    cells: Mapping[tuple[str, str], int | None]  # (breakdown, entry) → count

    def of(self, breakdown: str) -> dict[str, int | None]:
        return {entry: value for (name, entry), value in self.cells.items() if name == breakdown}


def lines(
    breakdowns: Mapping[str, Mapping[str, int]],
    groups: Mapping[tuple[str, str], tuple[str, Collection[str]]] | None = None,
    least: int = LEAST,
) -> Lines:
    """Return breakdowns of one total, hidden together, since each can be subtracted from the others.

    Every breakdown sums to the same total. `groups` adds cells that are the sum of some entries of a breakdown:
    {("bloc", "SCO"): ("country", {"UZ", "KZ"})}; entries that were not counted, and groups of none, are passed over.
    """
    values: dict[tuple[str, str], int] = {
        (name, entry): count for name, counts in breakdowns.items() for entry, count in counts.items()
    }
    whole = ("", TOTAL)
    values[whole] = sum(next(iter(breakdowns.values()), {}).values())
    sums = [(whole, tuple((name, entry) for entry in counts)) for name, counts in breakdowns.items()]
    for key, (name, entries) in (groups or {}).items():
        parts = tuple((name, entry) for entry in breakdowns[name] if entry in entries)
        if not parts:
            continue
        values[key] = sum(values[part] for part in parts)
        sums.append((key, parts))
    away = _hidden_once(tuple(values.items()), tuple(sums), least)
    shown = {key: None if key in away else value for key, value in values.items()}
    return Lines(shown.pop(whole), shown)


@lru_cache(maxsize=256)
def _hidden_once(
    values: tuple[tuple[tuple[str, str], int], ...], sums: tuple[Sum[tuple[str, str]], ...], least: int
) -> frozenset[tuple[str, str]]:
    return hidden(dict(values), sums, least)
