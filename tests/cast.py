"""The cast and the factories of the tests: Lin of the secretariat, Alisher of a host university, and others.

Everything is written through the product's own doors.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError

from sunmao.directory import actions as directory
from sunmao.directory.models import Organisation
from sunmao.kernel import changes
from sunmao.kernel.changes import System
from sunmao.kernel.text import Texts
from sunmao.people import accounts
from sunmao.people.models import Membership, Person, User

TESTS = System("test")
PASSWORD = "a long enough phrase"
_numbers = itertools.count(1)


def organisation(en: str = "", *, by: Any = TESTS, **fields: Any) -> Organisation:
    """Make an organisation; `en` is its English name, `zh`/`ru` among the fields its others."""
    names = {code: fields.pop(code) for code in ("zh", "ru", "uz") if code in fields}
    made = Organisation(title=Texts.of({"en": en or f"College {next(_numbers)}", **names}), **fields)
    return directory.keep(made, by=by)


def user(name: str, *roles: tuple[str, Organisation], bound: bool = True) -> User:
    """Make a person with an account and roles at organisations; signed in afresh with a second factor if bound."""
    person = changes.save(Person(name=Texts.of(name)), by=TESTS)
    account = User.objects.create_user(
        f"{name.split(maxsplit=1)[0].lower()}{next(_numbers)}@example.org", None, person=person
    )
    accounts.note(account, by=TESTS, deed="open_account")
    for role, place in roles:
        changes.save(Membership(person=person, organisation=place, role=role), by=TESTS)
    account.bound = account.second_factor = bound
    return account


def refusal(call: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """Return the words in which a deed is refused; that it is not is a failure."""
    try:
        call(*args, **kwargs)
    except ValidationError as refused:
        return " ".join(refused.messages)
    raise AssertionError("it was not refused")


def sign_in(client: Any, account: User, *, second_factor: bool = True, ago: timedelta = timedelta()) -> Any:
    """Sign the test client in as the pages do: with the methods and instants the session remembers."""
    from django.utils import timezone

    client.force_login(account, backend="sunmao.people.sessions.Backend")
    session = client.session
    now = (timezone.now() - ago).timestamp()
    methods = [{"method": "password", "at": now}]
    session["account_authentication_methods"] = methods + ([{"method": "mfa", "at": now}] if second_factor else [])
    session.save()
    return client
