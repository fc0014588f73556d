"""Standards from files of others: Chinese profiles, plans and course standards as sheets, ESCO's own tables."""

import json
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from cast import organisation, sign_in, user
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from sunmao.kernel import changes
from sunmao.kernel.models import Change
from sunmao.kernel.text import Texts
from sunmao.site.cli import main
from sunmao.standards import bringing
from sunmao.standards.models import Programme, ProgrammeVersion
from sunmao.standards.reading import profiles

PROFILE = {
    "major_code": "999901",
    "major": "虚构通信技术",
    "abilities": ["具有安装基站的能力", "掌握光纤结构"],
    "courses": "专业基础课程：电工基础、通信原理。\n\n专业核心课程：基站建设、光纤接续。\n\n实习实训：略。",
}
PLAN = "课程名称,学分,学时,能力要求,类型,核心\n网络建设,4,64,会安装基站,技能,是\n,,,了解光纤结构,知识,\n网络运行,3.5,56,会排除故障,技能,\n"
OCCUPATIONS = "conceptUri,iscoGroup,preferredLabel,code\nu:o1,7422,invented technician,7422.9\nu:o2,7422,other,7422.8\n"
SKILLS = "conceptUri,skillType,preferredLabel\nu:s1,skill/competence,splice fibre\nu:s2,knowledge,cable types\n"
RELATIONS = "occupationUri,relationType,skillUri\nu:o1,essential,u:s1\nu:o1,optional,u:s2\nu:o2,essential,u:s2\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "profiles.jsonl").write_text(json.dumps(PROFILE) + "\n", encoding="utf-8")
    (tmp_path / "plan.csv").write_text(PLAN, encoding="utf-8")
    for name, text in (("occupations", OCCUPATIONS), ("skills", SKILLS), ("occupation_skill", RELATIONS)):
        (tmp_path / f"esco_{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_profile_becomes_outcomes_and_courses_and_nothing_is_made_up(folder):
    draft = bringing.read(folder / "profiles.jsonl", "999901")
    assert (draft.texts, draft.outside_code, draft.country) == ({"zh": "虚构通信技术"}, "999901", "CN")
    assert [(one.number, one.kind, one.unit) for one in draft.outcomes] == [
        ("1", "skill", None),
        ("2", "knowledge", None),
    ]
    assert [one.texts["zh"] for one in draft.units] == ["电工基础", "通信原理", "基站建设", "光纤接续"]
    assert not any(one.credits or one.hours for one in draft.units)


def test_one_of_many_profiles_must_be_named(folder):
    other = {**PROFILE, "major_code": "999902", "major": "另一专业"}
    file = folder / "profiles.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in (PROFILE, other)), encoding="utf-8")
    with pytest.raises(ValidationError, match=r"2 majors.*999901"):
        bringing.read(file)
    with pytest.raises(ValidationError, match="no major “510301”"):
        bringing.read(file, "510301")
    assert bringing.read(file, "另一专业").outside_code == "999902"


@pytest.mark.parametrize("text", ["[]", "{}", '{"major_code": "1"}', "not json", "[" * 100_000, "\x00"])
def test_a_file_that_holds_no_profiles_is_refused_in_words(tmp_path, text):
    (tmp_path / "x.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(ValidationError, match="holds no major profiles"):
        bringing.read(tmp_path / "x.jsonl")


def test_a_plan_carries_a_course_down_and_its_credits_belong_to_the_course(folder):
    draft = bringing.read(folder / "plan.csv", title="虚构专业")
    assert [(one.number, one.credits, one.hours) for one in draft.units] == [
        (1, Decimal(4), 64),
        (2, Decimal("3.5"), 56),
    ]
    found = [(one.number, one.unit, one.kind, one.critical, one.credits) for one in draft.outcomes]
    assert found == [
        ("1.1", 1, "skill", True, None), ("1.2", 1, "knowledge", False, None), ("2.1", 2, "skill", False, None),
    ]  # fmt: skip
    assert (draft.kind, draft.texts) == ("curriculum", {"zh": "虚构专业"})


def test_a_course_standard_in_two_languages_is_read_by_its_column_names(tmp_path):
    file = tmp_path / "course.csv"
    file.write_text("outcome_en,outcome_ru,hours,kind\nSplice fibre,Сваривать волокно,12,skill\n", encoding="utf-8")
    draft = bringing.read(file)
    assert (draft.kind, draft.units) == ("course", ())
    one = draft.outcomes[0]
    assert (dict(one.texts), one.hours, one.number) == ({"en": "Splice fibre", "ru": "Сваривать волокно"}, 12, "1")


def test_what_is_wrong_with_a_plan_is_said_with_its_rows(tmp_path):
    file = tmp_path / "plan.csv"
    file.write_text("number,outcome,kind,credits\n1,Weld,magic,4\n1,Solder,skill,many\n", encoding="utf-8")
    with pytest.raises(ValidationError) as refused:
        bringing.read(file)
    said = refused.value.messages[0]
    assert "row 2: “magic”" in said
    assert "row 3: “many”" in said
    assert "number 1 stands twice" in said


def test_an_occupation_comes_with_its_skills_from_three_files_beside_each_other_or_in_one_zip(folder):
    draft = bringing.read(folder / "esco_occupations.csv", "7422.9")
    box = folder / "esco.zip"
    with zipfile.ZipFile(box, "w") as out:
        for name in ("occupations", "skills", "occupation_skill"):
            out.write(folder / f"esco_{name}.csv", f"v1/{name}.csv")
    assert bringing.read(box, "invented technician") == draft
    found = [(one.number, one.texts["en"], one.kind, one.unit) for one in draft.outcomes]
    assert found == [("1.1", "splice fibre", "skill", 1), ("2.1", "cable types", "knowledge", 2)]
    assert (draft.requirement, draft.kind, draft.outside_code) == ({"unit": 1}, "occupational", "7422.9")


def test_escos_tables_without_the_relations_are_refused_by_name(folder):
    (folder / "esco_occupation_skill.csv").unlink()
    with pytest.raises(ValidationError, match="which occupation needs which skill"):
        bringing.read(folder / "esco_occupations.csv", "7422.9")


@pytest.mark.shared
def test_official_profiles_and_esco_are_read_as_they_are(shared):
    path = shared / "data" / "china" / "ve_major_profiles.jsonl"
    draft = bringing.read(path, "510301")
    assert (draft.texts["zh"], len(draft.outcomes)) == ("现代通信技术", 8)
    codes = [one["major_code"] for one in profiles._profiles(path)]
    assert len(codes) == len(set(codes)) == 1256
    occupation = bringing.read(shared / "data" / "esco" / "esco_occupations.csv", "telecommunications technician")
    assert {one.unit for one in occupation.outcomes} == {1, 2}
    assert all({"en", "fr", "es"} <= set(one.texts) for one in occupation.outcomes)


@pytest.fixture
def house(db):
    return organisation("Lead College")


@pytest.fixture
def lin(house):
    return user("Lin", ("officer", house))


def test_what_was_read_is_a_draft_version_and_the_same_file_again_is_refused(folder, house, lin):
    owner, draft = house, bringing.read(folder / "profiles.jsonl")
    made = bringing.bring(draft, owner, sha256="ab" * 32, by=lin)
    assert made.is_open
    assert made.programme.outside_code == "999901"
    assert [o.number for o in made.outcomes.order_by("order")] == ["1", "2"]
    assert Change.objects.get(deed="import").file_sha256 == "ab" * 32
    with pytest.raises(ValidationError, match="says the same"):
        bringing.bring(draft, owner, by=lin)
    changed = replace(draft, outcomes=draft.outcomes[:1])
    assert bringing.bring(changed, owner, label="next", by=lin).programme == made.programme


def test_a_refused_file_leaves_nothing_behind(folder, house, lin):
    draft = bringing.read(folder / "plan.csv", title="Plan")
    twice = replace(draft, outcomes=(*draft.outcomes, replace(draft.outcomes[0], number="x" * 30)))
    with pytest.raises(ValidationError):
        bringing.bring(twice, house, by=lin)
    assert not Programme.objects.exists()


def test_page_and_rest_read_a_version_from_a_file(client, house, lin):
    programme = changes.save(Programme(title=Texts.of("Plan"), owner=house), by=lin)
    sign_in(client, lin)
    page = client.post(
        f"/programmes/{programme.code}/do/read_file/", {"file": SimpleUploadedFile("plan.csv", PLAN.encode())}
    )
    version = ProgrammeVersion.objects.get()
    assert page.url == f"/programme-versions/{version.code}/"
    assert version.units.count() == 2
    answer = client.post(
        f"/api/programmes/{programme.code}/read_file/", {"file": SimpleUploadedFile("x.csv", b"a,b\n1,2\n")}
    )
    assert answer.status_code == 422
    assert "no column of learning outcomes" in answer.json()["error"]["message"]
    stranger = user("Eve", ("officer", organisation("Third")))
    sign_in(client, stranger)
    again = {"file": SimpleUploadedFile("plan.csv", PLAN.encode())}
    assert client.post(f"/api/programmes/{programme.code}/read_file/", again).status_code == 403


def test_the_command_brings_a_standard_in_and_publishes_it(folder, house, lin, capsys):
    place = str(folder / "plan.csv")
    assert main(["import", "standard", place, "--title", "Plan", "--publish", "--as", lin.email]) == 0
    version = ProgrammeVersion.objects.get()
    assert (version.state, version.programme.owner) == ("published", house)
    assert version.code in capsys.readouterr().out
    assert main(["import", "standard", place, "--title", "Plan", "--as", lin.email]) == 1
    assert "says the same" in capsys.readouterr().err
    assert main(["import", "standard", place, "--check"]) == 0
    assert main(["import", "standard", place, "--title", "Other"]) == 2
    assert main(["import", "standard", str(folder / "none.csv"), "--as", lin.email]) == 2
    assert ProgrammeVersion.objects.count() == 1


FIELDS = "code,level,label_en,label_ru\n88,broad,invented,придумано\n881,narrow,cables,\n8811,detailed,fibre,волокно\n"


@pytest.mark.django_db
def test_a_table_of_fields_becomes_a_classification_under_its_own_codes(tmp_path, capsys):
    house = organisation("Statistics", country="UZ")
    officer = user("Olim", ("officer", house))
    path = tmp_path / "fields.csv"
    path.write_text(FIELDS, encoding="utf-8")
    assert main(["import", "standard", str(path), "--publish", "--as", officer.email]) == 0
    assert "1 units, 1 outcomes" in capsys.readouterr().out
    version = ProgrammeVersion.objects.get()
    (field,) = version.outcomes.all()
    assert (version.programme.kind, version.programme.outside_code, version.label) == ("fields", "ISCED-F 2013", "2013")
    assert (field.number, field.unit.number, field.title.best("ru")[0]) == ("8811", 88, "волокно")
    path.write_text(FIELDS + "99,detailed,too short,\n", encoding="utf-8")
    with pytest.raises(ValidationError, match="“99” is no code of a detailed field"):
        bringing.read(path)


@pytest.mark.shared
def test_isced_f_is_read_from_its_own_file(shared):
    found = bringing.read(shared / "data" / "isced_f_2013.csv")
    detailed = {one.number: one for one in found.outcomes}
    assert len(found.units) == 12 and detailed["0714"].texts["en"].casefold() == "electronics and automation"
    assert {one.unit for one in found.outcomes} <= {one.number for one in found.units}
