"""What binds an institution is done right after a sign-in with a second factor, or not at all: every binding deed of
every desk refuses whoever has none or used it a while ago, whatever is sent and whatever the record's state."""

from __future__ import annotations

import pytest

from contract.permissions import table
from contract.world import SIGNED_IN, World, attempt
from sunmao.kernel.desk import registry
from sunmao.kernel.models import Change

pytestmark = pytest.mark.django_db
BINDING = [(slug, deed.name) for slug, desk in sorted(registry.by_slug.items()) for deed in desk.deeds if deed.binding]
STATUSES, NOT_NOW = (403, 403, 403), (409, 403, 403)  # of showing the form, sending it, and REST
TOO_WEAK = [how for how in SIGNED_IN if how != "afresh"]


@pytest.mark.parametrize(("slug", "name"), BINDING)
def test_a_binding_deed_refuses_who_did_not_just_sign_in_with_a_second_factor(
    world: World, slug: str, name: str
) -> None:
    desk, record = registry.by_slug[slug], world.sample(slug)
    deed = next(deed for deed in desk.deeds if deed.name == name)
    page, api = f"{desk.url(record)}do/{name}/", f"/api/{slug}/{record.key}/{name}/"
    roles = [role for role, cell in table()[slug][name].items() if cell == "yes"]
    written, faults = Change.objects.count(), []
    for someone in (world.people[role] for role in roles):
        for how in TOO_WEAK:
            client = someone.client(signed_in=how)
            with attempt():
                shown, sent = client.get(page), client.post(page, {})
                answer = someone.send("post", api, {}, signed_in=how)
            asked = (shown.status_code, sent.status_code, answer.status_code)
            if asked not in ((STATUSES,) if deed.when(record) else (STATUSES, NOT_NOW)):
                faults.append(f"the {someone.role}, signed in {how}: {asked}")
            if answer.json()["error"]["code"] != "second-factor" or b"/accounts/fresh/" not in sent.content:
                faults.append(f"the {someone.role}, signed in {how}, is not told of the second factor")
        with attempt():
            said = someone.command("do", slug, record.key, name, code="")
            if (said.code, "--code" in said.err) != (3, True):
                faults.append(f"the {someone.role} on the command line: {said}")
            if someone.send("post", api, {}).status_code == 403:
                faults.append(f"the {someone.role} is refused even when signed in afresh")
    assert roles
    assert faults == []
    assert Change.objects.count() == written
