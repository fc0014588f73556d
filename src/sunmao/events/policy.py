"""Events, consensus texts and statements are public; officers and the secretariat write them down. What became of
a commitment is told by an officer of an organisation that took it on."""

from __future__ import annotations

from typing import Any

from sunmao.kernel.policy import Public


class EventPolicy(Public):
    writers = ("officer",)
    keepers = ("secretariat",)


class PartOfEventPolicy(EventPolicy):
    """Roles and sources go as they come: who may add one may take it away."""

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        return super().may(user, "edit" if verb == "delete" else verb, record)


class CommitmentPolicy(EventPolicy):
    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb == "take_up":
            return user.holds("officer")
        if verb in ("report_progress", "keep"):
            owners = record.owners.values_list("organisation_id", flat=True) if record is not None else ()
            return bool(user.seats("officer") & frozenset(owners)) or user.holds(*self.keepers)
        if verb == "reopen":
            return user.holds(*self.keepers)
        return super().may(user, verb, record)


class OwnerPolicy(EventPolicy):
    """Owners come by the deed `take_up`; an officer takes his own organisation off again."""

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in ("add", "edit"):
            return False
        if verb == "delete":
            own = record is not None and user.holds("officer", at=record.organisation_id)
            return own or user.holds(*self.keepers)
        return super().may(user, verb, record)
