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
    drop_batch,
    extend_batch,
    finish_batch,
    forget_issued,
    fresh_numbers,
    propose,
    sign_batch,
    signed_with,
    signing_keys,
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
    "FOUR_EYES", "QUOTA", "confer", "draw_up", "drop", "drop_batch", "drop_crosswalk", "endorse", "endorse_issuer", "extend",
    "extend_batch", "finish_batch", "forget", "forget_issued", "forget_learner", "fresh_numbers", "leave_out", "propose", "release",
    "remark", "restore", "revoke", "revoke_crosswalk", "sign", "sign_batch", "sign_crosswalk", "sign_endorsement", "signed_with",
    "signing_keys", "supersede", "suspend", "take_up", "template", "withdraw", "write_issued",
]  # fmt: skip
