"""Cohorts, learners, enrolments, sessions with attendance, results, and who saw whom."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sunmao.directory.fields import CountryField
from sunmao.directory.models import Organisation
from sunmao.kernel.fields import StateField, TextsField
from sunmao.kernel.models import Record
from sunmao.kernel.text import Texts
from sunmao.people.models import Person
from sunmao.standards.models import Outcome, ProgrammeVersion, VersionState
from sunmao.workshops.models import Workshop


class ParticipantKind(models.TextChoices):
    DEGREE_STUDENT = "degree_student", _("degree students")
    TRAINEE = "trainee", _("trainees")
    TEACHER = "teacher", _("teachers in training")
    COMPANY_STAFF = "company_staff", _("company staff")


class CohortState(models.TextChoices):
    PLANNED = "planned", _("planned")
    RUNNING = "running", _("running")
    COMPLETED = "completed", _("completed")
    CANCELLED = "cancelled", _("cancelled")


CohortState.tones = {"planned": "wait", "running": "go", "completed": "good", "cancelled": "none"}  # type: ignore[attr-defined]


class PassRule(models.TextChoices):
    ALL = "all", _("every outcome")
    ALL_CRITICAL = "all_critical", _("every critical outcome")
    K_OF_N = "k_of_n", _("every critical outcome and a number of all")


class Cohort(Record):
    """A group that learns one version of a programme together, from a day to a day."""

    CODE = "CO-"

    title = TextsField(_("name"))
    workshop = models.ForeignKey(
        Workshop, on_delete=models.PROTECT, null=True, blank=True, related_name="cohorts", verbose_name=_("workshop")
    )
    version = models.ForeignKey(
        ProgrammeVersion, on_delete=models.PROTECT, related_name="cohorts",
        verbose_name=pgettext_lazy("cohort", "programme"),
        help_text=_("A published version: what is learnt must not change on the way."),
    )  # fmt: skip
    institution = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="cohorts", verbose_name=_("teaching institution")
    )
    co_institution = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="cohorts_shared",
        verbose_name=_("second institution"), help_text=_("Where two institutions teach and award together."),
    )  # fmt: skip
    co_confirmed_on = models.DateField(
        _("confirmed by the second institution on"), null=True, blank=True, editable=False
    )
    country = CountryField(
        _("country or region"), blank=True, help_text=_("Where it is taught; left empty, it is the workshop's or the institution's.")
    )  # fmt: skip
    kind = StateField(ParticipantKind, verbose_name=_("participants"), default=ParticipantKind.TRAINEE)
    starts_on = models.DateField(_("begins"))
    ends_on = models.DateField(_("ends"), null=True, blank=True, help_text=_("The last day."))
    minimum_attendance = models.PositiveSmallIntegerField(
        _("minimum attendance, %"), default=80, validators=(MinValueValidator(0), MaxValueValidator(100)),
        help_text=_("Of the sessions held; excused absences do not count against it."),
    )  # fmt: skip
    pass_rule = StateField(PassRule, verbose_name=_("outcomes to pass"), default=PassRule.ALL_CRITICAL)
    pass_count = models.PositiveSmallIntegerField(
        _("how many of all outcomes"), null=True, blank=True, help_text=_("Only where a number of all is asked.")
    )
    state = StateField(CohortState, verbose_name=_("state"), default=CohortState.PLANNED, editable=False)
    demo = models.BooleanField(_("made up for demonstration"), default=False, editable=False)
    sort = models.CharField(max_length=200, editable=False, db_index=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        indexes = (
            models.Index(fields=("country", "kind", "state"), name="cohort_by_country"),
            models.Index(fields=("starts_on", "id"), name="cohort_by_start"),
        )
        constraints = (
            models.CheckConstraint(
                condition=(models.Q(("pass_rule", "k_of_n")) & models.Q(pass_count__gte=1))
                | (~models.Q(("pass_rule", "k_of_n")) & models.Q(pass_count=None)),
                name="cohort_pass_count_with_its_rule",
            ),
        )

    def prepare(self) -> None:
        self.sort = Texts.of(self.title).best("en")[0].casefold()[:200]
        if not self.country and self.workshop is not None:
            self.country = self.workshop.country
        if not self.country and self.institution_id:
            self.country = self.institution.country
        if self.pass_rule != PassRule.K_OF_N:
            self.pass_count = None

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("It ends before it begins.")})
        if self.institution_id and self.institution_id == self.co_institution_id:
            raise ValidationError({"co_institution": _("Choose another institution, or none.")})
        if self.version_id and self.version.state == VersionState.DRAFT:
            raise ValidationError({"version": _("Publish the version first: a draft can still change.")})
        if self.pass_rule == PassRule.K_OF_N and not self.pass_count:
            raise ValidationError({"pass_count": _("Say how many of all outcomes must be passed.")})

    @property
    def co_waits(self) -> bool:
        """True where a second institution is named that has not said so itself."""
        return self.co_institution_id is not None and self.co_confirmed_on is None

    @property
    def demo_note(self) -> str:
        return str(_("Demonstration: this cohort and its learners are made up"))


class Learner(Record):
    """A person who learns, as named on the document. Goes by its uid: its address cannot be guessed."""

    name = TextsField(
        pgettext_lazy("person", "name"), blank=True, help_text=_("As on the document; native and Latin letters.")
    )
    institution = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="learners", verbose_name=_("institution")
    )
    number = models.CharField(
        _("number at the institution"), max_length=60, blank=True,
        help_text=_("The student or staff number; no passport or identity card."),
    )  # fmt: skip
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"), null=True, blank=True, validators=(MinValueValidator(1900), MaxValueValidator(2100))
    )
    person = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="learners", verbose_name=_("person"),
        help_text=_("Whoever signs in as this learner."),
    )  # fmt: skip
    consent_show_name = models.BooleanField(_("agrees that the name is shown on verification"), default=False)
    consent_show_results = models.BooleanField(_("agrees that results are shown on verification"), default=False)
    demo = models.BooleanField(_("made up for demonstration"), default=False, editable=False)
    erased_on = models.DateField(_("erased on"), null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("learner")
        verbose_name_plural = _("learners")
        constraints = (
            models.UniqueConstraint(
                fields=("institution", "number"), condition=~models.Q(number=""), name="learner_number_once"
            ),
        )

    def title_texts(self) -> Texts:
        return Texts.of(self.name) or Texts.of({"und": str(_("name erased"))})

    def __str__(self) -> str:
        return str(self.title_texts())

    def clean(self) -> None:
        if not self.name and self.erased_on is None:
            raise ValidationError({"name": _("Give the name as on the document.")})


class EnrolmentState(models.TextChoices):
    ENROLLED = "enrolled", _("enrolled")
    COMPLETED = "completed", _("completed")
    FAILED = "failed", _("not completed")
    WITHDRAWN = "withdrawn", _("withdrawn")


EnrolmentState.tones = {"enrolled": "go", "completed": "good", "failed": "bad", "withdrawn": "none"}  # type: ignore[attr-defined]


class Enrolment(Record):
    """A learner takes part in a cohort. `reasons` keeps why it was not completed: [{"code", "params"}]."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("cohort"))
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("learner"))
    state = StateField(EnrolmentState, verbose_name=_("state"), default=EnrolmentState.ENROLLED, editable=False)
    enrolled_on = models.DateField(_("enrolled on"))
    completed_on = models.DateField(_("completed on"), null=True, blank=True, editable=False)
    reasons = models.JSONField(_("reasons"), default=list, blank=True, editable=False)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        indexes = (
            models.Index(fields=("cohort", "id"), name="enrolment_of_cohort"),
            models.Index(fields=("cohort", "state", "id"), name="enrolment_by_state"),
            models.Index(fields=("state", "id"), name="enrolment_state"),
        )
        constraints = (
            models.UniqueConstraint(fields=("cohort", "learner"), name="enrolment_once"),
            models.CheckConstraint(
                condition=models.Q(state="completed", completed_on__isnull=False)
                | (~models.Q(state="completed") & models.Q(completed_on=None)),
                name="enrolment_completed_with_its_day",
            ),
        )

    def title_texts(self) -> Texts:
        return self.learner.title_texts()

    def __str__(self) -> str:
        return str(self.learner)

    def clean(self) -> None:
        if self.pk is None and self.learner_id and self.learner.erased_on is not None:
            raise ValidationError({"learner": _("This learner's data were erased.")})

    @property
    def is_open(self) -> bool:
        """True while results and attendance still count towards a decision."""
        return self.state in (EnrolmentState.ENROLLED, EnrolmentState.FAILED)


