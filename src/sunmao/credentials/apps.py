"""Credentials as a Django application: what they say of a learner goes when the learner is forgotten."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CredentialsConfig(AppConfig):
    name = "sunmao.credentials"
    label = "credentials"
    verbose_name = _("credentials")

    def ready(self) -> None:
        from sunmao.cohorts.models import Learner
        from sunmao.credentials.actions import forget_issued
        from sunmao.credentials.models import Issued
        from sunmao.kernel import erasing
        from sunmao.kernel.changes import written

        erasing.teach(erasing.Way(Issued, lambda rows: rows.exclude(said=""), forget_issued))
        written.connect(_follow_erasure, sender=Learner, dispatch_uid="credentials of erased learners")


def _follow_erasure(sender: type, record: Any, **_more: Any) -> None:
    """Erase in the same transaction what the credentials of a learner say who was just erased."""
    if record is not None and record.erased_on is not None:
        from sunmao.credentials.actions import forget_learner
        from sunmao.kernel.changes import System

        forget_learner(record, by=System("erasure of a learner"))
