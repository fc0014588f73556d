"""Reminders by e-mail: one digest per person and day, in the person's language, of what waits (`site/today.py`).

A thing is told when it first appears, seven days and one day before it is due, on the day itself, and then once a
week until it is done; when another party reminds of it, it is told anew. The digest of a day is claimed in the
database before it is sent: two runs at once send one. Where sending fails the claim is given back, so that the next
run tries again; only a run killed between the two leaves a person without the digest of that day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import IntegrityError
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sunmao.kernel import changes, clock
from sunmao.people.models import Digest, Person, User
from sunmao.site.today import KINDS, Turn, turns

BEFORE = (7, 1, 0)  # days before a thing is due on which it is told again
WEEK = timedelta(days=7)
BY = changes.System("reminders")


@dataclass(frozen=True)
class Letter:
    """One digest as it goes out."""

    person: Person
    to: str
    subject: str
    text: str
    things: tuple[str, ...]


def is_time(due: date | None, told: date | None, day: date) -> bool:
    """True where a thing that was last told on `told` (None: never) is to be told on `day`."""
    if told is None:
        return True
    if due is not None and any(told < due - timedelta(days=n) <= day for n in BEFORE):
        return True
    return (due is None or due < day) and day - told >= WEEK


def letters(day: date, people: Iterable[User] | None = None) -> Iterator[Letter]:
    """Yield the digests of a day that are not sent yet, for accounts that are open and want them."""
    accounts = people if people is not None else User.objects.filter(is_active=True, person__reminders=True)
    done = set(Digest.objects.filter(day=day).values_list("person_id", flat=True))
    for user in sorted(accounts, key=lambda user: user.pk):
        if user.person_id in done or not user.email or not user.person.reminders or not user.is_active:
            continue
        with translation.override(user.person.language):
            waiting = turns(user)
            told = _told(user.person)
            fresh = {kind: [t for t in rows if is_time(t.due, told.get(t.key), day)] for kind, rows in waiting.items()}
            if any(fresh.values()):
                yield _letter(user, fresh, day)


def _told(person: Person) -> dict[str, date]:
    """Return when each thing was last told to a person."""
    return {key: row.day for row in person.digests.order_by("day") for key in row.things}


def _letter(user: User, waiting: dict[str, list[Turn]], day: date) -> Letter:
    count = sum(map(len, waiting.values()))
    subject = ngettext("%(register)s: %(n)s thing waits", "%(register)s: %(n)s things wait", count) % {
        "register": settings.SUNMAO_REGISTER_NAME, "n": count,
    }  # fmt: skip
    lines = [_("What waits for you on %(day)s.") % {"day": date_format(day)}]
    for kind, rows in waiting.items():
        if rows:
            lines += ["", str(KINDS[kind]).upper(), *(line for turn in rows for line in _lines(turn, day))]
    lines += [
        "", _("All of it: %(address)s") % {"address": f"{settings.SUNMAO_ADDRESS}/today/"},
        _("To receive no more reminders: %(address)s") % {
            "address": f"{settings.SUNMAO_ADDRESS}/people/{user.person.key}/do/choose_reminders/"
        },
    ]  # fmt: skip
    things = tuple(turn.key for rows in waiting.values() for turn in rows)
    return Letter(user.person, user.email, subject, "\n".join(lines) + "\n", things)


def _lines(turn: Turn, day: date) -> list[str]:
    when = _("no day set")
    if turn.due:
        when, late = date_format(turn.due), turn.days_late(day)
        if late:
            when += ", " + ngettext("%(n)s day late", "%(n)s days late", late) % {"n": late}
    code = f" ({turn.record.code})" if turn.record.code else ""
    about = [] if str(turn.record) in turn.what else [f"  {turn.record}{code}"]
    said = [f"  {turn.said}"] if turn.said else []
    return [f"- {when}: {turn.what}", *about, *said, f"  {settings.SUNMAO_ADDRESS}{turn.url}"]


def send(letter: Letter, day: date | None = None) -> bool:
    """Send one digest; False where another run has sent one to this person today. Raises what the mail backend does."""
    claim = Digest(person=letter.person, day=day or clock.today(), things=list(letter.things))
    try:
        changes.save(claim, by=BY, deed="remind")
    except (IntegrityError, ValidationError):
        if not Digest.objects.filter(person=letter.person, day=claim.day).exists():
            raise
        return False
    try:
        EmailMessage(letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [letter.to]).send()
    except Exception:
        changes.delete(claim, by=BY, why="it could not be sent", deed="remind")
        raise
    return True


def remind(day: date | None = None, people: Sequence[User] | None = None) -> Iterator[tuple[Letter, Exception | None]]:
    """Send what is to be sent; yield each letter sent, or the letter and why it could not be."""
    today = day or clock.today()
    for letter in letters(today, people):
        try:
            sent = send(letter, today)
        except Exception as error:  # whatever the mail backend raises; the others are still sent
            yield letter, error
        else:
            if sent:
                yield letter, None
