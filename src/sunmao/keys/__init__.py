"""Keys: with what an institution signs, who holds it, since when and until when.

Key: an Ed25519 key pair of one institution. Its public half is shown to everybody and stands in the institution's
DID document, which the register serves at `/did/<organisation code>/did.json` (did:web); its private half is kept
here, encrypted under the register's master key, and is destroyed when the key is retired. A key registered from
outside has no private half here. States: active, retired (signs no more; what it signed stays good), compromised
(only what was witnessed before that instant counts, whatever date a proof claims). A test key signs demonstrations;
it never enters a trust bundle.
"""
