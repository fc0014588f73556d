"""Deciding about rows that may be an organisation already here, and why they are pointed out, in words."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.directory.imports import Row
from sunmao.directory.models import Doubt, NameKind, OrganisationName, OutsideId
from sunmao.kernel import changes
from sunmao.kernel.search import fold
from sunmao.kernel.text import Texts


def same(doubt: Doubt, *, why: str = "", by: Any) -> Doubt:
    """The row is the organisation: its ids, names and what the organisation lacks are added to it."""
    _waiting(doubt)
    row, organisation = Row.restore(doubt.held), doubt.organisation
    with changes.together():
        for name, value in row.fields.items():
            if value not in (None, "") and name != "kind" and getattr(organisation, name) in (None, ""):
                setattr(organisation, name, value)
        organisation.title = Texts({**Texts.of(row.title), **organisation.title})
        changes.save(organisation, by=by, why=why, deed="import")
        known = {fold(name.text) for name in organisation.names.all()}
        for language, kind, text in row.names:
            if fold(text) not in known:
                added = OrganisationName(
                    organisation=organisation, text=text, kind=kind, language=language.replace("und", "")
                )
                changes.save(added, by=by, why=why, deed="import")
            elif kind == NameKind.OFFICIAL:
                held = next(name for name in organisation.names.all() if fold(name.text) == fold(text))
                held.kind, held.language = NameKind.OFFICIAL, held.language or language.replace("und", "")
                changes.save(held, by=by, why=why, deed="import")
        for scheme, value in row.ids.items():
            changes.save(
                OutsideId(organisation=organisation, scheme=scheme, value=value), by=by, why=why, deed="import"
            )
        doubt.state = Doubt.State.SAME
        return changes.save(doubt, by=by, why=why, deed="same")


def different(doubt: Doubt, *, why: str = "", by: Any) -> Doubt:
    """The row is another organisation: it is added as one of its own."""
    _waiting(doubt)
    with changes.together():
        changes.bulk(Row.restore(doubt.held).records(), by=by, why=why)
        doubt.state = Doubt.State.DIFFERENT
        return changes.save(doubt, by=by, why=why, deed="different")


def _waiting(doubt: Doubt) -> None:
    if doubt.state != Doubt.State.WAITING:
        raise ValidationError(_("This is decided already."), code="state")


def reason(code: str, params: dict[str, str]) -> str:
    """Return why two organisations are pointed out, as a sentence."""
    sentences = {
        "same_id": _("The same identifier: %(scheme)s %(value)s."),
        "same_website": _("The same website: %(host)s."),
        "same_name": _("The same name, letter for letter: %(left)s."),
        "same_acronym": _("The same acronym: %(name)s."),
        "same_city": _("The same city: %(city)s."),
        "near_in_place": _("%(km)s km apart."),
        "far_apart": _("But %(km)s km apart."),
        "other_country": _("But other countries or regions: %(left)s and %(right)s."),
        "other_city": _("But other cities: %(left)s and %(right)s."),
        "other_id": _("But each has its own identifier in %(scheme)s."),
        "other_kind": _("But another kind of institution: %(left)s and %(right)s."),
        "other_number": _("But another number in the name: %(left)s and %(right)s."),
        "part_of": _("One name is part of the other: %(left)s and %(right)s."),
        "maybe_renamed": _("Maybe renamed: %(left)s and %(right)s."),
        "same_in_translation": _("The same in translation: %(left)s and %(right)s."),
        "same_words": _("The same words in another order: %(left)s and %(right)s."),
        "near_spelling": _("Nearly the same spelling: %(left)s and %(right)s."),
        "one_says_more": _("One name says more: %(left)s and %(right)s."),
        "some_words_shared": _("Some words are shared: %(left)s and %(right)s."),
    }
    shown = {key: params.get(key, "") for key in ("scheme", "value", "host", "left", "right", "name", "city", "km")}
    return sentences.get(code, code.replace("_", " ")) % shown
