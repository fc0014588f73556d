"""Questions asked of agreements: what is worded now, what is open, whose turn it is, what is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from sunmao.agreements.hashing import text_hash, wording_hash
from sunmao.agreements.models import (
    Agreement,
    Clause,
    ClauseState,
    Fulfilment,
    FulfilmentState,
    Party,
    State,
    Version,
    VersionState,
)
from sunmao.kernel.text import Texts
from sunmao.kernel.when import END, When

OPEN = (VersionState.DRAFT, VersionState.APPROVED)


def open_version(agreement: Agreement) -> Version | None:
    """Return the version that is being drafted or waits for signatures, if there is one."""
    return agreement.versions.filter(state__in=OPEN).order_by("-number").first()


def signed_version(agreement: Agreement) -> Version | None:
    """Return the version signed last: the text that holds."""
    return agreement.versions.filter(state=VersionState.SIGNED).order_by("-number").first()


def _plain(texts: Texts) -> dict[str, str]:
    return {language: entry["text"] for language, entry in texts.items()}


def as_worded(agreement: Agreement, amendment: int) -> dict[str, Any]:
    """Return title, kind, parties and clauses as they stand now, up to an amendment, in plain values."""
    clauses = agreement.clauses.filter(amendment__lte=amendment).order_by("number").prefetch_related("debtors__party")
    return {
        "title": _plain(agreement.title),
        "kind": str(agreement.kind),
        "parties": [
            {"number": row.number, "organisation": str(row.organisation.uid) if row.organisation else "",
             "name": _plain(row.title_texts()), "part": str(row.part)}
            for row in agreement.parties.select_related("organisation").order_by("number")
        ],
        "clauses": [
            {"number": row.number, "promise": _plain(row.promise), "due": row.due.iso() if row.due else "",
             "owed_by": sorted(debtor.party.number for debtor in row.debtors.all())}
            for row in clauses
        ],
    }  # fmt: skip


def still_fits(version: Version) -> bool:
    """True where the stored texts, parties and clauses of a version give the hash that was approved."""
    texts = [
        (row.language, text_hash(row.body, row.file.sha256 if row.file else ""))
        for row in version.texts.select_related("file")
    ]
    return version.digest == wording_hash(
        agreement=str(version.agreement.uid), amendment=version.amendment, prevails=version.prevails,
        held=version.held, texts=texts,
    )  # fmt: skip


def debtors(clause: Clause) -> list[Party]:
    """Return the parties that owe a clause; all of them where it names none."""
    named = [row.party for row in clause.debtors.all()]
    return named or list(clause.agreement.parties.all())


@dataclass(frozen=True)
class Tally:
    """How an agreement's clauses stand: kept, late (0 where the reader may not know), open, waived."""

    kept: int
    late: int
    open: int
    waived: int

    @property
    def all(self) -> int:
        return self.kept + self.late + self.open + self.waived


def tally(clauses: Iterable[Clause], day: date, *, with_late: bool) -> Tally:
    """Count clauses by their state on `day`; a late one counts as open where lateness is not to be told."""
    rows = [row for row in clauses if not row.is_proposed]
    late = sum(1 for row in rows if row.days_late(day)) if with_late else 0
    kept = sum(1 for row in rows if row.state == ClauseState.KEPT)
    waived = sum(1 for row in rows if row.state == ClauseState.WAIVED)
    return Tally(kept, late, len(rows) - kept - waived - late, waived)


def family(agreement: Agreement) -> list[Agreement]:
    """Return the agreement's family: those it is made under, itself, and those made under it, top first."""
    above: list[Agreement] = []
    parent = agreement.parent
    while parent is not None:
        above.insert(0, parent)
        parent = parent.parent
    return [*above, agreement, *agreement.children.order_by("id")]


# Deadlines


