"""Deeds on awards, conferrals and credentials."""

from sunmao.credentials.actions.conferring import FOUR_EYES, QUOTA, confer, drop, extend, sign
from sunmao.credentials.actions.endorsing import endorse
from sunmao.credentials.actions.keeping import forget, forget_learner, release, restore, revoke, supersede, suspend

__all__ = [
    "FOUR_EYES", "QUOTA", "confer", "drop", "endorse", "extend", "forget", "forget_learner", "release", "restore", "revoke", "sign", "supersede",
    "suspend",
]  # fmt: skip
