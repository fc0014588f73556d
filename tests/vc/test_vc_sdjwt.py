"""A credential of which a part is shown: what stays hidden, what is refused, whose showing it is, several issuers."""

import json
from datetime import timedelta

import pytest

from sunmao.vc import api, checks, contexts, disclosing, elliptic, jose, sdjwt, verify
from sunmao.vc.encoding import base64url_decode, base64url_encode
from sunmao.vc.errors import CannotCheck, VcError
from vc.sdjwt_cast import HOLDER, NAME, QUESTION, READER, RESULT, found


def loose(text: str) -> str:
    """Return everything a text says to whoever takes it apart without keys."""
    token, *rest = text.split("~")
    parts = [*token.split(".")[:2], *rest]
    return "\n".join(base64url_decode(part).decode() for part in parts if part and "." not in part)


def test_what_the_holder_keeps_back_stands_nowhere_in_what_he_shows(make, judged, record):
    whole = make(decoys=2)
    assert judged(whole).document["credentialSubject"] == {
        "id": record["id"] + "#holder",
        **record["credentialSubject"],
    }
    part = sdjwt.present(whole, [(*RESULT, 1)])
    report = judged(part)
    assert report.exit_code == 0
    assert report.document["credentialSubject"]["result"] == [record["credentialSubject"]["result"][1]]
    assert "identifier" not in report.document["credentialSubject"] and report.document["evidence"] == []
    for kept in ("Nodira", "A-77", "Mast built", '"5"', '"4"'):
        assert kept in loose(whole) and kept not in loose(part)
    assert found(report, "disclosure") == [("good", "sd_shown")]
    assert report.checks[1].params["shown"] == 1 and report.checks[1].params["hidden"] > 6
    assert found(report, "holder") == [("not asked", "holder_any")]


def test_nothing_all_and_what_lies_inside_can_be_shown(make, judged, record):
    whole = make(ways=[*sdjwt.holder_ways(record), (*RESULT, 0, "value")])
    assert judged(sdjwt.present(whole, [])).document["credentialSubject"].get("result") == []
    inner = judged(sdjwt.present(whole, [(*RESULT, 0, "value")])).document["credentialSubject"]
    assert inner["result"] == [record["credentialSubject"]["result"][0]]
    assert len(judged(sdjwt.present(whole, [RESULT])).document["credentialSubject"]["result"]) == 3
    again = sdjwt.present(sdjwt.present(whole, [NAME, RESULT]), [NAME])
    assert "identifier" in judged(again).document["credentialSubject"]
    with pytest.raises(VcError, match="not there"):
        sdjwt.present(again, [("evidence", 0)])
    with pytest.raises(VcError, match="not there"):
        make(ways=[("credentialSubject", "shoe")])


def test_two_texts_of_one_credential_share_no_digest(make):
    first, second = ({*json.loads(base64url_decode(make().split(".")[1]))["credentialSubject"]["_sd"]} for _ in "ab")
    assert not first & second


@pytest.mark.parametrize("curve", elliptic.WIDTHS)
def test_keys_on_curves_issue_too(make, record, now, trust_in, curve):
    key = elliptic.generate_elliptic(curve)
    text = make(key, record=record | {"issuer": key.public.did})
    assert jose.open_envelope(text).header["alg"] == {"P-256": "ES256", "P-384": "ES384"}[curve]
    assert verify.verify(text.encode(), trust=trust_in(key), now=now).exit_code == 0


# --- what is refused -----------------------------------------------------------------------------------------------


def rewritten(alice, change, disclosures=()) -> str:
    """Return a text whose issuer signs what ``change`` made of the claims."""
    return "~".join(
        [jose.sign_claims(change, alice.jwk, {"typ": "vc+sd-jwt", "kid": alice.public.did_method}), *disclosures, ""]
    )


def disclosure(*parts) -> str:
    return base64url_encode(json.dumps(parts).encode())


def in_subject(record, *digests, **more) -> dict:
    return record | {"credentialSubject": record["credentialSubject"] | {"_sd": list(digests), **more}}


GOOD = disclosure("salt", "narrative", "Good work")
TWO = disclosure("salt", "Good work")
D = disclosing.digest_of


