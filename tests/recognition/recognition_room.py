"""A lawful small register for the tests of the room: two countries, two programmes of three outcomes, their authorities.

Made through the rooms' own deeds, by the people who may do them.
"""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from cast import TESTS, organisation, user

from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.recognition import actions
from sunmao.recognition.models import (
    Accreditation,
    Applicant,
    Case,
    Competence,
    HomeRight,
    Instrument,
    Qualification,
)
from sunmao.sources.models import Document
from sunmao.standards import actions as standards
from sunmao.standards.models import Crosswalk, Framework, Level, Outcome, Programme, ProgrammeVersion, Referencing, Unit

DAY = timedelta(days=1)


def kept(record, by=TESTS):
    return changes.save(record, by=by)


def version(title, owner, authority, level, by, *, outcomes=3, critical=(1,), credits=120):
    programme = kept(
        Programme(title=Texts.of(title), owner=owner, authority=authority, country=owner.country, field="0714")
    )
    made = kept(ProgrammeVersion(programme=programme, label="1", level=level, credits=credits))
    unit = kept(Unit(version=made, number=1, title=Texts.of("Networks"), credits=credits))
    for n in range(1, outcomes + 1):
        kept(
            Outcome(
                version=made, unit=unit, number=str(n), title=Texts.of(f"{title} {n}"), critical=n in critical,
            )
        )  # fmt: skip
    return standards.publish(made, by=by)


def levels():
    """Two national levels, both referenced to level 5 of a common framework."""
    common = kept(Framework(title=Texts.of("Common framework")))
    five = kept(Level(framework=common, step=5, title=Texts.of("Level 5")))
    found = []
    for country in ("CN", "UZ"):
        frame = kept(Framework(title=Texts.of(f"Framework of {country}"), country=country))
        level = kept(Level(framework=frame, step=6, title=Texts.of("Level 6")))
        kept(Referencing(source=level, target=five, from_on=clock.today() - 400 * DAY))
        found.append(level)
    return found


def room(*, rows=3):
    """Return the register: people, organisations, programmes, a confirmed crosswalk, no instrument yet."""
    cn_ministry = organisation("Home ministry", kind="authority", country="CN")
    uz_ministry = organisation("Host ministry", kind="authority", country="UZ")
    college = organisation("Home college", country="CN")
    university = organisation("Host university", kind="university", country="UZ")
    r = SimpleNamespace(
        cn_ministry=cn_ministry, uz_ministry=uz_ministry, college=college, university=university,
        keeper=user("Lin", ("secretariat", cn_ministry)),
        home=user("Wang", ("authority", cn_ministry)),
        first=user("Aziza", ("authority", uz_ministry)),
        second=user("Bobur", ("authority", uz_ministry)),
        stranger=user("Sam", ("officer", college)),
    )  # fmt: skip
    home_level, host_level = levels()
    r.taught = version("Home skill", college, cn_ministry, home_level, r.home)
    r.target = version("Host skill", university, uz_ministry, host_level, r.first)
    r.act = kept(Document(title=Texts.of("The act")))
    kept(Competence(authority=uz_ministry, country="UZ"))
    kept(Competence(authority=cn_ministry, country="CN"))
    kept(Accreditation(institution=college))
    for purpose in ("study", "work"):
        kept(HomeRight(programme=r.taught, purpose=purpose))
    r.crosswalk = kept(Crosswalk(source=r.taught, target=r.target))
    r.rows = [confirmed(r, n) for n in range(1, rows + 1)]
    return r


def confirmed(r, number, relation="exact"):
    source = r.taught.outcomes.get(number=str(number))
    target = r.target.outcomes.get(number=str(number))
    row = standards.propose(r.crosswalk, source, target, relation, by=TESTS)
    standards.confirm(row, by=r.home)
    return standards.confirm(row, by=r.first)


def instrument(r, **fields):
    """A published instrument from CN to UZ, a ministry act unless said otherwise."""
    given = {
        "title": Texts.of("Act on recognition"), "basis": "ministry", "authority": r.uz_ministry, "document": r.act,
        "home": "CN", "host": "UZ", "purposes": "study,work", "valid_from": clock.today() - 100 * DAY,
    }  # fmt: skip
    return actions.publish(kept(Instrument(**{**given, **fields})), by=r.first)


def case(r, taught_in="", **fields):
    """A case whose intake is complete, with one paper diploma of the home programme that its issuer confirmed."""
    given = {"authority": r.uz_ministry, "target": r.target, "purpose": "study", "applied_on": clock.today()}
    made = actions.open_case(Case(**{**given, **fields}), by=r.first)
    kept(Applicant(case=made, name=Texts.of({"zh": "张三", "en": "Zhang San"}), variants="Chzhan San", birth_year=2001))
    diploma = actions.lay(
        Qualification(
            case=made, programme=r.taught, issuer=r.college, number="CN-1234", awarded_on=clock.today() - 30 * DAY,
            delivered_in=taught_in,
        ),
        by=r.first,
    )  # fmt: skip
    actions.query_issuer(made, qualification=diploma, by=r.first)
    actions.record_answer(made, qualification=diploma, authenticity="confirmed", by=r.first)
    return actions.complete_intake(made, by=r.first)


def decided(r, made, result=None, reasons=""):
    """A decision that two persons of the authority made on the case's indication, notified today."""
    found = actions.indicate(made, by=r.first)
    actions.propose(found, result=result or found.indicated, reasons=reasons, by=r.first)
    actions.confirm(found, by=r.second)
    return actions.notify(found, by=r.first)
