"""A class comes in by sheet: known learners are known again, bad rows are named, and the sheet is not kept."""

from datetime import timedelta
from pathlib import Path

import pytest
from cast import sign_in
from cohort_cast import Scene
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from sunmao.cohorts.models import Enrolment, Learner, Sight
from sunmao.kernel import clock, doctor, imports
from sunmao.kernel.models import ImportRun, StoredFile
from sunmao.kernel.text import Texts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene():
    return Scene()


def bring(client, text, **more):
    """Bring a sheet in over the four pages; return the answer to the last deed and the run."""
    upload = SimpleUploadedFile("class.csv", text.encode())
    mapped = client.post("/learners/import/", {"file": upload})["Location"]
    given = ImportRun.objects.order_by("-id")[0].mapping["given"]
    columns = text.split("\n", 1)[0].split(",")
    back = {column: target for target, column in given.items()}
    client.post(mapped, {f"column-{place}": back.get(column, "") for place, column in enumerate(columns)})
    run = ImportRun.objects.order_by("-id")[0]
    answer = client.post(f"/learners/import/{run.key}/check/", more)
    return answer, ImportRun.objects.get(pk=run.pk)


def test_a_sheet_enrols_a_class_once_however_often_it_is_brought(scene, client):
    scene.enrol("Known Already", "1")
    sign_in(client, scene.lin)
    code = scene.cohort.code
    text = f"name_en,name_zh,number,birth_year,cohort\nKnown Already,,1,2003,{code}\nLi Hua,李华,2,2004,{code}\nNo Number,,,,{code}\n"
    answer, run = bring(client, text)
    assert (answer.status_code, run.state, run.found["new"], run.found["unchanged"]) == (302, "done", 2, 1)
    assert Enrolment.objects.filter(cohort=scene.cohort).count() == Learner.objects.count() == 3
    assert Learner.objects.get(number="2").name == Texts.of({"en": "Li Hua", "zh": "李华"})
    _answer, again = bring(client, text)
    assert (again.found["new"], again.found["unchanged"], Enrolment.objects.count()) == (0, 3, 3)
    assert list(doctor.examine()) == []


def test_the_second_cohort_of_a_known_learner_adds_no_second_person(scene, client):
    scene.enrol("Li Hua", "2")
    scene.cohort = scene.open(title=Texts.of("Group two"))
    sign_in(client, scene.lin)
    bring(client, f"name_en,number,cohort\nLi Hua,2,{scene.cohort.code}\n")
    assert (Learner.objects.count(), Enrolment.objects.count()) == (1, 2)


def test_bad_rows_are_named_and_nothing_is_stored_until_the_good_ones_are_chosen(scene, client):
    foreign = scene.open(title=Texts.of("Elsewhere"))
    sign_in(client, scene.lin)
    code = scene.cohort.code
    text = (
        f"name_en,number,birth_year,cohort\nGood One,1,2003,{code}\nBad Year,2,20x3,{code}\nNo Cohort,3,2003,\n"
        f"Strange Cohort,4,2003,CO-99999\nGood One,1,2003,{code}\n"
    )
    answer, run = bring(client, text)
    assert answer.status_code == 422 and not Learner.objects.exists()
    assert [problem[0] for problem in run.found["problems"]] == [3, 4, 5, 6]
    answer, run = bring(client, text, keep_good="on")
    assert (answer.status_code, Learner.objects.count(), foreign.enrolments.count()) == (302, 1, 0)


def test_a_cohort_of_another_house_takes_nobody_by_sheet(scene, client):
    sign_in(client, scene.eve)
    answer, run = bring(client, f"name_en,number,cohort\nLi Hua,2,{scene.cohort.code}\n")
    assert answer.status_code == 422
    assert [problem[3] for problem in run.found["problems"]] == ["There is no cohort of yours with this code."]


def test_neither_the_sheet_nor_its_cells_are_kept(scene, client):
    sign_in(client, scene.lin)
    text = f"name_en,number,birth_year,cohort\nKanarikname,7,2003,{scene.cohort.code}\nKanarikbad,8,Kanarikyear,{scene.cohort.code}\n"
    _answer, run = bring(client, text, keep_good="on")
    assert run.state == "done" and "Kanarik" not in str(run.found)
    kept = StoredFile.objects.get(pk=run.file_id)
    assert kept.removed_on is not None
    assert not (Path(settings.SUNMAO_HOME) / "files" / kept.sha256[:2] / kept.sha256).exists()
    assert list(doctor.examine()) == []
    assert client.get(f"/learners/import/{run.key}/mapping/").status_code == 404
    assert not Sight.objects.exists()


def test_a_sheet_of_names_that_nobody_brings_to_an_end_is_gone_after_a_day(scene, client):
    sign_in(client, scene.lin)
    text = f"name_en,number,birth_year,cohort\nZumradkanarik,1,20x3,{scene.cohort.code}\n"
    assert bring(client, text)[0].status_code == 422
    kept = StoredFile.objects.get()
    bytes_of = settings.SUNMAO_HOME / "files" / kept.sha256[:2] / kept.sha256
    assert (imports.expire(), bytes_of.exists()) == (0, True)
    with clock.stopped_at(clock.now() + imports.KEPT + timedelta(minutes=1)):
        assert (imports.expire(), bytes_of.exists(), imports.expire()) == (1, False, 0)
    assert client.get(f"/learners/import/{ImportRun.objects.get().key}/bad.csv").status_code == 404
