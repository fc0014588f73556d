"""A register at a nation's size: 11,200 organisations, 1,000,000 enrolments. Made once per data folder, by plain bulk
inserts, since how it got in is not what the benches measure."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

ORGANISATIONS = 11_200
COHORTS = 20_000
LEARNERS = 1_000_000
COUNTRIES = ("CN", "UZ", "KZ", "RU", "ID", "TH", "PK", "KE", "ET", "EG", "LA", "KH")
WORDS = (
    "Technical",
    "Vocational",
    "Polytechnic",
    "Transport",
    "Railway",
    "Energy",
    "Agricultural",
    "Light Industry",
    "Maritime",
)


def build(organisations: int = ORGANISATIONS, cohorts: int = COHORTS, learners: int = LEARNERS) -> Any:
    """Fill an empty register and return the account of an auditor; a filled one is left as it is."""
    from django.db import transaction

    from sunmao.kernel.changes import System
    from sunmao.kernel.text import Texts
    from sunmao.people import actions
    from sunmao.people.models import User

    found = User.objects.filter(email="auditor@bench.example").first()
    if found:
        return found
    dice = random.Random(7)
    with transaction.atomic():
        places = _insert(_organisations(dice, organisations))
        version = _version(places[0])
        groups = _insert(_cohorts(dice, places, version, cohorts))
        people = _insert(_learners(dice, places, learners), keep=True)
        _insert(_enrolments(dice, groups, people), keep=False)
        return actions.invite(
            "auditor@bench.example",
            Texts.of("Auditor"),
            places[0],
            "auditor",
            password="a long enough phrase",
            by=System("bench"),
        )


def _insert(rows: Iterator[Any], keep: bool = True, size: int = 20_000) -> list[Any]:
    """Insert rows in chunks; with `keep` return one light stand-in per row that carries its id."""
    from django.db import models

    from sunmao.kernel import clock

    out: list[Any] = []
    chunk: list[Any] = []
    now = clock.now()

    def flush() -> None:
        if chunk:
            made = models.QuerySet(type(chunk[0])).bulk_create(chunk, batch_size=900)
            if keep:
                out.extend(made if len(chunk) < size else [_light(row) for row in made])
            chunk.clear()

    for row in rows:
        row.created_at = row.updated_at = now
        row.revision = 1
        row.prepare()
        chunk.append(row)
        if len(chunk) == size:
            flush()
            print(".", end="", flush=True, file=sys.stderr)
    flush()
    return out


def _light(row: Any) -> int:
    return int(row.pk)


def _organisations(dice: random.Random, count: int) -> Iterator[Any]:
    from sunmao.directory.models import Organisation
    from sunmao.kernel.text import Texts

    for number in range(count):
        name = f"{dice.choice(WORDS)} {dice.choice(('College', 'Institute', 'University'))} {number:05d}"
        yield Organisation(
            code=f"ORG-{number + 1:05d}", title=Texts.of({"en": name, "zh": f"第{number}职业技术学院"}),
            kind=dice.choice(("college", "university", "vocational_school")), country=dice.choice(COUNTRIES), city=dice.choice(WORDS),
        )  # fmt: skip


def _version(owner: Any) -> Any:
    from sunmao.kernel.text import Texts
    from sunmao.standards.models import Programme, ProgrammeVersion

    programme = _insert(iter([Programme(code="PR-00001", title=Texts.of("Telecommunication"), owner=owner)]))[0]
    return _insert(iter([ProgrammeVersion(code="PV-00001", programme=programme, label="2026", state="published")]))[0]


def _cohorts(dice: random.Random, places: list[Any], version: Any, count: int) -> Iterator[Any]:
    from sunmao.cohorts.models import Cohort
    from sunmao.kernel.text import Texts

    for number in range(count):
        place = dice.choice(places)
        yield Cohort(
            code=f"CO-{number + 1:05d}", title=Texts.of(f"Cohort {number:05d}"), institution=place, version=version,
            country=place.country, starts_on=date(2020, 9, 1) + timedelta(days=dice.randrange(2000)),
        )  # fmt: skip


def _learners(dice: random.Random, places: list[Any], count: int) -> Iterator[Any]:
    from sunmao.cohorts.models import Learner
    from sunmao.kernel.text import Texts

    for number in range(count):
        yield Learner(
            name=Texts.of(f"Learner {number:07d}"), institution_id=places[dice.randrange(len(places))].pk,
            number=f"S{number:07d}", birth_year=1990 + number % 18,
        )  # fmt: skip


def _enrolments(dice: random.Random, groups: list[Any], people: list[Any]) -> Iterator[Any]:
    from sunmao.cohorts.models import Enrolment

    states = ("enrolled", "completed", "withdrawn", "failed")
    for learner in people:
        state = states[dice.randrange(4)]
        group = groups[dice.randrange(len(groups))]
        yield Enrolment(
            cohort_id=group if isinstance(group, int) else group.pk, learner_id=learner if isinstance(learner, int) else learner.pk,
            state=state, enrolled_on=date(2024, 9, 1), completed_on=date(2026, 6, 30) if state == "completed" else None,
        )  # fmt: skip
