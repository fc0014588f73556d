"""Standards: published versions never change; a crosswalk row counts once both sides confirm it."""

from datetime import date, timedelta

import pytest
from cast import TESTS, organisation, sign_in, user
from django.core.exceptions import ValidationError

from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.standards import actions, differences, ladders, queries
from sunmao.standards.models import (
    Crosswalk,
    CrosswalkRow,
    Framework,
    Level,
    Outcome,
    Programme,
    ProgrammeVersion,
    Referencing,
    RowState,
    Unit,
)
from sunmao.standards.requirement import check

pytestmark = pytest.mark.django_db


def version(owner, title, *, by):
    programme = changes.save(Programme(title=Texts.of(title), owner=owner), by=TESTS)
    made = changes.save(ProgrammeVersion(programme=programme, label="2026"), by=TESTS)
    unit = changes.save(Unit(version=made, number=1, title=Texts.of("Networks")), by=TESTS)
    for number in ("1.1", "1.2"):
        changes.save(Outcome(version=made, unit=unit, number=number, title=Texts.of(f"{title} {number}")), by=TESTS)
    return actions.publish(made, by=by)


@pytest.fixture
def scene():
    class Scene:
        left, right, third = organisation("Lead College"), organisation("Host University"), organisation("Third")
        lin, alisher, eve = (
            user("Lin", ("officer", left)),
            user("Alisher", ("officer", right)),
            user("Eve", ("officer", third)),
        )

    Scene.source, Scene.target = (
        version(Scene.left, "Telecom", by=Scene.lin),
        version(Scene.right, "Svyaz", by=Scene.alisher),
    )
    Scene.crosswalk = changes.save(Crosswalk(source=Scene.source, target=Scene.target), by=Scene.lin)
    Scene.row = actions.propose(
        Scene.crosswalk,
        Scene.source.outcomes.get(number="1.1"),
        Scene.target.outcomes.get(number="1.2"),
        "exact",
        by=Scene.lin,
    )
    return Scene


def test_a_published_version_its_units_and_outcomes_never_change(scene):
    outcome, unit = scene.source.outcomes.first(), scene.source.units.first()
    outcome.critical, unit.credits, scene.source.label = True, 4, "2026a"
    for record in (scene.source, outcome, unit, Outcome(version=scene.source, number="9", title=Texts.of("new"))):
        with pytest.raises(ValidationError, match="cannot change"):
            changes.save(record, by=scene.lin)
    for record in (outcome, unit):
        with pytest.raises(ValidationError, match="cannot change"):
            actions.remove_content(record, by=scene.lin)
    draft = actions.new_version(ProgrammeVersion.objects.get(pk=scene.source.pk), label="2027", by=scene.lin)
    moved = scene.source.outcomes.first()
    moved.version, moved.unit = draft, None
    with pytest.raises(ValidationError, match="cannot change"):
        changes.save(moved, by=scene.lin)
    assert sorted(scene.source.outcomes.values_list("number", "critical")) == [("1.1", False), ("1.2", False)]


def test_a_version_is_not_published_while_its_requirement_names_what_it_has_not(scene):
    draft = actions.new_version(scene.source, label="2027", by=scene.lin)
    draft.requirement = {"all": [{"unit": 1}, {"k": 1, "of": [{"outcome": "1.1"}, {"outcome": "7.7"}]}]}
    changes.save(draft, by=scene.lin)
    with pytest.raises(ValidationError, match=r"7\.7"):
        actions.publish(draft, by=scene.lin)
    draft.requirement = {"all": [{"unit": 1}, {"outcome": "1.1"}]}
    assert actions.publish(changes.save(draft, by=scene.lin), by=scene.lin).state == "published"


def test_a_crosswalk_is_shown_with_both_sides_named_and_a_disagreement_with_both_remarks(client, scene):
    page = client.get(f"/crosswalks/{scene.crosswalk.code}/").content.decode()
    assert "Lead College beside Host University: of 2 outcomes of the target," in page
    actions.confirm(scene.row, note="the same work", by=scene.lin)
    assert "waits for the word of Host University" in client.get(f"/crosswalk-rows/{scene.row.code}/").content.decode()
    actions.reject(scene.row, note="level differs", by=scene.alisher)
    page = client.get(f"/crosswalk-rows/{scene.row.code}/").content.decode()
    assert "Lead College agrees. “the same work” Host University disagrees. “level differs”" in page


