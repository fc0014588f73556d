"""Qualification frameworks that the register brings along, as facts with their act. National ones are added on pages."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When
from sunmao.sources.models import Document, Kind, Reliability
from sunmao.standards.frameworks import Framework, Level


def load_eqf(*, by: Any) -> Framework:
    """Bring in the European Qualifications Framework with its eight levels (Council Recommendation 2017/C 189/03,
    Annex II; descriptors in our own words). What is there already stays as it is."""
    held = tomllib.loads(files("sunmao.standards").joinpath("eqf.toml").read_text(encoding="utf-8"))
    title, act = Texts.of(held["framework"]), held["act"]
    there = next((one for one in Framework.objects.filter(country="") if one.title.get("en") == title["en"]), None)
    if there is not None:
        return there
    with changes.together():
        document = Document.objects.filter(address=act["address"]).first() or changes.save(
            Document(
                title=Texts.of(act["title"]), outlet=act["outlet"], published=When.read(act["published"]), language="en",
                address=act["address"], kind=Kind.OFFICIAL, reliability=Reliability.OFFICIAL,
            ),
            by=by,
        )  # fmt: skip
        made = changes.save(Framework(title=title, document=document), by=by)
        for row in held["level"]:
            step = row.pop("step")
            name = Texts.of(en=f"Level {step}", zh=f"{step} 级", ru=f"Уровень {step}")
            changes.save(Level(framework=made, step=step, title=name, descriptor=Texts.of(row)), by=by)
    return made
