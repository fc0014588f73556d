"""What the crosswalk workbench shows: the outcomes of the source with a mark per side, and the counterparts of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sunmao.kernel.desk import desk_of
from sunmao.kernel.search import fold
from sunmao.standards import queries
from sunmao.standards.actions import side_of
from sunmao.standards.alignment.items import Slice
from sunmao.standards.models import Crosswalk, CrosswalkRow, Judgement, Outcome, Relation, RowState, Side
from sunmao.standards.sentences import reasons

SHOWS = {
    "": gettext_lazy("all outcomes"), "mine": gettext_lazy("my turn"), "others": gettext_lazy("the other side's turn"),
    "disputed": gettext_lazy("disagreements"), "none": gettext_lazy("without a counterpart"),
}  # fmt: skip
MEANS = {
    Relation.EXACT: gettext_lazy("The target asks for what the source gives. It counts."),
    Relation.TARGET_BROADER: gettext_lazy("The target is broader than the source. It counts as partial evidence only."),
    Relation.TARGET_NARROWER: gettext_lazy("The target is narrower than the source. It counts."),
    Relation.CLOSE: gettext_lazy("Close to each other. It counts only where the legal basis lets close rows count."),
}
KEYS = {Relation.EXACT: "E", Relation.TARGET_BROADER: "B", Relation.TARGET_NARROWER: "N", Relation.CLOSE: "C"}


@dataclass(frozen=True)
class Mark:
    """Where one side stands with an outcome: an icon, its tone, words for those who do not see it."""

    side: str
    name: str
    tone: str
    icon: str
    words: str


@dataclass
class Candidate:
    """A row of the chosen outcome, as the person who judges it sees it."""

    row: CrosswalkRow
    why: list[str]
    said: list[str]
    measured: str
    open: bool
    chosen: bool = False

    @property
    def percent(self) -> int:
        return round(100 * max(0.0, min(1.0, self.row.certainty or 0)))


@dataclass
class Line:
    """An outcome of the source with its rows, and how the sides stand."""

    outcome: Outcome
    rows: list[CrosswalkRow] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    mine: bool = False
    others: bool = False

    @property
    def confirmed(self) -> bool:
        return any(row.state == RowState.CONFIRMED for row in self.rows)

    @property
    def disputed(self) -> bool:
        return not self.confirmed and any(_disputed(row) for row in self.rows)


def _disputed(row: CrosswalkRow) -> bool:
    return len({one.agrees for one in row.judgements.all()}) > 1


class Bench:
    """One crosswalk as one person works on it. Asks for its rows once."""

    def __init__(self, crosswalk: Crosswalk, user: Any) -> None:
        self.crosswalk, self.user = crosswalk, user
        self.sides = {side for side, _organisation in side_of(user, crosswalk)} if user.is_authenticated else set()

    @cached_property
    def lines(self) -> list[Line]:
        found = {
            one.pk: Line(one) for one in self.crosswalk.source.outcomes.select_related("unit").order_by("order", "id")
        }
        numbers = {line.outcome.number: line for line in found.values()}
        rows = self.crosswalk.rows.select_related("source", "target", "target__unit").prefetch_related(
            "judgements__organisation", "judgements__person"
        )
        for row in rows.order_by("-certainty", "-score", "id"):
            for line in (found[row.source_id], *(numbers[n] for n in row.also if n in numbers)):
                line.rows.append(row)
        for line in found.values():
            line.rows.sort(key=_standing)
            line.marks = [self._mark(line, side) for side in Side]
            line.mine = not line.confirmed and any(self.is_open(row) for row in line.rows)
            line.others = not line.confirmed and not line.mine and any(_half(row) for row in line.rows)
        return list(found.values())

    def is_open(self, row: CrosswalkRow) -> bool:
        """True where the person may say a word on the row now."""
        said = {one.side for one in row.judgements.all()}
        return row.state == RowState.PROPOSED and bool(self.sides - said)

    def _mark(self, line: Line, side: Side) -> Mark:
        version = self.crosswalk.source if side == Side.SOURCE else self.crosswalk.target
        programme = version.programme
        name = str(programme.country or programme.owner.country or ("1" if side == Side.SOURCE else "2"))
        who = _(" / ").join(map(str, queries.side(version)))
        words = [one.agrees for row in line.rows for one in row.judgements.all() if one.side == side and _counts(row)]
        if True in words:
            return Mark(side, name, "good", "done", _("%(who)s agrees") % {"who": who})
        if False in words:
            return Mark(side, name, "bad", "cross", _("%(who)s disagrees") % {"who": who})
        if side in self.sides and any(row.state == RowState.PROPOSED for row in line.rows):
            return Mark(side, name, "wait", "turn", _("%(who)s has to decide") % {"who": who})
        return Mark(side, name, "", "ring", _("%(who)s has said nothing") % {"who": who})

    def shown(self, show: str, words: str) -> list[Line]:
        """Return the lines of one sort that hold the words, in either standard's texts."""
        lines = [line for line in self.lines if _fits(line, show)]
        wanted = fold(words).strip()
        return [line for line in lines if wanted in fold(" ".join(_texts(line)))] if wanted else lines

    def next_mine(self, after: str) -> Line | None:
        """Return the next outcome this person must decide, going round at the end."""
        numbers = [line.outcome.number for line in self.lines]
        place = numbers.index(after) + 1 if after in numbers else 0
        return next((line for line in (*self.lines[place:], *self.lines[:place]) if line.mine), None)

    def candidates(self, line: Line, chosen: str = "") -> list[Candidate]:
        """Return the rows of an outcome, those to judge first; `chosen` is the code of the one looked at."""
        bands = queries.precision() if any(row.certainty is not None for row in line.rows) else []
        found = [
            Candidate(row, reasons(row.why), self._said(row), measured(row.certainty, bands), self.is_open(row))
            for row in line.rows
        ]
        named = next((one for one in found if one.row.code == chosen), None)
        first = named or next((one for one in found if one.open), None)
        if first is not None:
            first.chosen = True
        return found

    def _said(self, row: CrosswalkRow) -> list[str]:
        """Return what each side said: who for whom, when, with which remark. Names only for those who may see them."""
        out = []
        for one in sorted(row.judgements.all(), key=lambda j: j.side):
            text = _("%(who)s agrees, %(day)s") if one.agrees else _("%(who)s disagrees, %(day)s")
            said = text % {"who": self._who(one), "day": date_format(one.said_on)}
            out.append(f"{said}: “{one.note}”" if one.note else said)
        if row.instead_of_id:
            out.append(_("Put in the place of another row."))
        return out

    def _who(self, said: Judgement) -> str:
        people = desk_of(said.person)
        seen = people is not None and people.policy.sees(self.user, said.person)
        return f"{said.person}, {said.organisation}" if seen else str(said.organisation)

    def progress(self) -> dict[str, Any]:
        """Return the counts for the head of the page: outcomes, confirmed, and by whose turn it is."""
        counts = {show: sum(_fits(line, show) for line in self.lines) for show in SHOWS}
        done = sum(line.confirmed for line in self.lines)
        rest = len(self.lines) - done - counts["disputed"]
        return {"all": len(self.lines), "confirmed": done, "rest": rest, **counts}


