"""The table holds policy: whichever answer of a policy is turned round, for any role, a face answers otherwise than
permissions.toml says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from contract.faces import FACES, Broken, ask, of_policy
from contract.permissions import sees, table, verbs
from contract.samples import SAMPLES
from contract.world import ROLES, Someone, World
from sunmao.kernel.desk import Desk, registry
from sunmao.kernel.policy import Policy

pytestmark = pytest.mark.django_db
SEED = 20241108
ASKS = {"list": "see", "offer": "add", "do_offer": "offer"}  # what the verbs of the table are called by policies
DESKS = sorted(set(registry.by_slug) & set(table()) & set(SAMPLES))


def classes() -> dict[type[Policy], list[str]]:
    """Return each policy class with the desks it speaks for."""
    found: dict[type[Policy], list[str]] = {}
    for slug in DESKS:
        found.setdefault(type(registry.by_slug[slug].policy), []).append(slug)
    return found


def answers() -> list[tuple[str, str, str]]:
    """Return (desk, verb, role) of every answer that a policy class gives, each class by one desk of its own; of a
    record that is hidden from the person nothing but its being seen is asked."""
    found = []
    for slugs in classes().values():
        slug, desk = slugs[0], registry.by_slug[slugs[0]]
        for verb in verbs(desk):
            written = verb in ("add", "edit", "import", "offer")
            whole = verb in ("list", "see", "offer", "add", "import")
            if desk.form or not written:
                found += [(slug, verb, role) for role in ROLES if whole or sees(slug, role)]
    return found


def turn_round(monkeypatch: pytest.MonkeyPatch, desk: Desk, verb: str, someone: Someone) -> None:
    """Make the policy say the opposite to one person for one verb: of the whole desk, of the record, of seeing it."""
    policy, asked, row = type(desk.policy), ASKS.get(verb, verb), table()[desk.slug]
    may, visible, one = policy.may, policy.visible, policy.sees
    whole = verb in ("list", "offer", "import")

    def is_person(user: Any) -> bool:
        return getattr(user, "pk", None) == (someone.account.pk if someone.account else None)

    def other_may(self: Any, user: Any, what: str, record: Any = None) -> bool:
        answer = may(self, user, what, record)
        turned = what == asked and is_person(user) and (record is None or not whole)
        if verb == "add" and record is None and turned:
            return True if row["add"][someone.role] == "no" else answer
        if verb == "see" and turned:
            return True
        return not answer if turned else answer

    def other_visible(self: Any, user: Any, rows: Any) -> Any:
        if not is_person(user):
            return visible(self, user, rows)
        return rows.none() if row["see"][someone.role] == "yes" else rows

    monkeypatch.setattr(policy, "may", other_may)
    if verb == "see":
        monkeypatch.setattr(policy, "visible", other_visible)
        monkeypatch.setattr(
            policy,
            "sees",
            lambda self, user, record: Policy.sees(self, user, record) if is_person(user) else one(self, user, record),
        )


def notices(world: World, slug: str, verb: str, role: str) -> Iterator[str]:
    """Yield the faces that answer otherwise than the table says, the policy itself last."""
    desk, someone, wanted = registry.by_slug[slug], world.people[role], table()[slug][verb][role]
    for face in FACES:
        try:
            answer = ask(world, someone, desk, verb, face)
        except Broken:
            answer = "broken"
        if answer != wanted:
            yield face
    if of_policy(world, someone, desk, verb) != wanted:
        yield "policy"


@pytest.mark.slow
def test_any_answer_of_a_policy_turned_round_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch, volume: Any
) -> None:
    every = answers()
    chosen = random.Random(SEED).sample(
        every, min(len(every), volume("answers turned round", sample=25, trial=len(every)))
    )
    assert len(classes()) >= 15
    unnoticed = []
    for slug, verb, role in chosen:
        with monkeypatch.context() as patch:
            turn_round(patch, registry.by_slug[slug], verb, world.people[role])
            if next(notices(world, slug, verb, role), None) is None:
                unnoticed.append(f"{slug}, {verb}, {role}")
    assert unnoticed == []


@pytest.mark.parametrize("slug", ["agreements", "people", "doubts"])
def test_each_face_notices_by_itself_when_rows_are_shown_to_a_stranger(
    world: World, monkeypatch: pytest.MonkeyPatch, slug: str
) -> None:
    turn_round(monkeypatch, registry.by_slug[slug], "see", world.people["stranger"])
    assert set(notices(world, slug, "see", "stranger")) == {"policy", *FACES}
