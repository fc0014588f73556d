"""Every figure equals the list it opens to, for each person and each day."""

from __future__ import annotations

import json
from datetime import date

import pytest
from cast import TESTS, organisation, sign_in, user

from sunmao.alliances.models import Alliance, Member
from sunmao.indicators.figures import REGISTRY, breakdown, count, known
from sunmao.indicators.models import Question, ReportedFigure
from sunmao.kernel import changes, clock
from sunmao.kernel.desk import registry
from sunmao.kernel.text import Texts
from sunmao.kernel.when import When
from sunmao.people.visitor import Visitor
from sunmao.site.commands.figures import main
from sunmao.sources.models import Document

pytestmark = pytest.mark.django_db
DAY = date(2024, 6, 1)


def save(record):
    return changes.save(record, by=TESTS)


@pytest.fixture
def alliance():
    """An alliance with one member since 2020, one since a day of 2024, one of no stated day, one applicant."""
    made = save(Alliance(organisation=organisation("League", kind="alliance")))
    for name, country, joined, state in (
        ("Early", "UZ", "2020", "accepted"), ("Some day", "LA", "2024", "accepted"),
        ("Unknown", "TH", "", "accepted"), ("Hopeful", "KZ", "", "applied"),
    ):  # fmt: skip
        row = Member(alliance=made, organisation=organisation(name, country=country), state=state)
        row.joined = When.read(joined) if joined else None
        save(row)
    return made


def question(**fields):
    return save(Question(key_name="league-members", title=Texts.of("Members of the league"), **fields))


def report(of, value, outlet, **fields):
    document = save(Document(title=Texts.of(f"Page of {outlet}"), outlet=outlet, kind="news", reliability="reported"))
    return save(ReportedFigure(question=of, value=value, document=document, passage="paragraph 2", **fields))


def test_counted_as_of_a_day_is_only_what_is_sure_and_the_unsure_stands_beside(alliance):
    found = count(REGISTRY["alliance-members"], Visitor(), {"alliance": alliance.code}, DAY)
    assert (found.value, found.unsure) == (1, 2)
    lands = count(REGISTRY["alliance-countries"], Visitor(), {"alliance": alliance.code}, DAY)
    assert (lands.value, lands.unsure) == (1, 2)


def test_every_figure_and_every_line_of_it_opens_to_as_many_rows(alliance, client):
    organisation("A ministry", kind="authority", country="UZ")
    for figure in known():
        counted = count(figure, Visitor(), {}, None)
        lines = [entry for name in figure.by for entry in breakdown(figure, name, Visitor(), {}, counted.as_of)]
        for value, url in [(counted.value, counted.url), *((line.value, line.url) for line in lines)]:
            if not figure.distinct:
                rows = client.get("/api" + url).json()["results"]
                assert len(rows) == value, (figure.key, url)


def test_a_breakdown_by_country_takes_one_query_however_many_countries(django_assert_num_queries):
    for country in ("UZ", "LA", "TH", "KZ", "KE"):
        organisation(country=country)
    with django_assert_num_queries(1):
        lines = breakdown(REGISTRY["organisations"], "country", Visitor(), {}, clock.today())
    assert {line.code: line.value for line in lines} == dict.fromkeys(("UZ", "LA", "TH", "KZ", "KE"), 1)


def test_a_visitor_counts_public_records_and_who_may_see_more_counts_more(alliance):
    outsider = count(REGISTRY["alliance-members"], Visitor(), {}, None)
    assert outsider.value == 1 + 1
    assert "Hopeful" not in str(breakdown(REGISTRY["alliance-members"], "country", Visitor(), {}, outsider.as_of))


def test_differing_reports_all_stay_with_their_own_date_and_source(alliance, client):
    asked = question(figure="alliance-members", narrowed={"alliance": alliance.code}, unit="organisations")
    report(asked, 164, "China Daily", as_of=When.unstated("last Friday"))
    report(asked, 20, "An embassy", as_of=When.read("before 2023"), bound="over")
    page = client.get("/figures/league-members/").content.decode()
    for words in ("164", "over 20", "China Daily", "last Friday", "before 2023", "paragraph 2"):
        assert words in page, words


def test_page_interface_and_command_line_give_the_same_answers(alliance, client, capsys):
    asked = question(figure="alliance-members", narrowed={"alliance": alliance.code}, unit="organisations")
    report(asked, 164, "China Daily")
    over_rest = client.get("/api/figures/league-members/?as_of=2024-06-01").json()
    assert main(["league-members", "--as-of", "2024-06-01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == over_rest
    assert (over_rest["counted"]["value"], over_rest["counted"]["unsure"]) == (1, 2)
    assert [row["value"] for row in over_rest["reports"]] == [164]


def test_a_day_to_come_or_no_day_is_refused_in_words(client, capsys):
    for text, says in (("2999-01-01", "still to come"), ("2022-13", "is not a day")):
        answer = client.get(f"/figures/?as_of={text}")
        assert answer.status_code == 422 and says in answer.content.decode()
        assert client.get(f"/api/figures/?as_of={text}").status_code == 422
        assert main(["--as-of", text]) == 1
        assert says in capsys.readouterr().err


def test_a_figure_without_dates_says_so_instead_of_answering_for_another_day():
    organisation("Here")
    found = count(REGISTRY["organisations"], Visitor(), {}, DAY)
    assert (found.value, found.dated) == (1, False)


def test_what_is_no_figure_is_not_found(client, capsys):
    assert client.get("/figures/nothing-such/").status_code == 404
    assert client.get("/api/figures/nothing-such/").status_code == 404
    assert main(["nothing-such"]) == 2


def test_a_question_takes_no_filter_its_figure_does_not_know():
    with pytest.raises(Exception, match="does not take the filter"):
        question(figure="organisations", narrowed={"alliance": "ALL-00001"})


def test_a_report_takes_the_reliability_of_its_document():
    asked = question()
    assert report(asked, 5, "A paper").reliability == "reported"


def test_only_those_who_keep_facts_write_them(client):
    teacher = user("Teacher", ("teacher", organisation()))
    officer = user("Officer", ("officer", organisation()))
    assert sign_in(client, teacher).get("/questions/add/").status_code == 403
    assert sign_in(client, officer).get("/questions/add/").status_code == 200
    assert registry.by_slug["questions"].may(officer, "delete") is False
