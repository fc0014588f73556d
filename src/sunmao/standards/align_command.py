"""`sunmao align-eval`: how well the alignment engine finds known counterparts, from files alone.

    sunmao align-eval --queries Q.csv --targets T.csv [--gold G.csv]

The columns are read liberally. The first column ending in uri, id or code names a row, `label`, `title` or
`name` is its title (`label_en` before other languages, which become alternates), columns with "alt" in their
name hold other titles separated by |, `description`, `definition` and `tasks` are joined, an isco column
and codes shaped like GBM or SOC place it in a classification. The gold stands in the queries' `onet_code`
(or `target`) column, or in a file of query,target pairs, where the columns that both files share are the key
if there are any. Nothing is learned from the gold: it is looked at only after the targets are ranked.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from .align import Aligner, Item
from .alignment.confidence import expected_error, slices
from .alignment.groups import scheme_of

GOLD_COLUMNS = ("onet_code", "target", "target_id", "target_code", "target_uri", "gold")
_LABELS = ("label", "label_en", "preferred_label", "preferredlabel", "title", "name", "ability", "text")
_TEXTS = ("description", "description_en", "definition", "tasks")
_CONTEXTS = ("context", "major", "programme")
_ID = re.compile(r"(uri|id|code)$")
_ISCO = re.compile(r"isco")
_MARK_AFTER_NAME = re.compile(r"(?<=[\u3400-\u9fff])\s*[LS](/[LS])?$")

Row = Mapping[str, str]
Key = tuple[str, ...]


class Unreadable(ValueError):
    """A file that cannot be used, in words meant for the person who named it."""


def read_rows(path: Path) -> tuple[list[str], list[Row]]:
    """Return the column names in lower case and the rows of a CSV file; raises Unreadable."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened)
            columns = [name.strip().lower() for name in reader.fieldnames or ()]
            rows: list[Row] = [
                {name: (value or "").strip() for name, value in zip(columns, row.values(), strict=False)}
                for row in reader
            ]
    except (OSError, UnicodeDecodeError, csv.Error, AttributeError) as error:
        raise Unreadable(f"{path} cannot be read as a CSV file: {error}") from error
    if not columns or not rows:
        raise Unreadable(f"{path} holds no rows.")
    return columns, rows


def id_column(columns: Sequence[str]) -> str:
    """Return the column that names a row: the first ending in uri, id or code, else the very first."""
    return next((name for name in columns if _ID.search(name) and name not in GOLD_COLUMNS), columns[0])


def item_of(row: Row, columns: Sequence[str]) -> Item | None:
    """Read one row as an item; None where it has no title."""
    labels = [name for name in _LABELS if row.get(name)]
    if not labels:
        labels = [name for name in columns if name.startswith("label") and row.get(name)]
    if not labels:
        return None
    others = [row[name] for name in columns if name.startswith("label") and name != labels[0] and row[name]]
    for name in columns:
        if "alt" in name or "synonym" in name:
            others.extend(part.strip() for part in row[name].split("|") if part.strip())
    return Item(
        id=row[id_column(columns)],
        label=_MARK_AFTER_NAME.sub("", row[labels[0]]),
        alternates=tuple(dict.fromkeys(others)),
        description=" ".join(row[name].replace("|", "; ") for name in _TEXTS if row.get(name)),
        codes=_codes(row, columns),
        language=row.get("language", "") or row.get("lang", ""),
        context=" ".join(row[name] for name in _CONTEXTS if name != labels[0] and row.get(name)),
    )


