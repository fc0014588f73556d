"""Learner records: the official vector, what is written here, and each credential inside asked for its own proof."""

import copy
import json
import random

import jsonschema
import pytest

from sunmao.vc import canon, clr, integrity, issue, lines, status, verify
from sunmao.vc.contexts import CLR, CREDENTIALS_V2, OPEN_BADGES
from sunmao.vc.errors import VcError
from vc.test_vc_fuzz import changed, judged, written

UNIVERSITY = {"id": "https://example.edu/issuers/565049", "type": "Profile", "name": "Example University"}
LEARNER = "did:example:ebfeb1f712ebc6f1c276e12ec21"
DEGREE, COURSE = "a7467ef6-56cb-11ec-bf63-0242ac130002", "dd887f0a-56cb-11ec-bf63-0242ac130002"
EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"


def _of_the_vector(number: int, uid: str) -> dict:
    return {
        "id": f"urn:uuid:{uid}",
        "type": "Achievement",
        "creator": {"id": UNIVERSITY["id"], "type": "Profile"},
        "name": f"Achievement {number}",
        "criteria": {"id": f"https://example.edu/achievements/{uid}/criteria"},
        "description": f"Achievement {number}",
        "image": {"id": "https://example.edu/achievements/sample.png", "type": "Image"},
    }


def _signed_in_the_vector(kind: str, value: str) -> dict:
    schema = f"https://purl.imsglobal.org/spec/{kind}_schema.json"
    method = f"{UNIVERSITY['id']}#z6MkjZRZv3aez3r18pB1RBFJR1kwUVJ5jHt92JmQwXbd5hwi"
    proof = {"type": "DataIntegrityProof", "created": "2010-01-01T19:23:24Z", "verificationMethod": method,
             "cryptosuite": "eddsa-rdfc-2022", "proofPurpose": "assertionMethod", "proofValue": value}  # fmt: skip
    return {"credentialSchema": [{"id": schema, "type": "1EdTechJsonSchemaValidator2019"}], "proof": [proof]}


def official() -> dict:
    """Return the signed record of 1EdTech's test vectors of CLR 2.0."""
    first, second = _of_the_vector(1, DEGREE), _of_the_vector(2, COURSE)
    inner = {
        "@context": [CREDENTIALS_V2, OPEN_BADGES, EXTENSIONS],
        "id": "urn:uuid:91537dba-56cb-11ec-bf63-0242ac130002",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "issuer": UNIVERSITY,
        "validFrom": "2010-01-01T00:00:00Z",
        "name": "Example University Degree",
        "credentialSubject": {"id": LEARNER, "type": "AchievementSubject", "achievement": first},
        **_signed_in_the_vector(
            "ob/v3p0/schema/json/ob_v3p0_achievementcredential",
            "z45QnLySMt2mWuW787G6cf3SLkP97ZkMZxLeXH5yaaTQPCtTup4GCV95tU8HEnQJSyGCokSj3AvUhmJtvveTmN4Vu",
        ),
    }
    row = {"type": "Association", "associationType": "isParentOf",
           "sourceId": f"urn:uuid:{DEGREE}", "targetId": f"urn:uuid:{COURSE}"}  # fmt: skip
    subject = {"id": LEARNER, "type": "ClrSubject", "verifiableCredential": [inner], "achievement": [first, second],
               "association": [row]}  # fmt: skip
    return {
        "@context": [CREDENTIALS_V2, CLR, OPEN_BADGES, EXTENSIONS],
        "id": "http://example.edu/credentials/3732",
        "type": ["VerifiableCredential", "ClrCredential"],
        "issuer": UNIVERSITY,
        "validFrom": "2010-01-01T00:00:00Z",
        "name": "Sample Transcript",
        "credentialSubject": subject,
        **_signed_in_the_vector(
            "clr/v2p0/schema/json/clr_v2p0_clrcredential",
            "zF52sU1nfPAjcwCqtgxPNSor6SJnAzRBwZW5VNQXPt8xXCHkd39sgqj32DnMjhFCzbyHsLkhQ8HpBqQTkMgXy329",
        ),
    }


def test_the_official_record_is_canonicalised_byte_for_byte_and_holds(vectors, now):
    record = official()
    folder = vectors / "ob_v3p0/test-vectors/clrv2p0"
    parts = integrity.hash_parts(record, record["proof"][0])
    assert parts.document.decode() == (folder / "document-canon.txt").read_text("utf-8")
    assert parts.document_hash.hex() == "768d7015ae69e0210e1c2a45194d9c1d15d7a6022e52b946574a2a27f6fa85fe"
    assert parts.proof_hash.hex() == "d34009cea0dbc1ca941e09dc01c8c9d3e3ce3c5b853f67ee44698dcea10f5d19"
    report = verify.verify_document(record, now=now)
    assert (report.exit_code, len(report.parts)) == (3, 1)
    assert [check.code for check in report.checks if check.state == "bad"] == []


# --- written here ----------------------------------------------------------------------------------------------------


