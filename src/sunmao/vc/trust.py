"""What a reader knows beforehand: issuers with their keys, status lists, and how old that knowledge is.

A *bundle* is this knowledge as one signed JSON file (eddsa-jcs-2022), so that a machine that never
connects can verify. Test keys are known as such and never count unless the reader asks for them.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sunmao.vc.encoding import base64url_decode, base64url_encode
from sunmao.vc.errors import VcError
from sunmao.vc.times import format_instant, parse_instant

BUNDLE_TYPE = "SunmaoTrustBundle"
BUNDLE_VERSION = 2
BUNDLE_PURPOSE = "assertionMethod"
MAX_BUNDLE_BYTES = 512 * 1024 * 1024
MAX_BUNDLE_VALUES = 5_000_000
DIGEST_BYTES = 32


@dataclass(frozen=True)
class TrustedKey:
    """A key of an issuer: ``method`` is its full address, ``multikey`` or ``jwk`` the key, times are UTC.

    ``valid_until`` retires it for proofs made later; ``compromised_since`` leaves only what was witnessed
    before, whatever date a proof claims.
    """

    method: str
    multikey: str = ""
    jwk: dict[str, Any] | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    compromised_since: datetime | None = None
    test: bool = False


@dataclass(frozen=True)
class KnownIssuer:
    """An institution: ``id`` as written in its credentials, ``names`` by language, its keys old and new."""

    id: str
    names: dict[str, str] = field(default_factory=dict)
    keys: tuple[TrustedKey, ...] = ()
    test: bool = False


@dataclass(frozen=True)
class Trust:
    """Everything known beforehand.

    ``status_lists``: address -> signed list. ``witnessed``: hex digest of a credential (see
    ``credential_digest``) -> instant of the earliest checkpoint a partner witnessed it under; asked for
    only where a key was compromised.
    ``recognitions`` are carried for those who show them ({achievement, awarded_on, tone, title and says by language});
    they decide nothing here.
    """

    issuers: Mapping[str, KnownIssuer] = field(default_factory=dict)
    status_lists: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    witnessed: Mapping[str, datetime] = field(default_factory=dict)
    recognitions: tuple[dict[str, Any], ...] = ()
    made_at: datetime | None = None
    signer: str = ""
    accept_test: bool = False

    def age_days(self, now: datetime) -> int | None:
        """Whole days since the knowledge was gathered; nothing when it is of this moment."""
        return None if self.made_at is None else max(0, (now - self.made_at).days)

    def find_key(self, *, method: str = "", multikey: str = "") -> tuple[KnownIssuer, TrustedKey] | None:
        """Return the known key with this address or this key text, and whose it is."""
        for issuer, key in self._keys():
            if (method and key.method == method) or (multikey and key.multikey == multikey):
                return issuer, key
        return None

    def recognised(self, document: dict[str, Any]) -> list[dict[str, Any]]:
        """Return where a credential of this achievement and day of award may be recognised: an indication."""
        subject = document.get("credentialSubject")
        held = subject.get("achievement") if isinstance(subject, dict) else None
        asked = held.get("id") if isinstance(held, dict) else None, str(document.get("awardedDate"))[:10]
        return [row for row in self.recognitions if (row.get("achievement"), row.get("awarded_on")) == asked]

    def _keys(self) -> Iterator[tuple[KnownIssuer, TrustedKey]]:
        return ((issuer, key) for issuer in self.issuers.values() for key in issuer.keys)


class Digests(Mapping[str, datetime]):
    """Witnessed digests as a bundle carries them: per instant their 32 bytes each, sorted and strung together, so that
    millions are read as a few texts and one is found by halving."""

    def __init__(self, packed: Mapping[datetime, bytes]) -> None:
        if any(len(held) % DIGEST_BYTES for held in packed.values()):
            raise VcError("bundle_form", detail="witnessed")
        self.packed = dict(sorted(packed.items()))

    def __getitem__(self, digest: str) -> datetime:
        wanted = bytes.fromhex(digest)
        for moment, held in self.packed.items():
            place = bisect_left(_Cut(held), wanted)
            if held[place * DIGEST_BYTES : (place + 1) * DIGEST_BYTES] == wanted:
                return moment
        raise KeyError(digest)

    def __iter__(self) -> Iterator[str]:
        return (row.hex() for held in self.packed.values() for row in _Cut(held))

    def __len__(self) -> int:
        return sum(len(_Cut(held)) for held in self.packed.values())


class _Cut(Sequence[bytes]):
    """The digests of one text, by place."""

    def __init__(self, held: bytes) -> None:
        self.held = held

    def __getitem__(self, place: Any) -> Any:
        if not 0 <= place < len(self):
            raise IndexError(place)
        return self.held[place * DIGEST_BYTES : (place + 1) * DIGEST_BYTES]

    def __len__(self) -> int:
        return len(self.held) // DIGEST_BYTES


def pack(witnessed: Mapping[str, datetime]) -> dict[str, str]:
    """Return witnessed digests as they stand in a bundle: instant -> base64url of the sorted digests."""
    found: dict[str, list[bytes]] = {}
    for digest, moment in witnessed.items():
        found.setdefault(format_instant(moment), []).append(bytes.fromhex(digest))
    return {moment: base64url_encode(b"".join(sorted(held))) for moment, held in sorted(found.items())}


def credential_digest(document: dict[str, Any]) -> str:
    """Return the hex SHA-256 of a credential without its proofs (JCS), as it lies under checkpoints."""
    from sunmao.vc.canon import canonical_json

    bare = {name: value for name, value in document.items() if name != "proof"}
    return hashlib.sha256(canonical_json(bare)).hexdigest()


def bundle_document(trust: Trust, *, made_at: datetime) -> dict[str, Any]:
    """Return the unsigned bundle; test issuers and test keys never enter it."""
    return {
        "type": BUNDLE_TYPE,
        "version": BUNDLE_VERSION,
        "made_at": format_instant(made_at),
        "issuers": [_issuer_json(issuer) for issuer in trust.issuers.values() if not issuer.test],
        "status_lists": dict(trust.status_lists),
        "witnessed": pack(trust.witnessed),
        "recognitions": list(trust.recognitions),
    }


def load_bundle(data: bytes, *, now: datetime, signer: str = "") -> Trust:
    """Return the trust of a signed bundle; its signature is checked here.

    ``signer`` pins whose bundle it must be (a did:key); without it, who signed is told in ``Trust.signer``
    and the reader answers for having chosen the file. Raise VcError when the signature does not hold.
    """
    from sunmao.vc import integrity, keys, strict_json

    document = strict_json.loads_object(data, max_bytes=MAX_BUNDLE_BYTES, max_values=MAX_BUNDLE_VALUES)
    if document.get("type") != BUNDLE_TYPE or document.get("version") != BUNDLE_VERSION:
        raise VcError("bundle_kind")
    proofs = integrity.proofs_of(document)
    if len(proofs) != 1 or proofs[0].get("cryptosuite") != integrity.JCS:
        raise VcError("bundle_unsigned")
    integrity.check_options(proofs[0], now=now, purpose=BUNDLE_PURPOSE)
    method = proofs[0]["verificationMethod"]
    key = keys.public_from_did_key(method)
    integrity.check_proof(document, proofs[0], key, now=now, purpose=BUNDLE_PURPOSE)
    if signer and key.did != signer.partition("#")[0]:
        raise VcError("bundle_signer", found=key.did, expected=signer[:120])
    try:
        return _trust_of(document, signer=key.did)
    except (KeyError, TypeError, AttributeError) as error:
        raise VcError("bundle_form", detail=f"{type(error).__name__}: {error}"[:120]) from None


def _trust_of(document: dict[str, Any], *, signer: str) -> Trust:
    issuers = [_issuer_of(item) for item in document["issuers"]]
    return Trust(
        issuers={issuer.id: issuer for issuer in issuers},
        status_lists={str(url): dict(value) for url, value in document["status_lists"].items()},
        witnessed=Digests(
            {
                parse_instant(moment, field="witnessed"): base64url_decode(held)
                for moment, held in document["witnessed"].items()
            }
        ),
        recognitions=tuple(dict(item) for item in document["recognitions"]),
        made_at=parse_instant(document["made_at"], field="made_at"),
        signer=signer,
    )


def _issuer_json(issuer: KnownIssuer) -> dict[str, Any]:
    held = [key for key in issuer.keys if not key.test]
    return {"id": issuer.id, "names": issuer.names, "keys": [_key_json(key) for key in held]}


def _key_json(key: TrustedKey) -> dict[str, Any]:
    result: dict[str, Any] = {"method": key.method}
    if key.multikey:
        result["multikey"] = key.multikey
    if key.jwk:
        result["jwk"] = key.jwk
    for name in ("valid_from", "valid_until", "compromised_since"):
        moment = getattr(key, name)
        if moment is not None:
            result[name] = format_instant(moment)
    return result


def _issuer_of(item: dict[str, Any]) -> KnownIssuer:
    names = {str(language): str(name) for language, name in item["names"].items()}
    return KnownIssuer(str(item["id"]), names, tuple(_key_of(key) for key in item["keys"]))


def _key_of(item: dict[str, Any]) -> TrustedKey:
    def moment(name: str) -> datetime | None:
        return parse_instant(item[name], field=name) if name in item else None

    return TrustedKey(
        str(item["method"]),
        str(item.get("multikey", "")),
        item.get("jwk"),
        valid_from=moment("valid_from"),
        valid_until=moment("valid_until"),
        compromised_since=moment("compromised_since"),
    )