def _counts(row: CrosswalkRow) -> bool:
    """True for rows whose words still say something: not what was refused and put anew, nor what was withdrawn."""
    return row.state in (RowState.PROPOSED, RowState.CONFIRMED) or (row.state == RowState.REJECTED and _disputed(row))


def _half(row: CrosswalkRow) -> bool:
    return row.state == RowState.PROPOSED and bool(row.judgements.all())


def _standing(row: CrosswalkRow) -> int:
    """Order rows: confirmed, spoken on by one side, proposed, closed."""
    if row.state == RowState.CONFIRMED:
        return 0
    if row.state == RowState.PROPOSED:
        return 1 if row.judgements.all() else 2
    return 3


def _fits(line: Line, show: str) -> bool:
    match show:
        case "mine":
            return line.mine
        case "others":
            return line.others
        case "disputed":
            return line.disputed
        case "none":
            return not any(row.state in (RowState.PROPOSED, RowState.CONFIRMED) for row in line.rows)
    return True


def _texts(line: Line) -> Iterable[str]:
    for title in (line.outcome.title, *(row.target.title for row in line.rows)):
        yield from (entry["text"] for entry in title.values())
    yield line.outcome.number


def measured(certainty: float | None, bands: Sequence[Slice]) -> str:
    """Say how often proposals of about this certainty were confirmed; empty where there is none to tell."""
    if certainty is None:
        return ""
    for band in bands:
        if band.low <= certainty < band.high or band is bands[-1]:
            return _("Of %(count)s judged proposals with a certainty from %(low)s to %(high)s people confirmed %(right)s.") % {
                "count": band.count, "low": f"{band.low:.2f}", "high": f"{band.high:.2f}", "right": band.right_count,
            }  # fmt: skip
    return ""


def unmeasured(candidates: Sequence[Candidate]) -> str:
    """Say what the certainty rests on where it is not known yet how often proposals are right here; else empty."""
    if any(one.measured for one in candidates) or not any(one.row.certainty is not None for one in candidates):
        return ""
    return _(
        "Fewer than %(least)s proposals have been judged here so far. The certainty is the share of such proposals that were right where people had judged pairs of other standards, each with a counterpart; here it is not known yet."
    ) % {"least": queries.LEAST_JUDGED}
