"""A second factor is fresh only where it was itself given afresh, and a code serves once, in whatever process."""

import subprocess
import sys
import time

import pytest
from cast import organisation, sign_in, user
from django.core.cache import caches
from django.test import RequestFactory

from sunmao.people.middleware import PersonMiddleware

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
