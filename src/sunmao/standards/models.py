"""Programmes in versions with units and outcomes, crosswalks."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sunmao.directory.fields import CountryField
from sunmao.directory.models import Organisation
from sunmao.kernel.fields import StateField, TextsField
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.people.models import Person
from sunmao.standards.frameworks import Framework, Level, Referencing

__all__ = (
    "Crosswalk", "CrosswalkRow", "Framework", "Judgement", "Level", "Outcome", "OutcomeKind", "Programme",
    "ProgrammeKind", "ProgrammeVersion", "Referencing", "Relation", "RowState", "Side", "Unit", "VersionState",
)  # fmt: skip


class ProgrammeKind(models.TextChoices):
    OCCUPATIONAL = "occupational", _("occupational standard")
    PROGRAMME = "programme", _("training programme")
    CURRICULUM = "curriculum", _("talent-training plan")
    COURSE = "course", _("course standard")
    SKILL_LEVEL = "skill_level", _("skill-level standard")
    FIELDS = "fields", _("classification of fields")


class Programme(Record):
    """A standard or programme as a name that lasts; what it asks for is in its versions."""

    CODE = "PR-"

    title = TextsField(_("name"))
    kind = StateField(ProgrammeKind, verbose_name=_("kind"), default=ProgrammeKind.PROGRAMME)
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="programmes", verbose_name=_("kept by"),
        help_text=_("Whoever may change it: a school, a company, an authority."),
    )  # fmt: skip
    authority = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("competent authority"), help_text=_("Who confirms what it corresponds to elsewhere, beside its keeper."),
    )  # fmt: skip
    country = CountryField(_("country or region"), blank=True)
    outside_code = models.CharField(
        _("code elsewhere"),
        max_length=60,
        blank=True,
        help_text=_("Such as 510301 in the Chinese catalogue of majors."),
    )
    field = models.CharField(
        _("field (ISCED-F 2013)"), max_length=8, blank=True, help_text=_("Up to four digits, such as 0714.")
    )
    demo = models.BooleanField(_("made up for demonstration"), default=False, editable=False)
    sort = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("standard or programme")
        verbose_name_plural = _("standards and programmes")

    def prepare(self) -> None:
        self.sort = Texts.of(self.title).best("en")[0].casefold()[:200]

    def clean(self) -> None:
        if self.field and not (self.field.isdigit() and len(self.field) in (2, 3, 4)):
            raise ValidationError({"field": _("ISCED-F codes have two to four digits.")})

    @property
    def demo_note(self) -> str:
        return str(_("Demonstration: this standard is made up"))


class VersionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", pgettext_lazy("version", "published")
    WITHDRAWN = "withdrawn", pgettext_lazy("standards", "withdrawn")


VersionState.tones = {"draft": "go", "published": "good", "withdrawn": "none"}  # type: ignore[attr-defined]


CLOSED = _("A published version cannot change. Begin a new version.")
CONTENT = ("programme_id", "label", "level_id", "credits", "hours", "from_on", "requirement")


def check_open(part: Unit | Outcome) -> None:
    """Raise ValidationError where a unit or outcome is, or would come, into a version that is published."""
    versions = [part.version_id]
    if part.pk:
        versions += type(part)._default_manager.filter(pk=part.pk).values_list("version_id", flat=True)
    if ProgrammeVersion.objects.filter(pk__in=versions).exclude(state=VersionState.DRAFT).exists():
        raise ValidationError(CLOSED, code="state")


class ProgrammeVersion(Record):
    """One version of a programme. Once published it never changes; a new version follows it."""

    CODE = "PV-"

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="versions", verbose_name=_("standard or programme")
    )
    label = models.CharField(_("version"), max_length=40)
    level = models.ForeignKey(
        Level, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("level")
    )
    credits = models.DecimalField(_("credits"), max_digits=7, decimal_places=2, null=True, blank=True)
    hours = models.PositiveIntegerField(_("hours of study"), null=True, blank=True)
    from_on = models.DateField(_("valid from"), null=True, blank=True)
    until_on = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The first day it no longer holds.")
    )
    requirement = models.JSONField(
        _("requirement"),
        null=True,
        blank=True,
        help_text=_("What completes it: all of, any of, k of n, at least so many credits. Empty: every outcome."),
    )
    state = StateField(VersionState, verbose_name=_("state"), default=VersionState.DRAFT, editable=False)
    published_on = models.DateField(_("published"), null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = (models.UniqueConstraint(fields=("programme", "label"), name="version_once"),)

    def title_texts(self) -> Texts:
        return Texts(
            {
                code: {
                    **entry,
                    "text": f"{entry['text']}（{self.label}）" if code == "zh" else f"{entry['text']}, {self.label}",
                }
                for code, entry in self.programme.title.items()
            }
        )

    def clean(self) -> None:
        if self.from_on and self.until_on and self.until_on <= self.from_on:
            raise ValidationError({"until_on": _("It ends before it begins.")})
        if self.requirement is not None:
            from sunmao.standards.requirement import check

            check(self.requirement)
        stored = ProgrammeVersion.objects.filter(pk=self.pk).first() if self.pk else None
        if stored is not None and not stored.is_open:
            for name in CONTENT:
                if getattr(stored, name) != getattr(self, name):
                    raise ValidationError(CLOSED, code="state")

    @property
    def is_open(self) -> bool:
        return self.state == VersionState.DRAFT


class Unit(Record):
    """A part of a version that can be taken and credited on its own."""

    version = models.ForeignKey(
        ProgrammeVersion, on_delete=models.CASCADE, related_name="units", verbose_name=_("version")
    )
    number = models.PositiveSmallIntegerField(pgettext_lazy("standards", "number"))
    title = TextsField(_("name"))
    credits = models.DecimalField(_("credits"), max_digits=7, decimal_places=2, null=True, blank=True)
    hours = models.PositiveIntegerField(_("hours of study"), null=True, blank=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = (models.UniqueConstraint(fields=("version", "number"), name="unit_once"),)

    def clean(self) -> None:
        check_open(self)


class OutcomeKind(models.TextChoices):
    KNOWLEDGE = "knowledge", _("knowledge")
    SKILL = "skill", _("skill")
    RESPONSIBILITY = "responsibility", _("responsibility")


class Outcome(Record):
    """What a learner knows, can do or answers for at the end."""

    version = models.ForeignKey(
        ProgrammeVersion, on_delete=models.CASCADE, related_name="outcomes", verbose_name=_("version")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="outcomes", verbose_name=_("unit")
    )
    number = models.CharField(pgettext_lazy("standards", "number"), max_length=20)
    order = models.PositiveSmallIntegerField(default=0, editable=False)
    title = TextsField(pgettext_lazy("outcome", "text"))
    kind = StateField(OutcomeKind, verbose_name=_("kind"), default=OutcomeKind.SKILL)
    critical = models.BooleanField(_("critical"), default=False, help_text=_("Without it the whole is not reached."))
    level = models.ForeignKey(
        Level, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("level"),
        help_text=_("Only where it differs from the version's."),
    )  # fmt: skip
    credits = models.DecimalField(_("credits"), max_digits=7, decimal_places=2, null=True, blank=True)
    hours = models.PositiveIntegerField(_("hours of study"), null=True, blank=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("learning outcome")
        verbose_name_plural = _("learning outcomes")
        constraints = (models.UniqueConstraint(fields=("version", "number"), name="outcome_once"),)

    def prepare(self) -> None:
        digits = [part for part in self.number.replace("-", ".").split(".") if part.isdecimal()]
        self.order = min(sum(int(part) * 100 ** (1 - place) for place, part in enumerate(digits[:2])), 32767)

    def clean(self) -> None:
        check_open(self)
        if self.unit is not None and self.version_id and self.unit.version_id != self.version_id:
            raise ValidationError({"unit": _("The unit belongs to another version.")})


class Crosswalk(Record):
    """Two published versions laid side by side, source and target."""

    CODE = "CW-"

    source = models.ForeignKey(
        ProgrammeVersion,
        on_delete=models.PROTECT,
        related_name="crosswalks_from",
        verbose_name=pgettext_lazy("crosswalk", "source"),
    )
    target = models.ForeignKey(
        ProgrammeVersion,
        on_delete=models.PROTECT,
        related_name="crosswalks_to",
        verbose_name=pgettext_lazy("crosswalk", "target"),
    )
    demo = models.BooleanField(_("made up for demonstration"), default=False, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("crosswalk")
        verbose_name_plural = _("crosswalks")
        constraints = (models.UniqueConstraint(fields=("source", "target"), name="crosswalk_once"),)

    def title_texts(self) -> Texts:
        left, right = self.source.title_texts(), self.target.title_texts()
        return Texts.of({code: f"{left.best(code)[0]} → {right.best(code)[0]}" for code in ("en", "zh", "ru")})

    @property
    def demo_note(self) -> str:
        return str(_("Demonstration: this standard is made up"))

    def clean(self) -> None:
        if self.source_id and self.source_id == self.target_id:
            raise ValidationError({"target": _("Choose two different versions.")})
        for name in ("source", "target"):
            if getattr(self, f"{name}_id") and getattr(self, name).state == VersionState.DRAFT:
                raise ValidationError({name: _("Publish the version first: a draft can still change.")})


class Relation(models.TextChoices):
    """How the target stands to the source; always from the target's side."""

    EXACT = "exact", _("exact")
    TARGET_BROADER = "target_broader", _("target is broader than source")
    TARGET_NARROWER = "target_narrower", _("target is narrower than source")
    CLOSE = "close", pgettext_lazy("crosswalk", "close")


