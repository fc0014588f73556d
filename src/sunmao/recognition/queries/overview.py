"""What a ministry asks: the coverage of all programmes of a country against all of another, and which single crosswalk
row, instrument or module would open recognition to most learners.

For outcomes and legal basis only, as of today; what comes of one pair in full is its indication. Counts of learners
below LEAST are never given, and enter no sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Any

from django.db.models import Count, Prefetch, QuerySet, prefetch_related_objects

from sunmao.cohorts.models import CohortState, Enrolment, EnrolmentState
from sunmao.kernel import clock
from sunmao.recognition import facts, models
from sunmao.recognition.coverage import Parties
from sunmao.recognition.decide import STRENGTH
from sunmao.recognition.evidence import Application, Credential
from sunmao.recognition.inquiry import Inquiry
from sunmao.recognition.matrix import Home, Matrix, Rule
from sunmao.recognition.queries.asking import anybody_with
from sunmao.recognition.queries.held import Held
from sunmao.recognition.queries.programmes import outcome_key, programme_of
from sunmao.recognition.queries.rows import RowsToday
from sunmao.recognition.queries.world import competences, instruments
from sunmao.recognition.scope import reason_against
from sunmao.recognition.terms import Basis, Purpose, RowsFrom
from sunmao.recognition.unlocking import NO_INSTRUMENT, PRESUMED, Key, Unlocking, modules_of, unlock
from sunmao.recognition.world import World
from sunmao.standards.models import Crosswalk, CrosswalkRow, Outcome, ProgrammeVersion, RowState, VersionState

_OUTCOME = ("number", "critical", "unit_id", "version_id")
_HELD: Held[Overview] = Held()
_ASKED = Lock()  # the learners of one question are set on the matrix that is held
LEAST = 5  # learners; the same as of the public tables of figures
_NO_RECOGNITION = (Basis.INSTITUTIONAL, Basis.EMPLOYER)  # credit only, or one employer's own work


def versions_of(country: str, on: date | None = None) -> QuerySet[ProgrammeVersion]:
    """Return the published versions of a country that are in force on a day, by name."""
    day = on or clock.today()
    rows = ProgrammeVersion.objects.filter(state=VersionState.PUBLISHED, programme__country=country)
    rows = rows.exclude(from_on__gt=day).exclude(until_on__lte=day)
    return rows.select_related("programme__owner", "level__framework").order_by("programme__sort", "code")


def countries_of_versions() -> list[str]:
    """Return the countries whose programmes or profiles are on record."""
    rows = ProgrammeVersion.objects.filter(state=VersionState.PUBLISHED).exclude(programme__country="")
    return sorted({str(code) for code in rows.values_list("programme__country", flat=True).distinct()})


@dataclass(frozen=True)
class Cell:
    """One pair: how many outcomes the target asks, which of them are missing, how many of these are critical.

    `beside` is False where nothing has been laid side by side: then everything is missing for want of a crosswalk.
    """

    home: ProgrammeVersion
    target: ProgrammeVersion
    asked: int
    missing: tuple[str, ...]
    critical: int
    beside: bool
    instrument: str

    @property
    def covered(self) -> int:
        return self.asked - len(self.missing)


class Overview:
    """Programmes against profiles, for one purpose, as of a day; each pair under the instrument best for the holder."""

    def __init__(
        self,
        homes: Iterable[ProgrammeVersion],
        targets: Iterable[ProgrammeVersion],
        purpose: str,
    ) -> None:
        self.homes, self.targets, self.purpose = list(homes), list(targets), Purpose(purpose)
        prefetch_related_objects(
            [*self.homes, *self.targets], Prefetch("outcomes", Outcome.objects.only(*_OUTCOME)), "units"
        )
        self.day = clock.today()
        countries = {str(v.programme.country) for v in (*self.homes, *self.targets)}
        hosts = {str(v.programme.country) for v in self.targets}
        law = {fact.key: fact for host in sorted(hosts) for fact in instruments(host)}
        world = World.of([*law.values(), *competences(countries)])
        self._inquiry = Inquiry(world, self.day, clock.now())
        self._programmes = [programme_of(version) for version in self.targets]
        self._held = [anybody_with(version, awarded_on=self.day).credentials[0] for version in self.homes]
        self._bases: dict[tuple[str, str, int], facts.Instrument | None] = {}
        self._bound = any(isinstance(f, facts.Instrument) and f.home_parties for f in law.values())
        homes_seen = [Home(held.programme, held.country, held.outcomes) for held in self._held]
        self._place = {target.key: place for place, target in enumerate(self._programmes)}
        self._of_country = {held.country: held for held in self._held}
        self.matrix = Matrix(homes_seen, self._programmes, RowsToday(self.homes, self.targets, self.day), self._rule)
        for version in (*self.homes, *self.targets):
            vars(version)["_prefetched_objects_cache"] = {}  # the matrix holds what it needs of them

    def _rule(self, home: str, target: facts.ProgrammeVersion) -> Rule:
        competent = self._inquiry.authorities(target.country, target.field)
        either = self._inquiry.authorities(target.country) | self._inquiry.authorities(home)
        basis = self.basis(self._of_country[home], self._place[target.key])
        if basis is None:
            return Rule(Parties(either, competent))
        return Rule(Parties(either, competent), basis.rows_from is RowsFrom.HOST, basis.close_counts)

    def basis(self, held: Credential, t: int) -> facts.Instrument | None:
        """Return the instrument best for the holder: the one that lets most be missing, then the strongest."""
        key = held.country, held.issuer if self._bound else "", t
        if key not in self._bases:
            self._bases[key] = max(self._in_scope(held, self._programmes[t]), key=_lenient, default=None)
        return self._bases[key]

    def _in_scope(self, held: Credential, target: facts.ProgrammeVersion) -> list[facts.Instrument]:
        if held.country == target.country:
            return []
        asked = Application(target=target.key, purpose=self.purpose, applied_on=self.day)
        return [
            row for row in self._inquiry.world.instruments.get(target.country, ())
            if row.basis not in _NO_RECOGNITION and row.known.at(self._inquiry.known_at)
            and not reason_against(self._inquiry, row, held, target, asked)
        ]  # fmt: skip

    @cached_property
    def _beside(self) -> set[tuple[int, int]]:
        found = Crosswalk.objects.filter(source__in=self.homes, target__in=self.targets)
        return set(found.values_list("source_id", "target_id"))

    def cell(self, h: int, t: int) -> Cell:
        """Return one pair."""
        basis, tree = self.basis(self._held[h], t), self._programmes[t].compiled
        missing = self.matrix.lacking(h, t)
        critical = (tree.mask(set(missing)) & tree.critical).bit_count()
        beside = (self.homes[h].pk, self.targets[t].pk) in self._beside
        key = basis.key if basis else ""
        return Cell(self.homes[h], self.targets[t], tree.breadth, missing, critical, beside, key)

    def rows(self) -> list[tuple[ProgrammeVersion, list[Cell]]]:
        """Return the cells, a line for each home programme."""
        return [(home, [self.cell(h, t) for t in range(len(self.targets))]) for h, home in enumerate(self.homes)]

    def unlocking(self, most: int, learners: Mapping[int, int]) -> dict[Key, list[Unlocking]]:
        """Return what would unlock most learners, who are counted by version."""
        import numpy as np  # only where it is needed

        counted = zip(self.matrix.homes, self.homes, strict=True)
        self.matrix.homes = tuple(replace(home, learners=learners.get(version.pk, 0)) for home, version in counted)
        lines: dict[tuple[str, str], Any] = {}
        for held in self._held:
            key = held.country, held.issuer if self._bound else ""
            if key not in lines:
                bases = [self.basis(held, t) for t in range(len(self._programmes))]
                lines[key] = np.array(
                    [_allowed(basis, target) for basis, target in zip(bases, self._programmes, strict=True)], np.int16
                )
        rows = [lines[held.country, held.issuer if self._bound else ""] for held in self._held]
        allowed = np.array(rows, np.int16).reshape(len(self.homes), len(self.targets))
        offered = modules_of(self.matrix, _offered(self.targets))
        return unlock(self.matrix, allowed, most=most, offered=offered)


def _allowed(basis: facts.Instrument | None, target: facts.ProgrammeVersion) -> int:
    if basis is None:
        return NO_INSTRUMENT
    if basis.basis is Basis.CONVENTION:
        return PRESUMED
    return basis.thresholds.missing_percent * target.compiled.breadth // 100


def _lenient(basis: facts.Instrument) -> tuple[bool, int, bool, int]:
    presumes = basis.basis is Basis.CONVENTION
    return presumes, basis.thresholds.missing_percent, basis.close_counts, STRENGTH[basis.basis]


def _offered(targets: Sequence[ProgrammeVersion]) -> dict[str, list[frozenset[str]]]:
    """Return what the modules on offer give, by target."""
    rows = models.ModuleOutcome.objects.filter(
        outcome__version__in=targets, module__recorded_at__isnull=False, module__superseded_at=None
    ).select_related("outcome__version", "module")
    today, found = clock.today(), dict[tuple[str, int], set[str]]()
    for row in rows:
        if row.module.holds_on(today):
            found.setdefault((row.outcome.version.code, row.module_id), set()).add(outcome_key(row.outcome))
    gives: dict[str, list[frozenset[str]]] = {}
    for (code, _module), keys in found.items():
        gives.setdefault(code, []).append(frozenset(keys))
    return gives


def learners_by_version() -> dict[int, int]:
    """Return how many learners each version of a programme has: those who have not left, of groups that take place."""
    rows = Enrolment.objects.exclude(state=EnrolmentState.WITHDRAWN).exclude(cohort__state=CohortState.CANCELLED)
    counted = rows.order_by().values_list("cohort__version").annotate(n=Count("learner", distinct=True))
    return {version: n for version, n in counted}  # noqa: C416


@dataclass(frozen=True)
class Answer:
    """One thing that would unlock learners. `learners` is the sum over programmes with LEAST or more; `fewer` counts
    the programmes with less, of which no number may be given; `counts` holds all of them, by version."""

    kind: Key
    learners: int
    fewer: int
    counts: dict[int, int]
    pairs: list[tuple[ProgrammeVersion, ProgrammeVersion]]
    outcomes: list[Outcome]
    countries: tuple[str, str]
    proposed: list[CrosswalkRow]


def would_unlock(home: str, host: str, purpose: str, *, most: int = 10) -> dict[Key, list[Answer]]:
    """Return which single row, instrument or module would unlock most learners of a country's programmes towards
    profiles of another, or of all others where `host` is blank."""
    counts = learners_by_version()
    homes = [version for version in versions_of(home) if counts.get(version.pk)]
    targets = [
        version for code in ([host] if host else countries_of_versions()) if code != home for version in versions_of(code)
    ]  # fmt: skip
    weighed = {pk: n if n >= LEAST else 1 for pk, n in counts.items()}
    key = purpose, clock.today(), tuple(v.pk for v in homes), tuple(v.pk for v in targets)
    with _ASKED:
        found = _HELD.get(key, lambda: Overview(homes, targets, purpose)).unlocking(most, weighed)
    by_code = {version.code: version for version in (*homes, *targets)}
    keys = {key for answers in found.values() for one in answers for key in one.outcomes}
    named = _outcomes(keys)
    return {kind: [_answer(one, by_code, counts, named) for one in answers] for kind, answers in found.items()}


def _outcomes(keys: set[str]) -> dict[str, Outcome]:
    rows = Outcome.objects.filter(version__code__in={key.split("/", 1)[0] for key in keys}).select_related("version")
    return {outcome_key(row): row for row in rows}


def _answer(
    one: Unlocking, by_code: Mapping[str, ProgrammeVersion], counts: Mapping[int, int], named: Mapping[str, Outcome]
) -> Answer:
    pairs = [(by_code[home], by_code[target]) for home, target in one.pairs]
    homes = {home.pk: counts.get(home.pk, 0) for home, _target in pairs}
    outcomes = [named[key] for key in one.outcomes]
    proposed: list[Any] = []
    if one.kind is Key.ROW:
        rows = CrosswalkRow.objects.filter(crosswalk__source=pairs[0][0], target__in=outcomes)
        proposed = list(
            rows.filter(state=RowState.PROPOSED).select_related("source", "target").order_by("-certainty", "id")
        )
    told = sum(n for n in homes.values() if n >= LEAST)
    fewer = sum(n < LEAST for n in homes.values())
    return Answer(one.kind, told, fewer, homes, pairs, outcomes, one.countries, proposed)
