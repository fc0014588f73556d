"""Deeds on commitments: an organisation takes one on, tells what it does, shows that it is kept."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.directory.models import Organisation
from sunmao.events.models import Commitment, CommitmentOwner, CommitmentState
from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.sources.models import Document


def take_up(commitment: Commitment, *, organisation: Organisation, by: Any) -> Commitment:
    """Make an organisation one of the commitment's owners; only its own officer may say so."""
    if not by.holds("officer", at=organisation.pk):
        raise ValidationError({"organisation": _("You may take this on for your own organisation only.")})
    if commitment.owners.filter(organisation=organisation).exists():
        raise ValidationError({"organisation": _("This organisation has already taken it on.")})
    changes.save(CommitmentOwner(commitment=commitment, organisation=organisation), by=by, deed="take_up")
    return commitment


def report_progress(
    commitment: Commitment, *, progress: Texts, evidence: str = "", document: Document | None = None, by: Any
) -> Commitment:
    """Tell what is being done; the commitment is under way from then on."""
    if commitment.state == CommitmentState.KEPT:
        raise ValidationError(_("It is already kept. Reopen it first."))
    return _tell(commitment, CommitmentState.ACTING, progress, evidence, document, by=by, deed="report_progress")


def keep(
    commitment: Commitment, *, progress: Texts, evidence: str = "", document: Document | None = None, by: Any
) -> Commitment:
    """Tell that it is kept. Needs evidence: an address here or elsewhere, or a document."""
    if not evidence and document is None:
        raise ValidationError({"evidence": _("Name the evidence: an address, a record or a document.")})
    return _tell(commitment, CommitmentState.KEPT, progress, evidence, document, by=by, deed="keep")


def reopen(commitment: Commitment, *, why: str, by: Any) -> Commitment:
    """Take back that it is kept; what was told stays in the history."""
    if commitment.state == CommitmentState.OPEN:
        raise ValidationError(_("It is open already."))
    commitment.state = CommitmentState.OPEN
    return changes.save(commitment, by=by, why=why, deed="reopen")


def _tell(
    commitment: Commitment, state: str, progress: Texts, evidence: str, document: Document | None, *, by: Any, deed: str
) -> Commitment:
    commitment.state, commitment.progress, commitment.evidence = state, progress, evidence
    commitment.document = document
    return changes.save(commitment, by=by, deed=deed)