class Session(Record):
    """A day or lesson that was held."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("cohort"))
    held_on = models.DateField(_("held on"))
    topic = TextsField(pgettext_lazy("session", "topic"), blank=True)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = (models.Index(fields=("cohort", "held_on"), name="session_of_cohort"),)

    def title_texts(self) -> Texts:
        day = self.held_on.isoformat()
        said = {code: f"{day}, {entry['text']}" for code, entry in Texts.of(self.topic).items()}
        return Texts.of(said or {"und": day})


class Presence(models.TextChoices):
    PRESENT = "present", _("present")
    ABSENT = "absent", _("absent")
    EXCUSED = "excused", _("excused")


Presence.tones = {"present": "good", "absent": "bad", "excused": "none"}  # type: ignore[attr-defined]


class Attendance(Record):
    """Whether one learner was at one session."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendance", verbose_name=_("session"))
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="attendance", verbose_name=_("learner")
    )
    state = StateField(Presence, verbose_name=_("state"), default=Presence.PRESENT)

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = (models.UniqueConstraint(fields=("session", "enrolment"), name="attendance_once"),)

    def title_texts(self) -> Texts:
        return self.session.title_texts()

    def clean(self) -> None:
        if self.session_id and self.enrolment_id:
            if self.session.cohort_id != self.enrolment.cohort_id:
                raise ValidationError({"enrolment": _("This learner is in another cohort.")})
            _still_open(self.enrolment)


