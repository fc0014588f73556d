"""Clauses, who owes them, what fulfilled them, and the calendar feeds of their deadlines."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sunmao.agreements.models.agreement import Agreement, Party
from sunmao.directory.models import Organisation
from sunmao.kernel.fields import StateField, TextsField, WhenField
from sunmao.kernel.models import Record, StoredFile
from sunmao.kernel.text import Texts
from sunmao.people.models import Person
from sunmao.sources.models import Document


class ClauseState(models.TextChoices):
    OPEN = "open", pgettext_lazy("clause", "open")
    KEPT = "kept", pgettext_lazy("clause", "kept")
    WAIVED = "waived", pgettext_lazy("clause", "waived")


ClauseState.tones = {"open": "none", "kept": "good", "waived": "cross"}  # type: ignore[attr-defined]


class Clause(Record):
    """One promise of an agreement. Late is not stored: it follows from the date and the state."""

    CODE = "CL-"

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="clauses", verbose_name=_("agreement")
    )
    number = models.PositiveSmallIntegerField(_("running number"))
    promise = TextsField(_("promise"), long=True)
    due = WhenField(_("due by"))
    amendment = models.PositiveSmallIntegerField(_("brought by amendment"), default=0, editable=False)
    state = StateField(ClauseState, verbose_name=_("state"), default=ClauseState.OPEN, editable=False)
    reason = TextsField(_("why it was waived"), blank=True, editable=False)
    reminded_on = models.DateField(_("reminded on"), null=True, blank=True, editable=False)
    reminded_by = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("reminded by"),
    )  # fmt: skip
    reminder = models.CharField(_("reminder"), max_length=500, blank=True, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        constraints = (models.UniqueConstraint(fields=("agreement", "number"), name="clause_number_once"),)

    def title_texts(self) -> Texts:
        return Texts.of(self.promise) or Texts.of({"und": self.key})

    @property
    def is_proposed(self) -> bool:
        """True while the wording that brings it is not signed."""
        return self.amendment > self.agreement.amendment

    def days_late(self, day: date) -> int:
        """Return by how many days it is surely late; 0 while it is open, kept, waived or has no sure date."""
        if self.state != ClauseState.OPEN or self.due is None or self.is_proposed:
            return 0
        return max(0, (day - self.due.latest).days)


class ClauseDebtor(Record):
    """A party owes a clause. A clause that no row names is owed by all parties."""

    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="debtors", verbose_name=_("clause"))
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="debts", verbose_name=_("party"))

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("who owes a clause")
        verbose_name_plural = _("who owes which clause")
        constraints = (models.UniqueConstraint(fields=("clause", "party"), name="debtor_once"),)

    def clean(self) -> None:
        if self.clause_id and self.party_id and self.clause.agreement_id != self.party.agreement_id:
            raise ValidationError({"party": _("Choose a party of the same agreement.")})

    def title_texts(self) -> Texts:
        return self.party.title_texts()


class FulfilmentState(models.TextChoices):
    CLAIMED = "claimed", _("to be confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("not accepted")


FulfilmentState.tones = {"claimed": "wait", "confirmed": "good", "refused": "cross"}  # type: ignore[attr-defined]


class Fulfilment(Record):
    """What a clause led to: told by the party that owes it, confirmed or not accepted by another."""

    clause = models.ForeignKey(Clause, on_delete=models.CASCADE, related_name="fulfilments", verbose_name=_("clause"))
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("told by"))
    text = TextsField(_("what was done"))
    led_to = models.CharField(_("record it led to"), max_length=60, blank=True)
    done = WhenField(_("done on"))
    complete = models.BooleanField(_("the clause is kept by this"), default=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("file with the evidence"),
    )
    state = StateField(FulfilmentState, verbose_name=_("state"), default=FulfilmentState.CLAIMED)
    answered_by = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answer = TextsField(_("answer"), blank=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("fulfilment")
        verbose_name_plural = _("fulfilments")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(answered_by__isnull=True) | ~models.Q(answered_by=models.F("party")),
                name="fulfilment_answered_by_another",
                violation_error_message=_("Another party must confirm this."),
            ),
        )

    def title_texts(self) -> Texts:
        return Texts.of(self.text) or Texts.of({"und": self.key})


class DeadlineFeed(Record):
    """A person's secret address for a calendar program, which cannot sign in. Kept as a hash; can be closed."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person"))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    closed = models.BooleanField(pgettext_lazy("clause", "closed"), default=False, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
