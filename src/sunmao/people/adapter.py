"""How accounts sign in: by invitation only, e-mail and password, then a second factor where one is set."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest


class InvitedOnly(DefaultAccountAdapter):
    """Nobody signs up; an account is made for a person who is invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactor(DefaultMFAAdapter):
    """Secrets of second factors are encrypted under the register's master key."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Any) -> str:
        return str(user.email)


def _box() -> Any:
    import base64
    import hashlib
    import hmac

    from cryptography.fernet import Fernet
    from django.conf import settings

    key = hmac.new(settings.SUNMAO_MASTER_KEY, b"second factors", hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(key))
