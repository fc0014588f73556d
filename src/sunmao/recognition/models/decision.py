"""Decisions with the ground they rest on and the questions asked; appeals."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from sunmao.kernel.fields import StateField, TextsField
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.people.models import Person
from sunmao.recognition.models.case import Case
from sunmao.recognition.models.choices import Result
from sunmao.recognition.models.instrument import Instrument


class DecisionState(models.TextChoices):
    INDICATION = "indication", _("indication of the machine")
    PROPOSED = "proposed", _("proposed, a second person must confirm")
    ISSUED = "issued", _("decision in force")
    REVIEW_DUE = "review_due", _("review due")
    SUPERSEDED = "superseded", _("superseded")


DecisionState.tones = {  # type: ignore[attr-defined]
    "indication": "none", "proposed": "turn", "issued": "good", "review_due": "bad", "superseded": "none",
}  # fmt: skip


class Standing(models.TextChoices):
    STANDS = "stands", _("stands")
    OTHER_GROUND = "stands on other ground", _("stands on other ground")
    REVIEW_DUE = "review due", _("review due")


Standing.tones = {  # type: ignore[attr-defined]
    "stands": "good", "stands on other ground": "wait", "review due": "bad",
}  # fmt: skip


class Decision(Record):
    """What the machine found on one day from what was known at one instant, and what persons made of it.

    `computed` is the canonical JSON (RFC 8785) of the indication, `digest` its SHA-256, `evidence` the holder's
    evidence as frozen then; none of the three ever changes. `follows` is the decision before it in the same case.
    """

    CODE = "RD-"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("case"))
    state = StateField(DecisionState, verbose_name=_("state"), default=DecisionState.INDICATION, editable=False)
    as_of = models.DateField(_("as of"), editable=False)
    known_at = models.DateTimeField(_("known at"), editable=False)
    computed = models.TextField(_("what was computed"), editable=False)
    digest = models.CharField(_("hash"), max_length=64, editable=False, db_index=True)
    evidence = models.TextField(_("evidence as frozen"), editable=False)
    indicated = StateField(Result, verbose_name=_("machine said"), editable=False)
    instrument = models.ForeignKey(
        Instrument, on_delete=models.PROTECT, null=True, editable=False, related_name="decisions",
        verbose_name=_("legal basis"),
    )  # fmt: skip
    result = StateField(Result, verbose_name=_("decision"), blank=True, editable=False)
    reasons = TextsField(_("reasons"), blank=True, editable=False)
    proposed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), null=True, editable=False)
    decided_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("confirmed by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    notified_on = models.DateField(_("notified on"), null=True, editable=False)
    appeal_until = models.DateField(
        _("appeal until"), null=True, editable=False, help_text=_("The first day that is too late.")
    )
    standing = StateField(Standing, verbose_name=_("standing"), default=Standing.STANDS, editable=False)
    reviewed_at = models.DateTimeField(_("looked at again"), null=True, editable=False)
    published = models.BooleanField(_("in the public register"), default=False, editable=False)
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="followed_by",
        verbose_name=_("follows"),
    )  # fmt: skip

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("decision on recognition")
        verbose_name_plural = _("decisions on recognition")
        indexes = (models.Index(fields=("published", "-id"), name="decision_published"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("proposed_by")),
                name="decision_needs_two_persons",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("indication", "proposed", "superseded")) | ~models.Q(decided_by=None),
                name="decision_issued_by_a_person",
            ),
        )

    def clean(self) -> None:
        if self.decided_by_id and self.decided_by_id == self.proposed_by_id:
            raise ValidationError(
                _("Another person of the authority must confirm what you proposed."), code="four_eyes"
            )

    def title_texts(self) -> Texts:
        return self.case.title_texts()

    @property
    def demo(self) -> bool:
        return self.case.demo

    @property
    def demo_note(self) -> str:
        return str(_("Demonstration: case, instrument and people are made up"))


class Ground(models.Model):
    """One fact a decision relied on, by its key: an index over `computed`, written with it and never changed."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="grounds")
    key = models.CharField(max_length=120)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("decision", "key"), name="ground_once"),)
        indexes = (models.Index(fields=("key", "decision"), name="ground_by_key"),)


class Asked(models.Model):
    """One question a decision put to the register, and whether anything answered: the other index."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="questions")
    question = models.CharField(max_length=200)
    found = models.BooleanField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("decision", "question"), name="question_once"),)
        indexes = (models.Index(fields=("question", "decision"), name="asked_by_question"),)


class ReviewRound(Record):
    """The decisions that one change touched, too many to look at within its deed: listed with it, at one instant, and
    then looked at in the order of their ids, a portion at a time.

    `reached` is the id of the last one looked at, so that the round goes on wherever it was stopped. `digest` is the
    SHA-256 of the ids listed.
    """

    CODE = "RR-"

    cause = models.CharField(_("what changed"), max_length=200, editable=False)
    listed_at = models.DateTimeField(_("listed"), editable=False)
    listed_count = models.PositiveIntegerField(_("decisions touched"), default=0, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    reached = models.PositiveBigIntegerField(default=0, editable=False)
    looked_count = models.PositiveIntegerField(_("looked at"), default=0, editable=False)
    other_ground_count = models.PositiveIntegerField(_("stand on other ground"), default=0, editable=False)
    review_due_count = models.PositiveIntegerField(_("due for review"), default=0, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("review round")
        verbose_name_plural = _("review rounds")

    @property
    def waiting(self) -> int:
        """How many are still to be looked at."""
        return self.listed_count - self.looked_count

    def __str__(self) -> str:
        return f"{self.code} {self.cause}"


class Touched(models.Model):
    """One decision of a round: written with it and never changed."""

    round = models.ForeignKey(ReviewRound, on_delete=models.CASCADE, related_name="touched")
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="touched")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("round", "decision"), name="touched_once"),)


class AppealState(models.TextChoices):
    FILED = "filed", _("filed")
    HEARD = "heard", _("heard")
    INADMISSIBLE = "inadmissible", _("too late, inadmissible")


AppealState.tones = {"filed": "turn", "heard": "good", "inadmissible": "cross"}  # type: ignore[attr-defined]


class Appeal(Record):
    """An applicant's appeal against a decision; heard, it leads to a second decision beside the first."""

    CODE = "AP-"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="appeals", verbose_name=_("decision"))
    filed_on = models.DateField(_("filed on"))
    grounds = TextsField(_("grounds"), long=True)
    state = StateField(AppealState, verbose_name=_("state"), default=AppealState.FILED, editable=False)
    second = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("second decision"),
    )  # fmt: skip

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")

    def title_texts(self) -> Texts:
        return self.decision.title_texts()
