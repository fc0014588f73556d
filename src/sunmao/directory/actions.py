"""Deeds on organisations: keep with its names, merge, undo a merge."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from sunmao.directory.models import Distinct, Merge, NameKind, Organisation, OrganisationName
from sunmao.kernel import changes
from sunmao.kernel.models import Record

_NEVER_MOVED = frozenset({"directory.merge", "directory.distinct"})


def keep(organisation: Organisation, *, by: Any, why: str = "", seen: int | None = None) -> Organisation:
    """Save an organisation; its official names become rows, and one that is replaced stays as a former name.

    A name that nobody has accepted yet is kept as a translation of ours.
    """
    with changes.together():
        before = {}
        if organisation.pk:
            stored = Organisation.objects.filter(pk=organisation.pk).first()
            before = {code: entry["text"] for code, entry in stored.title.items()} if stored else {}
        changes.save(organisation, by=by, why=why, seen=seen)
        after = {code: entry["text"] for code, entry in organisation.title.items()}
        ours = {code for code, entry in organisation.title.items() if entry["state"] != "accepted"}
        names = {(row.language, row.text): row for row in organisation.names.all()}
        for language, text in after.items():
            row = names.get((language, text)) or OrganisationName(
                organisation=organisation, language=language, text=text
            )
            row.kind = NameKind.TRANSLATION if language in ours else NameKind.OFFICIAL
            changes.save(row, by=by, why=why)
        for language, text in before.items():
            former = names.get((language, text))
            if after.get(language) != text and former is not None:
                former.kind = NameKind.FORMER
                changes.save(former, by=by, why=why)
    return organisation


def references(organisation: Organisation) -> list[tuple[models.ForeignKey[Any, Any], Record]]:
    """Return every row of any room that points at the organisation, with the foreign key it does so by."""
    found = []
    for model in apps.get_models():
        if not issubclass(model, Record) or model._meta.label_lower in _NEVER_MOVED:
            continue
        for column in model._meta.concrete_fields:
            if isinstance(column, models.ForeignKey) and column.related_model is Organisation:
                if column.name in getattr(model, "AS_SIGNED", ()):
                    continue  # signed texts, credentials and decisions keep the name as signed
                found += [(column, row) for row in model._base_manager.filter(**{column.name: organisation})]
    return found


def merge(organisation: Organisation, *, into: Organisation, why: str, by: Any) -> Organisation:
    """Make `organisation` the same as `into`: references move and each is logged; names become other names."""
    if organisation.pk == into.pk:
        raise ValidationError(_("Choose another organisation: this is the same row."))
    if organisation.merged_into_id or into.merged_into_id:
        raise ValidationError(_("One of the two is already merged into another. Undo that first."))
    with changes.together():
        moved = []
        for column, row in references(organisation):
            if isinstance(row, Organisation) and row.pk == into.pk:
                continue
            setattr(row, column.name, into)
            if isinstance(row, OrganisationName) and row.kind == NameKind.OFFICIAL:
                row.kind = NameKind.ALIAS
            changes.save(row, by=by, why=why, deed="merge")
            moved.append([row._meta.label_lower, str(row.uid), column.name])
        organisation.merged_into = into
        changes.save(organisation, by=by, why=why, deed="merge")
        changes.save(Merge(kept=into, gone=organisation, moved=moved), by=by, why=why)
    return into


def unmerge(record: Merge, *, why: str, by: Any) -> Organisation:
    """Undo a merge: what still points at the kept one, and came from the other, goes back."""
    if record.undone:
        raise ValidationError(_("This merge is already undone."))
    with changes.together():
        own = {(code, entry["text"]): entry["state"] for code, entry in record.gone.title.items()}
        for label, uid, name in record.moved:
            row = apps.get_model(label)._base_manager.filter(uid=uid).first()
            if row is None or getattr(row, f"{name}_id") != record.kept_id:
                continue
            setattr(row, name, record.gone)
            if isinstance(row, OrganisationName) and (row.language, row.text) in own:
                accepted = own[row.language, row.text] == "accepted"
                row.kind = NameKind.OFFICIAL if accepted else NameKind.TRANSLATION
            changes.save(row, by=by, why=why, deed="unmerge")
        record.gone.merged_into = None
        changes.save(record.gone, by=by, why=why, deed="unmerge")
        record.undone = True
        changes.save(record, by=by, why=why, deed="unmerge")
    return record.gone


def keep_apart(organisation: Organisation, *, other: Organisation, why: str, by: Any) -> Organisation:
    """Decide that two organisations that look alike are different."""
    left, right = sorted((organisation, other), key=lambda row: row.pk)
    if not Distinct.objects.filter(left=left, right=right).exists():
        changes.save(Distinct(left=left, right=right), by=by, why=why)
    return organisation
