"""The cast at their browsers, and the story as it is told: `SUNMAO_TOUR=docs` writes docs/tour.md and its pictures."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from driver import PASSWORD, Someone

from sunmao.directory.models import Organisation
from sunmao.kernel.changes import System
from sunmao.kernel.text import Texts
from sunmao.people import actions as people

INTRODUCTION = """# Tour: from a signed agreement to a recognised skill
The agreement to build a Sino-Uzbek telecommunication college was reported by China Daily: the Chongqing Vocational
Institute of Engineering, ZTE and Tashkent State Transport University. What follows here is made up: the people, the
dates, the clauses, the learners and the decisions. Every step was done in a browser by the people named, beginning with
an empty register; what only repeats a step, as the other eleven learners do, was sent through the REST interface by the
same person. The pictures were taken on the way.

"""


class Tour:
    """The cast at their browsers, and the story as it is told."""

    def __init__(self, browser: Any, base: str) -> None:
        self.browser, self.base = browser, base
        self.cast: dict[str, Someone] = {}
        self.target = Path(os.environ["SUNMAO_TOUR"]) if os.environ.get("SUNMAO_TOUR") else None
        self.told: list[str] = []
        self.shown: set[str] = set()
        if self.target:
            (self.target / "tour").mkdir(parents=True, exist_ok=True)

    def enter(self, who: str, name: str, role: str, place: str) -> Someone:
        """Open an account as `sunmao person` does on the server, and sign in by the page."""
        by = System("command line")
        organisation = Organisation.objects.filter(code=place).first() or _office(place)
        user = people.invite(f"{who}@example.org", Texts.of(name), organisation, role, password=PASSWORD, by=by)
        secret = people.second_factor(user, by=by)
        self.cast[who] = Someone(self.browser, self.base).sign_in(user.email, secret)
        self.cast[who].shown = self.shown
        return self.cast[who]

    def tell(self, heading: str, text: str, someone: Someone | None = None, picture: str = "") -> None:
        self.told.append(f"## {heading}\n{text}\n")
        if someone and picture and self.target:
            someone.picture(self.target / "tour" / f"{picture}.jpg")
            self.told.append(f"![{heading}](tour/{picture}.jpg)\n")

    def finish(self) -> None:
        if self.target:
            (self.target / "tour.md").write_text(INTRODUCTION + "\n".join(self.told), encoding="utf-8")
        for someone in self.cast.values():
            someone.close()


def _office(name: str) -> Organisation:
    from sunmao.directory import actions

    return actions.keep(Organisation(title=Texts.of(name), kind="association"), by=System("command line"))
