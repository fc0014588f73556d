"""W3C credentials as a pure library: no Django, no database, no network.

Words. *Credential*: a JSON document by which an issuer says something about a subject (VC Data Model 2.0).
*Proof*: one signature over it (Data Integrity 1.0, or the envelope of a JWT). *Multikey*: a public key as
text. *Status list*: one bit or a few per credential, published by the issuer. *Trust*: what this reader
knows of issuers, keys and status lists. *Report*: the named checks of one verification and their verdict.

Rule: everything that comes in is hostile until proven otherwise; what is refused is refused with a code,
its parameters and an English sentence (``sentences``), so that a page can say it in another language.
"""