@pytest.fixture
def course(badge, bob) -> dict:
    """A badge of another institution for the same learner."""
    achievement = badge["credentialSubject"]["achievement"] | {"id": "urn:uuid:019a0000-0000-7000-8000-00000000000c"}
    return badge | {
        "id": "urn:uuid:019a0000-0000-7000-8000-00000000000d",
        "issuer": {"id": bob.public.did, "type": ["Profile"], "name": "Bob's University"},
        "credentialSubject": badge["credentialSubject"] | {"achievement": achievement},
    }


def named(document: dict, name: str) -> dict:
    held = issue.Recipient(name).to_json()["identifier"]
    subject = {key: value for key, value in document["credentialSubject"].items() if key != "id"}
    return document | {"credentialSubject": subject | {"identifier": held}}


@pytest.fixture
def record(badge, course, alice, bob, now):
    """Return a maker of signed records of two credentials, by Alice's college."""

    def make(*credentials: dict, name: str = "Nodira", **more) -> dict:
        inside = credentials or (
            integrity.sign(named(badge, "Nodira"), alice, created=now),
            integrity.sign(named(course, "Nodira"), bob, created=now),
        )
        ids = [one["credentialSubject"]["achievement"]["id"] for one in inside if "credentialSubject" in one]
        told = {
            "associations": [clr.Association(ids[0], "isPartOf", ids[-1])],
            "names": {"en": "Record", "zh": "学习记录"},
        } | more
        made = clr.learner_record(
            id="urn:uuid:019a0000-0000-7000-8000-0000000000aa",
            issuer=issue.Institution(alice.public.did, {"en": "Alice's College", "ru": "Колледж Алисы"}),
            recipient=issue.Recipient(name),
            credentials=list(inside),
            valid_from=now,
            **told,
        )
        return integrity.sign(made, alice, created=now)

    return make


def found(report) -> list[tuple[str, str]]:
    return [(str(check.state), check.code) for check in report.checks if check.name == "record"]


def test_a_record_written_here_holds_and_fits_the_official_schema(record, alice, bob, now, trust_in, vectors, read):
    made = record()
    report = verify.verify_document(made, trust=trust_in(alice, bob), now=now)
    assert (report.exit_code, found(report)) == (0, [("good", "record_in_force")] * 2)
    # The draft at hand is of data model 1.1, so that the names of its dates, and what that model lacks, are laid aside.
    schema = read(vectors / "contexts/clr_v2p0_clrcredential_schema_draft4.json")
    schema["required"] = [name for name in schema["required"] if name != "issuanceDate"]
    schema["$defs"]["VerifiableCredential"]["required"].remove("issuanceDate")
    schema["$defs"]["IdentityObject"]["properties"]["identityType"]["anyOf"][0]["enum"].append("name")  # it came later
    plain = {name: value for name, value in made.items() if name not in ("validFrom", "nameIn")}
    plain["@context"] = [item for item in plain["@context"] if isinstance(item, str)]
    plain["issuer"] = {name: value for name, value in made["issuer"].items() if name != "nameIn"}
    assert [error.message for error in jsonschema.Draft201909Validator(schema).iter_errors(plain)] == []


def test_one_byte_of_record_or_credential_changed_is_refused(record, alice, bob, now, trust_in):
    text = json.dumps(record(), ensure_ascii=False)
    for old, new in (
        ("Installs", "installs"),
        ("Alice's College", "Alice's collegE"),
        ("isPartOf", "precedes"),
        ("学习", "学刃"),
    ):
        for place in range(text.count(old)):
            parts = text.split(old)
            forged = old.join(parts[: place + 1]) + new + old.join(parts[place + 1 :])
            assert verify.verify(forged.encode(), trust=trust_in(alice, bob), now=now).exit_code == 1, (old, place)


def test_a_credential_inside_that_is_not_good_spoils_the_record(record, badge, course, alice, bob, now, trust_in):
    good = integrity.sign(named(badge, "Nodira"), alice, created=now)
    other = named(course, "Nodira")
    forged = integrity.sign(other, bob, created=now)
    forged["credentialSubject"]["achievement"]["name"] = "Chief engineer"
    expired = integrity.sign(other | {"validUntil": "2026-02-01T00:00:00Z"}, bob, created=now)
    cases = {
        "record_not_genuine": (forged, 1),
        "record_not_in_force": (expired, 1),
        "record_unknown_issuer": (integrity.sign(other, bob, created=now), 3),
        "record_cannot": (integrity.sign(other | {"credentialStatus": status.status_entry("https://x.example/1", 1, purpose="revocation")}, bob, created=now), 2),
    }  # fmt: skip
    for code, (inside, exit_code) in cases.items():
        known = trust_in(alice) if code == "record_unknown_issuer" else trust_in(alice, bob)
        report = verify.verify_document(record(good, inside), trust=known, now=now)
        assert (report.exit_code, found(report)[1][1]) == (exit_code, code)
    bare = verify.verify_document(record(good, other), trust=trust_in(alice, bob), now=now)
    assert (bare.exit_code, [check.code for check in bare.parts[1].reasons]) == (1, ["proof_missing"])


