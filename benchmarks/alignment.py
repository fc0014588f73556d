"""How well counterparts are found, held out, beside plain word TF-IDF and smaller means, in one run.

The weights are fitted on four fifths of the judged pairs and measured on the fifth left out, five times over
(the numbers kept in `alignment/weights.py` were fitted on all of them, and are not what is measured here).
Ties count against the engine. The files lie in the reference data beside the project.
"""

import csv
import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from sunmao.standards.align import Aligner, Item
from sunmao.standards.align_command import item_of, read_rows
from sunmao.standards.alignment.chinese import Chinese, dictionary, glossary
from sunmao.standards.alignment.confidence import calibrated, certainties, expected_error
from sunmao.standards.alignment.fitting import fit_certainty, fit_weights
from sunmao.standards.alignment.marks import Targets
from sunmao.standards.alignment.reading import read

SHARED = Path(os.environ.get("SUNMAO_SHARED") or Path(__file__).resolve().parents[2] / "shared") / "data"
FOLDS = 5
PULL_WITHIN, PULL_ACROSS = 3.0, 10.0
SHOWN = 5  # proposals of one query whose certainty is judged

Asked = list[tuple[Item, list[int]]]
Marked = list[tuple[NDArray[np.float32], list[int]]]


def items(path: Path) -> list[Item]:
    """Return the items of a CSV file."""
    columns, rows = read_rows(path)
    return [item for row in rows if (item := item_of(row, columns))]