@dataclass(frozen=True)
class Deadline:
    """Something a party must do by a day: keep a clause, answer a text, answer a fulfilment, see to an end."""

    day: date
    kind: str  # clause, turn, end
    agreement: Agreement
    what: str
    uid: str
    changed: Any
    ours: bool  # owed by a party of the person; else owed to it
    clause: Clause | None = None

    def days_late(self, today: date) -> int:
        return max(0, (today - self.day).days)


def deadlines_of(user: Any) -> list[Deadline]:
    """Return the dated duties of agreements to which a party of the person belongs, as its officer, soonest first."""
    seats = user.seats("officer")
    if not seats:
        return []
    mine = Agreement.objects.filter(parties__organisation__in=seats).exclude(state=State.ENDED).distinct()
    found = [*_clauses_due(mine, seats), *_turns(mine, seats), *_ends(mine)]
    return sorted(found, key=lambda row: (row.day, row.uid))


def _clauses_due(agreements: QuerySet[Any], seats: frozenset[int]) -> Iterable[Deadline]:
    rows = (
        Clause.objects.filter(agreement__in=agreements.values("pk"), state=ClauseState.OPEN)
        .exclude(due="")
        .select_related("agreement", "reminded_by")
        .prefetch_related("debtors__party", "agreement__parties")
    )
    for row in rows:
        day = _last(row.due)
        if day is not None and row.agreement.is_signed and not row.is_proposed:
            ours = any(party.organisation_id in seats for party in debtors(row))
            yield Deadline(day, "clause", row.agreement, str(row), f"clause-{row.uid}", row.updated_at, ours, row)


def _last(when: When | None) -> date | None:
    """Return the last day a date may mean, if it has one."""
    return when.latest if when is not None and when.latest < END else None


def _turns(agreements: QuerySet[Any], seats: frozenset[int]) -> Iterable[Deadline]:
    rows = Version.objects.filter(agreement__in=agreements.values("pk"), state=VersionState.DRAFT).select_related(
        "agreement", "turn__organisation"
    )
    for row in rows:
        if row.turn is None or row.turn_until is None:
            continue
        ours = row.turn.organisation_id in seats
        yield Deadline(row.turn_until, "turn", row.agreement, row.label, f"turn-{row.uid}", row.updated_at, ours)


def _ends(agreements: QuerySet[Any]) -> Iterable[Deadline]:
    rows = agreements.filter(state__in=(State.IN_FORCE, State.RENEWED)).exclude(ends="")
    for row in rows:
        day = _last(row.ends)
        if day is not None:
            yield Deadline(day, "end", row, str(row), f"end-{row.uid}", row.updated_at, True)


def late_for_all(user: Any, day: date) -> QuerySet[Any]:
    """Return the open clauses surely late on `day` of agreements that the person watches over without being a party:
    for the secretariat and auditors; the longest late first."""
    if not user.holds("secretariat", "auditor"):
        return Clause.objects.none()
    rows = Clause.objects.filter(
        state=ClauseState.OPEN, due__surely_by=day - timedelta(days=1), amendment__lte=F("agreement__amendment"),
        agreement__state__in=(State.SIGNED, State.IN_FORCE, State.RENEWED),
    )  # fmt: skip
    rows = rows.exclude(agreement__parties__organisation__in=user.seats("officer"))
    return rows.select_related("agreement", "reminded_by").order_by("due", "id")


def to_confirm(user: Any) -> QuerySet[Any]:
    """Return the fulfilments that a party of the person should confirm: told by others, not yet answered."""
    seats = user.seats("officer")
    rows = Fulfilment.objects.filter(state=FulfilmentState.CLAIMED, clause__agreement__parties__organisation__in=seats)
    return rows.exclude(Q(party__organisation__in=seats)).distinct()


def to_sign(user: Any) -> QuerySet[Any]:
    """Return the approved versions that a party of the person has not signed yet."""
    seats = user.seats("officer")
    rows = Version.objects.filter(state=VersionState.APPROVED, agreement__parties__organisation__in=seats)
    return rows.exclude(signatures__party__organisation__in=seats).distinct()
