"""How people meet keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sunmao.kernel.cells import Tag, tag_of
from sunmao.kernel.desk import Deed, DeedForm, Desk, own_place, shows
from sunmao.kernel.errors import NotAllowed
from sunmao.keys import actions
from sunmao.keys.models import InstitutionKey, KeyState
from sunmao.keys.policy import HOLDERS, KeyPolicy


class WhyForm(DeedForm):
    why = forms.CharField(label=gettext_lazy("Why"), max_length=500)


class CompromisedForm(DeedForm):
    since = forms.DateTimeField(
        label=gettext_lazy("Compromised since"),
        help_text=gettext_lazy("UTC, as in 2026-11-22 13:00; the earliest instant that cannot be ruled out."),
    )
    why = forms.CharField(label=gettext_lazy("What happened"), max_length=500)

    def clean_since(self) -> Any:
        since = self.cleaned_data["since"]
        return since if timezone.is_aware(since) else timezone.make_aware(since)


def _active(key: InstitutionKey) -> bool:
    return key.state == KeyState.ACTIVE


class KeyDesk(Desk):
    model = InstitutionKey
    policy = KeyPolicy()
    columns = ("title", "organisation", "state", "valid_from", "valid_until")
    filters = ("state", "test")
    form = ("organisation", "multikey")
    facts = ("organisation", "controller", "multikey", "kept", "valid_from", "valid_until", "compromised_since")
    deeds = (
        Deed(
            "rotate", gettext_lazy("Rotate"), actions.rotate, WhyForm, when=_active, binding=True,
            tells=gettext_lazy("A new key is made and signs from now on. This one is retired and its private half destroyed; what it signed stays good."),
        ),
        Deed(
            "retire", gettext_lazy("Retire"), actions.retire, WhyForm, when=_active, binding=True, danger=True,
            tells=gettext_lazy("The key signs no more and its private half is destroyed. What it signed stays good. Without another key the institution can neither award nor revoke."),
        ),
        Deed(
            "report_compromised", gettext_lazy("Report compromised"), actions.report_compromised, CompromisedForm,
            binding=True, danger=True,
            tells=gettext_lazy("Everything this key signed counts as not genuine, unless it was witnessed outside before the instant you name. Every verification page says so at once."),
        ),
    )  # fmt: skip
    order = ("-code",)

    def __init__(self) -> None:
        super().__init__()
        self.slug = "keys"

    def begin(self, user: Any, given: Mapping[str, str]) -> Mapping[str, Any]:
        return own_place(user, "organisation", *HOLDERS)

    @shows(gettext_lazy("private half"))
    def kept(self, key: InstitutionKey) -> Any:
        if key.is_kept:
            return _("kept by this register, encrypted")
        return _("destroyed") if key.state != KeyState.ACTIVE else _("kept by the institution itself")

    def write(self, record: Any, *, by: Any, why: str = "", seen: int | None = None) -> Any:
        """Make the key: it binds the institution, so it asks for a fresh sign-in."""
        if not by.may_bind():
            raise NotAllowed("second-factor")
        return actions.make(record.organisation, by=by, multikey=record.multikey, why=why)

    def where(self, record: Any, user: Any) -> Any:
        if record.state == KeyState.COMPROMISED:
            return _("Compromised since %(instant)s: only what was witnessed before counts.") % {
                "instant": f"{record.compromised_since:%Y-%m-%d %H:%M} UTC"
            }
        if record.state == KeyState.RETIRED:
            return _("Retired on %(day)s. What it signed before stays good.") % {
                "day": f"{record.valid_until:%Y-%m-%d}"
            }
        return _("In use since %(day)s.") % {"day": f"{record.valid_from:%Y-%m-%d}"}

    def tags(self, record: Any) -> list[Any]:
        tags = [tag_of(KeyState(record.state))]
        return [*tags, Tag(_("test key"), "wait")] if record.test else tags