@pytest.mark.parametrize(
    ("digests", "shown", "code"),
    [
        ([D(GOOD)], [GOOD], None),
        ([D(GOOD), D("decoy")], [GOOD], None),
        ([], [GOOD], "sd_unused"),
        ([D(GOOD)], [GOOD, disclosure("other", "role", "x")], "sd_unused"),
        ([D(GOOD)], [GOOD, GOOD], "sd_twice"),
        ([D(GOOD), D(GOOD)], [GOOD], "sd_digest_twice"),
        ([D("decoy"), D("decoy")], [], "sd_digest_twice"),
        ([D(TWO)], [TWO], "sd_form"),
        ([7], [], "sd_form"),
        ([D(disclosure("s", "role"))], [disclosure("s", "role")], "sd_form"),
        ([D(disclosure(1, "role", "x"))], [disclosure(1, "role", "x")], "sd_form"),
        ([D(disclosure("s", 1, "x"))], [disclosure("s", 1, "x")], "sd_form"),
        ([D(disclosure("s", "a", "b", "c"))], [disclosure("s", "a", "b", "c")], "sd_form"),
        ([D(disclosure("s", "_sd", []))], [disclosure("s", "_sd", [])], "sd_name"),
        ([D(disclosure("s", "...", "x"))], [disclosure("s", "...", "x")], "sd_name"),
        ([D(disclosure("s", "licenseNumber", "B"))], [disclosure("s", "licenseNumber", "B")], "sd_name"),
        ([D(disclosure("s", "role", {"...": "x"}))], [disclosure("s", "role", {"...": "x"})], "sd_reserved"),
        ([D(disclosure("s", "role", {"_sd": "x"}))], [disclosure("s", "role", {"_sd": "x"})], "sd_form"),
        ([D(disclosure("s", "role", {"_sd_alg": "x"}))], [disclosure("s", "role", {"_sd_alg": "x"})], "sd_reserved"),
        ([D("!")], ["!"], "encoding_bad"),
        ([D(base64url_encode(b"{}"))], [base64url_encode(b"{}")], "sd_form"),
        ([D(base64url_encode(b'["s","a",NaN]'))], [base64url_encode(b'["s","a",NaN]')], "json_number"),
    ],
)
def test_a_disclosure_that_is_not_in_its_place_is_refused_by_name(alice, record, judged, digests, shown, code):
    report = judged(rewritten(alice, in_subject(record, *digests), shown))
    codes = {check.code for check in report.checks if check.state == "bad"}
    assert (report.exit_code, codes) == ((0, set()) if code is None else (1, {code}))


@pytest.mark.parametrize(
    ("element", "shown", "code"),
    [
        ({"...": D(TWO)}, [TWO], "schema"),
        ({"...": D(GOOD)}, [GOOD], "sd_form"),
        ({"...": D(TWO), "more": 1}, [TWO], "sd_reserved"),
        ({"...": 7}, [], "sd_form"),
        ({"...": D("decoy")}, [], None),
    ],
)
def test_an_element_of_an_array_is_filled_in_its_place_or_left_out(alice, record, judged, element, shown, code):
    subject = record["credentialSubject"]
    changed = record | {"credentialSubject": subject | {"result": [*subject["result"], element]}}
    report = judged(rewritten(alice, changed, shown))
    bad = [check for check in report.checks if check.state == "bad"]
    if code is None:
        assert (report.exit_code, report.document["credentialSubject"]["result"]) == (0, subject["result"])
    else:
        assert report.exit_code == 1 and code in {bad[0].code, bad[0].name}


def test_a_digest_may_stand_once_in_whatever_depth(alice, record, judged):
    outer = disclosure("s", "narrative", {"_sd": [D(GOOD)]})
    inner = in_subject(record, D(GOOD), x={"_sd": [D(GOOD)]})
    assert found(judged(rewritten(alice, inner, [GOOD])), "disclosure") == [("bad", "sd_digest_twice")]
    nested = in_subject(record, D(outer), D(GOOD))
    assert found(judged(rewritten(alice, nested, [outer])), "disclosure") == [("bad", "sd_digest_twice")]


def test_hashes_of_the_registry_are_read_and_others_cannot_be_checked(alice, record, judged):
    for name in ("sha-384", "sha-512"):
        digest = disclosing.digest_of(GOOD, name)
        assert judged(rewritten(alice, in_subject(record, digest) | {"_sd_alg": name}, [GOOD])).exit_code == 0
    for name in ("sha-1", "md5", 7, None):
        report = judged(rewritten(alice, in_subject(record, D(GOOD)) | {"_sd_alg": name}, [GOOD]))
        assert (report.exit_code, report.checks[0].code) == (2, "jwt_disclosure_hash")
    with pytest.raises(CannotCheck):
        disclosing.algorithm_in({"_sd_alg": "sha3-256"})


