"""Standards as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StandardsConfig(AppConfig):
    name = "sunmao.standards"
    label = "standards"
    verbose_name = _("standards")