SHA256 = RegexValidator(r"^[0-9a-f]{64}\Z", _("A SHA-256 is 64 digits and letters a to f."))


class Result(Record):
    """One outcome as assessed for one learner. Assessing again overwrites it; the log keeps what was."""

    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="results", verbose_name=_("learner")
    )
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="results", verbose_name=_("outcome"))
    passed = models.BooleanField(_("passed"))
    grade = models.CharField(_("grade"), max_length=40, blank=True, help_text=_("As the institution grades."))
    assessed_on = models.DateField(_("assessed on"))
    assessed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("assessed by"))
    evidence = models.CharField(
        _("evidence"), max_length=200, blank=True, default="",
        help_text=_("What shows it, as in: gearbox drawn and made. It stands in the learner's credential."),
    )  # fmt: skip
    evidence_narrative = models.CharField(_("what the evidence is"), max_length=1000, blank=True, default="")
    evidence_genre = models.CharField(
        _("genre of the evidence"), max_length=60, blank=True, default="",
        help_text=_("As in: report, workpiece, film."),
    )  # fmt: skip
    evidence_sha256 = models.CharField(
        _("SHA-256 of the evidence"), max_length=64, blank=True, default="", validators=[SHA256],
        help_text=_("Of its file: whoever has the file can see that it is the one."),
    )  # fmt: skip

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("result")
        verbose_name_plural = _("results")
        constraints = (models.UniqueConstraint(fields=("enrolment", "outcome"), name="result_once"),)

    def title_texts(self) -> Texts:
        return self.outcome.title_texts()

    def clean(self) -> None:
        if not self.evidence and (self.evidence_narrative or self.evidence_genre or self.evidence_sha256):
            raise ValidationError({"evidence": _("Name the evidence.")})
        if self.enrolment_id and self.outcome_id and self.outcome.version_id != self.enrolment.cohort.version_id:
            raise ValidationError({"outcome": _("This outcome is not of the cohort's programme.")})
        if self.enrolment_id:
            _still_open(self.enrolment)


def _still_open(enrolment: Enrolment) -> None:
    """Refuse to change what a completion was decided by."""
    if not enrolment.is_open:
        raise ValidationError({"enrolment": _("This learner's part is decided; what it was decided by stays.")})


class Sight(models.Model):
    """Somebody signed in saw a named learner: who, when, which fields, on which face. Only ever appended to; the
    log of changes does not follow it, since nothing of the register changes when it is read."""

    at = models.DateTimeField(_("when"))
    actor_key = models.CharField(max_length=64)
    actor = models.CharField(_("who"), max_length=200)
    learner = models.ForeignKey(Learner, on_delete=models.SET_NULL, null=True, related_name="sights")
    learner_uid = models.UUIDField()
    fields = models.CharField(_("what"), max_length=500)  # names of fields, separated by spaces
    face = models.CharField(_("where"), max_length=30)

    class Meta:
        indexes = (models.Index(fields=("learner_uid", "id"), name="sight_of_learner"),)
