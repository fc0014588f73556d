"""Deeds on batches: propose one from a list, sign it, write its rows, note its root; and on what was issued.

Every institution of the award signs the same list, known by its SHA-256, before anything is issued: in any order, until
a day. Up to FOUR_EYES recipients one person signs for an institution, within the quota of the day; above, two do.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from sunmao.credentials import document, lists, numbers
from sunmao.credentials.actions import conferring
from sunmao.credentials.models import Award, Batch, BatchSigning, BatchState, Credential, Issued, Signing
from sunmao.credentials.policy import SIGNERS
from sunmao.directory.models import Organisation
from sunmao.kernel import changes, clock, erasing
from sunmao.keys import actions as keys
from sunmao.keys.models import InstitutionKey
from sunmao.vc import issue
from sunmao.vc.errors import VcError


def propose(award: Award, *, count: int, sha256: str, by: Any, why: str = "") -> Batch:
    """Note that a list of `count` recipients is to be issued; small ones are signed at once for the person's institution.
    Returns the batch, the one that is there already where the same list was proposed for the award before."""
    with changes.together():
        award = Award.objects.select_for_update().get(pk=award.pk)
        home = conferring._seat(award, by)
        held = Batch.objects.filter(award=award, file_sha256=sha256).exclude(state=BatchState.DROPPED).first()
        if held is not None:
            return held
        used = signing_keys(award)
        issuer = award.organisations[0]
        batch = Batch(
            award=award, issuer=issuer, file_sha256=sha256, count=count, proposed_by=by.actor_name,
            proposed_key=by.actor_key, proposed_for=home,
            sign_by=clock.today() + timedelta(days=award.days_to_sign) if len(used) > 1 else None,
        )  # fmt: skip
        changes.save(batch, by=by, why=why, deed="propose")
        return _sign(batch, home, by=by, why=why)


def signing_keys(award: Award) -> dict[int, InstitutionKey]:
    """Return the key each institution of an award signs with, in order; ValidationError where one has none."""
    organisations = award.organisations
    if not organisations:
        raise ValidationError(_("Name the issuing institutions of the award first."))
    return {row.pk: keys.need_signing_key(row) for row in organisations}


def sign_batch(batch: Batch, *, file_sha256: str, by: Any, why: str = "") -> Batch:
    """Sign a batch for the person's institution, or confirm as its second person what the first proposed.

    `file_sha256` is that of the list the person has looked at. Refused after the deadline, beyond the person's daily
    quota, where the list is another, and where the institution has signed already.
    """
    with changes.together():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        if batch.state not in (BatchState.PROPOSED, BatchState.AWAITING):
            raise ValidationError(_("Nothing is left to sign here."), code="state")
        if file_sha256.strip().lower() != batch.file_sha256:
            raise ValidationError({"file_sha256": _("This is not the list that was proposed: its SHA-256 is another.")})
        if batch.sign_by is not None and clock.today() > batch.sign_by:
            raise ValidationError(_("The days to sign ended on %(day)s. Extend them first.") % {"day": batch.sign_by})
        mine = [row for row in batch.missing if by.holds(*SIGNERS, at=row.pk)]
        if not mine:
            raise ValidationError(_("Your institution has signed already, or it is not its turn."))
        return _sign(batch, mine[0], by=by, why=why)


def _sign(batch: Batch, home: Organisation, *, by: Any, why: str) -> Batch:
    """Take a person's signature for an institution: that of its first person, or the one that counts."""
    row = batch.signings.filter(organisation=home).first()
    if row is None:
        proposer = (batch.proposed_by, batch.proposed_key) if home == batch.home else (by.actor_name, by.actor_key)
        row = BatchSigning(batch=batch, organisation=home, first=proposer[0], first_key=proposer[1])
    if batch.count <= conferring.FOUR_EYES:
        _need_quota(batch.count, by)
    elif row.first_key == by.actor_key:
        if not row._state.adding:
            raise ValidationError(_("You proposed it. A second person of your institution must confirm it."))
        changes.save(row, by=by, why=why, deed="propose")
        return batch
    _freeze(batch)
    row.key_used = keys.need_signing_key(home, _named(json.loads(batch.template))[_place(batch, home)])
    row.signer, row.signer_key, row.signed_at = by.actor_name, by.actor_key, clock.now().replace(microsecond=0)
    changes.save(row, by=by, why=why, deed="sign")
    if home.pk == batch.issuer_id:
        batch.key_used, batch.signed_at = row.key_used, row.signed_at
        batch.signer, batch.signer_key = row.signer, row.signer_key
    batch.state = BatchState.AWAITING if batch.missing else BatchState.SIGNING
    if batch.state == BatchState.SIGNING:
        for other in batch.signings.select_related("key_used", "organisation"):
            _need_kept(other)
    return changes.save(batch, by=by, why=why, deed="sign")


def _need_kept(signing: BatchSigning) -> None:
    if signing.key_used is None or not signing.key_used.sealed:
        raise ValidationError(
            _("The key with which %(name)s signed is not in use any more. Drop the list and propose it again.")
            % {"name": signing.organisation}
        )


def _place(batch: Batch, home: Organisation) -> int:
    return [row.pk for row in batch.award.organisations].index(home.pk)


def _named(template: dict[str, Any]) -> list[str]:
    """Return the identifiers of the institutions as the credentials name them, the issuer's first."""
    return [template["issuer"]["id"], *(joint["id"] for joint in template.get("jointIssuer", []))]


