"""Deeds on versions and crosswalks."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.standards import proposing, requirement
from sunmao.standards.models import (
    CLOSED,
    Crosswalk,
    CrosswalkRow,
    Judgement,
    Outcome,
    ProgrammeVersion,
    Relation,
    RowState,
    Side,
    Unit,
    VersionState,
)


def publish(version: ProgrammeVersion, *, why: str = "", by: Any) -> ProgrammeVersion:
    """Publish a version; from then on neither it nor its units and outcomes change."""
    if version.state != VersionState.DRAFT:
        raise ValidationError(_("This version is published already."), code="state")
    if not version.outcomes.exists():
        raise ValidationError(_("A version needs at least one learning outcome before it is published."))
    if version.requirement is not None:
        requirement.check_names(
            version.requirement, set(version.outcomes.values_list("number", flat=True)),
            set(version.units.values_list("number", flat=True)),
        )  # fmt: skip
    version.state, version.published_on = VersionState.PUBLISHED, clock.today()
    return changes.save(version, by=by, why=why, deed="publish")


def withdraw(version: ProgrammeVersion, *, why: str, by: Any) -> ProgrammeVersion:
    """Say that a published version is no longer offered; what rests on it stays. It ends today unless it ended before."""
    if version.state != VersionState.PUBLISHED:
        raise ValidationError(_("Only a published version is withdrawn."), code="state")
    today = clock.today()
    version.state = VersionState.WITHDRAWN
    if (version.until_on is None or version.until_on > today) and (version.from_on is None or version.from_on < today):
        version.until_on = today
    return changes.save(version, by=by, why=why, deed="withdraw")


def new_version(version: ProgrammeVersion, *, label: str, by: Any) -> ProgrammeVersion:
    """Begin the next version with a copy of this one's units and outcomes; return the draft."""
    with changes.together():
        draft = ProgrammeVersion(
            programme=version.programme, label=label, level=version.level, credits=version.credits, hours=version.hours,
            requirement=version.requirement,
        )  # fmt: skip
        changes.save(draft, by=by)
        units = {}
        for unit in version.units.order_by("number"):
            copy = Unit(version=draft, number=unit.number, title=unit.title, credits=unit.credits, hours=unit.hours)
            units[unit.pk] = changes.save(copy, by=by)
        for one in version.outcomes.order_by("order", "id"):
            copy_of = Outcome(
                version=draft, unit=units.get(one.unit_id or 0), number=one.number, title=one.title, kind=one.kind,
                critical=one.critical, level=one.level, credits=one.credits, hours=one.hours,
            )  # fmt: skip
            changes.save(copy_of, by=by)
    return draft


def remove_content(record: Any, *, by: Any, why: str = "") -> None:
    """Delete a draft version, or a unit or outcome of one; refused once the version is published."""
    version = record if isinstance(record, ProgrammeVersion) else record.version
    if ProgrammeVersion.objects.get(pk=version.pk).state != VersionState.DRAFT:
        raise ValidationError(CLOSED, code="state")
    changes.delete(record, by=by, why=why)


def side_of(person: Any, crosswalk: Crosswalk) -> list[tuple[Side, int]]:
    """Return the sides a person speaks for: (side, organisation id), as keeper or competent authority."""
    out: list[tuple[Side, int]] = []
    seats = person.seats("officer", "authority")
    for side, version in ((Side.SOURCE, crosswalk.source), (Side.TARGET, crosswalk.target)):
        programme = version.programme
        for organisation in (programme.authority_id, programme.owner_id):
            if organisation is not None and organisation in seats:
                out.append((side, organisation))
                break
    return out


