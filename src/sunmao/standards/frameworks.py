"""Qualification frameworks: ladders of levels, and from when a level of one compares to a level of another."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sunmao.directory.fields import CountryField
from sunmao.directory.models import Organisation
from sunmao.kernel.fields import TextsField
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.sources.models import Document


class Framework(Record):
    """A qualification framework: its levels are steps of one ladder."""

    CODE = "FW-"

    title = TextsField(_("name"))
    country = CountryField(
        _("country or region"), blank=True, help_text=_("Empty for a framework of several countries.")
    )
    authority = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("authority")
    )
    document = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("framework", "act"),
    )

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("qualification framework")
        verbose_name_plural = _("qualification frameworks")


class Level(Record):
    """One step of a framework."""

    framework = models.ForeignKey(
        Framework, on_delete=models.CASCADE, related_name="levels", verbose_name=_("qualification framework")
    )
    step = models.PositiveSmallIntegerField(pgettext_lazy("framework", "step"))
    title = TextsField(_("name"))
    descriptor = TextsField(
        _("what it asks for"), blank=True, help_text=_("Short and in own words; the official text is in the act.")
    )

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        constraints = (models.UniqueConstraint(fields=("framework", "step"), name="level_once"),)

    def __str__(self) -> str:
        return f"{self.framework}, {self.title}"


class Referencing(Record):
    """Two levels of two frameworks compare, from a day on. Compares levels; entitles nobody."""

    CODE = "RF-"

    source = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("level"))
    target = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="+", verbose_name=_("compares to"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The first day it no longer holds."))
    document = models.ForeignKey(
        Document,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("framework", "report"),
    )

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("referencing")
        verbose_name_plural = _("referencings")

    def title_texts(self) -> Texts:
        return Texts.of({"und": f"{self.source} ↔ {self.target}"})

    def clean(self) -> None:
        if self.source_id and self.target_id and self.source.framework_id == self.target.framework_id:
            raise ValidationError({"target": _("Referencing compares levels of two frameworks.")})
        if self.until_on and self.until_on <= self.from_on:
            raise ValidationError({"until_on": _("It ends before it begins.")})
