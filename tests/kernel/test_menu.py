"""The menu leads to what somebody may see something in, or add to."""

import pytest
from cast import TESTS, organisation, sign_in, user
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sunmao.directory.models import Bloc
from sunmao.kernel import changes, menu
from sunmao.kernel.text import Texts
from sunmao.people.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner():
    return user("Lena Learner", (Role.LEARNER, organisation("College")))


def test_a_room_without_a_row_for_the_person_is_not_in_the_menu(client, learner):
    page = sign_in(client, learner).get("/today/").content.decode()
    assert '<a href="/organisations/">' in page and '<a href="/blocs/">' not in page
    changes.save(Bloc(title=Texts.of("A union"), acronym="AU"), by=TESTS)
    assert '<a href="/blocs/">' in client.get("/today/").content.decode()


def test_a_room_to_which_the_person_may_add_is_in_the_menu(client):
    lin = user("Lin", (Role.SECRETARIAT, organisation("Office")))
    assert '<a href="/blocs/">' in sign_in(client, lin).get("/today/").content.decode()


def test_the_menu_of_a_second_page_costs_no_query(learner):
    menu.rooms(learner)
    with CaptureQueriesContext(connection) as taken:
        menu.rooms(learner)
    assert len(taken) == 0
