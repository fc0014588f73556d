"""Private keys at rest: each under a key of its own, derived from the register's master key.

HKDF-SHA-256 (RFC 5869) with the record's identifier as salt gives the box key, so that a sealed private key put
into another row does not open. The box is XSalsa20-Poly1305 (NaCl secretbox).
"""

from __future__ import annotations

import base64
import binascii
import uuid

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from sunmao.vc.keys import PrivateKey

_PURPOSE = b"sunmao institution key"


class Locked(Exception):
    """The sealed private key does not open: another master key, or a changed row."""


def _box(uid: uuid.UUID) -> SecretBox:
    derived = HKDF(algorithm=SHA256(), length=SecretBox.KEY_SIZE, salt=uid.bytes, info=_PURPOSE)
    return SecretBox(derived.derive(settings.SUNMAO_MASTER_KEY))


def seal(key: PrivateKey, uid: uuid.UUID) -> str:
    """Return the text under which the private key of record `uid` is kept."""
    return base64.b64encode(_box(uid).encrypt(key.seed)).decode()


def unseal(sealed: str, uid: uuid.UUID) -> PrivateKey:
    """Return the private key kept under `sealed`; raise Locked where it does not open."""
    try:
        return PrivateKey(_box(uid).decrypt(base64.b64decode(sealed, validate=True)))
    except (CryptoError, binascii.Error, ValueError) as error:
        raise Locked(str(uid)) from error
