"""Questions that several sources answer with a number, and each number as it was reported."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from sunmao.indicators import figures
from sunmao.kernel.fields import Named, StateField, TextsField, WhenField
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When
from sunmao.sources.models import Document, Reliability
from sunmao.sources.passages import in_words


class Unit(models.TextChoices):
    WORKSHOPS = "workshops", _("workshops")
    ORGANISATIONS = "organisations", _("organisations")
    COUNTRIES = "countries", _("countries and regions")
    AGREEMENTS = "agreements", _("agreements")
    EVENTS = "events", _("events")
    PERSONS = "persons", _("persons")
    MAJORS = "majors", _("majors")
    CATEGORIES = "categories", _("categories")
    FIELDS = "fields", _("fields")
    PROJECTS = "projects", _("projects")
    COURSES = "courses", _("courses")
    SCHOOLS = "schools", _("schools")
    YEARS = "years", _("years")
    COUNTRIES_AND_ORGANISATIONS = "countries_and_organisations", _("countries and organisations")


class Question(Record):
    """Something that is answered by numbers: from our records where they can be counted, and from documents."""

    key_name = models.CharField(
        _("key"), max_length=60, unique=True, help_text=_("Stands in the address, as in luban-workshops."),
        validators=(RegexValidator(r"^[a-z][a-z0-9-]*$", _("Write small letters, digits and hyphens.")),),
    )  # fmt: skip
    title = TextsField(_("question"))
    unit = StateField(Unit, verbose_name=_("counted in"), default=Unit.ORGANISATIONS)
    figure = models.CharField(
        _("counted here by"), max_length=60, blank=True, choices=figures.choices,
        help_text=_("Empty where the records here do not allow to count it."),
    )  # fmt: skip
    narrowed = models.JSONField(_("only"), default=dict, blank=True, help_text=_("Filters of the list, by name."))
    beside = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="within", verbose_name=_("said with"),
        help_text=_("The question whose numbers are said in the same breath, as in: 34 in 30 countries."),
    )  # fmt: skip
    difference = TextsField(_("why the answers differ"), blank=True, long=True)
    place = models.PositiveSmallIntegerField(_("place on the home page"), null=True, blank=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    @classmethod
    def find(cls, rows: models.QuerySet[Any], key: str) -> Any:
        return rows.get(code=key)

    def prepare(self) -> None:
        self.code = self.key_name
        self.narrowed = self.narrowed or {}

    def clean(self) -> None:
        if self.key_name in figures.REGISTRY:
            raise ValidationError({"key_name": _("A figure counted here goes by this key. Choose another.")})
        if not isinstance(self.narrowed, dict):
            raise ValidationError({"narrowed": _('Write the filters by name, as in {"country": "UZ"}.')})
        found = figures.REGISTRY.get(self.figure)
        unknown = set(self.narrowed) - set(found.takes if found else self.narrowed)
        if unknown:
            raise ValidationError(
                {"narrowed": _("The figure does not take the filter %(name)s.") % {"name": ", ".join(sorted(unknown))}}
            )


class Bound(models.TextChoices):
    """How a source qualifies its number."""

    EXACT = "exact", _("exactly")
    OVER = "over", _("over")
    ABOUT = "about", _("about")
    NEARLY = "nearly", _("nearly")


class ReportedFigure(Record):
    """One number from one passage of one document, as it was said; never corrected, never dropped."""

    CODE = "FIG-"

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="reports", verbose_name=_("question"))
    value = models.PositiveBigIntegerField(_("number"))
    upper = models.PositiveBigIntegerField(
        _("up to"), null=True, blank=True, help_text=_("Where the source gives a span.")
    )
    bound = StateField(Bound, verbose_name=_("said as"), default=Bound.EXACT)
    as_of = WhenField(_("as of"), help_text=_("The day the number is of, with the source's own words."))
    said = WhenField(_("said on"), help_text=_("Empty takes the day the document was published."))
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+", verbose_name=_("document"))
    passage = models.CharField(_("passage"), max_length=200, blank=True, help_text=_("As in: paragraph 3."))
    as_said = models.CharField(_("as said"), max_length=300, blank=True)
    reliability = StateField(
        Reliability, verbose_name=_("reliability"), blank=True, help_text=_("Empty takes that of the document.")
    )
    note = TextsField(_("why it differs"), blank=True, help_text=_("One sentence on this number."))

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("reported figure")
        verbose_name_plural = _("reported figures")

    def prepare(self) -> None:
        if self.document_id:
            self.reliability = self.reliability or self.document.reliability

    def clean(self) -> None:
        if self.upper is not None and self.upper <= self.value:
            raise ValidationError({"upper": _("The upper end of a span is larger than its lower end.")})

    @property
    def said_where(self) -> str:
        """Return the passage in the reader's language."""
        return in_words(self.passage)

    @property
    def said_on(self) -> When | None:
        """Return the day it was said: its own, else that of the document."""
        return self.said or self.document.published

    @property
    def words(self) -> str:
        """Return the number with how it was qualified, for people."""
        return figures.worded(self.value, self.upper, Bound(self.bound))

    @property
    def reliability_named(self) -> Named:
        return Named(self.reliability, Reliability(self.reliability).label)

    def title_texts(self) -> Texts:
        return self.question.title

    def __str__(self) -> str:
        return f"{self.question}: {self.words}"
