"""Events with their roles, consensus texts with their commitments, statements, and the sources of each."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sunmao.directory.fields import CountryField
from sunmao.directory.models import Bloc, Organisation
from sunmao.kernel.fields import StateField, TextsField, WhenField
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.sources.models import Citation, Document


class Kind(models.TextChoices):
    CONFERENCE = "conference", _("conference")
    FORUM = "forum", _("forum")
    SIGNING = "signing_ceremony", _("signing ceremony")
    CEREMONY = "ceremony", _("ceremony")
    SEMINAR = "seminar", _("seminar")
    EXHIBITION = "exhibition", _("exhibition")
    COMPETITION = "competition", _("competition")
    VISIT = "visit", _("visit")
    UNVEILING = "unveiling", _("unveiling")


class Event(Record):
    """One occasion at one place, or online."""

    CODE = "EV-"

    title = TextsField(_("name"))
    kind = StateField(Kind, verbose_name=_("kind"), default=Kind.CONFERENCE)
    theme = TextsField(_("theme"), blank=True)
    began = WhenField(_("began"), help_text=_("With the source's own words where it names no date."))
    ended = WhenField(pgettext_lazy("event", "ended"), help_text=_("Empty for an event of one day."))
    country = CountryField(_("country or region"), blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    place = TextsField(_("place"), blank=True, help_text=_("Hall, school or address, as far as known."))
    online = models.BooleanField(_("online"), default=False)
    bloc = models.ForeignKey(
        Bloc, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bloc it is about")
    )
    series = models.BooleanField(_("held again and again"), default=False)
    part_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )
    note = TextsField(_("remark"), blank=True, long=True)
    demo = models.BooleanField(_("made up for demonstration"), default=False, editable=False)
    sort = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def prepare(self) -> None:
        self.sort = Texts.of(self.title).best("en")[0].casefold()[:200]

    def clean(self) -> None:
        if self.began and self.ended and self.ended.latest < self.began.earliest:
            raise ValidationError({"ended": _("It ends before it begins.")})
        if self.pk and self.part_of_id == self.pk:
            raise ValidationError({"part_of": _("An event cannot be a part of itself.")})

    @property
    def demo_note(self) -> str:
        return str(_("Demonstration: this event is made up"))


class Role(models.TextChoices):
    HOST = "host", _("host")
    ORGANISER = "organiser", _("organiser")
    SUPPORTER = "supporter", _("supporter")
    GUIDE = "guide", _("guiding body")
    SPEAKER = "speaker", _("speaker")
    DELEGATION = "delegation", _("delegation")
    MINISTERIAL = "ministerial_leader", _("ministerial leader")
    SIGNATORY = "signatory", _("signatory")
    EXHIBITOR = "exhibitor", _("exhibitor")
    PARTICIPANT = "participant", _("participant")


class EventRole(Record):
    """What one organisation or one named person (or so many unnamed ones) did at an event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="roles", verbose_name=_("event"))
    role = StateField(Role, verbose_name=_("role"), default=Role.PARTICIPANT)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="event_roles",
        verbose_name=_("organisation"),
    )  # fmt: skip
    name = TextsField(_("named person or body"), blank=True, help_text=_("As the source names them."))
    post = TextsField(_("post"), blank=True)
    country = CountryField(_("country or region"), blank=True)
    head_count = models.PositiveIntegerField(_("how many"), null=True, blank=True)
    note = TextsField(_("remark"), blank=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("role at an event")
        verbose_name_plural = _("roles at events")

    def clean(self) -> None:
        if not self.organisation_id and not self.name:
            raise ValidationError({"name": _("Name an organisation, a person or a delegation.")})

    def title_texts(self) -> Texts:
        return Texts.of(self.name) or (self.organisation.title if self.organisation else Texts.of({"und": self.key}))


class ConsensusKind(models.TextChoices):
    CONSENSUS = "consensus", _("consensus")
    PROPOSAL = "proposal", _("proposal")


class ConsensusText(Record):
    """A declaration that an event issued, or a proposal that one person put forward."""

    CODE = "CON-"

    title = TextsField(_("name"))
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="consensus_texts",
        verbose_name=_("issued at"),
    )  # fmt: skip
    kind = StateField(ConsensusKind, verbose_name=_("kind"), default=ConsensusKind.CONSENSUS)
    proposed_by = TextsField(_("put forward by"), blank=True, help_text=_("Who and in what office, for a proposal."))
    issued = WhenField(_("issued on"))
    summary = TextsField(_("summary"), blank=True, long=True, help_text=_("In our words."))
    demo = models.BooleanField(_("made up for demonstration"), default=False, editable=False)
    sort = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("consensus text")
        verbose_name_plural = _("consensus texts")

    def prepare(self) -> None:
        self.sort = Texts.of(self.title).best("en")[0].casefold()[:200]


