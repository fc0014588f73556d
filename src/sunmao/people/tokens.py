"""Tokens for programs: `Authorization: Bearer …`. Made once, kept as a hash; never sign or decide."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication, exceptions

from sunmao.directory.models import Organisation
from sunmao.kernel import changes, clock
from sunmao.people.models import Person, Token, User

PREFIX = "snm_"


def make(person: Person, *, at: Organisation, label: str, scope: str, expires_on: date, by: Any) -> tuple[Token, str]:
    """Make a token and return it with its secret, which is shown this once."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token(
        person=person,
        organisation=at,
        label=label,
        scope=scope,
        expires_on=expires_on,
        digest=_digest(secret),
    )
    return changes.save(token, by=by), secret


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class TokenAuthentication(authentication.BaseAuthentication):
    """Signs a program in as a token's person, with the seats of the token's organisation only."""

    def authenticate(self, request: Any) -> tuple[User, Token] | None:
        kind, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer":
            return None
        token = Token.objects.filter(digest=_digest(secret.strip())).select_related("person__account").first()
        if token is None or token.expires_on <= clock.today() or not hasattr(token.person, "account"):
            raise exceptions.AuthenticationFailed("The token is not known or has expired.")
        user = token.person.account
        if not user.is_active:
            raise exceptions.AuthenticationFailed("The account is closed.")
        if token.scope == Token.Scope.READ and request.method not in ("GET", "HEAD", "OPTIONS"):
            raise exceptions.PermissionDenied("This token may only read.")
        user._held = [m for m in user._memberships() if m.organisation_id == token.organisation_id]
        return user, token

    def authenticate_header(self, request: Any) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the REST description says it."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
