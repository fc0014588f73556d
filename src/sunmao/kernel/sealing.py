"""The sealer: gives committed changes their gapless positions and signs the Merkle root over them.

It runs beside the writers, not inside their transactions. A checkpoint says: this log had `size` entries with this
root at this instant, signed by the register. A witness is anyone outside who keeps a root; what they keep is
entered with `witness`, and `doctor` holds the log against it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from sunmao.kernel import clock, loss
from sunmao.kernel.changes import canonical
from sunmao.kernel.merkle import Tree, leaf_hash
from sunmao.kernel.models import Change, Checkpoint, Witnessed
from sunmao.vc.encoding import base64url_decode, base64url_encode
from sunmao.vc.keys import PrivateKey

_LOCK = 0x53554E4D  # advisory lock of the sealer on PostgreSQL


@cache
def register_key() -> PrivateKey:
    """Return the register's own signing key, derived from the master key."""
    return PrivateKey(hmac.new(settings.SUNMAO_MASTER_KEY, b"register signing key", hashlib.sha256).digest())


def entry(change: Change) -> bytes:
    """Return the canonical bytes of a log entry, as sealed: everything but the erasable values."""
    return canonical([
        change.position, str(change.uid), str(change.group), change.at.isoformat(), change.actor, change.actor_key,
        change.deed, change.kind, change.record, change.title, change.why, change.commitments, change.state,
        change.file_sha256, change.row_count, change.leaves_root,
    ])  # fmt: skip


def statement(size: int, root: str, at: str) -> bytes:
    """Return the bytes a checkpoint's signature covers."""
    return canonical(["sunmao checkpoint", settings.SUNMAO_REGISTER, size, root, at])


def witnessing(size: int, root: str, who: str, at: str) -> bytes:
    """Return the bytes that the register signs when it enters a witness: the instant decides what an older credential
    is."""
    return canonical(["sunmao witness", settings.SUNMAO_REGISTER, size, root, who, at])


def _sign(said: bytes) -> str:
    return base64url_encode(register_key().sign(said))


def signed(said: bytes, signature: str) -> bool:
    """True where the register signed this."""
    try:
        return register_key().public.verifies(base64url_decode(signature), said)
    except ValueError:
        return False


@contextmanager
def _alone() -> Iterator[None]:
    """One sealer at a time: SQLite's write lock, PostgreSQL's advisory lock."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


def seal() -> Checkpoint | None:
    """Seal every committed change and sign a checkpoint over the log; None when nothing is new."""
    with _alone():
        last = Checkpoint.objects.order_by("-size").first()
        tree = Tree(last.size, last.peaks) if last else Tree()
        fresh = list(Change.objects.filter(position=None).order_by("id"))
        if not fresh:
            return None
        for change in fresh:
            change.position = tree.size + 1
            leaf = leaf_hash(entry(change))
            change.leaf = leaf.hex()
            tree.add(leaf)
        Change.objects.bulk_update(fresh, ["position", "leaf"], batch_size=300)
        at = clock.now()
        root = tree.root().hex()
        signature = _sign(statement(tree.size, root, at.isoformat()))
        return Checkpoint.objects.create(size=tree.size, root=root, at=at, peaks=tree.peaks(), signature=signature)


def witness(size: int, root: str, who: str) -> Witnessed:
    """Enter a root that someone outside kept. Refused where the log had another one at that size."""
    held = Checkpoint.objects.filter(size=size).first()
    if held is not None and held.root != root:
        raise ValidationError(
            _("The log had another root at this size. Run doctor, and do not write until this is known.")
        )
    at = clock.now()
    first = {"at": at, "signature": _sign(witnessing(size, root, who, at.isoformat()))}
    row = Witnessed.objects.get_or_create(size=size, root=root, who=who, defaults=first)[0]
    loss.remember(size, root, who)
    return row


def note_of(checkpoint: Checkpoint) -> dict[str, Any]:
    """Return a checkpoint as anyone may keep it: in a file, a mail, on paper."""
    return {
        "register": settings.SUNMAO_REGISTER, "size": checkpoint.size, "root": checkpoint.root,
        "at": checkpoint.at.isoformat(), "signature": checkpoint.signature,
        "key": register_key().public.multikey,
    }  # fmt: skip
