"""The register's facts as the core's world: only those one target and one holder's evidence can touch.

All wordings are read, superseded ones too, each with the instants between which it was known: that is what lets an
old decision be replayed. Keys are the codes of the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q, QuerySet

from sunmao.directory.models import Kind, Organisation
from sunmao.recognition import facts, models, terms
from sunmao.recognition.evidence import Evidence
from sunmao.recognition.fields import codes
from sunmao.recognition.queries.programmes import hundredths, outcome_key, outcome_keys, programme_of
from sunmao.recognition.world import World
from sunmao.standards.models import (
    CrosswalkRow,
    ProgrammeVersion,
    Referencing,
    Relation,
    RowState,
)
from sunmao.standards.models import Side as RowSide

RELATIONS = {
    Relation.EXACT: terms.Relation.EXACT,
    Relation.TARGET_BROADER: terms.Relation.BROADER,
    Relation.TARGET_NARROWER: terms.Relation.NARROWER,
    Relation.CLOSE: terms.Relation.CLOSE,
}


def world_of(target: ProgrammeVersion, evidence: Evidence) -> World:
    """Return the world in which `evidence` is looked at towards `target`."""
    programme = programme_of(target)
    countries = {programme.country, *(c.country for c in evidence.credentials)}
    found: list[facts.Fact | facts.ProgrammeVersion] = [programme]
    found += instruments(programme.country)
    found += crosswalk_rows(CrosswalkRow.objects.filter(crosswalk__target=target))
    found += competences(countries)
    found += _of_institutions({c.issuer for c in evidence.credentials})
    found += _rights({c.programme for c in evidence.credentials})
    found += _referencing({programme.level.framework, *(c.level.framework for c in evidence.credentials)})
    found += _differences(target)
    found += _modules(programme.country)
    return World.of(found)


def questions_of(record: models.Lasting | Referencing) -> list[tuple[str, ...]]:
    """Return the questions that a fact may answer, as `index_keys` names them: whoever asked one and found nothing may
    be answered now."""
    match record:
        case models.Instrument():
            return [("instrument", host) for host in sorted(codes(record.host))]
        case models.Competence():
            return [("competence", str(record.country))]
        case models.Accreditation():
            return [("accreditation", code) for code in _codes_of(record.institution)]
        case models.DeliveryPermit():
            return [("delivery", code, str(record.country)) for code in _codes_of(record.institution)]
        case models.HomeRight():
            return [("right", record.programme.code, str(record.purpose))]
        case models.ShownDifference():
            return [("difference", record.target.code)]
        case models.BridgingModule():
            rows = record.covers.select_related("outcome__version")
            found: list[tuple[str, ...]] = [("module", outcome_key(item.outcome)) for item in rows]
            return found + ([("credit module", record.programme.code)] if record.programme else [])
        case Referencing():
            return [("referencing", record.source.framework.code, str(record.source.step))]
    raise TypeError(f"{type(record).__name__} answers no question.")


def _codes_of(organisation: Organisation) -> list[str]:
    """Return the codes under which credentials may name an organisation: its own and those merged with it."""
    return sorted(Organisation.objects.filter(pk__in=_family(organisation.code)).values_list("code", flat=True))


def instruments(host: str) -> Iterator[facts.Fact]:
    """Yield every wording of the published instruments towards a country, and their revocations."""
    rows = models.Instrument.objects.filter(host__contains=f",{host},", recorded_at__isnull=False)
    rows = rows.select_related("accredited_by").prefetch_related("parties__organisation")
    for row in rows:
        yield instrument_of(row)
    for taken in models.Revocation.objects.filter(instrument__host__contains=f",{host},").select_related("instrument"):
        yield facts.Revocation(
            key=taken.code, known=terms.Known(taken.recorded_at, taken.superseded_at), of=taken.instrument.code,
            effective_on=taken.effective_on, from_start=taken.from_start,
        )  # fmt: skip


def instrument_of(row: models.Instrument) -> facts.Instrument:
    """Return one wording of an instrument as the core's."""
    bound = {side: frozenset(p.organisation.code for p in row.parties.all() if p.side == side) for side in models.Side}
    return facts.Instrument(
        key=row.code, span=row.span, known=row.known, basis=terms.Basis(row.basis),
        home=codes(row.home), host=codes(row.host), purposes=frozenset(terms.Purpose(str(p)) for p in row.purposes),
        fields=codes(row.fields), levels=frozenset(int(step) for step in row.levels),
        home_parties=bound[models.Side.HOME], host_parties=bound[models.Side.HOST],
        conditions=tuple(_conditions(row)), date_counts=terms.DateCounts(row.date_counts),
        close_counts=row.close_counts, rows_from=terms.RowsFrom(row.rows_from),
        thresholds=facts.Thresholds(
            row.missing_percent, row.credits_percent, row.level_steps, row.field_digits, row.conditional_from_percent,
            row.profile_percent,
        ),
        level_below=terms.Consequence(row.level_below),
        measures=frozenset(terms.MeasureKind(str(m)) for m in row.measures), holder_chooses=row.holder_chooses,
        adaptation_months=row.adaptation_months, credit_ratio=(row.credits_abroad, row.credits_home),
        appeal_days=row.appeal_days,
    )  # fmt: skip


