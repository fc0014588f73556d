"""The demonstration: the facts become records by the rooms' own rules; what is made up is marked."""

from __future__ import annotations

import gzip
import json
import re
import stat

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation
from laid import demonstration

from sunmao.directory.models import Context, Organisation, OrganisationName
from sunmao.indicators.models import Question, ReportedFigure
from sunmao.kernel.models import Change, Leaf, Record
from sunmao.people.models import Membership, Person, Role, User
from sunmao.site import signins
from sunmao.site.demo.load import load
from sunmao.site.demo.world import facts
from sunmao.sources.models import Citation

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demonstration, laid out for this module and taken back."""
    with django_db_blocker.unblock(), demonstration() as world:
        yield world
    signins.place().unlink(missing_ok=True)


def test_it_loads_in_less_than_25_seconds_of_work_and_a_second_time_changes_nothing(demo):
    assert demo.seconds < 25
    before = Change.objects.count()
    assert load(lambda *said: None) is None
    assert Change.objects.count() == before


def test_every_record_is_in_the_log_so_that_none_was_put_past_the_door(demo):
    from django.apps import apps

    known = set(Change.objects.values_list("record", flat=True))
    known |= {str(uid) for uid in Leaf.objects.values_list("record", flat=True)}
    for model in apps.get_models():
        if issubclass(model, Record):
            missing = {str(uid) for uid in model._base_manager.values_list("uid", flat=True)} - known
            assert not missing, (model, missing)


def test_every_role_has_a_made_up_person_with_a_second_factor(demo):
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
    assert all(person.demo and "Example" in str(person.name["en"]["text"]) for person in Person.objects.all())
    kept = json.loads(signins.place().read_text(encoding="utf-8"))
    assert {row["email"] for row in kept} == set(User.objects.values_list("email", flat=True))
    assert all(row["password"] and row["secret"] for row in kept)
    assert stat.S_IMODE(signins.place().stat().st_mode) == 0o600


def test_a_name_that_is_our_translation_is_not_called_official(demo):
    row = next(row for row in facts("organisations", "organisation") if row.get("translated") == ["ru"])
    names = OrganisationName.objects.filter(organisation=demo.organisations[row["key"]])
    kinds = {name.language: name.kind for name in names if name.text in row["names"].values()}
    assert kinds == {"en": "official", "zh": "official", "ru": "translation"}


def test_every_reported_figure_keeps_its_passage_and_document(demo):
    rows = facts("figures", "figure")
    assert ReportedFigure.objects.count() == sum(1 + len(row.get("also", ())) for row in rows)
    assert Question.objects.count() == len(facts("figures", "question"))
    assert not ReportedFigure.objects.filter(passage="").exclude(document=None).exists()


def test_an_own_count_and_what_was_reported_stand_side_by_side(demo):
    page = Client().get("/figures/uz-agreements/").content.decode()
    assert ">2</a>" in page and "13" in page and "China Daily" in page


def test_home_is_light_asks_no_other_host_and_every_number_on_it_opens(demo):
    client = Client(headers={"accept-encoding": "gzip"})
    answer = client.get("/")
    page = (
        gzip.decompress(answer.content).decode() if answer.headers.get("Content-Encoding") else answer.content.decode()
    )
    assert len(answer.content) < 30_000 and len(page) < 100_000
    assert "style=" not in page
    links = set(re.findall(r'(?:href|action)="(/[^"#]*)', page))
    assert not re.findall(r'(?:href|src|action)="https?://', page)
    for link in sorted(links):
        if not link.startswith(("/static/", "/language/", "/theme/")):
            found = Client().get(link.replace("&amp;", "&"))
            assert found.status_code == 200, link


def test_the_map_draws_every_luban_workshop_and_the_table_every_answer(demo):
    page = Client().get("/").content.decode()
    assert page.count("<circle") == 28
    assert page.count('<circle class="su') == 4  # being set up or launched, by where they stand
    assert page.count(' area"') == 7 + 1  # only the country is known, and the legend
    for words in ("28 in 26", "34 in 30", "20 in 19", "8 in 7", "10 in 8", "164 in 14", "13 in 8"):
        assert f">{words}</a>" in page, words


def test_home_speaks_all_languages(demo):
    for code, words in (
        ("en", "Search the register"),
        ("zh-hans", "在册鲁班工坊"),
        ("ru", "Записанные Мастерские Лубаня"),
    ):
        client = Client()
        client.cookies["language"] = code
        assert words in client.get("/").content.decode(), code


def test_organisations_made_up_for_it_are_marked(demo):
    made_up = Organisation.objects.filter(demo=True)
    assert [str(row.title["en"]["text"]) for row in made_up] == ["Secretariat of the demonstration register"]


def test_every_citation_names_its_fact_in_the_readers_words(demo):
    models = Citation.__subclasses__()
    cites = [row for model in models for row in model._base_manager.exclude(fact="")]
    assert len(cites) > 250
    with translation.override("zh-hans"):
        bare = {(type(row).__name__, row.fact) for row in cites if re.search("[A-Za-z]", str(row.fact_label or "x"))}
    assert bare == set()


def test_a_note_of_the_facts_stands_in_the_citation_of_its_passage(demo):
    for name, made in (("workshop", demo.workshops), ("organisation", demo.organisations)):
        rows = [row for row in facts(f"{name}s", name) if "note" in row]
        assert rows
        for row in rows:
            said = [str(cite.says) for cite in made[row["key"]].citations.all()]
            assert row["note"]["en"] in said, row["key"]


def test_what_was_under_way_in_2022_is_told_by_stage_and_says_nothing_of_today(demo):
    workshop = demo.workshops["luban-kz"]
    told = {cite.fact for cite in workshop.citations.filter(document=demo.documents["kz-2022"]) if cite.says}
    assert {"partners", "stages.site", "stages.curriculum", "stages.teachers"} <= told
    assert not workshop.stages.exists()
    page = Client(headers={"accept-language": "ru"}).get(f"/workshops/{workshop.code}/").content.decode()
    assert "Разрабатывались по состоянию на ноябрь 2022 года." in page and "учебные программы" in page.lower()


def test_every_context_is_a_record_with_its_source(demo):
    rows = facts("context", "context")
    assert Context.objects.count() == len(rows) > 13
    assert not Context.objects.filter(citations=None).exists()


def test_an_application_to_join_waits_and_is_seen_by_no_stranger(demo):
    asked = demo.alliances["uz"].members.get(state="applied")
    assert asked.demo and str(asked.organisation) == "ZTE"
    assert Client().get(f"/members/{asked.uid}/").status_code == 404


def test_citing_a_field_that_a_record_lacks_is_refused(demo):
    cite = demo.workshops["luban-kz"].citations.first()
    for fact, label in (("host", "host"), ("stages.site", "site"), ("partners.chinese", "Chinese partner"),
                        ("stages.moon", None), ("moon", None)):  # fmt: skip
        cite.fact = fact
        assert cite.fact_label == label
        if label is None:
            with pytest.raises(ValidationError, match="no field of this name"):
                cite.clean()
