"""Writing an agreement down, proposing its text, approving or returning it.

Every change of wording makes a new version with a new hash and voids the approvals of the one before. Deeds hold
the agreement's row for the length of their transaction, so that two people at once come one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.agreements import queries
from sunmao.agreements.hashing import text_hash, wording_hash
from sunmao.agreements.models import (
    UNRECORDED,
    Agreement,
    Approval,
    Origin,
    Party,
    State,
    Text,
    Version,
    VersionState,
)
from sunmao.kernel import changes, clock, files
from sunmao.kernel.models import Record, StoredFile
from sunmao.kernel.text import Texts


@dataclass(frozen=True)
class Words:
    """The words of one language: typed, or in a file."""

    language: str
    body: str = ""
    file: StoredFile | None = None

    @property
    def digest(self) -> str:
        return text_hash(self.body, self.file.sha256 if self.file else "")


def hold(agreement: Agreement) -> Agreement:
    """Lock the agreement's row until the transaction ends (a race: two deeds on one agreement) and re-read it."""
    stored = Agreement.objects.select_for_update().get(pk=agreement.pk)
    if stored.revision != agreement.revision:
        agreement.refresh_from_db()
    return agreement


def own_party(agreement: Agreement, by: Any, party: Party | None = None) -> Party:
    """Return the party the person acts for; raise where it is none of theirs, or not clear which."""
    seats = by.seats("officer")
    mine = [row for row in agreement.parties.order_by("number") if row.organisation_id in seats]
    if party is not None:
        if party not in mine:
            raise ValidationError(_("You may act for your own organisation only."))
        return party
    if not mine:
        raise ValidationError(_("Your organisation is no party to this agreement."))
    if len(mine) > 1:
        raise ValidationError(_("You are an officer of several parties. Say for which one you act."))
    return mine[0]


# Writing down


def keep_agreement(agreement: Agreement, *, by: Any, why: str = "", seen: int | None = None) -> Agreement:
    """Save an agreement; a new one gets the organisation that wrote it down as its first party."""
    adding = agreement.pk is None
    with changes.together():
        stored = Agreement() if adding else Agreement.objects.get(pk=agreement.pk)
        if not adding and (stored.origin, stored.opened_by_id) != (agreement.origin, agreement.opened_by_id):
            raise ValidationError(_("How it came here, and in whose name, stays as it was first written down."))
        if agreement.origin == Origin.PRESS and (adding or stored.state in UNRECORDED):
            told = agreement.event_id or agreement.ceremony or agreement.signed
            agreement.state = State.REPORTED if told else State.ANNOUNCED
        elif (agreement.signed or None) != (stored.signed or None):
            raise ValidationError({"signed": _("Record that it is signed instead: that keeps the text, too.")})
        changes.save(agreement, by=by, why=why, seen=seen)
        if adding and agreement.opened_by is not None:
            changes.save(Party(agreement=agreement, number=1, organisation=agreement.opened_by), by=by)
        reword(agreement, by=by)
    return agreement


def keep_part(record: Any, agreement: Agreement, *, by: Any, why: str = "", seen: int | None = None) -> Any:
    """Save a party, a clause or who owes it; where a text is being drafted this makes a new version of it."""
    with changes.together():
        hold(agreement)
        changes.save(record, by=by, why=why, seen=seen)
        reword(agreement, by=by)
    return record


def remove_part(record: Record, agreement: Agreement, *, by: Any, why: str = "") -> None:
    """Delete a party, a clause or who owes it, under the same rule."""
    with changes.together():
        hold(agreement)
        changes.delete(record, by=by, why=why)
        reword(agreement, by=by)


def reword(agreement: Agreement, *, by: Any) -> Version | None:
    """Make a new version where the parties or clauses no longer are what the open version says."""
    current = queries.open_version(agreement)
    if current is None:
        return None
    words = [Words(row.language, row.body, row.file) for row in current.texts.select_related("file")]
    if digest_of(agreement, current.amendment, current.prevails, words) == current.digest:
        return None
    return new_version(
        agreement, words, prevails=current.prevails, amendment=current.amendment, by=by,
        proposed_by=current.proposed_by, days=current.days, remarks=current.remarks,
    )  # fmt: skip


