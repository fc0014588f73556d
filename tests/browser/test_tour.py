"""The story of the Sino-Uzbek telecommunication college, from an empty register to a recognised certificate, each step
by a deed that a person does on a page; what repeats a deed already shown goes through the REST interface in the same
session. `SUNMAO_TOUR=docs` writes docs/tour.md and its pictures from this very run."""

from __future__ import annotations

import re

import pytest
from driver import Someone
from story_cooperation import build_workshop, enter_organisations, hold_conference, sign_agreement
from story_learning import award_together, compare_standards, printed_number, recognise, teach_cohort
from tour import Tour

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tour(browser, live_server):
    made = Tour(browser, live_server.url)
    yield made
    for someone in made.cast.values():
        someone.context.close()


def test_the_story_runs_from_an_empty_register_to_a_recognised_certificate(tour, tmp_path):
    lin = tour.enter("lin", "Lin Example", "secretariat", "Register office")
    places = enter_organisations(tour, lin)
    chen = tour.enter("chen", "Chen Example", "officer", places["cvie"])
    zhao = tour.enter("zhao", "Zhao Example", "officer", places["zte"])
    alisher = tour.enter("alisher", "Alisher Example", "officer", places["tstu"])
    event = hold_conference(tour, lin, places)
    agreement = sign_agreement(tour, chen, zhao, alisher, places, event)
    workshop = build_workshop(tour, chen, alisher, places, agreement)
    versions, outcomes = compare_standards(tour, chen, alisher, places)
    cohort = teach_cohort(tour, alisher, places, workshop, versions["source"])
    credential, link = award_together(tour, alisher, chen, places, cohort, versions["source"])
    recognise(tour, lin, places, versions, printed_number(alisher, credential))
    visitor = Someone(tour.browser, tour.base, width=390)
    tour.cast["visitor"] = visitor
    visitor.open(link)
    said = visitor.text()
    assert "valid" in said.lower()
    tour.tell("Anyone checks the certificate", "Without an account, on a phone.", visitor, "verification")
    visitor.open("/")
    assert re.search(r"of every kind\s+1\b", visitor.text()), visitor.text()
    tour.tell("The last number", "Home counts the college; the number opens to it.", visitor, "home")
    assert outcomes
    tour.finish()
