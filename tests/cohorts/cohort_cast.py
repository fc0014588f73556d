"""A cohort with its class: a lead college, a host university, a partner company, a house that has no part in it."""

from __future__ import annotations

from datetime import date
from typing import Any

from cast import TESTS, organisation, user

from sunmao.cohorts import actions
from sunmao.cohorts.models import Cohort, PassRule
from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.people.models import Role
from sunmao.standards import actions as standards
from sunmao.standards.models import Outcome, Programme, ProgrammeVersion
from sunmao.workshops.models import Partner, Workshop

BEGIN, SECOND, END = date(2026, 3, 2), date(2026, 3, 3), date(2026, 6, 30)


class Scene:
    """Houses, people, a published programme with outcomes 1.1 (critical), 1.2, 1.3, and a running cohort."""

    def __init__(self, **fields: Any) -> None:
        self.lead, self.host = organisation("Lead College", country="CN"), organisation("Host University", country="UZ")
        self.company, self.other = organisation("Partner Company"), organisation("Other House")
        self.lin = user("Lin Officer", (Role.OFFICER, self.lead))
        self.aziz = user("Aziz Teacher", (Role.TEACHER, self.lead))
        self.hanna = user("Hanna Host", (Role.OFFICER, self.host))
        self.carl = user("Carl Company", (Role.OFFICER, self.company))
        self.tess = user("Tess Companyteacher", (Role.TEACHER, self.company))
        self.eve = user("Eve Other", (Role.OFFICER, self.other))
        self.audrey = user("Audrey Auditor", (Role.AUDITOR, self.other))
        self.sec = user("Sec Retariat", (Role.SECRETARIAT, self.other))
        self.stranger = user("Stella Stranger")
        self.version = version(self.lead, by=self.lin)
        self.workshop = changes.save(
            Workshop(title=Texts.of("Workshop"), host=self.host, country="UZ", brand="luban"), by=TESTS
        )
        changes.save(Partner(workshop=self.workshop, organisation=self.company), by=TESTS)
        self.cohort = self.open(**fields)

    def open(self, **fields: Any) -> Cohort:
        made = Cohort(**{
            "title": Texts.of("Group one"), "workshop": self.workshop, "version": self.version, "institution": self.lead,
            "starts_on": BEGIN, "ends_on": END, "minimum_attendance": 50, "pass_rule": PassRule.ALL_CRITICAL, **fields,
        })  # fmt: skip
        return actions.start(actions.open_cohort(made, by=self.lin), by=self.lin)

    def outcome(self, number: str) -> Outcome:
        return self.version.outcomes.get(number=number)

    def enrol(self, name: str, number: str = "", **more: Any) -> Any:
        return actions.enrol(self.cohort, name=name, number=number, by=self.lin, **more)

    def session(self, day: date = BEGIN, **marks: str) -> Any:
        """Hold a session; marks by the number of the learner at the institution."""
        found = {
            self.cohort.enrolments.get(learner__number=number.removeprefix("n")): state
            for number, state in marks.items()
        }
        return actions.hold_session(self.cohort, held_on=day, marks=found, by=self.aziz)

    def passes(self, enrolment: Any, number: str, passed: bool = True) -> Any:
        return actions.record_result(
            enrolment, outcome=self.outcome(number), passed=passed, grade="good", assessed_on=SECOND, by=self.aziz
        )


def version(owner: Any, *, by: Any) -> ProgrammeVersion:
    programme = changes.save(Programme(title=Texts.of("Logistics"), owner=owner, field="0714"), by=TESTS)
    made = changes.save(ProgrammeVersion(programme=programme, label="2026"), by=TESTS)
    for number, critical in (("1.1", True), ("1.2", False), ("1.3", False)):
        changes.save(
            Outcome(version=made, number=number, title=Texts.of(f"Outcome {number}"), critical=critical), by=TESTS
        )
    return standards.publish(made, by=by)
