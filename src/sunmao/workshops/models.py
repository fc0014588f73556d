"""Workshops with partners, stages of set-up and their evidence, majors, equipment, citations."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sunmao.agreements.models import Agreement
from sunmao.alliances.models import Alliance
from sunmao.directory.fields import CountryField
from sunmao.directory.models import Organisation
from sunmao.events.models import Event
from sunmao.kernel.fields import StateField, TextsField, WhenField
from sunmao.kernel.models import Record, StoredFile
from sunmao.kernel.text import Texts
from sunmao.people.models import Person
from sunmao.sources.models import Citation, Document
from sunmao.standards.models import ProgrammeVersion


class Brand(models.TextChoices):
    LUBAN = "luban", _("Luban Workshop")
    PANDA = "panda", _("Panda Workshop")
    OTHER = "other", _("no brand")


class Kind(models.TextChoices):
    WORKSHOP = "workshop", _("workshop")
    JOINT_COLLEGE = "joint_college", _("joint college")
    INDUSTRY_COLLEGE = "industry_college", _("industry college")
    TRAINING_BASE = "training_base", _("training base")
    OVERSEAS_SCHOOL = "overseas_school", _("overseas school")
    EXPERIENCE_HALL = "experience_hall", _("experience hall")
    TRAINING_CENTRE = "training_centre", _("training centre")


class State(models.TextChoices):
    ANNOUNCED = "announced", _("announced")
    SET_UP = "being_set_up", _("being set up")
    LAUNCHED = "launched", _("launched")
    OPERATING = "operating", _("operating")
    RECTIFYING = "rectifying", _("in rectification")
    CLOSED = "closed", _("closed")


State.tones = {  # type: ignore[attr-defined]
    "announced": "none", "being_set_up": "wait", "launched": "wait", "operating": "good", "rectifying": "bad", "closed": "none",
}  # fmt: skip
BUILDING = (State.ANNOUNCED, State.SET_UP, State.LAUNCHED)


class Workshop(Record):
    """One workshop, college or school abroad."""

    CODE = "WS-"

    title = TextsField(_("name"))
    brand = StateField(Brand, verbose_name=_("brand"), default=Brand.OTHER)
    kind = StateField(Kind, verbose_name=_("kind"), default=Kind.WORKSHOP)
    legal_form = models.CharField(_("legal form"), max_length=120, blank=True)
    state = StateField(State, verbose_name=_("state"), default=State.ANNOUNCED)
    host = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="hosted", verbose_name=pgettext_lazy("workshop", "host"),
        help_text=_("The institution whose rooms it is in."),
    )  # fmt: skip
    country = CountryField(_("country or region"), blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=(MinValueValidator(-90), MaxValueValidator(90))
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=(MinValueValidator(-180), MaxValueValidator(180))
    )
    unveiled = WhenField(_("unveiled"))
    accepted = WhenField(pgettext_lazy("workshop", "accepted"))
    agreement = models.ForeignKey(
        Agreement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="workshops",
        verbose_name=_("agreement"),
    )
    alliance = models.ForeignKey(
        Alliance, on_delete=models.PROTECT, null=True, blank=True, related_name="workshops", verbose_name=_("alliance")
    )
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="workshops", verbose_name=_("announced at")
    )
    field = models.CharField(
        _("field (ISCED-F 2013)"), max_length=8, blank=True, help_text=_("Up to four digits, such as 0714.")
    )
    demo = models.BooleanField(_("made up for demonstration"), default=False, editable=False)
    sort = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops and colleges")
        indexes = (models.Index(fields=("country", "brand", "state"), name="workshop_by_country"),)

    def prepare(self) -> None:
        self.sort = Texts.of(self.title).best("en")[0].casefold()[:200]

    def clean(self) -> None:
        if (self.latitude is None) != (self.longitude is None):
            raise ValidationError({"longitude": _("Latitude and longitude go together.")})

    @property
    def demo_note(self) -> str:
        return str(_("Demonstration: progress, people and documents are made up"))


class Part(models.TextChoices):
    LEAD = "lead", _("lead college")
    CHINESE = "chinese", _("Chinese partner")
    HOST = "host", pgettext_lazy("workshop", "host")
    ENTERPRISE = "enterprise", _("enterprise")
    SPONSOR = "sponsor", _("supporter")
    PARTNER = "partner", _("partner")


class Partner(Record):
    """An organisation takes part in a workshop."""

    workshop = models.ForeignKey(
        Workshop, on_delete=models.CASCADE, related_name="partners", verbose_name=_("workshop")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="partnerships", verbose_name=_("organisation")
    )
    part = StateField(Part, verbose_name=pgettext_lazy("workshop", "part"), default=Part.PARTNER)
    brings = TextsField(_("what it brings"), blank=True)
    named_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("named by"),
    )  # fmt: skip
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True, editable=False)
    order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        constraints = (models.UniqueConstraint(fields=("workshop", "organisation", "part"), name="partner_once"),)

    def title_texts(self) -> Texts:
        return self.organisation.title_texts()


class Major(Record):
    """A major taught there: as the source words it, and the programme's version where it is in the register."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="majors", verbose_name=_("workshop"))
    title = TextsField(_("name"))
    version = models.ForeignKey(
        ProgrammeVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="taught_at",
        verbose_name=pgettext_lazy("workshop", "programme"),
    )  # fmt: skip

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("major")
        verbose_name_plural = _("majors")


