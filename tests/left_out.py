"""Says at the end of a run what was left out and why, and the volumes of the trials.

Where SUNMAO_TESTS_COMPLETE is set, a left-out test fails the run, except those that need the reference data
where that is absent. Notes of an earlier run on another database are kept in the file SUNMAO_TESTS_NOTES.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from surroundings import SHARED

WITHOUT_REFERENCE_DATA = "reference data"  # in the reason of every test that needs ../shared


class LeftOut:
    """Gathers skipped tests by reason and the volumes of trials, on the process that prints."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.reasons: Counter[str] = Counter()
        self.volumes: list[str] = []
        self.earlier: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.reasons[_reason(report)] += 1
        if report.when == "call":
            self.volumes += [str(value) for name, value in report.user_properties if name == "volume"]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.reasons[_reason(report)] += 1

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.exitstatus == pytest.ExitCode.OK and self.refused():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def refused(self) -> Counter[str]:
        """Return the reasons that fail the run, with how many tests each left out."""
        if not os.environ.get("SUNMAO_TESTS_COMPLETE"):
            return Counter()
        excused = () if SHARED.is_dir() else (WITHOUT_REFERENCE_DATA,)
        found = {why: count for why, count in self.reasons.items() if not any(word in why for word in excused)}
        return Counter(found)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        notes = Path(os.environ["SUNMAO_TESTS_NOTES"]) if os.environ.get("SUNMAO_TESTS_NOTES") else None
        refused = self.refused()
        if notes and not self.config.getoption("last_run"):
            with notes.open("a") as out:
                out.writelines(f"left out\t{count}\t{why}\n" for why, count in self.reasons.items())
        elif notes and notes.exists():
            self._read(notes)
        write = terminalreporter.write_line
        for line in [*self.earlier, *self.volumes]:
            write(line)
        if self.config.getoption("last_run") and not os.environ.get("SUNMAO_TEST_DATABASE_URL"):
            write("left out: the run on PostgreSQL, because SUNMAO_TEST_DATABASE_URL is not set")
        for why, count in sorted(self.reasons.items()):
            write(f"left out: {count}, because {why}" + (" (not allowed here)" if why in refused else ""))

    def _read(self, notes: Path) -> None:
        for line in notes.read_text().splitlines():
            kind, _tab, rest = line.partition("\t")
            if kind == "ran":
                self.earlier.append(rest)
            else:
                count, _tab, why = rest.partition("\t")
                self.reasons[why] += int(count)


def _reason(report: Any) -> str:
    longrepr = report.longrepr
    text = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
    return text.removeprefix("Skipped: ").strip()
