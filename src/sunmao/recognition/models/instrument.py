"""Instruments with the institutions they bind, and their revocations."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sunmao.agreements.models import Agreement
from sunmao.directory.models import Organisation
from sunmao.kernel import clock
from sunmao.kernel.fields import StateField, TextsField
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.recognition.fields import CodesField, CountriesField, FieldsOfStudyField, StepsField
from sunmao.recognition.models.choices import Basis, Cefr, Consequence, DateCounts, Measure, Purpose, RowsFrom
from sunmao.recognition.models.lasting import Lasting

_PERCENT = (MaxValueValidator(100),)


class InstrumentState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", pgettext_lazy("instrument", "published")
    REVOKED = "revoked", _("revoked")


InstrumentState.tones = {"draft": "wait", "published": "good", "revoked": "cross"}  # type: ignore[attr-defined]


class Instrument(Lasting):
    """A legal basis in one direction: qualifications of the home countries are recognised in the host countries.

    Only a published one counts. Fields and levels limit it where they are given; institutions it binds are rows of
    `InstrumentParty`. What it asks beside the comparison, and up to where a difference is not substantial, are its
    own columns.
    """

    CODE = "IN-"
    CARRIED: ClassVar[tuple[str, ...]] = ("parties",)
    AT_ONCE: ClassVar[bool] = False

    title = TextsField(_("title"))
    basis = StateField(Basis, verbose_name=_("legal basis"))
    authority = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="instruments", verbose_name=_("competent authority"),
        help_text=_("The body of the host country that decides under it and publishes it here."),
    )  # fmt: skip
    counterpart = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("the other side"),
    )  # fmt: skip
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("agreement it comes from"),
    )  # fmt: skip
    home = CountriesField(verbose_name=_("from (home countries)"), blank=False, max_length=1000,
                          help_text=_("Whose qualifications are recognised. Codes, as in CN, KZ."))  # fmt: skip
    host = CountriesField(verbose_name=_("to (host countries)"), blank=False, max_length=1000,
                          help_text=_("Where they are recognised. Codes, as in UZ."))  # fmt: skip
    purposes = CodesField(Purpose, verbose_name=_("purposes"), blank=False)
    fields = FieldsOfStudyField(verbose_name=_("fields (ISCED-F)"), help_text=_("All where none is given."))
    levels = StepsField(verbose_name=_("levels"), help_text=_("Steps of the target's framework; all where none is given."))  # fmt: skip
    date_counts = StateField(DateCounts, verbose_name=_("date that counts"), default=DateCounts.DECISION)
    rows_from = StateField(RowsFrom, verbose_name=_("crosswalk rows that count"), default=RowsFrom.EITHER)
    close_counts = models.BooleanField(_("close rows count"), default=False)
    missing_percent = models.PositiveSmallIntegerField(
        _("uncritical outcomes that may be missing, percent"), default=0, validators=_PERCENT
    )
    credits_percent = models.PositiveSmallIntegerField(
        _("credits that may be missing, percent"), default=0, validators=_PERCENT
    )
    level_steps = models.PositiveSmallIntegerField(_("levels it may be lower"), default=0)
    field_digits = models.PositiveSmallIntegerField(
        _("digits of the field that must agree"), default=2, validators=(MaxValueValidator(4),)
    )
    profile_percent = models.PositiveSmallIntegerField(
        _("outcomes that confirmed rows connect, so that another field is the same profile, percent"), default=0,
        validators=_PERCENT,
        help_text=_("Of the target's outcomes, in full or in part. 0: the field alone decides."),
    )  # fmt: skip
    conditional_from_percent = models.PositiveSmallIntegerField(
        _("covered share from which measures are offered, percent"), default=50, validators=_PERCENT
    )
    level_below = StateField(Consequence, verbose_name=_("if the level is lower"), default=Consequence.REFUSED)
    measures = CodesField(Measure, verbose_name=_("measures offered"))
    holder_chooses = models.BooleanField(_("the holder chooses the measure"), default=True)
    adaptation_months = models.PositiveSmallIntegerField(_("adaptation period, months"), default=0)
    credits_abroad = models.PositiveSmallIntegerField(_("credits of the host country"), default=1)
    credits_home = models.PositiveSmallIntegerField(_("for so many of the home country"), default=1)
    language = models.CharField(_("language asked for"), max_length=12, blank=True, help_text=_("As in uz, ru."))
    language_level = models.PositiveSmallIntegerField(_("language level"), null=True, blank=True, choices=Cefr.choices)
    language_for = CodesField(Purpose, verbose_name=_("language is asked for"))
    accredited_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("accrediting body asked for"),
    )  # fmt: skip
    fee_for = CodesField(Purpose, verbose_name=_("a fee is asked for"))
    decide_within_days = models.PositiveSmallIntegerField(_("days to decide"), default=120)
    clock_after_fee = models.BooleanField(
        _("the time to decide runs only once the fee is paid"), default=False,
        help_text=_("Otherwise it runs as soon as the papers are complete."),
    )  # fmt: skip
    appeal_days = models.PositiveSmallIntegerField(_("days to appeal"), default=30)
    state = StateField(InstrumentState, verbose_name=_("state"), default=InstrumentState.DRAFT, editable=False)
    demo = models.BooleanField(_("made up for demonstration"), default=False, editable=False)
    sort = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Lasting.Meta):
        abstract = False
        verbose_name = _("instrument")
        verbose_name_plural = _("instruments")
        constraints = (
            models.UniqueConstraint(
                fields=("code",), condition=models.Q(superseded_at=None), name="instrument_current_once"
            ),
        )

    def prepare(self) -> None:
        super().prepare()
        self.sort = Texts.of(self.title).best("en")[0].casefold()[:200]

    def clean(self) -> None:
        super().clean()
        if set(self.home or ()) & set(self.host or ()):
            raise ValidationError({"host": _("A country does not recognise its own qualifications under it.")})
        if bool(self.language) != bool(self.language_level):
            raise ValidationError({"language_level": _("A language and its level go together.")})
        if not self.credits_abroad or not self.credits_home:
            raise ValidationError({"credits_home": _("Write how credits convert with numbers from 1 up.")})

    @property
    def demo_note(self) -> str:
        return str(_("Demonstration: this instrument is made up"))

    @property
    def in_force(self) -> bool:
        return self.state == InstrumentState.PUBLISHED and self.holds_on(clock.today())


class Side(models.TextChoices):
    HOME = "home", _("home country")
    HOST = "host", _("host country")


class InstrumentParty(Record):
    """An institution that an agreement between institutions binds, on one side of it."""

    instrument = models.ForeignKey(
        Instrument, on_delete=models.CASCADE, related_name="parties", verbose_name=_("instrument")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("institution")
    )
    side = StateField(Side, verbose_name=_("side"))

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("institution bound")
        verbose_name_plural = _("institutions bound")
        constraints = (
            models.UniqueConstraint(fields=("instrument", "organisation", "side"), name="instrument_party_once"),
        )

    def __str__(self) -> str:
        return str(self.organisation)


class Revocation(Record):
    """Takes an instrument away: from a day on, or from the start. Superseded where the revocation is taken back."""

    CODE = "RV-"

    instrument = models.ForeignKey(
        Instrument, on_delete=models.PROTECT, related_name="revocations", verbose_name=_("instrument")
    )
    effective_on = models.DateField(_("takes effect on"))
    from_start = models.BooleanField(_("from the start"), default=False)
    reason = TextsField(_("reason"))
    recorded_at = models.DateTimeField(_("known since"), editable=False)
    superseded_at = models.DateTimeField(_("taken back"), null=True, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("revocation")
        verbose_name_plural = _("revocations")

    def prepare(self) -> None:
        if self.recorded_at is None:
            self.recorded_at = clock.now()

    def __str__(self) -> str:
        return f"{self.code} {self.instrument.code}"
