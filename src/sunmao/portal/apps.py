"""The portal as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "sunmao.portal"
    label = "portal"
    verbose_name = _("portal")
