"""Signing here or recording what was signed on paper, bringing into force, renewing, ending, publishing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.agreements import queries
from sunmao.agreements.actions.drafting import Words, hold, new_version, own_party, read_words
from sunmao.agreements.models import (
    Agreement,
    Origin,
    Party,
    Signature,
    State,
    Version,
    VersionState,
)
from sunmao.kernel import changes, clock, files
from sunmao.kernel.models import StoredFile
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When
from sunmao.people.models import Membership, Role


@changes.together()
def sign(agreement: Agreement, *, digest: str, party: Party | None = None, by: Any) -> Agreement:
    """Sign the approved text with this hash for one's own party. With the last signature it is signed.

    The signatory named with the party is written down as signed; without one, the person who signs here.
    """
    agreement = hold(agreement)
    version = queries.open_version(agreement)
    if version is None or version.state != VersionState.APPROVED:
        raise ValidationError(_("Every party must approve the same text before anyone signs."))
    if digest.replace(" ", "") != version.digest:
        raise ValidationError(_("The text has changed since you opened it. Read the new one, then decide."))
    acting = own_party(agreement, by, party)
    if version.signatures.filter(party=acting).exists():
        raise ValidationError(_("%(party)s has signed this text already.") % {"party": acting})
    _write(version, acting, When.on(clock.today()), recorded=False, by=by)
    if version.signatures.count() == agreement.parties.count():
        _signed(agreement, version, When.on(clock.today()), by=by, deed="sign")
    return agreement


@changes.together()
def record_signed(
    agreement: Agreement,
    *,
    signed: When,
    text: Texts | None = None,
    prevails: str = "",
    scan: Any = None,
    originals: Texts | None = None,
    by: Any,
) -> Agreement:
    """Record that the parties have signed on paper: the words or a scan, or where the originals are kept.

    As good a way as signing here. Without new words those being drafted are what was signed.
    """
    agreement = hold(agreement)
    if agreement.is_signed and queries.open_version(agreement) is None:
        raise ValidationError(_("It is signed already. Propose an amendment instead."))
    if agreement.parties.count() < 2:
        raise ValidationError(_("An agreement needs at least two parties. Add the others first."))
    if not (text or scan or originals or queries.open_version(agreement)):
        raise ValidationError(_("Give the text, a scan, or say where the originals are kept."))
    version = _worded(agreement, Texts.of(text), prevails, by=by)
    if scan:
        version.scan = scan if isinstance(scan, StoredFile) else files.store(scan, scan.name, by=by)
    version.originals = originals or Texts()
    changes.save(version, by=by, deed="record_signed")
    for party in agreement.parties.filter(organisation__isnull=False):
        if not version.signatures.filter(party=party).exists():
            _write(version, party, signed, recorded=True, by=by)
    if version.amendment == 0 and agreement.origin == Origin.HERE and not version.approvals.filter(void=False).exists():
        agreement.origin = Origin.RECORDED
    return _signed(agreement, version, signed, by=by, deed="record_signed")


def _worded(agreement: Agreement, text: Texts, prevails: str, *, by: Any) -> Version:
    """Return the version that was signed: the open one where no other words are given, else a new one."""
    current = queries.open_version(agreement)
    if current is not None and not text:
        return current
    words: list[Words] = read_words(text, None, "", by=by) if text else []
    if prevails and prevails not in {row.language for row in words} and words:
        raise ValidationError({"prevails": _("There is no text in the language that is to prevail.")})
    return new_version(
        agreement, words, prevails=prevails, amendment=current.amendment if current else 0, by=by,
        proposed_by=None, days=14, remarks=Texts(),
    )  # fmt: skip


def _write(version: Version, party: Party, signed: When, *, recorded: bool, by: Any) -> Signature:
    person = getattr(by, "person", None)
    own, post = (person.name, person.post) if person is not None and not recorded else (Texts(), Texts())
    made = Signature(
        version_of=version, party=party, digest=version.digest, party_name=party.title_texts(), signed=signed,
        signatory=party.signatory or own, post=party.post or post, person=person,
        recorded=recorded,
    )  # fmt: skip
    return changes.save(made, by=by, deed="record_signed" if recorded else "sign")


def _signed(agreement: Agreement, version: Version, signed: When, *, by: Any, deed: str) -> Agreement:
    version.state, version.turn, version.turn_until = VersionState.SIGNED, None, None
    changes.save(version, by=by, deed=deed)
    if version.amendment:
        agreement.amendment = version.amendment
    else:
        agreement.state, agreement.signed = State.SIGNED, signed
    return changes.save(agreement, by=by, deed=deed)


def bring_into_force(agreement: Agreement, *, on: When, ends: When | None = None, by: Any) -> Agreement:
    """Say from when the signed text holds, and until when, where it says so."""
    if agreement.state != State.SIGNED:
        raise ValidationError(_("Only a signed agreement can come into force."))
    agreement.state, agreement.in_force = State.IN_FORCE, on
    agreement.ends = ends or agreement.ends
    return changes.save(agreement, by=by, deed="bring_into_force")


def renew(agreement: Agreement, *, ends: When, why: str = "", by: Any) -> Agreement:
    """Let it run on until another day."""
    if not agreement.is_in_force:
        raise ValidationError(_("Only what is in force can be renewed."))
    if agreement.ends and ends.latest <= agreement.ends.latest:
        raise ValidationError({"ends": _("Choose a day after the one it runs until now.")})
    agreement.state, agreement.ends = State.RENEWED, ends
    return changes.save(agreement, by=by, why=why, deed="renew")


def end(agreement: Agreement, *, on: When, why: str, seen: bool = False, by: Any) -> Agreement:
    """End it from a day on. `seen` says that the person has read what rests on it."""
    if not (agreement.is_in_force or agreement.state == State.SIGNED):
        raise ValidationError(_("Only what is signed or in force can be ended."))
    agreement.state, agreement.ended = State.ENDED, on
    return changes.save(agreement, by=by, why=why, deed="end")


@changes.together()
def publish(agreement: Agreement, *, late: bool = False, by: Any) -> Agreement:
    """Agree, for one's own party, that everybody may see the signed agreement (and what is late, where asked).

    It is public once every named party agrees. For a party without any officer here the secretariat may agree.
    """
    agreement = hold(agreement)
    if not agreement.is_signed:
        raise ValidationError(_("Only what is signed can be published."))
    seats, keeper = by.seats("officer"), by.holds(Role.SECRETARIAT)
    touched = False
    parties = list(agreement.parties.filter(organisation__isnull=False))
    for party in parties:
        if party.organisation_id in seats or (keeper and not _has_officer(party)):
            party.publishes, party.publishes_late, touched = True, late, True
            changes.save(party, by=by, deed="publish")
    if not touched:
        raise ValidationError(_("You may agree for your own organisation only."))
    agreement.published = all(party.publishes for party in parties)
    agreement.lateness_published = all(party.publishes_late for party in parties)
    return changes.save(agreement, by=by, deed="publish")


@changes.together()
def withdraw(agreement: Agreement, *, why: str, by: Any) -> Agreement:
    """Take back, for one's own party, that everybody may see the agreement: from now on its parties alone do.

    What somebody copied meanwhile stays where it is. For a party without any officer here the secretariat may.
    """
    agreement = hold(agreement)
    seats, keeper = by.seats("officer"), by.holds(Role.SECRETARIAT)
    own = [
        party for party in agreement.parties.filter(publishes=True)
        if party.organisation_id in seats or (keeper and not _has_officer(party))
    ]  # fmt: skip
    if not own:
        raise ValidationError(_("Your organisation has not agreed to publish it."), code="state")
    for party in own:
        party.publishes = party.publishes_late = False
        changes.save(party, by=by, why=why, deed="withdraw")
    agreement.published = agreement.lateness_published = False
    return changes.save(agreement, by=by, why=why, deed="withdraw")


def _has_officer(party: Party) -> bool:
    rows = Membership.objects.filter(organisation=party.organisation_id, role=Role.OFFICER)
    return any(row.in_force(clock.today()) for row in rows)
