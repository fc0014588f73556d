"""Whoever has not signed in: sees what is public, holds nothing."""

from django.contrib.auth.models import AnonymousUser


class Visitor(AnonymousUser):
    """A visitor. Never writes."""

    actor_name = "visitor"
    actor_key = ""
    bound = second_factor = False

    def holds(self, *roles: str, at: int | None = None) -> bool:
        return False

    def seats(self, *roles: str) -> frozenset[int]:
        return frozenset()

    def may_bind(self) -> bool:
        return False
