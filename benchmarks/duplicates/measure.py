"""How well possible duplicates are found: precision and recall on 200 hard pairs labelled by hand.

`pairs.csv` names rows of four public files by their own ids (ROR id, Chinese MOE id, row of the Rwandan
school list, row and partner of the list of Luban Workshops). The pairs were chosen as near misses by
several plain measures (shared city, bigrams of the name, edit distance, shared website, equal English
names), then read one by one. Constants were chosen on the rows marked `tune`; no single row of `holdout` was
looked at for that, though what importing the whole files points out was read, and those hold both halves.

A pair counts as pointed out when importing the one file after the other says so, in the order ROR, ministry,
Rwanda, Luban Workshops. The peer is what one would write in an hour: the highest rapidfuzz `token_set_ratio`
between any two names, at the threshold that decides most of the tuning rows rightly.
"""

import csv
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from sunmao.directory.matching import Candidate, Index

HERE = Path(__file__).parent
PAIRS = HERE / "pairs.csv"


def shared_folder() -> Path | None:
    """The folder of reference data: SUNMAO_SHARED, else `shared` beside the project; None where absent."""
    folder = Path(os.environ.get("SUNMAO_SHARED") or HERE.parents[2] / "shared")
    return folder if (folder / "data").is_dir() else None


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def ror_candidates(shared: Path) -> list[Candidate]:
    """The technical institutions of ROR, one candidate per row, keyed `ror:<id>`."""
    return [
        Candidate(
            key=f"ror:{row['ror_id'].rsplit('/', 1)[-1]}",
            names=(row["name"], *filter(None, row["other_names"].split("|"))),
            country=row["country"],
            city=row["city"],
            ids={"ror": row["ror_id"].rsplit("/", 1)[-1]},
            website=row["website"],
            lat=float(row["lat"]) if row["lat"] else None,
            lng=float(row["lng"]) if row["lng"] else None,
        )
        for row in _rows(shared / "data/institutions_ror_technical.csv")
    ]


def moe_candidates(shared: Path) -> list[Candidate]:
    """The institutions of higher education in China by the Ministry of Education, keyed `moe:<id>`."""
    return [
        Candidate(f"moe:{r['moe_id']}", (r["name"],), "CN", r["city"], {"moe": r["moe_id"]})
        for r in _rows(shared / "data/china/heis_2025-06-20.csv")
    ]


def rwanda_candidates(shared: Path) -> list[Candidate]:
    """The technical schools of Rwanda; their numbers are those of the list, not of the schools."""
    return [
        Candidate(f"rwanda:{r['id']}", (r["name"],), "RW", r["district"])
        for r in _rows(shared / "data/institutions_rwanda_tvet.csv")
    ]


def luban_candidates(shared: Path) -> list[Candidate]:
    """Hosts and Chinese partners of Luban Workshops, keyed `luban:<row>/<name>`; no city is told."""
    found = []
    for number, row in enumerate(_rows(shared / "facts/luban_workshops.csv"), 1):
        sides = ((row["host_institution"], row["alpha2"]), (row["chinese_partners"], "CN"))
        for names, country in sides:
            told = filter(None, (part.strip() for part in names.split(";")))
            found.extend(Candidate(f"luban:{number}/{name}", (name,), country) for name in told)
    return found


def exact_chinese_names(ror: Iterable[Candidate], moe: Iterable[Candidate]) -> list[tuple[Candidate, str]]:
    """Chinese rows of ROR that carry the very name of a row of the ministry, and that row's key."""
    by_name = {row.names[0]: row.key for row in moe}
    return [(row, by_name[name]) for row in ror if row.country == "CN" for name in row.names if name in by_name]


def _rates(truth: list[bool], said: list[bool]) -> dict[str, float]:
    right = sum(t and s for t, s in zip(truth, said, strict=True))
    precision = right / sum(said) if any(said) else 0.0
    recall = right / sum(truth)
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    accuracy = sum(t == s for t, s in zip(truth, said, strict=True)) / len(truth)
    rates = {"precision": precision, "recall": recall, "f1": f1, "accuracy": accuracy}
    return {name: round(rate, 3) for name, rate in rates.items()}


def _peer_score(left: Candidate, right: Candidate) -> float:
    return max(fuzz.token_set_ratio(a.casefold(), b.casefold()) for a in left.names for b in right.names)


def measure(shared: Path | None = None) -> dict[str, Any]:
    """Precision, recall and F1 of ours and of the peer on both halves; the exact names found; seconds of work.

    Raises FileNotFoundError where the reference data is absent.
    """
    shared = shared or shared_folder()
    if shared is None:
        raise FileNotFoundError("the reference data (SUNMAO_SHARED) is absent")
    ror, moe = ror_candidates(shared), moe_candidates(shared)
    rwanda, luban = rwanda_candidates(shared), luban_candidates(shared)
    pairs = _rows(PAIRS)
    rows = {row.key: row for row in (*ror, *moe, *rwanda, *luban)}
    files = {"ror": ror, "moe": moe, "rwanda": rwanda, "luban": luban}
    registers = {name: Index(files[name]) for name in ("ror", "moe", "rwanda")}
    imports = {_in_order(pair["left_source"], pair["right_source"]) for pair in pairs} | {("ror", "moe")}
    started = time.process_time()
    pointed = Index(ror).match_file(moe)
    seconds = time.process_time() - started
    said = {
        (first, second): registers[first].match_file(files[second])
        for first, second in imports if (first, second) != ("ror", "moe")
    } | {("ror", "moe"): pointed}  # fmt: skip
    truth = [pair["same"] == "yes" for pair in pairs]
    ours, peer = [], []
    for pair in pairs:
        left = rows[f"{pair['left_source']}:{pair['left_id']}"]
        right = rows[f"{pair['right_source']}:{pair['right_id']}"]
        first, second = _in_order(pair["left_source"], pair["right_source"])
        held, row = (left, right) if pair["left_source"] == first else (right, left)
        ours.append(held.key in {match.key for match in said[first, second][row.key]})
        peer.append(_peer_score(left, right))
    tune = [pair["part"] == "tune" for pair in pairs]
    threshold = max(
        sorted(set(peer)),
        key=lambda t: _rates(*_part(truth, [score >= t for score in peer], tune, True))["accuracy"],
    )
    result: dict[str, Any] = {"pairs": len(pairs), "peer_threshold": threshold}
    for name, wanted in (("tune", True), ("holdout", False)):
        result[name] = {
            "ours": _rates(*_part(truth, ours, tune, wanted)),
            "peer": _rates(*_part(truth, [score >= threshold for score in peer], tune, wanted)),
        }
    result["both"] = {"ours": _rates(truth, ours), "peer": _rates(truth, [s >= threshold for s in peer])}

    result["seconds"] = round(seconds, 2)
    exact = exact_chinese_names(ror, moe)
    result["exact_names"] = len(exact)
    result["exact_names_found"] = sum(row.key in {match.key for match in pointed[key]} for row, key in exact)
    return result


def _in_order(*sources: str) -> tuple[str, str]:
    """Two sources in the order they are imported."""
    first, second = sorted(sources, key=("ror", "moe", "rwanda", "luban").index)
    return first, second


def _part(truth: list[bool], said: list[bool], tune: list[bool], wanted: bool) -> tuple[list[bool], list[bool]]:
    chosen = [place for place, is_tune in enumerate(tune) if is_tune == wanted]
    return [truth[place] for place in chosen], [said[place] for place in chosen]


if __name__ == "__main__":
    for key, value in measure().items():
        sys.stdout.write(f"{key}: {value}\n")
