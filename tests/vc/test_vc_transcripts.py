"""European Learning Model and ELMO: what is written is read back the same, official samples are read, hostile files end in
a report, and none of it is ever shown as genuine."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from sunmao.vc import command
from sunmao.vc.contexts import Contexts
from sunmao.vc.report import State, Verdict
from sunmao.vc.transcripts import elm, elm_reading, elmo, elmo_reading, view, vocabulary
from sunmao.vc.verify import verify
from tests.vc.transcript_cast import COLLEGE, HOST, elmo_schema, whole

NOON = "2025-07-02T12:00:00Z"
ELM_SAMPLES = (
    "CertOfPart-unsigned-uploadable.json", "CertOfPart-unsigned.jsonld", "CertOfPart-signed.jsonld",
    "MC-Annex1-unsigned-uploadable.json", "MC-Annex1-unsigned.jsonld", "MC-Annex1-signed.jsonld",
)  # fmt: skip


def plain(transcript: view.Transcript) -> Any:
    return json.loads(json.dumps(transcript.to_json()))


def sample(shared, name: str) -> bytes:
    return (shared / "formats/elm" / f"Credentials__JSON-LD_Examples_(ELM_v3)__Sample-{name}").read_bytes()


def codes(data: bytes) -> list[str]:
    return [check.code for check in verify(data).checks]


def test_elm_written_is_read_back_the_same():
    written = elm.write(whole(), picture=b"\x89PNG")
    assert plain(elm_reading.read(written)) == plain(whole())


def test_elmo_written_is_read_back_but_for_what_it_has_no_place_for():
    found = plain(elmo_reading.read(elmo.write(replace(whole(), issued_on=NOON), generated=NOON)))
    asked = plain(whole())
    one, held = found["achievements"][0], asked["achievements"][0]
    same = (
        "title",
        "kind",
        "identifiers",
        "began_on",
        "awarded_on",
        "status",
        "credits",
        "fields",
        "languages",
        "hours",
    )
    assert {name: one[name] for name in same} == {name: held[name] for name in same}
    assert (found["holder"], found["issuer"], found["issued_on"]) == (asked["holder"], asked["issuer"], NOON)
    parts = [(part["title"], part.get("grade"), part["status"], part["grading"]) for part in one["parts"]]
    assert parts == [
        (part["title"], {"und": "85"} if "grade" in part else None, part["status"], part["grading"])
        for part in held["parts"]
    ]
    assert [(level["framework"], level["value"]) for level in one["levels"]] == [
        ("EQF", "5"), ("Framework of somewhere", "5"),
    ]  # fmt: skip
    assert one["description"]["en"] == (
        "Diploma.\nAwarded together by: Transport College; Host <University> & Co."
    )  # fmt: skip


def test_an_outcome_without_a_result_is_told_in_elmo_in_words():
    held = whole()
    held = replace(held, achievements=[replace(held.achievements[0], parts=())])
    found = elmo_reading.read(elmo.write(held, generated=NOON))
    assert found is not None
    assert "Learning outcome: mills" in found.achievements[0].description["en"]


def test_elmo_written_fits_the_official_schema_as_its_example_does(shared, tmp_path):
    schema = elmo_schema(shared, tmp_path)
    nameless = replace(whole(), holder=view.Holder("Bob\x07 ]]> & <b>"), achievements=whole().achievements * 2)
    for data in (
        elmo.write(whole(), generated=NOON),
        elmo.write(replace(nameless, holder=view.Holder("Bob ]]> & <b>", "Bob", "B", "2000-01-31")), generated=NOON),
        (shared / "formats/elmo/example.xml").read_bytes(),
    ):
        schema.assertValid(etree.fromstring(data))
    bad = elmo.write(whole(), generated=NOON).replace(b"<status>passed", b"<status>perhaps")
    assert not schema.validate(etree.fromstring(bad))


def test_one_elmo_report_for_each_institution_that_comes_first():
    other = replace(whole().achievements[0], awarded_by=[HOST])
    written = elmo.write(replace(whole(), achievements=[*whole().achievements, other]), generated=NOON)
    root = etree.fromstring(written)
    assert [node.findtext(f"{elmo.tag('issuer')}/{elmo.tag('country')}") for node in root.iter(elmo.tag("report"))] == [
        "CN", "UZ",
    ]  # fmt: skip
    found = elmo_reading.read(written)
    assert found is not None
    assert [one.awarded_by[0].country for one in found.achievements] == ["CN", "UZ"]


def shapes(value: Any, kind: str = "", found: set[tuple[str, str]] | None = None) -> set[tuple[str, str]]:
    """Return which member stands at which type of thing."""
    found = set() if found is None else found
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            own = one.get("type", kind)
            own = own[-1] if isinstance(own, list) else own
            for name, inner in one.items():
                found.add((own, name))
                if name != "@context":
                    shapes(inner, "", found)
    return found


def members(value: Any) -> int:
    """Count the members of all things, in the form that is written and in the expanded one; texts by language are one."""
    if isinstance(value, list):
        return sum(members(one) for one in value)
    if not isinstance(value, dict) or "@value" in value or not value.keys() & {"id", "@id", "@type"}:
        return 0
    held = {name: inner for name, inner in value.items() if name not in ("@context", "id", "type", "@id", "@type")}
    return len(held) + sum(members(inner) for inner in held.values())


def test_elm_written_uses_the_terms_of_the_official_context_as_the_samples_do(shared):
    import pyld.jsonld

    context = json.loads((shared / "formats/elm/rdf__ap__edc__edc-ap-context.jsonld").read_bytes())
    document = json.loads(elm.write(whole(), picture=b"\x89PNG"))["credential"]
    official = [json.loads(sample(shared, name))["credential"] for name in ELM_SAMPLES if "uploadable" in name]
    assert document["@context"] == official[0]["@context"]
    assert document["credentialSchema"] == official[0]["credentialSchema"]
    assert document["type"] == official[0]["type"]
    known = Contexts({elm.CONTEXTS[1]: context})

    def load(url: str, options: Any) -> dict[str, Any]:
        return {"contextUrl": None, "documentUrl": url, "document": known.document(url)}

    # Nothing that was written is dropped: every member stands in the expanded form, too.
    assert members(pyld.jsonld.expand(document, {"documentLoader": load})) == members(document)
    asked = {(kind, name) for kind, name in shapes(document) if kind}
    theirs = set().union(*(shapes(one) for one in official))
    # Members the two samples happen not to use; each is of the application profile.
    more = {
        ("AwardingProcess", "awardingDate"), ("LearningAchievement", "creditReceived"), ("LearningAchievement", "description"),
        ("LearningAchievement", "identifier"), ("LearningAssessment", "gradeStatus"), ("LearningAssessment", "identifier"),
        ("Qualification", "educationLevel"), ("EuropeanDigitalCredential", "validUntil"), ("ConceptScheme", "prefLabel"),
        ("Concept", "notation"),
    }  # fmt: skip
    assert asked - theirs <= more


@pytest.mark.parametrize("name", ELM_SAMPLES)
def test_official_elm_samples_are_understood_and_never_genuine(shared, name):
    report = verify(sample(shared, name))
    assert (report.verdict, report.exit_code) == (Verdict.CANNOT_CHECK, 2)
    sealed = "-signed" in name
    assert codes(sample(shared, name)) == [
        "transcript_found", "transcript_signature" if sealed else "transcript_unsigned",
    ]  # fmt: skip
    said = report.to_json()["says"]
    assert said["holder"]["name"] == "Ana Andromeda"
    one = said["achievements"][0]
    if "MC" in name:
        assert one["title"] == {"en": "Digital micro-credential creation"}
        assert one["credits"] == [{"scheme": "ECTS", "value": "2"}]
        assert one["levels"][0] == {"framework": "EQF", "value": "6"}
        assert [part["grade"] for part in one["parts"]] == [{"en": "Pass"}]
        assert [len(outcome["related"]) for outcome in one["outcomes"]] == [3, 3]
    else:
        assert (one["kind"], one["hours"]) == ("activity", "2")


def test_the_official_elmo_example_is_understood_and_its_signature_not_believed(shared):
    data = (shared / "formats/elmo/example.xml").read_bytes()
    report = verify(data)
    assert codes(data) == ["transcript_found", "transcript_signature"]
    assert report.exit_code == 2
    said = report.to_json()["says"]
    assert said["holder"]["born_on"] == "1983-04-12"
    assert [one["title"].get("en") or one["title"]["und"] for one in said["achievements"]] == [
        "Master of Science in Biology", "Compiler construction", "The importance of <br> in HTML",
    ]  # fmt: skip
    compiler = said["achievements"][1]
    assert compiler["grade"] == {"und": "45.1"}
    assert [(row["framework"], row["value"]) for row in compiler["levels"]] == [
        ("EQF", "5"), ("Norwegian Qualification Framework", "5"),
    ]  # fmt: skip
    assert [part["hours"] for part in compiler["parts"]] == ["30", "30"]
    assert said["unread"]["attachment"] == 3


def test_the_command_says_understood_unsigned_and_what_is_in_it(tmp_path, capsys):
    path = tmp_path / "a.xml"
    path.write_bytes(elmo.write(whole(), generated=NOON))
    assert command.main([str(path)]) == 2
    told = capsys.readouterr().out
    for text in (
        "Cannot be checked",
        "understood as a transcript",
        "It is unsigned",
        "credits: 120 ECTS",
        "mills",
        "85",
    ):
        assert text in told


def test_an_expired_transcript_says_so_and_is_no_better_known():
    held = replace(whole(), valid_until="2020-01-01T00:00:00Z")
    report = verify(elm.write(held, picture=b"\x89PNG"))
    assert report.verdict == Verdict.CANNOT_CHECK
    assert [check.code for check in report.checks if check.state == State.BAD] == ["expired"]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE elmo [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"><x>&c;</x></elmo>"""
