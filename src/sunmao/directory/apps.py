"""Directory as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "sunmao.directory"
    label = "directory"
    verbose_name = _("directory")

    def ready(self) -> None:
        from django.db import transaction
        from django.db.models.signals import post_delete, post_save

        from sunmao.directory import wordings

        for signal in (post_save, post_delete):
            signal.connect(
                lambda **_: transaction.on_commit(wordings.forget),
                sender="directory.CountryName",
                weak=False,
                dispatch_uid=f"directory-wordings-{id(signal)}",
            )
