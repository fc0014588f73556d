"""Deeds on persons: invite with a role, set a second factor, end a role."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sunmao.directory.models import Organisation
from sunmao.kernel import changes
from sunmao.kernel.text import Texts
from sunmao.people import accounts
from sunmao.people.models import Membership, Person, User


def invite(
    email: str,
    name: Texts,
    organisation: Organisation,
    role: str,
    *,
    password: str,
    by: Any,
    demo: bool = False,
) -> User:
    """Make a person with an account and a role at an organisation; ValidationError where the e-mail is taken."""
    if User.objects.filter(email__iexact=email).exists():
        raise ValidationError({"email": _("“%(email)s” already has an account.") % {"email": email}})
    validate_password(password)
    with changes.together():
        person = changes.save(Person(name=name, email=email, demo=demo), by=by)
        user = User.objects.create_user(email, password, person=person)
        from allauth.account.models import EmailAddress

        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        accounts.note(user, by=by, deed="open_account")
        changes.save(Membership(person=person, organisation=organisation, role=role), by=by)
    return user


def second_factor(user: User, *, by: Any) -> str:
    """Give an account a time-based one-time password (RFC 6238) and return its secret, shown this once."""
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    secret = generate_totp_secret()
    with changes.together():
        TOTP.activate(user, secret)
        accounts.note(user, by=by, deed="set_second_factor")
    return secret


def choose_reminders(person: Person, *, reminders: bool, language: str, by: Any) -> Person:
    """Say whether a person is reminded by e-mail, and in which language."""
    person.reminders, person.language = reminders, language
    return changes.save(person, by=by, deed="choose_reminders")


def end(membership: Membership, *, until_on: date, why: str, by: Any) -> Membership:
    """End a role from a day on."""
    membership.until_on = until_on
    return changes.save(membership, by=by, why=why, deed="end")
