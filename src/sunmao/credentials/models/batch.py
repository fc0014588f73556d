"""Credentials issued from a list, for people who need not stand in the register: the batch, and one light row for each."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sunmao.credentials.filling import months_after
from sunmao.credentials.models.award import Award
from sunmao.credentials.models.credential import CredentialState, StatusList
from sunmao.directory.models import Organisation
from sunmao.kernel.fields import StateField
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.keys.models import InstitutionKey


class BatchState(models.TextChoices):
    PROPOSED = "proposed", _("waits for a second person")
    AWAITING = "awaiting", _("waits for signatures")
    SIGNING = "signing", _("being signed")
    COMPLETE = "complete", pgettext_lazy("batch", "issued")
    DROPPED = "dropped", _("dropped")


BatchState.tones = {  # type: ignore[attr-defined]
    "proposed": "turn", "awaiting": "turn", "signing": "go", "complete": "good", "dropped": "none",
}  # fmt: skip


class Batch(Record):
    """One list of recipients of an award: who proposed and signed it, and what every credential of it says.

    `template` is the unsigned credential with all that a row may say, as JSON; a row's credential is made of it. It is
    fixed by the first institution that signs. `signer`, `signed_at` and `key_used` are the issuer's; no credential is
    made before every institution of the award has signed. Once complete, `root` is the Merkle root (RFC 6962) over the
    lines of the file.
    """

    CODE = "BAT-"
    AS_SIGNED = ("issuer",)

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="batches", verbose_name=_("award"))
    issuer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("issuer"))
    file_sha256 = models.CharField(_("SHA-256 of the list"), max_length=64, db_index=True, editable=False)
    count = models.PositiveIntegerField(_("credentials"), editable=False)
    state = StateField(BatchState, verbose_name=_("state"), default=BatchState.PROPOSED, editable=False)
    proposed_by = models.CharField(_("proposed by"), max_length=200, editable=False)
    proposed_key = models.CharField(max_length=64, editable=False)
    proposed_for = models.ForeignKey(  # of what was proposed before it was asked: the issuer
        Organisation, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("proposed for"),
    )  # fmt: skip
    sign_by = models.DateField(_("to be signed by"), null=True, editable=False)
    signer = models.CharField(pgettext_lazy("credential", "signed by"), max_length=200, blank=True, editable=False)
    signer_key = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    signed_at = models.DateTimeField(pgettext_lazy("credential", "signed"), null=True, editable=False)
    key_used = models.ForeignKey(
        InstitutionKey, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=pgettext_lazy("signing", "key"),
    )  # fmt: skip
    template = models.TextField(blank=True, editable=False)
    root = models.CharField(_("Merkle root"), max_length=64, blank=True, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        constraints = (
            models.UniqueConstraint(
                fields=("award", "file_sha256"), name="batch_once", condition=~models.Q(state="dropped")
            ),
        )

    def title_texts(self) -> Texts:
        return Texts(
            {code: {**entry, "text": f"{entry['text']} · {self.code}"} for code, entry in self.award.title.items()}
        )

    @property
    def home(self) -> Organisation:
        """Return the institution whose person proposed it."""
        return self.proposed_for or self.issuer

    @property
    def missing(self) -> list[Organisation]:
        """Return the institutions whose signature is still open, in the award's order."""
        done = {row.organisation_id for row in self.signings.all() if row.signed_at is not None}
        return [row for row in self.award.organisations if row.pk not in done]


class BatchSigning(Record):
    """An institution's signature of a batch: its first person and, above the size from which it takes two, its second.

    It counts once `signer` stands in it; the proofs of its key name that instant.
    """

    AS_SIGNED = ("organisation",)

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="signings", verbose_name=_("batch"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("institution")
    )
    first = models.CharField(_("proposed by"), max_length=200)
    first_key = models.CharField(max_length=64)
    signer = models.CharField(pgettext_lazy("credential", "signed by"), max_length=200, blank=True)
    signer_key = models.CharField(max_length=64, blank=True, db_index=True)
    signed_at = models.DateTimeField(pgettext_lazy("credential", "signed"), null=True, editable=False)
    key_used = models.ForeignKey(
        InstitutionKey, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=pgettext_lazy("signing", "key"),
    )  # fmt: skip

    class Meta(Record.Meta):
        abstract = False
        verbose_name = pgettext_lazy("credential", "signature")
        verbose_name_plural = pgettext_lazy("credential", "signatures")
        constraints = (models.UniqueConstraint(fields=("batch", "organisation"), name="batch_signing_once"),)

    def title_texts(self) -> Texts:
        return self.organisation.title


class Issued(Record):
    """One credential of a batch: what was filled in, its number, its place in the status list, its signature.

    `said` is what the list's row said (JSON: recipient_name, recipient_id, result, narrative); empty once erased. The
    credential itself is made again from it (`issuing.document_of`).
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="rows", verbose_name=_("batch"))
    serial = models.PositiveIntegerField(_("row of the list"))
    number = models.CharField(pgettext_lazy("credential", "number"), max_length=9, unique=True, editable=False)
    awarded_on = models.DateField(_("awarded on"))
    said = models.TextField(blank=True, editable=False)
    proof_value = models.CharField(max_length=120, editable=False)  # the issuer's
    joint_proofs = models.TextField(blank=True, editable=False)  # of those who join it, in order, a blank between
    digest = models.CharField(_("digest"), max_length=64, db_index=True, editable=False)
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="issued")
    status_index = models.PositiveIntegerField()
    state = StateField(CredentialState, verbose_name=_("state"), default=CredentialState.ISSUED)
    state_since = models.DateTimeField(_("since"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("issued credential")
        verbose_name_plural = _("issued credentials")
        constraints = (
            models.UniqueConstraint(fields=("batch", "serial"), name="issued_once"),
            models.UniqueConstraint(fields=("status_list", "status_index"), name="issued_status_once"),
        )

    @property
    def said_of(self) -> dict[str, Any]:
        """Return what is said of the person; empty where it was erased here."""
        return json.loads(self.said) if self.said else {}

    @property
    def proof_values(self) -> list[str]:
        """Return the values of its proofs, the issuer's first."""
        return [self.proof_value, *self.joint_proofs.split()]

    # What a verification asks of any credential of the register, under the names it has there.

    @property
    def award(self) -> Award:
        return self.batch.award

    @property
    def document(self) -> str:
        """Return something where the credential can be made again."""
        return self.said

    @property
    def signed_document(self) -> dict[str, Any]:
        """Return the credential as it went out; empty where what it says was erased here."""
        from sunmao.credentials import issuing

        return issuing.document_of(self)

    @property
    def valid_until(self) -> date | None:
        return months_after(self.awarded_on, self.award.months) if self.award.months else None

    def title_texts(self) -> Texts:
        return Texts(
            {
                code: {**entry, "text": f"{entry['text']} · {self.number}"}
                for code, entry in self.batch.award.title.items()
            }
        )
