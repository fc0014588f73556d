"""Who is nothing but a learner is shown to nobody who signed in with a password alone."""

import pytest
from cast import organisation, sign_in, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def college():
    return organisation("College")


@pytest.fixture
def learner(college):
    return user("Bobur Zqanary", ("learner", college))


@pytest.mark.parametrize("role", ["officer", "director", "teacher", "secretariat", "auditor"])
def test_learners_need_a_second_factor_and_colleagues_do_not(client, college, learner, role):
    someone, colleague = user("Someone", (role, college)), user("Colleague", ("teacher", college), ("learner", college))
    faces = ("/people/", "/people/export.csv", "/api/people/", "/memberships/", "/api/memberships/", "/search/?q=Zqanary",
             "/people/pick/?name=p&p=Zqanary", "/people/?q=Zqanary", "/memberships/?role=learner")  # fmt: skip
    for second_factor in (False, True):
        sign_in(client, someone, second_factor=second_factor)
        shown = {face for face in faces if "Bobur" in _text(client.get(face))}
        assert bool(shown) is second_factor, shown
        assert (client.get(f"/people/{learner.person.code}/").status_code == 200) is second_factor
        assert client.get(f"/people/{colleague.person.code}/").status_code == 200


def test_a_learner_sees_himself(client, learner):
    sign_in(client, learner, second_factor=False)
    assert client.get(f"/people/{learner.person.code}/").status_code == 200
    assert client.get("/memberships/").status_code in (200, 404)


def _text(answer):
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
