"""Proposals of the machine count for nothing; people of both sides confirm, correct or reject them on the workbench."""

import re

import pytest
from cast import TESTS, organisation, sign_in, user
from django.core.exceptions import ValidationError

from sunmao.kernel import changes, clock
from sunmao.kernel.models import Change
from sunmao.kernel.text import Texts
from sunmao.recognition.queries.programmes import outcome_keys
from sunmao.recognition.queries.world import crosswalk_rows
from sunmao.site.cli import main
from sunmao.standards import actions, proposing, queries
from sunmao.standards.bench import Bench
from sunmao.standards.models import Crosswalk, CrosswalkRow, Outcome, Programme, ProgrammeVersion, RowState

pytestmark = pytest.mark.django_db

WELD = ("Weld steel pipes", "Splice optical fibre", "Keep the work site safe")
SVARKA = ("Join pipes of steel by welding", "Splice fibre", "Bake bread")


def version(owner, titles, *, by):
    programme = changes.save(Programme(title=Texts.of(f"Standard of {owner}"), owner=owner), by=TESTS)
    made = changes.save(ProgrammeVersion(programme=programme, label="2026"), by=TESTS)
    for number, title in enumerate(titles, 1):
        changes.save(Outcome(version=made, number=str(number), title=Texts.of(title)), by=TESTS)
    return actions.publish(made, by=by)


class Scene:
    def __init__(self):
        self.left, self.right = (
            organisation("Lead College", country="CN"),
            organisation("Host University", country="UZ"),
        )
        self.lin, self.alisher = user("Lin", ("officer", self.left)), user("Alisher", ("officer", self.right))
        self.source = version(self.left, WELD, by=self.lin)
        self.target = version(self.right, SVARKA, by=self.alisher)
        self.crosswalk = changes.save(Crosswalk(source=self.source, target=self.target), by=self.lin)

    def aligned(self):
        actions.align(self.crosswalk, most=2, by=self.lin)
        return self.row("1", "1")

    def row(self, source, target):
        return CrosswalkRow.objects.get(crosswalk=self.crosswalk, source__number=source, target__number=target)


@pytest.fixture
def scene():
    return Scene()


def rows_towards(target):
    return crosswalk_rows(CrosswalkRow.objects.filter(crosswalk__target=target))


def test_the_machine_proposes_with_score_and_reasons_as_one_batch_and_never_a_pair_twice(scene):
    row = scene.aligned()
    assert row.state == RowState.PROPOSED
    assert row.by_machine
    assert 0 < row.certainty <= 1
    assert any("weld" in str(reason["params"]) for reason in row.why)
    assert scene.row("2", "2").certainty > 0.3
    assert Change.objects.get(deed="align").row_count == scene.crosswalk.rows.count()
    assert not scene.crosswalk.rows.filter(target__number="3").exists(), "nothing speaks for bread"
    with pytest.raises(ValidationError, match="nothing new"):
        actions.align(scene.crosswalk, most=2, by=scene.alisher)


def test_a_proposal_feeds_no_decision(scene):
    scene.aligned()
    assert not queries.counting_rows(scene.target, clock.today()).exists()
    assert list(rows_towards(scene.target)) == []
    row = scene.row("1", "1")
    actions.confirm(row, by=scene.lin)
    assert list(rows_towards(scene.target)) == []
    actions.confirm(row, by=scene.alisher)
    assert [fact.key for fact in rows_towards(scene.target)] == [row.code]


def test_page_rest_and_command_let_the_machine_propose_and_ask_the_same_rule(client, scene, capsys):
    stranger = user("Eve", ("officer", organisation("Third")))
    address = f"/api/crosswalks/{scene.crosswalk.code}/align/"
    assert sign_in(client, stranger).post(address, {"most": 1}).status_code == 403
    asked = ["align", "--from", scene.source.code, "--to", scene.target.programme.code]
    assert main([*asked, "--as", stranger.email]) == 3
    assert main([*asked, "--most", "1", "--as", scene.lin.email]) == 0
    printed = capsys.readouterr().out
    assert "Words in both" in printed
    assert f"{scene.crosswalk.code} " in printed
    assert sign_in(client, scene.alisher).post(address, {"most": 1}).status_code == 422
    other = version(scene.right, ("Weld pipes",), by=scene.alisher)
    second = changes.save(Crosswalk(source=scene.source, target=other), by=scene.lin)
    page = client.post(f"/crosswalks/{second.code}/do/align/", {"most": "1"})
    assert (page.status_code, second.rows.count()) == (302, 1)


def test_the_command_opens_the_crosswalk_where_there_is_none(scene):
    assert main(["align", "--from", scene.target.code, "--to", scene.source.code, "--as", scene.alisher.email]) == 0
    assert Crosswalk.objects.get(source=scene.target, target=scene.source).rows.exists()


