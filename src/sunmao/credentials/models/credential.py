"""One learner's credential, and the lists in which its status is told."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sunmao.cohorts.models import Enrolment, Learner
from sunmao.credentials.models.award import Award, Conferral
from sunmao.directory.models import Organisation
from sunmao.kernel.fields import StateField
from sunmao.kernel.ids import link_token
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.vc.status import MIN_BITS


class StatusList(Record):
    """The entries of one issuer's credentials. Its bits are read from the credentials whenever it is asked for, so
    that no copy of them can be out of step; each entry is told for revocation, suspension and messages."""

    AS_SIGNED = ("organisation",)

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="status_lists", verbose_name=_("institution")
    )
    controller = models.CharField(_("issuer identifier"), max_length=300)
    number = models.PositiveIntegerField(pgettext_lazy("credential", "number"))
    address = models.URLField(_("address"), max_length=300)
    # A batch places its credentials in lists of its own, so that no other run looks for places there.
    batch = models.ForeignKey(
        "credentials.Batch", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="lists"
    )

    SIZE = MIN_BITS

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("status list")
        verbose_name_plural = _("status lists")
        constraints = (models.UniqueConstraint(fields=("organisation", "number"), name="status_list_once"),)

    def url(self, purpose: str) -> str:
        """Return where the signed list for a purpose (revocation, suspension, message) is served."""
        return f"{self.address}/{purpose}"

    def __str__(self) -> str:
        return self.address


class CredentialState(models.TextChoices):
    AWAITING = "awaiting", _("waits for signatures")
    ISSUED = "issued", _("issued")
    SUSPENDED = "suspended", _("suspended")
    REVOKED = "revoked", _("revoked")
    SUPERSEDED = "superseded", _("superseded")
    DROPPED = "dropped", _("dropped before it was signed")


CredentialState.tones = {  # type: ignore[attr-defined]
    "awaiting": "turn", "issued": "good", "suspended": "wait", "revoked": "cross", "superseded": "none", "dropped": "none",
}  # fmt: skip


class Remark(models.TextChoices):
    """What the message list says of a credential; its place in this order is the value of the two bits."""

    NONE = "none", _("nothing")
    REVIEW = "review", _("under review")
    CORRECTED = "corrected", _("details corrected")
    REISSUED = "reissued", _("reissued")


Remark.tones = {"none": "none", "review": "wait", "corrected": "wait", "reissued": "wait"}  # type: ignore[attr-defined]
HELD = (CredentialState.AWAITING, CredentialState.ISSUED, CredentialState.SUSPENDED)
REVOKED = (CredentialState.REVOKED, CredentialState.SUPERSEDED, CredentialState.DROPPED)  # their bit is set


class Credential(Record):
    """What one learner holds: the signed document, its number and link, where its status is told, what is released."""

    CODE = "CRD-"
    AS_SIGNED = ("issuer",)

    number = models.CharField(pgettext_lazy("credential", "number"), max_length=9, unique=True, editable=False)
    token = models.CharField(max_length=26, unique=True, default=link_token, editable=False)
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="credentials", verbose_name=_("award"))
    conferral = models.ForeignKey(
        Conferral, on_delete=models.PROTECT, related_name="credentials", verbose_name=_("conferral")
    )
    issuer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("issuer"))
    learner = models.ForeignKey(
        Learner, on_delete=models.PROTECT, null=True, blank=True, related_name="credentials", verbose_name=_("learner")
    )
    enrolment = models.ForeignKey(
        Enrolment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="credentials",
        verbose_name=_("enrolment"),
    )
    registration_number = models.CharField(_("state registration number"), max_length=60, blank=True)
    awarded_on = models.DateField(_("awarded on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True, help_text=_("The last day it holds."))
    document = models.TextField(blank=True)  # the credential as JSON text; empty once the learner's data are erased
    digest = models.CharField(_("digest"), max_length=64, db_index=True)
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="credentials")
    status_index = models.PositiveIntegerField()
    state = StateField(CredentialState, verbose_name=_("state"), default=CredentialState.AWAITING)
    state_since = models.DateTimeField(_("since"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    remark = StateField(Remark, verbose_name=_("remark for verifiers"), default=Remark.NONE)
    superseded_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
        verbose_name=_("superseded by"),
    )
    shows_name = models.BooleanField(_("link shows the name"), default=False)
    shows_results = models.BooleanField(_("link shows the results"), default=False)
    shown_until = models.DateField(_("shown until"), null=True, blank=True, help_text=_("The last day."))

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        constraints = (
            models.UniqueConstraint(fields=("status_list", "status_index"), name="status_index_once"),
            models.UniqueConstraint(
                fields=("award", "enrolment"), name="credential_once",
                condition=Q(state__in=("awaiting", "issued", "suspended")),
            ),
        )  # fmt: skip
        indexes = (models.Index(fields=("status_list", "state"), name="credential_by_status"),)

    @property
    def signed_document(self) -> dict[str, Any]:
        """Return the credential as it goes out; empty where it was erased here."""
        return json.loads(self.document) if self.document else {}

    def title_texts(self) -> Texts:
        return Texts(
            {code: {**entry, "text": f"{entry['text']} · {self.number}"} for code, entry in self.award.title.items()}
        )
