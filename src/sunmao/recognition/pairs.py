"""One programme against one profile in words: what covers what, what is missing; and answers to what would unlock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sunmao.directory.fields import Country
from sunmao.kernel.cells import Tag, tag, tag_of
from sunmao.recognition import sentences
from sunmao.recognition.decide import Decision
from sunmao.recognition.models import Result
from sunmao.recognition.queries import indication, overview
from sunmao.recognition.queries.programmes import outcome_key
from sunmao.recognition.record import State
from sunmao.recognition.unlocking import Key
from sunmao.standards.models import CrosswalkRow, Outcome, ProgrammeVersion, RowState

SHOWN = 20  # pairs of one answer on the page


@dataclass(frozen=True)
class Line:
    """An outcome of the target, the confirmed rows towards it, and whether it is covered, missing or not needed."""

    outcome: Outcome
    rows: list[CrosswalkRow]
    covered: bool
    missing: bool


@dataclass(frozen=True)
class Pair:
    """One pair: its cell of the matrix, its outcomes line by line, and today's indication."""

    cell: overview.Cell
    lines: list[Line]
    decision: Decision


def pair(home: ProgrammeVersion, target: ProgrammeVersion, purpose: str) -> Pair:
    """Return one pair as of today."""
    found = overview.Overview([home], [target], purpose)
    cell, missing = found.cell(0, 0), set(found.matrix.lacking(0, 0))
    covered = set(found.matrix.covers(0, 0))
    rows: dict[int, list[CrosswalkRow]] = {}
    confirmed = CrosswalkRow.objects.filter(
        crosswalk__source=home, crosswalk__target=target, state=RowState.CONFIRMED
    ).select_related("source__version")
    for row in confirmed.order_by("id"):
        rows.setdefault(row.target_id, []).append(row)
    lines = [
        Line(one, rows.get(one.pk, []), outcome_key(one) in covered, outcome_key(one) in missing)
        for one in target.outcomes.select_related("version").order_by("order", "id")
    ]
    return Pair(cell, lines, indication(home, target, found.purpose))  # type: ignore[arg-type]


def groups(found: Pair) -> list[dict[str, Any]]:
    """Return the outcomes in groups, gaps first: critical, other, covered, not needed."""
    titles = {
        "critical": _("Gaps: critical"), "other": _("Gaps: other"), "covered": _("Covered"),
        "open": _("Not covered, and not needed"),
    }  # fmt: skip
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in titles}
    for line in found.lines:
        state = Tag(_("Covered"), "good") if line.covered else Tag(_("Missing"), "cross")
        if not line.covered and line.rows:
            state = Tag(_("In part"), "wait")
        name = "covered" if line.covered else "open"
        if line.missing:
            name = "critical" if line.outcome.critical else "other"
        rows[name].append({"line": line, "state": tag(state)})
    return [{"title": titles[name], "rows": own} for name, own in rows.items() if own]


def result(found: Pair) -> Any:
    """Return what it comes to today as a tag."""
    return tag(tag_of(Result(found.decision.result.value)))


def reasons(found: Pair) -> list[tuple[Any, Any]]:
    """Return the elements that stand in the way, each with what was found."""
    return [(sentences.ELEMENTS[e.name], sentences.element(e)) for e in found.decision.elements if e.state != State.MET]


def data_of_pair(found: Pair) -> dict[str, Any]:
    """Return the JSON of a pair."""
    return {
        **data_of_cell(found.cell),
        "result": found.decision.result.value,
        "outcomes": [
            {
                "outcome": outcome_key(line.outcome), "critical": line.outcome.critical, "covered": line.covered,
                "missing": line.missing, "rows": [row.code for row in line.rows],
            }
            for line in found.lines
        ],
    }  # fmt: skip


def data_of_cell(cell: overview.Cell) -> dict[str, Any]:
    """Return the JSON of a cell."""
    return {
        "from": cell.home.code, "to": cell.target.code, "asked": cell.asked, "covered": cell.covered,
        "missing": list(cell.missing), "critical_missing": cell.critical, "laid_side_by_side": cell.beside,
        "instrument": cell.instrument or None,
    }  # fmt: skip


def sentence(one: overview.Answer) -> str:
    """Return what is missing, in one sentence."""
    home, target = one.pairs[0]
    if one.kind is Key.INSTRUMENT:
        return _("An instrument from %(home)s to %(host)s") % {
            "home": Country(one.countries[0]).label, "host": Country(one.countries[1]).label
        }  # fmt: skip
    if one.kind is Key.MODULE:
        return _("A bridging module for “%(target)s”") % {"target": target}
    return _("A crosswalk row from “%(home)s” to “%(target)s”") % {"home": home, "target": target}


def learners(n: int) -> str:
    """Return a count of learners, never a number below the least."""
    if n < overview.LEAST:
        return _("fewer than %(least)s learners") % {"least": overview.LEAST}
    return ngettext("%(n)s learner", "%(n)s learners", n) % {"n": n}


def counted(one: overview.Answer) -> str:
    """Return how many learners an answer would reach."""
    if not one.fewer:
        return learners(one.learners)
    few = ngettext(
        "%(n)s programme with fewer than %(least)s learners", "%(n)s programmes with fewer than %(least)s learners", one.fewer
    ) % {"n": one.fewer, "least": overview.LEAST}  # fmt: skip
    return _("%(sure)s, and %(few)s") % {"sure": learners(one.learners), "few": few} if one.learners else few


def told(found: Mapping[Key, list[overview.Answer]]) -> list[dict[str, Any]]:
    """Return the answers by kind for the page."""
    heads = {
        Key.ROW: _("A single crosswalk row"), Key.INSTRUMENT: _("A single instrument"),
        Key.MODULE: _("A single bridging module"),
    }  # fmt: skip
    return [{"key": kind.value, "title": heads[kind], "rows": [_row(one) for one in found[kind]]} for kind in Key]


def _row(one: overview.Answer) -> dict[str, Any]:
    reach = [(home, target, learners(one.counts[home.pk])) for home, target in one.pairs[:SHOWN]]
    more = len(one.pairs) - len(reach)
    return {"one": one, "says": sentence(one), "count": counted(one), "reach": reach, "more": more}


def data_of_answer(one: overview.Answer) -> dict[str, Any]:
    """Return the JSON of an answer; programmes with fewer learners than the least enter no number."""
    return {
        "kind": one.kind.value, "says": sentence(one), "learners": one.learners or None,
        "programmes_with_fewer": one.fewer, "least": overview.LEAST,
        "pairs": [{"from": home.code, "to": target.code} for home, target in one.pairs],
        "outcomes": [outcome_key(row) for row in one.outcomes],
        "countries": list(one.countries) if one.kind is Key.INSTRUMENT else None,
        "proposed_rows": [row.code for row in one.proposed],
    }  # fmt: skip