OUTSIDE = b"""<!-- x --><!DOCTYPE elmo [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"><learner><familyName>&x;</familyName></learner></elmo>"""
REMOTE = (
    b'<!DOCTYPE elmo SYSTEM "http://127.0.0.1:1/x.dtd"><elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1"/>'
)
START = b'<elmo xmlns="https://github.com/emrex-eu/elmo-schemas/tree/v1">'


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, REMOTE], ids=["bomb", "file", "dtd"])
def test_a_document_type_or_entities_are_refused(data):
    report = verify(data)
    assert [check.code for check in report.checks] == ["transcript_doctype"]
    assert (report.verdict, report.transcript) == (Verdict.CANNOT_CHECK, None)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (START, "transcript_unread"),
        (START + b"<report>&undefined;</report></elmo>", "transcript_unread"),
        (b"<elmo xmlns='urn:other'/>", "transcript_unread"),
        (START + b"<x/>" * 200_000 + b"</elmo>", "transcript_too_large"),
        (
            START + b"<report>" + b"<learningOpportunitySpecification><hasPart>" * 30
            + b"</hasPart></learningOpportunitySpecification>" * 30 + b"</report></elmo>",
            "transcript_too_large",
        ),
        (START + b"<report/>" * 6_000 + b"</elmo>", "transcript_too_large"),
        (START + b"<a>" * 300 + b"</a>" * 300 + b"</elmo>", "transcript_unread"),
        (b'{"type": ["EuropeanDigitalCredential"], "type": 1}', "json_duplicate_key"),
        (b'{"payload": "AAAA", "signatures": [], "x": "EuropeanDigitalCredential"}', "json_bad"),
        (b'{"type": "EuropeanDigitalCredential", "a": ' + b"[" * 90 + b"]" * 90 + b"}", "json_too_deep"),
    ],
)  # fmt: skip
def test_hostile_files_end_in_a_reason(data, code):
    report = verify(data)
    assert [check.code for check in report.checks] == [code]
    assert report.verdict == Verdict.CANNOT_CHECK