def test_a_draft_is_hidden_from_all_but_its_keepers(client, scene):
    draft = actions.new_version(scene.source, label="Canary 2027", by=scene.lin)
    outcome = changes.save(Outcome(version=draft, number="3.1", title=Texts.of("Canary outcome")), by=scene.lin)
    paths = (f"/programme-versions/{draft.code}/", f"/outcomes/{outcome.key}/", "/outcomes/", "/programme-versions/")
    for viewer in (None, scene.eve, scene.alisher):
        if viewer:
            sign_in(client, viewer)
        for path in paths:
            assert b"Canary" not in client.get(path).content, path
            assert b"Canary" not in client.get("/api" + path).content, path
    assert b"Canary outcome" in sign_in(client, scene.lin).get(paths[1]).content


def test_an_officer_acts_on_the_standards_of_the_own_institution_only(client, scene):
    draft = actions.new_version(scene.source, label="2027", by=scene.lin)
    for address in (
        f"/programmes/{scene.source.programme.code}/edit/",
        f"/programme-versions/{scene.source.code}/do/withdraw/",
    ):
        assert sign_in(client, scene.alisher).post(address, {"why": "no"}).status_code == 403
    assert client.post(f"/programme-versions/{draft.code}/do/publish/").status_code == 404
    assert draft.is_open


def test_a_new_version_is_a_draft_with_the_same_content(scene):
    draft = actions.new_version(scene.source, label="2027", by=scene.lin)
    assert draft.is_open
    assert [o.number for o in draft.outcomes.order_by("order")] == ["1.1", "1.2"]
    assert draft.outcomes.first().unit.version_id == draft.pk


def test_a_row_counts_only_once_people_of_both_sides_confirmed_it(scene):
    tomorrow = clock.today() + timedelta(days=1)
    assert actions.confirm(scene.row, by=scene.lin).state == RowState.PROPOSED
    assert not queries.counting_rows(scene.target, tomorrow).exists()
    with pytest.raises(ValidationError, match="has spoken already"):
        actions.confirm(scene.row, by=scene.lin)
    assert actions.confirm(scene.row, note="seen in class", by=scene.alisher).state == RowState.CONFIRMED
    assert list(queries.counting_rows(scene.target, clock.today())) == [scene.row]
    assert not queries.counting_rows(scene.target, date(2020, 1, 1)).exists()
    assert queries.progress(scene.crosswalk)["confirmed"] == 1


def test_one_no_closes_a_row_and_the_reason_stays(scene):
    actions.confirm(scene.row, by=scene.lin)
    actions.reject(scene.row, note="level differs", by=scene.alisher)
    stored = CrosswalkRow.objects.get(pk=scene.row.pk)
    assert stored.state == RowState.REJECTED
    assert stored.judgements.get(side="target").note == "level differs"


def test_who_is_on_neither_side_says_nothing(scene):
    with pytest.raises(ValidationError, match="two sides"):
        actions.confirm(scene.row, by=scene.eve)


def test_a_withdrawn_row_counts_until_the_day_it_was_withdrawn(scene):
    actions.confirm(scene.row, by=scene.lin)
    actions.confirm(scene.row, by=scene.alisher)
    actions.withdraw_row(scene.row, note="new edition", by=scene.alisher)
    assert not queries.counting_rows(scene.target, clock.today()).exists()


def test_a_row_joins_outcomes_of_its_own_two_versions_only(scene):
    with pytest.raises(ValidationError, match="not of the crosswalk's target"):
        actions.propose(
            scene.crosswalk, scene.source.outcomes.first(), scene.source.outcomes.last(), "exact", by=scene.lin
        )


