"""Somebody else writes and does not end: what the pages, REST and the command line say to those who wait, as JSON."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

LANGUAGES = ("en", "zh-hans", "ru")


@contextmanager
def _somebody_writes() -> Iterator[None]:
    """Hold what an edit needs on a connection of one's own: SQLite's one turn, or PostgreSQL's table."""
    from django.db import connection

    if connection.vendor == "sqlite":
        import sqlite3

        other: Any = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        import psycopg

        other = psycopg.connect(**connection.get_connection_params() | {"context": None, "cursor_factory": None})
        other.execute("LOCK TABLE directory_organisation IN EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.close()


def _command(*words: str) -> list[Any]:
    from django.utils import translation

    from sunmao.site import cli

    with contextlib.redirect_stderr(io.StringIO()) as said, translation.override("en"):
        code = cli.main(list(words))
    return [code, said.getvalue().strip()]


def main() -> None:
    from cast import organisation, sign_in, user
    from django.test import Client

    from sunmao.directory.models import Organisation
    from sunmao.kernel import busy
    from sunmao.kernel.models import Change
    from sunmao.kernel.sqlite import base

    base.PATIENCE = 0.3  # seconds; the person waits a hundred times as long
    lin = user("Lin", ("secretariat", organisation("Office")))
    college = organisation("A college", city="Tashkent")
    after_another_deed = busy.words()
    client = sign_in(Client(raise_request_exception=False), lin)
    before, told = Change.objects.count(), {}
    body = {"title": {"en": "A college"}, "kind": college.kind, "city": "Elsewhere"}
    with _somebody_writes():
        for language in LANGUAGES:
            asked: Any = {"headers": {"accept-language": language}}
            form = {"title_en": "A college", "kind": college.kind, "city": "Elsewhere", "revision": college.revision}
            page = client.post(f"/organisations/{college.code}/edit/", form, **asked)
            rest = client.patch(f"/api/organisations/{college.code}/", json.dumps(body), "application/json", **asked)
            told[language] = [
                [page.status_code, page.headers.get("Retry-After"), page.content.decode()],
                [rest.status_code, rest.headers.get("Retry-After"), rest.json()],
            ]
        edit = ("records", "organisations", "edit", college.code, "--set", "city=Elsewhere", "--as", lin.email)
        command = _command(*edit)
    held = [Organisation.objects.get(pk=college.pk).city, Change.objects.count() - before]
    again = client.patch(f"/api/organisations/{college.code}/", json.dumps({"city": "Elsewhere"}), "application/json")
    print(json.dumps({
        "told": told, "command": command, "held": held, "again": again.status_code, "after": after_another_deed,
    }))  # fmt: skip
