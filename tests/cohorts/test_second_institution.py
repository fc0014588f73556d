"""A second institution of a cohort is shown as named until it confirms."""

import pytest
from cast import sign_in, user
from cohort_cast import Scene
from django.utils import translation

from sunmao.cohorts import actions, sentences
from sunmao.cohorts.desk import CohortDesk
from sunmao.cohorts.models import Sight
from sunmao.kernel import changes, clock
from sunmao.kernel.desk import desk_of
from sunmao.people.models import Role
from sunmao.site.today import turns

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return Scene()


def test_a_second_institution_is_named_until_it_confirms(scene, client):
    cohort = scene.open(co_institution=scene.other)
    page = client.get(f"/cohorts/{cohort.code}/").content.decode()
    assert "named by Lead College, not yet confirmed" in page
    assert "Confirm that your institution teaches the cohort too" in [turn.what for turn in turns(scene.eve)["mine"]]
    sign_in(client, scene.eve).post(f"/cohorts/{cohort.code}/do/confirm_co/", {})
    cohort.refresh_from_db()
    assert cohort.co_confirmed_on == clock.today()
    assert "confirmed by itself on" in client.get(f"/cohorts/{cohort.code}/").content.decode()


def test_only_its_own_office_confirms(scene):
    cohort = scene.open(co_institution=scene.other)
    desk = desk_of(cohort)
    assert isinstance(desk, CohortDesk)
    may = {who: desk.may(getattr(scene, who), "confirm_co", cohort) for who in ("eve", "lin", "hanna", "audrey", "sec")}
    assert may == {"eve": True, "lin": False, "hanna": False, "audrey": False, "sec": False}
    assert not desk.may(scene.eve, "confirm_co", scene.cohort)


def test_another_second_institution_is_unconfirmed_again(scene):
    cohort = actions.confirm_co(scene.open(co_institution=scene.other), by=scene.eve)
    cohort.co_institution = scene.company
    actions.keep_cohort(cohort, by=scene.lin)
    assert cohort.co_waits


def test_two_sentences_stand_together_without_a_space_in_chinese(scene):
    with translation.override("zh-hans"):
        assert "。 " not in sentences.where(scene.cohort, clock.today())


def test_a_look_at_the_person_who_is_a_learner_is_a_sight(scene, client):
    zumrad = user("Zumrad Account", (Role.LEARNER, scene.lead))
    learner = scene.enrol("Zumrad", "1").learner
    learner.person = zumrad.person
    changes.save(learner, by=scene.lin)
    sign_in(client, scene.sec).get(f"/people/{zumrad.person.code}/")
    assert [row.actor_key for row in Sight.objects.filter(learner=learner)] == [scene.sec.actor_key]
    client.get("/memberships/")
    assert Sight.objects.filter(learner=learner).count() == 2
    sign_in(client, zumrad).get(f"/people/{zumrad.person.code}/")
    assert Sight.objects.filter(learner=learner).count() == 2
