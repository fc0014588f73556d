"""Indications: what a case, or a qualification of nobody in particular, would come to. Never a decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from sunmao.directory.models import Organisation
from sunmao.kernel import clock
from sunmao.recognition import terms
from sunmao.recognition.decide import Decision, decide
from sunmao.recognition.evidence import Application, Credential, Evidence
from sunmao.recognition.models import Case, Instrument, InstrumentState, Purpose, Result, Revocation
from sunmao.recognition.queries.evidence import evidence_of, unit_of, units_of
from sunmao.recognition.queries.programmes import level_of, programme_of, shown_by_award
from sunmao.recognition.queries.world import world_of
from sunmao.standards.models import Crosswalk, ProgrammeVersion, Unit, VersionState

INDICATION = _("An indication, not a decision: only the authority named decides.")
ASKED = "qualification asked about"


def case_indication(
    case: Case, *, as_of: date | None = None, known_at: datetime | None = None
) -> tuple[Decision, Evidence]:
    """Return what a case comes to on a day from what is known at an instant, and the evidence as it stands now."""
    evidence = evidence_of(case)
    application = Application(
        target=case.target.code, purpose=terms.Purpose(case.purpose), applied_on=case.applied_on,
        fee_paid=case.fee_settled,
    )  # fmt: skip
    now = clock.now()
    decision = decide(
        world_of(case.target, evidence), evidence, application, as_of=as_of or now.date(), known_at=known_at or now
    )
    return decision, evidence


def anybody_with(
    home: ProgrammeVersion, *, unit: Unit | None = None, issuer: Organisation | None = None, awarded_on: date
) -> Evidence:
    """Return the evidence of a holder who has completed a programme, or one unit of it, and brings nothing else."""
    programme = programme_of(home)
    one = unit_of(programme, unit) if unit is not None else None
    shown = shown_by_award(programme) if one is None else one.outcomes
    units = units_of(programme, shown) if one is None else (one,) * bool(one.credits)
    return Evidence(
        learner="anybody",
        credentials=(
            Credential(
                key=ASKED, programme=home.code, issuer=(issuer or home.programme.owner).code,
                country=programme.country, field=programme.field, level=level_of(home), awarded_on=awarded_on,
                outcomes=shown, units=units, credits=programme.credits if one is None else 0, unit=one.key if one else "",
            ),
        ),
    )  # fmt: skip


def indication(
    home: ProgrammeVersion,
    target: ProgrammeVersion,
    purpose: Purpose,
    *,
    issuer: Organisation | None = None,
    awarded_on: date | None = None,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Decision:
    """Return what a completed programme would count for towards a target: no personal data goes in or comes out."""
    now = clock.now()
    day = as_of or now.date()
    evidence = anybody_with(home, issuer=issuer, awarded_on=awarded_on or day)
    return indication_under(evidence, target, purpose, as_of=day, known_at=known_at or now)


def indication_under(
    evidence: Evidence, target: ProgrammeVersion, purpose: Purpose, *, as_of: date, known_at: datetime
) -> Decision:
    """Return what evidence would come to towards a target, applied for on the day asked about, the fee paid."""
    asked = Application(target=target.code, purpose=terms.Purpose(str(purpose)), applied_on=as_of)
    return decide(world_of(target, evidence), evidence, asked, as_of=as_of, known_at=known_at)


@dataclass(frozen=True)
class Recognised:
    """One line of "recognised where today": an indication, not a decision.

    `until` is the first day on which the instrument no longer holds; None where it has no end. `target` is None
    where an instrument is in force but nothing has been laid side by side yet: the result is then pending.
    """

    country: str
    purpose: Purpose
    result: Result
    authority: Organisation
    instrument: Instrument
    until: date | None
    target: ProgrammeVersion | None
    decision: Decision | None = None
    note = INDICATION


def targets_in(country: str, home: ProgrammeVersion) -> list[ProgrammeVersion]:
    """Return the published versions of a country that a home version has been laid beside."""
    rows = Crosswalk.objects.filter(source=home, target__programme__country=country)
    rows = rows.filter(target__state=VersionState.PUBLISHED).select_related("target__programme__owner")
    return [row.target for row in rows.order_by("target__code")]


def recognised_today(
    home: ProgrammeVersion,
    *,
    unit: Unit | None = None,
    issuer: Organisation | None = None,
    awarded_on: date | None = None,
    on: date | None = None,
) -> list[Recognised]:
    """Return where a completed programme, or one unit of it, is recognised: per instrument in force from its country, per target laid
    beside it, per purpose. What is out of scope or refused is left out; a country without a line refuses nothing."""
    now = clock.now()
    day = on or now.date()
    evidence = anybody_with(home, unit=unit, issuer=issuer, awarded_on=awarded_on or day)
    return lines(evidence, home, day, now)


def lines(evidence: Evidence, home: ProgrammeVersion, day: date, now: datetime) -> list[Recognised]:
    """Return the lines of "recognised where" for evidence about one home programme."""
    found: list[Recognised] = []
    for host, instruments in _in_force(str(home.programme.country), day).items():
        compared = targets_in(host, home)
        for target in compared:
            found += _towards(evidence, host, target, instruments, day, now)
        if not compared:
            found += [
                Recognised(host, Purpose(str(p)), Result.PENDING, row.authority, row, ends_on(row), None)
                for row in instruments for p in row.purposes if row.basis != "memorandum"
            ]  # fmt: skip
    return sorted(found, key=lambda r: (r.country, r.target.code if r.target else "", r.purpose))


def _towards(
    evidence: Evidence, host: str, target: ProgrammeVersion, instruments: list[Instrument], day: date, now: datetime
) -> Iterator[Recognised]:
    by_code = {row.code: row for row in instruments}
    purposes = sorted({str(p) for row in instruments for p in row.purposes})
    for purpose in purposes:
        decision = indication_under(evidence, target, Purpose(purpose), as_of=day, known_at=now)
        row = by_code.get(decision.instrument)
        if row is None or decision.result.value in ("out of scope", "refused"):
            continue
        yield Recognised(
            host, Purpose(purpose), Result(decision.result.value), row.authority, row, ends_on(row), target, decision
        )


def _in_force(home: str, day: date) -> dict[str, list[Instrument]]:
    """Return the published instruments from a country that hold on a day, by host country."""
    rows = Instrument.objects.filter(
        home__contains=f",{home},", state=InstrumentState.PUBLISHED, superseded_at=None
    ).select_related("authority")
    found: dict[str, list[Instrument]] = {}
    for row in rows.order_by("code"):
        end = ends_on(row)
        if row.holds_on(day) and (end is None or day < end):
            for host in row.host:
                found.setdefault(str(host), []).append(row)
    return found


def ends_on(row: Instrument) -> date | None:
    """Return the first day on which an instrument no longer holds: its own end, or a revocation before it."""
    taken = Revocation.objects.filter(instrument__code=row.code, superseded_at=None).values_list(
        "effective_on", flat=True
    )
    return min([*taken, *([row.valid_until] if row.valid_until else [])], default=None)
