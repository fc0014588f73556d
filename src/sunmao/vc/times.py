"""Instants of credentials: XML Schema dateTimeStamp in, UTC out."""

import re
from datetime import UTC, datetime, timedelta, timezone

from sunmao.vc.errors import VcError

_STAMP = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)\Z", re.ASCII)


def parse_instant(text: object, *, field: str) -> datetime:
    """Return the UTC instant of a dateTimeStamp text (XML Schema 1.1 part 2, 3.4.28); a zone is required."""
    match = _STAMP.match(text) if isinstance(text, str) else None
    if match is None:
        raise VcError("date_bad", field=field, value=str(text)[:60])
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    micro = int((match[7] or "0").ljust(6, "0")[:6])
    try:
        # 24:00:00 is the end of the day in XML Schema and nowhere else.
        end_of_day = hour == 24 and minute == second == micro == 0
        moment = datetime(year, month, day, 0 if end_of_day else hour, minute, second, micro, _zone(match[8]))
        return (moment + timedelta(days=end_of_day)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise VcError("date_bad", field=field, value=str(text)[:60]) from None


def format_instant(moment: datetime) -> str:
    """Return the UTC dateTimeStamp of an aware instant, in whole seconds."""
    if moment.tzinfo is None:
        raise VcError("date_without_zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _zone(text: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 14 or minutes > 59:
        raise ValueError("zone")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)
