"""Deeds on crosswalk credentials: draw one up from the rows confirmed now, sign it for each side, drop it, revoke it."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.credentials import lists
from sunmao.credentials.document import plain
from sunmao.credentials.models import CredentialState, CrosswalkCredential, CrosswalkSigning
from sunmao.credentials.policy import SIDES_SPOKEN_FOR
from sunmao.directory.models import Organisation
from sunmao.kernel import changes, clock
from sunmao.keys import actions as keys
from sunmao.keys.models import InstitutionKey
from sunmao.standards import queries as standards
from sunmao.standards.actions import side_of
from sunmao.standards.models import Crosswalk, CrosswalkRow, Outcome, ProgrammeVersion, RowState, Side
from sunmao.vc import crosswalks
from sunmao.vc.contexts import CROSSWALK_PATH
from sunmao.vc.errors import VcError
from sunmao.vc.issue import Institution
from sunmao.vc.trust import credential_digest


def draw_up(crosswalk: Crosswalk, *, by: Any, why: str = "") -> CrosswalkCredential:
    """Write down the rows of a crosswalk that both sides have confirmed, as they stand now, for both sides to sign.

    The competent authority of either version signs, where there is none its keeper; each needs a key. Refused while
    another issue waits for signatures, without a confirmed row, and where one institution speaks for both sides.
    """
    with changes.together():
        crosswalk = Crosswalk.objects.select_for_update().get(pk=crosswalk.pk)
        if not side_of(by, crosswalk):
            raise ValidationError(_("Only people of the two sides draw up its credential."))
        issues = CrosswalkCredential.objects.filter(crosswalk=crosswalk)
        if issues.filter(state=CredentialState.AWAITING).exists():
            raise ValidationError(_("An issue of this crosswalk waits for signatures. Sign or drop it first."))
        rows = list(_confirmed(crosswalk))
        if not rows:
            raise ValidationError(_("Both sides have confirmed no row of it yet."))
        issuer, joint = (standards.side(version)[0] for version in (crosswalk.source, crosswalk.target))
        if issuer.pk == joint.pk:
            raise ValidationError(_("One institution speaks for both sides: there is nobody to sign with it."))
        used = (keys.need_signing_key(issuer), keys.need_signing_key(joint))
        made = CrosswalkCredential(
            crosswalk=crosswalk, number=issues.count() + 1, issuer=issuer, joint=joint, rows=[row.code for row in rows],
            drawn_at=clock.now().replace(microsecond=0), drawn_by=by.actor_name, state_since=clock.now(),
        )  # fmt: skip
        made.status_list, made.status_index = lists.place(issuer, used[0].controller, 1, by=by)[0]
        unsigned = _compose(made, rows, used)
        made.digest = credential_digest(unsigned)
        _keep(made, unsigned)
        return changes.save(made, by=by, why=why, deed="draw_up")


def _confirmed(crosswalk: Crosswalk) -> Any:
    rows = CrosswalkRow.objects.filter(crosswalk=crosswalk, state=RowState.CONFIRMED)
    rows = rows.select_related("source", "target").prefetch_related("judgements__person", "judgements__organisation")
    return rows.order_by("source__order", "id")


def _compose(
    made: CrosswalkCredential, rows: list[CrosswalkRow], used: tuple[InstitutionKey, InstitutionKey]
) -> dict[str, Any]:
    crosswalk = made.crosswalk
    sources = {one.number: one for one in crosswalk.source.outcomes.all()}
    try:
        return crosswalks.crosswalk_credential(
            id=f"urn:uuid:{made.uid}", context=f"{settings.SUNMAO_ADDRESS}{CROSSWALK_PATH}",
            crosswalk=f"urn:uuid:{crosswalk.uid}", code=crosswalk.code, number=made.number,
            issuers=(_institution(made.issuer, used[0]), _institution(made.joint, used[1])),
            standards=(_standard(crosswalk.source), _standard(crosswalk.target)),
            rows=[_row(row, sources) for row in rows], names=plain(crosswalk.title_texts()),
            valid_from=made.drawn_at, status=lists.crosswalk_entries(made.status_list, made.status_index),
            demonstration=crosswalk.demo or any(key.test for key in used),
        )  # fmt: skip
    except VcError as error:
        raise ValidationError(_("The credential cannot be written: %(why)s") % {"why": error}) from error


def _institution(organisation: Organisation, key: InstitutionKey) -> Institution:
    return Institution(key.controller, plain(organisation.title))


def _standard(version: ProgrammeVersion) -> crosswalks.Standard:
    programme = version.programme
    country = str(programme.country or programme.owner.country or "")
    names = plain(programme.title)
    return crosswalks.Standard(f"urn:uuid:{version.uid}", names, version.label, country, programme.outside_code)


def _row(row: CrosswalkRow, sources: dict[str, Outcome]) -> crosswalks.Row:
    assert row.from_on is not None
    return crosswalks.Row(
        f"urn:uuid:{row.uid}", row.code, str(row.relation), [_stated(sources[n]) for n in (row.source.number, *row.also)],
        _stated(row.target), row.from_on,
        [
            crosswalks.Word(str(one.side), str(one.person), plain(one.organisation.title), one.said_on, one.note)
            for one in sorted(row.judgements.all(), key=lambda one: one.side)
        ],
        plain(row.note) if row.note else None,
    )  # fmt: skip


def _stated(outcome: Outcome) -> crosswalks.Stated:
    return crosswalks.Stated(f"urn:uuid:{outcome.uid}", outcome.number, plain(outcome.title))


def _keep(made: CrosswalkCredential, held: dict[str, Any]) -> None:
    made.document = json.dumps(held, ensure_ascii=False, separators=(",", ":"))


def sign_crosswalk(credential: CrosswalkCredential, *, by: Any, why: str = "") -> CrosswalkCredential:
    """Add the proof of the person's institution; once both have signed it is issued and takes the place of the one before.

    Refused where a row it states was withdrawn since it was drawn up.
    """
    with changes.together():
        made = CrosswalkCredential.objects.select_for_update().get(pk=credential.pk)
        if made.state != CredentialState.AWAITING:
            raise ValidationError(_("Nothing is left to sign here."), code="state")
        if gone := made.withdrawn:
            raise ValidationError(
                _("%(rows)s was withdrawn since. Drop this one and draw up another.") % {"rows": ", ".join(gone)}
            )
        side, home = _seat(made, by)
        held = made.signed_document
        named = held["issuer"]["id"] if side == Side.SOURCE else held["jointIssuer"][0]["id"]
        key = keys.need_signing_key(home, named)
        _keep(made, keys.sign(held, key))
        role = next(role for role in SIDES_SPOKEN_FOR if by.holds(role, at=home.pk))
        signing = CrosswalkSigning(
            credential=made, side=side, organisation=home, key_used=key, signer=by.actor_name, role=role,
            signed_at=clock.now(), digest=made.digest,
        )  # fmt: skip
        changes.save(signing, by=by, why=why, deed="sign")
        if not made.missing:
            before = CrosswalkCredential.objects.filter(crosswalk=made.crosswalk, state=CredentialState.ISSUED)
            for old in before.order_by("id"):
                _turn(old, CredentialState.SUPERSEDED, made.code, "supersede", by)
            made.state, made.state_since = CredentialState.ISSUED, clock.now()
        return changes.save(made, by=by, why=why, deed="sign")


def _seat(made: CrosswalkCredential, by: Any) -> tuple[Side, Organisation]:
    """Return the side, still unsigned, whose institution the person acts for."""
    for side, home in made.missing:
        if by.holds(*SIDES_SPOKEN_FOR, at=home.pk):
            return side, home
    raise ValidationError(_("Your institution has signed already, or it is not its turn."))


def drop_crosswalk(credential: CrosswalkCredential, *, why: str, by: Any) -> CrosswalkCredential:
    """Give up an issue that not both sides have signed. It never counts."""
    if credential.state != CredentialState.AWAITING:
        raise ValidationError(_("Its state does not allow this now."), code="state")
    return _turn(credential, CredentialState.DROPPED, why, "drop", by)


def revoke_crosswalk(credential: CrosswalkCredential, *, why: str, by: Any) -> CrosswalkCredential:
    """Take an issue back; either side does. Its rows count on where they are not withdrawn themselves."""
    if credential.state != CredentialState.ISSUED:
        raise ValidationError(_("Its state does not allow this now."), code="state")
    return _turn(credential, CredentialState.REVOKED, why, "revoke", by)


def _turn(made: CrosswalkCredential, state: CredentialState, why: str, deed: str, by: Any) -> CrosswalkCredential:
    made.state, made.state_since, made.reason = state, clock.now(), why
    return changes.save(made, by=by, why=why, deed=deed)
