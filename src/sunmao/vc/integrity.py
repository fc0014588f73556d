"""Data Integrity proofs: eddsa-rdfc-2022, eddsa-jcs-2022 and ecdsa-rdfc-2019, sets and chains.

Data Integrity EdDSA Cryptosuites 1.0 (sections 3.2 and 3.3), Data Integrity ECDSA Cryptosuites 1.0 (section 3.2),
Verifiable Credential Data Integrity 1.0 (section 4). A proof covers the document without its proofs, and the proofs it names as previous.
Ed25519Signature2020, the form older badges carry, is checked but never made.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sunmao.vc.canon import canonical_json, canonical_nquads
from sunmao.vc.contexts import Contexts
from sunmao.vc.encoding import multibase_decode, multibase_encode
from sunmao.vc.errors import CannotCheck, VcError
from sunmao.vc.keys import AnyPrivateKey, AnyPublicKey, PrivateKey, PublicKey
from sunmao.vc.times import format_instant, parse_instant

RDFC = "eddsa-rdfc-2022"
JCS = "eddsa-jcs-2022"
ECDSA = "ecdsa-rdfc-2019"
SUITES = (RDFC, JCS)  # of the keys that institutions have here; ECDSA is that of keys on the curves P-256 and P-384
OLD_TYPE = "Ed25519Signature2020"
ASSERTION = "assertionMethod"
AUTHENTICATION = "authentication"
MAX_PROOFS = 20
_ABSENT = object()


@dataclass(frozen=True)
class HashParts:
    """Every intermediate of a proof: canonical bytes, their hash, and what is signed (proof first)."""

    proof: bytes
    document: bytes
    digest: str = "sha256"

    @property
    def proof_hash(self) -> bytes:
        """The hash of the canonical proof options."""
        return hashlib.new(self.digest, self.proof).digest()

    @property
    def document_hash(self) -> bytes:
        """The hash of the canonical document."""
        return hashlib.new(self.digest, self.document).digest()

    @property
    def signed(self) -> bytes:
        """The 64 bytes under the signature, 96 with SHA-384."""
        return self.proof_hash + self.document_hash


def make_proof(
    document: dict[str, Any],
    key: AnyPrivateKey,
    *,
    created: datetime,
    method: str | None = None,
    suite: str = "",
    purpose: str = ASSERTION,
    proof_id: str | None = None,
    previous: list[str] | None = None,
    expires: datetime | None = None,
    challenge: str | None = None,
    domain: str | None = None,
    contexts: Contexts | None = None,
) -> dict[str, Any]:
    """Return one proof for a document, without adding it. ``method`` is by default the key's did:key, ``suite`` the
    one over statements for keys of its kind.

    Raise VcError when a term of the document is undefined or a named previous proof is absent.
    """
    suite = suite or (RDFC if isinstance(key, PrivateKey) else ECDSA)
    if suite not in (*SUITES, ECDSA):
        raise VcError("suite_unknown", suite=suite)
    _check_kind(suite, key.public)
    options = plain_options(created, method or key.public.did_method, suite=suite, purpose=purpose)
    wished = {"id": proof_id, "challenge": challenge, "domain": domain}
    options |= {name: value for name, value in wished.items() if value is not None}
    if expires is not None:
        options["expires"] = format_instant(expires)
    if previous:
        options["previousProof"] = previous[0] if len(previous) == 1 else previous
    if suite == JCS and "@context" in document:
        options["@context"] = document["@context"]
    parts = hash_parts(document, options, contexts, key.public.digest)
    return options | {"proofValue": multibase_encode(key.sign(parts.signed))}


def plain_options(created: datetime, method: str, *, suite: str = RDFC, purpose: str = ASSERTION) -> dict[str, Any]:
    """Return what every proof says of itself (Data Integrity section 2.1), in the order it is written."""
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": format_instant(created),
        "verificationMethod": method,
        "proofPurpose": purpose,
    }


def sign(document: dict[str, Any], key: AnyPrivateKey, *, created: datetime, **options: Any) -> dict[str, Any]:
    """Return the document with one more proof (arguments of make_proof); ``proof`` is always an array."""
    proof = make_proof(document, key, created=created, **options)
    return document | {"proof": [*proofs_of(document), proof]}


def proofs_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the proofs of a document as a list; raise VcError if ``proof`` is neither object nor objects."""
    value = document.get("proof", _ABSENT)
    if value is _ABSENT:
        return []
    proofs = value if isinstance(value, list) else [value]
    if not proofs or not all(isinstance(proof, dict) for proof in proofs):
        raise VcError("proof_not_object")
    if len(proofs) > MAX_PROOFS:
        raise VcError("proof_too_many", limit=MAX_PROOFS)
    return proofs


