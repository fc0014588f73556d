"""A small lawful world between China and Uzbekistan, to which a test adds only what its rule is about."""

from dataclasses import replace
from datetime import UTC, date, datetime

from sunmao.recognition.decide import decide
from sunmao.recognition.evidence import Application, Credential, Evidence
from sunmao.recognition.facts import (
    Accreditation,
    Competence,
    CrosswalkRow,
    HomeRight,
    Instrument,
    ProgrammeVersion,
    Referencing,
)
from sunmao.recognition.terms import Basis, Level, Outcome, Purpose, Relation
from sunmao.recognition.tree import AllOf, Need
from sunmao.recognition.world import World

TODAY = date(2026, 5, 1)
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOME, HOST = "CN", "UZ"
ALL_PURPOSES = frozenset(Purpose)


def target_keys(count):
    return [f"T{i:02}" for i in range(1, count + 1)]


def programme(count=40, critical=(), requirement=None, **fields):
    """A target in the host country that asks all of `count` outcomes."""
    keys = target_keys(count)
    given = {
        "key": "target",
        "country": HOST,
        "field": "0715",
        "level": Level("UZ-NQF", 5),
        "outcomes": tuple(Outcome(k, k in critical) for k in keys),
        "requirement": requirement or AllOf(tuple(Need(k) for k in keys)),
    }
    return ProgrammeVersion(**{**given, **fields})


def row(number, relation=Relation.EXACT, authority="UZ-ministry", key=None, **fields):
    """Home outcome S.. against target outcome T.. of the same number."""
    given = {
        "key": key or f"row-{number:02}",
        "sources": frozenset({f"S{number:02}"}),
        "target": f"T{number:02}",
        "relation": relation,
        "authority": authority,
    }
    return CrosswalkRow(**{**given, **fields})


def agreement(**fields):
    given = {
        "key": "agreement",
        "basis": Basis.INTERGOVERNMENTAL,
        "home": frozenset({HOME}),
        "host": frozenset({HOST}),
        "purposes": ALL_PURPOSES,
    }
    return Instrument(**{**given, **fields})


def lawful():
    """Competence, accreditation, rights at home and referencing, all in order."""
    return [
        Competence(key="c-uz", authority="UZ-ministry", country=HOST),
        Competence(key="c-cn", authority="CN-ministry", country=HOME),
        Accreditation(key="acc", institution="college"),
        *(HomeRight(key=f"right-{p}", programme="major", purpose=p) for p in Purpose),
        Referencing(key="ref-cn", level=Level("CN-NQF", 5), common=5),
        Referencing(key="ref-uz", level=Level("UZ-NQF", 5), common=5),
    ]


def diploma(numbers, **fields):
    """A home diploma that shows the home outcomes of these numbers."""
    given = {
        "key": "diploma",
        "programme": "major",
        "issuer": "college",
        "country": HOME,
        "field": "0715",
        "level": Level("CN-NQF", 5),
        "awarded_on": date(2024, 7, 1),
        "outcomes": frozenset(f"S{i:02}" for i in numbers),
        "commitment": "c0ffee",
    }
    return Credential(**{**given, **fields})


def holder(*credentials, **fields):
    return Evidence(learner="learner-7f", credentials=credentials, **fields)


def world(*facts, without=()):
    """The lawful world with a target and an agreement; facts given replace those of their key."""
    given = {f.key: f for f in [programme(), agreement(), *lawful()]}
    given = {k: f for k, f in given.items() if k not in without and k not in {f.key for f in facts}}
    return World.of([*given.values(), *facts])


def ask(facts, evidence, *, as_of=TODAY, known_at=NOW, purpose=Purpose.STUDY, **application):
    asked = Application(**{"target": "target", "purpose": purpose, "applied_on": as_of, **application})
    return decide(facts, evidence, asked, as_of=as_of, known_at=known_at)


def same_findings(one, other):
    """Equal but for the instant at which it was asked."""
    return replace(one, known_at=NOW) == replace(other, known_at=NOW)
