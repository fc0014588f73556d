"""What may be awarded, by whom together, and each time it was."""

from __future__ import annotations

import struct

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sunmao.cohorts.models import Cohort
from sunmao.directory.models import Organisation
from sunmao.kernel import files
from sunmao.kernel.fields import StateField, TextsField
from sunmao.kernel.models import Record, StoredFile
from sunmao.kernel.text import Texts
from sunmao.keys.models import InstitutionKey
from sunmao.standards.models import ProgrammeVersion, Unit
from sunmao.vc.containers import PNG_SIGNATURE, png_chunks
from sunmao.vc.errors import VcError

LANGUAGE = RegexValidator(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z", _("A language is written as in zh, en or zh-Hant."))
PICTURE_BYTES, PICTURE_SIDE = 500_000, 2_000


def _is_picture(file: StoredFile) -> bool:
    """True for a whole PNG within the limits."""
    if file.size > PICTURE_BYTES:
        return False
    data = files.read(file)
    try:
        kinds = [kind for kind, _content in png_chunks(data)] if data.startswith(PNG_SIGNATURE) else []
    except VcError:
        return False
    return kinds[:1] == [b"IHDR"] and all(0 < side <= PICTURE_SIDE for side in struct.unpack(">II", data[16:24]))


class AwardKind(models.TextChoices):
    DIPLOMA = "diploma", _("diploma of formal education")
    COMPLETION = "completion", _("certificate of completion")
    TRAINING = "training", _("training certificate")
    SKILL_LEVEL = "skill_level", _("occupational skill level certificate")
    INTERNATIONAL = "international", _("international qualification")
    LANGUAGE = "language", _("language certificate")


FORMAL = (AwardKind.DIPLOMA,)  # the only kind that belongs to formal education


class Award(Record):
    """A template: what a credential of this kind says, and which institutions give it together."""

    CODE = "AWD-"

    title = TextsField(_("title"))
    kind = StateField(AwardKind, verbose_name=_("kind"), default=AwardKind.TRAINING)
    programme = models.ForeignKey(
        ProgrammeVersion, on_delete=models.PROTECT, related_name="awards", verbose_name=_("programme")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="awards", verbose_name=_("unit"),
        help_text=_("Where the award is for one unit of the programme only. Empty: for the whole programme."),
    )  # fmt: skip
    criteria = TextsField(_("criteria"), long=True, help_text=_("What a learner must have reached to be awarded it."))
    months = models.PositiveSmallIntegerField(
        _("valid for months"), null=True, blank=True, help_text=_("Empty: it has no last day.")
    )
    days_to_sign = models.PositiveSmallIntegerField(
        _("days for the others to sign"), default=30, help_text=_("Counted from the day the first institution signed.")
    )
    language = models.CharField(
        _("language of instruction"), max_length=12, blank=True, validators=[LANGUAGE], help_text=_("As in zh, en, ru.")
    )
    picture = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture"),
        help_text=_("PNG of at most 500 kB and 2,000 points a side; everybody can see it."),
    )  # fmt: skip
    demo = models.BooleanField(_("made up for demonstration"), default=False, editable=False)
    sort = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("award")
        verbose_name_plural = _("awards")

    def prepare(self) -> None:
        self.sort = Texts.of(self.title).best("en")[0].casefold()[:200]

    def clean(self) -> None:
        if self.unit_id and self.programme_id and self.unit.version_id != self.programme_id:  # type: ignore[union-attr]
            raise ValidationError({"unit": _("This unit belongs to another programme.")})
        if self.picture is not None and not _is_picture(self.picture):
            raise ValidationError({"picture": _("Choose a PNG of at most 500 kB and 2,000 points a side.")})

    @property
    def organisations(self) -> list[Organisation]:
        """Return the issuing institutions in order; the first is the issuer, the others join it."""
        return [row.organisation for row in self.issuers.select_related("organisation").order_by("number")]

    @property
    def was_given(self) -> bool:
        """True from the first conferral or batch on: what it says and who gives it is then fixed."""
        given = models.Q(conferrals__isnull=False) | models.Q(batches__isnull=False)
        return Award.objects.filter(given, pk=self.pk).exists()

    @property
    def demo_note(self) -> str:
        return str(_("Demonstration: this award is made up"))


