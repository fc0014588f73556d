"""From the first day of a cohort to who completed it."""

from datetime import timedelta

import pytest
from cast import sign_in
from cohort_cast import BEGIN, END, SECOND, Scene
from django.core.exceptions import ValidationError

from sunmao.cohorts import actions, queries
from sunmao.cohorts.models import Attendance, Cohort, Enrolment, EnrolmentState, Learner, PassRule, Result
from sunmao.kernel import changes, clock
from sunmao.kernel.models import Change
from sunmao.kernel.text import Texts
from sunmao.standards.models import ProgrammeVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return Scene()


def test_a_class_is_decided_by_its_rule_and_whoever_fails_keeps_the_reasons(scene):
    good, absent, missing = (scene.enrol(name, number) for name, number in (("Ann", "1"), ("Ben", "2"), ("Cem", "3")))
    scene.session(BEGIN, n1="present", n2="absent", n3="present")
    scene.session(SECOND, n1="present", n2="absent", n3="excused")
    scene.passes(good, "1.1")
    scene.passes(absent, "1.1")
    scene.passes(missing, "1.2")
    actions.complete_cohort(scene.cohort, completed_on=END, by=scene.lin)
    for row in (good, absent, missing):
        row.refresh_from_db()
    assert (good.state, good.completed_on, good.reasons) == ("completed", END, [])
    assert (absent.state, absent.completed_on, [r["code"] for r in absent.reasons]) == ("failed", None, ["attendance"])
    assert missing.reasons == [{"code": "outcome_not_assessed", "params": {"outcome": "1.1", "critical": True}}]
    assert [row.pk for row in queries.completed(scene.cohort)] == [good.pk]
    assert scene.cohort.state == "completed"


def test_one_learner_is_refused_in_words_until_the_critical_outcome_is_passed(scene):
    row = scene.enrol("Ann", "1")
    scene.session(n1="present")
    with pytest.raises(ValidationError) as refused:
        actions.complete(row, completed_on=END, by=scene.lin)
    assert refused.value.messages == ["Critical outcome 1.1 is not assessed."]
    scene.passes(row, "1.1", passed=False)
    with pytest.raises(ValidationError, match=r"Critical outcome 1\.1 is not passed"):
        actions.complete(row, completed_on=END, by=scene.lin)
    scene.passes(row, "1.1")
    assert actions.complete(row, completed_on=END, by=scene.lin).state == EnrolmentState.COMPLETED


def test_whoever_failed_may_complete_later_when_what_was_missing_has_come(scene):
    row = scene.enrol("Ann", "1")
    scene.session(n1="present")
    actions.complete_cohort(scene.cohort, completed_on=END, by=scene.lin)
    row.refresh_from_db()
    assert row.state == "failed"
    scene.passes(row, "1.1")
    row.refresh_from_db()
    assert actions.complete(row, completed_on=END, by=scene.lin).reasons == []


def test_a_session_nobody_marked_holds_completion_back(scene):
    row = scene.enrol("Ann", "1")
    scene.passes(row, "1.1")
    session = scene.session()
    assert [reason.code for reason in queries.judged(scene.cohort)[row.pk].reasons] == [
        "sessions_not_marked",
        "no_attendance",
    ]
    actions.mark_attendance(session, marks={row: "present"}, by=scene.aziz)
    assert queries.judged(scene.cohort)[row.pk].completed


def test_what_a_completion_was_decided_by_stays(scene):
    row = scene.enrol("Ann", "1")
    session = scene.session(n1="present")
    result = scene.passes(row, "1.1")
    actions.complete(row, completed_on=END, by=scene.lin)
    for deed in (
        lambda: scene.passes(row, "1.1", passed=False),
        lambda: changes.save(_changed(Result.objects.get(pk=result.pk), passed=False), by=scene.aziz),
        lambda: actions.mark_attendance(session, marks={row: "absent"}, by=scene.aziz),
        lambda: actions.withdraw(row, why="moved away", by=scene.lin),
    ):
        with pytest.raises(ValidationError, match=r"decided|so this cannot be done"):
            deed()
    assert Result.objects.get().passed and Attendance.objects.get().state == "present"


def _changed(record, **fields):
    for name, value in fields.items():
        setattr(record, name, value)
    return record


def test_the_same_number_at_the_same_institution_is_the_same_learner(scene):
    first = scene.enrol("Ann", "77")
    scene.cohort = scene.open(title=Texts.of("Group two"))
    assert scene.enrol({"en": "ann", "zh": "安"}, "77").learner_id == first.learner_id
    scene.cohort = scene.open(title=Texts.of("Group three"))
    with pytest.raises(ValidationError, match="belongs to another name"):
        scene.enrol("Someone Else", "77")
    assert (Learner.objects.count(), Enrolment.objects.count()) == (1, 2)


def test_a_cohort_follows_a_published_version_only(scene):
    draft = changes.save(ProgrammeVersion(programme=scene.version.programme, label="next"), by=scene.lin)
    with pytest.raises(ValidationError, match="Publish the version first"):
        scene.open(version=draft)


