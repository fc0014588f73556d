"""SD-JWTs in other forms: signed by several issuers, SD-JWT VC, changed at random, on the command line."""

import json
import random

import pytest

from sunmao.vc import disclosing, jose, sdjwt, share_command, trust, verify
from vc.sdjwt_cast import HOLDER, QUESTION, READER, RESULT, found


def test_several_institutions_sign_one_payload(make, record, alice, bob, now, trust_in):
    terms = {"jointIssuer": {"@id": "http://purl.org/dc/terms/contributor", "@container": "@set"}}
    joint = record | {
        "@context": [*record["@context"], terms],
        "jointIssuer": [{"id": bob.public.did, "type": ["Profile"]}],
    }
    text = sdjwt.present(
        make(alice, bob, record=joint, holder=HOLDER.public.jwk), [(*RESULT, 0)], key=HOLDER.jwk, now=now
    )
    report = verify.verify(text.encode(), trust=trust_in(alice, bob), now=now)
    assert (report.exit_code, found(report, "joint")) == (0, [("good", "joint_signed")])
    assert [found(report, name) for name in ("disclosure", "holder")] == [
        [("good", "sd_shown")],
        [("good", "holder_showed")],
    ]
    one = json.loads(text)
    one["signatures"].pop()
    assert verify.verify(json.dumps(one).encode(), trust=trust_in(alice, bob), now=now).exit_code == 2
    forged = json.loads(text)
    forged["signatures"][1]["signature"] = forged["signatures"][0]["signature"]
    assert verify.verify(json.dumps(forged).encode(), trust=trust_in(alice, bob), now=now).exit_code == 1
    for bad in ({"signatures": []}, {"signatures": [1]}, {"payload": 7}, {"signatures": one["signatures"] * 21}):
        assert verify.verify(json.dumps(one | bad).encode(), now=now).exit_code == 1


def test_an_sd_jwt_vc_is_read(alice, now, trust_in):
    claims = {"vct": "https://credentials.example/identity", "iss": alice.public.did, "given_name": "Nodira",
              "iat": 1_767_225_600, "exp": int(now.timestamp()) + 60}  # fmt: skip

    def text(change: dict, **header) -> str:
        held, disclosures = disclosing.conceal(claims | change, [("given_name",)])
        named = {"typ": "dc+sd-jwt", "kid": alice.public.did_method} | header
        return "~".join(
            [jose.sign_claims({k: v for k, v in held.items() if v is not None}, alice.jwk, named), *disclosures, ""]
        )

    def judge(data: str, **more):
        return verify.verify(data.encode(), trust=trust_in(alice, **more), now=now)

    report = judge(text({}))
    assert (report.exit_code, report.document["given_name"]) == (0, "Nodira")
    assert found(report, "structure") == [("good", "sd_structure")]
    assert "given_name" not in judge(sdjwt.present(text({}), [])).document
    assert found(judge(text({"exp": 1_767_225_601})), "dates") == [("bad", "expired")]
    assert found(judge(text({"status": {"status_list": {"idx": 1, "uri": "https://x.example/1"}}})), "status") == [
        ("unknown", "status_kind_unknown")
    ]
    for change in ({"vct": None}, {"iss": None}, {"exp": "soon"}, {"nbf": 1e300}, {"exp": True}):
        assert judge(text(change)).exit_code == 1, change
    assert (
        verify.verify(text({"iss": "https://x.example"}, kid="#1").encode(), trust=trust.Trust(), now=now).exit_code
        == 2
    )


@pytest.mark.slow
def test_a_text_changed_at_random_is_refused_or_shows_what_was_signed(make, alice, bob, record, now, trust_in, volume):
    whole, several = make(holder=HOLDER.public.jwk, decoys=1), make(alice, bob, decoys=1)
    shown = sdjwt.present(whole, [RESULT], key=HOLDER.jwk, audience=READER, nonce=QUESTION, now=now)
    known, draw, passed = trust_in(alice, bob), random.Random(1101), 0
    own = {text: {e.token for e in sdjwt.open_any(text)} for text in (whole, several)}
    fillings = {text: set(sdjwt.open_any(text)[0].revealed.ways.values()) for text in (whole, several)}
    turns = volume("mutated SD-JWTs", sample=300, trial=20_000)
    for _turn in range(turns):
        base = draw.choice((whole, shown, several))
        text = mutated(base, draw)
        report = verify.verify(text.encode("utf-8", "surrogatepass"), trust=known, now=now)
        if report.exit_code not in (0, 3):
            continue
        passed += 1
        origin = several if base is several else whole
        opened = sdjwt.open_any(text)
        assert {e.token for e in opened} <= own[origin] and set(opened[0].revealed.ways.values()) <= fillings[origin]
        if opened[0].binding:
            assert text.strip() == shown
    assert 0 < passed < turns * 2 // 3


def mutated(text: str, draw: random.Random) -> str:
    """Drop, double, swap, cut or change disclosures, signatures and single characters."""
    pieces = text.split("~")
    kind = draw.randrange(6)
    place = draw.randrange(len(pieces))
    if kind == 0:
        del pieces[place]
    elif kind == 1:
        pieces.insert(place, draw.choice(pieces))
    elif kind == 2:
        draw.shuffle(pieces)
    elif kind == 3:
        return text[: draw.randrange(len(text))]
    else:
        at = draw.randrange(len(text))
        return text[:at] + draw.choice('AZaz09-_.~"{}[],: é') + text[at + (kind == 4) :]
    return "~".join(pieces)


def test_the_command_tells_what_can_be_shown_and_writes_the_part(make, alice, trust_in, tmp_path, capsys):
    whole, part, key = tmp_path / "whole.jwt", tmp_path / "part.jwt", tmp_path / "key.json"
    whole.write_text(make(holder=HOLDER.public.jwk), encoding="utf-8")
    key.write_text(json.dumps(HOLDER.jwk), encoding="utf-8")
    assert share_command.main([str(whole)]) == 0
    told = capsys.readouterr().out
    assert "/credentialSubject/result/1" in told and "/credentialSubject/identifier" in told
    words = [str(whole), "--show", "/credentialSubject/result/1", "--out", str(part), "--key", str(key)]
    assert share_command.main([*words, "--audience", READER, "--nonce", QUESTION]) == 0
    report = verify.verify(part.read_bytes(), trust=trust_in(alice))
    assert (report.exit_code, found(report, "holder")) == (0, [("good", "holder_showed")])
    assert "Nodira" not in json.dumps(report.document)
    assert share_command.main([str(whole), "--show", "/credentialSubject/shoe", "--out", str(part)]) == 1
    assert share_command.main([str(tmp_path / "absent")]) == 1
