"""Unsigned copies: complete, for those who may see the credential, of what is in force; on page, REST and command line."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from award_cast import world
from cast import TESTS, sign_in, user
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation
from lxml import etree

from sunmao.cohorts.models import Sight
from sunmao.credentials import actions, saying, transcripts
from sunmao.credentials.models import AwardKind
from sunmao.kernel import changes, clock
from sunmao.kernel.text import Texts
from sunmao.site.cli import main
from sunmao.standards.ladders import load_eqf
from sunmao.standards.models import Framework, Level, Referencing, VersionState
from sunmao.vc.transcripts import elm_reading, elmo_reading, finding
from sunmao.vc.verify import verify
from tests.vc.transcript_cast import elmo_schema

pytestmark = pytest.mark.django_db


def level(version):
    """Put a programme on a level of a national framework that compares to EQF 4."""
    eqf = load_eqf(by=TESTS).levels.get(step=4)
    own = changes.save(Framework(title=Texts.of(en="Chinese framework"), country="CN"), by=TESTS)
    step = changes.save(Level(framework=own, step=3, title=Texts.of(en="Senior", zh="高级")), by=TESTS)
    changes.save(Referencing(source=step, target=eqf, from_on=date(2020, 1, 1)), by=TESTS)
    version.programme.field, version.programme.country = "1041", "CN"
    changes.save(version.programme, by=TESTS)
    changes.save(_in_state(version, VersionState.DRAFT), by=TESTS)
    version.level, version.credits = step, Decimal("12.50")
    changes.save(version, by=TESTS)
    changes.save(_in_state(version, VersionState.PUBLISHED), by=TESTS)


def _in_state(version, state):
    version.state = state
    return version


@pytest.fixture
def made():
    found = world(kind=AwardKind.DIPLOMA, learners=1)
    level(found.version)
    return found


def test_elm_says_programme_results_credits_levels_and_both_institutions_in_every_language(made):
    row = made.issued()
    found = elm_reading.read(transcripts.write([row], transcripts.ELM))
    assert found is not None
    one = found.achievements[0]
    assert (found.id, found.number, found.holder.name) == (
        row.signed_document["id"], row.number, "Dilnoza Example 1",
    )  # fmt: skip
    assert one.title == {"en": "Modern logistics", "zh": "现代物流管理", "ru": "Логистика"}
    assert one.kind == "qualification"
    assert [(held.names, held.country) for held in one.awarded_by] == [
        ({"en": "Shipping College", "zh": "海运学院"}, "CN"),
        ({"en": "Transport University", "ru": "Транспортный университет"}, "UZ"),
    ]
    assert one.awarded_by[0].identifiers[0] == ("did", row.signed_document["issuer"]["id"])
    assert [(held.framework, held.value) for held in one.levels] == [("EQF", "4"), ("Chinese framework", "3")]
    assert one.levels[1].label == {"en": "Senior", "zh": "高级"}
    assert ([held.value for held in one.credits], one.credits[0].scheme) == (["12.5"], "credits of CN")
    assert (one.fields, one.hours, one.awarded_on) == (["1041"], "320", str(clock.today()))
    results = [(part.title, part.grade, part.status) for part in one.parts]
    assert results == [({"en": f"Plan transport {n}"}, {"en": "excellent"}, "passed") for n in (1, 2)]
    assert [held.title["en"] for held in one.outcomes] == ["Plan transport 1", "Plan transport 2"]
    assert row.number in found.description["ru"]


def test_elmo_says_the_same_and_fits_the_official_schema(made, shared, tmp_path):
    data = transcripts.write([made.issued()], transcripts.ELMO)
    elmo_schema(shared, tmp_path).assertValid(etree.fromstring(data))
    found = elmo_reading.read(data)
    assert found is not None
    one = found.achievements[0]
    assert (one.title["zh"], one.kind, one.fields, one.hours) == ("现代物流管理", "qualification", ["1041"], "320")
    assert [(held.framework, held.value) for held in one.levels] == [("EQF", "4"), ("Chinese framework", "3")]
    assert [(part.grade, part.status) for part in one.parts] == [({"und": "excellent"}, "passed")] * 2
    for code, text in (
        ("en", "Awarded together by: Shipping College; "),
        ("ru", "совместно: "),
        ("zh", "共同颁发：海运学院"),
    ):
        assert text in one.description[code]
        assert one.identifiers[0][1] in one.description[code]
    assert [part.description for part in one.parts] == [{}, {}]


def test_a_kind_outside_formal_education_is_no_qualification():
    found = elm_reading.read(transcripts.write([world(learners=1).issued()], transcripts.ELM))
    assert found is not None
    assert found.achievements[0].kind == "achievement"


@pytest.mark.parametrize("form", transcripts.FORMS)
def test_a_copy_is_understood_and_never_genuine(made, form):
    report = verify(transcripts.write([made.issued()], form))
    assert (report.exit_code, [check.code for check in report.checks]) == (
        2, ["transcript_found", "transcript_unsigned"],
    )  # fmt: skip


def test_what_is_not_in_force_is_not_copied(made):
    row = made.issued()
    actions.suspend(row, why="asked", by=made.lin)
    with pytest.raises(ValidationError, match="could not be taken back"):
        transcripts.write([row], transcripts.ELMO)
    client = sign_in(Client(), made.lin)
    assert client.get(f"/credentials/{row.code}/copy.elmo.xml").status_code == 409
    assert client.get(f"/api/credentials/{row.code}/copy.elmo.xml").status_code in (400, 409, 422)


def test_page_and_rest_give_it_to_who_sees_the_credential_and_the_learner_is_told(made):
    row = made.issued()
    for path in (f"/credentials/{row.code}/copy.elm.json", f"/credentials/{row.code}/record.elmo.xml"):
        assert finding.find(sign_in(Client(), made.lin).get(path).content) is not None
        assert finding.find(sign_in(Client(), made.lin).get(f"/api{path}").content) is not None
        assert {
            sign_in(Client(), made.bob).get(path).status_code,
            sign_in(Client(), made.bob).get(f"/api{path}").status_code,
        } == {404}
        assert Client().get(path).status_code in (302, 404)
        assert Client().get(f"/api{path}").status_code in (401, 403, 404)
    assert sign_in(Client(), made.lin).get(f"/credentials/{row.code}/copy.pdf").status_code == 404
    assert Sight.objects.filter(learner=row.learner, face="file").exists()
    assert (
        f"/credentials/{row.code}/copy.elm.json"
        in sign_in(Client(), made.lin).get(f"/credentials/{row.code}/").content.decode()
    )


def test_a_record_holds_all_that_is_in_force_of_one_learner_and_nobody_else():
    made = world(joint=False)
    row = made.issued()
    second = type(row).objects.exclude(learner=row.learner).get()
    held = transcripts.record_of(row, type(row).objects.all())
    assert held == [row]
    with pytest.raises(ValidationError, match="one learner"):
        transcripts.write([row, second], transcripts.ELMO)
    with pytest.raises(ValidationError, match="one credential"):
        transcripts.write([row, row], transcripts.ELM)
    found = elmo_reading.read(transcripts.write([row, row], transcripts.ELMO))
    assert found is not None
    assert len(found.achievements) == 2


def test_the_command_writes_for_the_holder_by_the_files_name(made, tmp_path, capsys):
    row, holder = made.issued(), user("Dilnoza Example")
    row.learner.person = holder.person
    changes.save(row.learner, by=TESTS)
    for name in ("a.xml", "a.json"):
        assert main(["transcript", row.code, str(tmp_path / name), "--as", holder.email]) == 0, capsys.readouterr()
        assert finding.find((tmp_path / name).read_bytes()) is not None
    assert main(["transcript", row.code, str(tmp_path / "a.pdf"), "--as", holder.email]) == 2
    for other in (made.bob, made.lin):  # one has no part in it, one has not shown the second factor
        assert main(["transcript", row.code, str(tmp_path / "b.xml"), "--as", other.email]) in (2, 3)
    assert not (tmp_path / "b.xml").exists()


def test_what_a_file_says_is_told_in_the_readers_language(made):
    says = json.loads(json.dumps(verify(transcripts.write([made.issued()], transcripts.ELM)).transcript))
    with translation.override("zh-hans"):
        told = [(str(row["label"]), str(row["value"])) for row in saying.rows(says)]
    assert ("资格", "现代物流管理") in told
    assert ("状态", "通过") in told
