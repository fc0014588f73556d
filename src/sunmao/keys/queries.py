"""Questions asked of keys: which one signs now, under which identifier, and what others may know of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from sunmao.directory.models import Organisation
from sunmao.kernel import clock
from sunmao.keys.models import InstitutionKey, KeyState
from sunmao.vc.times import format_instant
from sunmao.vc.trust import KnownIssuer, TrustedKey


def acts_for(user: Any, organisation: Organisation, *roles: str) -> bool:
    """True where the person holds one of the roles at an institution, or at the one it was merged into, which answers for
    what it signed."""
    return user.holds(*roles, at=organisation.pk) or (
        organisation.merged_into_id is not None and user.holds(*roles, at=organisation.merged_into_id)
    )


def did(organisation: Organisation) -> str:
    """Return the institution's did:web at this register's address (did:web method, section 3.1)."""
    parts = urlsplit(settings.SUNMAO_ADDRESS)
    return f"did:web:{quote(parts.netloc, safe='')}:did:{organisation.code}"


def signing_key(organisation: Organisation, controller: str = "") -> InstitutionKey | None:
    """Return the newest active key of the institution whose private half is kept here, if there is one; a test
    key only where there is no other.

    `controller` asks for one that speaks under that identifier: what was issued under it must be answered under it.
    """
    rows = InstitutionKey.objects.filter(
        organisation=organisation, state=KeyState.ACTIVE, valid_from__lte=clock.now()
    ).exclude(sealed="")
    if controller:
        rows = rows.filter(controller=controller)
    return rows.order_by("test", "-valid_from", "-id").first()


def issuer_id(organisation: Organisation) -> str:
    """Return the identifier the institution issues under today: that of its signing key, else its did:web here."""
    key = signing_key(organisation)
    return key.controller if key else did(organisation)


def known_issuers() -> dict[str, KnownIssuer]:
    """Return every institution with a key, by issuer identifier: what a verifier has to know beforehand."""
    held: dict[str, list[InstitutionKey]] = {}
    for key in InstitutionKey.objects.select_related("organisation").order_by("id"):
        held.setdefault(key.controller, []).append(key)
    return {controller: _known(controller, keys) for controller, keys in held.items()}


def _known(controller: str, keys: list[InstitutionKey]) -> KnownIssuer:
    names = {code: entry["text"] for code, entry in keys[0].organisation.title.items()}
    return KnownIssuer(controller, names, tuple(_trusted(key) for key in keys), test=all(key.test for key in keys))


def _trusted(key: InstitutionKey) -> TrustedKey:
    return TrustedKey(
        key.method, key.multikey, valid_from=key.valid_from, valid_until=key.valid_until,
        compromised_since=key.compromised_since, test=key.test,
    )  # fmt: skip


def did_document(organisation: Organisation) -> dict[str, Any]:
    """Return the institution's DID document (DID Core 1.0; Controlled Identifiers 1.0 section 2.2).

    A retired key stays, with the instant it expired, so that old proofs can be checked; a compromised one is named
    as revoked and serves no purpose any more. Raises DoesNotExist where the institution has no key.
    """
    keys = list(InstitutionKey.objects.filter(organisation=organisation, controller=did(organisation)).order_by("id"))
    if not keys:
        raise InstitutionKey.DoesNotExist(organisation.code)
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did(organisation),
        "alsoKnownAs": [key.did_key for key in keys if key.state == KeyState.ACTIVE],
        "verificationMethod": [_method(key) for key in keys],
        "assertionMethod": [key.method for key in keys if key.state != KeyState.COMPROMISED],
    }


def _method(key: InstitutionKey) -> dict[str, Any]:
    method = {"id": key.method, "type": "Multikey", "controller": key.controller, "publicKeyMultibase": key.multikey}
    if key.valid_until is not None:
        method["expires"] = format_instant(key.valid_until)
    if key.compromised_since is not None:
        method["revoked"] = format_instant(key.compromised_since)
    return method
