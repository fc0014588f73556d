"""All pages: each read, each that differs from all before measured, each with a situation that is new (situations.py)
held under all rules of axe."""

from __future__ import annotations

import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

from looker import DRESSES, WIDTHS, Answer, Case, Looker
from situations import Page

BODY = re.compile(rb"<body[^>]*>(.*)</body>", re.DOTALL)
SHEET = re.compile(rb'href="(/static/[^"]*\.css)"')
MEASURING = (Path(__file__).parent / "measuring.js").read_text()
AT_ONCE = 40


class Whole:
    """What was asked, measured and held under all rules so far, and what was wrong. A fault is told at once."""

    def __init__(self, looker: Looker, dresses: Any = DRESSES) -> None:
        self.dresses, self.looker, self.begun = dresses, looker, time.monotonic()
        self.read: set[tuple[str, bytes, bytes]] = set()
        self.parts: set[tuple[str, bytes]] = set()
        self.met: set[str] = set()
        self.waiting: list[tuple[Case, Answer]] = []
        self.counted: Counter[str] = Counter()
        self.answered: Counter[int] = Counter()
        self.faults: list[str] = []
        self.known = frozenset(looker.known())
        self.rooms: list[Any] = []

    def __str__(self) -> str:
        n = self.counted
        return (
            f"{n['asked']} pages asked for ({_each(self.answered)}), {n['files']} of them files; {n['read']} unlike any "
            f"before, all read; {n['measured']} with another main part or frame, all measured in both widths; "
            f"{len(self.met)} situations, met on {n['ruled']} pages which were "
            f"held under all rules in both themes and widths, all of it unfolded; {len(self.faults)} faults"
        )

    def take(self, case: Case, answer: Answer) -> None:
        self.counted["asked"] += 1
        self.answered[answer.status] += 1
        if self.counted["asked"] % 1000 == 0:
            print(f"{time.monotonic() - self.begun:.0f} s: {self}", flush=True)
        if answer.status >= 500 and not case.page.breaks:
            self._tell(case, [f"answered {answer.status}"])
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            self.counted["files"] += 1
            self._tell(case, ["refused without a page"] if answer.status >= 400 else [])
            return
        page = Page(answer.body)
        if (case.language, page.main, page.frame) in self.read:
            return
        self.read.add((case.language, page.main, page.frame))
        self.counted["read"] += 1
        self._tell(case, list(page.faults(case.language, self.known)))
        parts = {(case.language, page.main), (case.language, page.frame)} - self.parts
        if not parts:
            return
        self.parts |= parts
        self.waiting.append((case, answer))
        if len(self.waiting) == AT_ONCE:
            self.measure()
        new = page.situations() - self.met
        if new:
            self.met |= new
            self.counted["ruled"] += 1
            self.looker.open(case.page.url, answer)
            self._tell(case, [*self.looker.under_rules(self.dresses), *self.looker.heard])

    def measure(self) -> None:
        """Measure what waits."""
        self.rooms = self.rooms or [self.looker.room(width, SHEET.search(self.waiting[0][1].body)) for width in WIDTHS]
        bodies = [(case.language, BODY.search(answer.body)[1].decode()) for case, answer in self.waiting]  # type: ignore[index]
        for width, room in zip(WIDTHS, self.rooms, strict=True):
            for (case, _answer), found in zip(self.waiting, room.evaluate(MEASURING, bodies), strict=True):
                self._tell(case, [f"{width}: {fault}" for fault in found])
        self.counted["measured"] += len(self.waiting)
        self.waiting.clear()

    def _tell(self, case: Case, found: list[str]) -> None:
        for fault in found:
            self.faults.append(f"{case}: {fault}")
            print(self.faults[-1], flush=True)


def _each(counted: Counter[int]) -> str:
    return ", ".join(f"{status}: {count}" for status, count in sorted(counted.items()))
