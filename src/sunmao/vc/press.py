"""Signing many credentials of one shape: the shape is compiled once, then each costs its values and its signature.

Whatever the shape does not take is signed by the general path (``integrity``) or refused by it. Both give the same
bytes; only the time differs. The suite is eddsa-rdfc-2022 (Data Integrity EdDSA Cryptosuites 1.0, section 3.2).
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any, NamedTuple

from nacl.signing import SigningKey

from sunmao.vc import integrity
from sunmao.vc.canon import canonical_json
from sunmao.vc.contexts import Contexts
from sunmao.vc.encoding import multibase_encode
from sunmao.vc.gaps import Unfit
from sunmao.vc.keys import PrivateKey
from sunmao.vc.shapes import Path, Shape, check_form, filled, leaves, markers, outline
from sunmao.vc.trust import credential_digest

WORTH_IT = 12  # documents of one shape from which compiling it takes less time than it saves


class Signed(NamedTuple):
    """One credential as it goes out: the line of JSON, the digest of what was signed (hex), the proof's value; of joint
    issuers theirs, in order."""

    line: bytes
    digest: str
    proof_value: str
    joint: tuple[str, ...] = ()


class Signatory(NamedTuple):
    """Who signs: the key, the verification method under which it speaks, the instant the proof names (whole seconds)."""

    key: PrivateKey
    method: str
    created: datetime


def written(document: dict[str, Any]) -> bytes:
    """Return a credential as the text that goes out."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


class Press:
    """Signs credentials that differ from a sample in the values of some holes, with one key; those of joint issuers sign
    the same statements (a proof set, Data Integrity 1.0, section 2.1.1)."""

    def __init__(
        self,
        sample: dict[str, Any],
        holes: Sequence[Path],
        key: PrivateKey,
        *,
        method: str,
        contexts: Contexts | None = None,
        joint: Sequence[Signatory] = (),
    ) -> None:
        """Compile the sample, an unsigned credential; raise VcError where it is wrong itself."""
        check_form(sample)
        self.sample, self.holes, self.method = sample, tuple(holes), method
        self._key, self._contexts = key, contexts
        self._signing = SigningKey(key.seed)
        self._joint = tuple(joint)
        self._joint_hands: list[_Hand] = []
        self._created: datetime | None = None
        self.general = 0  # how many the general path signed
        try:
            self._shape: Shape | None = Shape(sample, holes, contexts=contexts, check=check_form)
        except Unfit:
            self._shape = None
            return
        marks = markers(sample, holes)
        marked = filled(sample, holes, marks)
        self._json = GappedText(written(marked).decode()[:-1] + ',"proof":[', marks)
        self._jcs = GappedText(canonical_json(marked).decode(), marks)

    @property
    def is_compiled(self) -> bool:
        """True where the sample could be made a shape."""
        return self._shape is not None

    def issue(self, values: Sequence[Any], *, created: datetime) -> Signed:
        """Return the credential with these values, one per hole, signed at an instant (whole seconds).

        Raise VcError, with the general path's reason, for a value that cannot be said or breaks the form.
        """
        canonical = self._shape.canonical(values) if self._shape else None
        if canonical is None:
            return self._issue_generally(values, created)
        if created != self._created:
            self._begin(created)
        summed = hashlib.sha256(canonical).digest()
        proof_value = multibase_encode(self._signing.sign(self._proof_hash + summed).signature)
        joint = tuple([hand.sign(summed) for hand in self._joint_hands])
        texts = json_texts(values)
        digest = hashlib.sha256(self._jcs(texts)).hexdigest()
        return Signed(self._json(texts) + self._proof_text(proof_value, joint), digest, proof_value, joint)

    def line(self, values: Sequence[Any], *, created: datetime, proof_value: str, joint: Sequence[str] = ()) -> bytes:
        """Return the line of a credential signed before, from what was kept of it."""
        if created != self._created:
            self._begin(created)
        if self._shape is not None:
            return self._json(json_texts(values)) + self._proof_text(proof_value, joint)
        options = [self._options, *(hand.options for hand in self._joint_hands)]
        proofs = [one | {"proofValue": value} for one, value in zip(options, (proof_value, *joint), strict=True)]
        return written(filled(self.sample, self.holes, values) | {"proof": proofs})

    def _begin(self, created: datetime) -> None:
        self._created = created
        self._options = integrity.plain_options(created, self.method)
        self._proof_hash = _options_hash(self._options, self.sample, self._contexts)
        self._proof_begin = _proof_begin(self._options)
        self._joint_hands = [_Hand(one, self.sample, self._contexts) for one in self._joint]

    def _proof_text(self, proof_value: str, joint: Sequence[str]) -> bytes:
        text = self._proof_begin + proof_value.encode()
        for hand, value in zip(self._joint_hands, joint, strict=True):
            text += b'"},' + hand.begin + value.encode()
        return text + b'"}]}'

    def _issue_generally(self, values: Sequence[Any], created: datetime) -> Signed:
        document = filled(self.sample, self.holes, values)
        check_form(document)
        signed = document
        for key, method, at in (Signatory(self._key, self.method, created), *self._joint):
            signed = integrity.sign(signed, key, created=at, method=method, contexts=self._contexts)
        self.general += 1
        first, *joint = [proof["proofValue"] for proof in signed["proof"]]
        return Signed(written(signed), credential_digest(document), first, tuple(joint))


