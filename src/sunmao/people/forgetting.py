"""Erasure of persons who are nothing but learners here: name, e-mail, account, and what the log says of them."""

from __future__ import annotations

from typing import Any

from sunmao.kernel import changes, erasing
from sunmao.kernel.text import Texts
from sunmao.people.models import Person, Role, User


def forget_learner(person: Person, *, by: Any, why: str) -> bool:
    """Erase a person whose only roles are a learner's; True where it was done. Whoever holds or held another role
    stays: what an officer signed names him."""
    if person.memberships.exclude(role=Role.LEARNER).exists():
        return False
    with changes.together():
        account = User.objects.filter(person=person).first()
        if account is not None:
            _sign_ins(account.email)
            account.delete()
        person.name, person.email, person.post = Texts.of({"und": "—"}), "", Texts()
        changes.save(person, by=by, why=why, deed="forget")
        erasing.erase([person], by=by, why=why)
    return True


def _sign_ins(email: str) -> None:
    """Delete the records of sign-ins under an e-mail, which the lockout keeps beside the account."""
    from axes.models import AccessAttempt, AccessFailureLog, AccessLog

    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        model.objects.filter(username=email).delete()