def judge(row: CrosswalkRow, *, agrees: bool, note: str = "", by: Any) -> CrosswalkRow:
    """Say for one's own side whether a row holds. It counts once both sides agree; one "no" rejects it.

    Someone who speaks for both sides speaks for the source only: the other side needs another person's word.
    """
    if row.state in (RowState.REJECTED, RowState.WITHDRAWN):
        raise ValidationError(_("This row is closed. Propose another one."), code="state")
    sides = side_of(by, row.crosswalk)
    if not sides:
        raise ValidationError(_("Only people of the two sides confirm a row."))
    side, organisation = sides[0]
    given = {judgement.side: judgement for judgement in row.judgements.all()}
    if side in given and len(sides) > 1 and given[side].person_id != by.person_id:
        side, organisation = sides[1]
    if side in given:
        raise ValidationError(_("Your side has spoken already: %(said)s.") % {"said": given[side]}, code="state")
    if agrees and any(said.organisation_id == organisation for said in given.values()):
        raise ValidationError(_("One institution does not confirm both sides. The other side's authority must."))
    with changes.together():
        said = Judgement(
            row=row, side=side, agrees=agrees, person=by.person, organisation_id=organisation, said_on=clock.today(),
            note=note,
        )  # fmt: skip
        changes.save(said, by=by, why=note)
        if not agrees:
            row.state = RowState.REJECTED
        elif {*given, side} == {Side.SOURCE, Side.TARGET}:
            row.state, row.from_on = RowState.CONFIRMED, clock.today()
        changes.save(row, by=by, why=note, deed="confirm" if agrees else "reject")
    return row


def confirm(row: CrosswalkRow, *, relation: str = "", together: str = "", note: str = "", by: Any) -> CrosswalkRow:
    """Agree to a row for one's own side; another relation, or further outcomes by number, correct it first."""
    also = [number for number in together.replace(",", " ").split() if number]
    if (relation and relation != row.relation) or (also and also != row.also):
        return _correct(row, relation or row.relation, also or row.also, note, by)
    return judge(row, agrees=True, note=note, by=by)


def _correct(row: CrosswalkRow, relation: str, also: list[str], note: str, by: Any) -> CrosswalkRow:
    """Change a row nobody has judged and agree to it; one that was judged is closed and another put in its place."""
    if row.state not in (RowState.PROPOSED, RowState.CONFIRMED):
        raise ValidationError(_("This row is closed. Propose another one."), code="state")
    if row.state == RowState.CONFIRMED:
        raise ValidationError(_("Both sides have confirmed this row. Withdraw it first."), code="state")
    with changes.together():
        if row.judgements.exists():
            label = str(Relation(relation).label)
            judge(row, agrees=False, note=note or label, by=by)
            row = CrosswalkRow(
                crosswalk=row.crosswalk, source=row.source, target=row.target, note=row.note, instead_of=row
            )
        row.relation, row.also = relation, also
        changes.save(row, by=by, why=note)
        return judge(row, agrees=True, note=note, by=by)


def reject(row: CrosswalkRow, *, note: str = "", by: Any) -> CrosswalkRow:
    """Disagree with a row for one's own side; the reason stays beside it. Only what the machine proposed, and nobody
    has agreed to, is refused without one."""
    if not note and (not row.by_machine or row.judgements.exists()):
        raise ValidationError({"note": _("Say why, for the other side to read.")})
    return judge(row, agrees=False, note=note, by=by)


def withdraw_row(row: CrosswalkRow, *, note: str, by: Any) -> CrosswalkRow:
    """Take a confirmed row back from today on; what was decided on it before keeps its ground."""
    if row.state != RowState.CONFIRMED:
        raise ValidationError(_("Only a confirmed row is withdrawn."), code="state")
    row.state, row.until_on = RowState.WITHDRAWN, clock.today()
    return changes.save(row, by=by, why=note, deed="withdraw")


def propose(
    crosswalk: Crosswalk, source: Outcome, target: Outcome, relation: str, *, note: Texts | None = None,
    score: float | None = None, by: Any,
) -> CrosswalkRow:  # fmt: skip
    """Propose a row. A proposal counts for nothing until both sides confirm it."""
    row = CrosswalkRow(
        crosswalk=crosswalk, source=source, target=target, relation=relation, note=note or Texts(), score=score
    )
    return changes.save(row, by=by)


def align(crosswalk: Crosswalk, *, most: int = 3, by: Any) -> Crosswalk:
    """Let the machine propose up to `most` counterparts for each outcome of the source; pairs that have a row already,
    in whatever state, are left alone. Proposals count for nothing until both sides confirm them."""
    rows = proposing.proposals(crosswalk, most)
    if not rows:
        raise ValidationError(_("There is nothing new to propose."), code="same")
    changes.bulk(rows, by=by, deed="align")
    return crosswalk
