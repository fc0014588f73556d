"""Crosswalk rows for the overviews: what counts on one day between many versions, read as few plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter

from sunmao.recognition import facts
from sunmao.recognition.queries.world import RELATIONS, authority_of
from sunmao.standards.models import CrosswalkRow, Judgement, ProgrammeVersion, Relation, RowState

BATCH = 20  # targets read in one go


class RowsToday:
    """The confirmed rows from `homes` to `targets` that count on a day, by target outcome. Only those of a few targets
    are held at a time, so ask in the order of targets; asked in another, they are read again."""

    def __init__(self, homes: Sequence[ProgrammeVersion], targets: Sequence[ProgrammeVersion], day: date) -> None:
        self._homes = {version.pk: version.code for version in homes}
        self._targets = [(version.pk, version.code) for version in targets]
        self._batch_of = {version.code: place // BATCH for place, version in enumerate(targets)}
        self._day = day
        self._held = -1
        self._rows: dict[str, list[facts.CrosswalkRow]] = {}

    def get(self, outcome: str, default: Sequence[facts.CrosswalkRow] = ()) -> Sequence[facts.CrosswalkRow]:
        """Return the rows towards one target outcome, by its key."""
        batch = self._batch_of.get(outcome.partition("/")[0])
        if batch is None:
            return default
        if batch != self._held:
            self._rows = {}
            for row in self._read(self._targets[batch * BATCH : (batch + 1) * BATCH]):
                self._rows.setdefault(row.target, []).append(row)
            self._held = batch
        return self._rows.get(outcome, default)

    def _read(self, targets: list[tuple[int, str]]) -> Iterator[facts.CrosswalkRow]:
        codes = dict(targets)
        rows = CrosswalkRow.objects.filter(
            crosswalk__target__in=list(codes), crosswalk__source__in=list(self._homes),
            state__in=(RowState.CONFIRMED, RowState.WITHDRAWN), from_on__lte=self._day,
        ).exclude(until_on__lte=self._day)  # fmt: skip
        said = Judgement.objects.filter(agrees=True, row__in=rows.values("pk")).order_by("row_id", "id")
        judged = said.values_list("row_id", "organisation__kind", "side", "organisation__code")
        authorities = {row: authority_of([item[1:] for item in own]) for row, own in groupby(judged, itemgetter(0))}
        names = (
            "pk",
            "code",
            "relation",
            "also",
            "source__number",
            "source__version",
            "target__number",
            "target__version",
        )
        for pk, code, relation, also, number, source, asked, target in rows.order_by("pk").values_list(*names):
            home = self._homes[source]
            yield facts.CrosswalkRow(
                key=code, sources=frozenset(f"{home}/{n}" for n in (number, *also)), target=f"{codes[target]}/{asked}",
                relation=RELATIONS[Relation(relation)], authority=authorities[pk],
            )  # fmt: skip
