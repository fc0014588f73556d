"""Whose word it is that an institution takes part: its own, or that of who named it."""

import pytest
from cast import TESTS, organisation, sign_in, user
from django.core.exceptions import ValidationError

from sunmao.kernel import changes
from sunmao.kernel.desk import registry
from sunmao.kernel.text import Texts
from sunmao.site.today import turns
from sunmao.workshops import actions
from sunmao.workshops.models import Partner, Stage, Workshop
from sunmao.workshops.sentences import standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    class Scene:
        lead, host, firm = organisation("Lead College"), organisation("Host University"), organisation("Firm")
        lin, alisher, zhao = (
            user("Lin", ("officer", lead)),
            user("Alisher", ("officer", host)),
            user("Zhao", ("director", firm)),
        )

    Scene.workshop = changes.save(Workshop(title=Texts.of("Telecom College"), host=Scene.host), by=Scene.lin)
    return Scene


def _name(scene, organisation, by):
    desk = registry.by_slug["partners"]
    return desk.write(Partner(workshop=scene.workshop, organisation=organisation), by=by)


def test_whom_others_name_is_not_yet_confirmed(scene):
    own, other = _name(scene, scene.lead, scene.lin), _name(scene, scene.firm, scene.lin)
    assert standing(own).startswith("confirmed by itself on")
    assert standing(other) == "named by Lead College, not yet confirmed"


def test_what_was_read_elsewhere_is_nobodys_word(scene):
    row = changes.save(Partner(workshop=scene.workshop, organisation=scene.firm), by=TESTS)
    assert standing(row) == "as reported, not confirmed by itself"


def test_the_institution_confirms_by_a_deed_that_its_today_asks_for(scene, client):
    row = _name(scene, scene.firm, scene.lin)
    assert "Confirm that your institution takes part" in [turn.what for turn in turns(scene.zhao)["mine"]]
    page = sign_in(client, scene.zhao).get(f"/workshops/{scene.workshop.code}/").content.decode()
    assert f"/workshops/{scene.workshop.code}/do/confirm_part/" in page
    client.post(f"/workshops/{scene.workshop.code}/do/confirm_part/", {})
    row.refresh_from_db()
    assert standing(row).startswith("confirmed by itself on")
    assert "Confirm that your institution takes part" not in [turn.what for turn in turns(scene.zhao)["mine"]]


def test_nobody_confirms_for_another_institution(scene):
    _name(scene, scene.firm, scene.lin)
    _name(scene, scene.lead, scene.lin)
    assert not registry.by_slug["workshops"].may(scene.lin, "confirm_part", scene.workshop)
    with pytest.raises(ValidationError, match="Nothing waits"):
        actions.confirm_part(scene.workshop, by=scene.lin)


def test_a_host_that_confirms_is_written_down_as_a_partner(scene):
    actions.confirm_part(scene.workshop, by=scene.alisher)
    row = Partner.objects.get(workshop=scene.workshop, organisation=scene.host)
    assert row.part == "host" and row.confirmed_on


def test_who_acts_in_the_workshop_takes_part(scene):
    row = _name(scene, scene.lead, scene.alisher)
    assert row.confirmed_on is None
    actions.plan(scene.workshop, by=scene.lin)
    stage = Stage.objects.get(workshop=scene.workshop, kind="site")
    actions.propose(stage, fact=Texts.of("Rooms"), evidence_title=Texts.of("Act"), by=scene.alisher)
    actions.sign_off(stage, by=scene.lin)
    row.refresh_from_db()
    assert row.confirmed_on


def test_another_organisation_in_the_row_is_unconfirmed_again(scene):
    row = _name(scene, scene.lead, scene.lin)
    row.organisation = scene.firm
    registry.by_slug["partners"].write(row, by=scene.lin)
    assert row.confirmed_on is None


def test_a_workshop_without_stages_says_so(scene, client):
    page = client.get(f"/workshops/{scene.workshop.code}/").content.decode()
    assert "No stages recorded" in page
    told = client.get(f"/api/workshops/{scene.workshop.code}/").json()
    assert told["own_state"] == "no_stages"
