"""What institutions that do not give an award say for it, signed by themselves."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sunmao.credentials.models.award import Award
from sunmao.credentials.models.credential import StatusList
from sunmao.directory.models import Organisation
from sunmao.kernel.fields import StateField
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.keys.models import InstitutionKey


class EndorsementState(models.TextChoices):
    GIVEN = "given", _("not taken up yet")
    TAKEN = "taken", _("stands in new credentials")
    WITHDRAWN = "withdrawn", _("withdrawn")


EndorsementState.tones = {"given": "turn", "taken": "good", "withdrawn": "cross"}  # type: ignore[attr-defined]
STANDING = (EndorsementState.GIVEN, EndorsementState.TAKEN)


class Endorsement(Record):
    """One institution's signed word for an award, or for an institution that gives it. The issuing institutions take it
    up; from then on it stands in what they award."""

    CODE = "END-"
    AS_SIGNED = ("organisation", "about")

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="endorsements", verbose_name=_("award"))
    about = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("institution endorsed"), help_text=_("Empty: the award itself is endorsed."),
    )  # fmt: skip
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("endorsed by")
    )
    words = models.TextField(_("words"), max_length=1000)
    valid_until = models.DateField(_("valid until"), null=True, blank=True, help_text=_("The last day it holds."))
    document = models.TextField()  # the signed EndorsementCredential as JSON text
    digest = models.CharField(_("digest"), max_length=64, db_index=True)
    key_used = models.ForeignKey(
        InstitutionKey, on_delete=models.PROTECT, related_name="+", verbose_name=pgettext_lazy("signing", "key")
    )
    signer = models.CharField(pgettext_lazy("credential", "signed by"), max_length=200)
    signed_at = models.DateTimeField(pgettext_lazy("credential", "signed"))
    status_list = models.ForeignKey(StatusList, on_delete=models.PROTECT, related_name="endorsements")
    status_index = models.PositiveIntegerField()
    state = StateField(EndorsementState, verbose_name=_("state"), default=EndorsementState.GIVEN)
    state_since = models.DateTimeField(_("since"))
    was_taken = models.BooleanField(default=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        constraints = (
            models.UniqueConstraint(fields=("status_list", "status_index"), name="endorsement_status_once"),
            models.UniqueConstraint(
                fields=("award", "organisation"), name="endorsement_of_award_once",
                condition=Q(about=None, state__in=("given", "taken")),
            ),
            models.UniqueConstraint(
                fields=("award", "organisation", "about"), name="endorsement_of_issuer_once",
                condition=Q(state__in=("given", "taken")),
            ),
        )  # fmt: skip

    @property
    def signed_document(self) -> dict[str, Any]:
        """Return the endorsement as it goes out."""
        held: dict[str, Any] = json.loads(self.document)
        return held

    def title_texts(self) -> Texts:
        return self.organisation.title
