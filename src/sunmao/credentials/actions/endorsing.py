"""An institution's word for what others award: a credential of its own, kept as a record where it is given here."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.credentials import document, lists
from sunmao.credentials.models import STANDING, Award, AwardIssuer, Endorsement, EndorsementState
from sunmao.credentials.policy import endorses
from sunmao.directory.models import Organisation
from sunmao.kernel import changes, clock
from sunmao.keys import actions as keys
from sunmao.keys import queries as key_queries
from sunmao.keys.models import InstitutionKey
from sunmao.vc import jose, openbadges
from sunmao.vc.canon import canonical_nquads
from sunmao.vc.endorsements import endorsement_credential
from sunmao.vc.errors import VcError
from sunmao.vc.structure import check_credential, issuer_id, types_of
from sunmao.vc.times import parse_instant
from sunmao.vc.trust import credential_digest


def endorse(
    award: Award,
    *,
    organisation: Organisation,
    words: str,
    by: Any,
    valid_until: date | None = None,
    why: str = "",
    about: Organisation | None = None,
) -> Endorsement:
    """Sign, in the name of `organisation`, its word for an award, or for `about`, an institution that gives it.

    It stands in credentials conferred after one of the issuing institutions took it up. Refused where the person may
    not speak for the institution, where that gives the award itself, and where its word stands already.
    """
    with changes.together():
        award = Award.objects.select_for_update().get(pk=award.pk)
        if not endorses(by, organisation.pk):
            raise ValidationError(_("Only an officer, director or authority of an institution gives its word."))
        if organisation in award.organisations:
            raise ValidationError(_("Who gives an award does not endorse it, too."))
        if valid_until is not None and valid_until < clock.today():
            raise ValidationError({"valid_until": _("This day has passed.")})
        standing = Endorsement.objects.filter(award=award, organisation=organisation, about=about, state__in=STANDING)
        if standing.exists():
            raise ValidationError(_("%(name)s endorses it already.") % {"name": organisation})
        row = Endorsement(
            award=award, about=about, organisation=organisation, words=words.strip(), valid_until=valid_until,
            signer=by.actor_name, signed_at=clock.now(), state_since=clock.now(),
        )  # fmt: skip
        _sign(row, by=by)
        return changes.save(row, by=by, why=why, deed="endorse")


def _sign(row: Endorsement, *, by: Any) -> None:
    """Compose and sign the document, and give it its place in a status list of the endorsing institution."""
    key = keys.need_signing_key(row.organisation)
    row.key_used = key
    row.status_list, row.status_index = lists.place(row.organisation, key.controller, 1, by=by)[0]
    about = key_queries.issuer_id(row.about) if row.about else document.award_address(row.award)
    try:
        unsigned = endorsement_credential(
            id=f"urn:uuid:{row.uid}", issuer=document.institution(row.organisation, key.controller), about=about,
            words=row.words, valid_from=clock.now(),
            valid_until=datetime.combine(row.valid_until, time(23, 59, 59), UTC) if row.valid_until else None,
            status=[lists.withdrawal(row.status_list, row.status_index)],
            demonstration=row.award.demo or key.test,
        )  # fmt: skip
    except VcError as error:
        raise ValidationError(_("The endorsement cannot be written: %(why)s") % {"why": error}) from error
    signed = keys.sign(unsigned, key)
    row.document = json.dumps(signed, ensure_ascii=False, separators=(",", ":"))
    row.digest = credential_digest(signed)


def endorse_issuer(
    issuer: AwardIssuer,
    *,
    organisation: Organisation,
    words: str,
    by: Any,
    valid_until: date | None = None,
    why: str = "",
) -> Endorsement:
    """Sign an institution's word for one that gives an award."""
    return endorse(
        issuer.award, organisation=organisation, words=words, by=by, valid_until=valid_until, why=why,
        about=issuer.organisation,
    )  # fmt: skip


def take_up(endorsement: Endorsement, *, by: Any, why: str = "") -> Endorsement:
    """Let it stand in what the award's institutions confer from now on."""
    endorsement.was_taken = True
    return _turn(endorsement, EndorsementState.TAKEN, (EndorsementState.GIVEN,), "take_up", why, by)


def leave_out(endorsement: Endorsement, *, by: Any, why: str = "") -> Endorsement:
    """Let it stand in nothing that is conferred from now on; where it stands already it stays."""
    return _turn(endorsement, EndorsementState.GIVEN, (EndorsementState.TAKEN,), "leave_out", why, by)


def withdraw(endorsement: Endorsement, *, why: str, by: Any) -> Endorsement:
    """Take the word back: the endorsing institution's status list says so at once, wherever it stands."""
    return _turn(endorsement, EndorsementState.WITHDRAWN, STANDING, "withdraw", why, by)


def _turn(
    endorsement: Endorsement, state: EndorsementState, allowed: tuple[str, ...], deed: str, why: str, by: Any
) -> Endorsement:
    if endorsement.state not in allowed:
        raise ValidationError(_("Its state does not allow this now."), code="state")
    endorsement.state, endorsement.state_since, endorsement.reason = state, clock.now(), why
    return changes.save(endorsement, by=by, why=why, deed=deed)


def sign_endorsement(endorsement: dict[str, Any], *, by: Any, jwt: bool = False) -> dict[str, Any] | str:
    """Return an EndorsementCredential (Open Badges 3.0 section B.1.5) signed by the institution it names as issuer, or,
    with `jwt`, the compact text that stands under `endorsementJwt` (VC-JOSE-COSE 1.0 section 3.1.1).

    Learners' credentials are awarded from their results and never signed here. What was endorsed, and the digest of
    what was signed, is noted at the key. VcError where the document is wrong, ValidationError where the person or
    the institution may not.
    """
    check_credential(endorsement)
    if openbadges.ENDORSEMENT_TYPE not in types_of(endorsement):
        raise ValidationError(
            _("Only endorsements are signed here. What learners are awarded follows from their results."), code="kind"
        )
    openbadges.check_badge(endorsement)
    if "proof" in endorsement or "credentialStatus" in endorsement:
        raise ValidationError(_("Send the endorsement without a proof and without a status."), code="kind")
    home = _home(issuer_id(endorsement), by)
    key = keys.need_signing_key(home, issuer_id(endorsement))
    signed = _in_jwt(endorsement, key) if jwt else keys.sign(endorsement, key)
    about = str(endorsement["credentialSubject"]["id"])
    changes.note(key, by=by, deed="endorse", facts={"about": about, "digest": credential_digest(endorsement)})
    return signed


def _in_jwt(endorsement: dict[str, Any], key: InstitutionKey) -> str:
    """Return the compact text. Its first day stands for the day it was signed, so the key has to be in use by then."""
    begins = parse_instant(endorsement["validFrom"], field="validFrom")
    if begins < key.valid_from:
        raise VcError("key_not_yet", date=key.valid_from.date().isoformat())
    canonical_nquads(endorsement)  # a JWT signs spellings: each term must mean something, as under the other proofs
    return jose.sign_jwt(endorsement, keys.private_half(key).jwk, kid=key.method)


def _home(identifier: str, by: Any) -> Organisation:
    """Return the institution that speaks under an identifier and for which the person may endorse."""
    held = InstitutionKey.objects.filter(controller=identifier).select_related("organisation").order_by("-id").first()
    if held is None or not endorses(by, held.organisation_id):
        raise VcError("issuer_not_mine", found=identifier[:200], own=_("an institution of yours"))
    return held.organisation
