"""Workshops as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkshopsConfig(AppConfig):
    name = "sunmao.workshops"
    label = "workshops"
    verbose_name = _("workshops")
