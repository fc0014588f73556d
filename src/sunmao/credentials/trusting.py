"""What this register knows, as a verifier wants it: issuers and keys, status lists, what outsiders witnessed when.

`live` answers from the records when it is asked; `bundle` is the same as one signed file for machines that never
connect. Test keys never enter a bundle.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from sunmao.credentials import lists
from sunmao.credentials.models import Credential, StatusList
from sunmao.kernel import changes, clock
from sunmao.kernel.models import Change, Witnessed
from sunmao.kernel.sealing import register_key
from sunmao.keys import queries as keys
from sunmao.vc import integrity
from sunmao.vc.trust import Trust, bundle_document


class LiveLists(Mapping[str, dict[str, Any]]):
    """Status lists by address, signed when they are asked for."""

    def __getitem__(self, url: str) -> dict[str, Any]:
        found = lists.at(url)
        if found is None:
            raise KeyError(url)
        return found

    def __iter__(self) -> Iterator[str]:
        return (row.url(purpose) for row in StatusList.objects.order_by("id") for purpose in lists.PURPOSES)

    def __len__(self) -> int:
        return StatusList.objects.count() * len(lists.PURPOSES)


class LiveWitnessed(Mapping[str, datetime]):
    """Digest of a credential → the instant someone outside first kept a root over the log that holds it."""

    def __getitem__(self, digest: str) -> datetime:
        found = next((at for row in Credential.objects.filter(digest=digest) if (at := witnessed_at(row))), None)
        if found is None:
            raise KeyError(digest)
        return found

    def __iter__(self) -> Iterator[str]:
        rows = Credential.objects.order_by("id")
        return (row.digest for row in rows.iterator(chunk_size=2000) if witnessed_at(row))

    def __len__(self) -> int:
        return sum(1 for _digest in self)


def witnessed_at(credential: Credential) -> datetime | None:
    """Return when an outsider first kept a root that covers the entry by which this credential was written."""
    first: Change | None = changes.history(credential).order_by("id").first()
    if first is None or first.position is None:
        return None
    return Witnessed.objects.filter(size__gte=first.position).order_by("at").values_list("at", flat=True).first()


def live() -> Trust:
    """Return what the register's own pages verify with; demonstrations count and are marked as such."""
    return Trust(
        issuers=keys.known_issuers(), status_lists=LiveLists(), witnessed=LiveWitnessed(), accept_test=True
    )  # fmt: skip


def bundle() -> bytes:
    """Return the signed bundle (eddsa-jcs-2022, by the register's key): issuers, status lists, what was witnessed."""
    issuers = {name: issuer for name, issuer in keys.known_issuers().items() if not issuer.test}
    held: dict[str, dict[str, Any]] = {}
    for row in StatusList.objects.filter(controller__in=issuers).select_related("organisation"):
        for purpose in lists.PURPOSES:
            try:
                held[row.url(purpose)] = lists.signed(row, purpose)
            except ValidationError:
                continue  # an issuer without a key: its credentials cannot be checked until it has one
    trust = Trust(issuers=issuers, status_lists=held, witnessed=dict(LiveWitnessed()))
    now = clock.now()
    signed = integrity.sign(bundle_document(trust, made_at=now), register_key(), created=now, suite=integrity.JCS)
    return json.dumps(signed, ensure_ascii=False, indent=1).encode()
