"""The kernel as a Django application."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "sunmao.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from sunmao.kernel import changes, doctor, erasing, menu

        changes.written.connect(menu.forget, dispatch_uid="menu")
        doctor.ask("erasures", erasing.examine)
