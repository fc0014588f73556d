"""The words of the pure core as choices people meet; the values are the core's own."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """Legal basis, from the strongest to the weakest."""

    CONVENTION = "convention", _("convention")
    INTERGOVERNMENTAL = "intergovernmental", _("intergovernmental agreement")
    MINISTRY = "ministry", _("ministry act")
    INSTITUTIONAL = "institutional", _("agreement between institutions")
    EMPLOYER = "employer", _("employer's own decision")
    MEMORANDUM = "memorandum", _("memorandum, no legal basis")


class Purpose(models.TextChoices):
    STUDY = "study", _("study")
    WORK = "work", _("work")
    LICENCE = "licence", _("licence to practise")


class DateCounts(models.TextChoices):
    APPLICATION = "application", _("date of application")
    DECISION = "decision", _("date of decision")
    ISSUE = "issue", _("date of award")


class RowsFrom(models.TextChoices):
    EITHER = "either", _("either authority's")
    HOST = "host", _("the host authority's only")


class Consequence(models.TextChoices):
    CONDITIONAL = "conditional", _("recognised under conditions")
    PARTIAL = "partial", _("recognised in part")
    REFUSED = "refused", _("refused")


class Measure(models.TextChoices):
    ADAPTATION = "adaptation", _("adaptation period")
    TEST = "test", _("aptitude test")
    MODULES = "modules", _("bridging modules")


class Result(models.TextChoices):
    FULL = "full", _("recognised in full")
    CONDITIONAL = "conditional", _("conditional")
    PARTIAL = "partial", _("recognised in part")
    REFUSED = "refused", _("refused")
    PENDING = "pending", _("pending")
    SUSPENDED = "suspended", _("suspended")
    OUT_OF_SCOPE = "out of scope", _("out of scope")


Result.tones = {  # type: ignore[attr-defined]
    "full": "good", "conditional": "wait", "partial": "wait", "refused": "cross",
    "pending": "go", "suspended": "go", "out of scope": "none",
}  # fmt: skip


class Authenticity(models.TextChoices):
    CONFIRMED = "confirmed", _("confirmed by the issuer")
    UNCONFIRMED = "unconfirmed", _("not confirmed yet")
    REFUTED = "refuted", _("not issued by the institution named")


Authenticity.tones = {"confirmed": "good", "unconfirmed": "wait", "refuted": "cross"}  # type: ignore[attr-defined]


class Tongue(models.TextChoices):
    """Languages in which this register can word a letter."""

    EN = "en", _("English")
    ZH = "zh", _("Chinese")
    RU = "ru", _("Russian")


class Cefr(models.IntegerChoices):
    """Levels of the Common European Framework of Reference for Languages."""

    A1 = 1, "A1"
    A2 = 2, "A2"
    B1 = 3, "B1"
    B2 = 4, "B2"
    C1 = 5, "C1"
    C2 = 6, "C2"
