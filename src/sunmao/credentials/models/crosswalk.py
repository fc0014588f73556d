"""A crosswalk as it stood at one moment, signed by the institutions of both sides."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sunmao.credentials.models.credential import CredentialState, StatusList
from sunmao.directory.models import Organisation
from sunmao.kernel.fields import StateField
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.keys.models import InstitutionKey
from sunmao.people.models import Role
from sunmao.standards.models import Crosswalk, CrosswalkRow, RowState, Side


class CrosswalkCredential(Record):
    """One issue of a crosswalk: its confirmed rows at the moment it was drawn up. Its document never changes but for the
    proofs that come onto it; what happens to it or to one of its rows later is told by the status list."""

    CODE = "CWC-"
    AS_SIGNED = ("issuer", "joint")

    crosswalk = models.ForeignKey(
        Crosswalk, on_delete=models.PROTECT, related_name="credentials", verbose_name=_("crosswalk")
    )
    number = models.PositiveIntegerField(pgettext_lazy("crosswalk", "issue"), editable=False)
    issuer = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("signs for the source"), editable=False
    )
    joint = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("signs for the target"), editable=False
    )
    rows = models.JSONField(_("rows"), default=list, editable=False)  # codes of the rows it states
    document = models.TextField(editable=False)  # the credential as JSON text
    digest = models.CharField(_("digest"), max_length=64, db_index=True, editable=False)
    drawn_at = models.DateTimeField(_("drawn up"), editable=False)
    drawn_by = models.CharField(_("drawn up by"), max_length=200, editable=False)
    status_list = models.ForeignKey(
        StatusList, on_delete=models.PROTECT, related_name="crosswalk_credentials", editable=False
    )
    status_index = models.PositiveIntegerField(editable=False)
    state = StateField(CredentialState, verbose_name=_("state"), default=CredentialState.AWAITING, editable=False)
    state_since = models.DateTimeField(_("since"), editable=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("crosswalk credential")
        verbose_name_plural = _("crosswalk credentials")
        constraints = (
            models.UniqueConstraint(fields=("crosswalk", "number"), name="crosswalk_issue_once"),
            models.UniqueConstraint(fields=("status_list", "status_index"), name="crosswalk_status_once"),
            models.UniqueConstraint(
                fields=("crosswalk",), name="crosswalk_awaiting_once", condition=Q(state="awaiting")
            ),
        )

    @property
    def signed_document(self) -> dict[str, Any]:
        """Return the credential as it goes out."""
        held: dict[str, Any] = json.loads(self.document)
        return held

    @property
    def missing(self) -> list[tuple[Side, Organisation]]:
        """Return the sides whose signature is still open, each with its institution."""
        done = set(self.signings.values_list("side", flat=True))
        return [pair for pair in ((Side.SOURCE, self.issuer), (Side.TARGET, self.joint)) if pair[0] not in done]

    @property
    def withdrawn(self) -> list[str]:
        """Return the codes of its rows that were withdrawn since."""
        gone = CrosswalkRow.objects.filter(code__in=self.rows, state=RowState.WITHDRAWN)
        return list(gone.order_by("id").values_list("code", flat=True))

    def title_texts(self) -> Texts:
        return Texts.of(
            {code: f"{entry['text']} · {self.number}" for code, entry in self.crosswalk.title_texts().items()}
        )


class CrosswalkSigning(Record):
    """One side signed an issue of a crosswalk: by which person in which role, with which key."""

    AS_SIGNED = ("organisation",)

    credential = models.ForeignKey(
        CrosswalkCredential, on_delete=models.PROTECT, related_name="signings", verbose_name=_("crosswalk credential")
    )
    side = StateField(Side, verbose_name=_("side"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("institution")
    )
    key_used = models.ForeignKey(
        InstitutionKey, on_delete=models.PROTECT, related_name="+", verbose_name=pgettext_lazy("signing", "key")
    )
    signer = models.CharField(pgettext_lazy("credential", "signed by"), max_length=200)
    role = StateField(Role, verbose_name=_("role"))
    signed_at = models.DateTimeField(pgettext_lazy("credential", "signed"))
    digest = models.CharField(_("digest"), max_length=64, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("signature of a crosswalk")
        verbose_name_plural = _("signatures of crosswalks")
        constraints = (models.UniqueConstraint(fields=("credential", "side"), name="crosswalk_signing_once"),)

    def title_texts(self) -> Texts:
        return self.organisation.title
