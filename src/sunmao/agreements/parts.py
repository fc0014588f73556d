"""What the parts of an agreement's page show, for the person who reads it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sunmao.agreements import queries
from sunmao.agreements.hashing import spaced
from sunmao.agreements.models import (
    UNRECORDED,
    Agreement,
    Clause,
    ClauseState,
    Fulfilment,
    FulfilmentState,
    Party,
    Version,
    VersionState,
)
from sunmao.agreements.policy import is_inside, own_parties, sees_late
from sunmao.kernel import clock
from sunmao.kernel.cells import Tag, record_link, tag, tag_of
from sunmao.kernel.desk import Desk, registry


def _desk(model: type) -> Desk:
    return registry.by_model[model]


def family(agreement: Agreement, user: Any) -> dict[str, Any]:
    """Return the chain of instruments the reader may see; hidden where the agreement stands alone."""
    desk = _desk(Agreement)
    seen = set(
        desk.rows(user).filter(pk__in=[row.pk for row in queries.family(agreement)]).values_list("pk", flat=True)
    )
    chain = [
        {"record": row, "kind": row.get_kind_display(), "url": desk.url(row), "here": row.pk == agreement.pk}  # type: ignore[attr-defined]
        for row in queries.family(agreement) if row.pk in seen
    ]  # fmt: skip
    return {"chain": chain, "count": len(chain), "hidden": len(chain) < 2}


def turns(agreement: Agreement, user: Any) -> dict[str, Any]:
    """Return a column per party: what it signed, and, for those inside, how it stands to the open version."""
    inside = is_inside(user, agreement)
    signed = queries.signed_version(agreement)
    if signed is not None and not _desk(Version).policy.sees(user, signed):
        signed = None
    current = queries.open_version(agreement) if inside else None
    parties = list(agreement.parties.select_related("organisation").order_by("number"))
    prefetch_related_objects([version for version in (signed, current) if version], "signatures", "approvals")
    columns = [_column(party, parties, signed, current) for party in parties]
    may_add = _desk(Party).may(user, "add", Party(agreement=agreement))
    shown = current or signed
    return {
        "columns": columns,
        "count": len(parties),
        "current": current,
        "hash": spaced(shown.digest, 4) if shown else "",
        "label": shown.label if shown else "",
        "voided": _voided(current),
        "add": f"/parties/add/?agreement={agreement.key}" if may_add else "",
        "reported": agreement.state in UNRECORDED,
    }


def _voided(current: Version | None) -> str:
    if current is None or not current.voided:
        return ""
    return ngettext("%(n)s approval voided", "%(n)s approvals voided", current.voided) % {"n": current.voided}


def _column(party: Party, parties: list[Party], signed: Version | None, current: Version | None) -> dict[str, Any]:
    rows: list[tuple[str, SafeString]] = []
    if signed is not None:
        rows.append((_short_label(signed), tag(_signed_tag(signed, party))))
    now = False
    if current is not None:
        state, now = _standing(current, party, parties)
        rows.append((_short_label(current), tag(state)))
    return {
        "party": party,
        "name": record_link(party.organisation) if party.organisation else tag(Tag(_("to be named"), "none")),
        "said": str(party) if party.organisation is None else "",
        "part": party.get_part_display(),  # type: ignore[attr-defined]
        "country": getattr(party.organisation.country, "label", "") if party.organisation else "",
        "signatory": party.signatory,
        "post": party.post,
        "rows": rows,
        "now": now,
        "url": f"/parties/{party.key}/",
    }


def _short_label(version: Version) -> str:
    if version.amendment:
        return _("Amendment %(number)s") % {"number": version.amendment}
    return version.label


def _signed_tag(version: Version, party: Party) -> Tag:
    found = next((row for row in version.signatures.all() if row.party_id == party.pk), None)
    if found is None:
        return Tag(_("not stated"), "none")
    word = _("Signed on paper %(date)s") if found.recorded else _("Signed %(date)s")
    return Tag(word % {"date": found.signed} if found.signed else _("Signed"), "good")


def _standing(version: Version, party: Party, parties: list[Party]) -> tuple[Tag, bool]:
    """Return how a party stands to the open version, and whether everybody waits for it."""
    if any(row.party_id == party.pk for row in version.signatures.all()):
        return Tag(_("Signed"), "good"), False
    if version.state == VersionState.APPROVED:
        return Tag(_("To sign"), "turn"), True
    approval = next((row for row in version.approvals.all() if row.party_id == party.pk and not row.void), None)
    if approval is not None:
        return Tag(_("Approved %(date)s") % {"date": _day(approval.given_on)}, "good"), False
    if version.turn_id == party.pk:
        if version.turn_until and version.turn_until < clock.today():
            return Tag(_("Its turn ended %(date)s") % {"date": _day(version.turn_until)}, "bad"), True
        return Tag(_("Its turn until %(date)s") % {"date": _day(version.turn_until)}, "turn"), True
    before = next((other for other in parties if other.pk == version.turn_id), None)
    return Tag(_("After %(party)s") % {"party": before} if before else _("waiting"), "none"), False


def _day(day: date | None) -> str:
    return date_format(day) if day else _("not stated")


def clauses(agreement: Agreement, user: Any) -> dict[str, Any]:
    """Return the clauses the reader may see with who owes what by when, what it led to, and their sum."""
    today, late = clock.today(), sees_late(user, agreement)
    desk = _desk(Clause)
    rows = list(
        desk.rows(user).filter(agreement=agreement).order_by("number")
        .prefetch_related("debtors__party__organisation")
    )  # fmt: skip
    told: dict[int, list[Fulfilment]] = {}
    for row in _desk(Fulfilment).rows(user).filter(clause__agreement=agreement).order_by("id"):
        told.setdefault(row.clause_id, []).append(row)
    may_add = desk.may(user, "add", Clause(agreement=agreement))
    found = queries.tally(rows, today, with_late=late)
    return {
        "rows": [_clause(row, told.get(row.pk, []), user, late) for row in rows],
        "count": len(rows),
        "tally": found,
        "segments": ["m-good"] * found.kept + ["m-bad"] * found.late + ["m-open"] * found.open,
        "private": bool(found.late) and not agreement.lateness_published,
        "sums": _sums(found),
        "add": f"/clauses/add/?agreement={agreement.key}" if may_add else "",
        "deadlines": reverse("agreement-deadlines") if own_parties(user, agreement) else "",
    }


def _sums(found: queries.Tally) -> list[tuple[str, str]]:
    pairs = [
        ("m-good", ngettext("%(n)s kept", "%(n)s kept", found.kept) % {"n": found.kept}),
        ("m-bad", ngettext("%(n)s late", "%(n)s late", found.late) % {"n": found.late} if found.late else ""),
        ("m-open", ngettext("%(n)s open", "%(n)s open", found.open) % {"n": found.open}),
    ]
    return [(mark, word) for mark, word in pairs if word]


def _clause(row: Clause, told: list[Fulfilment], user: Any, late: bool) -> dict[str, Any]:
    named = [debtor.party for debtor in row.debtors.all()]
    return {
        "clause": row,
        "url": f"/clauses/{row.key}/",
        "owed_by": [_short(party) for party in named],
        "due": row.due,
        "led_to": [_led_to(item, user) for item in told if item.state != FulfilmentState.REFUSED],
        "state": tag(clause_tag(row, told, late)),
    }


def _short(party: Party) -> str:
    """Return a party's acronym in the reader's language where it has one, else its name."""
    if party.organisation is None:
        return str(party)
    found = party.organisation.names.filter(kind="acronym").order_by("id").first()
    return found.text if found else str(party.organisation)


def _led_to(row: Fulfilment, user: Any) -> dict[str, Any]:
    from sunmao.agreements.actions.keeping import record_under

    target = record_under(row.led_to, user) if row.led_to else None
    return {
        "link": record_link(target) if target is not None else mark_safe(""),
        "code": row.led_to if target is not None else "",
        "text": row.text,
        "url": f"/fulfilments/{row.key}/",
        "waits": row.state == FulfilmentState.CLAIMED,
    }


def clause_tag(row: Clause, told: list[Fulfilment], late: bool) -> Tag:
    """Return a clause's state for a reader who may or may not know that it is late."""
    if row.is_proposed:
        return Tag(_("Proposed"), "go")
    days = row.days_late(clock.today()) if late else 0
    if days:
        return Tag(ngettext("Late, %(n)s day", "Late, %(n)s days", days) % {"n": days}, "bad")
    if row.state == ClauseState.OPEN and any(item.state == FulfilmentState.CLAIMED for item in told):
        return Tag(_("To be confirmed"), "wait")
    return tag_of(ClauseState(row.state))
