"""Deeds on keys: make, rotate, retire, report compromised; and the one way a kept key signs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.directory.models import Organisation
from sunmao.kernel import changes, clock
from sunmao.keys import custody, queries
from sunmao.keys.models import InstitutionKey, KeyState
from sunmao.vc import integrity, press
from sunmao.vc.keys import PrivateKey, generate_key


def make(
    organisation: Organisation,
    *,
    by: Any,
    multikey: str = "",
    controller: str = "",
    test: bool = False,
    why: str = "",
) -> InstitutionKey:
    """Make a key that the register keeps, or register a public key (`multikey`) that is kept elsewhere.

    `controller` is the identifier it speaks under, by default the did:web at this register's address.
    A key made in a demonstration register, or for a made-up institution, is a test key whatever is asked. An institution
    that was merged gets no key of its own any more, but goes on under an identifier it has, so that the status lists of
    what it issued can be signed.
    """
    if organisation.merged_into_id and not controller:
        raise ValidationError(
            _("%(name)s was merged into another institution. Make the key there.") % {"name": organisation}
        )
    demonstration = (settings.SUNMAO_HOME / "demo").exists() or organisation.demo
    key = InstitutionKey(
        organisation=organisation, multikey=multikey.strip(), controller=controller or queries.did(organisation),
        valid_from=clock.now().replace(microsecond=0), test=demonstration or test,
    )  # fmt: skip
    if not key.multikey:
        private = generate_key()
        key.multikey, key.sealed = private.public.multikey, custody.seal(private, key.uid)
    return changes.save(key, by=by, why=why, deed="make")


def rotate(key: InstitutionKey, *, by: Any, why: str = "") -> InstitutionKey:
    """Make a new key for the same institution and retire this one at the same instant. Returns the new key."""
    _need_active(key)
    with changes.together():
        fresh = make(key.organisation, by=by, controller=key.controller, test=key.test, why=why)
        retire(key, by=by, why=why)
    return fresh


def retire(key: InstitutionKey, *, by: Any, why: str) -> InstitutionKey:
    """End a key: it signs no more and its private half is destroyed; what it signed stays good."""
    _need_active(key)
    key.state, key.valid_until, key.sealed = KeyState.RETIRED, _next_second(clock.now()), ""
    return changes.save(key, by=by, why=why, deed="retire")


def report_compromised(key: InstitutionKey, *, since: datetime, by: Any, why: str) -> InstitutionKey:
    """Say that others may have had the key since an instant. From now on only what was witnessed before it counts."""
    if key.state == KeyState.COMPROMISED and key.compromised_since is not None and key.compromised_since <= since:
        raise ValidationError(_("The key is already reported as compromised since an earlier instant."))
    if since > clock.now():
        raise ValidationError({"since": _("This instant has not come yet.")})
    key.state, key.compromised_since, key.sealed = KeyState.COMPROMISED, since, ""
    return changes.save(key, by=by, why=why, deed="report_compromised")


def need_signing_key(organisation: Organisation, controller: str = "") -> InstitutionKey:
    """Return the key the institution signs with; ValidationError where it has none here."""
    key = queries.signing_key(organisation, controller)
    if key is None:
        raise ValidationError(
            _("%(name)s has no key to sign with. Make one first.") % {"name": organisation}, code="key"
        )
    return key


def _next_second(instant: datetime) -> datetime:
    """Proofs are dated in whole seconds, rounded down: one made just before the end must still lie before it."""
    return instant.replace(microsecond=0) + timedelta(seconds=1)


def _need_active(key: InstitutionKey) -> None:
    if key.state != KeyState.ACTIVE:
        raise ValidationError(_("The key is not active any more."), code="state")


def sign(document: dict[str, Any], key: InstitutionKey) -> dict[str, Any]:
    """Return the document with one more proof by a kept key (eddsa-rdfc-2022). The caller has checked who signs."""
    return integrity.sign(document, private_half(key), created=clock.now(), method=key.method)


def sign_all(documents: Sequence[dict[str, Any]], key: InstitutionKey) -> list[dict[str, Any]]:
    """Return each document with one more proof by a kept key, as `sign` does, in much less time for many of one shape."""
    return press.sign_all(documents, private_half(key), created=clock.now(), method=key.method)


def private_half(key: InstitutionKey) -> PrivateKey:
    """Return the private half of a kept key; ValidationError where it does not open or is not the key's own."""
    try:
        private = custody.unseal(key.sealed, key.uid)
    except custody.Locked:
        private = None
    if private is None or private.public.multikey != key.multikey:
        raise ValidationError(
            _("The private half of %(code)s does not open under this register's master key.") % {"code": key.code}
        )
    return private
