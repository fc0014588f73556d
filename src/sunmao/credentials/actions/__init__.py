"""Deeds on awards, conferrals and credentials."""

from sunmao.credentials.actions.conferring import FOUR_EYES, QUOTA, confer, drop, extend, sign
from sunmao.credentials.actions.endorsing import (
    endorse,
    endorse_issuer,
    leave_out,
    sign_endorsement,
    take_up,
    withdraw,
)
from sunmao.credentials.actions.keeping import (
    forget,
    forget_learner,
    release,
    remark,
    restore,
    revoke,
    supersede,
    suspend,
)

__all__ = [
    "FOUR_EYES", "QUOTA", "confer", "drop", "endorse", "endorse_issuer", "extend", "forget", "forget_learner", "leave_out",
    "release", "remark", "restore", "revoke", "sign", "sign_endorsement", "supersede", "suspend", "take_up", "withdraw",
]  # fmt: skip
