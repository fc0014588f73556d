"""Giving an award: propose it for a cohort, have a second person confirm a large one, sign it institution by
institution until the deadline.

Two people at once: the award's row is locked, so the second sees what the first gave, and a unique constraint holds
even where the lock is not enough. One learner never has the same award twice.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils.translation import gettext as _

from sunmao.cohorts.models import Cohort, Enrolment
from sunmao.credentials import document, lists, numbers, reading
from sunmao.credentials.filling import months_after
from sunmao.credentials.models import (
    HELD,
    Award,
    Conferral,
    ConferralState,
    Credential,
    CredentialState,
    Signing,
)
from sunmao.credentials.policy import SIGNERS
from sunmao.directory.models import Organisation
from sunmao.kernel import changes, clock
from sunmao.keys import actions as keys
from sunmao.keys.models import InstitutionKey
from sunmao.vc.errors import VcError

FOUR_EYES = 30  # above so many learners at once a second person of the institution confirms
QUOTA = 1000  # so many credentials one person may sign on one day (UTC)


def confer(
    award: Award,
    *,
    cohort: Cohort,
    awarded_on: date,
    by: Any,
    learners: Sequence[Any] = (),
    registration_numbers: Mapping[str, str] | None = None,
    why: str = "",
) -> Conferral:
    """Give an award to the learners of a cohort who completed it and do not hold it yet (or to those of `learners`).

    Up to FOUR_EYES learners the person's institution signs at once; above, a second person of it must confirm.
    `registration_numbers` are by learner code. Returns the conferral.
    """
    with changes.together():
        award = Award.objects.select_for_update().get(pk=award.pk)
        home = _seat(award, by)
        _need_part(award, cohort, by)
        enrolments = _due(award, cohort, learners, awarded_on)
        used = {row.pk: keys.need_signing_key(row) for row in award.organisations}
        large = len(enrolments) > FOUR_EYES
        conferral = Conferral(
            award=award, cohort=cohort, awarded_on=awarded_on, count=len(enrolments), proposed_by=by.actor_name,
            proposed_key=by.actor_key, proposed_for=home, sign_by=clock.today() + timedelta(days=award.days_to_sign),
            state=ConferralState.PROPOSED if large else ConferralState.SIGNING,
        )  # fmt: skip
        changes.save(conferral, by=by, why=why, deed="award")
        rows = _compose(conferral, enrolments, used, registration_numbers or {}, by=by)
        if not large:
            _take_signature(conferral, home, used[home.pk], rows, by=by)
            _finish(conferral, rows, by=by)
        changes.bulk(rows, by=by, why=why, deed="award")
    return conferral


def _seat(award: Award, by: Any) -> Organisation:
    """Return the institution the person acts for: the first of the award's where he holds a signer's role."""
    for row in award.organisations:
        if by.holds(*SIGNERS, at=row.pk):
            return row
    raise ValidationError(_("Only an officer or director of an issuing institution gives this award."))


def _need_part(award: Award, cohort: Cohort, by: Any) -> None:
    """Raise ValidationError where the person may not see the class, or no institution of the award teaches it."""
    teaching = reading.institutions_of(cohort) & {row.pk for row in award.organisations}
    if not teaching or not reading.classes_of(by).filter(pk=cohort.pk).exists():
        raise ValidationError(
            {"cohort": _("A cohort is awarded by those who teach it, and proposed by people who may see its learners.")}
        )


def _due(award: Award, cohort: Cohort, learners: Sequence[Any], awarded_on: date) -> list[Enrolment]:
    if not award.organisations:
        raise ValidationError(_("Name the issuing institutions of the award first."))
    if reading.programme_of(cohort) != award.programme_id:
        raise ValidationError({"cohort": _("This cohort follows another programme than the award.")})
    if awarded_on > clock.today():
        raise ValidationError({"awarded_on": _("The day of award has not come yet.")})
    wanted = {row.pk for row in learners}
    had = Credential.objects.filter(award=award, enrolment__cohort=cohort)
    # Who lost it is awarded it again only by name, never along with a class.
    had = had.filter(state__in=HELD) if wanted else had.exclude(state=CredentialState.DROPPED)
    held = set(had.values_list("enrolment_id", flat=True))
    done = reading.completed(cohort) if award.unit is None else reading.completed_unit(cohort, award.unit)
    short = wanted - {row.learner_id for row in done}
    if short:
        raise ValidationError(
            _("%(count)s of the learners chosen have not completed the programme.") % {"count": len(short)}
        )
    found = [row for row in done if row.pk not in held and (not wanted or row.learner_id in wanted)]
    if not found:
        raise ValidationError(
            _("Every learner who completed has been given this award already.")
            if held
            else _("No learner of this cohort has completed the programme.")
        )
    return found


def _compose(
    conferral: Conferral,
    enrolments: list[Enrolment],
    used: dict[int, InstitutionKey],
    numbered: Mapping[str, str],
    *,
    by: Any,
) -> list[Credential]:
    award = conferral.award
    issuer = award.organisations[0]
    shared = document.terms(
        award, {pk: key.controller for pk, key in used.items()},
        demonstration=award.demo or any(key.test for key in used.values()),
    )  # fmt: skip
    places = lists.place(issuer, used[issuer.pk].controller, len(enrolments), by=by)
    until = months_after(conferral.awarded_on, award.months) if award.months else None
    holders = reading.holders(enrolments, numbered, by=by)
    rows = []
    for enrolment, place in zip(enrolments, places, strict=True):
        holder = holders[enrolment.pk]
        row = Credential(
            number=_number(), award=award, conferral=conferral, issuer=issuer, learner_id=enrolment.learner_id,
            enrolment=enrolment, registration_number=holder.registration_number, awarded_on=conferral.awarded_on,
            valid_until=until, status_list=place[0], status_index=place[1], state_since=clock.now(),
        )  # fmt: skip
        try:
            unsigned = document.compose(
                shared, holder, uid=row.uid, awarded_on=conferral.awarded_on, valid_until=until, place=place
            )
        except VcError as error:
            raise ValidationError(_("The credential cannot be written: %(why)s") % {"why": error}) from error
        row.digest = document.digest(unsigned)
        keep(row, unsigned)
        rows.append(row)
    return rows


def keep(row: Credential, held: dict[str, Any]) -> None:
    """Put the document on the row as the text that goes out."""
    row.document = json.dumps(held, ensure_ascii=False, separators=(",", ":"))


def _number() -> str:
    while Credential.objects.filter(number=(found := numbers.fresh())).exists():
        continue
    return found


def sign(conferral: Conferral, *, by: Any, why: str = "") -> Conferral:
    """Add the proof of the person's institution to every credential of a conferral.

    The second person who confirms a large conferral signs it by the same deed; it may not be the one who proposed
    it. Refused after the deadline, beyond the person's daily quota, and where the institution has signed already.
    """
    with changes.together():
        conferral = Conferral.objects.select_for_update().get(pk=conferral.pk)
        if conferral.state not in (ConferralState.PROPOSED, ConferralState.SIGNING):
            raise ValidationError(_("Nothing is left to sign here."), code="state")
        if clock.today() > conferral.sign_by:
            raise ValidationError(
                _("The days to sign ended on %(day)s. Extend them first.") % {"day": conferral.sign_by}
            )
        home = _signing_seat(conferral, by)
        rows = list(conferral.credentials.filter(state=CredentialState.AWAITING).order_by("id"))
        key = keys.need_signing_key(home, _identifier(conferral, home, rows))
        conferral.state = ConferralState.SIGNING
        _take_signature(conferral, home, key, rows, by=by)
        _finish(conferral, rows, by=by, why=why)
        for row in rows:
            changes.save(row, by=by, why=why, deed="sign")
        changes.save(conferral, by=by, why=why, deed="sign")
    return conferral


def _signing_seat(conferral: Conferral, by: Any) -> Organisation:
    mine = [row for row in conferral.missing if by.holds(*SIGNERS, at=row.pk)]
    if conferral.state == ConferralState.PROPOSED:
        mine = [row for row in mine if row.pk == conferral.proposed_for_id]
        if by.actor_key == conferral.proposed_key:
            raise ValidationError(_("You proposed it. A second person of your institution must confirm it."))
    if not mine:
        raise ValidationError(_("Your institution has signed already, or it is not its turn."))
    return mine[0]


def _identifier(conferral: Conferral, home: Organisation, rows: list[Credential]) -> str:
    """Return the identifier under which an institution stands in the documents; its proof must speak under it."""
    if not rows:
        raise ValidationError(_("Nothing is left to sign here."), code="state")
    held = rows[0].signed_document
    named = [held["issuer"]["id"], *(joint["id"] for joint in held.get("jointIssuer", []))]
    return str(named[[row.pk for row in conferral.award.organisations].index(home.pk)])


def _take_signature(
    conferral: Conferral, home: Organisation, key: InstitutionKey, rows: list[Credential], *, by: Any
) -> None:
    """Sign every document for one institution, within the person's quota of the day."""
    since = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    today = Signing.objects.filter(signer_key=by.actor_key, signed_at__gte=since).aggregate(n=Sum("count"))["n"] or 0
    if today + len(rows) > QUOTA:
        raise ValidationError(
            _(
                "You may sign %(quota)s credentials a day; %(done)s are signed today. Someone else of your institution may sign, or you tomorrow."
            )
            % {"quota": QUOTA, "done": today}
        )
    for row, signed in zip(rows, keys.sign_all([row.signed_document for row in rows], key), strict=True):
        keep(row, signed)
    changes.save(
        Signing(conferral=conferral, organisation=home, key_used=key, signer=by.actor_name, signer_key=by.actor_key,
                signed_at=clock.now(), count=len(rows)),
        by=by, deed="sign",
    )  # fmt: skip


