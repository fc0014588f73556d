"""Keys of institutions."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sunmao.directory.models import Organisation
from sunmao.kernel.fields import StateField
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.vc.errors import VcError
from sunmao.vc.keys import public_from_multikey


class KeyState(models.TextChoices):
    ACTIVE = "active", _("active")
    RETIRED = "retired", _("retired")
    COMPROMISED = "compromised", _("compromised")


KeyState.tones = {"active": "good", "retired": "none", "compromised": "bad"}  # type: ignore[attr-defined]


class InstitutionKey(Record):
    """One signing key of one institution. The private half leaves this row only to sign, or to be destroyed."""

    CODE = "KEY-"
    AS_SIGNED = ("organisation",)  # a merge leaves a key with the institution that signed with it
    LOGGED_OUT = frozenset({"sealed"})  # so that destroying it leaves no copy in the log

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="keys", verbose_name=_("institution")
    )
    multikey = models.CharField(
        _("public key"), max_length=60, unique=True,
        help_text=_("As Multikey text, z6Mk…; leave it empty to make a new key that the register keeps."), blank=True,
    )  # fmt: skip
    controller = models.CharField(_("issuer identifier"), max_length=300, editable=False, db_index=True)
    state = StateField(KeyState, verbose_name=_("state"), default=KeyState.ACTIVE, editable=False)
    valid_from = models.DateTimeField(_("in use from"), editable=False)
    valid_until = models.DateTimeField(_("in use until"), null=True, blank=True, editable=False)
    compromised_since = models.DateTimeField(_("compromised since"), null=True, blank=True, editable=False)
    test = models.BooleanField(_("test key, for demonstration only"), default=False, editable=False)
    sealed = models.CharField(max_length=200, blank=True, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = pgettext_lazy("signing", "key")
        verbose_name_plural = _("keys")
        constraints = (
            models.CheckConstraint(
                name="key_state_has_its_date",
                condition=models.Q(state="active", valid_until=None, compromised_since=None)
                | models.Q(state="retired", valid_until__isnull=False, compromised_since=None)
                | models.Q(state="compromised", compromised_since__isnull=False),
            ),
        )

    def clean(self) -> None:
        """Refuse what is no sound Ed25519 point in its one form (low order, outside the prime-order group)."""
        try:
            public_from_multikey(self.multikey)
        except VcError as error:
            raise ValidationError(
                {"multikey": _("This is not a public key that may be trusted. %(why)s") % {"why": error}}
            ) from error

    @property
    def method(self) -> str:
        """Return the address of the verification method, as written into proofs; it carries the key itself."""
        return f"{self.controller}#{self.multikey}"

    @property
    def did_key(self) -> str:
        """Return the did:key of the same key."""
        return f"did:key:{self.multikey}"

    @property
    def is_kept(self) -> bool:
        """True where the register holds the private half."""
        return bool(self.sealed)

    def title_texts(self) -> Texts:
        return Texts(
            {
                code: {**entry, "text": f"{entry['text']} · {self.code}"}
                for code, entry in self.organisation.title.items()
            }
        )
