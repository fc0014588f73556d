"""Where the official vectors lie, and the keys and credentials these tests are about."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sunmao.vc import contexts, keys, sdjwt, trust, verify

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def vectors(shared: Path) -> Path:
    return shared / "vectors"


@pytest.fixture(scope="session")
def example_contexts(vectors: Path) -> contexts.Contexts:
    return contexts.contexts_with_folder(str(vectors / "contexts"))


@pytest.fixture(scope="session")
def read():
    return lambda path: json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def alice() -> keys.PrivateKey:
    return keys.PrivateKey(bytes(range(32)))


@pytest.fixture(scope="session")
def bob() -> keys.PrivateKey:
    return keys.PrivateKey(bytes(range(1, 33)))


@pytest.fixture
def badge(alice: keys.PrivateKey) -> dict:
    return {
        "@context": [contexts.CREDENTIALS_V2, contexts.OPEN_BADGES],
        "id": "urn:uuid:019a0000-0000-7000-8000-000000000001",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": alice.public.did, "type": ["Profile"], "name": "Alice's College"},
        "validFrom": "2026-01-01T00:00:00Z",
        "name": "Telecommunication technician",
        "credentialSubject": {
            "id": "urn:uuid:019a0000-0000-7000-8000-000000000003",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "urn:uuid:019a0000-0000-7000-8000-000000000002",
                "type": ["Achievement"],
                "name": "Telecommunication technician",
                "description": "Installs and maintains access networks.",
                "criteria": {"narrative": "All units passed."},
            },
        },
    }


@pytest.fixture
def trust_in():
    """Return a maker of trust in the did:key issuers of given private keys."""

    def make(*held: keys.PrivateKey, **more) -> trust.Trust:
        issuers = {
            key.public.did: trust.KnownIssuer(
                key.public.did,
                {"en": "A known college"},
                (trust.TrustedKey(key.public.did_method, key.public.multikey),),
            )
            for key in held
        }
        return trust.Trust(issuers=issuers, **more)

    return make


@pytest.fixture
def record(badge) -> dict:
    """A badge whose learner is named, with three results and an evidence."""
    subject = {name: value for name, value in badge["credentialSubject"].items() if name != "id"}
    named = {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": "Nodira “Нодира” 诺迪拉",
        "identityType": "name",
    }
    results = [{"type": ["Result"], "value": value, "status": "Completed"} for value in ("5", "3", "4")]
    more = {"identifier": [named], "result": results, "licenseNumber": "A-77"}
    evidence = [{"id": "https://college.example/e/1", "type": ["Evidence"], "name": "Mast built"}]
    return badge | {"credentialSubject": subject | more, "evidence": evidence}


@pytest.fixture
def make(record, alice, now):
    def made(*keys, **more) -> str:
        signers = [sdjwt.Signer(key.jwk, key.public.did_method) for key in keys or (alice,)]
        told = {"ways": sdjwt.holder_ways(record), "issued_at": now, **more}
        return sdjwt.issue(told.pop("record", record), signers, **told)

    return made


@pytest.fixture
def judged(alice, now, trust_in):
    def judge(text: str, **more):
        return verify.verify(text.encode(), trust=more.get("known") or trust_in(alice), now=now)

    return judge
