"""How people meet an agreement's wording, its fields and its sources. Wordings are read here; deeds on the
agreement write them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from sunmao.agreements import queries
from sunmao.agreements.hashing import spaced
from sunmao.agreements.models import (
    AgreementCitation,
    Approval,
    Signature,
    Subject,
    Text,
    Version,
    VersionState,
)
from sunmao.agreements.policy import (
    ApprovalPolicy,
    OfVersionPolicy,
    PartOfAgreementPolicy,
    SourcePolicy,
    VersionPolicy,
)
from sunmao.kernel.cells import language_name, tag_of
from sunmao.kernel.desk import Desk, Part, shows
from sunmao.kernel.fields import Named
from sunmao.sources.citing import CitationDesk


def _named(language: str) -> Named:
    return Named(language, language_name(language))


class VersionDesk(Desk):
    model = Version
    policy = VersionPolicy()
    columns = ("title", "languages", "short_digest", "voided", "state")
    filters = ("agreement", "state")
    facts = ("agreement", "state", "languages", "prevails", "digest", "proposed_by", "remarks", "originals", "scan")
    parts = (
        Part("texts", _("texts"), desk="texts", link="version_of"),
        Part("approvals", _("approvals"), desk="approvals", link="version_of"),
        Part("signatures", _("signatures"), desk="signatures", link="version_of"),
    )
    order = ("-number",)

    def all(self) -> QuerySet[Any]:
        return Version.objects.select_related("agreement").prefetch_related("texts")

    @shows(_("languages"))
    def languages(self, record: Version) -> Any:
        return sorted(_named(row.language) for row in record.texts.all()) or now("scan only")

    @shows(_("hash"))
    def short_digest(self, record: Version) -> str:
        return spaced(record.digest)

    def tags(self, record: Version) -> Sequence[Any]:
        return (tag_of(VersionState(record.state)),)

    def where(self, record: Version, user: Any) -> Any:
        """Say of which agreement it is the wording, and whether what is stored still gives the hash."""
        said = now("A wording of %(agreement)s.") % {"agreement": record.agreement}
        fits = queries.still_fits(record)
        return f"{said} " + (
            now("Its texts, parties and clauses give the hash below.") if fits
            else now("Its texts, parties or clauses no longer give the hash below: tell the secretariat.")
        )  # fmt: skip


class TextDesk(Desk):
    model = Text
    policy = OfVersionPolicy()
    columns = ("title", "language", "body", "file")
    facts = ("version_of", "language", "body", "file")
    search = ("body",)
    order = ("language",)

    def all(self) -> QuerySet[Any]:
        return Text.objects.select_related("version_of__agreement", "file")

    @shows(_("language"), order="language")
    def language(self, record: Text) -> Named:
        return _named(record.language)


class ApprovalDesk(Desk):
    model = Approval
    policy = ApprovalPolicy()
    columns = ("title", "given_on", "person", "basis", "void")
    facts = ("version_of", "party", "digest", "person", "given_on", "basis", "void")
    order = ("id",)

    def all(self) -> QuerySet[Any]:
        return Approval.objects.select_related("party__organisation", "version_of__agreement")


class SignatureDesk(Desk):
    model = Signature
    policy = OfVersionPolicy()
    columns = ("title", "signatory", "post", "signed", "recorded")
    facts = ("version_of", "party", "party_name", "signatory", "post", "signed", "recorded", "digest")
    order = ("id",)

    def all(self) -> QuerySet[Any]:
        return Signature.objects.select_related("party__organisation", "version_of__agreement")


class SubjectDesk(Desk):
    model = Subject
    policy = PartOfAgreementPolicy()
    columns = ("title", "isced", "agreement")
    filters = ("agreement", "isced")
    form = ("agreement", "isced", "name")
    facts = ("agreement", "isced", "name")
    order = ("isced",)


class AgreementCitationDesk(CitationDesk):
    model = AgreementCitation
    policy = SourcePolicy()