def chained(scene, relations, also=()):
    """Lay source → middle → target by confirmed rows of the given relations; return a new crosswalk source → target."""
    third = organisation("Third House", country="KZ")
    bek = user("Bek", ("officer", third))
    middle = version(scene.right, ("Nothing alike at all",), by=scene.alisher)
    end = version(third, ("Quite other words here",), by=bek)
    for left, right, relation, further, people in (
        (scene.source, middle, relations[0], also, (scene.lin, scene.alisher)),
        (middle, end, relations[1], (), (scene.alisher, bek)),
    ):
        walk = changes.save(Crosswalk(source=left, target=right), by=TESTS)
        ends = left.outcomes.get(number="1"), right.outcomes.get(number="1")
        row = actions.propose(walk, *ends, relation, by=people[0])
        row = actions.confirm(row, together=" ".join(further), by=people[0])
        assert actions.confirm(row, by=people[1]).state == RowState.CONFIRMED
    return changes.save(Crosswalk(source=scene.source, target=end), by=TESTS)


def test_a_chain_of_exact_rows_yields_a_proposal(scene):
    walk = chained(scene, ("exact", "exact"))
    actions.align(walk, by=scene.lin)
    row = walk.rows.get()
    assert (row.state, row.relation, row.certainty) == (RowState.PROPOSED, "exact", None)
    assert row.why[0]["code"] == "chain"
    assert len(row.why[0]["params"]["rows"].split(", ")) == 2
    assert row.code not in [fact.key for fact in rows_towards(walk.target)]


@pytest.mark.parametrize(
    "relations", [("close", "close"), ("exact", "close"), ("close", "exact"), ("target_narrower", "exact")]
)
def test_a_chain_with_a_row_that_is_not_exact_yields_nothing(scene, relations):
    assert list(proposing.chains(chained(scene, relations))) == []


def test_a_chain_over_several_outcomes_together_yields_nothing(scene):
    assert list(proposing.chains(chained(scene, ("exact", "exact"), also=("2",)))) == []


def test_correcting_what_nobody_judged_changes_the_row_and_what_the_other_side_said_is_never_overwritten(scene):
    row = scene.aligned()
    actions.confirm(row, relation="target_broader", note="ours is narrower", by=scene.lin)
    assert (row.relation, row.state, row.judgements.count()) == ("target_broader", RowState.PROPOSED, 1)
    again = actions.confirm(scene.row("1", "1"), relation="exact", by=scene.alisher)
    old = CrosswalkRow.objects.get(pk=row.pk)
    assert (old.state, old.relation) == (RowState.REJECTED, "target_broader")
    assert again.instead_of == old
    assert (again.relation, again.state) == ("exact", RowState.PROPOSED)
    assert [(one.side, one.agrees) for one in again.judgements.all()] == [("target", True)]
    actions.confirm(again, by=scene.lin)
    assert list(queries.counting_rows(scene.target, clock.today())) == [again]


def test_several_outcomes_together_correspond_only_all_of_them(scene):
    row = scene.aligned()
    with pytest.raises(ValidationError, match="no further outcomes of the source: 9"):
        actions.confirm(row, together="2, 9", by=scene.lin)
    row = scene.row("1", "1")
    actions.confirm(row, together="2, 3", relation="exact", by=scene.lin)
    actions.confirm(scene.row("1", "1"), by=scene.alisher)
    fact = next(iter(rows_towards(scene.target)))
    assert fact.sources == frozenset(outcome_keys(row.source, ["2", "3"]))
    assert str(scene.row("1", "1")) == "1 + 2 + 3 → 1"


def test_only_what_the_machine_alone_put_forward_is_rejected_without_a_reason(scene):
    actions.reject(scene.aligned(), by=scene.lin)
    by_hand = actions.propose(
        scene.crosswalk,
        scene.source.outcomes.get(number="3"),
        scene.target.outcomes.get(number="3"),
        "close",
        by=scene.lin,
    )
    with pytest.raises(ValidationError, match="Say why"):
        actions.reject(by_hand, by=scene.alisher)
    half = actions.confirm(scene.row("2", "2"), by=scene.lin)
    with pytest.raises(ValidationError, match="Say why"):
        actions.reject(half, by=scene.alisher)


def test_precision_is_told_by_slice_once_enough_were_judged(scene):
    assert queries.precision() == []
    for number in range(12):
        row = CrosswalkRow(
            crosswalk=scene.crosswalk, source=scene.source.outcomes.get(number="1"), certainty=number / 12, score=1,
            target=scene.target.outcomes.get(number="1"), relation="close", why=[{"code": "shared_words", "params": {}}],
        )  # fmt: skip
        changes.save(row, by=TESTS)
        if number < 6:
            actions.reject(row, by=scene.lin)
        else:
            actions.confirm(row, by=scene.lin)
            actions.confirm(row, by=scene.alisher)
    assert sum(band.right_count for band in queries.precision()) == 6
    assert sum(band.count for band in queries.precision()) == 12