def pairs(path: Path, source: Sequence[str], target: str) -> dict[str, set[str]]:
    """Return the right targets by source key (the source columns joined by a colon)."""
    found: dict[str, set[str]] = defaultdict(set)
    with path.open(encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            found[":".join(row[name] for name in source)].add(row[target])
    return found


def abilities(path: Path) -> list[Item]:
    """Return the ability statements of the Chinese major profiles, keyed by major and place."""
    found: dict[str, Item] = {}
    with path.open(encoding="utf-8") as opened:
        for line in opened:
            profile: dict[str, Any] = json.loads(line)
            for place, ability in enumerate(profile["abilities"]):
                key = f"{profile['major_code']}:{place}"
                found.setdefault(key, Item(key, ability, context=profile["major"]))
    return list(found.values())


def asked(queries: Sequence[Item], right: dict[str, set[str]], targets: Sequence[Item]) -> Asked:
    """Return the queries that have a right target, with the places of their right targets."""
    places = {item.id: place for place, item in enumerate(targets)}
    return [(item, [places[key] for key in right[item.id]]) for item in queries if item.id in right]


def figures(scores: Sequence[NDArray[Any]], right: Sequence[Sequence[int]]) -> dict[str, float]:
    """Return top1, top5 and mrr, each query counted by its best placed right target."""
    ranks = np.array([(s >= max(s[p] for p in places)).sum() for s, places in zip(scores, right, strict=True)])
    return {
        "top1": round(float(np.mean(ranks <= 1)), 3),
        "top5": round(float(np.mean(ranks <= 5)), 3),
        "mrr": round(float(np.mean(1 / ranks)), 3),
    }


def held_out(marked: Marked, pull: float, seed: int = 0) -> list[NDArray[Any]]:
    """Score every query by weights fitted without its fifth of the queries."""
    fold = np.random.RandomState(seed).permutation(len(marked)) % FOLDS
    scores: list[NDArray[Any]] = [np.zeros(0)] * len(marked)
    for out in range(FOLDS):
        kept = [pair for pair, own in zip(marked, fold, strict=True) if own != out]
        weights = fit_weights([pair[0] for pair in kept], [pair[1] for pair in kept], pull=pull)
        for place in np.flatnonzero(fold == out):
            scores[place] = marked[place][0] @ weights
    return scores


def certainty(scores: Sequence[NDArray[Any]], right: Sequence[Sequence[int]], seed: int = 1) -> dict[str, float]:
    """Measure how far certainty lies from the share that was right (expected calibration error over ten slices).

    `scores` are held out already; the line that calibrates them is fitted on four fifths and asked of the fifth left out.
    The first five proposals of each query are judged, beside them the first alone, each also as it was uncalibrated.
    """
    fold = np.random.RandomState(seed).permutation(len(scores)) % FOLDS
    rows: list[tuple[int, bool, float, bool]] = []
    for place, (one, places) in enumerate(zip(scores, right, strict=True)):
        chances = certainties(one)
        best = np.argsort(-chances, kind="stable")[:SHOWN]
        rows += [(int(fold[place]), at == 0, float(chances[t]), int(t) in places) for at, t in enumerate(best)]
    said: list[float] = [0.0] * len(rows)
    for out in range(FOLDS):
        line = fit_certainty([(chance, good) for own, _, chance, good in rows if own != out])
        for at, (own, _, chance, _) in enumerate(rows):
            if own == out:
                said[at] = float(calibrated(np.array([chance]), line)[0])
    first = [at for at, row in enumerate(rows) if row[1]]
    return {
        "first five": round(expected_error([(said[at], row[3]) for at, row in enumerate(rows)]), 3),
        "uncalibrated": round(expected_error([(row[2], row[3]) for row in rows]), 3),
        "first": round(expected_error([(said[at], rows[at][3]) for at in first]), 3),
        "first, uncalibrated": round(expected_error([(rows[at][2], rows[at][3]) for at in first]), 3),
    }


def mark(queries: Asked, ready: Targets, chinese: Chinese) -> Marked:
    """Return the marks of all targets for each query."""
    return [(ready.marks(item, read(item, chinese)), places) for item, places in queries]


def plain(queries: Asked, targets: Sequence[Item], said: Callable[[Item], str]) -> dict[str, float]:
    """Measure TF-IDF over words, without anything else."""
    space = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    rows = space.fit_transform(said(item) for item in targets)
    likeness = (space.transform(said(item) for item, _ in queries) @ rows.T).toarray()
    return figures(list(likeness + 0.0), [places for _, places in queries])


def whole_text(item: Item) -> str:
    """Return all words of an item."""
    return " ".join((item.label, *item.alternates, item.description))


def learned(queries: Asked, targets: Sequence[Item]) -> dict[str, float]:
    """Measure with four fifths of the rows confirmed, on the fifth that is not."""
    fold = np.random.RandomState(0).permutation(len(queries)) % FOLDS
    scores: list[NDArray[Any]] = [np.zeros(0)] * len(queries)
    for out in range(FOLDS):
        rows = [
            (item, targets[place].id)
            for (item, places), own in zip(queries, fold, strict=True)
            if own != out
            for place in places
        ]
        aligner = Aligner().fit(targets, confirmed=rows)
        for place in np.flatnonzero(fold == out):
            scores[place] = aligner.scores(queries[place][0])
    return figures(scores, [places for _, places in queries])


def within(shared: Path) -> dict[str, Any]:
    """Measure ESCO occupations against O*NET, both English."""
    targets = items(shared / "crosswalks/onet_occupations.csv")
    source = shared / "crosswalks/esco_onet_dev.csv"
    queries = asked(items(source), pairs(source, ["uri"], "onet_code"), targets)
    right = [places for _, places in queries]
    aligner = Aligner().fit(targets)
    aligner.scores(queries[0][0])
    began = time.process_time()
    for item, _ in queries:
        aligner.scores(item)
    spent = (time.process_time() - began) * 1000 / len(queries)
    ready = Targets(targets, "soc")
    marked = mark(queries, ready, Chinese({}, {}))
    bare = mark([(replace(i, alternates=(), description=""), p) for i, p in queries], ready, Chinese({}, {}))
    whole, title = held_out(marked, PULL_WITHIN), held_out(bare, PULL_WITHIN)
    return {
        "plain TF-IDF of words": plain(queries, targets, whole_text),
        "engine, held out": figures(whole, right),
        "engine, held out: certainty": certainty(whole, right),
        "engine on the title alone, held out": figures(title, right),
        "engine on the title alone, held out: certainty": certainty(title, right),
        "engine with four fifths confirmed": learned(queries, targets),
        "ms_per_query": round(spent, 1),
    }


def across(shared: Path) -> dict[str, Any]:
    """Measure Chinese occupations and abilities against ESCO, with all means and with fewer."""
    occupations = items(shared / "esco/esco_occupations.csv")
    skills = items(shared / "esco/esco_skills.csv")
    named = items(shared / "china/occupations_2022.csv")
    right_named = pairs(shared / "crosswalks/zh_occupations_esco_dev.csv", ["zh_code"], "esco_occupation_id")
    right_able = pairs(
        shared / "crosswalks/zh_abilities_esco_skills_dev.csv", ["major_code", "ability_index"], "esco_skill_id"
    )
    jobs = asked(named, right_named, occupations)
    able = asked(abilities(shared / "china/ve_major_profiles.jsonl"), right_able, skills)
    ready_jobs, ready_able = Targets(occupations, "isco08"), Targets(skills, "")
    titles = {item.label.replace(" ", "") for item in named}
    fewer = {term: said for term, said in glossary().items() if term not in titles}
    means = {
        "glossary and dictionary": Chinese(),
        "glossary without whole occupation names, and dictionary": Chinese(fewer, dictionary()),
        "dictionary alone": Chinese({}, dictionary()),
        "glossary alone": Chinese(glossary(), {}),
    }
    found: dict[str, Any] = {}
    for name, chinese in means.items():
        marked = mark(jobs, ready_jobs, chinese)
        began = time.process_time()
        marked += mark(able, ready_able, chinese)
        found.setdefault("abilities: ms_per_query", round((time.process_time() - began) * 1000 / len(able), 1))
        scores = held_out(marked, PULL_ACROSS)
        right = [places for _, places in (*jobs, *able)]
        found.setdefault("occupations and abilities: certainty", certainty(scores, right))
        found[f"occupations: {name}"] = figures(scores[: len(jobs)], right[: len(jobs)])
        found[f"abilities: {name}"] = figures(scores[len(jobs) :], right[len(jobs) :])
    only = means["dictionary alone"]
    found["occupations: plain TF-IDF of words after the dictionary alone"] = plain(
        jobs, occupations, lambda item: f"{only.gist(item.label)} {whole_text(item)}"
    )
    return found


def measure(shared: Path | None = None) -> dict[str, Any]:
    """Return top1, top5 and mrr by method; empty where the reference data are not there."""
    place = shared or SHARED
    if not (place / "crosswalks").is_dir():
        return {}
    return {"ESCO to O*NET": within(place), "Chinese to ESCO": across(place)}


if __name__ == "__main__":
    for task, by_method in measure().items():
        print(task)
        for method, value in by_method.items():
            print(f"  {method:75} {value}")
