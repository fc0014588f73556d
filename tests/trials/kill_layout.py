"""Lays out the register of the kill trial: one workshop, one agreement, one cohort, one counted house."""

from __future__ import annotations

from typing import Any


def main() -> None:
    import cohort_cast
    from cast import TESTS, organisation, user

    from sunmao.agreements import actions as agreements
    from sunmao.agreements.models import Agreement, Party
    from sunmao.cohorts import actions as cohorts
    from sunmao.cohorts.models import Cohort
    from sunmao.kernel import changes, clock
    from sunmao.kernel.text import Texts
    from sunmao.workshops import actions as workshops
    from sunmao.workshops.models import Partner, Workshop

    lead, host = organisation("Lead College", country="CN"), organisation("Host University", country="UZ")
    organisation("The counted house")
    lin: Any = user("Lin Example", ("officer", lead))
    user("Alisher Example", ("officer", host))
    made = changes.save(Workshop(title=Texts.of("Telecom College"), host=host, country="UZ"), by=TESTS)
    changes.save(Partner(workshop=made, organisation=lead, part="lead"), by=TESTS)
    workshops.plan(made, by=lin)
    row = Agreement(title=Texts.of("Joint college"), opened_by=lead)
    agreements.keep_agreement(row, by=lin)
    agreements.keep_part(Party(agreement=row, number=2, organisation=host, part="host"), row, by=lin)
    version = cohort_cast.version(lead, by=lin)
    cohort = Cohort(title=Texts.of("Group"), version=version, institution=lead, starts_on=clock.today())
    cohorts.start(cohorts.open_cohort(cohort, by=lin), by=lin)