# The workbench


def bench(scene):
    return f"/crosswalks/{scene.crosswalk.code}/workbench/"


def test_a_visitor_sees_both_sides_named_and_may_not_judge(client, scene):
    row = scene.aligned()
    page = client.get(bench(scene)).content.decode()
    assert "Lead College" in page
    assert "Host University" in page
    assert "Words in both" in page
    assert "Confirm and next" not in page
    assert client.post(bench(scene) + "?at=1", {"row": row.code, "act": "confirm"}).status_code == 302  # to the sign-in
    stranger = user("Eve", ("officer", organisation("Third")))
    assert sign_in(client, stranger).post(bench(scene) + "?at=1", {"row": row.code}).status_code == 403
    assert not scene.row("1", "1").judgements.exists()


def test_plain_forms_take_one_row_after_the_other_and_go_on_to_the_next_of_mine(client, scene):
    row = scene.aligned()
    sign_in(client, scene.lin)
    answer = client.post(
        bench(scene) + "?at=1", {"row": row.code, "relation": "exact", "note": "seen", "act": "confirm"}, follow=True
    )
    page = answer.content.decode()
    assert "1 of 3: exact, kept." in page
    assert 'value="CR-' in page
    assert answer.redirect_chain[0][0].endswith("?at=2#bench")
    said = scene.row("1", "1").judgements.get()
    assert (said.person, said.note, said.side) == (scene.lin.person, "seen", "source")
    page = client.get(bench(scene) + "?at=1").content.decode()
    assert "Lead College agrees" in page or "Lin, Lead College agrees" in page
    client.post(bench(scene) + "?at=2", {"act": "none"})
    assert not scene.crosswalk.rows.filter(source__number="2", state="proposed").exists()


def test_a_refusal_stays_on_the_page_and_says_why(client, scene):
    row = scene.aligned()
    actions.confirm(row, by=scene.lin)
    sign_in(client, scene.alisher)
    answer = client.post(bench(scene) + "?at=1", {"row": row.code, "act": "reject"})
    assert answer.status_code == 422
    assert "Say why, for the other side to read." in answer.content.decode()
    assert client.post(bench(scene) + "?at=1", {"act": "confirm"}).status_code == 422
    assert client.post(bench(scene) + "?at=77", {"act": "confirm"}).status_code == 404


def test_progress_turns_and_disagreements_are_counted_and_lead_to_their_outcomes(client, scene):
    row = scene.aligned()
    actions.confirm(row, by=scene.lin)
    actions.reject(scene.row("1", "1"), note="other depth", by=scene.alisher)
    other = scene.row("2", "2")
    actions.confirm(other, by=scene.lin)
    mine, theirs = Bench(scene.crosswalk, scene.lin).progress(), Bench(scene.crosswalk, scene.alisher).progress()
    assert (mine["disputed"], mine["others"], theirs["mine"] >= 1, mine["confirmed"]) == (1, 1, True, 0)
    page = sign_in(client, scene.lin).get(bench(scene) + "?show=disputed").content.decode()
    assert re.findall(r'<span class="num faint">(\d)</span>', page)[0] == "1"
    assert "other depth" in page
    page = client.get(bench(scene) + "?q=fibre").content.decode()
    assert "Outcome 1 of 1" in page


def test_every_deed_of_the_bench_has_a_key_and_words_in_three_languages(client, scene):
    scene.aligned()
    sign_in(client, scene.lin)
    for language, word in (("en", "Confirm and next"), ("zh-hans", "确认并转到下一项"), ("ru", "Подтвердить и дальше")):
        client.cookies["language"] = language
        page = client.get(bench(scene)).content.decode()
        assert word in page
        for name in ("confirm", "reject", "none", "several", "note", "find", "focus"):
            assert f'data-bench="{name}"' in page, name


def test_the_page_asks_no_more_questions_for_more_rows(client, scene, django_assert_max_num_queries):
    scene.aligned()
    client.get(bench(scene))
    with django_assert_max_num_queries(14):
        assert client.get(bench(scene)).status_code == 200


def test_today_names_the_crosswalk_once_and_not_every_proposal(client, scene):
    scene.aligned()
    assert queries.to_judge(scene.alisher) == [(scene.crosswalk, scene.crosswalk.rows.count())]
    assert queries.to_judge(user("Eve", ("officer", organisation("Third")))) == []
    page = sign_in(client, scene.alisher).get("/today/").content.decode()
    assert page.count(f"/crosswalks/{scene.crosswalk.code}/workbench/") >= 1
    assert "Say whether the row holds" not in page
    actions.confirm(scene.row("1", "1"), by=scene.lin)
    assert "Say whether the row holds" in client.get("/today/").content.decode()
