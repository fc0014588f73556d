"""Verdicts: each story of a credential ends in the verdict a careful reader would give, with its reason."""

import copy
import dataclasses
import io
import json
import zipfile
from datetime import datetime, timedelta

import pytest

from sunmao.vc import integrity, jose, keys, report, sentences, status, trust, verify
from sunmao.vc.report import Verdict

LIST_URL = "https://college.example/status/1"


def codes(result: report.Report) -> set[str]:
    return {check.code for check in result.reasons}


def as_bytes(document: dict) -> bytes:
    return json.dumps(document).encode()


def signed_list(key: keys.PrivateKey, now: datetime, set_index: int | None, purpose: str) -> dict:
    bits = status.StatusBits()
    if set_index is not None:
        bits[set_index] = 1
    unsigned = status.status_list_credential(
        LIST_URL,
        bits,
        issuer=key.public.did,
        purpose=purpose,
        valid_from=now - timedelta(days=1),
        valid_until=now + timedelta(days=1),
    )
    return integrity.sign(unsigned, key, created=now)


def test_a_known_issuers_credential_is_genuine_and_in_force(badge, alice, now, trust_in):
    signed = integrity.sign(badge, alice, created=now)
    result = verify.verify(as_bytes(signed), trust=trust_in(alice), now=now)
    assert (result.verdict, result.exit_code, codes(result)) == (Verdict.IN_FORCE, 0, set())
    assert result.issuer_names == {"en": "A known college"}


def test_without_trust_the_issuer_is_unknown_and_never_green(badge, alice, now):
    result = verify.verify(as_bytes(integrity.sign(badge, alice, created=now)), now=now)
    assert (result.verdict, result.exit_code) == (Verdict.UNKNOWN_ISSUER, 3)
    assert codes(result) == {"issuer_unknown"}


def test_a_changed_word_is_not_genuine(badge, alice, now, trust_in):
    signed = integrity.sign(badge, alice, created=now)
    signed["credentialSubject"]["achievement"]["name"] = "Chief engineer"
    result = verify.verify(as_bytes(signed), trust=trust_in(alice), now=now)
    assert (result.verdict, result.exit_code) == (Verdict.NOT_GENUINE, 1)
    assert "proof_wrong" in codes(result)


def test_someone_else_signing_in_the_issuers_name_is_not_genuine(badge, alice, bob, now, trust_in):
    forged = integrity.sign(badge, bob, created=now)
    for known in (trust_in(alice), trust_in(alice, bob), trust_in()):
        result = verify.verify(as_bytes(forged), trust=known, now=now)
        assert result.verdict is Verdict.NOT_GENUINE
        assert codes(result) <= {"issuer_key_unknown", "issuer_did_not_sign"}


def test_a_web_issuer_is_bound_to_its_known_keys(badge, alice, bob, now):
    site = "https://college.example/issuer"
    badge["issuer"]["id"] = site
    held = trust.TrustedKey(f"{site}#{alice.public.multikey}", alice.public.multikey)
    known = trust.Trust(issuers={site: trust.KnownIssuer(site, {"en": "College"}, (held,))})
    good = integrity.sign(badge, alice, created=now, method=held.method)
    forged = integrity.sign(badge, bob, created=now, method=f"{site}#{bob.public.multikey}")
    assert verify.verify(as_bytes(good), trust=known, now=now).verdict is Verdict.IN_FORCE
    assert verify.verify(as_bytes(forged), trust=known, now=now).verdict is Verdict.NOT_GENUINE
    assert verify.verify(as_bytes(forged), now=now).verdict is Verdict.UNKNOWN_ISSUER


def test_a_key_newer_than_the_bundle_cannot_be_judged(badge, alice, bob, now, trust_in):
    site = "did:web:college.example"
    badge["issuer"]["id"] = site
    known = trust.Trust(issuers={site: trust.KnownIssuer(site, {}, ())}, made_at=now - timedelta(days=30))
    later = integrity.sign(badge, bob, created=now, method=f"{site}#{bob.public.multikey}")
    earlier = integrity.sign(badge, bob, created=now - timedelta(days=60), method=f"{site}#{bob.public.multikey}")
    assert "issuer_key_newer" in codes(verify.verify(as_bytes(later), trust=known, now=now))
    assert verify.verify(as_bytes(later), trust=known, now=now).verdict is not Verdict.IN_FORCE
    assert verify.verify(as_bytes(earlier), trust=known, now=now).verdict is Verdict.NOT_GENUINE


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"validUntil": "2026-05-01T00:00:00Z"}, "expired"),
        ({"validFrom": "2027-05-01T00:00:00Z"}, "not_yet_valid"),
    ],
)
def test_dates_decide_whether_it_is_in_force(badge, alice, now, trust_in, change, code):
    signed = integrity.sign(badge | change, alice, created=now)
    result = verify.verify(as_bytes(signed), trust=trust_in(alice), now=now)
    assert (result.verdict, result.exit_code, codes(result)) == (Verdict.NOT_IN_FORCE, 1, {code})


