"""A possible duplicate is called by the name in the row."""

import pytest
from cast import TESTS, organisation, sign_in, user

from sunmao.directory.models import Doubt
from sunmao.kernel import changes
from sunmao.people.models import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("names", "called"), [([["zh", "official", "天津大学"]], "天津大学"), ([], "DUP-")])
def test_a_possible_duplicate_goes_by_the_name_in_its_row(client, names, called):
    held = {"names": names, "fields": {}, "ids": {}, "number": 7}
    made = changes.save(Doubt(organisation=organisation("Tianjin University"), held=held, score=0.9), by=TESTS)
    lin = user("Lin", (Role.SECRETARIAT, organisation("Office")))
    row = sign_in(client, lin).get("/doubts/").content.decode().partition(f'href="/doubts/{made.code}/"')[2]
    assert called in row[:60]
