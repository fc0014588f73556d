"""Two questions, asked by page, API, export and command alike: what may this person see, and do?

`visible(user, rows)` and `may(user, verb, record)`. Deny by default. What one may not see is answered as if it
did not exist; what one may see but not do is refused. Verbs are see, add, edit, delete, history, export, import
and the names of a desk's deeds.
"""

from typing import Any, Protocol

from django.db.models import Model, QuerySet

READING = frozenset({"see", "export"})


class Person(Protocol):
    """What a policy needs to know of the one who asks; also true of a visitor who has not signed in."""

    @property
    def is_authenticated(self) -> bool: ...

    def holds(self, *roles: str, at: int | None = None) -> bool:
        """True where the person holds one of the roles (at the body with that id, when given)."""

    def seats(self, *roles: str) -> frozenset[int]:
        """Return the ids of the bodies where the person holds one of the roles (any role if none given)."""


class Policy:
    """Says nothing may be seen or done. Rooms override what they allow."""

    everyone = False  # True: every row is visible to everybody, so no query is needed to know

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows if self.everyone else rows.none()

    def lacks(self, user: Any) -> str:
        """Say what this person, whose role would let them see rows here, has still to do first: "second-factor".
        Told instead of "not found", and alike for every address, so that it gives no row away."""
        return ""

    def sees(self, user: Any, record: Model) -> bool:
        """True when the one record is visible."""
        if self.everyone:
            return True
        return self.visible(user, type(record)._default_manager.filter(pk=record.pk)).exists()

    def told(self, user: Any, record: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return those of a record's changes that who may read its history is told of, as from its publication on."""
        return rows

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        return False


class Public(Policy):
    """Everybody sees; those with a writer's role add and edit, those with a keeper's role also delete and
    import; whoever has signed in reads the history."""

    everyone = True
    writers: tuple[str, ...] = ()
    keepers: tuple[str, ...] = ()

    def may(self, user: Any, verb: str, record: Any = None) -> bool:
        if verb in READING:
            return True
        if verb == "history":
            return bool(user.is_authenticated)
        roles = (*self.writers, *self.keepers) if verb in ("add", "edit") else self.keepers
        return bool(roles) and user.holds(*roles)  # `holds` of no role asks for any role
