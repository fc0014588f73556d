"""Alliances, who belongs to them in what role and since when, their bodies, and the sources of each."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sunmao.directory.fields import CountryField
from sunmao.directory.models import Kind as OrganisationKind
from sunmao.directory.models import Organisation
from sunmao.events.models import Event
from sunmao.kernel.fields import StateField, TextsField, WhenField
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.sources.models import Citation


class Alliance(Record):
    """A standing body whose members are other bodies. Its organisation hosts, signs and employs for it."""

    CODE = "ALL-"

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="alliance", verbose_name=_("organisation"),
        help_text=_("The alliance itself in the directory, of kind alliance."),
    )  # fmt: skip
    founded = WhenField(_("founded"))
    launch = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("launched at")
    )
    scope = TextsField(_("purpose and scope"), blank=True, long=True)
    note = TextsField(_("remark"), blank=True, long=True)
    demo = models.BooleanField(_("made up for demonstration"), default=False, editable=False)
    sort = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("alliance")
        verbose_name_plural = _("alliances")

    def prepare(self) -> None:
        if self.organisation_id:
            self.sort = self.organisation.title.best("en")[0].casefold()[:200]

    def clean(self) -> None:
        if self.organisation_id and self.organisation.kind != OrganisationKind.ALLIANCE:
            raise ValidationError({"organisation": _("Choose an organisation of kind alliance.")})

    def title_texts(self) -> Texts:
        return self.organisation.title

    @property
    def demo_note(self) -> str:
        return str(_("Demonstration: this alliance is made up"))


class Role(models.TextChoices):
    CHAIR = "chair", _("chair")
    VICE_CHAIR = "vice_chair", _("vice-chair")
    COUNCIL = "council", _("council member")
    MEMBER = "member", _("member unit")
    FOUNDING = "founding_member", _("founding unit")
    LEAD = "lead", _("lead unit")
    SECRETARIAT = "secretariat", _("secretariat")
    LAUNCHER = "launcher", _("launcher")
    GUIDING = "guiding_authority", _("guiding authority")


BESIDE = frozenset({Role.LAUNCHER, Role.GUIDING})  # stand beside the alliance, not counted as its members
RUNNING = frozenset({Role.CHAIR, Role.LEAD, Role.SECRETARIAT})  # act for the alliance


class MemberState(models.TextChoices):
    APPLIED = "applied", _("has applied")
    ACCEPTED = "accepted", pgettext_lazy("membership", "accepted")
    DECLINED = "declined", pgettext_lazy("membership", "declined")
    LEFT = "left", _("has left")


MemberState.tones = {"applied": "wait", "accepted": "good", "declined": "cross", "left": "none"}  # type: ignore[attr-defined]


class Member(Record):
    """One organisation belongs to an alliance, from a day to a day (the last day does not count), in one role.

    A member that the source leaves unnamed has no organisation: its country, or what is said of it, stands here.
    """

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="members", verbose_name=_("alliance"))
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="alliance_places",
        verbose_name=_("organisation"),
    )  # fmt: skip
    name = TextsField(_("as the source says"), blank=True, help_text=_("For a member that is not named."))
    country = CountryField(_("country or region"), blank=True, help_text=_("Empty takes that of the organisation."))
    role = StateField(Role, verbose_name=_("role"), default=Role.MEMBER)
    state = StateField(MemberState, verbose_name=_("state"), default=MemberState.ACCEPTED, editable=False)
    joined = WhenField(_("joined"))
    known = WhenField(
        _("known as a member on"), help_text=_("Day of the source, where it does not say when the member joined.")
    )
    left = WhenField(_("left the alliance"), help_text=_("The first day it no longer belongs."))
    reason = TextsField(_("what was said"), blank=True, editable=False)
    demo = models.BooleanField(_("made up for demonstration"), default=False, editable=False)
    counts = models.BooleanField(_("counted as a member"), default=True, editable=False)
    sort = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("member of an alliance")
        verbose_name_plural = _("members of alliances")
        constraints = (
            models.UniqueConstraint(
                fields=("alliance", "organisation", "counts"),
                condition=Q(organisation__isnull=False, state__in=("applied", "accepted")),
                name="member_of_alliance_once",
                violation_error_message=_("This organisation already has a place in the alliance, or has applied."),
            ),
        )

    def prepare(self) -> None:
        self.counts = self.role not in BESIDE
        if self.organisation_id and self.organisation and not self.country:
            self.country = self.organisation.country
        self.sort = self.title_texts().best("en")[0].casefold()[:200]

    def clean(self) -> None:
        if not self.organisation_id and not self.name and not self.country:
            raise ValidationError(
                {"organisation": _("Choose an organisation, or say what is known of the unnamed member.")}
            )
        if self.joined and self.left and self.left.latest <= self.joined.earliest:
            raise ValidationError({"left": _("It ends before it begins.")})

    def title_texts(self) -> Texts:
        if self.organisation_id and self.organisation:
            return self.organisation.title
        return Texts.of(self.name) or Texts.of({"en": "To be named", "zh": "待定", "ru": "Уточняется"})

    @property
    def demo_note(self) -> str:
        return str(_("Demonstration: this application is made up"))


class BodyKind(models.TextChoices):
    COUNCIL = "council", _("council")
    COMMITTEE = "committee", _("committee")
    OFFICE = "office", _("secretariat")
    MEETING = "meeting", _("meeting")


class Body(Record):
    """A council, committee, office or meeting of an alliance."""

    alliance = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="bodies", verbose_name=_("alliance"))
    title = TextsField(_("name"))
    kind = StateField(BodyKind, verbose_name=_("kind"), default=BodyKind.MEETING)
    seat = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kept at")
    )
    held = WhenField(_("held or set up"))
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("event")
    )
    decided = TextsField(_("what it decided"), blank=True, long=True)
    sort = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("body of an alliance")
        verbose_name_plural = _("bodies of alliances")

    def prepare(self) -> None:
        self.sort = Texts.of(self.title).best("en")[0].casefold()[:200]


class AllianceCitation(Citation):
    record = models.ForeignKey(Alliance, on_delete=models.CASCADE, related_name="citations", verbose_name=_("alliance"))

    class Meta(Citation.Meta):
        abstract = False
        verbose_name = _("source of an alliance")
        verbose_name_plural = _("sources of alliances")


class MemberCitation(Citation):
    record = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="citations", verbose_name=_("member"))

    class Meta(Citation.Meta):
        abstract = False
        verbose_name = _("source of a member")
        verbose_name_plural = _("sources of members")
