"""Two institutions with keys, their officers, a cohort of which some completed, and an award they give together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cast import TESTS, organisation, user
from django.db.models import QuerySet

from sunmao.cohorts import actions as cohorts
from sunmao.cohorts.models import Cohort, Learner
from sunmao.credentials import actions
from sunmao.credentials.models import Award, AwardIssuer, AwardKind, Conferral, Credential
from sunmao.directory.models import Organisation
from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.keys import actions as keys
from sunmao.standards.models import Outcome, Programme, ProgrammeVersion, Unit, VersionState


@dataclass
class World:
    """College issues, host joins; Lin and Wang are the college's officers, Alisher the host's, Bob a stranger."""

    college: Organisation
    host: Organisation
    lin: Any
    wang: Any
    alisher: Any
    tea: Any
    auditor: Any
    bob: Any
    version: ProgrammeVersion
    cohort: Cohort
    award: Award

    def confer(self, by: Any = None, **more: Any) -> Conferral:
        return actions.confer(self.award, cohort=self.cohort, awarded_on=clock.today(), by=by or self.lin, **more)

    def issued(self) -> Credential:
        """Return one credential in force, signed by every institution."""
        conferral = self.confer()
        if conferral.missing:
            actions.sign(conferral, by=self.alisher)
        return Credential.objects.filter(conferral=conferral).order_by("id").first()  # type: ignore[return-value]


def programme(owner: Organisation, *, outcomes: int = 2) -> ProgrammeVersion:
    made = changes.save(
        Programme(title=Texts.of(en="Modern logistics", zh="现代物流管理", ru="Логистика"), owner=owner), by=TESTS
    )
    version = changes.save(ProgrammeVersion(programme=made, label="2026", hours=320), by=TESTS)
    for number in range(1, outcomes + 1):
        changes.save(
            Outcome(version=version, number=str(number), title=Texts.of(en=f"Plan transport {number}")), by=TESTS
        )
    version.state, version.published_on = VersionState.PUBLISHED, date(2026, 1, 5)
    return changes.save(version, by=TESTS)


def unit_award(made: World) -> Award:
    """An award of the college alone for the programme's first outcome, as a unit of its own."""
    version = made.version
    unit = Unit(version=version, number=1, title=Texts.of(en="Planning"), credits=5)
    unit.created_at = unit.updated_at = clock.now()
    QuerySet(Unit).bulk_create([unit])  # past the door: a published programme takes no unit any more
    QuerySet(Outcome).filter(version=version, number="1").update(unit=unit)
    award = Award(title=Texts.of(en="Planning"), programme=version, unit=unit, criteria=Texts.of(en="The outcome."))
    changes.save(award, by=TESTS)
    changes.save(AwardIssuer(award=award, number=1, organisation=made.college), by=TESTS)
    return award


def learner(cohort: Cohort, name: str, *, completed: bool = True, person: Any = None) -> Learner:
    """Enrol a learner, assess every outcome, and complete the enrolment by the cohort's rule."""
    teacher = user("Teacher Example", ("officer", cohort.institution))
    row = cohorts.enrol(cohort, name={"en": name}, person=person, by=teacher)
    if completed:
        for outcome in cohort.version.outcomes.order_by("order"):
            cohorts.record_result(
                row, outcome=outcome, passed=True, grade="excellent", assessed_on=clock.today(), by=teacher
            )
        cohorts.complete(row, by=teacher)
    return row.learner


def world(*, joint: bool = True, learners: int = 2, kind: str = AwardKind.TRAINING) -> World:
    college = organisation("Shipping College", zh="海运学院", country="CN")
    host = organisation("Transport University", ru="Транспортный университет", country="UZ")
    lin, wang = user("Lin Example", ("officer", college)), user("Wang Example", ("director", college))
    alisher, tea = user("Alisher Example", ("officer", host)), user("Tea Example", ("teacher", college))
    auditor = user("Audra Example", ("auditor", organisation("Register")))
    bob = user("Bob Example", ("officer", organisation("Elsewhere College")))
    version = programme(college)
    cohort = Cohort(
        title=Texts.of(en="Logistics 2026"), version=version, institution=college, co_institution=host,
        starts_on=clock.today() - timedelta(days=90), minimum_attendance=0,
    )  # fmt: skip
    cohorts.start(cohorts.open_cohort(cohort, by=lin), by=lin)
    for number in range(1, learners + 1):
        learner(cohort, f"Dilnoza Example {number}")
    award = Award(
        title=Texts.of(en="Modern logistics", zh="现代物流管理", ru="Логистика"), kind=kind, programme=version,
        criteria=Texts.of(en="Every critical outcome, 80 % attendance."),
    )  # fmt: skip
    changes.save(award, by=lin)
    for number, place in enumerate((college, host) if joint else (college,), 1):
        changes.save(AwardIssuer(award=award, number=number, organisation=place), by=lin)
    for place, by in ((college, lin), (host, alisher)):
        keys.make(place, by=by)
    return World(college, host, lin, wang, alisher, tea, auditor, bob, version, cohort, award)
