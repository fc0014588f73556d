"""What this register knows, as a verifier wants it: issuers and keys, status lists, what outsiders witnessed when.

`live` answers from the records when it is asked; `bundle` is the same as one signed file for machines that never
connect. Test keys never enter a bundle.
"""

from __future__ import annotations

import json
import uuid
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain, islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, QuerySet
from django.utils import translation

from sunmao.credentials import lists
from sunmao.credentials.document import LANGUAGES, award_address
from sunmao.credentials.models import (
    Award,
    AwardKind,
    Conferral,
    ConferralState,
    Credential,
    CredentialState,
    CrosswalkSigning,
    Endorsement,
    Issued,
    Signing,
    StatusList,
)
from sunmao.credentials.queries import CredentialFacts
from sunmao.kernel import clock
from sunmao.kernel.models import Change, Leaf, Record, Witnessed
from sunmao.kernel.sealing import register_key
from sunmao.keys import queries as keys
from sunmao.keys.models import InstitutionKey, KeyState
from sunmao.vc import integrity
from sunmao.vc.trust import Trust, bundle_document

AT_ONCE = 500
# What is written with its proof at once, and the way from it to its key.
WITH_PROOF: tuple[tuple[Any, str], ...] = (
    (Endorsement, "key_used"), (CrosswalkSigning, "key_used"), (Issued, "batch__key_used"),
    (Issued, "batch__signings__key_used"),
)  # fmt: skip
# Filled by the assembly: what is recognised of a credential today, as lines of {title, says, tone}; never decides.
RECOGNISED: list[Callable[[CredentialFacts], Iterable[Mapping[str, str]]]] = []


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
    """Digest of what an institution signed → the instant someone outside first kept a root over the entries that hold it
    and its proof. Asked for only where a key was compromised."""

    def __getitem__(self, digest: str) -> datetime:
        found = dict(_witnessed(Credential.objects.filter(digest=digest)))
        found |= dict(_witnessed_alone(digest=digest))
        return found[digest]

    def __iter__(self) -> Iterator[str]:
        found = chain(_witnessed(Credential.objects.all()), _witnessed_alone())
        return (digest for digest, _at in found)

    def __len__(self) -> int:
        return sum(1 for _digest in self)


class _Moments:
    """When an outsider first kept a root over the log up to a position."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.at: list[datetime] = []
        for size, at in Witnessed.objects.order_by("-size", "at").values_list("size", "at"):
            self.sizes.append(size)
            self.at.append(min(at, self.at[-1]) if self.at else at)
        self.sizes.reverse()
        self.at.reverse()

    def of(self, position: int | None) -> datetime | None:
        """Return the instant, None where the entry is not sealed or nobody kept a root over it."""
        place = bisect_left(self.sizes, position) if position is not None else len(self.sizes)
        return self.at[place] if place < len(self.sizes) else None


def _entries(model: type[Record], uids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Return the position of the first entry of the log on each record; one not sealed yet is left out."""
    kind = model._meta.label_lower
    names = [str(uid) for uid in uids]
    own = Change.objects.filter(record__in=names, kind=kind).exclude(position=None)
    held = [(uuid.UUID(name), position or 0) for name, position in own.values_list("record", "position")]
    leaves = Leaf.objects.filter(record__in=uids, kind=kind).exclude(change__position=None)
    held += [(uid, position or 0) for uid, position in leaves.values_list("record", "change__position")]
    found: dict[uuid.UUID, int] = {}
    for uid, position in held:
        found[uid] = min(position, found.get(uid, position))
    return found


def _proofs(credentials: QuerySet[Any]) -> dict[int, int | None]:
    """Return per conferral the position of the entry by which the last proof under a compromised key came onto its
    credentials: what lay in the log before, unsigned, does not make a later proof older."""
    signings = Signing.objects.filter(
        conferral__in=credentials.order_by().values("conferral"), key_used__state=KeyState.COMPROMISED
    )
    found: dict[int, int | None] = {}
    for some in _some(signings.order_by("pk").values_list("uid", "conferral")):
        entries = _entries(Signing, [uid for uid, _conferral in some])
        for uid, conferral in some:
            mine, other = entries.get(uid), found.get(conferral, 0)
            found[conferral] = None if mine is None or other is None else max(mine, other)
    return found