# Proposing


@changes.together()
def propose_text(
    agreement: Agreement,
    *,
    text: Texts,
    prevails: str,
    digest: str = "",
    file: Any = None,
    file_language: str = "",
    days: int = 14,
    remarks: Texts | None = None,
    party: Party | None = None,
    by: Any,
) -> Agreement:
    """Propose a text. It becomes a new version and voids every approval given to the one before.

    `digest` is the hash of the version the person had before them (empty for the first); where someone else has
    proposed another meanwhile, it is refused. `days` is how long each party has its turn.
    """
    agreement = hold(agreement)
    current = queries.open_version(agreement)
    if agreement.is_signed and current is None:
        raise ValidationError(_("It is signed. Propose an amendment instead."))
    if (current.digest if current else "") != digest:
        raise ValidationError(_("Someone proposed another text meanwhile. Read it before you propose yours."))
    amendment = current.amendment if current else 0
    _propose(agreement, text, prevails, file, file_language, days, remarks, party, amendment, by=by)
    return agreement


@changes.together()
def propose_amendment(
    agreement: Agreement,
    *,
    text: Texts,
    prevails: str,
    file: Any = None,
    file_language: str = "",
    days: int = 14,
    remarks: Texts | None = None,
    party: Party | None = None,
    by: Any,
) -> Agreement:
    """Propose to amend what is signed. The signed text stays in force until every party has signed the new one."""
    agreement = hold(agreement)
    if queries.open_version(agreement) is not None:
        raise ValidationError(_("An amendment is being drafted already. Propose your text for that one."))
    _propose(agreement, text, prevails, file, file_language, days, remarks, party, agreement.amendment + 1, by=by)
    return agreement


def _propose(
    agreement: Agreement, text: Texts, prevails: str, file: Any, file_language: str, days: int,
    remarks: Texts | None, party: Party | None, amendment: int, *, by: Any,
) -> Version:  # fmt: skip
    words = read_words(text, file, file_language, by=by)
    if prevails and prevails not in {row.language for row in words}:
        raise ValidationError({"prevails": _("There is no text in the language that is to prevail.")})
    current = queries.open_version(agreement)
    if current is not None and digest_of(agreement, amendment, prevails, words) == current.digest:
        raise ValidationError(_("This is the same text as before; nothing to propose."))
    return new_version(
        agreement, words, prevails=prevails, amendment=amendment, by=by,
        proposed_by=own_party(agreement, by, party), days=days, remarks=remarks or Texts(),
    )  # fmt: skip


def read_words(text: Texts, file: Any, file_language: str, *, by: Any) -> list[Words]:
    """Return the words given: typed per language, and the uploaded file for the language it is in."""
    words = {language: Words(language, entry["text"]) for language, entry in Texts.of(text).items()}
    if file:
        if not file_language:
            raise ValidationError({"file_language": _("Say which language the file is in.")})
        stored = file if isinstance(file, StoredFile) else files.store(file, file.name, by=by)
        typed = words.get(file_language)
        words[file_language] = Words(file_language, typed.body if typed else "", stored)
    if not words:
        raise ValidationError({"text": _("Write the text in at least one language, or add a file.")})
    return [words[language] for language in sorted(words)]


def digest_of(agreement: Agreement, amendment: int, prevails: str, words: Sequence[Words]) -> str:
    """Return the hash of a wording as the agreement's parties and clauses stand now."""
    return wording_hash(
        agreement=str(agreement.uid), amendment=amendment, prevails=prevails,
        held=queries.as_worded(agreement, amendment), texts=[(row.language, row.digest) for row in words],
    )  # fmt: skip


