"""Who asks: the session and the account behind it, read by prepared queries since every request needs both."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

from sunmao.kernel.prepared import Given, Prepared
from sunmao.people.models import User

_session = Prepared(
    lambda: Session.objects.filter(
        session_key=Given("key", models.CharField()), expire_date__gt=Given("now", models.DateTimeField())
    ).values_list("session_data", flat=True)
)  # fmt: skip
_account = Prepared(lambda: User.objects.filter(pk=Given("pk", models.BigIntegerField())))


class SessionStore(db.SessionStore):
    """Django's sessions in the database."""

    def load(self) -> dict[str, Any]:
        found = _session(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
            return {}
        return dict(self.decode(found[0]))


class Backend(AuthenticationBackend):
    """allauth's way to sign in."""

    def get_user(self, user_id: int) -> User | None:
        found = next(iter(_account(pk=user_id)), None)
        return found if found is not None and self.user_can_authenticate(found) else None
