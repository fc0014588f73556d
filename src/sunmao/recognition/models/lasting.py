"""What law hangs on: holds from a day until another, is known from an instant until superseded."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from sunmao.kernel import clock
from sunmao.kernel.models import Record
from sunmao.recognition.terms import Known, Span
from sunmao.sources.models import Document


class Lasting(Record):
    """One wording of a fact. A correction is a second row under the same code; the first stays, superseded.

    `valid_until` is the first day on which it no longer holds.
    """

    CODE_ONCE: ClassVar[bool] = False
    CARRIED: ClassVar[tuple[str, ...]] = ()  # related names of rows that a correction takes along
    AT_ONCE: ClassVar[bool] = True  # known to the register as soon as it is written down

    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The first day on which it no longer holds.")
    )
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    passage = models.CharField(_("passage"), max_length=120, blank=True, help_text=_("As in: article 4."))
    recorded_at = models.DateTimeField(_("known since"), null=True, editable=False)
    superseded_at = models.DateTimeField(_("superseded"), null=True, editable=False)

    class Meta:
        abstract = True

    def prepare(self) -> None:
        if self.AT_ONCE and self.recorded_at is None:
            self.recorded_at = clock.now()

    def clean(self) -> None:
        if self.valid_from and self.valid_until and self.valid_until <= self.valid_from:
            raise ValidationError({"valid_until": _("It ends before it begins.")})

    @property
    def span(self) -> Span:
        return Span(self.valid_from, self.valid_until)

    @property
    def known(self) -> Known:
        return Known(self.recorded_at, self.superseded_at)

    def holds_on(self, day: date) -> bool:
        return day in self.span
