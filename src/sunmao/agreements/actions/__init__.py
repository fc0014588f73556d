"""Deeds on agreements, by what they concern: wording and turns, signing and force, clauses."""

from sunmao.agreements.actions.drafting import (
    approve,
    keep_agreement,
    keep_part,
    propose_amendment,
    propose_text,
    remove_part,
    return_text,
)
from sunmao.agreements.actions.keeping import confirm, fulfil, refuse, remind, waive
from sunmao.agreements.actions.signing import bring_into_force, end, publish, record_signed, renew, sign, withdraw

__all__ = [
    "approve",
    "bring_into_force",
    "confirm",
    "end",
    "fulfil",
    "keep_agreement",
    "keep_part",
    "propose_amendment",
    "propose_text",
    "publish",
    "record_signed",
    "refuse",
    "remind",
    "remove_part",
    "renew",
    "return_text",
    "sign",
    "waive",
    "withdraw",
]
