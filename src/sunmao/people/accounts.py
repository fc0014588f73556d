"""What the log holds of accounts: they are no records, so their state is committed to in notes on their persons.

Committed are the e-mail, whether the account is open, its e-mail addresses and its second factors. The password's
hash and the last sign-in are not: their holder changes them at every upgrade of the hash, and they give no right.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from sunmao.kernel import changes
from sunmao.kernel.changes import canonical
from sunmao.kernel.doctor import ERASED, Finding
from sunmao.kernel.models import Change, ChangeValues
from sunmao.people.models import Person, User

FACT = "account"  # the value under which a note holds the state


def state(user: User) -> dict[str, Any]:
    """Return what is committed to of an account, as JSON."""
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator

    addresses = EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary")
    factors = Authenticator.objects.filter(user=user).order_by("id")
    return {
        "email": user.email, "open": user.is_active, "addresses": sorted(map(list, addresses)),
        "factors": [[row.type, row.created_at.isoformat(), _digest(row)] for row in factors],
    }  # fmt: skip


def _digest(row: Any) -> str:
    """Return the digest of a second factor; used recovery codes are marked in place, so theirs covers the seed."""
    data = {"seed": row.data.get("seed", "")} if row.type == "recovery_codes" else row.data
    return hashlib.sha256(canonical(data)).hexdigest()


def note(user: User, *, by: Any, deed: str, why: str = "") -> Change:
    """Log a deed on an account together with the state it leaves."""
    return changes.note(user.person, by=by, deed=deed, why=why, facts={FACT: state(user)})


def examine() -> Iterator[Finding]:
    """Yield accounts that differ from their last note, have none, or are gone without an erasure."""
    label = Person._meta.label_lower
    last: dict[str, Any] = {}
    rows = ChangeValues.objects.filter(change__kind=label, values__has_key=FACT).order_by("change_id")
    for uid, values in rows.values_list("change__record", "values"):
        last[uid] = values[FACT]["after"]
    erased = set(Change.objects.filter(kind=label, deed=ERASED).values_list("record", flat=True))
    for user in User.objects.all():
        noted = last.pop(str(user.person.uid), None)
        name = f"account of {user.person.code}"
        if noted is None:
            yield Finding(name, "stands in the register, but no change made it")
        elif canonical(noted) != canonical(state(user)):
            yield Finding(name, "differs from what the log holds of it")
    for uid in last:
        if uid not in erased:
            yield Finding(f"account of person {uid}", "is gone, but nobody erased it")


def listen() -> None:
    """Note what holders change of their accounts on the pages of the sign-in library."""
    from allauth.account import signals as account
    from allauth.mfa import signals as mfa

    for signal, deed in (
        (account.email_added, "add_email"), (account.email_changed, "change_email"),
        (account.email_confirmed, "confirm_email"), (account.email_removed, "remove_email"),
        (mfa.authenticator_added, "set_second_factor"), (mfa.authenticator_removed, "remove_second_factor"),
        (mfa.authenticator_reset, "reset_second_factor"),
    ):  # fmt: skip
        signal.connect(_noting(deed), weak=False, dispatch_uid=f"account {deed}")


def _noting(deed: str) -> Any:
    def noted(user: Any = None, email_address: Any = None, **_: Any) -> None:
        holder = user or getattr(email_address, "user", None)
        if isinstance(holder, User):
            again = User.objects.get(pk=holder.pk)
            note(again, by=again, deed=deed)

    return noted
