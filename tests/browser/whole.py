"""All pages, each looked at as far as nothing like it was looked at before (shapes.py)."""

from __future__ import annotations

import time

from looker import Answer, Case, Looker
from shapes import Parts


class Whole:
    """What was asked, opened and held under all rules so far, and what was wrong. A fault is told at once."""

    def __init__(self, looker: Looker) -> None:
        self.looker, self.begun = looker, time.monotonic()
        self.bytes: set[tuple[str, str, bytes]] = set()
        self.shapes: set[tuple[str, str, bytes]] = set()
        self.asked = self.opened = self.ruled = 0
        self.faults: list[str] = []

    def __str__(self) -> str:
        return (
            f"{self.asked} pages asked for, {self.opened} of them unlike any before and opened in both widths, "
            f"{self.ruled} of a new shape and under all rules of axe in both themes and widths"
        )

    def take(self, case: Case, answer: Answer) -> None:
        """Look at a page if its main part or its frame is new in this language."""
        self.asked += 1
        if self.asked % 1000 == 0:
            print(f"{time.monotonic() - self.begun:.0f} s: {self}, {len(self.faults)} faults", flush=True)
        if answer.status >= 500:
            self._tell(case, [f"answered {answer.status}"])
        parts = Parts(answer.body)
        new = {(case.language, "main", parts.main), (case.language, "frame", parts.frame)} - self.bytes
        if not new:
            return
        self.bytes |= new
        self.opened += 1
        self.looker.open(case.page.url, answer)
        self._tell(case, [*parts.faults(), *self._looked(case.language, parts), *self.looker.heard])

    def _looked(self, language: str, parts: Parts) -> list[str]:
        main, frame = parts.shapes()
        new = {(language, "main", main), (language, "frame", frame)} - self.shapes
        if not new:
            return list(self.looker.measured())
        self.shapes |= new
        self.ruled += 1
        return list(self.looker.under_all_rules())

    def _tell(self, case: Case, found: list[str]) -> None:
        for fault in found:
            self.faults.append(f"{case}: {fault}")
            print(self.faults[-1], flush=True)
