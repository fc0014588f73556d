"""The sign-ins of the demonstration register: kept in its data folder, readable by its owner only, told at each start.

They exist for registers that hold nothing but what is made up or public; real accounts are kept nowhere like this.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from sunmao.directory.models import Organisation
from sunmao.kernel.text import Texts


@dataclass(frozen=True)
class SignIn:
    """One account of the demonstration: its role and organisation in English, and what signs it in."""

    role: str
    name: str
    at: str
    email: str
    password: str
    secret: str  # of the second factor, RFC 6238, base32


def invite(
    email: str,
    name: Texts,
    organisation: Organisation,
    role: str,
    *,
    password: str,
    by: Any,
    second_factor: bool = True,
) -> SignIn:
    """Invite a made-up person with a second factor, by the product's own deeds; return how to sign in."""
    from sunmao.people import actions
    from sunmao.people.models import Role

    user = actions.invite(email, name, organisation, role, password=password, by=by, demo=True)
    secret = actions.second_factor(user, by=by) if second_factor else ""
    said_name, said_place = (Texts.of(text).best("en")[0] for text in (name, organisation.title))
    return SignIn(str(Role(role).label), said_name, said_place, email, password, secret)


def place() -> Path:
    return Path(settings.SUNMAO_HOME) / "demo"


def keep(rows: Iterable[SignIn]) -> None:
    """Write the sign-ins to the data folder with mode 0600, whole or not at all."""
    target = place()
    new = target.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump([asdict(row) for row in rows], out, ensure_ascii=False, indent=1)
    new.replace(target)


def kept() -> list[SignIn]:
    """Return the sign-ins of this data folder; none where it holds no demonstration."""
    if not place().exists():
        return []
    return [SignIn(**row) for row in json.loads(place().read_text(encoding="utf-8"))]


def code(secret: str, at: float) -> str:
    """Return the six digits that fit the second factor at an instant in seconds since 1970 (RFC 6238 section 4)."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(at) // 30))
