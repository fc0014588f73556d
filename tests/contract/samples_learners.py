"""Samples of cohorts and of what hangs on them. The home college teaches them in the partner's workshop; the first
learner of every desk is the learner of the cast, so that what people see of themselves is asked for as well."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import cast

from contract.samples import above, keep, sample, words
from sunmao.cohorts import actions
from sunmao.cohorts.models import Cohort, Enrolment, Learner, PassRule, Result, Session
from sunmao.kernel import clock
from sunmao.standards import actions as standards
from sunmao.standards.models import Outcome, Programme, ProgrammeVersion
from sunmao.workshops.models import Workshop


def programme(world: Any, word: str, owner: Any, authority: Any = None) -> ProgrammeVersion:
    """Return a published programme of two outcomes, the first of them critical."""
    of = keep(
        Programme(title=words(word), owner=owner, authority=authority, country=owner.country, field="0714"), world
    )
    made = keep(ProgrammeVersion(programme=of, label="1"), world)
    for number in (1, 2):
        title = words(f"{word} outcome {number}")
        keep(Outcome(version=made, number=str(number), title=title, critical=number == 1), world)
    return standards.publish(made, by=world.actor("officer"))


@sample("cohorts")
def cohort(world: Any, word: str, n: int, parent: Any = None) -> Cohort:
    """Planned, with nobody in it."""
    beside = above(word)
    workshop = keep(Workshop(title=words(beside), host=world.abroad, country="UZ"), world, "secretariat")
    made = Cohort(
        title=words(word), workshop=workshop, version=programme(world, beside, world.home), institution=world.home,
        starts_on=clock.today() - timedelta(days=60 + n % 30), minimum_attendance=50, pass_rule=PassRule.ALL_CRITICAL,
    )  # fmt: skip
    return actions.open_cohort(made, by=world.actor("officer"))


def running(world: Any, word: str, n: int, parent: Any = None) -> Cohort:
    """Return a cohort that has begun: the one given, or a new one."""
    found = Cohort.objects.get(pk=(parent or cohort(world, above(word), n)).pk)
    return actions.start(found, by=world.actor("officer")) if found.state == "planned" else found


def enrolled(world: Any, word: str, n: int, into: Cohort) -> Enrolment:
    """Enrol a learner whose name is the word; the first sample of a desk is the learner of the cast."""
    person = world.actor("learner").person if n == 1 else None
    number = f"{word}-{world.number()}"
    return actions.enrol(into, name=words(word), number=number, person=person, by=world.actor("officer"))


@sample("learners")
def _learner(world: Any, word: str, n: int, parent: Any) -> Learner:
    into = cohort(world, above(word), n)
    if n == 1:
        return enrolled(world, word, n, into).learner
    place = cast.organisation(f"Sending {above(word)}", country="KZ")
    return actions.enrol(into, name=words(word), number=word, institution=place, by=world.actor("officer")).learner


@sample("enrolments", under="cohorts")
def _enrolment(world: Any, word: str, n: int, parent: Any) -> Enrolment:
    made = enrolled(world, word, n, running(world, word, n, parent))
    if n == 2:  # in another cohort too, so that an officer still knows the learner where this enrolment is not there
        other = cohort(world, f"other{above(word)}", n)
        keep(Enrolment(cohort=other, learner=made.learner, enrolled_on=made.enrolled_on), world)
    return made


@sample("sessions", under="cohorts")
def session(world: Any, word: str, n: int, parent: Any = None) -> Session:
    of = running(world, word, n, parent)
    day = clock.today() - timedelta(days=n % 30)
    return actions.hold_session(of, held_on=day, topic=words(word), marks={}, by=world.actor("teacher"))


@sample("attendances", under="sessions")
def _attendance(world: Any, word: str, n: int, parent: Any) -> Any:
    at = parent or session(world, above(word), n)
    who = enrolled(world, word, n, at.cohort)
    actions.mark_attendance(at, marks={who: "excused"}, by=world.actor("teacher"))
    return who.attendance.get()


@sample("results")
def _result(world: Any, word: str, n: int, parent: Any) -> Result:
    who = enrolled(world, above(word), n, running(world, word, n))
    outcome = who.cohort.version.outcomes.get(number="1")
    return actions.record_result(
        who, outcome=outcome, passed=True, grade=word, assessed_on=clock.today(), by=world.actor("teacher")
    )
