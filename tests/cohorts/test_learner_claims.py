"""Nobody comes to see a learner by naming him: not by his number, not by a cohort opened in another house's name."""

import pytest
from cast import sign_in
from cohort_cast import BEGIN, Scene
from django.core.exceptions import ValidationError
from test_learner_sheets import bring

from sunmao.cohorts import actions
from sunmao.cohorts.models import Cohort, Enrolment, Learner, PassRule
from sunmao.kernel.desk import registry
from sunmao.kernel.text import Texts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene():
    return Scene()


@pytest.fixture
def trap(scene):
    """A cohort that the stranger's house opens by itself and says to teach together with the learner's."""
    made = Cohort(
        title=Texts.of("Trap"), version=scene.version, institution=scene.other, co_institution=scene.lead,
        starts_on=BEGIN, minimum_attendance=0, pass_rule=PassRule.ALL,
    )  # fmt: skip
    return actions.start(actions.open_cohort(made, by=scene.eve), by=scene.eve)


def test_another_houses_learner_is_not_taken_in_by_his_number(scene, trap):
    scene.enrol("Zumrad Example", "77")
    for number in ("77", "78"):
        with pytest.raises(ValidationError, match="enrol under its numbers"):
            actions.enrol(trap, name="Zumrad Example", number=number, institution=scene.lead, by=scene.eve)
    assert not trap.enrolments.exists()


def test_another_houses_learner_is_not_taken_in_by_sheet(scene, trap, client):
    held = scene.enrol("Zumrad Example", "77").learner
    sign_in(client, scene.eve)
    for name in ("Zumrad Example", "Anything"):
        text = f"name_en,number,institution,cohort\n{name},77,{scene.lead.code},{trap.code}\n"
        answer, run = bring(client, text)
        assert (answer.status_code, run.found["new"], run.found["bad"]) == (422, 0, 1)
    assert Enrolment.objects.count() == 1
    assert client.get(f"/learners/{held.key}/").status_code == 404


def test_a_sheet_names_no_institution_that_has_no_part_in_the_cohort(scene, client):
    sign_in(client, scene.lin)
    text = f"name_en,number,institution,cohort\nLi Hua,1,{scene.other.code},{scene.cohort.code}\n"
    answer, run = bring(client, text)
    assert (answer.status_code, run.found["problems"][0][3]) == (
        422, "The institution that gave the number takes no part in the cohort.",
    )  # fmt: skip


def test_a_sheet_does_not_take_one_learner_for_another_of_the_same_number(scene, client):
    scene.enrol("Zumrad Example", "77")
    scene.cohort = scene.open(title=Texts.of("Group two"))
    sign_in(client, scene.lin)
    answer, run = bring(client, f"name_en,number,cohort\nSomeone Else,77,{scene.cohort.code}\n")
    assert (answer.status_code, run.found["new"]) == (422, 0)
    assert "belongs to another name" in run.found["problems"][0][3]


def test_the_numbers_of_a_house_without_people_here_are_written_by_those_who_teach(scene):
    from cast import organisation

    away = organisation("Sending College")
    first = actions.enrol(scene.cohort, name="Ann", number="1", institution=away, by=scene.lin)
    scene.cohort = scene.open(title=Texts.of("Group two"))
    again = actions.enrol(scene.cohort, name="Ann", number="1", institution=away, by=scene.lin)
    assert first.learner_id == again.learner_id
    with pytest.raises(ValidationError, match="another institution's class"):
        mine = scene.open(title=Texts.of("Group three"), institution=scene.company)
        actions.enrol(mine, name="Ann", number="1", institution=away, by=scene.eve)


def test_a_cohort_is_opened_and_kept_by_its_leading_house(scene, client):
    body = {
        "title": "Trap", "version": scene.version.key, "institution": scene.lead.key, "co_institution": scene.other.key,
        "starts_on": "2026-03-02", "kind": "trainee", "minimum_attendance": 0, "pass_rule": "all",
    }  # fmt: skip
    answer = sign_in(client, scene.eve).post("/api/cohorts/", body, content_type="application/json")
    assert answer.status_code == 403
    body |= {"institution": scene.other.key, "co_institution": scene.lead.key}
    assert client.post("/api/cohorts/", body, content_type="application/json").status_code == 201


def test_nobody_makes_a_learner_himself(scene, client):
    """Else he would give the consent, and his looks would be written down no more."""
    learner = scene.enrol("Ann", "1").learner
    sign_in(client, scene.lin)
    answer = client.patch(
        f"/api/learners/{learner.key}/", {"person": scene.lin.person.key}, content_type="application/json"
    )
    assert answer.status_code == 403, answer.content
    assert Learner.objects.get(pk=learner.pk).person_id is None


def test_what_rests_on_an_institution_is_named_only_to_those_who_may_see_it(scene, client):
    """The secretariat, which sees no learner, was told their names when it tried to delete their institution."""
    scene.enrol("Zumradkanarik Example", "77")
    page = sign_in(client, scene.sec).post(f"/organisations/{scene.lead.key}/delete/", {"why": "x"})
    assert page.status_code == 422 and "Others rest on it" in page.content.decode()
    assert "Zumradkanarik" not in page.content.decode()
    answer = client.delete(f"/api/organisations/{scene.lead.key}/")
    assert answer.status_code == 422 and "Zumradkanarik" not in answer.content.decode()
    assert registry.by_slug["organisations"].model.objects.filter(pk=scene.lead.pk).exists()
