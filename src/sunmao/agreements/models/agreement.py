"""Agreements, their parties and fields of study, and where each fact was read."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sunmao.directory.models import Organisation
from sunmao.events.models import Event
from sunmao.kernel.fields import StateField, TextsField, WhenField
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.sources.models import Citation


class Kind(models.TextChoices):
    FRAMEWORK = "framework", _("framework agreement")
    SCHOOL = "school_agreement", _("school agreement")
    COOPERATION = "cooperation", _("cooperation agreement")
    PLAN = "implementation_plan", _("implementation plan")
    DONATION = "donation", _("donation agreement")
    ANNUAL = "annual_plan", _("annual plan")
    MEMORANDUM = "memorandum", _("memorandum of understanding")
    INTENT = "letter_of_intent", _("letter of intent")
    ACCORD = "accord", _("accord")
    UNSTATED = "unstated", _("kind not stated")


BINDS_NOTHING = frozenset({Kind.MEMORANDUM, Kind.INTENT, Kind.UNSTATED})


class State(models.TextChoices):
    DRAFTING = "drafting", _("drafting")
    APPROVED = "approved", _("approved by all parties")
    ANNOUNCED = "announced", _("announced")
    REPORTED = "reported", _("reported as signed")
    SIGNED = "signed", _("signed")
    IN_FORCE = "in_force", _("in force")
    RENEWED = "renewed", _("in force, renewed")
    ENDED = "ended", _("ended")


State.tones = {  # type: ignore[attr-defined]
    "drafting": "go", "approved": "wait", "announced": "none", "reported": "wait", "signed": "wait", "in_force": "good",
    "renewed": "good", "ended": "none",
}  # fmt: skip


UNRECORDED = (State.ANNOUNCED, State.REPORTED)  # known from published sources, no text kept here


class Origin(models.TextChoices):
    HERE = "here", _("drafted here")
    RECORDED = "recorded", _("recorded after signing")
    PRESS = "press", _("known from published sources")


class Agreement(Record):
    """One instrument between two or more parties, alone or in a family under a framework."""

    CODE = "AG-"

    title = TextsField(_("name"))
    kind = StateField(Kind, verbose_name=_("kind"), default=Kind.SCHOOL)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("made under")
    )
    origin = StateField(Origin, verbose_name=_("how it came here"), default=Origin.HERE)
    opened_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("first party"),
        help_text=_("The organisation in whose name it is written down here; not asked for a press report."),
    )  # fmt: skip
    guided_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("guided by")
    )
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="agreements", verbose_name=_("ceremony"),
        help_text=_("Where it was signed for all to see; the final text may be of another day."),
    )  # fmt: skip
    ceremony = WhenField(_("day of the ceremony"))
    place = TextsField(_("place of signing"), blank=True)
    online = models.BooleanField(_("signed online"), default=False)
    signed = WhenField(
        _("signed"), help_text=_("As published, for what was read elsewhere; otherwise a deed writes it.")
    )
    in_force = WhenField(_("in force since"), editable=False)
    ends = WhenField(_("runs until"), help_text=_("The first day it no longer holds; empty where it has no end."))
    ended = WhenField(_("ended"), editable=False)
    how_many = models.PositiveSmallIntegerField(
        _("stands for"), default=1, help_text=_("How many agreements that the source counts and does not describe.")
    )
    note = TextsField(_("remark"), blank=True, long=True)
    state = StateField(State, verbose_name=_("state"), default=State.DRAFTING, editable=False)
    amendment = models.PositiveSmallIntegerField(_("amendments in force"), default=0, editable=False)
    published = models.BooleanField(_("published to all"), default=False, editable=False)
    lateness_published = models.BooleanField(_("publishes what is late"), default=False, editable=False)
    demo = models.BooleanField(_("made up for demonstration"), default=False, editable=False)
    sort = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        indexes = (models.Index(fields=("state", "sort", "id"), name="agreement_by_state"),)

    def prepare(self) -> None:
        self.sort = Texts.of(self.title).best("en")[0].casefold()[:200]

    def clean(self) -> None:
        if self.origin != Origin.PRESS and not self.opened_by_id:
            raise ValidationError({"opened_by": _("Say in whose name it is written down.")})
        seen, above = {self.pk} if self.pk else set(), self.parent
        while above is not None:
            if above.pk in seen:
                raise ValidationError({"parent": _("An agreement cannot be made under itself.")})
            seen.add(above.pk)
            above = above.parent
        if self.in_force and self.ends and self.ends.latest <= self.in_force.earliest:
            raise ValidationError({"ends": _("It ends before it begins.")})

    @property
    def binds(self) -> bool:
        """False for a memorandum and a letter of intent, which bind nobody and are no basis for recognition, and
        where the source does not say what it is."""
        return self.kind not in BINDS_NOTHING

    @property
    def is_signed(self) -> bool:
        return self.state in (State.SIGNED, State.IN_FORCE, State.RENEWED, State.ENDED)

    @property
    def is_in_force(self) -> bool:
        return self.state in (State.IN_FORCE, State.RENEWED)

    @property
    def demo_note(self) -> str:
        return str(_("Demonstration: its clauses are made up"))


class Part(models.TextChoices):
    LEAD = "lead", _("lead college")
    COLLEGE = "college", pgettext_lazy("party", "college")
    HOST = "host", _("host institution")
    ENTERPRISE = "enterprise", _("enterprise")
    AUTHORITY = "authority", pgettext_lazy("party", "authority")
    DONOR = "donor", _("donor")
    RECIPIENT = "recipient", _("recipient")
    PROMOTER = "promoter", _("promoter")
    PARTNER = "partner", _("partner")


class Party(Record):
    """One party to an agreement with the part it plays, or a place kept for one to be named."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="parties", verbose_name=_("agreement")
    )
    number = models.PositiveSmallIntegerField(_("place in the order"), default=1)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="agreement_places",
        verbose_name=_("organisation"), help_text=_("Empty for a party to be named."),
    )  # fmt: skip
    name = TextsField(
        _("as the source says"), blank=True, help_text=_("For a party to be named; also its name as signed.")
    )
    part = StateField(Part, verbose_name=_("part it plays"), default=Part.PARTNER)
    signatory = TextsField(_("signatory"), blank=True)
    post = TextsField(_("post of the signatory"), blank=True)
    authority = TextsField(
        _("authority to sign"), blank=True, help_text=_("As in: legal representative; power of attorney and its date.")
    )
    approved_inside = TextsField(
        _("approved inside by"), blank=True,
        help_text=_("As in: party committee, president's meeting, ministry's consent, rector's order, with its date."),
    )  # fmt: skip
    publishes = models.BooleanField(_("agrees to publish"), default=False, editable=False)
    publishes_late = models.BooleanField(_("agrees to publish what is late"), default=False, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        constraints = (
            models.UniqueConstraint(fields=("agreement", "organisation"), name="party_once"),
            models.UniqueConstraint(fields=("agreement", "number"), name="party_order_once"),
        )

    def clean(self) -> None:
        if not self.organisation_id and not self.name:
            raise ValidationError({"name": _("Choose an organisation, or say what is known of the party to be named.")})

    def title_texts(self) -> Texts:
        if self.organisation_id and self.organisation:
            return self.organisation.title
        return Texts.of(self.name) or Texts.of({"und": self.key})


class Subject(Record):
    """A field of study that an agreement is about, by ISCED-F 2013 where that is known, else in words."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="subjects", verbose_name=_("agreement")
    )
    isced = models.CharField(
        _("ISCED-F"), max_length=4, blank=True, help_text=_("Two to four digits, as in 07, 071 or 0714."),
        validators=(RegexValidator(r"^\d{2,4}$", _("Write two to four digits, as in 07 or 0714.")),),
    )  # fmt: skip
    name = TextsField(_("field of study"))

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("field of study")
        verbose_name_plural = _("fields of study")


class AgreementCitation(Citation):
    record = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="citations", verbose_name=_("agreement")
    )

    class Meta(Citation.Meta):
        abstract = False
        verbose_name = _("source of an agreement")
        verbose_name_plural = _("sources of agreements")