class RowState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("crosswalk row", "proposed")
    CONFIRMED = "confirmed", _("confirmed by both sides")
    REJECTED = "rejected", pgettext_lazy("crosswalk row", "rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("standards", "withdrawn")


RowState.tones = {"proposed": "wait", "confirmed": "good", "rejected": "bad", "withdrawn": "none"}  # type: ignore[attr-defined]


class CrosswalkRow(Record):
    """An outcome of the source corresponds to one of the target. Never overwritten: another row supersedes it."""

    CODE = "CR-"

    crosswalk = models.ForeignKey(Crosswalk, on_delete=models.PROTECT, related_name="rows", verbose_name=_("crosswalk"))
    source = models.ForeignKey(
        Outcome, on_delete=models.PROTECT, related_name="rows_from", verbose_name=_("source outcome")
    )
    target = models.ForeignKey(
        Outcome, on_delete=models.PROTECT, related_name="rows_to", verbose_name=_("target outcome")
    )
    relation = StateField(Relation, verbose_name=_("relation"), default=Relation.EXACT)
    note = TextsField(_("remark"), blank=True)
    also = models.JSONField(
        _("together with"), default=list, blank=True, editable=False,
        help_text=_("Further outcomes of the source, by number: only all of them together correspond."),
    )  # fmt: skip
    instead_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="followers",
        verbose_name=_("instead of"),
    )  # fmt: skip
    score = models.FloatField(_("score of the proposal"), null=True, blank=True, editable=False)
    certainty = models.FloatField(_("certainty of the proposal"), null=True, blank=True, editable=False)
    why = models.JSONField(_("why it was proposed"), default=list, blank=True, editable=False)
    state = StateField(RowState, verbose_name=_("state"), default=RowState.PROPOSED, editable=False)
    from_on = models.DateField(_("counts from"), null=True, blank=True, editable=False)
    until_on = models.DateField(_("counts until"), null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("crosswalk row")
        verbose_name_plural = _("crosswalk rows")

    def title_texts(self) -> Texts:
        return Texts.of({"und": f"{' + '.join((self.source.number, *self.also))} → {self.target.number}"})

    @property
    def by_machine(self) -> bool:
        """True where the row was proposed by the machine; it then says why."""
        return bool(self.why)

    def clean(self) -> None:
        if self.also and self.source_id:
            known = set(Outcome.objects.filter(version=self.source.version_id).values_list("number", flat=True))
            wrong = [number for number in self.also if number not in known or number == self.source.number]
            if wrong or len(set(self.also)) != len(self.also):
                names = ", ".join(wrong or self.also)
                raise ValidationError(_("These are no further outcomes of the source: %(names)s.") % {"names": names})
        if self.crosswalk_id and self.source_id and self.source.version_id != self.crosswalk.source_id:
            raise ValidationError({"source": _("This outcome is not of the crosswalk's source.")})
        if self.crosswalk_id and self.target_id and self.target.version_id != self.crosswalk.target_id:
            raise ValidationError({"target": _("This outcome is not of the crosswalk's target.")})


class Side(models.TextChoices):
    SOURCE = "source", pgettext_lazy("crosswalk", "source")
    TARGET = "target", pgettext_lazy("crosswalk", "target")


class Judgement(Record):
    """What one side said of a row: who, when, for which organisation, with which relation and remark."""

    row = models.ForeignKey(
        CrosswalkRow, on_delete=models.CASCADE, related_name="judgements", verbose_name=_("crosswalk row")
    )
    side = StateField(Side, verbose_name=_("side"))
    agrees = models.BooleanField(_("agrees"))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=pgettext_lazy("judgement", "for")
    )
    said_on = models.DateField(pgettext_lazy("judgement", "on"))
    note = models.CharField(_("remark"), max_length=500, blank=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("judgement")
        verbose_name_plural = _("judgements")

    def title_texts(self) -> Texts:
        return Texts.of({"und": f"{self.organisation}: {_('agrees') if self.agrees else _('disagrees')}"})