class AwardIssuer(Record):
    """An institution that gives an award, with its place: 1 is the issuer, the others join it."""

    AS_SIGNED = ("organisation",)

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="issuers", verbose_name=_("award"))
    number = models.PositiveSmallIntegerField(pgettext_lazy("issuer", "place"), default=1)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("institution")
    )

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("issuing institution")
        verbose_name_plural = _("issuing institutions")
        constraints = (
            models.UniqueConstraint(fields=("award", "organisation"), name="award_issuer_once"),
            models.UniqueConstraint(fields=("award", "number"), name="award_issuer_place"),
        )

    def __str__(self) -> str:
        return str(self.organisation)

    def clean(self) -> None:
        if self.award_id and self.award.was_given:
            raise ValidationError(_("The award was already given. Draw up another one for other institutions."))


class ConferralState(models.TextChoices):
    PROPOSED = "proposed", _("waits for a second person")
    SIGNING = "signing", _("being signed")
    COMPLETE = "complete", _("signed by all")
    DROPPED = "dropped", _("dropped")


ConferralState.tones = {"proposed": "turn", "signing": "turn", "complete": "good", "dropped": "none"}  # type: ignore[attr-defined]


class Conferral(Record):
    """One award given to learners of one cohort on a day: what the institutions sign as a whole."""

    CODE = "CNF-"

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="conferrals", verbose_name=_("award"))
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="conferrals", verbose_name=_("cohort"))
    awarded_on = models.DateField(_("awarded on"))
    sign_by = models.DateField(_("to be signed by"))
    state = StateField(ConferralState, verbose_name=_("state"), default=ConferralState.PROPOSED, editable=False)
    count = models.PositiveIntegerField(_("learners"), default=0, editable=False)
    proposed_by = models.CharField(_("proposed by"), max_length=200, editable=False)
    proposed_key = models.CharField(max_length=64, editable=False)
    proposed_for = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("proposed for")
    )

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("conferral")
        verbose_name_plural = _("conferrals")

    def title_texts(self) -> Texts:
        return Texts(
            {
                code: {**entry, "text": f"{entry['text']} · {self.awarded_on}"}
                for code, entry in self.award.title.items()
            }
        )

    @property
    def signed(self) -> list[Organisation]:
        """Return the institutions that have signed."""
        return [row.organisation for row in self.signings.select_related("organisation").order_by("id")]

    @property
    def missing(self) -> list[Organisation]:
        """Return the institutions whose signature is still open."""
        done = {row.pk for row in self.signed}
        return [row for row in self.award.organisations if row.pk not in done]


class Signing(Record):
    """An institution signed a conferral: by which person, with which key, how many credentials."""

    AS_SIGNED = ("organisation",)

    conferral = models.ForeignKey(
        Conferral, on_delete=models.PROTECT, related_name="signings", verbose_name=_("conferral")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("institution")
    )
    key_used = models.ForeignKey(
        InstitutionKey, on_delete=models.PROTECT, related_name="+", verbose_name=pgettext_lazy("signing", "key")
    )
    signer = models.CharField(pgettext_lazy("credential", "signed by"), max_length=200)
    signer_key = models.CharField(max_length=64, db_index=True)
    signed_at = models.DateTimeField(pgettext_lazy("credential", "signed"))
    count = models.PositiveIntegerField(_("credentials"))

    class Meta(Record.Meta):
        abstract = False
        verbose_name = pgettext_lazy("credential", "signature")
        verbose_name_plural = pgettext_lazy("credential", "signatures")
        constraints = (models.UniqueConstraint(fields=("conferral", "organisation"), name="signing_once"),)

    def title_texts(self) -> Texts:
        return self.organisation.title