def test_files_beyond_the_limit_are_refused():
    assert codes(START + b" " * elmo_reading.MAX_BYTES + b"</elmo>") == ["file_too_large"]


def test_a_nearly_empty_file_is_read_for_what_it_has():
    found = elmo_reading.read(START + b"<report><learningOpportunitySpecification/></report></elmo>")
    assert found is not None
    assert (found.holder.name, len(found.achievements)) == ("", 1)
    empty = elm_reading.read(b'{"type": "EuropeanDigitalCredential", "credentialSubject": [1, {"hasClaim": {}}]}')
    assert empty is not None
    assert len(empty.achievements) == 1


def test_a_document_with_a_proof_is_judged_by_its_proof():
    document = json.loads(elm.write(whole(), picture=b"\x89PNG"))["credential"] | {
        "proof": {"type": "DataIntegrityProof"}
    }
    assert verify(json.dumps(document).encode()).transcript is None


ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "id", "hasClaim", "specifiedBy", "provenBy", "title", "en", "identifier", "creditPoint",
                         "awardedBy", "noteLiteral", "grade", "location", "temporal", "thematicArea", "validUntil"]),
        inner, max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ANY, ANY, ANY)
def test_whatever_stands_where_something_else_belongs_is_passed_over(person, display, until):
    held = {
        "type": "EuropeanDigitalCredential",
        "credentialSubject": person,
        "displayParameter": display,
        "issuer": person,
    }
    report = verify(json.dumps(held | {"validUntil": until}).encode())
    assert report.verdict == Verdict.CANNOT_CHECK
    assert "internal" not in [check.code for check in report.checks]
    assert report.transcript is not None
    assert [line for line in view.told(report.transcript) if not isinstance(line[2], str)] == []


def test_countries_and_languages_go_to_the_tables_and_back():
    for two, three in (("CN", "CHN"), ("UZ", "UZB"), ("XK", "XKX"), ("GB", "GBR")):
        assert vocabulary.country_address(two) == f"{vocabulary.COUNTRY}/{three}"
        assert vocabulary.country_of(f"{vocabulary.COUNTRY}/{three}") == two
    for two, three in (("zh", "ZHO"), ("ru", "RUS"), ("uz", "UZB"), ("ar", "ARA"), ("de", "DEU"), ("kk", "KAZ")):
        assert vocabulary.language_address(two) == f"{vocabulary.LANGUAGE}/{three}"
        assert vocabulary.language_of(f"{vocabulary.LANGUAGE}/{three}") == two
    assert (vocabulary.country_address("ZZ"), vocabulary.language_address("xx")) == ("", "")
    assert COLLEGE.country == "CN"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_changed_elmo_file_is_told_or_refused_and_never_more(data):
    text = bytearray(elmo.write(whole(), generated=NOON))
    for _number in range(data.draw(st.integers(1, 4))):
        text[data.draw(st.integers(0, len(text) - 1))] = data.draw(st.integers(0, 255))
    report = verify(bytes(text))
    assert report.verdict in (Verdict.CANNOT_CHECK, Verdict.NOT_GENUINE)
    assert "internal" not in [check.code for check in report.checks]
