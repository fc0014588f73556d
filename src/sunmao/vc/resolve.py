"""Whose key a verification method names, and on what ground: the reader's trust, the method, or its word.

Nothing is fetched. ``did:key`` carries its key. A key in the fragment of another address is the document's
own word: the signature can be checked with it, whose it is cannot.
"""

from dataclasses import dataclass
from typing import Any

from sunmao.vc.errors import CannotCheck, VcError
from sunmao.vc.keys import AnyPublicKey, PublicKey, key_of_did_key, public_from_jwk, read_jwk, read_multikey
from sunmao.vc.trust import KnownIssuer, Trust, TrustedKey

MAX_METHOD_LENGTH = 2_000


@dataclass(frozen=True)
class FoundKey:
    """A key to check with. ``controller`` is whom it speaks for; ``known`` is set by trust only."""

    jwk: dict[str, Any]
    controller: str
    known: KnownIssuer | None = None
    trusted: TrustedKey | None = None

    @property
    def key(self) -> AnyPublicKey:
        """The key for Data Integrity; raise CannotCheck when it is of a kind that no suite here uses."""
        return read_jwk(self.jwk)

    @property
    def ed25519(self) -> PublicKey:
        """The key of the eddsa suites; raise CannotCheck when it is of another kind."""
        return public_from_jwk(self.jwk)


def find_key(method: str, trust: Trust) -> FoundKey:
    """Return the key a verification method names.

    Raise CannotCheck when it would have to be fetched, VcError when the method is malformed or of no kind.
    """
    if len(method) > MAX_METHOD_LENGTH:
        raise VcError("method_not_url", method=method[:120])
    held = trust.find_key(method=method)
    if held:
        return _known(*held)
    base, _, fragment = method.partition("#")
    if base.startswith("did:key:"):
        jwk = key_of_did_key(method).jwk
        held = trust.find_key(multikey=base.removeprefix("did:key:"))
        return _known(*held) if held else FoundKey(jwk, base)
    if not base.startswith(("did:", "https:", "http:")):
        raise VcError("method_scheme", method=method[:120])
    if fragment.startswith("z"):
        key = read_multikey(fragment)
        held = trust.find_key(multikey=key.multikey)
        if held and held[0].id == base:
            return _known(*held)
        return FoundKey(key.jwk, base)
    if base.startswith("did:") and not base.startswith("did:web:"):
        raise CannotCheck("did_method_unknown", did=base[:120])
    raise CannotCheck("key_missing", method=method[:120])


def find_jose_key(header: dict[str, Any], issuer: str, trust: Trust) -> FoundKey:
    """Return the key of a JWT header: its ``kid`` in trust or as an address, else the key it carries."""
    kid = header.get("kid")
    if isinstance(kid, str) and kid:
        for method in (kid, f"{issuer}#{kid}"):
            held = trust.find_key(method=method)
            if held:
                return _known(*held)
        if kid.startswith("did:key:"):
            return find_key(kid, trust)
    embedded = header.get("jwk")
    if isinstance(embedded, dict):
        if "d" in embedded:
            raise VcError("jwt_private_key")
        # A key that comes along speaks for nobody until trust says whose it is.
        return FoundKey(embedded, "")
    if isinstance(kid, str) and ":" in kid:
        return find_key(kid, trust)
    raise CannotCheck("key_missing", method=str(kid or issuer)[:120])


def _known(issuer: KnownIssuer, key: TrustedKey) -> FoundKey:
    jwk = key.jwk if key.jwk else read_multikey(key.multikey).jwk
    return FoundKey(jwk, issuer.id, issuer, key)
