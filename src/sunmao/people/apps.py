"""People as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "sunmao.people"
    label = "people"
    verbose_name = _("people")

    def ready(self) -> None:
        from sunmao.kernel import doctor
        from sunmao.people import accounts

        accounts.listen()
        doctor.ask("accounts", accounts.examine)
