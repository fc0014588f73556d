"""Every cell of permissions.toml, asked of the policy and on page, REST and command line; and flipping any one answer
of a policy is noticed."""

from __future__ import annotations

from typing import Any

import pytest

from contract.faces import FACES, Broken, ask, of_policy, room_for
from contract.permissions import table, verbs
from contract.samples import SAMPLES
from contract.world import ROLES, World, some
from sunmao.kernel.desk import Desk, registry

pytestmark = pytest.mark.django_db
DESKS = sorted(registry.by_slug)
SEED = 20241108


def test_every_desk_has_a_sample_and_a_row_for_every_verb() -> None:
    missing = [f"no sample of {slug}" for slug in DESKS if slug not in SAMPLES]
    missing += [f"no rows for {slug} in permissions.toml" for slug in DESKS if slug not in table()]
    missing += [f"permissions.toml knows {slug}, the site does not" for slug in table() if slug not in DESKS]
    for slug in set(DESKS) & set(table()):
        wanted, found = set(verbs(registry.by_slug[slug])), set(table()[slug])
        missing += [f"[{slug}] says nothing of {verb}" for verb in sorted(wanted - found)]
        missing += [f"[{slug}] speaks of {verb}, which the desk has not" for verb in sorted(found - wanted)]
    assert missing == []


def test_what_one_may_do_one_may_also_see() -> None:
    blind = [
        f"{slug}, {verb}: the {role}" for slug, rows in table().items() for verb in rows for role in ROLES
        if verb not in ("list", "offer", "add", "import") and rows[verb][role] == "yes" and rows["see"][role] == "no"
    ]  # fmt: skip
    assert blind == []


def answers(world: World, desk: Desk, verb: str, role: str, every: bool) -> dict[str, str]:
    """Return what the policy says, and every face or the one chosen for this cell."""
    found = {"policy": of_policy(world, world.people[role], desk, verb)}
    for face in some(FACES, f"{desk.slug} {verb} {role}", every):
        try:
            found[face] = ask(world, world.people[role], desk, verb, face)
        except Broken as broken:
            found[face] = str(broken)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("slug", [slug for slug in DESKS if slug in SAMPLES and slug in table()])
def test_every_face_answers_as_the_table_says(world: World, slug: str, volume: Any) -> None:
    desk, rows = registry.by_slug[slug], table()[slug]
    every = (
        volume(f"faces asked of {slug}: {len(verbs(desk)) * len(ROLES)} cells times", sample=1, trial=len(FACES)) > 1
    )
    wrong = []
    for verb in verbs(desk):
        with room_for(world, desk, verb):
            wrong += [
                f"{verb}, {role}, {face}: {said}"
                for role in ROLES
                for face, said in answers(world, desk, verb, role, every).items()
                if said != rows[verb][role]
            ]
    assert wrong == []
