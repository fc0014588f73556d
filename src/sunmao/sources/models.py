"""Documents, and the citation that each room's own citation rows extend."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from sunmao.kernel.fields import StateField, TextsField, WhenField
from sunmao.kernel.models import Record, StoredFile
from sunmao.kernel.text import Texts


class Kind(models.TextChoices):
    NEWS = "news", _("news report")
    ADVERTORIAL = "advertorial", _("advertorial")
    SIGNED = "signed_article", _("signed article")
    TOPIC = "topic_page", _("topic page")
    ENCYCLOPEDIA = "encyclopedia", _("encyclopedia")
    JOURNAL = "journal", _("journal article")
    OFFICIAL = "official", _("official publication")
    INSTITUTION = "institution", _("institution's own page")
    DATASET = "dataset", _("data set")
    MINUTES = "minutes", _("minutes")
    LETTER = "letter", _("letter")


class Reliability(models.TextChoices):
    """How far a claim can be leaned on, by who says it and how the text came about."""

    OFFICIAL = "official", _("official record")
    FIRST_HAND = "first_hand", _("first hand")
    REPORTED = "reported", _("reported")
    PROMOTIONAL = "promotional", _("promotional")
    REWORDED = "reworded", _("machine-reworded")


class Document(Record):
    """One text that facts were read from."""

    CODE = "DOC-"

    title = TextsField(_("title"))
    outlet = models.CharField(_("outlet"), max_length=200, blank=True)
    published = WhenField(_("published"), help_text=_("With the source's own words where it names no date."))
    kind = StateField(Kind, verbose_name=_("kind"), default=Kind.NEWS)
    reliability = StateField(Reliability, verbose_name=_("reliability"), default=Reliability.REPORTED)
    language = models.CharField(_("language"), max_length=12, blank=True, help_text=_("As in zh, en, ru."))
    address = models.URLField(_("address"), max_length=500, blank=True)
    note = TextsField(_("remark"), blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("file"))
    sort = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def prepare(self) -> None:
        self.sort = Texts.of(self.title).best("en")[0].casefold()[:200]


def fact_label(model: Any, fact: str) -> Any:
    """Return in words what `fact` names of a model: a field, rows that hang on it, or those rows of one choice
    (`roles.speaker`); None where it names nothing."""
    name, _dot, choice = fact.partition(".")
    try:
        column = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if not choice:
        return getattr(column, "verbose_name", None) or column.related_model._meta.verbose_name_plural
    kinds = (kind for field in column.related_model._meta.fields for kind in field.choices or ())
    return next((label for value, label in kinds if value == choice), None)


class Citation(Record):
    """A fact of a record was read in a passage of a document. Rooms add the foreign key `record`.

    `fact` names a field of the record or rows that hang on it, these by a choice where that is needed, as in
    `roles.speaker`. `says` is a cited note: what the passage says beyond what the record has a field for.
    """

    fact = models.CharField(
        _("fact"), max_length=60, help_text=_("Name of the field, or empty for the whole record."), blank=True
    )
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", verbose_name=_("document"))
    passage = models.CharField(_("passage"), max_length=200, blank=True, help_text=_("As in: paragraph 3."))
    as_said = models.CharField(_("as said"), max_length=300, blank=True)
    says = TextsField(
        _("what it says"), blank=True, long=True, help_text=_("In our words, where the record has no field for it.")
    )

    class Meta(Record.Meta):
        abstract = True

    def clean(self) -> None:
        if self.fact and self.fact_label is None:
            raise ValidationError({"fact": _("The record has no field of this name. Leave it empty for the whole.")})

    @property
    def fact_label(self) -> Any:
        """Return the cited field's name in words; None where there is no such field."""
        room: Any = type(self)  # the column `record` is of the rooms' models, not of this one
        return fact_label(room._meta.get_field("record").related_model, self.fact)

    def __str__(self) -> str:
        return f"{self.document}, {self.passage}" if self.passage else str(self.document)

    def title_texts(self) -> Texts:
        return self.document.title