def hash_parts(
    document: dict[str, Any], proof: dict[str, Any], contexts: Contexts | None = None, digest: str = "sha256"
) -> HashParts:
    """Return what a proof signs: canonical options and canonical document, previous proofs included.

    ``digest`` is the hash of the key: that of P-384 is sha384, of all others sha256.
    """
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    matching = _previous_proofs(document, proof)
    if matching:
        unsecured["proof"] = matching
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    if proof.get("cryptosuite") == JCS:
        if "@context" in proof:
            unsecured["@context"] = _signed_context(document, proof)
        return HashParts(canonical_json(options), canonical_json(unsecured))
    return HashParts(
        canonical_options(options, document.get("@context"), contexts, digest),
        canonical_nquads(unsecured, contexts, digest).encode("utf-8"),
        digest,
    )


def canonical_options(
    options: dict[str, Any], context: Any, contexts: Contexts | None = None, digest: str = "sha256"
) -> bytes:
    """Return the canonical bytes of the options of a proof over statements under a document's context (3.2.5)."""
    return canonical_nquads(options | {"@context": context}, contexts, digest).encode("utf-8")


def check_proof(
    document: dict[str, Any],
    proof: dict[str, Any],
    key: AnyPublicKey,
    *,
    now: datetime,
    purpose: str = ASSERTION,
    contexts: Contexts | None = None,
) -> None:
    """Raise VcError with the reason when the proof does not hold for the document under the key."""
    check_options(proof, now=now, purpose=purpose)
    _check_kind(proof.get("cryptosuite"), key)
    value = proof["proofValue"]
    if not isinstance(value, str) or not value.startswith("z"):
        raise VcError("proof_value_bad")
    signature = multibase_decode(value)
    if len(signature) != key.signature_length:
        raise VcError("proof_value_bad")
    if not key.verifies(signature, hash_parts(document, proof, contexts, key.digest).signed):
        raise VcError("proof_wrong")


def check_options(proof: dict[str, Any], *, now: datetime, purpose: str = ASSERTION) -> None:
    """Refuse a proof by its form: type, suite, purpose, method, dates (Data Integrity section 2.1)."""
    kind = proof.get("type")
    if kind == "DataIntegrityProof":
        if proof.get("cryptosuite") not in (*SUITES, ECDSA):
            raise CannotCheck("suite_unknown", suite=str(proof.get("cryptosuite"))[:60])
    elif kind != OLD_TYPE:
        raise CannotCheck("proof_type_unknown", type=str(kind)[:60])
    elif "cryptosuite" in proof:
        raise VcError("suite_unknown", suite=str(proof["cryptosuite"])[:60])
    if "proofValue" not in proof:
        raise VcError("proof_value_missing")
    if proof.get("proofPurpose") != purpose:
        raise VcError("proof_purpose", purpose=str(proof.get("proofPurpose"))[:60], expected=purpose)
    if not isinstance(proof.get("verificationMethod"), str) or ":" not in proof["verificationMethod"]:
        raise VcError("method_not_url", method=str(proof.get("verificationMethod"))[:120])
    if "created" in proof:
        parse_instant(proof["created"], field="proof.created")
    if "expires" in proof and parse_instant(proof["expires"], field="proof.expires") <= now:
        raise VcError("proof_expired", expires=proof["expires"])


def _check_kind(suite: str | None, key: AnyPublicKey) -> None:
    """Raise VcError where a key is not of the kind that the suite signs with."""
    if isinstance(key, PublicKey) == (suite == ECDSA):
        raise VcError("suite_key", suite=suite or OLD_TYPE)


def _previous_proofs(document: dict[str, Any], proof: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the proofs named by previousProof (Data Integrity 4.3); an absent one is an error."""
    if "previousProof" not in proof:
        return []
    wanted = proof["previousProof"]
    names = wanted if isinstance(wanted, list) else [wanted]
    by_id: dict[str, dict[str, Any]] = {}
    for other in proofs_of(document):
        name = other.get("id")
        if isinstance(name, str):
            if name in by_id:
                raise VcError("proof_id_twice", id=name[:120])
            by_id[name] = other
    matching: list[dict[str, Any]] = []
    for name in names:
        if not isinstance(name, str) or name not in by_id or name == proof.get("id"):
            raise VcError("proof_previous_missing", id=str(name)[:120])
        matching.append(by_id[name])
    return matching


def _signed_context(document: dict[str, Any], proof: dict[str, Any]) -> Any:
    """Return the context a JCS proof was made under; the document may only have added to it (3.3.2)."""
    own = proof["@context"] if isinstance(proof["@context"], list) else [proof["@context"]]
    held = document.get("@context")
    held = held if isinstance(held, list) else [held]
    if held[: len(own)] != own:
        raise VcError("proof_context")
    return proof["@context"]