class StageKind(models.TextChoices):
    FILING = "filing", _("initiation and filing")
    SITE = "site", pgettext_lazy("stage", "site")
    EQUIPMENT = "equipment", _("equipment")
    CURRICULUM = "curriculum", _("curriculum")
    TEACHERS = "teachers", _("teachers")
    UNVEILING = "unveiling", _("unveiling")
    ACCEPTANCE = "acceptance", _("acceptance")


class StageState(models.TextChoices):
    NOT_STARTED = "not_started", _("not started")
    IN_PROGRESS = "in_progress", _("in progress")
    TO_SIGN_OFF = "to_sign_off", _("to sign off")
    PASSED = "passed", pgettext_lazy("stage", "passed")
    SENT_BACK = "sent_back", _("sent back")


StageState.tones = {  # type: ignore[attr-defined]
    "not_started": "none", "in_progress": "go", "to_sign_off": "turn", "passed": "good", "sent_back": "bad",
}  # fmt: skip


class Stage(Record):
    """One step of set-up. Who proposes and who signs off are two institutions."""

    CODE = "STG-"

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="stages", verbose_name=_("workshop"))
    kind = StateField(StageKind, verbose_name=_("stage"))
    order = models.PositiveSmallIntegerField(default=0, editable=False)
    state = StateField(StageState, verbose_name=_("state"), default=StageState.NOT_STARTED, editable=False)
    fact = TextsField(_("what is done"), blank=True, help_text=_("One line that says it in facts."))
    due_on = models.DateField(_("due"), null=True, blank=True)
    delay = models.CharField(_("why it is late"), max_length=500, blank=True, editable=False)
    proposed_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("proposed by"),
    )  # fmt: skip
    proposer = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("who proposed it"),
    )  # fmt: skip
    proposed_on = models.DateField(_("proposed on"), null=True, blank=True, editable=False)
    signed_off_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("signed off by"),
    )  # fmt: skip
    signed_off_on = models.DateField(_("signed off on"), null=True, blank=True, editable=False)
    remark = models.CharField(_("why it was sent back"), max_length=500, blank=True, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("stage")
        verbose_name_plural = _("stages of set-up")
        constraints = (
            models.UniqueConstraint(fields=("workshop", "kind"), name="stage_once"),
            models.CheckConstraint(
                condition=models.Q(signed_off_by=None) | ~models.Q(signed_off_by=models.F("proposed_by")),
                name="stage_four_eyes",
            ),
        )

    def title_texts(self) -> Texts:
        return Texts.of({"und": f"{str(StageKind(self.kind).label).capitalize()}, {self.workshop}"})

    def prepare(self) -> None:
        self.order = list(StageKind.values).index(self.kind) + 1

    def late_by(self, day: date) -> int:
        """Return how many days the stage is late on a day, 0 when it is not."""
        if self.due_on is None or self.state == StageState.PASSED or day <= self.due_on:
            return 0
        return (day - self.due_on).days


class Evidence(Record):
    """What shows that a stage is done: a file, a document, or another record by its code."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="evidence", verbose_name=_("stage"))
    title = TextsField(_("what it is"))
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("file"))
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    refers_to = models.CharField(
        pgettext_lazy("stage", "record"),
        max_length=40,
        blank=True,
        help_text=_("The code of a record here, such as AG-00013."),
    )
    published = models.BooleanField(_("shown to everyone"), default=False, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = pgettext_lazy("stage", "evidence")
        verbose_name_plural = pgettext_lazy("stage", "evidence")


class ItemState(models.TextChoices):
    ORDERED = "ordered", _("ordered")
    TRANSIT = "transit", _("in transit")
    RECEIVED = "received", _("received")
    IN_USE = "in_use", _("in use")
    DOWN = "down", pgettext_lazy("equipment", "down")
    RETIRED = "retired", pgettext_lazy("equipment", "retired")


ItemState.tones = {  # type: ignore[attr-defined]
    "ordered": "none", "transit": "go", "received": "go", "in_use": "good", "down": "bad", "retired": "none",
}  # fmt: skip


class Item(Record):
    """One piece, or several alike, of a workshop's equipment."""

    CODE = "EQ-"

    workshop = models.ForeignKey(
        Workshop, on_delete=models.CASCADE, related_name="equipment", verbose_name=_("workshop")
    )
    title = TextsField(_("name"))
    maker = models.CharField(_("maker"), max_length=120, blank=True)
    serial = models.CharField(_("serial number"), max_length=120, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), default=1, validators=(MinValueValidator(1),))
    hs_code = models.CharField(_("HS code"), max_length=12, blank=True)
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    donated_under = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("donated under")
    )
    received_on = models.DateField(_("received on"), null=True, blank=True)
    act = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("act of acceptance"),
    )
    state = StateField(ItemState, verbose_name=_("state"), default=ItemState.ORDERED, editable=False)
    down_since = models.DateField(_("down since"), null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("equipment item")
        verbose_name_plural = _("equipment")

    def clean(self) -> None:
        if self.hs_code and not (
            self.hs_code.replace(".", "").isdigit() and len(self.hs_code.replace(".", "")) in (4, 6, 8, 10)
        ):
            raise ValidationError({"hs_code": _("An HS code has 4, 6, 8 or 10 digits.")})


class WorkshopCitation(Citation):
    """A fact of a workshop was read in a passage of a document."""

    record = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="citations", verbose_name=_("workshop"))

    class Meta(Citation.Meta):
        abstract = False
        verbose_name = _("citation of a workshop")
        verbose_name_plural = _("citations of workshops")
