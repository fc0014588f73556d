"""What one applicant laid before an authority, as the core's evidence: pseudonymous keys, dates and commitments."""

from __future__ import annotations

from dataclasses import replace

from sunmao.credentials.models import CredentialState
from sunmao.recognition import evidence as core
from sunmao.recognition import models, terms
from sunmao.recognition.facts import ProgrammeVersion
from sunmao.recognition.queries.programmes import (
    hundredths,
    level_of,
    outcome_key,
    programme_of,
    shown_by_award,
    unit_key,
)
from sunmao.standards.models import Unit


def evidence_of(case: models.Case) -> core.Evidence:
    """Return all that was laid before the authority in a case."""
    return core.Evidence(
        learner=case.holder,
        credentials=tuple(
            _qualification(row)
            for row in case.qualifications.select_related(
                "issuer", "unit", "credential__enrolment__cohort", "credential__award__unit"
            ).order_by("uid")
        ),
        prior_learning=tuple(_prior(row) for row in case.priorlearnings.order_by("uid")),
        languages=tuple(_language(row) for row in case.languagecertificates.order_by("uid")),
    )


def units_of(programme: ProgrammeVersion, shown: frozenset[str]) -> tuple[terms.Unit, ...]:
    """Return the units that were surely taken; none where the programme states its credits only as a whole."""
    if not any(unit.credits for unit in programme.units):
        return ()
    return tuple(unit for unit in programme.units if unit.outcomes <= shown)


def _qualification(row: models.Qualification) -> core.Credential:
    """A document of a completed programme shows what that programme asks of everybody; a credential of this register
    also what was passed beyond that."""
    version, issuer = row.programme, row.issuer
    if version is None or issuer is None or row.awarded_on is None:
        raise ValueError("A qualification without programme, issuer or date passed the door.")
    programme = programme_of(version)
    shown, taught_in, taught_from = shown_by_award(programme), str(row.delivered_in), row.delivered_from
    held, alone = row.credential, row.unit_shown
    if held is not None and held.enrolment is not None:
        passed = held.enrolment.results.filter(passed=True).select_related("outcome__version")
        shown |= {outcome_key(result.outcome) for result in passed}
        cohort = held.enrolment.cohort
        if str(cohort.country) != programme.country:
            taught_in, taught_from = str(cohort.country), cohort.starts_on
    one = None if alone is None else unit_of(programme, alone)
    if one is not None:
        shown = one.outcomes
    return core.Credential(
        key=row.exhibit_key,
        span=terms.Span(None, row.expires_on),
        known=terms.Known(row.laid_at),
        programme=version.code,
        issuer=issuer.code,
        country=programme.country,
        field=programme.field,
        level=level_of(version),
        awarded_on=row.awarded_on,
        outcomes=shown,
        units=units_of(programme, shown) if one is None else (one,) * bool(one.credits),
        credits=programme.credits if one is None else 0,
        delivered_in=taught_in,
        delivered_from=taught_from,
        authenticity=terms.Authenticity(row.authenticity),
        history=history_of(row),
        commitment=row.commitment,
        unit=one.key if one is not None else "",
    )


def unit_of(programme: ProgrammeVersion, unit: Unit) -> terms.Unit:
    """Return one unit of a programme as the core's."""
    return next(found for found in programme.units if found.key == unit_key(programme.key, unit.number))


_STATUS = {
    CredentialState.SUSPENDED: terms.Status.SUSPENDED,
    CredentialState.REVOKED: terms.Status.REVOKED,
    CredentialState.SUPERSEDED: terms.Status.REVOKED,
    CredentialState.DROPPED: terms.Status.REVOKED,
}


def history_of(row: models.Qualification) -> tuple[core.StatusChange, ...]:
    """Return the standing of a credential of this register since its award; nothing of a paper document."""
    held = row.credential
    status = _STATUS.get(CredentialState(held.state)) if held is not None else None
    if held is None or status is None:
        return ()
    return (core.StatusChange(status, held.state_since.date(), terms.Known(held.state_since)),)


def as_it_stands(evidence: core.Evidence, case: models.Case) -> core.Evidence:
    """Return frozen evidence with what has become of its credentials since."""
    rows = {row.exhibit_key: row for row in case.qualifications.all()}
    since = tuple(
        replace(c, history=history_of(rows[c.key])) if c.key in rows and rows[c.key].credential_id else c
        for c in evidence.credentials
    )
    return replace(evidence, credentials=since)


def _prior(row: models.PriorLearning) -> core.PriorLearning:
    outcomes = frozenset({outcome_key(row.outcome)} if row.outcome else ())
    return core.PriorLearning(
        key=row.exhibit_key, known=terms.Known(row.laid_at), outcomes=outcomes, credits=hundredths(row.credits),
        commitment=row.commitment,
    )  # fmt: skip


def _language(row: models.LanguageCertificate) -> core.LanguageCertificate:
    return core.LanguageCertificate(
        key=row.exhibit_key, span=terms.Span(row.awarded_on, row.expires_on), known=terms.Known(row.laid_at),
        language=row.language, level=row.level, commitment=row.commitment,
    )  # fmt: skip