def test_disclosures_nested_without_end_and_too_many_are_refused(alice, record, judged):
    text, chain = disclosure("s", "role", "x"), []
    for _ in range(90):
        chain.append(text)
        text = disclosure("s", "role", {"_sd": [D(text)]})
    deep = judged(rewritten(alice, in_subject(record, D(text)), [*chain, text]))
    assert (deep.exit_code, deep.checks[0].code) == (1, "json_too_deep")
    many = [disclosure(str(n), f"x{n}", 1) for n in range(disclosing.MAX_DISCLOSURES + 1)]
    report = judged(rewritten(alice, in_subject(record), many))
    assert (report.exit_code, report.checks[0].code) == (1, "sd_too_many")


def test_reserved_names_are_not_issued(make, record):
    for bad in ({"_sd": []}, {"...": 1}, {"_sd_alg": "x"}):
        with pytest.raises(VcError, match="reserved"):
            make(record=record | {"credentialSubject": record["credentialSubject"] | bad})


def test_an_expired_or_revoked_credential_is_so_in_part_too(make, record, judged):
    old = sdjwt.present(make(record=record | {"validUntil": "2026-02-01T00:00:00Z"}), [])
    report = judged(old)
    assert (report.exit_code, found(report, "dates")) == (1, [("bad", "expired")])


# --- whose showing it is --------------------------------------------------------------------------------------------


def test_a_showing_signed_by_its_holder_is_told(make, judged, now):
    whole = make(holder=HOLDER.public.jwk)
    assert found(judged(whole), "holder") == [("unknown", "holder_silent")]
    assert judged(whole).exit_code == 0
    shown = sdjwt.present(whole, [RESULT], key=HOLDER.jwk, audience=READER, nonce=QUESTION, now=now)
    report = judged(shown)
    assert (report.exit_code, found(report, "holder")) == (0, [("good", "holder_showed")])
    with pytest.raises(VcError, match="not the one it is bound to"):
        sdjwt.present(whole, [], key=elliptic.generate_elliptic("P-256").jwk)


def spoiler(whole: str, shown: str, now) -> dict[str, tuple[str, str]]:
    """Return showings that are not the holder's, each with the reason."""
    head, _, binding = shown.rpartition("~")
    claims = jose.claims_of(binding)

    def signed(change: dict, key=HOLDER, typ="kb+jwt") -> str:
        return head + "~" + jose.sign_claims(claims | change, key.jwk, {"typ": typ})

    return {
        "proof_wrong": (signed({}, elliptic.generate_elliptic("P-256")), ""),
        "holder_hash": (whole + binding, ""),
        "jwt_type": (signed({}, typ="JWT"), ""),
        "jwt_bad": (head + "~" + "a.b", ""),
        "field_kind": (signed({"nonce": 7}), ""),
        "jwt_not_yet": (signed({"iat": int((now + timedelta(days=1)).timestamp())}), ""),
        "jwt_algorithm": (
            head + "~" + ".".join([base64url_encode(b'{"alg":"none","typ":"kb+jwt"}'), *binding.split(".")[1:]]),
            "",
        ),
    }


def test_a_showing_that_is_not_the_holders_is_refused(make, judged, now, alice, record):
    whole = make(holder=HOLDER.public.jwk)
    shown = sdjwt.present(whole, [RESULT], key=HOLDER.jwk, audience=READER, nonce=QUESTION, now=now)
    for code, (text, _) in spoiler(whole, shown, now).items():
        report = judged(text)
        assert (report.exit_code, found(report, "holder")) == (1, [("bad", code)]), code
    unbound = judged(make() + shown.rpartition("~")[2])
    assert found(unbound, "holder") == [("bad", "holder_key_missing")]


def test_shown_live_it_must_be_signed_now_for_this_question(make, alice, now, trust_in):
    whole = make(holder=HOLDER.public.jwk)

    def answer(text: str, **more):
        known = checks.Asked(trust_in(alice), more.pop("at", now), contexts.default_contexts(), live=True)
        held = {"@context": contexts.CREDENTIALS_V2, "type": "EnvelopedVerifiableCredential",
                "id": "data:application/vc+sd-jwt," + text}  # fmt: skip
        body = {"verifiableCredential": held, "options": {"challenge": QUESTION, "domain": READER} | more}
        told = api.verify_credential(json.dumps(body).encode(), known)
        return told.status, [item["title"] for item in told.document.get("problemDetails", [])]

    shown = sdjwt.present(whole, [RESULT], key=HOLDER.jwk, audience=READER, nonce=QUESTION, now=now)
    assert answer(shown) == (200, [])
    assert answer(shown, challenge="another") == (400, ["proof_answer"])
    assert answer(shown, domain="https://other.example") == (400, ["proof_answer"])
    assert answer(shown, at=now + timedelta(minutes=6)) == (400, ["holder_old"])
    assert answer(whole) == (400, ["holder_missing"])
