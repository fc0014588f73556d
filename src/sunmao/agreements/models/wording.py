"""Versions of an agreement's wording, the texts in each language, who approved and who signed which hash."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from sunmao.agreements.models.agreement import Agreement, Party
from sunmao.kernel.fields import StateField, TextsField, WhenField
from sunmao.kernel.models import Record, StoredFile
from sunmao.kernel.text import Texts
from sunmao.people.models import Person


class VersionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    APPROVED = "approved", _("approved by all parties")
    SIGNED = "signed", _("signed")
    REPLACED = "replaced", _("replaced")


VersionState.tones = {"draft": "go", "approved": "wait", "signed": "good", "replaced": "none"}  # type: ignore[attr-defined]


class Version(Record):
    """One wording of an agreement (amendment 0) or of an amendment to it, over all languages, under one hash."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="versions", verbose_name=_("agreement")
    )
    number = models.PositiveSmallIntegerField(_("version"))
    amendment = models.PositiveSmallIntegerField(_("amendment"), default=0)
    state = StateField(VersionState, verbose_name=_("state"), default=VersionState.DRAFT)
    prevails = models.CharField(_("prevailing language"), max_length=12, blank=True)
    digest = models.CharField(_("hash of the text"), max_length=64)
    held = models.JSONField(_("parties and clauses as worded"), default=dict)
    proposed_by = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposed by")
    )
    turn = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="turns", verbose_name=_("whose turn")
    )
    turn_until = models.DateField(_("turn ends on"), null=True, blank=True)
    days = models.PositiveSmallIntegerField(_("days for each turn"), default=14)
    remarks = TextsField(_("remarks"), blank=True, long=True)
    voided = models.PositiveSmallIntegerField(_("approvals it voided"), default=0)
    originals = TextsField(
        _("originals"), blank=True, help_text=_("How many, with which seals, and where they are kept.")
    )
    scan = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("scan of the signed original"),
    )  # fmt: skip

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = (models.UniqueConstraint(fields=("agreement", "number"), name="version_number_once"),)

    def title_texts(self) -> Texts:
        return Texts.of({"und": self.label})

    @property
    def label(self) -> str:
        if self.amendment:
            return now("Amendment %(amendment)s, version %(number)s") % {
                "amendment": self.amendment, "number": self.number,
            }  # fmt: skip
        return now("Version %(number)s") % {"number": self.number}


class Text(Record):
    """The words of a version in one language, or the file that holds them."""

    version_of = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="texts", verbose_name=_("version"))
    language = models.CharField(_("language"), max_length=12)
    body = models.TextField(_("words"), blank=True)
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("authentic text")
        verbose_name_plural = _("authentic texts")
        constraints = (models.UniqueConstraint(fields=("version_of", "language"), name="text_language_once"),)

    def title_texts(self) -> Texts:
        return Texts.of({"und": f"{self.version_of.label}, {self.language}"})


class Approval(Record):
    """A party approved one hash. It counts for that hash only; a changed text voids it."""

    version_of = models.ForeignKey(
        Version, on_delete=models.CASCADE, related_name="approvals", verbose_name=_("version")
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="approvals", verbose_name=_("party"))
    digest = models.CharField(_("hash of the text"), max_length=64)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )
    given_on = models.DateField(_("approved on"))
    basis = TextsField(_("decided inside by"), blank=True)
    void = models.BooleanField(_("void"), default=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        constraints = (
            models.UniqueConstraint(
                fields=("version_of", "party"), condition=models.Q(void=False), name="approval_once"
            ),
        )

    def title_texts(self) -> Texts:
        return self.party.title_texts()


class Signature(Record):
    """A party signed one hash: here, with a second factor, or on paper and recorded afterwards."""

    version_of = models.ForeignKey(
        Version, on_delete=models.PROTECT, related_name="signatures", verbose_name=_("version")
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="signatures", verbose_name=_("party"))
    digest = models.CharField(_("hash of the text"), max_length=64)
    party_name = TextsField(_("name as signed"), blank=True)
    signatory = TextsField(_("signatory"), blank=True)
    post = TextsField(_("post of the signatory"), blank=True)
    signed = WhenField(_("signed"))
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    recorded = models.BooleanField(_("signed on paper, recorded afterwards"), default=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = (models.UniqueConstraint(fields=("version_of", "party"), name="signature_once"),)

    def title_texts(self) -> Texts:
        return Texts.of(self.party_name) or self.party.title_texts()
