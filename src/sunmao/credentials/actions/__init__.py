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
from sunmao.credentials.actions.issuing import (
    confirm_batch,
    drop_batch,
    finish_batch,
    forget_issued,
    fresh_numbers,
    propose,
    template,
    write_issued,
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
    "FOUR_EYES", "QUOTA", "confer", "confirm_batch", "drop", "drop_batch", "endorse", "endorse_issuer", "extend",
    "finish_batch", "forget", "forget_issued", "forget_learner", "fresh_numbers", "leave_out", "propose", "release",
    "remark", "restore", "revoke", "sign", "sign_endorsement", "supersede", "suspend", "take_up", "template",
    "withdraw", "write_issued",
]  # fmt: skip
