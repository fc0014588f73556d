"""Whoever edits a learner without seeing whose account he is leaves that as it is, on every face."""

import pytest
from cast import organisation, sign_in, user
from cohort_cast import Scene

from sunmao.cohorts.models import Learner
from sunmao.kernel import changes
from sunmao.kernel.desk import desk
from sunmao.kernel.sheets import Sheet
from sunmao.people.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    made = Scene()
    made.learner = made.enrol("Zumrad", "S-1").learner
    made.account = user("Zumrad Elsewhere", (Role.LEARNER, organisation("Third House"))).person
    made.learner.person = made.account
    changes.save(made.learner, by=made.lin)
    assert not desk("people").policy.sees(made.lin, made.account)
    return made


def held(scene):
    found = Learner.objects.get(pk=scene.learner.pk)
    return str(found), found.person


@pytest.mark.parametrize("face", ["page", "rest", "sheet"])
def test_an_edit_keeps_the_person_it_does_not_show(client, scene, face):
    sign_in(client, scene.lin)
    key, other = scene.learner.key, "Zumrad Aziz"
    if face == "page":
        sent = {"name_en": other, "institution": scene.lead.code, "number": "S-1", "person": ""}
        assert client.post(f"/learners/{key}/edit/", sent).status_code == 302
    elif face == "rest":
        sent = {"name": {"en": other}, "person": None}
        assert client.patch(f"/api/learners/{key}/", sent, "application/json").status_code == 200
    else:
        cells = {"code": [key], "name_en": [other], "person": [""]}
        importer = desk("learners").importer(scene.lin)
        found = importer.check(Sheet(cells, "class.csv", "0" * 64, numbers=[2]), {name: name for name in cells})
        assert (found.bad, len(found.edits)) == ([], 1)
        importer.write(found, sha256="0" * 64, why="")
    assert held(scene) == (other, scene.account)


def test_who_sees_the_person_takes_him_away(client, scene):
    sign_in(client, user("Lin Both", (Role.OFFICER, scene.lead), (Role.SECRETARIAT, scene.other)))
    sent = {"name_en": "Zumrad", "institution": scene.lead.code, "number": "S-1", "person": ""}
    assert client.post(f"/learners/{scene.learner.key}/edit/", sent).status_code == 302
    assert held(scene) == ("Zumrad", None)


def test_a_sheet_names_the_person_of_a_learner(scene):
    cells = {"name_en": ["Anvar"], "person": [scene.aziz.person.key], "cohort": [scene.cohort.code]}
    importer = desk("learners").importer(scene.lin)
    found = importer.check(Sheet(cells, "class.csv", "0" * 64, numbers=[2]), {name: name for name in cells})
    assert found.bad == []
    importer.write(found, sha256="0" * 64, why="")
    assert Learner.objects.get(person=scene.aziz.person).name["en"]["text"] == "Anvar"


def test_whoever_sees_no_person_gives_no_learner_to_one(client, scene):
    other = user("Somebody Elsewhere", (Role.TEACHER, scene.other)).person
    sign_in(client, scene.lin)
    answer = client.patch(f"/api/learners/{scene.learner.key}/", {"person": other.code}, "application/json")
    assert (answer.status_code, held(scene)[1]) == (422, scene.account)
