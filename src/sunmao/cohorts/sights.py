"""Who saw a named learner: written once per learner and request, shown to the learner.

The learner's own look is not written, nor that of a visitor: visitors never see learners.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sunmao.cohorts.models import Learner, Sight
from sunmao.kernel import clock


def note_persons(user: Any, persons: Sequence[Any], face: str, names: Sequence[str] = ()) -> int:
    """Write the same for those of the persons who are learners here; one query where a person is seen."""
    ids = [row.pk for row in persons if row.pk is not None]
    if not user.is_authenticated or not ids:
        return 0
    return note(user, Learner.objects.filter(person__in=ids), face, [name for name in names if name != "title"])


def note(user: Any, learners: Iterable[Learner], face: str, names: Sequence[str] = ()) -> int:
    """Write that a signed-in person was shown learners on a face, with the names of the fields shown; return how many
    sights were written. One insert, whatever the number; a learner counts once per request."""
    if not user.is_authenticated:
        return 0
    told: set[int] = getattr(user, "learners_told", None) or set()
    fresh = {
        row.pk: row for row in learners
        if row.pk not in told and row.erased_on is None and (row.person_id is None or row.person_id != user.person_id)
    }  # fmt: skip
    if not fresh:
        return 0
    user.learners_told = told | set(fresh)
    now, shown = clock.now(), " ".join(dict.fromkeys(("name", *names)))[:500]
    Sight.objects.bulk_create(
        [
            Sight(at=now, actor_key=user.actor_key, actor=user.actor_name, learner=row, learner_uid=row.uid,
                  fields=shown, face=face)
            for row in fresh.values()
        ],
        batch_size=1000,
    )  # fmt: skip
    return len(fresh)
