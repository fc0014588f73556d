"""A second factor is fresh only where it was itself given afresh, and a code serves once, in whatever process."""

import subprocess
import sys
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from cast import PASSWORD, organisation, sign_in, user
from django.contrib.auth.models import AnonymousUser
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.utils import timezone

from sunmao.people.middleware import PersonMiddleware
from sunmao.site import views

pytestmark = pytest.mark.django_db


def test_a_fresh_password_does_not_freshen_an_old_second_factor():
    lin = user("Lin", ("officer", organisation("College")), bound=False)
    now = time.time()
    for factor_at, bound in ((now - 20 * 60, False), (now - 60, True)):
        request = RequestFactory().get("/")
        request.user = lin
        request.session = {"account_authentication_methods": [
            {"method": "mfa", "at": factor_at}, {"method": "password", "at": now},
        ]}  # fmt: skip
        seen = []
        PersonMiddleware(lambda asked, kept=seen: kept.append((asked.user.second_factor, asked.user.may_bind())))(
            request
        )
        assert seen == [(True, bound)]


def test_a_password_alone_is_no_second_factor_however_fresh(client):
    lin = user("Lin", ("officer", organisation("College")))
    sign_in(client, lin, second_factor=False)
    assert client.get("/today/").wsgi_request.user.may_bind() is False


def test_what_one_process_remembers_of_sign_ins_the_others_know(settings):
    caches["default"].add("used", "y", timeout=30)
    place = settings.CACHES["default"]["LOCATION"]
    other = (
        "from django.conf import settings; settings.configure(CACHES={'default': {'BACKEND':"
        f" {settings.CACHES['default']['BACKEND']!r}, 'LOCATION': {str(place)!r}}}}})\n"
        "from django.core.cache import cache; print(cache.add('used', 'y', timeout=30))"
    )
    done = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def _code(secret):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_a_code_that_was_used_is_refused_and_another_person_may_use_the_same(client, settings):
    settings.MFA_TOTP_TOLERANCE = 1  # the half minute may end between the two sign-ins
    secret, now = generate_totp_secret(), []
    for name in ("Lin", "Ada"):
        account = user(name)
        account.set_password(PASSWORD)
        account.save()
        TOTP.activate(account, secret)
        now.append(account)
    code = _code(secret)
    for account, passes in ((now[0], True), (now[0], False), (now[1], True)):
        client.logout()
        client.post("/accounts/login/", {"login": account.email, "password": PASSWORD})
        client.post("/accounts/2fa/authenticate/", {"code": code})
        assert client.get("/today/").wsgi_request.user.is_authenticated is passes


@pytest.mark.parametrize("at_once", [True, False], ids=["at once", "slowly"])
def test_ten_wrong_passwords_lock_the_sign_in_for_a_while_even_for_the_right_one(client, at_once):
    account = user("Lin")
    account.set_password(PASSWORD)
    account.save()
    for _ in range(10):
        client.post("/accounts/login/", {"login": account.email, "password": "wrong"})
        if not at_once:
            caches["default"].clear()  # as if the minutes had passed for which quick guessing is stopped
    client.post("/accounts/login/", {"login": account.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    AccessAttempt.objects.update(attempt_time=timezone.now() - get_cool_off() - timedelta(seconds=1))
    caches["default"].clear()
    client.post("/accounts/login/", {"login": account.email, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(account.pk)


def test_a_persons_security_keys_are_listed_with_when_they_were_used_last(client):
    lin = user("Lin")
    sign_in(client, lin)
    assert "No security key is recorded here yet." in client.get("/accounts/2fa/webauthn/").content.decode()
    Authenticator.objects.create(user=lin, type=Authenticator.Type.WEBAUTHN, data={"name": "Blue one"})
    page = client.get("/accounts/2fa/webauthn/").content.decode()
    assert "Blue one" in page and "not yet" in page and "/accounts/2fa/webauthn/keys/" in page


def test_who_asks_for_a_new_password_too_often_is_told_so_on_a_page(client):
    caches["default"].clear()
    client.cookies["language"] = "ru"
    for _time in range(6):
        answer = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert answer.status_code == 429 and '<html lang="ru"' in answer.content.decode()[:200]
    caches["default"].clear()


def test_what_the_sign_in_itself_refuses_is_told_on_a_page_of_ours(rf):
    for handler, status in ((views.not_open, 403), (views.not_understood, 400)):
        request = rf.get("/accounts/2fa/reauthenticate/")
        request.user, request.session = AnonymousUser(), {}
        answer = handler(request, PermissionDenied())
        assert answer.status_code == status and 'id="main"' in answer.content.decode()
