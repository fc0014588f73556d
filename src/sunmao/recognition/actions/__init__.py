"""Deeds of the room: on the law, on cases, on decisions."""

from sunmao.recognition.actions.asking import (
    ask_applicant,
    can_be_received,
    keep_step,
    query_issuer,
    receive,
    record_answer,
)
from sunmao.recognition.actions.casework import (
    close,
    complete_intake,
    erase,
    lay,
    open_case,
    receive_fee,
    waive_fee,
)
from sunmao.recognition.actions.deciding import (
    confirm,
    indicate,
    notify,
    propose,
    publish_decision,
    send_back,
)
from sunmao.recognition.actions.later import appeal, catch_up, go_on, hear_appeal, look_again, review
from sunmao.recognition.actions.law import correct, offer, publish, restore, revoke, withdraw

__all__ = [
    "appeal",
    "ask_applicant",
    "can_be_received",
    "catch_up",
    "close",
    "complete_intake",
    "confirm",
    "correct",
    "erase",
    "go_on",
    "hear_appeal",
    "indicate",
    "keep_step",
    "lay",
    "look_again",
    "notify",
    "offer",
    "open_case",
    "propose",
    "publish",
    "publish_decision",
    "query_issuer",
    "receive",
    "receive_fee",
    "record_answer",
    "restore",
    "review",
    "revoke",
    "send_back",
    "waive_fee",
    "withdraw",
]