def _codes(row: Row, columns: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in columns:
        value = row[name]
        if not value or name in GOLD_COLUMNS:
            continue
        if _ISCO.search(name) and re.fullmatch(r"C?\d{1,4}", value):
            found["isco08"] = value.lstrip("C")
        elif _ID.search(name) and (scheme := scheme_of(code := re.split(r"[:/#]", value)[-1])):
            found.setdefault(scheme, code)
    return found


def _gold(queries: tuple[list[str], list[Row]], path: Path | None) -> tuple[list[str], dict[Key, set[str]]]:
    """Return the columns that are the key of a query, and the right targets by key."""
    columns, rows = queries
    right: dict[Key, set[str]] = defaultdict(set)
    if path is None:
        column = next((name for name in GOLD_COLUMNS if name in columns), "")
        if not column:
            raise Unreadable(f"The queries have none of the columns {', '.join(GOLD_COLUMNS)}: name --gold.")
        key = [id_column(columns)]
        for row in rows:
            if row[column]:
                right[tuple(row[name] for name in key)].add(row[column])
        return key, right
    gold_columns, gold_rows = read_rows(path)
    shared = [name for name in gold_columns if name in columns and name not in GOLD_COLUMNS]
    own = shared or [gold_columns[0]]
    column = next((n for n in gold_columns if n in GOLD_COLUMNS and n not in own), "")
    column = column or next((n for n in gold_columns if n not in own), "")
    if not column:
        raise Unreadable(f"{path} needs two columns: query and target.")
    for row in gold_rows:
        if row[column]:
            right[tuple(row[name] for name in own)].add(row[column])
    return shared or [id_column(columns)], right


def evaluate(queries: Path, targets: Path, gold: Path | None = None) -> list[str]:
    """Rank the targets for every query that has a right answer; returns the lines to print.

    A query counts once, by the best placed of its right targets; one whose right targets are missing from
    the file counts as not found. Ties count against the engine. Raises Unreadable.
    """
    started = time.perf_counter()
    query_file, (target_columns, target_rows) = read_rows(queries), read_rows(targets)
    items = {item.id: item for row in target_rows if (item := item_of(row, target_columns)) and item.id}
    if not items:
        raise Unreadable(f"{targets} has no rows with an id and a title.")
    key, right = _gold(query_file, gold)
    asked: dict[Key, Item] = {}
    for row in query_file[1]:
        place = tuple(row[name] for name in key)
        if place in right and place not in asked and (item := item_of(row, query_file[0])):
            asked[place] = item
    if not asked:
        raise Unreadable("No query has both a title and a right target.")
    aligner = Aligner().fit(items.values())
    aligner.scores(next(iter(asked.values())))
    lines = [
        f"{len(asked)} queries with a right target, {len(items)} targets; "
        f"made ready in {time.perf_counter() - started:.1f} s"
    ]
    return [*lines, *_measure(aligner, asked, right)]


def _measure(aligner: Aligner, asked: Mapping[Key, Item], right: Mapping[Key, set[str]]) -> list[str]:
    places = {item.id: place for place, item in enumerate(aligner.targets)}
    ranks: list[float] = []
    judged: list[tuple[float, bool]] = []
    spent = 0.0
    for key, item in asked.items():
        began = time.perf_counter()
        scores = aligner.scores(item)
        spent += time.perf_counter() - began
        found = [scores[places[target]] for target in right[key] if target in places]
        rank = float((scores >= max(found)).sum()) if found else float("inf")
        ranks.append(rank)
        judged.append((float(aligner.certainties(item, scores).max()), rank <= 1))
    lines = [
        f"certainty {band.low:.2f} to {band.high:.2f}: "
        f"{band.right_count} of {band.count} first proposals right ({band.precision:.0%})"
        for band in slices(judged)
    ]
    count = len(ranks)
    top1 = sum(rank <= 1 for rank in ranks) / count
    top5 = sum(rank <= 5 for rank in ranks) / count
    mrr = sum(1 / rank for rank in ranks) / count
    return [
        *lines,
        f"expected calibration error {expected_error(judged):.3f}",
        f"top1 {top1:.3f} top5 {top5:.3f} mrr {mrr:.3f} ms_per_query {spent * 1000 / count:.1f}",
    ]


def main(argv: Sequence[str] | None = None) -> int:
    """Run `sunmao align-eval`; returns the exit status: 0, or 2 where a file cannot be used."""
    parser = argparse.ArgumentParser(prog="sunmao align-eval", description="Measure the alignment engine.")
    parser.add_argument("--queries", type=Path, required=True, help="items a counterpart is sought for (CSV)")
    parser.add_argument("--targets", type=Path, required=True, help="items that may be proposed (CSV)")
    parser.add_argument("--gold", type=Path, help="query,target pairs (CSV); else a column of the queries")
    chosen = parser.parse_args(argv)
    try:
        lines = evaluate(chosen.queries, chosen.targets, chosen.gold)
    except Unreadable as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(lines))
    return 0
