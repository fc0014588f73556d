"""An issuer for testing, held in memory: one key, its status lists, and what it issued (VC-API).

It signs whatever is well formed, so it belongs on nobody's open network. A register issues by its own deeds.
"""

import secrets
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sunmao.vc import api, integrity, jose, openbadges
from sunmao.vc.api import Answer
from sunmao.vc.canon import canonical_nquads
from sunmao.vc.checks import Asked
from sunmao.vc.contexts import CREDENTIALS_V1, DATA_INTEGRITY, Contexts, testing_contexts
from sunmao.vc.elliptic import P256, WIDTHS, EllipticPrivateKey, generate_elliptic
from sunmao.vc.errors import VcError
from sunmao.vc.keys import AnyPrivateKey, PrivateKey
from sunmao.vc.status import MIN_BITS, StatusBits, status_entry, status_list_credential
from sunmao.vc.structure import check_credential, issuer_id
from sunmao.vc.trust import Trust

JOSE = "jose"
SUITES = (integrity.RDFC, integrity.JCS, integrity.ECDSA, JOSE)
MESSAGE = "message"
# Each list: its purpose and the bits of one entry.
LISTS = {"revocation": 1, "suspension": 1, MESSAGE: 2}
# Bitstring Status List section 2.1 wants a message for each of the four values of two bits. The public suite
# counts a message per bit, so an entry names the first two unless all are asked for; see docs/conformance.md.
MESSAGES = (("0x0", "in order"), ("0x1", "being reviewed"), ("0x2", "results appealed"), ("0x3", "reissued"))
MESSAGE_COUNTS = {"": 2, "2": 2, "4": 4}
MAX_KEPT = 100_000


