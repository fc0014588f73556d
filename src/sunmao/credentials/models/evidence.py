"""What shows that something was reached, the same for everybody who is given an award."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from sunmao.cohorts.models import SHA256
from sunmao.credentials.models.award import Award
from sunmao.kernel.fields import TextsField
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.sources.models import Document
from sunmao.standards.models import Outcome


class AwardEvidence(Record):
    """One piece of evidence of an award: a report, a task, a rule of examination. It stands in every credential of it
    (Evidence of Open Badges 3.0, section B.4.2); of one learner's result it stands at the result."""

    award = models.ForeignKey(Award, on_delete=models.CASCADE, related_name="evidence", verbose_name=_("award"))
    outcome = models.ForeignKey(
        Outcome, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("learning outcome"),
        help_text=_("Empty: it shows the whole."),
    )  # fmt: skip
    title = TextsField(_("name"))
    narrative = TextsField(_("narrative"), blank=True, long=True)
    genre = models.CharField(_("genre"), max_length=60, blank=True, help_text=_("As in: report, workpiece, film."))
    audience = models.CharField(_("audience"), max_length=100, blank=True, help_text=_("For whom it is meant."))
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("document")
    )
    sha256 = models.CharField(
        _("SHA-256 of the file"), max_length=64, blank=True, validators=[SHA256],
        help_text=_("Where the file is kept elsewhere: whoever has it can see that it is the one."),
    )  # fmt: skip

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def clean(self) -> None:
        if self.award_id and self.award.was_given:
            raise ValidationError(_("The award was already given. Draw up another one for other evidence."))
        if self.outcome is not None and self.award_id and self.outcome.version_id != self.award.programme_id:
            raise ValidationError({"outcome": _("This outcome is not of the award's programme.")})

    def title_texts(self) -> Texts:
        return Texts.of(self.title)
