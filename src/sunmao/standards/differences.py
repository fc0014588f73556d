"""What a version changed against the one before it, and which crosswalks rest on what it changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from sunmao.standards.models import Crosswalk, CrosswalkRow, Outcome, ProgrammeVersion, RowState


@dataclass(frozen=True)
class Difference:
    """One outcome that is new, gone or otherwise; `tone` as of the states: good new, bad gone, go changed."""

    number: str
    word: str
    tone: str
    before: Outcome | None
    after: Outcome | None
    says: str = ""


def before(version: ProgrammeVersion) -> ProgrammeVersion | None:
    """Return the version of the same standard that came before, if there is one."""
    rows = ProgrammeVersion.objects.filter(programme=version.programme_id, id__lt=version.pk)
    return rows.select_related("programme").order_by("-id").first()


def differences(old: ProgrammeVersion, new: ProgrammeVersion) -> list[Difference]:
    """Return what differs, outcome by outcome in the order of the new version; what is gone comes last."""
    held = {one.number: one for one in old.outcomes.select_related("unit", "level")}
    found = []
    for one in new.outcomes.select_related("unit", "level").order_by("order", "id"):
        former = held.pop(one.number, None)
        if former is None:
            found.append(Difference(one.number, _("new"), "good", None, one))
        elif changed := _changed(former, one):
            found.append(Difference(one.number, _("changed"), "go", former, one, ", ".join(changed)))
    gone = sorted(held.values(), key=lambda one: (one.order, one.pk))
    return [*found, *(Difference(one.number, _("gone"), "bad", one, None) for one in gone)]


def _changed(old: Outcome, new: Outcome) -> list[str]:
    """Return the names of the fields in which two outcomes of one number differ."""
    fields = ("title", "kind", "critical", "level", "credits", "hours")
    differing = [name for name in fields if getattr(old, name) != getattr(new, name)]
    if (old.unit.number if old.unit else None) != (new.unit.number if new.unit else None):
        differing.append("unit")
    return [str(Outcome._meta.get_field(name).verbose_name) for name in differing]  # type: ignore[union-attr]


def touched(old: ProgrammeVersion, found: list[Difference]) -> list[tuple[Crosswalk, int]]:
    """Return the crosswalks of the version before, each with how many of its counting rows rest on what is changed or
    gone."""
    moved = [one.before.pk for one in found if one.before is not None]
    walks = Crosswalk.objects.filter(Q(source=old) | Q(target=old)).order_by("id")
    rows = CrosswalkRow.objects.filter(state=RowState.CONFIRMED).filter(Q(source__in=moved) | Q(target__in=moved))
    held: dict[int, int] = {}
    for walk in rows.values_list("crosswalk_id", flat=True):
        held[walk] = held.get(walk, 0) + 1
    walks = walks.select_related("source__programme", "target__programme")
    return [(walk, held.get(walk.pk, 0)) for walk in walks]


def part(version: ProgrammeVersion, user: Any) -> dict[str, Any]:
    """Return what the version's page shows of it; hidden for a first version."""
    old = before(version)
    if old is None:
        return {"hidden": True}
    found = differences(old, version)
    return {"count": len(found), "old": old, "found": found, "touched": touched(old, found)}