@pytest.mark.parametrize(("purpose", "code"), [("revocation", "revoked"), ("suspension", "suspended")])
def test_the_status_list_decides_whether_it_is_in_force(badge, alice, now, trust_in, purpose, code):
    badge["credentialStatus"] = status.status_entry(LIST_URL, 7, purpose=purpose)
    signed = as_bytes(integrity.sign(badge, alice, created=now))

    def with_list(held: dict | None) -> report.Report:
        lists = {LIST_URL: held} if held else {}
        return verify.verify(signed, trust=trust_in(alice, status_lists=lists), now=now)

    assert with_list(signed_list(alice, now, None, purpose)).verdict is Verdict.IN_FORCE
    assert with_list(signed_list(alice, now, 8, purpose)).verdict is Verdict.IN_FORCE
    hit = with_list(signed_list(alice, now, 7, purpose))
    assert (hit.verdict, codes(hit)) == (Verdict.NOT_IN_FORCE, {code})
    absent = with_list(None)
    assert (absent.verdict, absent.exit_code) == (Verdict.CANNOT_CHECK, 2)
    assert codes(absent) == {"status_list_missing"}


def test_a_status_list_by_another_or_out_of_date_or_altered_says_nothing(badge, alice, bob, now, trust_in):
    badge["credentialStatus"] = status.status_entry(LIST_URL, 7, purpose="revocation")
    signed = as_bytes(integrity.sign(badge, alice, created=now))
    clear = signed_list(alice, now, None, "revocation")
    altered = copy.deepcopy(signed_list(alice, now, 7, "revocation"))
    altered["credentialSubject"]["encodedList"] = clear["credentialSubject"]["encodedList"]
    lists = {
        "status_list_issuer": signed_list(bob, now, None, "revocation"),
        "status_list_unsigned": altered,
        "status_purpose": signed_list(alice, now, None, "suspension"),
        "status_list_old": signed_list(alice, now - timedelta(days=5), None, "revocation"),
    }
    for code, held in lists.items():
        known = trust_in(alice, bob, status_lists={LIST_URL: held})
        result = verify.verify(signed, trust=known, now=now)
        assert (result.verdict, codes(result)) == (Verdict.CANNOT_CHECK, {code})


CREDENTIALS = "https://www.w3.org/2018/credentials#"
DATE = "http://www.w3.org/2001/XMLSchema#dateTime"


def respell_by_address(document: dict, name: str) -> None:
    value = document.pop(name)
    document[CREDENTIALS + name] = {"@value": value, "@type": DATE} if isinstance(value, str) else value


def respell_by_own_term(document: dict, name: str) -> None:
    kind = {"@type": DATE} if isinstance(document[name], str) else {}
    document["@context"] = [*document["@context"], {"other": {"@id": CREDENTIALS + name, **kind}}]
    document["other"] = document.pop(name)


def respell_in_another_place(document: dict, name: str) -> None:
    kind = {"@type": DATE} if isinstance(document[name], str) else {}
    document["@context"] = [*document["@context"], {name: {"@id": CREDENTIALS + name, **kind}}]
    document["evidence"][0][name] = document.pop(name)


@pytest.mark.parametrize("name", ["validUntil", "credentialStatus"])
@pytest.mark.parametrize("respell", [respell_by_address, respell_by_own_term, respell_in_another_place])
def test_a_holder_cannot_hide_an_end_or_a_revocation_by_spelling(badge, alice, now, trust_in, name, respell):
    """The statements, and so the proof, stay the same; only the JSON reads differently."""
    badge["evidence"] = [{"id": badge["id"], "type": ["Evidence"], "name": "Itself"}]
    badge["validUntil"] = "2026-05-01T00:00:00Z"
    badge["credentialStatus"] = status.status_entry(LIST_URL, 7, purpose="revocation")
    signed = integrity.sign(badge, alice, created=now)
    lists = {LIST_URL: signed_list(alice, now, 7, "revocation")}
    known = trust_in(alice, status_lists=lists)
    plain = verify.verify(as_bytes(signed), trust=known, now=now)
    assert codes(plain) == {"expired", "revoked"}
    respell(signed, name)
    result = verify.verify(as_bytes(signed), trust=known, now=now)
    assert (result.verdict, "meaning_hidden" in codes(result)) == (Verdict.NOT_GENUINE, True), codes(result)


