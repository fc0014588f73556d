"""What the records below say of those who are awarded: who completed, with which results, under which name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet

from sunmao.cohorts import queries, sights
from sunmao.cohorts.models import Cohort, Enrolment, EnrolmentState, Learner, Result
from sunmao.credentials.document import Holder, digest_address, outcome_words
from sunmao.standards.models import Unit
from sunmao.vc import issue


def programme_of(cohort: Cohort) -> int:
    """Return the primary key of the programme version a cohort follows."""
    return cohort.version_id


def of_programme(cohorts: QuerySet[Any], programme: int) -> QuerySet[Any]:
    """Return those of `cohorts` that follow a programme version."""
    return cohorts.filter(version_id=programme)


def institutions_of(cohort: Cohort) -> frozenset[int]:
    """Return the ids of the institutions that teach a cohort."""
    return queries.institutions_of(cohort)


def classes_of(user: Any) -> QuerySet[Any]:
    """Return the cohorts whose learners the person may see."""
    return queries.cohorts_of(user)


def completed(cohort: Cohort) -> list[Enrolment]:
    """Return the enrolments completed by the cohort's rule."""
    return list(queries.completed(cohort))


def completed_unit(cohort: Cohort, unit: Unit) -> list[Enrolment]:
    """Return the enrolments in which every outcome of a unit was reached, that were not withdrawn and whose learner is
    not erased; none where the unit has no outcome."""
    asked = set(unit.outcomes.values_list("pk", flat=True))
    rows = cohort.enrolments.exclude(state=EnrolmentState.WITHDRAWN).filter(learner__erased_on=None)
    reached = Count("results", filter=Q(results__outcome__in=asked, results__passed=True), distinct=True)
    rows = rows.annotate(reached=reached).filter(reached=len(asked))
    return list(rows.select_related("learner__institution", "cohort").order_by("id")) if asked else []


def name_on_paper(learner: Learner) -> str:
    """Return the name as on the document: Latin letters first, other writings in brackets."""
    first, _language = learner.name.best("en")
    others = [text for text, _language in learner.name.others("en")]
    return f"{first} ({', '.join(others)})" if others else first


def holders(enrolments: list[Enrolment], numbered: Mapping[str, str], *, by: Any) -> dict[int, Holder]:
    """Return per enrolment what the paper says of the learner, who is told that he was looked at.

    `numbered` are registration numbers by learner key.
    """
    sights.note(by, [row.learner for row in enrolments], "deed", ("results",))
    results: dict[int, list[tuple[Any, str, bool]]] = {}
    evidence: dict[int, list[tuple[Any, issue.Evidence]]] = {}
    rows = Result.objects.filter(enrolment__in=enrolments).select_related("outcome").order_by("outcome__order", "id")
    for row in rows:
        results.setdefault(row.enrolment_id, []).append((row.outcome, row.grade, row.passed))
        if row.evidence:
            shown = issue.Evidence(
                row.evidence, row.evidence_narrative, digest_address(row.evidence_sha256), row.evidence_genre,
                description=outcome_words(row.outcome),
            )  # fmt: skip
            evidence.setdefault(row.enrolment_id, []).append((row.outcome, shown))
    return {
        row.pk: Holder(
            name_on_paper(row.learner), results.get(row.pk, ()), numbered.get(row.learner.key, ""),
            row.cohort.starts_on, row.completed_on, evidence.get(row.pk, ()),
        )
        for row in enrolments
    }  # fmt: skip
