"""What a ministry asks: all programmes against all profiles, one pair, and what would open recognition to most."""

import json

import pytest
from cast import TESTS, sign_in
from django.db import connection
from django.test.utils import CaptureQueriesContext
from recognition_room import confirmed, instrument, kept, room, version

from sunmao.cohorts.models import Cohort, Enrolment, Learner
from sunmao.indicators.suppress import LEAST as LEAST_OF_FIGURES
from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.recognition import actions, queries
from sunmao.recognition.models import BridgingModule, ModuleOutcome
from sunmao.recognition.queries import overview
from sunmao.recognition.unlocking import Key
from sunmao.site.cli import main
from sunmao.standards import actions as standards
from sunmao.standards.models import Crosswalk

pytestmark = pytest.mark.django_db


@pytest.fixture
def r():
    """Rows for outcomes 1 and 2 of three; the third is not critical."""
    return room(rows=2)


def taught(r, count, programme=None):
    """A group of so many learners of a programme."""
    group = kept(
        Cohort(title=Texts.of("Group"), version=programme or r.taught, institution=r.college, starts_on=clock.today())
    )
    learners = [Learner(name=Texts.of(f"Learner {n}"), institution=r.college) for n in range(count)]
    changes.bulk(learners, by=TESTS)
    changes.bulk([Enrolment(cohort=group, learner=one, enrolled_on=clock.today()) for one in learners], by=TESTS)
    return group


def unlocked(purpose="study"):
    return overview.would_unlock("CN", "UZ", purpose)


