"""Where a sheet fits a mapping that is known, that one is put forward."""

import pytest
from cast import organisation, sign_in, user
from django.core.files.uploadedfile import SimpleUploadedFile

from sunmao.people.models import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("ror_id,name,other_names,country,city,lat,lng,established,website", "ror"),
        ("name,moe_id,authority,city,level", "moe"),
    ],
)
def test_the_mapping_that_fits_the_columns_is_put_forward(client, header, chosen):
    lin = user("Lin", (Role.SECRETARIAT, organisation("Office")))
    sheet = SimpleUploadedFile("houses.csv", (header + "\n" + "x," * header.count(",") + "x\n").encode())
    page = sign_in(client, lin).post("/organisations/import/", {"file": sheet}, follow=True).content.decode()
    assert f"<option selected>{chosen}</option>" in page
