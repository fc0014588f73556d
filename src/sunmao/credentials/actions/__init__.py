"""Deeds on awards, conferrals and credentials."""

from sunmao.credentials.actions.conferring import FOUR_EYES, QUOTA, confer, drop, extend, sign
from sunmao.credentials.actions.crosswalks import draw_up, drop_crosswalk, revoke_crosswalk, sign_crosswalk
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
    "FOUR_EYES", "QUOTA", "confer", "confirm_batch", "draw_up", "drop", "drop_batch", "drop_crosswalk", "endorse",
    "endorse_issuer", "extend", "finish_batch", "forget", "forget_issued", "forget_learner", "fresh_numbers",
    "leave_out", "propose", "release", "remark", "restore", "revoke", "revoke_crosswalk", "sign", "sign_crosswalk",
    "sign_endorsement", "supersede", "suspend", "take_up", "template", "withdraw", "write_issued",
]  # fmt: skip