def test_the_matrix_and_each_of_its_cells_are_everybodys_on_page_rest_and_command_line(r, client, capsys):
    other = version("Other skill", r.university, r.uz_ministry, r.target.level, r.first)
    asked = "from=CN&to=UZ&purpose=study"
    page = client.get(f"/coverage/?{asked}").content.decode()
    assert "2 of 3" in page and f'href="/coverage/{r.taught.code}/{r.target.code}/?purpose=study"' in page
    assert "not laid side by side" in page and "no instrument" in page
    cells = client.get(f"/api/coverage/?{asked}").json()["results"]
    assert [(c["to"], c["covered"], c["missing"], c["laid_side_by_side"]) for c in cells] == [
        (r.target.code, 2, [f"{r.target.code}/3"], True),
        (other.code, 0, [f"{other.code}/{n}" for n in (1, 2, 3)], False),
    ]
    assert main(["coverage", "--from", "CN", "--to", "UZ", "--all", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == cells


def test_a_cell_opens_to_what_is_missing_and_what_it_comes_to_today(r, client, capsys):
    instrument(r, missing_percent=40)
    address = f"/coverage/{r.taught.code}/{r.target.code}/"
    page = client.get(address).content.decode()
    for words in ("2 of 3 outcomes are covered", "Gaps: other", r.rows[0].code, "An indication, not a decision"):
        assert words in page
    data = client.get(f"/api{address}").json()
    assert [(o["outcome"].split("/")[1], o["covered"], o["missing"]) for o in data["outcomes"]] == [
        ("1", True, False), ("2", True, False), ("3", False, True),
    ]  # fmt: skip
    assert data["result"] == queries.indication(r.taught, r.target, "study").result.value == "full"
    assert client.get(f"/coverage/{r.taught.code}/PV-99999/").status_code == 404
    assert main(["coverage", "--pair", r.taught.code, r.target.code]) == 0
    assert "3\tmissing\tHost skill 3" in capsys.readouterr().out


def test_a_withdrawn_row_covers_no_longer_and_a_restored_one_again(r, client):
    def covered():
        found = overview.Overview([r.taught], [r.target], "study")
        return found.cell(0, 0).covered

    assert covered() == 2
    standards.withdraw_row(r.rows[1], note="mistaken", by=r.first)
    assert covered() == 1
    confirmed(r, 2)
    assert covered() == 2


def test_one_row_would_open_it_where_an_instrument_is_there_and_one_outcome_is_missing(r, client):
    instrument(r)
    taught(r, 7)
    standards.propose(
        r.crosswalk, r.taught.outcomes.get(number="3"), r.target.outcomes.get(number="3"), "close", by=r.home
    )
    (row,) = unlocked()[Key.ROW]
    assert (row.learners, row.fewer, row.pairs, [o.number for o in row.outcomes]) == (
        7,
        0,
        [(r.taught, r.target)],
        ["3"],
    )
    assert [str(one.code) for one in row.proposed] == [r.crosswalk.rows.order_by("-id")[0].code]
    (module,) = unlocked()[Key.MODULE]
    assert (module.learners, [o.number for o in module.outcomes]) == (7, ["3"])
    confirmed(r, 3)
    assert unlocked() == {Key.ROW: [], Key.INSTRUMENT: [], Key.MODULE: []}


def test_a_module_on_offer_that_closes_the_gap_is_not_asked_for_again(r):
    instrument(r)
    taught(r, 7)
    offer = kept(BridgingModule(title=Texts.of("Third"), institution=r.university, country="UZ"))
    kept(ModuleOutcome(module=offer, outcome=r.target.outcomes.get(number="3")))
    assert len(unlocked()[Key.MODULE]) == 1
    actions.offer(offer, by=r.first)
    assert unlocked()[Key.MODULE] == []


def test_an_instrument_would_open_what_is_covered_and_has_no_legal_basis(r):
    confirmed(r, 3)
    taught(r, 6)
    (one,) = unlocked()[Key.INSTRUMENT]
    assert (one.countries, one.learners, one.pairs) == (("CN", "UZ"), 6, [(r.taught, r.target)])
    act = instrument(r, purposes="work")
    assert len(unlocked("study")[Key.INSTRUMENT]) == 1
    assert unlocked("work")[Key.INSTRUMENT] == []
    actions.revoke(act, reason=Texts.of("ended"), from_start=True, by=r.first)
    assert len(unlocked("work")[Key.INSTRUMENT]) == 1


def test_under_a_convention_nothing_is_asked_for_and_a_memorandum_opens_nothing(r):
    taught(r, 6)
    instrument(r, basis="memorandum")
    assert unlocked()[Key.ROW] == []
    confirmed(r, 3)
    assert len(unlocked()[Key.INSTRUMENT]) == 1
    instrument(r, basis="convention")
    assert unlocked() == {Key.ROW: [], Key.INSTRUMENT: [], Key.MODULE: []}


def test_counts_below_the_least_are_hidden_and_enter_no_sum(r, client, capsys):
    assert overview.LEAST == LEAST_OF_FIGURES
    second = version("Second skill", r.college, r.cn_ministry, r.taught.level, r.home)
    beside = kept(Crosswalk(source=second, target=r.target))
    for n in "123":
        row = standards.propose(
            beside, second.outcomes.get(number=n), r.target.outcomes.get(number=n), "exact", by=r.home
        )
        standards.confirm(row, by=r.home)
        standards.confirm(row, by=r.first)
    confirmed(r, 3)
    taught(r, 3)
    taught(r, 9, second)
    (one,) = unlocked()[Key.INSTRUMENT]
    assert (one.learners, one.fewer) == (9, 1)
    sign_in(client, r.first)
    page = client.get("/unlocking/?from=CN&to=UZ").content.decode()
    assert "9 learners, and 1 programme with fewer than 5 learners" in page
    assert "fewer than 5 learners</span>" in page and "12" not in page.split("<main", 1)[1].split("</main", 1)[0]
    data = client.get("/api/unlocking/?from=CN&to=UZ").json()["instrument"]
    assert [(x["learners"], x["programmes_with_fewer"]) for x in data] == [(9, 1)]
    assert main(["unlocking", "--from", "CN", "--as", r.first.email]) == 0
    assert "An instrument from China to Uzbekistan: 9 learners, and 1 programme" in capsys.readouterr().out


def test_learners_are_counted_for_authorities_the_secretariat_and_auditors_only(r, client, capsys):
    assert client.get("/unlocking/").status_code == 302
    assert client.get("/api/unlocking/").status_code == 401
    assert "/unlocking/" not in client.get("/coverage/").content.decode()
    sign_in(client, r.stranger)
    assert client.get("/unlocking/").status_code == client.get("/api/unlocking/").status_code == 403
    assert main(["unlocking", "--from", "CN", "--as", r.stranger.email]) == 3
    client.logout()
    sign_in(client, r.keeper)
    assert client.get("/unlocking/?from=CN&to=").status_code == 200
    assert "/unlocking/" in client.get("/coverage/").content.decode()


def test_where_a_programme_is_recognised_is_said_by_rest_and_command_line_as_on_the_page(r, client, capsys):
    act = instrument(r, missing_percent=40)
    lines = client.get("/api/recognised/", {"q": r.taught.code, "country": "UZ"}).json()["results"]
    assert [(x["purpose"], x["result"], x["instrument"], x["covered"], x["missing"]) for x in lines] == [
        (purpose, "full", act.code, 2, [f"{r.target.code}/3"]) for purpose in ("study", "work")
    ]
    assert client.get("/api/recognised/", {"q": "PV-99999"}).status_code == 404
    assert client.get("/api/recognised/", {"q": r.taught.code, "awarded_on": "yesterday"}).status_code == 422
    assert main(["recognised", r.taught.code, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["results"] == lines
    assert main(["recognised", r.taught.code]) == 0
    assert "until" not in capsys.readouterr().out.split("An indication")[0] and main(["recognised", "PV-9"]) == 2


@pytest.mark.parametrize("language", ["en", "zh-hans", "ru"])
def test_the_overviews_are_drawn_in_every_language(r, client, language):
    confirmed(r, 3)
    taught(r, 6)
    sign_in(client, r.first)
    for address in ("/coverage/", f"/coverage/{r.taught.code}/{r.target.code}/", "/unlocking/?from=CN"):
        page = client.get(address, headers={"accept-language": language})
        assert page.status_code == 200, address
    assert client.get("/coverage/?from=QQ").status_code == client.get("/unlocking/?from=QQ").status_code == 422


def test_asked_again_no_row_is_read_until_standards_or_law_change_in_the_log(r):
    instrument(r)
    taught(r, 7)
    first = unlocked()
    with CaptureQueriesContext(connection) as asked:
        assert unlocked() == first
    assert [query["sql"] for query in asked if "standards_judgement" in query["sql"]] == []
    taught(r, 3)
    assert [row.learners for row in unlocked()[Key.ROW]] == [10]
    confirmed(r, 3)
    assert unlocked()[Key.ROW] == []
