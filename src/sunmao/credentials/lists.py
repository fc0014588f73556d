"""Status lists: a random free place for each credential, and the signed list as it stands this instant."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError

from sunmao.credentials.claims import Claims
from sunmao.credentials.models import (
    REVOKED,
    Batch,
    Credential,
    CredentialState,
    CrosswalkCredential,
    Endorsement,
    EndorsementState,
    Issued,
    Remark,
    StatusList,
)
from sunmao.directory.models import Organisation
from sunmao.kernel import changes, clock
from sunmao.keys import actions as keys
from sunmao.keys.models import InstitutionKey
from sunmao.vc.status import StatusBits, status_entry, status_list_credential

MESSAGE = "message"
PURPOSES = ("revocation", "suspension", MESSAGE)
# What a message's two bits mean, as every credential says it; in the order of Remark.
MESSAGES = [("0x0", "nothing to tell"), ("0x1", "under review"), ("0x2", "details corrected"), ("0x3", "reissued")]
# What the same bits mean of a crosswalk; none of them but the first leaves it in force.
CROSSWALK_MESSAGES = [
    ("0x0", "nothing to tell"), ("0x1", "a row was withdrawn"), ("0x2", "a newer issue took its place"),
    ("0x3", "a side took it back"),
]  # fmt: skip
REMARKS = {remark: value for value, remark in enumerate(Remark)}
FULL = StatusList.SIZE * 3 // 4  # beyond it a random free place takes too many tries
LATEST = 32  # lists of a batch in which a run looks for one that is not full
DAYS = 180  # how long a signed list is good for a reader who never connects again


def place(organisation: Organisation, controller: str, count: int, *, by: Any) -> list[tuple[StatusList, int]]:
    """Return `count` random free places in the issuer's lists (Bitstring Status List 1.0 section 7.2)."""
    rows = StatusList.objects.select_for_update().filter(organisation=organisation, controller=controller, batch=None)
    held = rows.order_by("-number").first()
    out: list[tuple[StatusList, int]] = []
    taken: set[int] = set()
    while len(out) < count:
        if held is None or len(taken) >= FULL:
            held, taken = _open(organisation, controller, by=by), set()
        elif not taken:
            taken = {
                index for model in (Credential, Endorsement, CrosswalkCredential)
                for index in model.objects.filter(status_list=held).values_list("status_index", flat=True)
            }  # fmt: skip
            if len(taken) >= FULL:
                continue
        index = secrets.randbelow(StatusList.SIZE)
        if index not in taken:
            taken.add(index)
            out.append((held, index))
    return out


class Places:
    """Random free places in the lists that one batch alone fills, whose rows may still be on their way. Each run over the
    batch has a list to itself at a time."""

    def __init__(self, batch: Batch, controller: str, *, by: Any, claims: Claims | None = None) -> None:
        self.batch, self.controller, self.by, self.claims = batch, controller, by, claims or Claims()
        self._list: StatusList | None = None
        self._taken: set[int] = set()

    def take(self) -> tuple[StatusList, int]:
        """Return one more place."""
        if self._list is None or len(self._taken) >= FULL:
            self._list = self._next()
        while (index := secrets.randbelow(StatusList.SIZE)) in self._taken:
            continue
        self._taken.add(index)
        return self._list, index

    def _next(self) -> StatusList:
        """Return one of the latest lists that is not full and that no other run is at, or a new one."""
        if self._list is not None:
            self.claims.give_back(self._list.address)
        for row in self.batch.lists.order_by("-number")[:LATEST]:
            if row != self._list and self.claims.take(row.address):
                held = Issued.objects.filter(status_list=row)
                if held.count() < FULL:
                    self._taken = set(held.values_list("status_index", flat=True))
                    return row
                self.claims.give_back(row.address)
        self._taken = set()
        while True:
            row = _open(self.batch.issuer, self.controller, by=self.by, batch=self.batch)
            if self.claims.take(row.address):  # else another run was there first
                return row


def _open(organisation: Organisation, controller: str, *, by: Any, batch: Batch | None = None) -> StatusList:
    with changes.together():
        # Two that open a list for one institution at a time take turns, for the number's sake.
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        number = StatusList.objects.filter(organisation=organisation).count() + 1
        address = f"{settings.SUNMAO_ADDRESS}/status/{organisation.code}/{number}"
        row = StatusList(organisation=organisation, controller=controller, number=number, address=address, batch=batch)
        return changes.save(row, by=by)