@dataclass
class TestIssuer:
    """One did:key that signs, with lists at ``address``/status/<purpose> and the entries it gave away.

    For ecdsa-rdfc-2019 it has a key on each curve, ``curves``, whose lists are at ``address``/status/<curve>/<purpose>.
    """

    __test__ = False

    key: PrivateKey
    address: str
    contexts: Contexts = field(default_factory=testing_contexts)
    curves: dict[str, EllipticPrivateKey] = field(default_factory=dict)
    lists: dict[str, StatusBits] = field(default_factory=dict)
    issued: dict[str, dict[str, int]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.curves = self.curves or {curve: generate_elliptic(curve) for curve in WIDTHS}
        self.lists = {purpose: StatusBits(MIN_BITS, size=size) for purpose, size in LISTS.items()}

    @property
    def keys(self) -> tuple[AnyPrivateKey, ...]:
        """All keys that sign here."""
        return (self.key, *self.curves.values())

    def asked(self) -> Asked:
        """What verifications here rest on: no known issuer, this issuer's own lists, this instant."""
        return Asked(Trust(status_lists=_OwnLists(self)), datetime.now(UTC), self.contexts)

    def issue(
        self, body: bytes, *, suite: str = "", with_status: bool = False, messages: str = "", curve: str = ""
    ) -> Answer:
        """Answer ``POST /credentials/issue`` with the signed credential itself.

        ``suite`` is one of SUITES, ``with_status`` adds status entries, ``messages`` says how many of the four
        values have one, ``curve`` which key signs with ecdsa-rdfc-2019.
        """

        def answer() -> Answer:
            request = api.read_request(body)
            chosen = suite or str(request.options.get("cryptosuite") or integrity.RDFC)
            if chosen not in SUITES:
                raise VcError("suite_unknown", suite=chosen[:60])
            key = self._key_for(chosen, curve)
            credential = dict(request.need("credential"))
            credential.setdefault("issuer", key.public.did)
            if _contexts_of(credential) == [CREDENTIALS_V1]:
                # The first data model has no words of its own for the proof.
                credential["@context"] = [CREDENTIALS_V1, DATA_INTEGRITY]
            self._check(credential, key)
            if with_status:
                if messages not in MESSAGE_COUNTS:
                    raise VcError("status_messages", count=messages[:20])
                credential = self._with_status(credential, MESSAGES[: MESSAGE_COUNTS[messages]], key)
            return Answer(201, self._signed(credential, chosen, key))

        return api.guarded(answer)

    def set_status(self, body: bytes) -> Answer:
        """Answer ``POST /credentials/status``: {credentialId, credentialStatus: {statusPurpose, status}}."""

        def answer() -> Answer:
            members = api.read_request(body).members
            name, wanted = members.get("credentialId"), members.get("credentialStatus")
            entries = self.issued.get(name) if isinstance(name, str) else None
            if entries is None:
                raise VcError("credential_unknown", id=str(name)[:200])
            changes = [self._change(item, entries) for item in (wanted if isinstance(wanted, list) else [wanted])]
            with self.lock:
                for purpose, value in changes:
                    self.lists[purpose][entries[purpose]] = value
            return Answer(200, {"credentialId": name, "changed": [purpose for purpose, _ in changes]})

        return api.guarded(answer)

    def status_list(self, url: str) -> dict[str, Any] | None:
        """Return the signed list at an address, nothing where none lies."""
        for key in self.keys:
            purpose = next((purpose for purpose in LISTS if self.list_url(purpose, key) == url), None)
            if purpose is not None:
                with self.lock:
                    unsigned = status_list_credential(
                        url,
                        self.lists[purpose],
                        issuer=key.public.did,
                        purpose=purpose,
                        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
                    )
                return integrity.sign(unsigned, key, created=datetime.now(UTC))
        return None

    def _key_for(self, suite: str, curve: str) -> AnyPrivateKey:
        if suite != integrity.ECDSA:
            return self.key
        if curve not in ("", *self.curves):
            raise VcError("key_kind_unknown", kind=curve[:60])
        return self.curves[curve or P256]

    def _check(self, credential: dict[str, Any], key: AnyPrivateKey) -> None:
        check_credential(credential)
        integrity.proofs_of(credential)
        own = key.public.did
        if issuer_id(credential) != own:
            raise VcError("issuer_not_mine", found=issuer_id(credential)[:200], own=own)
        if openbadges.is_badge(credential):
            openbadges.check_badge(credential)
        # Whatever the suite signs, each term must mean something: spellings alone are not understood elsewhere.
        canonical_nquads(credential, self.contexts)

    def _signed(self, credential: dict[str, Any], suite: str, key: AnyPrivateKey) -> dict[str, Any]:
        if suite != JOSE:
            now = datetime.now(UTC)
            return integrity.sign(credential, key, created=now, suite=suite, contexts=self.contexts)
        return {
            "@context": credential["@context"][0],
            "id": "data:application/vc+jwt," + jose.issue_jwt(credential, self.key),
            "type": "EnvelopedVerifiableCredential",
        }

    def _with_status(
        self, credential: dict[str, Any], messages: Sequence[tuple[str, str]], key: AnyPrivateKey
    ) -> dict[str, Any]:
        """Return the credential with entries for revocation and suspension, and one of two bits with messages."""
        places = {purpose: secrets.randbelow(MIN_BITS) for purpose in LISTS}
        name = credential.setdefault("id", f"urn:uuid:{uuid.uuid4()}")
        with self.lock:
            while len(self.issued) >= MAX_KEPT:
                del self.issued[next(iter(self.issued))]
            self.issued[name] = places
        entries = [
            status_entry(self.list_url(purpose, key), places[purpose], purpose=purpose)
            for purpose in ("revocation", "suspension")
        ]
        told = status_entry(self.list_url(MESSAGE, key), places[MESSAGE], purpose=MESSAGE, messages=list(messages))
        entries.append(told | {"statusSize": LISTS[MESSAGE], "statusReference": f"{self.address}/status-messages"})
        held = credential.get("credentialStatus", [])
        return credential | {"credentialStatus": [*(held if isinstance(held, list) else [held]), *entries]}

    def _change(self, item: Any, entries: dict[str, int]) -> tuple[str, int]:
        purpose = item.get("statusPurpose", "revocation") if isinstance(item, dict) else None
        if not isinstance(purpose, str) or purpose not in entries:
            raise VcError("status_purpose", purpose=str(purpose)[:60])
        value = item.get("status", 1)
        try:
            number = int(value, 0) if isinstance(value, str) else int(value)
        except (ValueError, TypeError):
            raise VcError("status_value", value=str(value)[:60]) from None
        if not 0 <= number < 2 ** LISTS[purpose]:
            raise VcError("status_value", value=number)
        return purpose, number

    def list_url(self, purpose: str, key: AnyPrivateKey | None = None) -> str:
        """Return the address of a purpose's list, as signed by a key."""
        folder = f"{key.curve}/" if isinstance(key, EllipticPrivateKey) else ""
        return f"{self.address}/status/{folder}{purpose}"


class _OwnLists(Mapping[str, dict[str, Any]]):
    """The issuer's lists by address, signed when they are asked for."""

    def __init__(self, issuer: TestIssuer) -> None:
        self.issuer = issuer

    def __getitem__(self, url: str) -> dict[str, Any]:
        found = self.issuer.status_list(url)
        if found is None:
            raise KeyError(url)
        return found

    def __iter__(self) -> Iterator[str]:
        return (self.issuer.list_url(purpose, key) for key in self.issuer.keys for purpose in LISTS)

    def __len__(self) -> int:
        return len(LISTS) * len(self.issuer.keys)


def _contexts_of(credential: dict[str, Any]) -> list[Any]:
    value = credential.get("@context")
    return value if isinstance(value, list) else [value]
