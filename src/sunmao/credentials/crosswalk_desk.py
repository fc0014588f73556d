"""How people meet crosswalk credentials and their signatures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sunmao.credentials import actions, deed_forms, lists, parts
from sunmao.credentials.models import CredentialState, CrosswalkCredential, CrosswalkSigning
from sunmao.credentials.policy import CrosswalkCredentialPolicy, CrosswalkSigningPolicy
from sunmao.kernel.cells import Tag, listed, tag_of
from sunmao.kernel.desk import Deed, Desk, Part, shows


def _is(state: CredentialState) -> Any:
    return lambda credential: credential.state == state


class CrosswalkCredentialDesk(Desk):
    model = CrosswalkCredential
    policy = CrosswalkCredentialPolicy()
    columns = ("title", "crosswalk", "number", "row_count", "state")
    filters = ("state", "crosswalk")
    form = ("crosswalk",)
    facts = ("crosswalk", "number", "row_count", "issuer", "joint", "drawn_at", "drawn_by", "digest")
    parts = (
        Part("signatures", gettext_lazy("signatures"), desk="crosswalk-signings", link="credential"),
        Part(
            "crosswalk", gettext_lazy("the credential"), template="credentials/crosswalk.html", context=parts.crosswalk
        ),
    )
    deeds = (
        Deed("sign", gettext_lazy("Sign for my institution"), actions.sign_crosswalk, deed_forms.SignForm, binding=True,
             when=_is(CredentialState.AWAITING),
             tells=gettext_lazy("Your institution's key signs the rows as they stand below, with the names and remarks of those who confirmed them. Once both sides have signed, everybody can read it and it takes the place of the issue before.")),
        Deed("drop", gettext_lazy("Drop"), actions.drop_crosswalk, deed_forms.WhyForm, binding=True, danger=True,
             when=_is(CredentialState.AWAITING), tells=gettext_lazy("It will never count, whoever has signed so far.")),
        Deed("revoke", gettext_lazy("Revoke"), actions.revoke_crosswalk, deed_forms.WhyForm, binding=True, danger=True,
             when=_is(CredentialState.ISSUED),
             tells=gettext_lazy("Every verifier anywhere sees at once that it no longer holds. The rows themselves count on until they are withdrawn.")),
    )  # fmt: skip
    order = ("-code",)

    @shows(gettext_lazy("rows"))
    def row_count(self, credential: CrosswalkCredential) -> int:
        return len(credential.rows)

    def all(self) -> QuerySet[Any]:
        return super().all().select_related(
            "crosswalk__source__programme", "crosswalk__target__programme", "issuer", "joint", "status_list"
        )  # fmt: skip

    def write(self, record: Any, *, by: Any, why: str = "", seen: int | None = None) -> Any:
        return actions.draw_up(record.crosswalk, by=by, why=why)

    def where(self, record: CrosswalkCredential, user: Any) -> Any:
        day = date_format(record.state_since)
        match record.state:
            case CredentialState.AWAITING:
                names = listed([home for _side, home in record.missing])
                return _("Not in force yet: %(names)s still to sign.") % {"names": names}
            case CredentialState.SUPERSEDED:
                return _("Replaced on %(day)s: %(why)s") % {"day": day, "why": record.reason}
            case CredentialState.REVOKED:
                return _("Revoked on %(day)s: %(why)s") % {"day": day, "why": record.reason}
            case CredentialState.DROPPED:
                return _("Dropped on %(day)s before it was signed: %(why)s") % {"day": day, "why": record.reason}
        if gone := record.withdrawn:
            names = listed(gone)
            return _("It no longer holds: %(rows)s was withdrawn since. Draw up another issue.") % {"rows": names}
        return _("In force since %(day)s.") % {"day": day}

    def tags(self, record: CrosswalkCredential) -> Sequence[Any]:
        tags = [tag_of(CredentialState(record.state))]
        if record.state == CredentialState.ISSUED and lists.said_of(record):
            tags = [Tag(_("a row was withdrawn"), "cross")]
        return [*tags, Tag(_("Demonstration"), "wait")] if record.crosswalk.demo else tags


class CrosswalkSigningDesk(Desk):
    model = CrosswalkSigning
    policy = CrosswalkSigningPolicy()
    columns = ("title", "credential", "side", "signer", "role", "signed_at")
    facts = ("credential", "side", "organisation", "signer", "role", "key_used", "signed_at")
    order = ("-signed_at",)

    def all(self) -> QuerySet[Any]:
        return super().all().select_related(
            "credential__crosswalk__source__programme", "credential__crosswalk__target__programme", "organisation"
        )  # fmt: skip
