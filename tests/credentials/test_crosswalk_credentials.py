"""A crosswalk as both sides signed it: its confirmed rows at one moment, checked by everyone, outdated by what follows."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from cast import organisation, sign_in, user
from crosswalk_cast import Scene
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from sunmao.credentials import actions, trusting
from sunmao.credentials.models import CredentialState, CrosswalkCredential
from sunmao.kernel import clock
from sunmao.site.cli import main
from sunmao.site.today import turns
from sunmao.standards import actions as standards
from sunmao.vc.canon import canonical_nquads
from sunmao.vc.contexts import CROSSWALK_PATH, default_contexts, is_crosswalk_context
from sunmao.vc.trust import load_bundle
from sunmao.vc.verify import verify

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return Scene()


def judged(document, trust=None):
    data = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    return verify(data, trust=trust or trusting.live(), now=clock.now() + timedelta(seconds=1))


def told(document, trust=None):
    report = judged(document, trust)
    return str(report.verdict), [(check.name, str(check.state), check.code) for check in report.checks]


def test_both_authorities_sign_the_confirmed_rows_and_every_check_is_named(scene):
    scene.confirmed(3, "close", together="4")
    made = scene.issued()
    subject = made.signed_document["credentialSubject"]
    first, _second, third = subject["alignment"]
    assert [row["relation"] for row in subject["alignment"]] == ["exact", "target_broader", "close"]
    assert [one["code"] for one in third["source"]] == ["3", "4"]
    said = [
        (word["side"], word["person"], word["organisation"]["name"], word.get("note")) for word in first["judgement"]
    ]
    assert said == [
        ("source", "Lin", "Ministry", "as in the curriculum"),
        ("target", "Alisher", "Host University", None),
    ]
    assert {word["said"] for word in first["judgement"]} == {first["confirmedOn"]} == {str(clock.today())}
    assert told(made.document) == (
        "genuine and in force",
        [
            ("format", "good", "format_found"), ("structure", "good", "structure_good"), ("schema", "good", "crosswalk_good"),
            ("proof", "good", "signed_by_known"), ("proof", "good", "signed_by_known"), ("issuer", "good", "issuer_known"),
            ("joint", "good", "joint_signed"), ("dates", "good", "dates_open"), ("status", "good", "status_clear"),
            ("message", "good", "status_clear"),
        ],
    )  # fmt: skip
    signed = made.signings.order_by("id").values_list("side", "organisation__code", "signer", "role")
    assert list(signed) == [
        ("source", scene.ministry.code, "Lin, Ministry", "authority"), ("target", scene.host.code, "Alisher, Host University", "officer"),
    ]  # fmt: skip


def test_a_machine_that_never_connects_checks_it_with_the_bundle(scene):
    made = scene.issued()
    bundle = load_bundle(trusting.bundle(), now=clock.now() + timedelta(seconds=1))
    assert told(made.document, bundle)[0] == "genuine and in force"


def test_one_side_alone_is_not_enough_and_a_changed_row_is_not_genuine(scene):
    half = actions.sign_crosswalk(scene.drawn(), by=scene.alisher)
    verdict, checks = told(half.document)
    assert (verdict, half.state) == ("not genuine", CredentialState.AWAITING)
    assert ("joint", "good", "joint_signed") in checks, "the host joins; the issuer's own proof is missing"
    whole = actions.sign_crosswalk(half, by=scene.lin)
    assert told(whole.document)[0] == "genuine and in force"
    forged = whole.document.replace('"relation":"target_broader"', '"relation":"exact"')
    assert forged != whole.document
    assert told(forged)[0] == "not genuine"


def test_each_signs_in_the_seat_of_its_own_side_and_once(scene):
    made = scene.drawn()
    with pytest.raises(ValidationError, match="signed already, or it is not its turn"):
        actions.sign_crosswalk(made, by=scene.wang)  # the college keeps it, the ministry answers for it
    made = actions.sign_crosswalk(made, by=scene.lin)
    with pytest.raises(ValidationError, match="signed already"):
        actions.sign_crosswalk(made, by=scene.lin)
    with pytest.raises(ValidationError, match="waits for signatures"):
        scene.drawn()
    with pytest.raises(ValidationError, match="people of the two sides"):
        actions.draw_up(scene.crosswalk, by=user("Eve", ("officer", organisation("Third"))))


def test_an_issue_is_frozen_and_the_next_takes_its_place(scene):
    old = scene.issued()
    before = old.document
    scene.confirmed(3, "close")
    old.refresh_from_db()
    assert (old.document, len(old.rows)) == (before, 2)
    new = scene.issued()
    old.refresh_from_db()
    assert (new.number, len(new.rows), old.state, old.document) == (2, 3, CredentialState.SUPERSEDED, before)
    verdict, checks = told(before)
    assert (verdict, checks[-2:]) == (
        "genuine but not in force", [("status", "bad", "revoked"), ("message", "unknown", "status_message")],
    )  # fmt: skip
    assert judged(before).checks[-1].params["message"] == "a newer issue took its place"
    assert told(new.document)[0] == "genuine and in force"


def test_a_row_withdrawn_since_is_told_to_every_verifier_and_stops_a_signature(scene):
    made = scene.issued()
    standards.withdraw_row(scene.rows[0], note="the standard changed", by=scene.alisher)
    assert told(made.document)[0] == "genuine but not in force"
    assert judged(made.document).checks[-1].params["message"] == "a row was withdrawn"
    scene.confirmed(3, "close")
    second = scene.drawn()
    assert second.rows == [scene.rows[1].code, scene.crosswalk.rows.order_by("-id").first().code]
    standards.withdraw_row(scene.rows[1], note="the standard changed", by=scene.lin)
    with pytest.raises(ValidationError, match=f"{scene.rows[1].code} was withdrawn since"):
        actions.sign_crosswalk(second, by=scene.lin)
    actions.drop_crosswalk(second, why="outdated", by=scene.lin)
    assert scene.drawn().number == 3


def test_either_side_takes_it_back(scene):
    made = scene.issued()
    actions.revoke_crosswalk(made, why="signed too early", by=scene.alisher)
    assert judged(made.document).checks[-1].params["message"] == "a side took it back"


def test_what_mixes_terms_or_leaves_out_a_side_breaks_the_form(scene):
    made = scene.drawn().signed_document
    subject = made["credentialSubject"]
    row = subject["alignment"][0]
    broken = {
        "crosswalk_context": {**made, "@context": [*made["@context"], {"x": "https://example.org/x"}]},
        "crosswalk_issuers": {**made, "jointIssuer": [made["issuer"]]},
        "crosswalk_sides": {
            **made,
            "credentialSubject": {**subject, "alignment": [{**row, "judgement": row["judgement"][:1]}]},
        },
        "crosswalk_form": {**made, "credentialSubject": {**subject, "alignment": [row, row]}},
    }
    for code, document in broken.items():
        assert ("schema", "bad", code) in told(document)[1]


def test_the_terms_are_served_at_the_address_the_credential_names_and_known_offline(scene):
    document = scene.drawn().signed_document
    address = document["@context"][1]
    served = Client().get(CROSSWALK_PATH)
    assert (served.json(), served["Access-Control-Allow-Origin"]) == (default_contexts().document(address), "*")
    bare = {name: value for name, value in document.items() if name != "proof"}
    lines = canonical_nquads(bare)
    lines = lines.decode() if isinstance(lines, bytes) else lines
    assert f"<{address}#relation> <http://www.w3.org/2004/02/skos/core#broadMatch>" in lines
    assert not any(
        is_crosswalk_context(url)
        for url in (f"ftp://a.example{CROSSWALK_PATH}", f"https://a.example{CROSSWALK_PATH}x", f"https://a.example/?{CROSSWALK_PATH}")
    )  # fmt: skip


def test_page_rest_and_command_give_the_file_once_both_have_signed(scene, client, tmp_path, capsys):
    lin = sign_in(client, scene.lin)
    answer = lin.post("/crosswalk-credentials/add/", {"crosswalk": scene.crosswalk.code})
    made = CrosswalkCredential.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/crosswalk-credentials/{made.code}/")
    file = f"/crosswalk-credentials/{made.code}/credential.json"
    out = tmp_path / "crosswalk.json"
    assert Client().get(file).status_code == 404
    assert main(["export", "crosswalk", scene.crosswalk.code, str(out)]) == 2
    assert "signed by both sides" in capsys.readouterr().err
    assert lin.post(f"/api/crosswalk-credentials/{made.code}/sign/", {}).status_code == 200
    alisher = sign_in(Client(), scene.alisher)
    assert alisher.post(f"/crosswalk-credentials/{made.code}/do/sign/", {}).status_code == 302
    made.refresh_from_db()
    assert Client().get(file).content.decode() == made.document
    assert main(["export", "crosswalk", scene.crosswalk.code, str(out)]) == 0
    assert out.read_text(encoding="utf-8") == made.document
    assert main(["export", "case", scene.crosswalk.code, str(out)]) == 0
    assert len(json.loads(out.read_text(encoding="utf-8"))["CFAssociations"]) == 2
    assert "Draw up a credential" in lin.get(f"/crosswalks/{scene.crosswalk.code}/").content.decode()
    panel = Client().get(f"/crosswalks/{scene.crosswalk.code}/").content.decode().partition("Crosswalk credentials")[2]
    assert re.search(rf"<dt>issued</dt><dd>.*{made.code}", panel)


def test_the_verification_page_names_the_kind_and_shows_the_rows_in_each_language(scene):
    made = scene.issued()
    kinds = {
        "en": "Crosswalk between two standards",
        "zh-hans": "两项标准的比对表",
        "ru": "Таблица соответствия двух стандартов",
    }
    for language, words in kinds.items():
        with translation.override(language):
            client = Client(headers={"accept-language": language})
            page = client.post(
                "/verify/", {"file": SimpleUploadedFile("x.json", made.document.encode())}
            ).content.decode()
        assert words in page
        assert page.count('<span class="code">1</span>') == 2
        assert "Alisher" in page


def test_an_issue_stands_in_today_of_each_side_until_it_has_signed_and_to_drop_once_a_row_is_withdrawn(scene):
    def waits(person):
        return [(turn.what, turn.record, turn.then) for turn in turns(person)["mine"]]

    seated = user("Fang", ("authority", scene.ministry))
    assert [waits(person) for person in (scene.lin, scene.alisher)] == [[], []]
    made = scene.drawn()
    sign = [("Sign the crosswalk for your institution", made, "do/sign")]
    people = (scene.lin, seated, scene.alisher, scene.wang, user("Noor", ("teacher", scene.host)))
    assert [waits(person) for person in people] == [sign, sign, sign, [], []]
    actions.sign_crosswalk(made, by=scene.lin)
    assert [waits(person) for person in people] == [[], [], sign, [], []]
    standards.withdraw_row(scene.rows[0], note="a misreading", by=scene.lin)
    ((what, record, then),) = waits(scene.alisher)
    assert what == f"Drop the issue of the crosswalk: {scene.rows[0].code} was withdrawn since" and then == "do/drop"
    actions.drop_crosswalk(record, why="a row was withdrawn", by=scene.alisher)
    assert waits(scene.alisher) == []