def _conditions(row: models.Instrument) -> Iterator[facts.Condition]:
    every = frozenset(terms.Purpose(str(p)) for p in row.purposes)
    if row.language:
        asked = frozenset(terms.Purpose(str(p)) for p in row.language_for) or every
        yield facts.Condition(terms.ConditionKind.LANGUAGE, asked, row.language, row.language_level or 0)
    if row.accredited_by is not None:
        yield facts.Condition(terms.ConditionKind.ACCREDITATION, every, row.accredited_by.code)
    if row.fee_for:
        yield facts.Condition(terms.ConditionKind.FEE, frozenset(terms.Purpose(str(p)) for p in row.fee_for))


def crosswalk_rows(rows: QuerySet[CrosswalkRow]) -> Iterator[facts.Fact]:
    """Yield those of the rows that both sides confirmed; a withdrawn one with its withdrawal as a fact of its own, so
    that it is known as counting until the instant of withdrawal."""
    rows = rows.filter(state__in=(RowState.CONFIRMED, RowState.WITHDRAWN), from_on__isnull=False)
    rows = rows.select_related("source__version", "target__version")
    for row in rows.prefetch_related("judgements__organisation"):
        said = [j for j in row.judgements.all() if j.agrees]
        yield facts.CrosswalkRow(
            key=row.code, span=terms.Span(row.from_on), known=terms.Known(max(j.created_at for j in said)),
            sources=frozenset(outcome_keys(row.source, row.also)), target=outcome_key(row.target),
            relation=RELATIONS[Relation(row.relation)],
            authority=authority_of([(j.organisation.kind, j.side, j.organisation.code) for j in said]),
        )  # fmt: skip
        if row.until_on is not None:
            yield facts.Revocation(
                key=f"{row.code} withdrawn", known=terms.Known(row.updated_at), of=row.code, effective_on=row.until_on
            )


def authority_of(said: Iterable[tuple[str, str, str]]) -> str:
    """Return whose word a row is, of who agreed, by kind, side and code: the target side's where an authority gave it,
    else an authority's of the other side, else whoever spoke for the target."""
    return min(said, key=lambda j: (j[0] != Kind.AUTHORITY, j[1] != RowSide.TARGET))[2]


def competences(countries: Iterable[str]) -> Iterator[facts.Fact]:
    for row in models.Competence.objects.filter(country__in=sorted(countries)).select_related("authority"):
        yield facts.Competence(
            key=row.code, span=row.span, known=row.known, authority=row.authority.code, country=str(row.country),
            fields=codes(row.fields),
        )  # fmt: skip


def _of_institutions(issuers: Iterable[str]) -> Iterator[facts.Fact]:
    """Yield accreditation and permits of the issuers; of an organisation that was merged, all of the same body."""
    for issuer in sorted(issuers):
        family = _family(issuer)
        for row in models.Accreditation.objects.filter(institution__in=family).select_related("body"):
            yield facts.Accreditation(
                key=row.code, span=row.span, known=row.known, institution=issuer, body=row.body.code if row.body else ""
            )
        for permit in models.DeliveryPermit.objects.filter(institution__in=family):
            yield facts.DeliveryPermit(
                key=permit.code, span=permit.span, known=permit.known, institution=issuer,
                country=str(permit.country), lawful=permit.lawful,
            )  # fmt: skip


def _family(code: str) -> list[int]:
    """Return the ids of an organisation and of all that were merged with it."""
    one = Organisation.objects.filter(code=code).values_list("pk", "merged_into_id").first()
    if one is None:
        return []
    root = one[1] or one[0]
    return list(Organisation.objects.filter(Q(pk=root) | Q(merged_into_id=root)).values_list("pk", flat=True))


def _rights(programmes: Iterable[str]) -> Iterator[facts.Fact]:
    rows = models.HomeRight.objects.filter(programme__code__in=sorted(programmes)).select_related("programme")
    for row in rows:
        yield facts.HomeRight(
            key=row.code, span=row.span, known=row.known, programme=row.programme.code,
            purpose=terms.Purpose(row.purpose), given=row.given,
        )  # fmt: skip


def _referencing(frameworks: Iterable[str]) -> Iterator[facts.Fact]:
    """Yield the referencing of national levels to a framework of several countries, and that framework's own steps."""
    names = sorted(frameworks)
    rows = Referencing.objects.filter(source__framework__code__in=names, target__framework__country="")
    for row in rows.select_related("source__framework", "target"):
        yield facts.Referencing(
            key=row.code, span=terms.Span(row.from_on, row.until_on), known=terms.Known(row.created_at),
            level=terms.Level(row.source.framework.code, row.source.step), common=row.target.step,
        )  # fmt: skip


def _differences(target: ProgrammeVersion) -> Iterator[facts.Fact]:
    rows = models.ShownDifference.objects.filter(target=target)
    for row in rows.select_related("outcome__version", "authority", "programme"):
        yield facts.ShownDifference(
            key=row.code, span=row.span, known=row.known, target=target.code,
            subject=outcome_key(row.outcome) if row.outcome else row.subject, authority=row.authority.code,
            programme=row.programme.code if row.programme else "",
        )  # fmt: skip


def _modules(country: str) -> Iterator[facts.Fact]:
    rows = models.BridgingModule.objects.filter(country=country, recorded_at__isnull=False).select_related("programme")
    for row in rows.prefetch_related("covers__outcome__version"):
        yield facts.BridgingModule(
            key=row.code, span=row.span, known=row.known, country=country, cost=row.cost,
            covers=frozenset(outcome_key(item.outcome) for item in row.covers.all()), credits=hundredths(row.credits),
            programmes=frozenset({row.programme.code} if row.programme else ()),
        )  # fmt: skip
