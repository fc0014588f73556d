"""What authorities and registers say: competence, accreditation, lawful delivery, rights at home, differences shown,
bridging modules."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from sunmao.directory.fields import CountryField
from sunmao.directory.models import Organisation
from sunmao.kernel.fields import StateField, TextsField
from sunmao.kernel.models import Record
from sunmao.recognition.fields import FieldsOfStudyField
from sunmao.recognition.models.choices import Purpose
from sunmao.recognition.models.lasting import Lasting
from sunmao.standards.models import Outcome, ProgrammeVersion


def _current_once(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=("code",), condition=models.Q(superseded_at=None), name=name)


class Competence(Lasting):
    """An authority is competent to recognise in a country, in some fields or in all."""

    CODE = "CP-"

    authority = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="competences", verbose_name=_("authority")
    )
    country = CountryField(_("country or region"))
    fields = FieldsOfStudyField(verbose_name=_("fields (ISCED-F)"), help_text=_("All where none is given."))

    class Meta(Lasting.Meta):
        abstract = False
        verbose_name = _("competence")
        verbose_name_plural = _("competences")
        constraints = (_current_once("competence_current_once"),)

    def __str__(self) -> str:
        return f"{self.authority}, {getattr(self.country, 'label', self.country)}"


class Accreditation(Lasting):
    """An institution stood accredited, by a body where one is named."""

    CODE = "AC-"

    institution = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="accreditations", verbose_name=_("institution")
    )
    body = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("accredited by"),
    )  # fmt: skip

    class Meta(Lasting.Meta):
        abstract = False
        verbose_name = _("accreditation")
        verbose_name_plural = _("accreditations")
        constraints = (_current_once("accreditation_current_once"),)

    def __str__(self) -> str:
        return str(self.institution)


class DeliveryPermit(Lasting):
    """Whether an institution's teaching in a country was lawful in the eyes of that country or of its own."""

    CODE = "DP-"

    institution = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("institution")
    )
    country = CountryField(_("country or region whose law says so"))
    lawful = models.BooleanField(_("lawful"), default=True)

    class Meta(Lasting.Meta):
        abstract = False
        verbose_name = _("permit to teach abroad")
        verbose_name_plural = _("permits to teach abroad")
        constraints = (_current_once("delivery_permit_current_once"),)

    def __str__(self) -> str:
        return f"{self.institution}, {getattr(self.country, 'label', self.country)}"


class HomeRight(Lasting):
    """Whether the award of a programme opens, at home, what is asked for abroad."""

    CODE = "HR-"

    programme = models.ForeignKey(
        ProgrammeVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("programme")
    )
    purpose = StateField(Purpose, verbose_name=_("purpose"))
    given = models.BooleanField(_("opens it"), default=True)

    class Meta(Lasting.Meta):
        abstract = False
        verbose_name = _("right at home")
        verbose_name_plural = _("rights at home")
        constraints = (_current_once("home_right_current_once"),)

    def __str__(self) -> str:
        return f"{self.programme}, {self.get_purpose_display()}"  # type: ignore[attr-defined]


class Subject(models.TextChoices):
    OUTCOME = "outcome", _("an outcome")
    LEVEL = "level", _("level")
    WORKLOAD = "workload", _("workload")
    PROFILE = "profile", _("profile")


class ShownDifference(Lasting):
    """A competent authority of the host country has shown a substantial difference; without a home programme named
    it is shown for all."""

    CODE = "SD-"

    target = models.ForeignKey(
        ProgrammeVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("target programme")
    )
    subject = StateField(Subject, verbose_name=_("difference in"), default=Subject.OUTCOME)
    outcome = models.ForeignKey(
        Outcome, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("outcome")
    )
    authority = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("authority"))
    programme = models.ForeignKey(
        ProgrammeVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("home programme"),
    )  # fmt: skip
    reason = TextsField(_("reason"), blank=True, long=True)

    class Meta(Lasting.Meta):
        abstract = False
        verbose_name = _("substantial difference shown")
        verbose_name_plural = _("substantial differences shown")
        constraints = (_current_once("shown_difference_current_once"),)

    def clean(self) -> None:
        super().clean()
        if (self.subject == Subject.OUTCOME) != (self.outcome_id is not None):
            raise ValidationError({"outcome": _("Name the outcome where the difference lies in one, else none.")})

    def __str__(self) -> str:
        return f"{self.target}: {self.outcome or self.get_subject_display()}"  # type: ignore[attr-defined]


class BridgingModule(Lasting):
    """A module on offer in the host country; what it covers are rows of `ModuleOutcome`.

    Its credits count towards the target programme, its outcomes wherever they are asked.
    """

    CODE = "BM-"
    CARRIED: ClassVar[tuple[str, ...]] = ("covers",)
    AT_ONCE: ClassVar[bool] = False

    title = TextsField(_("title"))
    institution = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("where it is taught")
    )
    country = CountryField(_("country or region"))
    programme = models.ForeignKey(
        ProgrammeVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("target programme"),
    )  # fmt: skip
    hours = models.PositiveSmallIntegerField(_("hours"), default=0)
    credits = models.DecimalField(_("credits"), max_digits=6, decimal_places=2, default=0)
    cost = models.PositiveIntegerField(_("fee"), default=0, help_text=_("In whole units of the currency."))
    currency = models.CharField(_("currency"), max_length=3, blank=True, help_text=_("As in UZS, CNY."))
    demo = models.BooleanField(_("made up for demonstration"), default=False, editable=False)

    class Meta(Lasting.Meta):
        abstract = False
        verbose_name = _("bridging module")
        verbose_name_plural = _("bridging modules")
        constraints = (_current_once("bridging_module_current_once"),)

    @property
    def offered(self) -> bool:
        return self.recorded_at is not None


class ModuleOutcome(Record):
    """A bridging module gives an outcome of a target."""

    module = models.ForeignKey(
        BridgingModule, on_delete=models.CASCADE, related_name="covers", verbose_name=_("bridging module")
    )
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="+", verbose_name=_("outcome"))

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("outcome of a module")
        verbose_name_plural = _("outcomes of a module")
        constraints = (models.UniqueConstraint(fields=("module", "outcome"), name="module_outcome_once"),)

    def __str__(self) -> str:
        return str(self.outcome)
