"""Cohorts as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CohortsConfig(AppConfig):
    name = "sunmao.cohorts"
    label = "cohorts"
    verbose_name = _("cohorts")
