"""A file with one credential a line, as `sunmao issue` writes it: judged line by line, however long it is."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sunmao.vc.checks import Asked
from sunmao.vc.contexts import default_contexts
from sunmao.vc.known import Known
from sunmao.vc.report import Check, Report, State, Verdict, worst
from sunmao.vc.strict_json import MAX_BYTES
from sunmao.vc.trust import Trust

SHOWN = 100  # lines that are not in force and are told one by one


def judge_lines(path: Path, *, trust: Trust | None, now: datetime, name: str) -> Report:
    """Return the report on all lines: the worst verdict, how many have which, and the first of those not in force."""
    known = Known(Asked(trust or Trust(), now, default_contexts()))
    counts: Counter[Verdict] = Counter()
    parts: list[Report] = []
    test = False
    for number, line in _lines(path):
        report = known.verify(line)
        counts[report.verdict] += 1
        test = test or report.test
        if report.verdict is not Verdict.IN_FORCE and len(parts) < SHOWN:
            parts.append(_named(report, f"line {number}"))
    verdicts = {str(verdict): count for verdict, count in sorted(counts.items())}
    found = Check("format", State.GOOD, "format_many", {"count": sum(counts.values()), "verdicts": verdicts})
    age = known.asked.trust.age_days(now)
    return Report(worst(counts), (found,), "jsonl", name, test=test, trust_age_days=age, parts=tuple(parts))


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield each line that is not blank with its number; one too long comes cut and is refused for its length."""
    with path.open("rb") as held:
        number = 0
        while line := held.readline(MAX_BYTES + 2):
            number += 1
            whole = line.endswith(b"\n")
            if line.strip():
                yield number, line.rstrip(b"\r\n")
            while not whole and (rest := held.readline(MAX_BYTES)):
                whole = rest.endswith(b"\n")


def _named(report: Report, name: str) -> Report:
    return Report(
        report.verdict, report.checks, report.format, name, report.document, report.issuer_id, report.issuer_names,
        report.test, report.trust_age_days, report.parts,
    )  # fmt: skip
