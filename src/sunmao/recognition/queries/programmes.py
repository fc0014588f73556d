"""Versions of programmes as the core sees them: outcomes, units, level, requirement, by stable keys."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.utils.translation import gettext as _

from sunmao.recognition import facts, terms, tree
from sunmao.standards.models import Outcome, ProgrammeVersion, VersionState


def published(code: str) -> ProgrammeVersion:
    """Return a published version by its code. Raises Http404."""
    rows = ProgrammeVersion.objects.filter(state=VersionState.PUBLISHED, code=code)
    found = rows.select_related("programme__owner", "level__framework").first()
    if found is None:
        raise Http404
    return found


def outcome_key(outcome: Outcome) -> str:
    """Return the key of an outcome in decisions: its version's code and its number in it, as in `PV-00002/1.2`."""
    return f"{outcome.version.code}/{outcome.number}"


def outcome_keys(outcome: Outcome, also: Iterable[str]) -> list[str]:
    """Return the keys of an outcome and of further ones of its version by their numbers."""
    return [outcome_key(outcome), *(f"{outcome.version.code}/{number}" for number in also)]


def unit_key(version: str, number: int) -> str:
    """Return the key of a unit in decisions, as in `PV-00002/unit 1`."""
    return f"{version}/unit {number}"


def hundredths(credits: Decimal | None) -> int:
    """Return credits in whole hundredths; 0 where none are stated."""
    return int((credits or Decimal(0)) * 100)


def level_of(version: ProgrammeVersion) -> terms.Level:
    """Return a version's level. One that is not stated is a framework of its own, which nothing references."""
    if version.level is None:
        return terms.Level(f"not stated: {version.code}", 0)
    return terms.Level(version.level.framework.code, version.level.step)


def programme_of(version: ProgrammeVersion) -> facts.ProgrammeVersion:
    """Return a version of the standards room as the core's. Raises ValidationError for a requirement that names what
    the version does not have."""
    outcomes = list(version.outcomes.all())
    keys = {o.number: outcome_key(o) for o in outcomes}
    by_unit: dict[int, list[str]] = {}
    for outcome in outcomes:
        if outcome.unit_id is not None:
            by_unit.setdefault(outcome.unit_id, []).append(keys[outcome.number])
    units = {u.number: u for u in version.units.all()}
    in_unit = {number: by_unit.get(unit.pk, []) for number, unit in units.items()}
    made = facts.ProgrammeVersion(
        key=version.code,
        country=str(version.programme.country),
        field=version.programme.field,
        level=level_of(version),
        outcomes=tuple(terms.Outcome(keys[o.number], o.critical) for o in outcomes),
        requirement=_requirement(version.requirement, keys, in_unit),
        units=tuple(
            terms.Unit(unit_key(version.code, n), frozenset(in_unit[n]), hundredths(unit.credits))
            for n, unit in sorted(units.items())
        ),
        credits=hundredths(version.credits),
        institution=version.programme.owner.code,
    )
    try:
        made.compiled  # noqa: B018
    except ValueError as error:
        raise ValidationError(
            _("The requirement of %(version)s cannot be read.") % {"version": version.code}
        ) from error
    return made


def _requirement(stated: Any, keys: dict[str, str], in_unit: dict[int, list[str]]) -> tree.Requirement:
    """Return the tree; without one, every outcome is asked."""
    if not stated:
        return tree.AllOf(tuple(tree.Need(key) for key in keys.values()))
    return _node(stated, keys, in_unit, "block")


def _node(part: Any, keys: dict[str, str], in_unit: dict[int, list[str]], path: str) -> tree.Requirement:
    if "outcome" in part:
        return tree.Need(keys.get(part["outcome"], part["outcome"]))
    if "unit" in part:
        return tree.AllOf(tuple(tree.Need(key) for key in in_unit.get(part["unit"], ())))
    if "credits" in part:
        accepts = frozenset().union(*(_leaves(item, keys, in_unit) for item in part["of"]))
        return tree.Credits(path, hundredths(Decimal(str(part["credits"]))), accepts)
    inner = part.get("all") or part.get("any") or part["of"]
    parts = tuple(_node(item, keys, in_unit, f"{path}.{i}") for i, item in enumerate(inner, 1))
    if "all" in part:
        return tree.AllOf(parts)
    return tree.AnyOf(parts) if "any" in part else tree.KOf(part["k"], parts)


def _leaves(part: Any, keys: dict[str, str], in_unit: dict[int, list[str]]) -> frozenset[str]:
    if "outcome" in part:
        return frozenset({keys.get(part["outcome"], part["outcome"])})
    if "unit" in part:
        return frozenset(in_unit.get(part["unit"], ()))
    inner = part.get("all") or part.get("any") or part.get("of") or ()
    return frozenset().union(*(_leaves(item, keys, in_unit) for item in inner))


def shown_by_award(programme: facts.ProgrammeVersion) -> frozenset[str]:
    """Return the outcomes that whoever completed the programme has shown for certain: those its requirement asks of
    everybody."""
    compiled = programme.compiled
    return frozenset(compiled.names(compiled.essential))