class _Hand:
    """A joint issuer's part in every credential of a shape."""

    def __init__(self, one: Signatory, sample: dict[str, Any], contexts: Contexts | None) -> None:
        self.options = integrity.plain_options(one.created, one.method)
        self.begin = _proof_begin(self.options)
        self._hash = _options_hash(self.options, sample, contexts)
        self._signing = SigningKey(one.key.seed)

    def sign(self, summed: bytes) -> str:
        """Return the proof's value over the digest of the canonical document."""
        return multibase_encode(self._signing.sign(self._hash + summed).signature)


def _proof_begin(options: dict[str, Any]) -> bytes:
    return written(options)[:-1] + b',"proofValue":"'


class GappedText:
    """JSON text with gaps for values."""

    def __init__(self, text: str, marks: Sequence[Any]) -> None:
        places = {_quoted(mark): place for place, mark in enumerate(marks)}
        parts = re.split("(" + "|".join(map(re.escape, places)) + ")", text) if places else [text]
        self._constants = [part.encode() for part in parts[::2]]
        found = [places[part] for part in parts[1::2]]
        order = [len(marks)]
        for number, place in enumerate(found, 1):
            order += [place, len(marks) + number]
        self._pick = itemgetter(*order) if found else None

    def __call__(self, texts: list[bytes]) -> bytes:
        return b"".join(self._pick(texts + self._constants)) if self._pick else self._constants[0]


def _quoted(value: Any) -> str:
    return encode_basestring(value) if isinstance(value, str) else str(value)


def json_texts(values: Sequence[Any]) -> list[bytes]:
    """Return how values stand in JSON, and in JCS alike."""
    return [_quoted(value).encode() for value in values]


def sign_all(
    documents: Sequence[dict[str, Any]],
    key: PrivateKey,
    *,
    created: datetime,
    method: str,
    contexts: Contexts | None = None,
) -> list[dict[str, Any]]:
    """Return each document with one more proof, as ``integrity.sign`` gives them one by one (eddsa-rdfc-2022).

    Documents of one structure are a shape whose holes are the leaves in which they differ. Raise VcError where the
    general path refuses a document.
    """
    options = integrity.plain_options(created, method)
    bare = [{name: value for name, value in document.items() if name != "proof"} for document in documents]
    groups: dict[Any, list[int]] = defaultdict(list)
    for number, document in enumerate(bare):
        groups[outline(document)].append(number)
    sums: dict[int, bytes] = {}
    hashes: dict[int, bytes] = {}
    for members in groups.values():
        found = _sums([bare[number] for number in members], contexts)
        if found:
            # Documents of one shape have one context: no hole lies in it.
            options_hash = _options_hash(options, bare[members[0]], contexts)
            for number, summed in zip(members, found, strict=True):
                if summed is not None:
                    sums[number], hashes[number] = summed, options_hash
    signing = SigningKey(key.seed)
    result = []
    for number, document in enumerate(documents):
        if number not in sums:
            signed = integrity.sign(document, key, created=created, method=method, contexts=contexts)
        else:
            signature = signing.sign(hashes[number] + sums[number]).signature
            proof = options | {"proofValue": multibase_encode(signature)}
            signed = document | {"proof": [*integrity.proofs_of(document), proof]}
        result.append(signed)
    return result


def _sums(documents: list[dict[str, Any]], contexts: Contexts | None) -> list[bytes | None]:
    """Return the SHA-256 of each canonical document, nothing where the shape does not take it or is not worth it."""
    if len(documents) < WORTH_IT:
        return []
    flat = [list(leaves(document)) for document in documents]
    values = [[value for _path, value in row] for row in flat]
    differ = [at for at, column in enumerate(zip(*values, strict=True)) if any(value != column[0] for value in column)]
    try:
        shape = Shape(documents[0], [flat[0][at][0] for at in differ], contexts=contexts)
    except Unfit:
        return []
    found = (shape.canonical([row[at] for at in differ]) for row in values)
    return [None if canonical is None else hashlib.sha256(canonical).digest() for canonical in found]


def _options_hash(options: dict[str, Any], document: dict[str, Any], contexts: Contexts | None) -> bytes:
    return hashlib.sha256(integrity.canonical_options(options, document.get("@context"), contexts)).digest()