def test_a_rule_that_asks_for_a_number_names_the_number(scene):
    with pytest.raises(ValidationError, match="how many"):
        scene.open(pass_rule=PassRule.K_OF_N)
    assert scene.open(pass_rule=PassRule.K_OF_N, pass_count=2).pass_count == 2
    assert scene.open(pass_rule=PassRule.ALL, pass_count=2).pass_count is None


def test_where_it_is_taught_is_the_workshops_country_unless_said_otherwise(scene):
    assert str(scene.cohort.country) == "UZ"
    assert str(scene.open(workshop=None).country) == "CN"
    assert str(scene.open(country="KZ").country) == "KZ"


def test_nothing_is_recorded_before_its_day(scene):
    row = scene.enrol("Ann", "1")
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(ValidationError, match="once it was held"):
        scene.session(tomorrow, n1="present")
    with pytest.raises(ValidationError, match="future"):
        actions.record_result(row, outcome=scene.outcome("1.1"), passed=True, assessed_on=tomorrow, by=scene.aziz)
    with pytest.raises(ValidationError, match="future"):
        actions.complete_cohort(scene.cohort, completed_on=tomorrow, by=scene.lin)


def test_a_class_is_marked_on_one_form_and_logged_as_one_batch(scene, client):
    rows = [scene.enrol(f"Learner {n}", str(n)) for n in range(12)]
    data = {f"learner_{row.uid}": "present" for row in rows} | {
        f"learner_{rows[0].uid}": "absent",
        "held_on": "2026-03-02",
    }
    sign_in(client, scene.aziz)
    before = Change.objects.count()
    answer = client.post(f"/cohorts/{scene.cohort.key}/do/hold_session/", data)
    assert answer.status_code == 302, answer.content.decode()
    assert sorted(Attendance.objects.values_list("state", flat=True)) == ["absent"] + ["present"] * 11
    assert list(Change.objects.order_by("id").values_list("deed", "row_count")[before:]) == [
        ("hold_session", 1),
        ("mark_attendance", 12),
    ]


def test_one_outcome_is_assessed_for_the_class_on_one_form_and_an_empty_row_stays(scene, client):
    first, second = scene.enrol("Ann", "1"), scene.enrol("Ben", "2")
    sign_in(client, scene.aziz)
    data = {
        "outcome": "1.2",
        "assessed_on": "2026-03-03",
        f"learner_{first.uid}": "not_passed",
        f"learner_{first.uid}_grade": "2",
    }
    assert client.post(f"/cohorts/{scene.cohort.key}/do/record_results/", data).status_code == 302
    kept = Result.objects.get()
    assert (kept.enrolment_id, kept.outcome.number, kept.passed, kept.grade, kept.assessed_by) == (
        first.pk, "1.2", False, "2", scene.aziz.person,
    )  # fmt: skip
    assert not second.results.exists()


def test_persons_are_counted_once_each_by_country_brand_field_year_kind_and_state(scene):
    ann = scene.enrol("Ann", "1")
    scene.enrol("Ben", "2")
    scene.cohort = scene.open(kind="teacher", country="KZ")
    scene.enrol("Ann", "1")
    assert queries.learners() == 2
    assert queries.persons(by=("country",)) == {("UZ",): 2, ("KZ",): 1}
    assert queries.persons({"kind": "teacher"}, by=("brand", "field", "year")) == {("luban", "0714", 2026): 1}
    actions.withdraw(ann, why="left", by=scene.lin)
    assert queries.persons({"state": ["enrolled", "completed"]}, by=("country",)) == {("UZ",): 1, ("KZ",): 1}
    with pytest.raises(ValueError, match="not counted by"):
        queries.persons({"name": "Ann"})


def test_a_class_is_judged_in_the_same_number_of_queries_whatever_its_size(scene, django_assert_num_queries):
    for count in (2, 10):
        for number in range(count):
            scene.enrol(f"Learner {count} {number}", f"{count}-{number}")
        cohort = Cohort.objects.select_related("version").get(pk=scene.cohort.pk)
        with django_assert_num_queries(5):
            judged = queries.judged(cohort)
        assert len(judged) == cohort.enrolments.count()


def test_enrolling_leads_back_to_the_class_with_a_link_to_the_enrolment(client, scene):
    sign_in(client, scene.lin)
    answer = client.post(
        f"/cohorts/{scene.cohort.code}/do/enrol/", {"name_en": "Dilnoza Example", "number": "S-9"}, follow=True
    )
    made = scene.cohort.enrolments.get(learner__number="S-9")
    status = answer.content.decode().partition('role="status"')[2].partition("</div>")[0]
    assert answer.redirect_chain[-1][0] == f"/cohorts/{scene.cohort.code}/"
    assert f'href="/enrolments/{made.key}/"' in status and "Done: Enrol a learner." in status
    assert "Dilnoza" not in status