def entries(row: StatusList, index: int) -> list[dict[str, Any]]:
    """Return the credentialStatus entries of one place of a credential, one per purpose."""
    return entries_at(row.address, index)


def entries_at(address: str, index: int) -> list[dict[str, Any]]:
    """Return the same for the list at an address."""
    plain = [status_entry(f"{address}/{purpose}", index, purpose=purpose) for purpose in ("revocation", "suspension")]
    return [*plain, status_entry(f"{address}/{MESSAGE}", index, purpose=MESSAGE, messages=MESSAGES)]


def withdrawal(row: StatusList, index: int) -> dict[str, Any]:
    """Return the credentialStatus entry of one place of an endorsement."""
    return status_entry(row.url("revocation"), index, purpose="revocation")


def crosswalk_entries(row: StatusList, index: int) -> list[dict[str, Any]]:
    """Return the credentialStatus entries of one place of a crosswalk credential."""
    return [withdrawal(row, index), status_entry(row.url(MESSAGE), index, purpose=MESSAGE, messages=CROSSWALK_MESSAGES)]


def said_of(crosswalk: CrosswalkCredential) -> int:
    """Return the message of a crosswalk credential as it stands now; one that has any no longer holds."""
    if crosswalk.state == CredentialState.SUPERSEDED:
        return 2
    if crosswalk.state in REVOKED:
        return 3
    return 1 if crosswalk.withdrawn else 0


def bits(row: StatusList, purpose: str) -> StatusBits:
    """Return the list's bits as credentials, crosswalks and endorsements stand now; messages have two bits each."""
    found = StatusBits(StatusList.SIZE, size=2 if purpose == MESSAGE else 1)
    if purpose != "suspension":
        for crosswalk in CrosswalkCredential.objects.filter(status_list=row):
            if said := said_of(crosswalk):
                found[crosswalk.status_index] = said if purpose == MESSAGE else 1
    held = Credential.objects.filter(status_list=row)
    if purpose == MESSAGE:
        for index, remark in held.exclude(remark=Remark.NONE).values_list("status_index", "remark"):
            found[index] = REMARKS[Remark(remark)]
        return found
    states = REVOKED if purpose == "revocation" else (CredentialState.SUSPENDED,)
    for rows in (held, Issued.objects.filter(status_list=row)):
        for index in rows.filter(state__in=states).values_list("status_index", flat=True):
            found[index] = 1
    if purpose == "revocation":
        gone = Endorsement.objects.filter(status_list=row, state=EndorsementState.WITHDRAWN)
        for index in gone.values_list("status_index", flat=True):
            found[index] = 1
    return found


def signed(row: StatusList, purpose: str) -> dict[str, Any]:
    """Return the list signed by its issuer. ValidationError where the issuer has no key under that identifier.

    What was signed is kept for an hour, under a name made of the bits and the key: a change of either signs anew.
    """
    key = keys.need_signing_key(row.organisation, row.controller)
    now = bits(row, purpose)
    name = f"status-{row.uid}-{purpose}-{key.code}-{hashlib.sha256(now.data).hexdigest()[:32]}"
    found: dict[str, Any] | None = cache.get(name)
    if found is None:
        found = _sign(row, purpose, now, key)
        cache.set(name, found, 3600)
    return found


def _sign(row: StatusList, purpose: str, now: StatusBits, key: InstitutionKey) -> dict[str, Any]:
    # It holds from a little before it was signed: a verifier may have looked at the clock before it asked for it.
    instant = clock.now().replace(microsecond=0) - timedelta(hours=1)
    unsigned = status_list_credential(
        row.url(purpose), now, issuer=row.controller, purpose=purpose, valid_from=instant,
        valid_until=instant + timedelta(days=DAYS),
    )  # fmt: skip
    return keys.sign(unsigned, key)


def at(url: str) -> dict[str, Any] | None:
    """Return the signed list served at an address; None where it is not ours or cannot be signed."""
    address, _slash, purpose = url.rpartition("/")
    row = StatusList.objects.filter(address=address).select_related("organisation").first()
    if row is None or purpose not in PURPOSES:
        return None
    try:
        return signed(row, purpose)
    except ValidationError:
        return None