def test_a_retired_key_counts_for_what_it_signed_in_its_time(badge, alice, now, trust_in):
    def with_key(**times) -> trust.Trust:
        base = trust_in(alice)
        issuer = base.issuers[alice.public.did]
        held = dataclasses.replace(issuer.keys[0], **times)
        return trust.Trust(issuers={issuer.id: dataclasses.replace(issuer, keys=(held,))})

    signed = as_bytes(integrity.sign(badge, alice, created=now))
    day = timedelta(days=1)
    assert verify.verify(signed, trust=with_key(valid_until=now + day), now=now).exit_code == 0
    retired = verify.verify(signed, trust=with_key(valid_until=now - day), now=now)
    early = verify.verify(signed, trust=with_key(valid_from=now + day), now=now)
    assert "key_retired" in codes(retired)
    assert "key_not_yet" in codes(early)
    assert {retired.verdict, early.verdict} == {Verdict.NOT_GENUINE}


def test_after_a_theft_only_what_was_witnessed_before_counts(badge, alice, now, trust_in):
    """The thief dates his proof as he likes; the digest under an earlier checkpoint is what he lacks."""
    theft = now - timedelta(days=10)
    base = trust_in(alice)
    issuer = base.issuers[alice.public.did]
    stolen = dataclasses.replace(issuer.keys[0], compromised_since=theft)
    honest = integrity.sign(badge, alice, created=theft - timedelta(days=90))
    backdated = integrity.sign(badge | {"name": "Forged"}, alice, created=theft - timedelta(days=90))
    known = trust.Trust(
        issuers={issuer.id: dataclasses.replace(issuer, keys=(stolen,))},
        witnessed={
            trust.credential_digest(honest): theft - timedelta(days=80),
            trust.credential_digest(badge | {"name": "Late"}): theft + timedelta(days=1),
        },
    )
    late = integrity.sign(badge | {"name": "Late"}, alice, created=theft - timedelta(days=90))
    assert verify.verify(as_bytes(honest), trust=known, now=now).verdict is Verdict.IN_FORCE
    for bad in (backdated, late):
        result = verify.verify(as_bytes(bad), trust=known, now=now)
        assert result.verdict is Verdict.NOT_GENUINE
        assert "key_compromised" in codes(result)


def test_a_test_key_proves_nothing_unless_asked_for(badge, alice, now, trust_in):
    base = trust_in(alice)
    issuer = dataclasses.replace(base.issuers[alice.public.did], test=True)
    signed = as_bytes(integrity.sign(badge, alice, created=now))
    known = trust.Trust(issuers={issuer.id: issuer})
    strict = verify.verify(signed, trust=known, now=now)
    assert (strict.verdict, strict.test) == (Verdict.UNKNOWN_ISSUER, True)
    demo = verify.verify(signed, trust=dataclasses.replace(known, accept_test=True), now=now)
    assert (demo.verdict, demo.test) == (Verdict.IN_FORCE, True)


def test_a_missing_joint_issuer_is_named(badge, alice, bob, now, trust_in):
    from sunmao.vc.issue import OWN_TERMS

    badge["@context"] = [*badge["@context"], OWN_TERMS]
    badge["jointIssuer"] = [{"id": bob.public.did, "type": ["Profile"], "name": "Bob's Works"}]
    one = integrity.sign(badge, alice, created=now)
    both = integrity.sign(one, bob, created=now)
    known = trust_in(alice, bob)
    missing = verify.verify(as_bytes(one), trust=known, now=now)
    assert (missing.verdict, codes(missing)) == (Verdict.CANNOT_CHECK, {"joint_missing"})
    assert verify.verify(as_bytes(both), trust=known, now=now).verdict is Verdict.IN_FORCE


