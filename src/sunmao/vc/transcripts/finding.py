"""Tell whether bytes are a transcript in a format that carries no proof of ours, and report on one: understood, unsigned."""

from __future__ import annotations

from datetime import datetime

from sunmao.vc.errors import VcError
from sunmao.vc.report import Check, Report, State, verdict_of
from sunmao.vc.times import parse_instant
from sunmao.vc.transcripts import view


def find(data: bytes) -> view.Transcript | None:
    """Return what the bytes say as a transcript; None where they are something else.

    Raise VcError where they are one that cannot be read, as with a document type or beyond the limits.
    """
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        from sunmao.vc.transcripts import elmo_reading

        return elmo_reading.read(data)
    if head.startswith(b"{") and b"EuropeanDigitalCredential" in data:
        from sunmao.vc.transcripts import elm_reading

        return elm_reading.read(data)
    return None


def report(found: view.Transcript, *, now: datetime, name: str = "") -> Report:
    """Return the report on a transcript. Its verdict is never better than that it cannot be checked."""
    unsigned = Check("proof", State.UNKNOWN, "transcript_unsigned")
    if found.signature:
        unsigned = Check("proof", State.UNKNOWN, "transcript_signature", {"kind": found.signature})
    checks = [Check("format", State.GOOD, "transcript_found", {"format": found.format}), unsigned]
    ends = _instant(found.valid_until)
    if ends is not None and ends < now:
        checks.append(Check("dates", State.BAD, "expired", {"date": found.valid_until[:10]}))
    return Report(
        verdict_of(checks), tuple(checks), format=found.format, name=name, issuer_names=dict(found.issuer.names),
        transcript=found.to_json(),
    )  # fmt: skip


def _instant(text: str) -> datetime | None:
    try:
        return parse_instant(text, field="validUntil") if text else None
    except VcError:
        return None
