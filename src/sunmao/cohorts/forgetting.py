"""Erasure: the register forgets who a learner was and keeps that somebody was enrolled, when and with what end.

What a learner holds in his own hand, a signed credential, still verifies: nothing it needs is deleted here. Rooms above
listen to the one signal of the write door (`deed` "forget" on a learner) or are called by the assembly.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.cohorts.models import Attendance, Learner, Result
from sunmao.kernel import changes, clock, erasing
from sunmao.kernel.text import Texts
from sunmao.people import forgetting as people


def forget(learner: Learner, *, why: str, by: Any) -> Learner:
    """Erase a learner: name, number, year of birth, results, attendance, and all of it in the log; the account too,
    where the person is nothing but a learner here. Enrolments stay with their dates and states. Cannot be undone."""
    if learner.erased_on is not None:
        raise ValidationError(_("This learner's data are erased already."), code="state")
    with changes.together():
        gone: list[Any] = [
            *Result.objects.filter(enrolment__learner=learner).order_by("id"),
            *Attendance.objects.filter(enrolment__learner=learner).order_by("id"),
        ]
        for row in gone:
            changes.delete(row, by=by, why=why, deed="forget")
        person = learner.person
        learner.name, learner.number, learner.birth_year, learner.person = Texts(), "", None, None
        learner.consent_show_name = learner.consent_show_results = False
        learner.erased_on = clock.today()
        changes.save(learner, by=by, why=why, deed="forget")
        erasing.erase([learner, *gone], by=by, why=why)
        if person is not None:
            people.forget_learner(person, by=by, why=why)
    return learner
