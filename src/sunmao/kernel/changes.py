"""The one door for writing: validate, save, log who, what, why; wholly or not at all.

An unchanged save logs nothing. A save made from an older version than the stored one is refused with
`Stale`, which carries both. Bulk writes have a door of their own that logs one batch with its file's hash
and a digest per row. Values in the log are committed to by HMAC-SHA-256 under a random salt kept with the
value, so that erasing value and salt leaves the log whole and says nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.dispatch import Signal
from django.utils.translation import gettext as _

from sunmao.kernel import busy, clock, inserting, loss
from sunmao.kernel.ids import uuid7
from sunmao.kernel.merkle import leaf_hash, root_of
from sunmao.kernel.models import Change, ChangeValues, Counter, Leaf, Record

R = TypeVar("R", bound=Record)
# Sent inside the transaction: the record and what was stored before it, or None and the rows of a batch.
written = Signal()

_group: ContextVar[uuid.UUID | None] = ContextVar("change_group", default=None)
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
_SCALARS = frozenset({str, int, float, bool, type(None)})
_NEVER_LOGGED = frozenset({"id", "uid", "revision", "created_at", "updated_at", "password", "last_login"})


class Actor(Protocol):
    """Who writes: a person, or a named part of the system."""

    @property
    def actor_name(self) -> str: ...
    @property
    def actor_key(self) -> str: ...


class System:
    """An actor that is no person, such as a deadline passing."""

    actor_key = ""

    def __init__(self, name: str) -> None:
        self.actor_name = name


class Stale(ValidationError):
    """Someone else changed the record meanwhile. `theirs` is the stored record, `mine` what was to be saved."""

    def __init__(self, mine: Record, theirs: Record) -> None:
        self.mine, self.theirs = mine, theirs
        super().__init__(
            _("%(code)s was changed meanwhile. Compare both versions and choose.") % {"code": theirs.key},
            code="stale",
        )


@contextmanager
def together() -> Iterator[uuid.UUID]:
    """Make the saves inside one deed: one transaction, one group in the log. Refused where the log itself has lost
    entries that others witnessed (`loss`)."""
    loss.refuse()
    outer = _group.get()
    token = _group.set(outer or uuid7())
    try:
        with transaction.atomic():
            if outer is None:
                busy.follow()
            yield _group.get()  # type: ignore[misc]
    finally:
        _group.reset(token)


def logged_fields(model: type[Record]) -> list[models.Field[Any, Any]]:
    """Return the fields of `model` that the log follows."""
    left_out = _NEVER_LOGGED | model.LOGGED_OUT
    return [field for field in model._meta.concrete_fields if field.name not in left_out]


def plain(record: Record) -> dict[str, Any]:
    """Return the logged fields of a record as values that JSON can hold."""
    return _plain_of(type(record))(record)


def _plain_of(model: type[Record]) -> Callable[[Record], dict[str, Any]]:
    """Return what does that for many records of one model."""
    fields = [
        (field.name, field.attname, field, isinstance(field, models.DecimalField)) for field in logged_fields(model)
    ]

    def read(record: Record) -> dict[str, Any]:
        found = {}
        for name, place, field, rounded in fields:
            value = getattr(record, place)
            found[name] = value if type(value) in _SCALARS and not rounded else as_json(field, value)
        return found

    return read


def as_json(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, models.DecimalField) and value is not None:  # 120, 120.0 and 120.00 are one stored value
        return str(round(Decimal(str(value)), field.decimal_places))
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(field, models.JSONField):
        return json.loads(json.dumps(value, default=str))
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return field.value_to_string(_Holder(field, value))  # type: ignore[arg-type]


class _Holder:
    """Lets a field write one value as text without a record."""

    def __init__(self, field: models.Field[Any, Any], value: Any) -> None:
        setattr(self, field.attname, value)


def canonical(value: Any) -> bytes:
    """Return one byte string per JSON value: sorted keys, no spaces, UTF-8."""
    return _CANONICAL.encode(value).encode(errors="surrogatepass")


def commit_to(salt: str, value: Any) -> str:
    """Return the HMAC-SHA-256 (hex) of a JSON value under a salt given in hex."""
    return hmac.digest(bytes.fromhex(salt), canonical(value), "sha256").hex()


def stand_for(salt: str, state: Any) -> str:
    """Return what stands in the log for a whole record: its HMAC under a salt, and the salt's own digest, so that a salt
    is held to the log after the state it belongs to was left behind."""
    return commit_to(salt, state) + salt_digest(salt)


def salt_digest(salt: str) -> str:
    return hashlib.sha256(salt.encode()).hexdigest()[:32]


def next_codes(prefix: str, count: int = 1) -> list[str]:
    """Give out the next `count` codes under a prefix: `ORG-00001`, ... Called inside the deed that uses them, so that
    none is left out."""
    with transaction.atomic():
        Counter.objects.get_or_create(prefix=prefix)
        Counter.objects.filter(prefix=prefix).update(last=F("last") + count)
        last = Counter.objects.values_list("last", flat=True).get(prefix=prefix)
    return [f"{prefix}{number:05d}" for number in range(last - count + 1, last + 1)]


def _stamp(record: Record) -> None:
    now = clock.now()
    if record._state.adding:
        record.created_at = now
        if record.CODE and not record.code:
            record.code = next_codes(record.CODE)[0]
    record.updated_at = now
    record.revision += 1


def save(record: R, *, by: Actor, why: str = "", deed: str = "", seen: int | None = None) -> R:
    """Validate and save one record and log the change; return it.

    `seen` is the version the person had before them (default: the one loaded). Raises ValidationError in
    words for the person, `Stale` where someone else was faster. An unchanged record is not written.
    """
    model = type(record)
    with together() as group:
        adding = record._state.adding
        before: dict[str, Any] = {}
        stored = None
        if not adding:
            stored = model._base_manager.filter(pk=record.pk).first()
            if stored is None:
                raise ValidationError(_("The record no longer exists."), code="gone")
            if stored.revision != (record.revision if seen is None else seen):
                raise Stale(record, stored)
            before, record.revision = plain(stored), stored.revision
        record.prepare()
        record.full_clean(exclude=("uid", "code", "register", "created_at", "updated_at"))
        after = plain(record)
        if not adding and after == before:
            return record
        held = record.revision
        _stamp(record)
        try:
            if not adding and not model._base_manager.filter(pk=record.pk, revision=held).update(
                revision=record.revision
            ):
                raise Stale(record, model._base_manager.get(pk=record.pk))
            models.Model.save(record)
        except BaseException:
            record.revision = held
            raise
        after = plain(record)
        _log(
            record,
            by=by,
            why=why,
            deed=deed or ("add" if adding else "edit"),
            group=group,
            before=before,
            after=after,
            at=record.updated_at,
        )
        written.send(model, record=record, rows=None, before=stored)
    return record


def delete(record: Record, *, by: Actor, why: str = "", deed: str = "delete") -> None:
    """Delete one record and log what it held. Refused with ValidationError where others rest on it."""
    with together() as group:
        before = plain(record)
        try:
            uid, kept = record.uid, record.pk
            models.Model.delete(record)
        except models.ProtectedError as error:
            raise ValidationError(_resting(error.protected_objects, by), code="protected") from error
        record.uid, record.pk = uid, kept
        _log(record, by=by, why=why, deed=deed, group=group, before=before, after={})
        written.send(type(record), record=record, rows=None, gone=True)


def _resting(rows: Iterable[Any], by: Actor) -> str:
    """Say that others rest on a record, naming those that who deletes it may see."""
    from sunmao.kernel.desk import desk_of

    seen = [row for row in rows if (found := desk_of(row)) is not None and found.policy.sees(by, row)]
    if not seen:
        return _("Others rest on it.")
    return _("Others rest on it: %(names)s") % {"names": ", ".join(sorted({str(row) for row in seen})[:5])}


def note(record: Record, *, by: Actor, deed: str, why: str = "", facts: dict[str, Any] | None = None) -> Change:
    """Log a deed that changes no field of the record itself; `facts` are committed to like values."""
    with together() as group:
        return _log(record, by=by, why=why, deed=deed, group=group, before={}, after=facts or {}, whole=plain(record))


def _log(
    record: Record,
    *,
    by: Actor,
    why: str,
    deed: str,
    group: uuid.UUID,
    before: dict[str, Any],
    after: dict[str, Any],
    whole: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Change:
    values, commitments = {}, {}
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old == new or (not before and new in (None, "", {}, [])):
            continue
        salt = secrets.token_hex(16)
        values[name] = {"salt": salt, "before": old, "after": new}
        commitments[name] = commit_to(salt, [name, old, new])
    state = whole if whole is not None else after
    state_salt = secrets.token_hex(16) if state else ""
    change = Change.objects.create(
        group=group,
        at=at or clock.now(),
        actor=by.actor_name,
        actor_key=by.actor_key,
        deed=deed,
        kind=record._meta.label_lower,
        record=str(record.uid),
        title=record.code,
        why=why,
        commitments=commitments,
        state=stand_for(state_salt, state) if state else "",
    )
    ChangeValues.objects.create(change=change, values=values, salt=state_salt)
    return change


def bulk(
    rows: Sequence[Record], *, by: Actor, why: str = "", deed: str = "import", file_sha256: str = ""
) -> Change | None:
    """Write many new records, of one or several models in the order they rest on each other, as one batch.

    Rows are prepared but checked by the caller, column by column; database constraints still hold. Logs one
    Change for the batch and one Leaf per row. Returns the batch's Change, or None when there are no rows.
    """
    if not rows:
        return None
    with together() as group:
        now = clock.now()
        change = Change.objects.create(
            group=group, at=now, actor=by.actor_name, actor_key=by.actor_key, deed=deed,
            kind=rows[0]._meta.label_lower, record="", why=why, file_sha256=file_sha256, row_count=len(rows),
        )  # fmt: skip
        digests: list[bytes] = []
        for model, members in _by_model(rows):
            if model.CODE:
                fresh = [row for row in members if not row.code]
                for row, code in zip(fresh, next_codes(model.CODE, len(fresh)), strict=True):
                    row.code = code
            for row in members:
                row.prepare()
                row.created_at = row.updated_at = now
                row.revision = 1
            inserting.insert(members)
            kind, read = model._meta.label_lower, _plain_of(model)
            leaves = []
            for row in members:
                salt = secrets.token_hex(16)
                state = stand_for(salt, read(row))
                leaves.append((change.pk, kind, row.uid, salt, state))
                digests.append(_leaf_hash(kind, row.uid, state))
            inserting.insert_values(Leaf, ("change", "kind", "record", "salt", "state"), leaves)
        change.leaves_root = root_of(digests).hex()
        change.save(update_fields=["leaves_root"])
        for model, members in _by_model(rows):
            written.send(model, record=None, rows=members)
    return change


def leaf_digest(leaf: Leaf) -> bytes:
    """Return the Merkle leaf of one row of a batch."""
    return _leaf_hash(leaf.kind, leaf.record, leaf.state)


def _leaf_hash(kind: str, record: uuid.UUID, state: str) -> bytes:
    return leaf_hash(canonical([kind, str(record), state]))


def _by_model(rows: Iterable[Record]) -> list[tuple[type[Record], list[Any]]]:
    found: dict[type[Record], list[Any]] = {}
    for row in rows:
        found.setdefault(type(row), []).append(row)
    return list(found.items())


def history(record: Record) -> models.QuerySet[Change]:
    """Return the record's changes, newest first, batches it came in with included."""
    leaves = Leaf.objects.filter(record=record.uid).values("change_id")
    return Change.objects.filter(
        models.Q(kind=record._meta.label_lower, record=str(record.uid)) | models.Q(pk__in=leaves)
    ).order_by("-id")


def since(rows: models.QuerySet[Change], published: Record, deed: str = "publish") -> models.QuerySet[Change]:
    """Return those of `rows` from the day on that `published` became everybody's; what came in published keeps all."""
    first = history(published).filter(deed=deed).values_list("pk", flat=True).last()
    return rows if first is None else rows.filter(pk__gte=first)
