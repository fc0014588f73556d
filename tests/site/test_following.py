"""A record that is found by the name of another is found by that name as it is today."""

import pytest
from cast import TESTS, organisation
from django.test import Client

from sunmao.directory.models import OrganisationName
from sunmao.kernel import changes, doctor
from sunmao.kernel.text import Texts
from sunmao.workshops.models import Partner, Workshop

pytestmark = pytest.mark.django_db


def _found(words: str) -> bool:
    return "/workshops/WS-" in Client().get("/search/", {"q": words}).content.decode()


def test_a_workshop_is_found_by_the_new_name_of_its_partner_and_no_longer_by_the_old():
    college = organisation("Zumrad Academy")
    made = changes.save(Workshop(title=Texts.of("Telecom workshop"), country="UZ"), by=TESTS)
    changes.save(Partner(workshop=made, organisation=college), by=TESTS)
    assert _found("Zumrad")
    college.title = Texts.of("Feruza Institute")
    changes.save(college, by=TESTS)
    assert _found("Feruza") and not _found("Zumrad")
    assert [finding for finding in doctor.examine() if "search" in finding.place] == []


def test_another_name_given_to_a_host_leaves_no_entry_out_of_step():
    host = organisation("Host University")
    changes.save(Workshop(title=Texts.of("Workshop"), host=host), by=TESTS)
    changes.save(OrganisationName(organisation=host, text="HU", language="en", kind="acronym"), by=TESTS)
    assert [finding for finding in doctor.examine() if "search" in finding.place] == []
