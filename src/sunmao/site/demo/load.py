"""Loads the demonstration register: the real field as facts with their sources, then made-up people, marked so.

Each step writes through the rooms' own doors and is checked by their rules. A step may rest on those before it;
another step is added to STEPS.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import translation

from sunmao.kernel import changes
from sunmao.site import signins
from sunmao.site.demo import building, cast, field, numbers, register, story
from sunmao.site.demo.world import World

Step = tuple[str, Callable[[World], None]]

STEPS: tuple[Step, ...] = (
    ("Countries' blocs", register.blocs),
    ("Documents", register.documents),
    ("Organisations", register.organisations),
    ("Contexts of cooperation", register.contexts),
    ("Events", field.events),
    ("Statements", field.statements),
    ("Consensus texts", field.consensus),
    ("Alliances", field.alliances),
    ("Agreements", field.agreements),
    ("Workshops", building.workshops),
    ("Questions", numbers.questions),
    ("Reported figures", numbers.reports),
    ("People of the demonstration", cast.cast),
    ("The story of a college", story.story),
)


def load(progress: Callable[..., Any]) -> World | None:
    """Load it wholly or not at all; return what was made, None where the register holds something already.

    `progress(says, done, of)` is told of each step. The sign-ins are kept only when everything stands.
    """
    from sunmao.sources.models import Document

    if Document.objects.exists():
        return None
    world = World()
    with changes.together(), translation.override("en"):
        for done, (says, step) in enumerate(STEPS):
            progress(says, done, len(STEPS))
            step(world)
    signins.keep(world.sign_ins)
    return world
