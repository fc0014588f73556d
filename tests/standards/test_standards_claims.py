"""What one house may not do with another's standards, and what its own people may at least read."""

import pytest
from cast import TESTS, sign_in, user
from django.core.exceptions import ValidationError
from test_standards_room import scene, version  # noqa: F401

from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.standards import actions
from sunmao.standards.models import Crosswalk, CrosswalkRow, Programme, ProgrammeVersion, RowState

pytestmark = pytest.mark.django_db


def between(source, target, *, by):
    crosswalk = changes.save(Crosswalk(source=source, target=target), by=by)
    outcomes = source.outcomes.get(number="1.1"), target.outcomes.get(number="1.2")
    return actions.propose(crosswalk, *outcomes, "exact", by=by)


def test_one_institution_does_not_confirm_both_sides(scene):  # noqa: F811
    other = version(scene.left, "Networks", by=scene.lin)
    row = actions.confirm(between(scene.source, other, by=scene.lin), by=scene.lin)
    with pytest.raises(ValidationError, match="does not confirm both sides"):
        actions.confirm(row, by=user("Second", ("officer", scene.left)))
    assert CrosswalkRow.objects.get(pk=row.pk).state == RowState.PROPOSED


def test_the_authority_of_the_other_side_confirms_where_one_institution_keeps_both(scene):  # noqa: F811
    other = version(scene.left, "Networks", by=scene.lin)
    other.programme.authority = scene.third
    changes.save(other.programme, by=TESTS)
    row = actions.confirm(between(scene.source, other, by=scene.lin), by=scene.lin)
    assert actions.confirm(row, by=scene.eve).state == RowState.CONFIRMED


def test_nobody_adds_a_programme_in_another_houses_name_by_calling_his_own_its_authority(scene, client):  # noqa: F811
    body = {"title": "Trap", "kind": "programme", "owner": scene.left.key, "authority": scene.third.key}
    answer = sign_in(client, scene.eve).post("/api/programmes/", body, content_type="application/json")
    assert answer.status_code == 403
    body |= {"owner": scene.third.key}
    made = client.post("/api/programmes/", body, content_type="application/json")
    assert made.status_code == 201
    moved = client.patch(
        f"/api/programmes/{made.json()['code']}/", {"owner": scene.left.key}, content_type="application/json"
    )
    assert moved.status_code == 403
    assert not Programme.objects.filter(owner=scene.left, authority=scene.third).exists()


def test_a_director_reads_the_drafts_of_his_own_house_and_writes_none(scene, client):  # noqa: F811
    draft = changes.save(ProgrammeVersion(programme=scene.source.programme, label="next", hours=100), by=scene.lin)
    own, other = user("Own", ("director", scene.left)), user("Other", ("director", scene.right))
    assert sign_in(client, own).get(f"/programme-versions/{draft.key}/").status_code == 200
    assert client.get(f"/programme-versions/{draft.key}/edit/").status_code == 403
    assert sign_in(client, other).get(f"/programme-versions/{draft.key}/").status_code == 404
    assert str(Texts.of(draft.programme.title)) not in client.get("/search/?q=next").content.decode()
