"""The cast of the contract: who asks, from which house, and how each face is asked.

Everybody stands at a fixed place: officer, director, teacher and learner at the home college that owns every
sample; the partner is an officer of the other party, the outsider of a house that has nothing to do with it.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest import mock

import cast
from django.db import transaction
from django.test import Client

from sunmao.directory.models import Kind, Organisation
from sunmao.kernel.desk import registry
from sunmao.people.models import FRESH, User
from sunmao.people.visitor import Visitor
from sunmao.site.cli import main as command_line
from sunmao.site.commands import imports, records

# In the order of the columns of permissions.toml.
ROLES = (
    "visitor", "stranger", "learner", "outsider", "partner", "teacher", "director", "officer", "authority", "auditor",
    "secretariat",
)  # fmt: skip
LANGUAGES = ("en", "zh-hans", "ru")
SESSION = "sessionid"
SIGNED_IN: dict[str, dict[str, Any]] = {
    "afresh": {"ago": timedelta(hours=-12)},  # a long run does not outlast it
    "without a second factor": {"second_factor": False},
    "a while ago": {"ago": FRESH},
}


def some(items: Sequence[str], name: str, every: bool) -> list[str]:
    """Return all items in the trials, else the one that a case's own name chooses."""
    return list(items) if every or not items else [items[zlib.crc32(name.encode()) % len(items)]]


class Undo(Exception):
    """Ends an attempt."""


@contextlib.contextmanager
def attempt() -> Iterator[None]:
    """Do something and take it back."""
    try:
        with transaction.atomic():
            yield
            raise Undo
    except Undo:
        pass


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


@contextlib.contextmanager
def _fitting() -> Iterator[None]:
    """Take every second factor on the command line as the right one."""
    plain = records.person

    def person(name: str | None, code: str = "") -> Any:
        user = plain(name)
        if name and code:
            user.bound = user.second_factor = True
        return user

    with mock.patch.object(records, "person", person), mock.patch.object(imports, "person", person):
        yield


@dataclass
class Someone:
    """One member of the cast, on every face."""

    role: str
    account: User | None
    _sessions: dict[str, str] = field(default_factory=dict)

    @property
    def actor(self) -> Any:
        """Return the person as policies and forms meet them, freshly read and signed in with a second factor."""
        if self.account is None:
            return Visitor()
        user = User.objects.select_related("person").get(pk=self.account.pk)
        user.bound = user.second_factor = True
        return user

    def sign_in(self) -> None:
        """Sign in in every way of `SIGNED_IN`. Done once, so that what is taken back leaves the sign-in."""
        if self.account is not None:
            for name, how in SIGNED_IN.items():
                self._sessions[name] = cast.sign_in(Client(), self.account, **how).cookies[SESSION].value

    def client(self, language: str = "en", *, signed_in: str = "afresh") -> Client:
        """Return a test client signed in as this person; one that shows 500s instead of raising them."""
        made = Client(raise_request_exception=False)
        made.cookies["language"] = language
        if self.account is not None:
            made.cookies[SESSION] = self._sessions[signed_in]
        return made

    def command(self, *words: str, code: str = "000000") -> Said:
        """Run `sunmao WORDS` as this person and return what it said. The second factor fits, unless it is blank: that
        one that does not is refused is tested with the command line itself."""
        who = ["--as", self.account.email, *(["--code", code] if code else [])] if self.account is not None else []
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), _fitting():
            try:
                code = command_line([*words, *who])
            except SystemExit as left:
                code = int(left.code or 0)
        return Said(code, out.getvalue(), err.getvalue())

    def send(self, method: str, url: str, data: Any = None, *, signed_in: str = "afresh") -> Any:
        """Ask the REST face with a JSON body."""
        body = json.dumps(data) if data is not None else ""
        return self.client(signed_in=signed_in).generic(method.upper(), url, body, content_type="application/json")


class World:
    """The houses and the people in them, and one sample per desk."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._samples: dict[str, Any] = {}
        self.places: dict[str, dict[str, Any]] = {}
        self.home = cast.organisation("Home College", country="CN", city="Tianjin")
        self.abroad = cast.organisation("Partner University", country="UZ", city="Tashkent")
        self.elsewhere = cast.organisation("Unrelated School", country="FR", city="Lyon")
        self.ministry = cast.organisation("Ministry of Education", country="UZ", kind=Kind.AUTHORITY)
        self.register = cast.organisation("Register Office", country="CN", kind=Kind.ASSOCIATION)
        places: dict[str, tuple[str, Organisation] | None] = {
            "stranger": None, "learner": ("learner", self.home), "outsider": ("officer", self.elsewhere),
            "partner": ("officer", self.abroad), "teacher": ("teacher", self.home),
            "director": ("director", self.home), "officer": ("officer", self.home),
            "authority": ("authority", self.ministry), "auditor": ("auditor", self.register),
            "secretariat": ("secretariat", self.register),
        }  # fmt: skip
        self.people = {"visitor": Someone("visitor", None)}
        for role, place in places.items():
            first = (
                "A " if role == "learner" else ""
            )  # on the first page of a long list, where each look is written down
            account = cast.user(f"{first}{role.capitalize()} Example", *([place] if place else []))
            self.people[role] = Someone(role, account)
            self.people[role].sign_in()

    def number(self) -> int:
        """Return a number not given before, for names that must differ."""
        return next(self._numbers)

    def actor(self, role: str) -> Any:
        return self.people[role].actor

    def sample(self, slug: str) -> Any:
        """Return the sample of a desk, made when the world was, owned by the home college."""
        return self._samples[slug]

    def settle(self) -> World:
        """Make the sample of every desk that has a builder."""
        from contract.samples import SAMPLES, build

        self._samples = {slug: build(self, slug) for slug in SAMPLES if slug in registry.by_slug}
        return self
