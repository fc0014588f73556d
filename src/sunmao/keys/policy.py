"""Keys are public. Those who act for an institution, an authority included, make, rotate and retire its keys; the
secretariat may report a key as compromised, since that cannot wait."""

from __future__ import annotations

from typing import Any

from sunmao.kernel.policy import READING, Policy
from sunmao.keys import queries

HOLDERS = ("officer", "director", "authority")


class KeyPolicy(Policy):
    everyone = True

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in READING:
            return True
        if verb == "history":
            return bool(user.is_authenticated)
        if verb == "add" and (record is None or not record.organisation_id):
            return user.holds(*HOLDERS)
        if record is None:
            return False
        if verb == "add":
            return user.holds(*HOLDERS, at=record.organisation_id)
        own = queries.acts_for(user, record.organisation, *HOLDERS)
        if verb in ("rotate", "retire"):
            return own
        return verb == "report_compromised" and (own or user.holds("secretariat"))
