"""A register at a nation's size: 11,200 organisations, 1,000,000 enrolments. Made once per data folder, by plain bulk
inserts, since how it got in is not what the benches measure.

Whoever changes the tables or this file gets a new one: `mark` names what it was made by.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

ORGANISATIONS = 11_200
COHORTS = 20_000
LEARNERS = 1_000_000
AUDITOR = "auditor@bench.example"

# Made-up places and what is taught there, each in English, Chinese and Russian.
SYLLABLES = (
    ("ta", "塔", "та"), ("sha", "沙", "ша"), ("lin", "林", "лин"), ("ke", "克", "ке"), ("mo", "莫", "мо"),
    ("an", "安", "ан"), ("bei", "贝", "бей"), ("ro", "罗", "ро"), ("na", "纳", "на"), ("du", "杜", "ду"),
    ("xi", "西", "си"), ("ga", "加", "га"), ("pu", "普", "пу"), ("le", "勒", "ле"), ("hai", "海", "хай"),
    ("vo", "沃", "во"), ("zhan", "占", "жан"), ("ti", "蒂", "ти"), ("bu", "布", "бу"), ("er", "尔", "эр"),
)  # fmt: skip
FIELDS = (
    ("Technical", "技术", "технический"), ("Vocational", "职业", "профессиональный"),
    ("Polytechnic", "理工", "политехнический"), ("Transport", "交通", "транспортный"),
    ("Railway", "铁路", "железнодорожный"), ("Energy", "能源", "энергетический"),
    ("Agricultural", "农业", "аграрный"), ("Light Industry", "轻工", "лёгкой промышленности"),
    ("Maritime", "海事", "морской"), ("Information", "信息", "информационный"),
)  # fmt: skip
KINDS = (
    ("College", "学院", "колледж", "college"), ("University", "大学", "университет", "university"),
    ("School", "学校", "училище", "vocational_school"), ("Institute", "研究院", "институт", "college"),
)  # fmt: skip
COUNTRIES = ("CN", "UZ", "KZ", "RU", "ID", "TH", "PK", "KE", "ET", "EG", "LA", "KH")


def mark() -> str:
    """Return eight hex digits of the tables and of what fills them."""
    rooms = Path(__file__).resolve().parents[1] / "src" / "sunmao"
    found = hashlib.sha256()
    for path in [Path(__file__), *sorted(rooms.glob("*/migrations/0*.py"))]:
        found.update(path.read_bytes())
    return found.hexdigest()[:8]


def build(organisations: int = ORGANISATIONS, cohorts: int = COHORTS, learners: int = LEARNERS) -> Any:
    """Fill an empty register and return the account of an auditor; a filled one is left as it is."""
    from django.db import connection, transaction

    from sunmao.directory.models import Organisation
    from sunmao.kernel.changes import System
    from sunmao.kernel.text import Texts
    from sunmao.people import actions
    from sunmao.people.models import User

    found = User.objects.filter(email=AUDITOR).first()
    if found:
        return found
    with transaction.atomic():
        dice = random.Random(7)
        _places(dice, organisations)
        _groups(dice, organisations, cohorts)
        _people(dice, organisations, cohorts, learners)
        for slug in ("organisations", "cohorts"):
            _index(slug)
        user = actions.invite(
            AUDITOR, Texts.of("Auditor"), Organisation.objects.get(pk=1), "auditor",
            password="a long enough phrase", by=System("bench"),
        )  # fmt: skip
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("ANALYZE")
        else:
            cursor.execute("VACUUM ANALYZE")
    return user


def _title(**names: str) -> str:
    return json.dumps({code: {"text": text, "state": "accepted"} for code, text in names.items()}, ensure_ascii=False)


def _places(dice: random.Random, count: int) -> None:
    from sunmao.directory.models import Organisation

    def rows() -> Iterator[tuple[Any, ...]]:
        for number in range(1, count + 1):
            land, field, kind = dice.choice(COUNTRIES), dice.choice(FIELDS), dice.choice(KINDS)
            en, zh, ru = (
                "".join(part) for part in zip(*dice.choices(SYLLABLES, k=dice.choice((2, 3, 3))), strict=True)
            )
            names = {"en": f"{en.capitalize()} {field[0]} {kind[0]}"}
            if land == "CN" or number % 4 == 0:
                names["zh"] = f"{zh}{field[1]}{kind[1]}"
            if land in ("UZ", "KZ", "RU"):
                names["ru"] = f"{ru.capitalize()} {field[2]} {kind[2]}"
            yield f"ORG-{number:05d}", _title(**names), kind[3], land, en.capitalize(), names["en"].casefold()

    _fill(Organisation(), ("code", "title", "kind", "country", "city", "sort"), rows())


def _groups(dice: random.Random, places: int, count: int) -> None:
    from sunmao.cohorts.models import Cohort
    from sunmao.kernel.text import Texts
    from sunmao.standards.models import Programme, ProgrammeVersion

    programme = Programme(title=Texts.of("Telecommunication"), owner_id=1)
    programme.prepare()
    _fill(programme, ("code",), [("PR-00001",)])
    version = ProgrammeVersion(programme_id=1, label="2026", state="published")
    _fill(version, ("code",), [("PV-00001",)])

    def rows() -> Iterator[tuple[Any, ...]]:
        for number in range(1, count + 1):
            title, day = f"Cohort {number:05d}", date(2020, 9, 1) + timedelta(days=dice.randrange(2000))
            place, land = dice.randint(1, places), dice.choice(COUNTRIES)
            yield f"CO-{number:05d}", _title(en=title), place, land, day.isoformat(), title.casefold()

    _fill(Cohort(version_id=1), ("code", "title", "institution_id", "country", "starts_on", "sort"), rows())


def _people(dice: random.Random, places: int, groups: int, count: int) -> None:
    """Learners and, for each, one enrolment."""
    from sunmao.cohorts.models import Enrolment, Learner

    learners = (
        (_title(en=f"Learner {n:07d}"), int(dice.random() * places) + 1, f"S{n:07d}", 1990 + n % 18)
        for n in range(count)
    )
    _fill(Learner(), ("name", "institution_id", "number", "birth_year"), learners)
    states = ("enrolled", "completed", "withdrawn", "failed")

    def rows() -> Iterator[tuple[Any, ...]]:
        for number in range(1, count + 1):
            state = states[int(dice.random() * 4)]
            yield int(dice.random() * groups) + 1, number, state, "2026-06-30" if state == "completed" else None

    sample = Enrolment(enrolled_on=date(2024, 9, 1))
    _fill(sample, ("cohort_id", "learner_id", "state", "completed_on"), rows())


def _fill(sample: Any, names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows with ids from 1 on: the columns `names` (by attribute) as the database stores them, the others as in
    `sample`, each with an identifier of its own."""
    from django.core.management.color import no_style
    from django.db import connection

    from sunmao.kernel import clock

    sample.created_at = sample.updated_at = clock.now()
    sample.revision = 1
    own = {"id", "uid", *names}
    rest = [field for field in sample._meta.concrete_fields if field.attname not in own]
    fixed = tuple(field.get_db_prep_save(getattr(sample, field.attname), connection) for field in rest)
    columns = ["id", "uid", *(sample._meta.get_field(name.removesuffix("_id")).column for name in names)]
    columns += [field.column for field in rest]
    table, listed = sample._meta.db_table, ", ".join(f'"{column}"' for column in columns)
    first = int(hashlib.sha256(table.encode()).hexdigest()[:6], 16) << 24
    whole = ((number, f"{first + number:012x}70008000000000000000", *row, *fixed) for number, row in enumerate(rows, 1))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', whole)
        else:
            with cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN') as copy:
                for row in whole:
                    copy.write_row(row)
            for reset in connection.ops.sequence_reset_sql(no_style(), [type(sample)]):
                cursor.execute(reset)
    print(f"{table} ", end="", flush=True, file=sys.stderr)


def _index(slug: str) -> None:
    """Put a desk's records into the search index."""
    from sunmao.kernel import search
    from sunmao.kernel.desk import registry

    desk = registry.by_slug[slug]
    rows = desk.all().order_by("id").iterator(2000)
    while chunk := list(islice(rows, 2000)):
        search.put(desk, desk.indexed(chunk))
        print(".", end="", flush=True, file=sys.stderr)