def _finish(conferral: Conferral, rows: list[Credential], *, by: Any, why: str = "") -> None:
    """Once nobody is missing, every credential is issued and the conferral complete."""
    if conferral.missing:
        return
    for row in rows:
        row.state, row.state_since = CredentialState.ISSUED, clock.now()
    conferral.state = ConferralState.COMPLETE
    changes.save(conferral, by=by, why=why, deed="sign")


def extend(conferral: Conferral, *, sign_by: date, why: str, by: Any) -> Conferral:
    """Give the institutions more days to sign."""
    if sign_by <= max(conferral.sign_by, clock.today()):
        raise ValidationError(
            {"sign_by": _("Choose a later day than %(day)s.") % {"day": max(conferral.sign_by, clock.today())}}
        )
    conferral.sign_by = sign_by
    return changes.save(conferral, by=by, why=why, deed="extend")


def drop(conferral: Conferral, *, why: str, by: Any) -> Conferral:
    """Give up a conferral that not every institution has signed. What was signed so far never counts."""
    with changes.together():
        for row in conferral.credentials.filter(state=CredentialState.AWAITING):
            row.state, row.state_since, row.reason = CredentialState.DROPPED, clock.now(), why
            changes.save(row, by=by, why=why, deed="drop")
        conferral.state = ConferralState.DROPPED
        changes.save(conferral, by=by, why=why, deed="drop")
    return conferral
