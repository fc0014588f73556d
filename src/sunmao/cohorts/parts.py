"""What the pages of cohorts and learners show beside the rows of other desks: the class, the outcomes, one learner's
progress, and who saw him."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from sunmao.cohorts import sentences, sights
from sunmao.cohorts.models import (
    Attendance,
    Cohort,
    Enrolment,
    EnrolmentState,
    Learner,
    Presence,
    Result,
    Sight,
)
from sunmao.cohorts.queries import attended, results_of
from sunmao.kernel.cells import in_language, record_link, show
from sunmao.kernel.desk import desk_of

CLASS = 200  # learners shown on a cohort's page; the list shows them all
LOOKS = 100  # sights shown to the learner
FACES = {
    "list": _("in a list"), "record": _("on a page"), "edit": _("in a form"), "history": _("in the history"),
    "deed": _("in a form"), "api": _("through the programming interface"), "export": _("in a download"),
    "command": _("on the command line"),
}  # fmt: skip


def sees_class(user: Any, cohort: Cohort) -> bool:
    """True where the person may see who is in the cohort; the learner sees himself on his own page."""
    desk = desk_of(Enrolment)
    if desk is None or not (user.is_authenticated and user.second_factor):
        return False
    return desk.may(user, "history", Enrolment(cohort=cohort))


def members(cohort: Cohort, user: Any) -> dict[str, Any]:
    """Return the class with each learner's sessions and outcomes; hidden from whoever may not see it."""
    desk = desk_of(Enrolment)
    if desk is None or not sees_class(user, cohort):
        return {"hidden": True}
    rows = list(cohort.enrolments.select_related("learner").order_by("id")[:CLASS])
    ids = [row.pk for row in rows]
    counted = Attendance.objects.filter(enrolment__in=ids).order_by().values("enrolment").annotate(
        all=Count("id", filter=~Q(state=Presence.EXCUSED)), there=Count("id", filter=Q(state=Presence.PRESENT))
    )  # fmt: skip
    there = {row["enrolment"]: (row["there"], row["all"]) for row in counted}
    passed = dict(
        Result.objects.filter(enrolment__in=ids, passed=True)
        .order_by()
        .values_list("enrolment")
        .annotate(n=Count("id"))
    )
    sights.note(user, [row.learner for row in rows], "record", ("attendance", "results", "state"))
    outcomes = cohort.version.outcomes.count()
    drawn = [
        {
            "url": desk.url(row), "name": in_language(*row.title_texts().best()), "state": show(EnrolmentState(row.state)),
            "sessions": "{} / {}".format(*there.get(row.pk, (0, 0))), "passed": f"{passed.get(row.pk, 0)} / {outcomes}",
            "reasons": [sentences.reason(reason) for reason in row.reasons],
        }
        for row in rows
    ]  # fmt: skip
    total = cohort.enrolments.count()
    return {"rows": drawn, "count": total, "all": f"{desk.list_url()}?cohort={cohort.key}" if total > CLASS else ""}


def outcomes(cohort: Cohort, user: Any) -> dict[str, Any]:
    """Return the programme's outcomes, with how many passed each for whoever may see the class."""
    rows = list(cohort.version.outcomes.order_by("order", "id"))
    sees = sees_class(user, cohort)
    found: dict[int, tuple[int, int]] = {}
    if sees:
        counted = Result.objects.filter(enrolment__cohort=cohort).order_by().values("outcome").annotate(
            all=Count("id"), passed=Count("id", filter=Q(passed=True))
        )  # fmt: skip
        found = {row["outcome"]: (row["passed"], row["all"]) for row in counted}
    drawn = [
        {"number": row.number, "title": in_language(*row.title_texts().best()), "critical": row.critical,
         "passed": "{} / {}".format(*found.get(row.pk, (0, 0)))}
        for row in rows
    ]  # fmt: skip
    return {"rows": drawn, "count": len(drawn), "counts": sees}


def progress(learner: Learner, user: Any) -> dict[str, Any]:
    """Return per cohort what is passed, what is missing and how many sessions were attended."""
    rows = learner.enrolments.select_related("cohort__version__programme", "cohort__workshop").order_by("-id")
    drawn = [_progress(row) for row in rows]
    return {"rows": drawn, "count": len(drawn)}


def progress_of(enrolment: Enrolment, user: Any) -> dict[str, Any]:
    """Return the same for one enrolment."""
    return {"rows": [_progress(enrolment)]}


def _progress(row: Enrolment) -> dict[str, Any]:
    results = results_of(row)
    sessions = attended(row)
    return {
        "cohort": record_link(row.cohort), "programme": show(row.cohort.version),
        "state": show(EnrolmentState(row.state)), "on": row.completed_on, "demo": row.cohort.demo,
        "passed": sum(result is not None and result.passed for _outcome, result in results), "all": len(results),
        "present": sessions.present, "counted": sessions.counted, "rule": sentences.rule(row.cohort),
        "reasons": [sentences.reason(reason) for reason in row.reasons],
        "results": [
            {"number": outcome.number, "title": in_language(*outcome.title_texts().best()), "critical": outcome.critical,
             "result": result, "icon": _icon(result)}
            for outcome, result in results
        ],
    }  # fmt: skip


def _icon(result: Result | None) -> tuple[str, str]:
    if result is None:
        return "ring", ""
    return ("done", "good") if result.passed else ("cross", "bad")


def looks(learner: Learner, user: Any) -> dict[str, Any]:
    """Return who saw the learner, newest first: for the learner and for auditors."""
    if not user.is_authenticated or not (learner.person_id == user.person_id or user.holds("auditor")):
        return {"hidden": True}
    rows = Sight.objects.filter(learner_uid=learner.uid).order_by("-id")
    drawn = [
        {"at": row.at, "actor": row.actor, "face": FACES.get(row.face, row.face), "fields": [_label(name) for name in row.fields.split()]}
        for row in rows[:LOOKS]
    ]  # fmt: skip
    return {"rows": drawn, "count": rows.count()}


def _label(name: str) -> Any:
    """Return a field's name as the learner reads it."""
    for model in (Learner, Enrolment):
        found = next((item for item in model._meta.concrete_fields if item.name == name), None)
        if found is not None:
            return found.verbose_name
    return {"attendance": Attendance._meta.verbose_name_plural, "results": Result._meta.verbose_name_plural}.get(
        name, name
    )