def _witnessed(credentials: QuerySet[Any]) -> Iterator[tuple[str, datetime]]:
    """Yield (digest, instant) of those of the credentials that count as witnessed, some hundreds at a time."""
    moments, proofs = _Moments(), _proofs(credentials)
    stolen = Signing.objects.filter(key_used__state=KeyState.COMPROMISED).values("conferral")
    held = credentials.filter(conferral__in=stolen).order_by("pk").values_list("uid", "conferral", "digest")
    for some in _some(held.iterator(chunk_size=AT_ONCE)):
        entries = _entries(Credential, [uid for uid, *_rest in some])
        for uid, conferral, digest in some:
            entry, proof = entries.get(uid), proofs[conferral]
            at = moments.of(None if entry is None or proof is None else max(entry, proof))
            if at is not None:
                yield digest, at


def _witnessed_alone(**sought: Any) -> Iterator[tuple[str, datetime]]:
    """Yield (digest, instant) of those under a compromised key that count as witnessed, of what is written with its
    proof at once."""
    moments = _Moments()
    for model, key in WITH_PROOF:
        rows = model.objects.filter(**{f"{key}__state": KeyState.COMPROMISED}, **sought).order_by("pk")
        for some in _some(rows.values_list("uid", "digest").iterator(chunk_size=AT_ONCE)):
            yield from _of_some(model, some, moments)


def _of_some(model: Any, some: list[tuple[uuid.UUID, str]], moments: _Moments) -> Iterator[tuple[str, datetime]]:
    entries = _entries(model, [uid for uid, _digest in some])
    found = ((digest, moments.of(entries.get(uid))) for uid, digest in some)
    return ((digest, at) for digest, at in found if at is not None)


def _some(rows: Iterable[Any]) -> Iterator[list[Any]]:
    held = iter(rows)
    while some := list(islice(held, AT_ONCE)):
        yield some


def _older_than_theft() -> dict[str, datetime]:
    """Return what a bundle tells of witnesses: of credentials under a key that was compromised, and only what was
    witnessed before the latest such instant, since nothing else is ever asked for."""
    stolen = InstitutionKey.objects.filter(state=KeyState.COMPROMISED, test=False)
    latest = stolen.aggregate(latest=Max("compromised_since"))["latest"]
    if latest is None:
        return {}
    signed = Signing.objects.filter(key_used__in=stolen).values("conferral")
    found = chain(
        _witnessed(Credential.objects.filter(conferral__in=signed)),
        _witnessed_alone(),
    )
    return {digest: at for digest, at in found if at < latest}


def _recognised() -> Iterator[dict[str, Any]]:
    """Yield what is recognised today of each award on each day it was given, in the languages spoken here."""
    given = Conferral.objects.filter(award__demo=False, award__unit=None, state=ConferralState.COMPLETE)
    for pk, day in given.order_by("award", "awarded_on").values_list("award", "awarded_on").distinct():
        award = Award.objects.select_related("programme__programme").get(pk=pk)
        issuers = tuple(award.organisations)
        found = CredentialFacts(
            award, AwardKind(award.kind), award.programme, issuers, day, None, CredentialState.ISSUED, False
        )
        spoken = {}
        for code, language in LANGUAGES.items():
            with translation.override(language):
                spoken[code] = [line for tell in RECOGNISED for line in tell(found)]
        for place, line in enumerate(spoken["en"]):
            yield {
                "achievement": award_address(award), "awarded_on": day.isoformat(), "tone": line["tone"],
                **{name: {code: lines[place][name] for code, lines in spoken.items()} for name in ("title", "says")},
            }  # fmt: skip


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
    trust = Trust(
        issuers=issuers, status_lists=held, witnessed=_older_than_theft(), recognitions=tuple(_recognised())
    )  # fmt: skip
    now = clock.now()
    signed = integrity.sign(bundle_document(trust, made_at=now), register_key(), created=now, suite=integrity.JCS)
    return json.dumps(signed, ensure_ascii=False, indent=1).encode()
