"""Deeds on batches: propose one from a list, confirm and sign it, write its rows, note its root; and on what was issued.

Up to FOUR_EYES recipients one person signs alone, within the quota of the day; above, a second person of the institution
confirms the same list, known by its SHA-256, which was noted when it was proposed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils.translation import gettext as _

from sunmao.credentials import document, lists, numbers
from sunmao.credentials.actions import conferring
from sunmao.credentials.models import Award, Batch, BatchState, Credential, Issued, Signing
from sunmao.credentials.policy import SIGNERS
from sunmao.kernel import changes, clock, erasing
from sunmao.keys import actions as keys
from sunmao.keys.models import InstitutionKey
from sunmao.vc import issue
from sunmao.vc.errors import VcError


def propose(award: Award, *, count: int, sha256: str, by: Any, why: str = "") -> Batch:
    """Note that a list of `count` recipients is to be issued; small ones are signed at once. Returns the batch, the one
    that is there already where the same list was proposed for the award before."""
    with changes.together():
        award = Award.objects.select_for_update().get(pk=award.pk)
        if len(award.organisations) != 1:
            raise ValidationError(
                _("Credentials from a list are issued by one institution alone. Award this one to a cohort.")
            )
        home = conferring._seat(award, by)
        held = Batch.objects.filter(award=award, file_sha256=sha256).exclude(state=BatchState.DROPPED).first()
        if held is not None:
            return held
        keys.need_signing_key(home)
        batch = Batch(
            award=award,
            issuer=home,
            file_sha256=sha256,
            count=count,
            proposed_by=by.actor_name,
            proposed_key=by.actor_key,
        )
        changes.save(batch, by=by, why=why, deed="propose")
        if count <= conferring.FOUR_EYES:
            _need_quota(count, by)
            _begin(batch, by=by, why=why)
    return batch


def confirm_batch(batch: Batch, *, by: Any, why: str = "") -> Batch:
    """Let the second person confirm a batch; from now on its credentials are signed in the institution's name."""
    with changes.together():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        if batch.state != BatchState.PROPOSED:
            raise ValidationError(_("Nothing is left to sign here."), code="state")
        if by.actor_key == batch.proposed_key:
            raise ValidationError(_("You proposed it. A second person of your institution must confirm it."))
        if not by.holds(*SIGNERS, at=batch.issuer_id):
            raise ValidationError(_("Only an officer or director of an issuing institution gives this award."))
        return _begin(batch, by=by, why=why)


def _need_quota(count: int, by: Any) -> None:
    since = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    alone = Batch.objects.filter(signer_key=by.actor_key, proposed_key=by.actor_key, signed_at__gte=since)
    rows = (Signing.objects.filter(signer_key=by.actor_key, signed_at__gte=since), alone)
    done = sum(found.aggregate(n=Sum("count"))["n"] or 0 for found in rows)
    if done + count > conferring.QUOTA:
        raise ValidationError(
            _(
                "You may sign %(quota)s credentials a day; %(done)s are signed today. Someone else of your institution may sign, or you tomorrow."
            )
            % {"quota": conferring.QUOTA, "done": done}
        )


def _begin(batch: Batch, *, by: Any, why: str) -> Batch:
    key = keys.need_signing_key(batch.issuer)
    batch.state, batch.key_used, batch.signed_at = BatchState.SIGNING, key, clock.now().replace(microsecond=0)
    batch.signer, batch.signer_key = by.actor_name, by.actor_key
    try:
        batch.template = json.dumps(template(batch.award, key), ensure_ascii=False, separators=(",", ":"))
    except VcError as error:
        raise ValidationError(_("The credential cannot be written: %(why)s") % {"why": error}) from error
    return changes.save(batch, by=by, why=why, deed="sign")


def template(award: Award, key: InstitutionKey) -> dict[str, Any]:
    """Return the unsigned credential with everything a row of a list may say."""
    demonstration = award.demo or key.test
    shared = document.terms(award, {award.organisations[0].pk: key.controller}, demonstration=demonstration)
    whole = issue.Outcome(f"{document.award_address(award)}#result", "Result")
    achievement = replace(shared.achievement, outcomes=(*shared.achievement.outcomes, whole))
    place = "https://register.example.org/status/list"
    entries = lists.entries_at(place, 0)
    began = datetime.combine(clock.today(), time(), UTC)
    return issue.achievement_credential(
        id="urn:uuid:00000000-0000-7000-8000-000000000000", issuer=shared.issuer, achievement=achievement,
        recipient=issue.Recipient(name="name", id="urn:uuid:00000000-0000-7000-8000-000000000001"),
        results=[issue.ResultValue(whole.id, value="result")], valid_from=began,
        valid_until=began.replace(year=9999) if award.months else None,
        details=issue.Details(narrative="narrative", awarded_at=began, evidence=shared.evidence), status=entries, demonstration=demonstration,
    )  # fmt: skip


def write_issued(rows: Sequence[Issued], *, by: Any) -> None:
    """Keep some rows of a batch that is being signed."""
    with changes.together():
        batch = Batch.objects.select_for_update().get(pk=rows[0].batch_id)
        if batch.state != BatchState.SIGNING:
            raise ValidationError(_("Nothing is left to sign here."), code="state")
        changes.bulk(rows, by=by, deed="issue", file_sha256=batch.file_sha256)


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
    """Give up a batch that nobody has signed yet."""
    if batch.state != BatchState.PROPOSED:
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