def test_a_jwt_credential_is_judged_like_any_other(badge, alice, bob, now, trust_in):
    token = jose.issue_jwt(badge, alice)
    assert verify.verify(token.encode(), trust=trust_in(alice), now=now).verdict is Verdict.IN_FORCE
    forged = jose.issue_jwt(badge, bob, kid=alice.public.did_method)
    assert verify.verify(forged.encode(), trust=trust_in(alice), now=now).verdict is Verdict.NOT_GENUINE
    wrapped = {
        "@context": badge["@context"][:1],
        "type": "EnvelopedVerifiableCredential",
        "id": f"data:application/vc+jwt,{token}",
    }
    assert verify.verify(as_bytes(wrapped), trust=trust_in(alice), now=now).verdict is Verdict.IN_FORCE


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES256", "RS256"])
def test_the_algorithm_follows_from_the_key_never_from_the_header(badge, alice, now, trust_in, algorithm):
    from sunmao.vc.encoding import base64url_encode

    _, body, _ = jose.issue_jwt(badge, alice).split(".")
    header = {"alg": algorithm, "typ": "vc+jwt", "kid": alice.public.did_method}
    signed = f"{base64url_encode(json.dumps(header).encode())}.{body}"
    token = f"{signed}.{base64url_encode(alice.sign(signed.encode()))}"
    result = verify.verify(token.encode(), trust=trust_in(alice), now=now)
    assert (result.verdict, "jwt_algorithm" in codes(result)) == (Verdict.NOT_GENUINE, True)


def test_a_zip_of_many_is_as_good_as_its_worst(badge, alice, now, trust_in):
    good = integrity.sign(badge, alice, created=now)
    bad = good | {"name": "Forged"}

    def packed(*documents: dict) -> bytes:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as archive:
            for number, document in enumerate(documents):
                archive.writestr(f"{number}.json", json.dumps(document))
        return held.getvalue()

    fine = verify.verify(packed(good, good), trust=trust_in(alice), now=now)
    assert (fine.verdict, len(fine.parts)) == (Verdict.IN_FORCE, 2)
    mixed = verify.verify(packed(good, bad), trust=trust_in(alice), now=now)
    assert mixed.verdict is Verdict.NOT_GENUINE
    assert [part.name for part in mixed.parts] == ["0.json", "1.json"]
    assert verify.verify(packed(), now=now).verdict is Verdict.CANNOT_CHECK


def test_a_bundle_carries_trust_to_a_machine_that_never_connects(badge, alice, bob, now, trust_in):
    made = trust.bundle_document(trust_in(alice), made_at=now)
    bundle = as_bytes(integrity.sign(made, bob, created=now, suite="eddsa-jcs-2022"))
    later = now + timedelta(days=40)
    known = trust.load_bundle(bundle, now=later, signer=bob.public.did)
    result = verify.verify(as_bytes(integrity.sign(badge, alice, created=now)), trust=known, now=later)
    assert (result.verdict, result.trust_age_days) == (Verdict.IN_FORCE, 40)
    for altered, signer in (
        (bundle.replace(b"A known college", b"A famed college"), ""),
        (bundle, alice.public.did),
        (as_bytes(made), ""),
        (b"{}", ""),
    ):
        with pytest.raises(ValueError, match=r"bundle|signature"):
            trust.load_bundle(altered, now=later, signer=signer)


def test_test_issuers_never_enter_a_bundle(alice, bob, now, trust_in):
    base = trust_in(alice, bob)
    issuers = dict(base.issuers)
    issuers[bob.public.did] = dataclasses.replace(issuers[bob.public.did], test=True)
    text = json.dumps(trust.bundle_document(trust.Trust(issuers=issuers), made_at=now))
    assert alice.public.did in text
    assert bob.public.did not in text


def test_every_sentence_reads_without_a_blank_left_open():
    import string

    for code, text in sentences.REASONS.items():
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name]
        assert sentences.english(code, dict.fromkeys(names, "x"))
    assert {str(verdict) for verdict in Verdict} == set(sentences.VERDICTS)


def test_every_code_that_is_raised_or_told_has_its_sentence():
    import re
    from pathlib import Path

    folder = Path(verify.__file__).parent
    text = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    used = set(re.findall(r'(?:VcError|CannotCheck)\(\s*"([a-z0-9_]+)"', text))
    used |= set(re.findall(r'Check\(\s*"\w+",\s*State\.\w+,\s*"([a-z0-9_]+)"', text))
    assert len(used) > 80
    assert used <= set(sentences.REASONS)