@pytest.mark.parametrize(
    "tree",
    [
        {"all": []},
        {"k": 3, "of": [{"unit": 1}]},
        {"credits": 0, "of": [{"unit": 1}]},
        {"unit": "1"},
        [],
        {"any": {}},
        {"x": 1},
        {"unit": True},
    ],
)
def test_a_requirement_that_is_not_well_formed_is_refused(tree):
    with pytest.raises(ValidationError):
        check(tree)


def test_a_requirement_of_blocks_is_taken():
    some = {"k": 1, "of": [{"outcome": "1.1"}, {"any": [{"outcome": "1.2"}]}]}
    assert check({"all": [{"unit": 1}, some, {"credits": 2.5, "of": [{"unit": 2}]}]}) is None


def test_the_european_framework_comes_with_eight_levels_in_three_languages_and_only_once():
    made = ladders.load_eqf(by=TESTS)
    assert ladders.load_eqf(by=TESTS) == made
    assert list(made.levels.order_by("step").values_list("step", flat=True)) == list(range(1, 9))
    assert all({"en", "zh", "ru"} <= set(level.title) & set(level.descriptor) for level in made.levels.all())
    assert made.document.address.startswith("https://eur-lex.europa.eu/")


def test_a_referencing_compares_levels_of_two_frameworks_and_has_its_dates():
    europe = ladders.load_eqf(by=TESTS)
    other = changes.save(Framework(title=Texts.of("National framework"), country="UZ"), by=TESTS)
    step = changes.save(Level(framework=other, step=5, title=Texts.of("Step 5")), by=TESTS)
    four, five = europe.levels.get(step=4), europe.levels.get(step=5)
    with pytest.raises(ValidationError, match="two frameworks"):
        changes.save(Referencing(source=four, target=five, from_on=date(2026, 1, 1)), by=TESTS)
    with pytest.raises(ValidationError, match="before it begins"):
        changes.save(
            Referencing(source=step, target=five, from_on=date(2026, 1, 1), until_on=date(2026, 1, 1)), by=TESTS
        )
    assert changes.save(Referencing(source=step, target=five, from_on=date(2026, 1, 1)), by=TESTS).pk


def test_a_list_of_crosswalks_counts_progress_without_asking_for_each(client, scene, django_assert_max_num_queries):
    actions.confirm(scene.row, by=scene.lin)
    actions.confirm(scene.row, by=scene.alisher)
    for n in range(8):
        other = version(scene.right, f"Another {n}", by=scene.alisher)
        changes.save(Crosswalk(source=scene.source, target=other), by=scene.lin)
    client.get("/crosswalks/")
    with django_assert_max_num_queries(6):
        page = client.get("/crosswalks/").content.decode()
    assert (page.count("1 of 2 outcomes"), page.count("0 of 2 outcomes")) == (1, 8)


def test_a_new_version_shows_what_changed_and_which_crosswalks_it_touches(client, scene):
    actions.confirm(scene.row, by=scene.lin)
    actions.confirm(scene.row, by=scene.alisher)
    draft = actions.new_version(scene.source, label="2027", by=scene.lin)
    assert differences.part(draft, scene.lin)["found"] == []
    one = draft.outcomes.get(number="1.1")
    one.title, one.critical = Texts.of("Build networks anew"), True
    changes.save(one, by=scene.lin)
    actions.remove_content(draft.outcomes.get(number="1.2"), by=scene.lin)
    changes.save(Outcome(version=draft, number="2.1", title=Texts.of("Something new")), by=scene.lin)
    found = differences.differences(scene.source, draft)
    assert [(row.number, row.tone, row.says) for row in found] == [
        ("1.1", "go", "text, critical"), ("2.1", "good", ""), ("1.2", "bad", ""),
    ]  # fmt: skip
    assert differences.touched(scene.source, found) == [(scene.crosswalk, 1)]
    page = sign_in(client, scene.lin).get(f"/programme-versions/{draft.code}/").content.decode()
    assert "Build networks anew" in page
    assert "1 confirmed row rests on what changed" in page
    first = client.get(f"/programme-versions/{scene.source.code}/").content.decode()
    assert "changes since the version before" not in first.lower()
