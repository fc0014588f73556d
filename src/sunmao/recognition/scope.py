"""Which instruments are a basis for one qualification towards one target, and why the others are not.

Instruments bind in one direction and are never chained: two agreements through a third country give nothing.
"""

from __future__ import annotations

from sunmao.recognition.evidence import Application, Credential
from sunmao.recognition.facts import Instrument, ProgrammeVersion
from sunmao.recognition.inquiry import Inquiry
from sunmao.recognition.terms import Basis, DateCounts, Purpose


def reason_against(
    inquiry: Inquiry,
    instrument: Instrument,
    credential: Credential,
    target: ProgrammeVersion,
    application: Application,
) -> str:
    """Why an instrument is no basis for a qualification, as a code; empty where it is one.

    An agreement between institutions gives credit for study only, an employer's decision binds its own work
    only, a memorandum nothing.
    """
    if instrument.basis is Basis.MEMORANDUM:
        return "memorandum"
    if target.country not in instrument.host or credential.country not in instrument.home:
        return "direction"
    if application.purpose not in instrument.purposes:
        return "purpose"
    only = {Basis.INSTITUTIONAL: Purpose.STUDY, Basis.EMPLOYER: Purpose.WORK}
    if only.get(instrument.basis, application.purpose) is not application.purpose:
        return "purpose"
    if instrument.fields and not any(target.field.startswith(f) for f in instrument.fields):
        return "field"
    if instrument.levels and target.level.step not in instrument.levels:
        return "level"
    if instrument.home_parties and credential.issuer not in instrument.home_parties:
        return "party"
    if instrument.host_parties and target.institution not in instrument.host_parties:
        return "party"
    day = {
        DateCounts.APPLICATION: application.applied_on,
        DateCounts.DECISION: inquiry.as_of,
        DateCounts.ISSUE: credential.awarded_on,
    }[instrument.date_counts]
    return "" if inquiry.holds(instrument, day) else "not_in_force"


def in_scope(
    inquiry: Inquiry, credential: Credential, target: ProgrammeVersion, application: Application
) -> tuple[list[Instrument], list[tuple[str, str, str]]]:
    """The instruments in scope by key, and those passed over as (qualification, instrument, reason)."""
    found: list[Instrument] = []
    passed: set[tuple[str, str, str]] = set()
    if credential.country == target.country:
        return [], []
    for instrument in inquiry.world.instruments.get(target.country, ()):
        if not instrument.known.at(inquiry.known_at):
            continue
        reason = reason_against(inquiry, instrument, credential, target, application)
        if not reason:
            found.append(instrument)
        elif reason != "direction":
            passed.add((credential.key, instrument.key, reason))
    inquiry.note(("instrument", target.country), (i.key for i in found))
    return sorted(found, key=lambda i: i.key), sorted(passed)
