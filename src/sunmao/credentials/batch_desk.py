"""How people meet batches and what was issued in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sunmao.credentials import actions, deed_forms, handing
from sunmao.credentials.models import Batch, BatchSigning, BatchState, CredentialState, Issued
from sunmao.credentials.policy import BatchPolicy, BatchSigningPolicy, IssuedPolicy
from sunmao.kernel import clock
from sunmao.kernel.cells import listed, tag_of
from sunmao.kernel.desk import Deed, Desk, Part, shows


def _open(batch: Batch) -> bool:
    return batch.state in (BatchState.PROPOSED, BatchState.AWAITING)


class BatchDesk(Desk):
    model = Batch
    policy = BatchPolicy()
    columns = ("title", "issuer", "count", "signed_at", "state")
    filters = ("state", "award")
    facts = (
        "award", "issuer", "count", "proposed_by", "sign_by", "signer", "signed_at", "key_used", "file_sha256", "root",
    )  # fmt: skip
    parts = (
        Part("signatures", gettext_lazy("signatures"), desk="batch-signings", link="batch"),
        Part("rows", gettext_lazy("issued credentials"), desk="issued", link="batch"),
        Part("papers", gettext_lazy("papers"), template="credentials/papers.html", context=handing.part),
    )
    deeds = (
        Deed(
            "sign", gettext_lazy("Sign for my institution"), actions.sign_batch, deed_forms.SignListForm, when=_open, binding=True,
            tells=gettext_lazy("Your institution's key signs a credential for everyone on this list as soon as nobody is missing. Look at the list first; above 30 people a second person of your institution signs as well."),
        ),
        Deed(
            "extend", gettext_lazy("Extend the days to sign"), actions.extend_batch, deed_forms.ExtendForm,
            when=lambda batch: _open(batch) and batch.sign_by is not None,
        ),
        Deed(
            "drop", gettext_lazy("Drop"), actions.drop_batch, deed_forms.WhyForm, binding=True, danger=True, when=_open,
            tells=gettext_lazy("The list is not issued, whoever has signed so far. It may be proposed again."),
        ),
    )  # fmt: skip
    order = ("-code",)

    def __init__(self) -> None:
        super().__init__()
        self.slug = "batches"

    def rows(self, user: Any) -> QuerySet[Any]:
        return super().rows(user).select_related("award", "issuer", "proposed_for")

    def where(self, record: Batch, user: Any) -> Any:
        if record.state == BatchState.SIGNING:
            return _("%(done)s of %(n)s credentials are signed. The same command goes on.") % {
                "done": record.rows.count(),
                "n": record.count,
            }
        if not _open(record):
            return ""
        if record.sign_by is None:
            return _("%(n)s credentials wait for a second person of %(name)s, who confirms by the same command.") % {
                "n": record.count,
                "name": record.issuer,
            }
        late = clock.today() > record.sign_by
        says = (
            _("The days to sign ended on %(day)s; missing: %(names)s.")
            if late
            else _("To be signed until %(day)s by %(names)s.")
        )
        return says % {"day": date_format(record.sign_by), "names": listed(record.missing)}

    def tags(self, record: Batch) -> Sequence[Any]:
        return [tag_of(BatchState(record.state))]


class BatchSigningDesk(Desk):
    model = BatchSigning
    policy = BatchSigningPolicy()
    columns = ("title", "batch", "organisation", "first", "signer", "signed_at")
    facts = ("batch", "organisation", "first", "signer", "signed_at", "key_used")
    order = ("id",)

    def rows(self, user: Any) -> QuerySet[Any]:
        return super().rows(user).select_related("batch__award", "organisation")

    def where(self, record: BatchSigning, user: Any) -> Any:
        return "" if record.signed_at else _("A second person of the institution is still to sign.")


def _is(*states: CredentialState) -> Any:
    return lambda issued: issued.state in states


class IssuedDesk(Desk):
    model = Issued
    policy = IssuedPolicy()
    columns = ("title", "recipient", "serial", "awarded_on", "state")
    filters = ("number", "state")
    facts = ("number", "recipient", "batch", "serial", "awarded_on", "digest")
    parts = (Part("faces", gettext_lazy("the credential"), template="credentials/faces.html", context=handing.faces),)
    deeds = (
        Deed("suspend", gettext_lazy("Suspend"), actions.suspend, deed_forms.WhyForm, when=_is(CredentialState.ISSUED), binding=True,
             tells=gettext_lazy("Every verifier sees at once that it is suspended. It can be restored.")),
        Deed("restore", gettext_lazy("Restore"), actions.restore, deed_forms.WhyForm, when=_is(CredentialState.SUSPENDED), binding=True,
             tells=gettext_lazy("It holds again.")),
        Deed("revoke", gettext_lazy("Revoke"), actions.revoke, deed_forms.WhyForm, binding=True, danger=True,
             when=_is(CredentialState.ISSUED, CredentialState.SUSPENDED),
             tells=gettext_lazy("It is revoked for good. Every verifier anywhere sees it at once.")),
        Deed("forget", gettext_lazy("Erase"), actions.forget_issued, deed_forms.WhyForm, when=lambda issued: bool(issued.said),
             binding=True, danger=True,
             tells=gettext_lazy("What is said of the person is erased here and in the log. The person's own file still verifies.")),
    )  # fmt: skip
    order = ("serial",)

    def __init__(self) -> None:
        super().__init__()
        self.slug = "issued"

    @shows(gettext_lazy("recipient"))
    def recipient(self, issued: Issued) -> Any:
        return issued.said_of.get("recipient_name") or _("erased")

    def rows(self, user: Any) -> QuerySet[Any]:
        return super().rows(user).select_related("batch__award", "batch__issuer")

    def where(self, record: Issued, user: Any) -> Any:
        day = date_format(record.state_since)
        if record.state == CredentialState.SUSPENDED:
            return _("Suspended on %(day)s: %(why)s") % {"day": day, "why": record.reason}
        if record.state == CredentialState.REVOKED:
            return _("Revoked on %(day)s: %(why)s") % {"day": day, "why": record.reason}
        return _("In force since %(day)s.") % {"day": date_format(record.awarded_on)}

    def tags(self, record: Issued) -> Sequence[Any]:
        return [tag_of(CredentialState(record.state))]