def signed_with(batch: Batch, template: dict[str, Any]) -> list[tuple[InstitutionKey, datetime]]:
    """Return the key of each institution with the instant it signed, in the order the credentials name them."""
    assert batch.key_used is not None and batch.signed_at is not None
    first, *others = _named(template)
    found = {first: (batch.key_used, batch.signed_at)}
    for row in batch.signings.select_related("key_used") if others else ():
        if row.organisation_id != batch.issuer_id and row.key_used is not None and row.signed_at is not None:
            found[row.key_used.controller] = (row.key_used, row.signed_at)
    return [found[name] for name in (first, *others)]


def _need_quota(count: int, by: Any) -> None:
    since = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    mine = {"signer_key": by.actor_key, "signed_at__gte": since}
    alone = BatchSigning.objects.filter(first_key=F("signer_key"), **mine)
    done = alone.aggregate(n=Sum("batch__count"))["n"] or 0
    done += Signing.objects.filter(**mine).aggregate(n=Sum("count"))["n"] or 0
    if done + count > conferring.QUOTA:
        raise ValidationError(
            _(
                "You may sign %(quota)s credentials a day; %(done)s are signed today. Someone else of your institution may sign, or you tomorrow."
            )
            % {"quota": conferring.QUOTA, "done": done}
        )


def _freeze(batch: Batch) -> None:
    """Fix what every credential of a batch says, when its first institution signs."""
    if batch.template:
        return
    try:
        said = template(batch.award, signing_keys(batch.award))
    except VcError as error:
        raise ValidationError(_("The credential cannot be written: %(why)s") % {"why": error}) from error
    batch.template = json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def template(award: Award, used: Mapping[int, InstitutionKey]) -> dict[str, Any]:
    """Return the unsigned credential with everything a row of a list may say."""
    demonstration = award.demo or any(key.test for key in used.values())
    shared = document.terms(award, {pk: key.controller for pk, key in used.items()}, demonstration=demonstration)
    whole = issue.Outcome(f"{document.award_address(award)}#result", "Result")
    achievement = replace(shared.achievement, outcomes=(*shared.achievement.outcomes, whole))
    place = "https://register.example.org/status/list"
    entries = lists.entries_at(place, 0)
    began = datetime.combine(clock.today(), time(), UTC)
    return issue.achievement_credential(
        id="urn:uuid:00000000-0000-7000-8000-000000000000", issuer=shared.issuer, joint_issuers=shared.joint, achievement=achievement,
        recipient=issue.Recipient(name="name", id="urn:uuid:00000000-0000-7000-8000-000000000001"),
        results=[issue.ResultValue(whole.id, value="result")], valid_from=began,
        valid_until=began.replace(year=9999) if award.months else None,
        details=issue.Details(narrative="narrative", awarded_at=began, evidence=shared.evidence), status=entries, demonstration=demonstration,
    )  # fmt: skip


def extend_batch(batch: Batch, *, sign_by: date, why: str, by: Any) -> Batch:
    """Give the institutions more days to sign."""
    last = max(batch.sign_by or clock.today(), clock.today())
    if sign_by <= last:
        raise ValidationError({"sign_by": _("Choose a later day than %(day)s.") % {"day": last}})
    batch.sign_by = sign_by
    return changes.save(batch, by=by, why=why, deed="extend")


def write_issued(rows: Sequence[Issued], *, by: Any) -> None:
    """Keep some rows of a batch that is being signed. IntegrityError where another run kept one of them.

    Runs that share a batch do not wait for each other here: the rows themselves hold the batch's row, so that it cannot
    be finished before they are committed, and its state is asked once they are in.
    """
    batch = Batch.objects.get(pk=rows[0].batch_id)
    with changes.together():
        changes.bulk(rows, by=by, deed="issue", file_sha256=batch.file_sha256)
        if not Batch.objects.filter(pk=batch.pk, state=BatchState.SIGNING).exists():
            raise ValidationError(_("Nothing is left to sign here."), code="state")


def finish_batch(batch: Batch, *, root: str, by: Any) -> Batch:
    """Note the Merkle root over all lines: from now on nothing can be put in or taken out unseen."""
    with changes.together():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        if batch.state == BatchState.COMPLETE:
            return batch
        if batch.state != BatchState.SIGNING or batch.rows.count() != batch.count:
            raise ValidationError(_("The batch is not complete."), code="state")
        batch.state, batch.root = BatchState.COMPLETE, root
        return changes.save(batch, by=by, deed="finish")


def drop_batch(batch: Batch, *, why: str, by: Any) -> Batch:
    """Give up a batch that not every institution has signed. Nothing of it was issued."""
    if batch.state not in (BatchState.PROPOSED, BatchState.AWAITING):
        raise ValidationError(_("Its state does not allow this now."), code="state")
    batch.state = BatchState.DROPPED
    return changes.save(batch, by=by, why=why, deed="drop")


def forget_issued(issued: Issued, *, why: str, by: Any) -> Issued:
    """Erase what a row says of the person. Number, issuer, day, status and digest stay, so that the person's own file
    still verifies. `why` names nobody."""
    with changes.together():
        issued.said = ""
        changes.save(issued, by=by, why=why, deed="forget")
        erasing.erase([issued], by=by, why=why)
    return issued


def fresh_numbers(count: int) -> list[str]:
    """Return printed numbers that no credential has."""
    found: set[str] = set()
    while len(found) < count:
        more = {numbers.fresh() for _turn in range(count - len(found))}
        for model in (Credential, Issued):
            more -= set(model.objects.filter(number__in=more).values_list("number", flat=True))
        found |= more
    return list(found)
