"""Cohorts as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CohortsConfig(AppConfig):
    name = "sunmao.cohorts"
    label = "cohorts"
    verbose_name = _("cohorts")

    def ready(self) -> None:
        from sunmao.cohorts import forgetting
        from sunmao.cohorts.models import Learner
        from sunmao.kernel import erasing

        erasing.teach(erasing.Way(Learner, lambda rows: rows.filter(erased_on=None), forgetting.forget))
