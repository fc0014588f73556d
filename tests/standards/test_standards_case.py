"""CASE 1.1 and 1.0: served to everyone but drafts, written and read again, held against the schema of the standard."""

import json
import zipfile
from uuid import uuid4

import jsonschema
import pytest
from cast import TESTS, organisation, sign_in, user
from django.core.exceptions import ValidationError

from sunmao.kernel import changes
from sunmao.kernel.ids import uuid7
from sunmao.kernel.text import Texts
from sunmao.site.cli import main
from sunmao.standards import actions, bringing
from sunmao.standards.case import identifier, origins
from sunmao.standards.models import Crosswalk, Outcome, Programme, ProgrammeVersion, Unit

ROOT = "/ims/case/v1p1"


class Scene:
    def __init__(self):
        self.left, self.right = organisation("Lead College"), organisation("Host University")
        self.lin, self.alisher = user("Lin", ("officer", self.left)), user("Alisher", ("officer", self.right))
        self.source = self.version(
            self.left, self.lin, {"en": "Splice fibre", "zh": "熔接光纤", "ru": "Сваривать волокно"}
        )
        self.target = self.version(self.right, self.alisher, {"en": "Join fibre"})
        self.crosswalk = changes.save(Crosswalk(source=self.source, target=self.target), by=self.lin)
        ends = self.source.outcomes.get(number="1.1"), self.target.outcomes.get(number="1.1")
        self.row = actions.propose(self.crosswalk, *ends, "target_broader", by=self.lin)

    def version(self, owner, by, texts):
        programme = changes.save(Programme(title=Texts.of(f"Standard of {owner}"), owner=owner), by=TESTS)
        made = changes.save(ProgrammeVersion(programme=programme, label="2026"), by=TESTS)
        names = {code: f"{text} ({code})" for code, text in texts.items()}
        unit = changes.save(Unit(version=made, number=1, title=Texts.of(names)), by=TESTS)
        for number, kind in (("1.1", "skill"), ("1.2", "knowledge")):
            said = Texts.of({code: f"{text} {number}" for code, text in texts.items()})
            changes.save(Outcome(version=made, unit=unit, number=number, title=said, kind=kind), by=TESTS)
        return actions.publish(made, by=by)

    def confirmed(self):
        actions.confirm(self.row, by=self.lin)
        return actions.confirm(self.row, by=self.alisher)


@pytest.fixture
def scene(db):
    return Scene()


def test_an_identifier_made_with_a_word_gives_the_first_back():
    uid = uuid7()
    made = identifier(uid, "zh")
    assert made != uid
    assert (made.version, origins(made, ["ru", "zh"])[uid]) == (7, "zh")


