"""`doctor` holds the register against its own log: what was written past the door is found and named.

It finds a record that differs from its last change, one without a change, one that is gone without a deletion, an
edited, missing or doubled log entry, values that no longer fit their commitment, a truncated log, a root that no
longer fits a signed or witnessed one, a stored file that no longer fits its hash, and an index out of step.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Field, JSONField, Max, Model, TextField
from django.db.models.functions import Cast

from sunmao.kernel import later, loss, search
from sunmao.kernel.changes import commit_to, leaf_digest, logged_fields, salt_digest, stand_for
from sunmao.kernel.desk import registry
from sunmao.kernel.merkle import Tree, leaf_hash, root_of
from sunmao.kernel.models import (
    Change,
    ChangeValues,
    Checkpoint,
    Counter,
    Leaf,
    Record,
    SearchEntry,
    StoredFile,
    Witnessed,
)
from sunmao.kernel.sealing import entry, signed, statement, witnessing

ERASED = "erase"  # the deed that takes values out of the log on purpose

# Tables that nothing here vouches for, and why. Any other table is covered: a row edited or deleted is found.
OUTSIDE = {
    "auth.permission": "filled by the framework from the code; rights follow from memberships alone",
    "auth.group": "unused; rights follow from memberships alone",
    "contenttypes.contenttype": "filled by the framework from the code",
    "sessions.session": "sign-ins of hours; lost ones are made again",
    "account.emailconfirmation": "links of days, made again on request",
    "axes.accessattempt": "counts failed sign-ins for a quarter of an hour",
    "axes.accessattemptexpiration": "counts failed sign-ins for a quarter of an hour",
    "axes.accessfailurelog": "counts failed sign-ins for a quarter of an hour",
    "axes.accesslog": "the sign-in library's own journal, thinned out by age",
    "cohorts.sight": "a journal of its own, deleted when its retention ends and with the learner; nothing rests on it",
}
# Columns of covered tables that carry no fact: the counter of the optimistic lock, what the framework keeps of sign-ins.
OUTSIDE_COLUMNS = frozenset({"id", "revision", "password", "last_login", "last_used_at"})

_asked: dict[str, Callable[[], Iterator[Finding]]] = {}


def ask(name: str, examination: Callable[[], Iterator[Finding]]) -> None:
    """Let a room examine what it keeps beside its records."""
    _asked[name] = examination


@dataclass(frozen=True)
class Finding:
    """One thing that is not as the log says: where, and what."""

    place: str
    says: str


def examine() -> Iterator[Finding]:
    """Yield every finding; nothing means that all is as the log says."""
    parts = {"log": _log, "checkpoints": _checkpoints, "records": _records, "codes": _codes, "files": _files}
    for name, examination in {**parts, "index": _index, "witnesses": _witnesses, **_asked}.items():
        try:
            yield from examination()
        except Exception as error:  # a value changed past the door may not even be readable
            yield Finding(name, f"cannot be examined to the end: {error}")


def _log() -> Iterator[Finding]:
    expected = 1
    erased = set(Change.objects.filter(deed=ERASED).values_list("group", flat=True))
    whole = set(Change.objects.filter(deed=ERASED).values_list("record", flat=True))
    values = {row.change_id: row for row in ChangeValues.objects.all()}
    for change in Change.objects.exclude(position=None).order_by("position").iterator(chunk_size=2000):
        if change.position != expected:
            yield Finding(f"log {expected}", "an entry is missing")
            expected = change.position or expected
        expected += 1
        if leaf_hash(entry(change)).hex() != change.leaf:
            yield Finding(f"log {change.position}", "the entry was changed after it was sealed")
    for change in Change.objects.order_by("id").iterator(chunk_size=2000):
        held = values.get(change.pk)
        gone = change.record in whole or change.group in erased
        if held:
            yield from _salt(f"log entry {change.uid}", change.state, held.salt, gone)
        if change.record and held is None:
            if not gone:
                yield Finding(f"log entry {change.uid}", "its values are gone without an erasure")
            continue
        for name, commitment in change.commitments.items():
            value = held.values.get(name) if held else None
            if value is None:
                if not gone:
                    yield Finding(f"log entry {change.uid}", f"the value of {name} is gone without an erasure")
            elif commit_to(value["salt"], [name, value["before"], value["after"]]) != commitment:
                yield Finding(f"log entry {change.uid}", f"the value of {name} does not fit its commitment")
        if held and set(held.values) - set(change.commitments):
            yield Finding(f"log entry {change.uid}", "it holds values that were never committed to")
        if not change.record:
            yield from _batch(change, whole)


def _salt(place: str, state: str, salt: str, gone: bool) -> Iterator[Finding]:
    """Yield a salt of a state that is not the one sealed with it."""
    if not salt and state and not gone:
        yield Finding(place, "the salt of its state is gone without an erasure")
    if salt and not (state and state.endswith(salt_digest(salt))):
        yield Finding(place, "the salt of its state was changed")


def _batch(change: Change, erased: set[str]) -> Iterator[Finding]:
    leaves = list(Leaf.objects.filter(change=change).order_by("id"))
    if len(leaves) != change.row_count or root_of(leaf_digest(leaf) for leaf in leaves).hex() != change.leaves_root:
        yield Finding(f"batch {change.uid}", "its rows' digests were changed, added or removed")
    for leaf in leaves:
        yield from _salt(
            f"batch {change.uid}: {leaf.kind} {leaf.record}", leaf.state, leaf.salt, str(leaf.record) in erased
        )


def _checkpoints() -> Iterator[Finding]:
    wanted: dict[int, list[tuple[str, str]]] = {}
    for row in Checkpoint.objects.order_by("size"):
        wanted.setdefault(row.size, []).append((row.root, "its checkpoint"))
        if not signed(statement(row.size, row.root, row.at.isoformat()), row.signature):
            yield Finding(f"checkpoint {row.size}", "its signature does not fit")
    for seen in Witnessed.objects.all():
        wanted.setdefault(seen.size, []).append((seen.root, f"the root that {seen.who} kept"))
        if not signed(witnessing(seen.size, seen.root, seen.who, seen.at.isoformat()), seen.signature):
            yield Finding(f"witness {seen.who}", f"the signature under its root at {seen.size} does not fit")
    tree = Tree()
    peaks = {row.size: row.peaks for row in Checkpoint.objects.all()}
    for leaf in Change.objects.exclude(position=None).order_by("position").values_list("leaf", flat=True).iterator():
        try:
            tree.add(bytes.fromhex(leaf))
        except ValueError:
            yield Finding(f"log {tree.size + 1}", "its digest is damaged")
            return
        for root, whose in wanted.pop(tree.size, ()):
            if tree.root().hex() != root:
                yield Finding(f"log up to {tree.size}", f"does not fit {whose}")
        if tree.size in peaks and peaks[tree.size] != tree.peaks():
            yield Finding(f"checkpoint {tree.size}", "what it goes on from was changed")
    for size, roots in sorted(wanted.items()):
        for _root, whose in roots:
            yield Finding(f"log up to {size}", f"is cut off after {tree.size}; {whose} says there was more")
    sealed = Checkpoint.objects.aggregate(most=Max("size"))["most"] or 0
    if tree.size > sealed:
        yield Finding(f"log after {sealed}", "entries carry positions that no checkpoint covers")


def _last_states() -> dict[tuple[str, str], tuple[str, str, int]]:
    """Return per (kind, uid) the last (state, salt, change id)."""
    salts = dict(ChangeValues.objects.values_list("change_id", "salt"))
    last: dict[tuple[str, str], tuple[str, str, int]] = {}
    leaves = Leaf.objects.values_list("kind", "record", "salt", "state", "change_id")
    for kind, uid, salt, state, change in leaves:
        last[kind, str(uid)] = (state, salt, change)
    rows = Change.objects.exclude(record="").order_by("id").values_list("kind", "record", "state", "id")
    for kind, record, state, pk in rows.iterator(chunk_size=5000):
        if last.get((kind, record), ("", "", 0))[2] <= pk:
            last[kind, record] = (state, salts.get(pk, ""), pk)
    return last


def _instants() -> dict[tuple[str, str], list[datetime]]:
    """Return per (kind, uid) the instants of its changes, the first one first; a record is stamped with the same."""
    found: dict[tuple[str, str], list[datetime]] = {}
    leaves = Leaf.objects.order_by("change_id").values_list("kind", "record", "change__at")
    rows = Change.objects.exclude(record="").order_by("id").values_list("kind", "record", "at")
    for kind, record, at in (*leaves.iterator(chunk_size=5000), *rows.iterator(chunk_size=5000)):
        found.setdefault((kind, str(record)), []).append(at)
    return found


def _records() -> Iterator[Finding]:
    last, instants = _last_states(), _instants()
    erased = set(Change.objects.filter(deed=ERASED).values_list("record", flat=True))
    for model in apps.get_models():
        if not issubclass(model, Record):
            continue
        kind, forgiving = model._meta.label_lower, _forgiving(model)
        bare = {f"kept_{field.name}": Cast(field.name, TextField()) for field in forgiving}
        for row in model._base_manager.order_by("id").annotate(**bare).iterator(chunk_size=2000):
            state, salt, _change = last.pop((kind, str(row.uid)), ("", "", 0))
            name = f"{kind} {row.key}"
            if not state:
                yield Finding(name, "stands in the register, but no change made it")
            elif salt and all(stand_for(salt, known) != state for known in later.states(row)):
                yield Finding(name, "differs from its last change")
            stamped = instants.get((kind, str(row.uid)), [])
            if stamped and (row.created_at != stamped[0] or row.updated_at not in stamped):
                yield Finding(name, "was made or last changed at another instant than its changes say")
            for field in forgiving:
                if not _as_written(field, row):
                    yield Finding(name, f"{field.name} is not as the register writes it")
    for (kind, record), (state, _salt, _change) in last.items():
        if state and record not in erased:
            yield Finding(f"{kind} {record}", "is gone, but no change deleted it")


def _forgiving(model: type[Record]) -> list[Field[Any, Any]]:
    """Return the logged columns whose reading of what is stored is a reading of our own, which may pass over something."""
    return [
        field
        for field in logged_fields(model)
        if getattr(type(field), "from_db_value", JSONField.from_db_value) is not JSONField.from_db_value
    ]


def _as_written(field: Field[Any, Any], row: Model) -> bool:
    """True where the bare text of a column is what the value read from it would be stored as."""
    bare, value = getattr(row, f"kept_{field.name}"), field.value_from_object(row)
    if isinstance(field, JSONField):
        return bare is not None and json.loads(bare) == value
    return bool((bare or "") == (field.get_prep_value(value) or ""))


def _codes() -> Iterator[Finding]:
    """Hold each counter against the highest code that stands or was deleted: codes are given out without a gap."""
    given = dict(Counter.objects.values_list("prefix", "last"))
    highest = dict.fromkeys(given, 0)
    deleted = list(Change.objects.filter(state="").exclude(title="").values_list("title", flat=True))
    for model in apps.get_models():
        if issubclass(model, Record) and model.CODE:
            codes = list(model._base_manager.values_list("code", flat=True))
            doubled = len(codes) - len(set(codes))
            numbers = [int(code.removeprefix(model.CODE)) for code in (*codes, *deleted) if _numbered(code, model.CODE)]
            highest[model.CODE] = max(numbers, default=highest.get(model.CODE, 0))
            if doubled and model.CODE_ONCE:
                yield Finding(model._meta.label_lower, f"{doubled} codes are given twice")
    for prefix, last in sorted(highest.items()):
        if last != given.get(prefix, 0):
            side = "below" if last > given.get(prefix, 0) else "above"
            yield Finding(f"counter {prefix}", f"stands {side} the last code given")


def _numbered(code: str, prefix: str) -> bool:
    return code.startswith(prefix) and code.removeprefix(prefix).isdigit()


def _witnesses() -> Iterator[Finding]:
    held = loss.missing()
    if held is not None:
        yield Finding(f"log up to {held['size']}", f"does not reach or fit the root that {held.get('who')} kept")
    entered = set(Witnessed.objects.values_list("size", "root", "who"))
    for size, root, who in loss.witnesses():
        if (size, root, who) not in entered:
            yield Finding(f"witness {who}", f"is not in the register any more with its root at {size}")


def _files() -> Iterator[Finding]:
    for sha256 in StoredFile.objects.filter(removed_on=None).values_list("sha256", flat=True).distinct():
        path = Path(settings.SUNMAO_HOME) / "files" / sha256[:2] / sha256
        if not path.is_file():
            yield Finding(f"file {sha256[:16]}", "is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            yield Finding(f"file {sha256[:16]}", "does not fit its hash")


def _index() -> Iterator[Finding]:
    for desk in registry.by_slug.values():
        if not desk.search:
            continue
        held = {row.record: row for row in SearchEntry.objects.filter(desk=desk.slug)}
        rows = list(desk.model._base_manager.order_by("id"))
        for start in range(0, len(rows), 2000):
            for row in desk.indexed(rows[start : start + 2000]):
                found = held.pop(row.pk, None)
                wanted = search.entry(desk, row)
                if found is None or (found.tokens, found.label) != (wanted.tokens, wanted.label):
                    yield Finding(f"search entry of {desk.slug} {row.key}", "is out of step with its record")
        for row in held.values():
            yield Finding(f"search entry of {desk.slug} {row.record}", "has no record")
    known = {desk.slug for desk in registry.by_slug.values() if desk.search}
    for row in SearchEntry.objects.exclude(desk__in=known):
        yield Finding(f"search entry of {row.desk} {row.record}", "belongs to no desk")