class CommitmentState(models.TextChoices):
    OPEN = "open", pgettext_lazy("commitment", "open")
    ACTING = "acting", pgettext_lazy("commitment", "under way")
    KEPT = "kept", pgettext_lazy("commitment", "kept")


CommitmentState.tones = {"open": "none", "acting": "go", "kept": "good"}  # type: ignore[attr-defined]


class Topic(models.TextChoices):
    STANDARDS = "standards", _("standards and their recognition")
    INDUSTRY = "industry_education", _("industry and education together")
    CURRICULUM = "curriculum", _("curriculum")
    DIGITAL = "digital", _("digital training")
    LANGUAGE = "language", _("Chinese plus skills")
    CULTURE = "culture", _("culture")
    INNOVATION = "innovation", _("innovation")
    TALENT = "talent", _("skills that are needed")
    ECOSYSTEM = "ecosystem", _("ecosystem")
    OTHER = "other", _("something else")


class Commitment(Record):
    """One thing a consensus text commits to, and what became of it."""

    CODE = "CMT-"

    consensus = models.ForeignKey(
        ConsensusText, on_delete=models.CASCADE, related_name="commitments", verbose_name=_("consensus text")
    )
    number = models.PositiveSmallIntegerField(_("running number"), default=1)
    topic = StateField(Topic, verbose_name=_("topic"), default=Topic.OTHER)
    theme = TextsField(_("theme"))
    text = TextsField(_("what is committed"), blank=True, long=True, help_text=_("In our words."))
    state = StateField(CommitmentState, verbose_name=_("state"), default=CommitmentState.OPEN, editable=False)
    progress = TextsField(_("what was done"), blank=True, editable=False)
    evidence = models.CharField(pgettext_lazy("commitment", "evidence"), max_length=300, blank=True, editable=False)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("document"),
    )  # fmt: skip

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = (models.UniqueConstraint(fields=("consensus", "number"), name="commitment_number_once"),)

    def title_texts(self) -> Texts:
        return Texts.of(self.theme) or Texts.of({"und": self.key})


class CommitmentOwner(Record):
    """An organisation has taken a commitment on."""

    commitment = models.ForeignKey(
        Commitment, on_delete=models.CASCADE, related_name="owners", verbose_name=_("commitment")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="commitments", verbose_name=_("organisation")
    )

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("owner of a commitment")
        verbose_name_plural = _("owners of commitments")
        constraints = (models.UniqueConstraint(fields=("commitment", "organisation"), name="owner_once"),)

    def title_texts(self) -> Texts:
        return self.organisation.title


class Statement(Record):
    """What a named official said, in our words: a paraphrase, never a copied sentence."""

    CODE = "ST-"

    name = TextsField(_("who said it"))
    post = TextsField(_("post"), blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="statements",
        verbose_name=_("organisation"),
    )  # fmt: skip
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="statements", verbose_name=_("said at")
    )
    said = WhenField(_("day it was said"))
    text = TextsField(_("position"), long=True, help_text=_("In our words."))
    sort = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("statement")
        verbose_name_plural = _("statements")

    def prepare(self) -> None:
        self.sort = Texts.of(self.name).best("en")[0].casefold()[:200]


class EventCitation(Citation):
    record = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="citations", verbose_name=_("event"))

    class Meta(Citation.Meta):
        abstract = False
        verbose_name = _("source of an event")
        verbose_name_plural = _("sources of events")


class ConsensusCitation(Citation):
    record = models.ForeignKey(
        ConsensusText, on_delete=models.CASCADE, related_name="citations", verbose_name=_("consensus text")
    )

    class Meta(Citation.Meta):
        abstract = False
        verbose_name = _("source of a consensus text")
        verbose_name_plural = _("sources of consensus texts")


class StatementCitation(Citation):
    record = models.ForeignKey(
        Statement, on_delete=models.CASCADE, related_name="citations", verbose_name=_("statement")
    )

    class Meta(Citation.Meta):
        abstract = False
        verbose_name = _("source of a statement")
        verbose_name_plural = _("sources of statements")
