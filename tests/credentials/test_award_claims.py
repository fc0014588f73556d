"""An award is given to one's own class only, kept by who drew it up, and tells nobody how many hold it."""

import pytest
from award_cast import world
from cast import organisation, sign_in, user
from django.core.exceptions import ValidationError

from sunmao.credentials import actions
from sunmao.credentials.models import Award, AwardIssuer, Credential
from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.keys import actions as keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return world()


def own_award(w, by, *places):
    made = Award(title=Texts.of("Trap"), programme=w.version, criteria=Texts.of("None."))
    changes.save(made, by=by)
    for number, place in enumerate(places, 1):
        changes.save(AwardIssuer(award=made, number=number, organisation=place), by=by)
    return made


def test_no_house_awards_the_class_of_another(w, client):
    """It would have come to see the learners' names, and signed what it did not teach."""
    (seat,) = w.bob.seats("officer")
    elsewhere = AwardIssuer._meta.get_field("organisation").related_model.objects.get(pk=seat)
    keys.make(elsewhere, by=w.bob)
    for places in ((elsewhere,), (elsewhere, w.college)):
        trap = own_award(w, w.bob, *places)
        with pytest.raises(ValidationError, match="those who teach it"):
            actions.confer(trap, cohort=w.cohort, awarded_on=clock.today(), by=w.bob)
        body = {"cohort": w.cohort.key, "awarded_on": clock.today().isoformat()}
        answer = sign_in(client, w.bob).post(f"/api/awards/{trap.key}/award/", body, content_type="application/json")
        assert answer.status_code == 422
    assert not Credential.objects.exists()
    assert client.get("/api/credentials/").json()["count"] == 0


def test_who_sees_a_class_gives_no_award_of_houses_that_do_not_teach_it(w):
    both = user("Both Example", ("officer", w.college), ("officer", organisation("Elsewhere")))
    (other,) = (pk for pk in both.seats("officer") if pk != w.college.pk)
    place = type(w.college).objects.get(pk=other)
    keys.make(place, by=both)
    with pytest.raises(ValidationError, match="those who teach it"):
        actions.confer(own_award(w, both, place), cohort=w.cohort, awarded_on=clock.today(), by=both)


def test_an_award_without_institutions_is_kept_by_who_drew_it_up(w, client):
    bare = own_award(w, w.lin)
    for person, allowed in ((w.bob, False), (w.alisher, False), (w.lin, True)):
        sign_in(client, person)
        body = {"award": bare.key, "number": 1, "organisation": w.college.key}
        assert (client.get(f"/awards/{bare.key}/edit/").status_code == 200) is allowed
        answer = client.post("/api/award-issuers/", body, content_type="application/json")
        assert (answer.status_code == 201) is allowed, answer.content


def test_how_many_hold_an_award_is_told_to_those_who_know_them(w, client):
    w.issued()
    told = "credential of it is in force", "credentials of it are in force"
    for person, sees in ((None, False), (w.bob, False), (w.lin, True), (w.tea, True), (w.auditor, True)):
        client.logout()
        if person is not None:
            sign_in(client, person)
        page = client.get(f"/awards/{w.award.key}/").content.decode()
        assert any(words in page for words in told) is sees, person
    page = sign_in(client, w.lin, second_factor=False).get(f"/awards/{w.award.key}/").content.decode()
    assert not any(words in page for words in told)
