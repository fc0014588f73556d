"""Endorsements: their proofs are really checked, embedded or as a JWT, and none counts for another credential."""

import copy

from sunmao.vc import contexts, integrity, jose, report, verify
from sunmao.vc.report import State, Verdict


def test_an_endorsement_is_really_checked(badge, alice, bob, now, trust_in):
    endorsement = {
        "@context": badge["@context"],
        "id": "urn:uuid:019a0000-0000-7000-8000-00000000000e",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": bob.public.did, "type": ["Profile"], "name": "Bob's Works"},
        "validFrom": "2026-01-01T00:00:00Z",
        "name": "Endorsement",
        "credentialSubject": {
            "id": badge["id"],
            "type": ["EndorsementSubject"],
            "endorsementComment": "We hire them.",
        },
    }

    def judged(inner: dict) -> report.Check:
        signed = integrity.sign(badge | {"endorsement": [inner]}, alice, created=now)
        result = verify.verify_document(signed, trust=trust_in(alice, bob), now=now)
        assert result.verdict is Verdict.IN_FORCE
        return next(check for check in result.checks if check.name == "endorsement")

    good = integrity.sign(endorsement, bob, created=now)
    assert judged(good).state is State.GOOD
    altered = copy.deepcopy(good)
    altered["credentialSubject"]["endorsementComment"] = "The best of all."
    assert (judged(altered).state, judged(altered).code) == (State.BAD, "proof_wrong")
    elsewhere = copy.deepcopy(endorsement)
    elsewhere["credentialSubject"]["id"] = "urn:uuid:019a0000-0000-7000-8000-0000000000ff"
    assert judged(integrity.sign(elsewhere, bob, created=now)).code == "endorsement_elsewhere"
    assert judged(integrity.sign(endorsement, alice, created=now)).state is State.BAD


def test_an_endorsement_in_a_jwt_is_really_checked(badge, alice, bob, now, trust_in):
    endorsement = {
        "@context": [contexts.CREDENTIALS_V2, contexts.OPEN_BADGES],
        "id": "urn:uuid:019a0000-0000-7000-8000-0000000000e1",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": bob.public.did, "type": ["Profile"], "name": "An employer"},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "", "type": ["EndorsementSubject"], "endorsementComment": "We hire them."},
    }
    achievement = badge["credentialSubject"]["achievement"]
    endorsement["credentialSubject"]["id"] = achievement["id"]

    def judged(token):
        achievement["endorsementJwt"] = [token]
        result = verify.verify_document(integrity.sign(badge, alice, created=now), trust=trust_in(alice, bob), now=now)
        return next(check.code for check in result.checks if check.name == "endorsement")

    good = jose.issue_jwt(endorsement, bob)
    head, body, mark = good.split(".")
    assert judged(good) == "endorsed_by_known"
    assert judged(jose.issue_jwt(endorsement, alice)) == "issuer_key_unknown"
    assert judged(f"{head}.{body}.{mark[:-6]}AAAAAA") in ("proof_wrong", "encoding_bad")
    assert judged("not.a") == "jwt_bad"
    assert judged(jose.issue_jwt(endorsement | {"validUntil": "2026-02-01T00:00:00Z"}, bob)) == "expired"
    elsewhere = endorsement | {"credentialSubject": {"id": "urn:x:other", "type": ["EndorsementSubject"]}}
    assert judged(jose.issue_jwt(elsewhere, bob)) == "endorsement_elsewhere"


def test_endorsements_beyond_the_limit_are_told_as_unchecked(badge, alice, now, trust_in):
    badge["credentialSubject"]["achievement"]["endorsementJwt"] = ["not.a"] * 30
    result = verify.verify_document(integrity.sign(badge, alice, created=now), trust=trust_in(alice), now=now)
    assert [check.code for check in result.checks if check.name == "endorsement"][-2:] == [
        "jwt_bad",
        "endorsement_many",
    ]