def fetch(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.json() if status == 200 else None


def test_a_package_says_its_items_their_places_and_everything_it_names_can_be_fetched(client, scene):
    listed = fetch(client, f"{ROOT}/CFDocuments")["CFDocuments"]
    assert [one["identifier"] for one in listed] == [str(scene.source.uid), str(scene.target.uid)]
    package = fetch(client, f"{ROOT}/CFPackages/{scene.source.uid}")
    assert (package["CFDocument"]["caseVersion"], package["CFDocument"]["adoptionStatus"]) == ("1.1", "Adopted")
    assert [one["humanCodingScheme"] for one in package["CFItems"]] == ["1", "1.1", "1.2"]
    assert {one["associationType"] for one in package["CFAssociations"]} == {"isChildOf"}
    for one in (*package["CFItems"], *package["CFAssociations"], package["CFDocument"]):
        path = one["uri"].partition("/ims/")[2]
        assert fetch(client, f"/ims/{path}")["identifier"] == one["identifier"]


def test_each_further_language_is_a_package_that_translates_the_first(client, scene):
    found = identifier(scene.source.uid, "zh")
    package = fetch(client, f"{ROOT}/CFPackages/{found}")
    assert [one["fullStatement"] for one in package["CFItems"]] == ["熔接光纤 (zh)", "熔接光纤 1.1", "熔接光纤 1.2"]
    ties = [one for one in package["CFAssociations"] if one["associationType"] == "isTranslationOf"]
    onto = {one["destinationNodeURI"]["identifier"] for one in ties}
    held = fetch(client, f"{ROOT}/CFPackages/{scene.source.uid}")
    assert onto == {one["identifier"] for one in held["CFItems"]} | {str(scene.source.uid)}
    for tie in ties:
        assert fetch(client, "/ims/" + tie["uri"].partition("/ims/")[2]) == tie
    older = fetch(client, f"/ims/case/v1p0/CFPackages/{found}")
    assert {one["associationType"] for one in older["CFAssociations"]} == {"isChildOf"}
    assert "caseVersion" not in older["CFDocument"]


def test_a_draft_and_what_does_not_exist_are_answered_alike_even_to_their_keepers(client, scene):
    draft = actions.new_version(scene.source, label="Canary", by=scene.lin)
    outcome = draft.outcomes.first()
    for person in (None, scene.lin):
        if person:
            sign_in(client, person)
        for path in (
            f"CFPackages/{draft.uid}", f"CFDocuments/{draft.uid}", f"CFItems/{outcome.uid}",
            f"CFItemAssociations/{outcome.uid}", f"CFAssociations/{identifier(outcome.uid, 'isChildOf:')}",
            f"CFPackages/{uuid4()}", f"CFAssociations/{scene.row.uid}", f"CFPackages/{identifier(scene.target.uid, 'kk')}",
        ):  # fmt: skip
            fetch(client, f"{ROOT}/{path}", 404)
    assert "Canary" not in client.get(f"{ROOT}/CFDocuments").content.decode()
    fetch(client, f"/ims/case/v9p9/CFPackages/{scene.source.uid}", 404)


def test_a_crosswalk_is_exported_as_associations_of_confirmed_rows_only(client, scene):
    path = f"CFPackages/{scene.crosswalk.uid}"
    assert fetch(client, f"{ROOT}/{path}")["CFAssociations"] == []
    scene.confirmed()
    tie = fetch(client, f"{ROOT}/{path}")["CFAssociations"][0]
    assert (tie["associationType"], tie["identifier"]) == ("ext:targetBroader", str(scene.row.uid))
    assert tie["originNodeURI"]["identifier"] == str(scene.row.source.uid)
    assert fetch(client, f"/ims/case/v1p0/{path}")["CFAssociations"][0]["associationType"] == "isRelatedTo"
    about = fetch(client, f"{ROOT}/CFItemAssociations/{scene.row.target.uid}")
    assert {one["associationType"] for one in about["CFAssociations"]} == {"isChildOf", "ext:targetBroader"}
    actions.withdraw_row(scene.row, note="new edition", by=scene.lin)
    assert fetch(client, f"{ROOT}/{path}")["CFAssociations"] == []


def test_several_outcomes_together_are_parts_of_the_target(client, scene):
    actions.confirm(scene.row, together="1.2", by=scene.lin)
    actions.confirm(scene.crosswalk.rows.get(), by=scene.alisher)
    ties = fetch(client, f"{ROOT}/CFPackages/{scene.crosswalk.uid}")["CFAssociations"]
    assert [one["associationType"] for one in ties] == ["isPartOf", "isPartOf"]
    assert len({one["identifier"] for one in ties}) == 2


@pytest.mark.shared
def test_older_packages_fit_the_schema_of_case(client, scene, shared):
    schema = json.loads((shared / "formats" / "case" / "case-v1p0-cfpackage-schema.json").read_bytes())
    scene.confirmed()
    for found in (scene.source.uid, identifier(scene.source.uid, "ru"), scene.crosswalk.uid):
        package = fetch(client, f"/ims/case/v1p0/CFPackages/{found}")
        assert list(jsonschema.Draft4Validator(schema).iter_errors(package)) == []


def test_what_was_exported_comes_in_again_in_all_its_languages(scene, tmp_path, capsys):
    box = tmp_path / "standard.zip"
    with zipfile.ZipFile(box, "w") as out:
        for language in ("ru", "en", "zh"):
            file = tmp_path / f"{language}.json"
            assert main(["export", "case", scene.source.code, str(file), "--language", language]) == 0
            out.write(file, file.name)
    draft = bringing.read(box)
    assert bringing.content_of(draft) == bringing.content(scene.source)
    assert [(one.number, one.kind, one.unit) for one in draft.outcomes] == [
        ("1.1", "skill", 1),
        ("1.2", "knowledge", 1),
    ]
    assert main(["import", "case", str(box), "--publish", "--as", scene.alisher.email]) == 0
    made = ProgrammeVersion.objects.latest("id")
    assert bringing.content(made) == bringing.content(scene.source)
    assert made.label == "2026"
    assert main(["export", "case", scene.source.code, str(tmp_path / "x.json"), "--language", "kk"]) == 2
    assert main(["export", "case", scene.crosswalk.code, str(tmp_path / "walk.json")]) == 0
    assert json.loads((tmp_path / "walk.json").read_bytes())["CFAssociations"] == []


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    ["Ordering.json", "SmartLevelFramework.json", "opensalt-framework-20c5134f-423d-4097-a971-3dd5152bf507.json"],
)
def test_packages_of_other_systems_are_read(shared, name):
    path = shared / "formats" / "case" / name
    held = json.loads(path.read_bytes())
    draft = bringing.read(path)
    said = {one["fullStatement"].strip() for one in held["CFItems"]}
    read = {text for one in (*draft.outcomes, *draft.units) for text in one.texts.values()}
    assert read <= said
    assert draft.outcomes
    assert held["CFDocument"]["title"] in draft.texts.values()


@pytest.mark.parametrize(
    "text",
    [
        '{"CFDocument": []}',
        '{"CFDocument": {}}',
        '{"CFDocument": {"title": "x", "identifier": "y"}, "CFItems": [1]}',
        '{"CFDocument"',
    ],
)
def test_a_broken_package_is_refused_in_words(tmp_path, text):
    (tmp_path / "x.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValidationError, match=r"no CASE package"):
        bringing.read(tmp_path / "x.json")


def test_a_package_without_items_is_refused_in_words(tmp_path):
    (tmp_path / "x.json").write_text('{"CFDocument": {"title": "x", "identifier": "y"}}', encoding="utf-8")
    with pytest.raises(ValidationError, match="has no items"):
        bringing.read(tmp_path / "x.json")
