"""Recognition as a Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecognitionConfig(AppConfig):
    name = "sunmao.recognition"
    label = "recognition"
    verbose_name = _("recognition")

    def ready(self) -> None:
        from sunmao.recognition import reactions

        reactions.listen()

        from sunmao.kernel import doctor
        from sunmao.recognition.queries import impact

        doctor.ask("grounds", impact.examine)
        doctor.ask("review rounds", impact.examine_rounds)

        from sunmao.kernel import erasing
        from sunmao.recognition import actions
        from sunmao.recognition.models import Applicant

        erasing.teach(erasing.Way(
            Applicant, lambda rows: rows.filter(erased_at=None),
            lambda applicant, *, by, why: actions.erase(applicant.case, by=by, why=why),
        ))  # fmt: skip
