"""How people meet cohorts, their learners, sessions, attendance and results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import django_filters
from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sunmao.cohorts import actions, forgetting, parts, sentences, sights
from sunmao.cohorts.forms import (
    AttendanceForm,
    CompleteForm,
    ConsentForm,
    EnrolForm,
    ResultsForm,
    SessionForm,
    WhyForm,
)
from sunmao.cohorts.imports import LearnerImporter
from sunmao.cohorts.models import (
    Attendance,
    Cohort,
    CohortState,
    Enrolment,
    EnrolmentState,
    Learner,
    Result,
    Session,
)
from sunmao.cohorts.policy import CohortPolicy, EnrolmentPolicy, HangingPolicy, LearnerPolicy, SessionPolicy
from sunmao.cohorts.queries import OFFICE, cohorts_of
from sunmao.directory.filters import bloc_filter, country_filter
from sunmao.kernel import clock
from sunmao.kernel.cells import Figure
from sunmao.kernel.desk import Deed, Desk, Part, own_place, shows
from sunmao.workshops.models import Brand


class CohortDesk(Desk):
    model = Cohort
    policy = CohortPolicy()
    columns = ("title", "country", "institution", "kind", "starts_on", "state", "people")
    filters = (
        ("country", country_filter()), ("bloc", bloc_filter()), "kind", "state", "workshop", "institution",
        ("brand", django_filters.ChoiceFilter(field_name="workshop__brand", choices=Brand.choices,
                                              label=_("brand"), empty_label=_("any"))),
        ("field", django_filters.CharFilter(field_name="version__programme__field", label=_("field (ISCED-F 2013)"))),
        ("year", django_filters.NumberFilter(field_name="starts_on__year", label=_("year it begins"))),
    )  # fmt: skip
    form = (
        "title", "workshop", "version", "institution", "co_institution", "country", "kind", "starts_on", "ends_on",
        "minimum_attendance", "pass_rule", "pass_count",
    )  # fmt: skip
    facts = (
        "version", "workshop", "institution", "co_institution", "country", "kind", "starts_on", "ends_on",
        "minimum_attendance", "pass_rule",
    )  # fmt: skip
    parts = (
        Part("learners", _("learners"), template="cohorts/members.html", context=parts.members,
             hint=_("Seen by those who teach and host the cohort. Each look is written down and shown to the learner.")),
        Part("outcomes", _("outcomes"), template="cohorts/outcomes.html", context=parts.outcomes),
        Part("sessions", _("sessions"), desk="sessions", link="cohort", columns=("title", "topic")),
    )  # fmt: skip
    deeds = (
        Deed("start", _("Start"), actions.start, when=lambda c: c.state == CohortState.PLANNED,
             tells=_("Sessions and results can be recorded from now on.")),
        Deed("confirm_co", _("Confirm that we teach it too"), actions.confirm_co, when=lambda c: c.co_waits and c.state != CohortState.CANCELLED,
             tells=_("Everyone sees that your institution itself says so, not only the one that named it.")),
        Deed("enrol", _("Enrol a learner"), actions.enrol, EnrolForm, when=lambda c: c.state in ("planned", "running"), stays=True,
             tells=_("The name is seen by those who teach and host the cohort, and by auditors. It is never public without the learner's consent.")),
        Deed("hold_session", _("Record a session"), actions.hold_session, SessionForm, when=lambda c: c.state == CohortState.RUNNING),
        Deed("record_results", _("Record results"), actions.record_results, ResultsForm, when=lambda c: c.state in ("running", "completed"),
             tells=_("One outcome for the whole class. A learner left empty stays as before.")),
        Deed("complete_cohort", _("Decide who completed"), actions.complete_cohort, CompleteForm, binding=True,
             when=lambda c: c.state == CohortState.RUNNING,
             tells=_("Everyone enrolled is judged by the cohort's rule. Whoever does not fulfil it is kept with the reasons. The cohort is then closed, and credentials can be awarded.")),
        Deed("cancel", _("Cancel the cohort"), actions.cancel, WhyForm, when=lambda c: c.state in ("planned", "running"), danger=True,
             tells=_("Nobody in it completes. Its records stay.")),
    )  # fmt: skip
    search = ("title",)
    order = ("sort", "starts_on", "state")

    def begin(self, user: Any, given: Mapping[str, str]) -> Mapping[str, Any]:
        return own_place(user, "institution", *OFFICE)

    def rows(self, user: Any) -> QuerySet[Any]:
        """Return the cohorts; how many are in it is counted only for those who may see the learners."""
        rows = super().rows(user)
        if not (user.is_authenticated and user.second_factor):
            return rows
        inside = None if user.holds("auditor") else cohorts_of(user)
        if inside is not None and not user.seats("officer", "director", "teacher"):
            return rows
        counted = Enrolment.objects.filter(cohort=OuterRef("pk")).order_by().values("cohort").annotate(n=Count("id"))
        number = Coalesce(Subquery(counted.values("n")), 0)
        if inside is None:
            return rows.annotate(head_count=number)
        shown = Case(When(pk__in=inside.values("pk"), then=number), default=None, output_field=IntegerField())
        return rows.annotate(head_count=shown)

    @shows(_("learners"))
    def people(self, record: Any) -> Any:
        found = getattr(record, "head_count", None)
        return gettext("not public") if found is None else Figure(found, f"/enrolments/?cohort={record.key}")

    def write(self, record: Any, *, by: Any, why: str = "", seen: int | None = None) -> Any:
        return (
            actions.open_cohort(record, by=by, why=why)
            if record.pk is None
            else actions.keep_cohort(record, by=by, why=why, seen=seen)
        )

    def remarks(self, record: Any, user: Any) -> Mapping[str, Sequence[Any]]:
        return {"co_institution": [sentences.second(record)]} if record.co_institution_id else {}

    def tags(self, record: Any) -> Sequence[Any]:
        return (CohortState(record.state),)

    def where(self, record: Any, user: Any) -> Any:
        return sentences.where(record, clock.today())


class LearnerDesk(Desk):
    model = Learner
    policy = LearnerPolicy()
    columns = ("title", "institution", "number", "birth_year")
    filters = ("institution",)
    form = ("name", "institution", "number", "birth_year", "person")
    facts = ("name", "institution", "number", "birth_year", "consent_show_name", "consent_show_results", "erased_on")
    parts = (
        Part("progress", _("courses"), template="cohorts/progress.html", context=parts.progress),
        Part("sights", _("who has seen this"), template="cohorts/looks.html", context=parts.looks,
             hint=_("Every look of another person at this page or at a list with this name, newest first.")),
    )  # fmt: skip
    deeds = (
        Deed("consent", _("Say what may be shown"), actions.consent, ConsentForm, when=lambda row: row.erased_on is None,
             tells=_("Holds for the public page on which a certificate is checked. It can be taken back as easily.")),
        Deed("forget", _("Erase the personal data"), forgetting.forget, WhyForm, when=lambda row: row.erased_on is None, binding=True, danger=True,
             tells=_("Name, number, year of birth, results and attendance are erased here and in the history. That somebody was enrolled, when and with what end stays. A certificate in the learner's own hands still verifies. This cannot be undone.")),
    )  # fmt: skip
    order = ("id",)

    def all(self) -> QuerySet[Any]:
        return Learner.objects.select_related("institution")

    def importer(self, user: Any) -> LearnerImporter:
        return LearnerImporter(self, user)

    def seen(self, user: Any, rows: Sequence[Any], face: str, names: Sequence[str] = ()) -> None:
        sights.note(user, rows, face, [name for name in names if name != "title"])

    def where(self, record: Any, user: Any) -> Any:
        if record.erased_on:
            return gettext("The personal data of this learner are erased.")
        if user.is_authenticated and record.person_id == user.person_id:
            return gettext("This is seen by you, by those who teach and host you, and by auditors.")
        return ""


class EnrolmentDesk(Desk):
    model = Enrolment
    policy = EnrolmentPolicy()
    columns = ("title", "cohort", "enrolled_on", "state", "completed_on")
    filters = ("cohort", "state")
    form = ("cohort", "learner", "enrolled_on")
    facts = ("learner", "cohort", "enrolled_on", "state", "completed_on")
    parts = (Part("progress", _("results"), template="cohorts/progress.html", context=parts.progress_of),)
    deeds = (
        Deed("complete", _("Complete"), actions.complete, CompleteForm, when=lambda row: row.is_open, binding=True,
             tells=_("Done where the cohort's rule is met; else you are told what is missing.")),
        Deed("withdraw", pgettext_lazy("learner", "Withdraw"), actions.withdraw, WhyForm,
             when=lambda row: row.is_open, danger=True,
             tells=_("The learner's part ends here and does not count as completed.")),
    )  # fmt: skip
    order = ("id",)

    def all(self) -> QuerySet[Any]:
        return Enrolment.objects.select_related("learner", "cohort")

    def reads(self) -> tuple[str, ...]:
        learner = (f"learner__{name}" for name in ("uid", "name", "person", "erased_on"))
        return ("uid", "code", *self.columns[1:], "learner", *learner, "cohort__uid", "cohort__code", "cohort__title")

    def seen(self, user: Any, rows: Sequence[Any], face: str, names: Sequence[str] = ()) -> None:
        known = {"enrolled_on", "state", "completed_on"}
        sights.note(user, [row.learner for row in rows], face, [name for name in names if name in known])

    def tags(self, record: Any) -> Sequence[Any]:
        return (EnrolmentState(record.state),)


class SessionDesk(Desk):
    model = Session
    policy = SessionPolicy()
    columns = ("title", "cohort", "topic")
    filters = ("cohort",)
    form = ("cohort", "held_on", "topic")
    facts = ("cohort", "held_on", "topic")
    parts = (Part("attendance", _("attendance"), desk="attendances", link="session", columns=("enrolment", "state")),)
    deeds = (
        Deed("mark_attendance", _("Mark attendance"), actions.mark_attendance, AttendanceForm,
             when=lambda row: row.cohort.state in ("running", "completed")),
    )  # fmt: skip
    order = ("held_on",)

    def all(self) -> QuerySet[Any]:
        return Session.objects.select_related("cohort")


class AttendanceDesk(Desk):
    model = Attendance
    policy = HangingPolicy()
    columns = ("enrolment", "session", "state")
    filters = ("state",)
    form = ("session", "enrolment", "state")
    facts = ("enrolment", "session", "state")
    order = ("id",)

    def all(self) -> QuerySet[Any]:
        return Attendance.objects.select_related("enrolment__learner", "enrolment__cohort", "session")


class ResultDesk(Desk):
    model = Result
    policy = HangingPolicy()
    columns = ("enrolment", "outcome", "passed", "grade", "assessed_on")
    filters = ("passed",)
    form = (
        "enrolment", "outcome", "passed", "grade", "assessed_on", "assessed_by", "evidence", "evidence_narrative",
        "evidence_genre", "evidence_sha256",
    )  # fmt: skip
    facts = form
    order = ("id",)

    def all(self) -> QuerySet[Any]:
        return Result.objects.select_related("enrolment__learner", "enrolment__cohort", "outcome")
