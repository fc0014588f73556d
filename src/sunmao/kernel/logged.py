"""What the log holds, in words: values as the record's page shows them, other records by name where the reader may see
them, derived columns left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Field, ForeignKey
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sunmao.kernel import cells
from sunmao.kernel.desk import Desk, Value, desk_of
from sunmao.kernel.models import Change, StoredFile

GIVEN = frozenset({"code", "register"})  # by the register, once


def entries(desk: Desk, user: Any, told: Sequence[Change]) -> list[dict[str, Any]]:
    """Return per change the fields it changed, each with its label and what stood before and stands after it as HTML,
    or that this was erased. One query per kind of record named."""
    columns = {column.name: column for column in desk.model._meta.concrete_fields}
    held = {change.pk: getattr(getattr(change, "values_held", None), "values", {}) for change in told}
    names = _names(user, columns, list(held.values()))
    found = []
    for change in told:
        fields = []
        for name in change.commitments:
            column, value = columns.get(name), held[change.pk].get(name)
            if _is_derived(name, column):
                continue
            label = column.verbose_name if column is not None else name.replace("_", " ")
            before, after = (value or {}).get("before"), (value or {}).get("after")
            fields.append({
                "label": label, "erased": value is None,
                "before": _drawn(column, before, names), "after": _drawn(column, after, names) or cells.show(_("nothing")),
            })  # fmt: skip
        found.append({"change": change, "fields": fields})
    return found


def _is_derived(name: str, column: Field[Any, Any] | None) -> bool:
    """True for what nobody wrote: codes given out, and columns without a name for people."""
    if column is None:
        return False
    return name in GIVEN or (not column.editable and column.verbose_name == column.name.replace("_", " "))


def _names(user: Any, columns: dict[str, Field[Any, Any]], held: Sequence[dict[str, Any]]) -> dict[Any, SafeString]:
    """Return by (model, id) the links to the records that the values name and the person may see."""
    asked: dict[Any, set[Any]] = {}
    for values in held:
        for name, value in values.items():
            column = columns.get(name)
            if isinstance(column, ForeignKey):
                asked.setdefault(column.related_model, set()).update((value["before"], value["after"]))
    found: dict[Any, SafeString] = {}
    for model, ids in asked.items():
        target = desk_of(model)
        if target is not None:
            rows = target.policy.visible(user, model._base_manager.all()).filter(pk__in=ids - {None})
            found.update({(model, row.pk): cells.record_link(row) for row in rows})
        elif model is StoredFile:
            rows = StoredFile.objects.filter(pk__in=ids - {None})
            found.update({(model, row.pk): cells.show(row.name) for row in rows})
    return found


def _drawn(column: Field[Any, Any] | None, value: Any, names: dict[Any, SafeString]) -> SafeString:
    """Return one logged value as HTML; empty where it is empty."""
    if value in (None, "", {}, []):
        return SafeString("")
    if column is None:
        return cells.show(value if isinstance(value, str | int | float | bool) else str(value))
    if isinstance(column, ForeignKey):
        return names.get((column.related_model, value)) or cells.withheld()
    record = column.model()
    try:
        setattr(record, column.attname, column.to_python(value))
        texts = getattr(record, column.attname)
        if hasattr(texts, "best") and len(texts) > 1:
            return cells.listed(cells.in_language(entry["text"], language) for language, entry in texts.items())
        return cells.show(
            cells.typed(Value(column.name, "", lambda row: getattr(row, column.name), field=column), record)
        )
    except Exception:  # a form of value that this version reads no more
        return cells.show(str(value))