def test_a_revocation_of_one_credential_reaches_the_record(record, badge, alice, now, trust_in):
    url, bits = "https://college.example/status/1", status.StatusBits(status.MIN_BITS)
    entry = status.status_entry(url, 7, purpose="revocation")
    made = record(integrity.sign(named(badge, "Nodira") | {"credentialStatus": entry}, alice, created=now))
    for value, exit_code in ((0, 0), (1, 1)):
        bits[7] = value
        told = status.status_list_credential(url, bits, issuer=alice.public.did, purpose="revocation", valid_from=now)
        known = trust_in(alice, status_lists={url: integrity.sign(told, alice, created=now)})
        assert verify.verify_document(made, trust=known, now=now).exit_code == exit_code


def test_another_persons_credential_and_an_association_of_nothing_are_told(record, badge, alice, bob, now, trust_in):
    stranger = integrity.sign(named(badge, "Somebody Else"), alice, created=now)
    loose = [
        clr.Association(
            "urn:uuid:019a0000-0000-7000-8000-0000000000ff", "precedes", badge["credentialSubject"]["achievement"]["id"]
        )
    ]
    report = verify.verify_document(record(stranger, associations=loose), trust=trust_in(alice), now=now)
    assert found(report) == [
        ("good", "record_in_force"),
        ("unknown", "record_other_person"),
        ("unknown", "record_loose"),
    ]
    assert "Somebody" not in json.dumps(report.to_json())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda r: r.update({"@context": [CREDENTIALS_V2, OPEN_BADGES]}), "context_clr_missing"),
        (lambda r: r.pop("id"), "field_kind"),
        (lambda r: r.pop("name"), "field_missing"),
        (lambda r: r.update(partial="no"), "field_kind"),
        (lambda r: r.update(credentialSubject=[r["credentialSubject"]]), "field_kind"),
        (lambda r: r["credentialSubject"].pop("verifiableCredential"), "field_missing"),
        (lambda r: r["credentialSubject"].update(verifiableCredential=[]), "field_missing"),
        (lambda r: r["credentialSubject"].update(verifiableCredential=["urn:x"]), "field_kind"),
        (lambda r: r["credentialSubject"].update(verifiableCredential=[copy.deepcopy(r)]), "record_inside"),
        (lambda r: r["credentialSubject"].update(verifiableCredential=r["credentialSubject"]["verifiableCredential"] * 101), "record_many"),
        (lambda r: r["credentialSubject"].update(association=[{"type": "Association"}]), "field_missing"),
        (lambda r: r["credentialSubject"]["association"][0].update(associationType="isFriendOf"), "field_kind"),
        (lambda r: r["credentialSubject"].pop("identifier"), "field_missing"),
        (lambda r: r["credentialSubject"].update(type="AchievementSubject"), "type_missing"),
    ],
)  # fmt: skip
def test_a_record_of_another_form_is_refused_by_name(record, now, change, code):
    made = record()
    change(made)
    with pytest.raises(VcError) as refused:
        clr.check_record(made)
    assert refused.value.code == code
    if code == "record_many":  # whose proofs would take their time
        made["credentialSubject"]["verifiableCredential"] = [{"type": "x"}] * (clr.MAX_EMBEDDED + 1)
    report = verify.verify_document(made, now=now)
    assert report.exit_code == 1 and code in {check.code for check in report.checks}


def test_many_records_in_a_file_are_each_asked_for_what_they_hold(record, alice, bob, now, trust_in, tmp_path):
    good = record()
    bad = copy.deepcopy(good)
    bad["credentialSubject"]["verifiableCredential"][1]["proof"][0]["created"] = "2026-05-05T00:00:00Z"
    bad = integrity.sign({name: value for name, value in bad.items() if name != "proof"}, alice, created=now)
    path = tmp_path / "records.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in (*[good] * 6, bad)), encoding="utf-8")
    told = lines.judge_lines(path, trust=trust_in(alice, bob), now=now, name="records.jsonl")
    assert told.exit_code == 1
    assert lines.judge_lines(_without_last(path), trust=trust_in(alice, bob), now=now, name="x").exit_code == 0


def _without_last(path):
    kept = path.read_text("utf-8").splitlines(keepends=True)[:-1]
    other = path.with_name("good.jsonl")
    other.write_text("".join(kept), encoding="utf-8")
    return other


@pytest.mark.slow
def test_a_record_changed_at_random_is_refused_or_says_what_was_signed(record, alice, bob, now, trust_in, volume):
    made, draw = record(), random.Random(20)

    def said(document: dict) -> list[bytes]:
        inside = document["credentialSubject"]["verifiableCredential"]
        every = (document, *(inside if isinstance(inside, list) else [inside]))
        return sorted(canon.canonical_nquads({k: v for k, v in one.items() if k != "proof"}).encode() for one in every)

    meant, passed = said(made), 0
    turns = volume("mutated learner records", sample=60, trial=5_000)
    for _turn in range(turns):
        data = written(changed(made, draw), draw)
        report = judged(data, trust_in(alice, bob), now)
        if report.exit_code in (0, 3):
            passed += 1
            assert said(json.loads(data)) == meant, data
    assert passed < turns // 3
