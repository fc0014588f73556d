"""Keys as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KeysConfig(AppConfig):
    name = "sunmao.keys"
    label = "keys"
    verbose_name = _("keys")