def new_version(
    agreement: Agreement,
    words: Sequence[Words],
    *,
    prevails: str,
    amendment: int,
    proposed_by: Party | None,
    days: int,
    remarks: Texts,
    by: Any,
) -> Version:
    """Save a new version with its texts; the one before is replaced and its approvals are void."""
    voided = 0
    current = queries.open_version(agreement)
    if current is not None:
        voided = void_approvals(current, by=by)
        current.state, current.turn, current.turn_until = VersionState.REPLACED, None, None
        changes.save(current, by=by, deed="replace")
    last = agreement.versions.order_by("-number").first()
    first = agreement.parties.filter(organisation__isnull=False).order_by("number").first()
    made = Version(
        agreement=agreement, number=last.number + 1 if last else 1, amendment=amendment, prevails=prevails,
        held=queries.as_worded(agreement, amendment), digest=digest_of(agreement, amendment, prevails, words),
        proposed_by=proposed_by, days=days, remarks=remarks, voided=voided, turn=first,
        turn_until=clock.today() + timedelta(days=days) if first else None,
    )  # fmt: skip
    changes.save(made, by=by, deed="propose_text")
    for row in words:
        changes.save(Text(version_of=made, language=row.language, body=row.body, file=row.file), by=by)
    if amendment == 0 and agreement.state == State.APPROVED:
        agreement.state = State.DRAFTING
        changes.save(agreement, by=by, deed="propose_text")
    return made


def void_approvals(version: Version, *, by: Any) -> int:
    """Void the approvals given to a version; return how many."""
    rows = list(version.approvals.filter(void=False))
    for row in rows:
        row.void = True
        changes.save(row, by=by, deed="void")
    return len(rows)


# Answering


@changes.together()
def approve(agreement: Agreement, *, digest: str, basis: Texts | None = None, by: Any) -> Agreement:
    """Approve the text with this hash, for the party whose turn it is; the turn goes to the next.

    The approval counts for the hash that was seen: where the text has changed meanwhile it is refused.
    """
    agreement = hold(agreement)
    version, party = _turn(agreement, digest, by)
    _all_named(agreement)
    approval = Approval(
        version_of=version, party=party, digest=digest, person=getattr(by, "person", None), given_on=clock.today(),
        basis=basis or Texts(),
    )  # fmt: skip
    changes.save(approval, by=by, deed="approve")
    given = set(version.approvals.filter(void=False).values_list("party_id", flat=True))
    waiting = [row for row in agreement.parties.order_by("number") if row.pk not in given]
    if waiting:
        version.turn, version.turn_until = waiting[0], clock.today() + timedelta(days=version.days)
        changes.save(version, by=by, deed="approve")
        return agreement
    version.state, version.turn, version.turn_until = VersionState.APPROVED, None, None
    changes.save(version, by=by, deed="approve")
    if version.amendment == 0:
        agreement.state = State.APPROVED
        changes.save(agreement, by=by, deed="approve")
    return agreement


@changes.together()
def return_text(agreement: Agreement, *, digest: str, remarks: Texts, by: Any) -> Agreement:
    """Send the text back to the party that proposed it, with remarks; approvals given to it are void."""
    agreement = hold(agreement)
    version, party = _turn(agreement, digest, by)
    if version.proposed_by_id == party.pk:
        raise ValidationError(_("It is your own text. Propose another instead of returning it."))
    version.voided += void_approvals(version, by=by)
    version.turn = version.proposed_by
    version.turn_until = clock.today() + timedelta(days=version.days)
    version.remarks = remarks
    changes.save(version, by=by, deed="return_text")
    return agreement


def _turn(agreement: Agreement, digest: str, by: Any) -> tuple[Version, Party]:
    """Return the draft and the party whose turn it is, if that is the person's and the hash is the draft's."""
    version = agreement.versions.filter(state=VersionState.DRAFT).select_related("turn").first()
    if version is None:
        raise ValidationError(_("No text is waiting for an answer."))
    if digest.replace(" ", "") != version.digest:
        raise ValidationError(_("The text has changed since you opened it. Read the new one, then decide."))
    if version.turn is None or version.turn.organisation_id not in by.seats("officer"):
        raise ValidationError(_("It is the turn of %(party)s.") % {"party": version.turn})
    return version, version.turn


def _all_named(agreement: Agreement) -> None:
    parties = list(agreement.parties.all())
    if len(parties) < 2:
        raise ValidationError(_("An agreement needs at least two parties. Add the others first."))
    if any(party.organisation_id is None for party in parties):
        raise ValidationError(_("A party is still to be named. Name it before the text is approved."))
