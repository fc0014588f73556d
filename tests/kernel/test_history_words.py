"""The history of a record is read in words, and tells nothing of what its reader may not see."""

import pytest
from cast import TESTS, organisation, sign_in, user
from django.test import Client

from sunmao.agreements.models import Agreement
from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.people.models import Role
from sunmao.workshops.models import Workshop

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    class Scene:
        lead, host = organisation("Lead College", country="CN"), organisation("Host University", country="UZ")
        hidden = changes.save(Agreement(title=Texts.of("A draft of others"), opened_by=lead), by=TESTS)
        lin, stella = user("Lin", (Role.OFFICER, lead)), user("Stella")

    made = Workshop(
        title=Texts.of({"en": "College", "zh": "学院"}), host=Scene.host, country="UZ", agreement=Scene.hidden
    )
    Scene.workshop = changes.save(made, by=TESTS)
    made.state, made.kind = "operating", "joint_college"
    changes.save(made, by=TESTS)
    return Scene


def _history(scene, person):
    return sign_in(Client(), person).get(f"/workshops/{scene.workshop.code}/history/").content.decode()


def test_values_read_as_on_the_page(scene):
    page = _history(scene, scene.lin)
    assert f'<a href="/organisations/{scene.host.code}/"><bdi>Host University</bdi></a>' in page
    assert "Uzbekistan" in page and "Operating" in page and "joint college" in page
    assert "joint_college" not in page and ">Sort<" not in page
    assert '<bdi>College</bdi>, <bdi lang="zh-Hans">学院</bdi>' in page


def test_another_record_is_named_only_to_whom_may_see_it(scene):
    assert "A draft of others" in _history(scene, scene.lin)
    page = _history(scene, scene.stella)
    assert "A draft of others" not in page and "none that you may see" in page


def test_what_was_taken_away_reads_as_nothing(scene):
    scene.workshop.host = None
    changes.save(scene.workshop, by=TESTS)
    assert "<ins>nothing</ins>" in _history(scene, scene.lin).replace("<bdi>nothing</bdi>", "nothing")
