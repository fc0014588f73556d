"""Every page there is: those of the site, what these link to, and per desk its lists, forms, deeds, errors and the
steps of an import."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contract.world import World
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

from sunmao.kernel.desk import Desk, registry
from sunmao.kernel.fields import StateField
from sunmao.kernel.models import Record

MADE_UP = "00000000-0000-4000-8000-000000000000"
ACCOUNTS = (
    "login", "logout", "inactive", "signup", "reauthenticate", "email", "confirm-email", "confirm-email/none",
    "password/change", "password/set", "password/reset", "password/reset/done", "password/reset/key/done",
    "password/reset/key/1-none", "login/code/confirm", "2fa", "2fa/authenticate", "2fa/reauthenticate",
    "2fa/totp/activate", "2fa/totp/deactivate", "2fa/recovery-codes", "2fa/recovery-codes/generate", "2fa/webauthn",
    "2fa/webauthn/add", "2fa/webauthn/reauthenticate",
)  # fmt: skip
ELSEWHERE = {
    "home": ("/",),
    "search": ("/search/?q=college", "/search/?q=zzzzzz", "/search/"),
    "today": ("/today/",),
    "account": ("/account/", *(f"/accounts/{name}/" for name in ACCOUNTS)),
    "not found": ("/no-such-page/", "/agreements/AG-99999/", f"/v/{MADE_UP}/"),
    "verify": ("/verify/",),
    "recognised": ("/recognised/", "/recognised/?home=ZZ&host=ZZ"),
    "recognition register": ("/recognised/register/",),
    "coverage": ("/coverage/", "/coverage/?from=ZZ&to=ZZ"),
    "unlocking": ("/unlocking/",),
    "figures": ("/figures/", "/figures/?as_of=2022-13"),
    "figure": ("/figures/workshops/", "/figures/alliance-members/?as_of=2025-01-01", "/figures/workshops/?as_of=2022-13"),
    "deadlines": ("/agreements/deadlines/",),
    "filtered list": ("/organisations/?q=college&country=CN", "/agreements/?signed_after=2022-13&state=nothing",
                      "/organisations/?after=garbage"),
    "saving a view": ("/organisations/save-view/?country=CN",),
}  # fmt: skip
# How a form is sent: as it stands, with nothing filled in, with what fits nowhere, over another person's later edit,
# or from a page that is too old.
AS_IT_STANDS, EMPTY, WRONG, STALE, TOO_OLD = "as it stands", "empty", "wrong", "stale", "too old"
WAYS = (AS_IT_STANDS, EMPTY, WRONG)


@dataclass(frozen=True)
class Address:
    """One page by its kind. `sent`: how its form is sent, so that the page with the errors is looked at. `role`: who
    alone meets it; otherwise everybody does. `signed_in`: how they are signed in. `breaks`: what goes wrong on our
    side meanwhile. `part`: what is brought into the page as one types."""

    kind: str
    url: str
    sent: str = ""
    role: str = ""
    signed_in: str = "afresh"
    breaks: str = ""
    part: str = ""
    times: int = 1


def elsewhere() -> list[Address]:
    """Return the pages that are no desk's, and those on which something went wrong."""
    found = [Address(kind, url) for kind, urls in ELSEWHERE.items() for url in urls]
    found += [Address("account sent", f"/accounts/{name}/", way) for way in WAYS for name in ACCOUNTS]
    return [
        *found,
        Address("saving a view refused", "/organisations/save-view/?country=CN", EMPTY),
        Address("tried too often", "/accounts/login/", WRONG, role="visitor", times=9),
        Address("tried too often", "/accounts/password/reset/", WRONG, role="visitor", times=9),
        Address("too old", "/organisations/add/", TOO_OLD, role="secretariat"),
        Address("broken", "/search/?q=college", breaks="bug"),
        Address("busy", "/search/?q=college", breaks="busy"),
        Address("date typed", "/events/add/", part="/when/?field=x&x_qualifier=&x_year=2022&x_month=11&x_day=3"),
        Address("date typed", "/events/add/", part="/when/?field=x&x_qualifier=&x_year=2022&x_month=13&x_day=3"),
    ]


def addresses(world: World) -> list[Address]:
    """Return every page: those of the site, and per desk its lists, forms, steps of an import, and the pages of the
    records of `shown`."""
    found: list[Address] = [*elsewhere(), *world.imports]
    for slug, desk in registry.by_slug.items():
        found += around(desk)
        rows = desk.all()
        own = [*rows.order_by("pk")[:1], *rows.order_by("-revision", "pk")[:1]]
        own += [world.sample(slug)] if slug in world._samples else []
        for record in dict.fromkeys(own):
            found += of_record(desk, record)
    return found


def of_record(desk: Desk, record: Record, role: str = "") -> Iterator[Address]:
    """Yield the pages of a record: itself, its history, and what is done to it, refused in each way."""
    url = desk.url(record)
    yield Address("record", url, role=role)
    yield Address("history", f"{url}history/", role=role)
    yield Address("delete", f"{url}delete/", role=role)
    yield Address("delete refused", f"{url}delete/", EMPTY, role=role)
    if desk.form:
        yield Address("edit", f"{url}edit/", role=role)
        yield from (Address("edit refused", f"{url}edit/", way, role=role) for way in (*WAYS, STALE))
    for deed in desk.deeds:
        at = f"{url}do/{deed.name}/"
        yield Address("deed", at, role=role)
        yield from (Address("deed refused", at, way, role=role) for way in WAYS)
        if deed.binding:
            yield Address("deed, signed in long ago", at, role=role or "secretariat", signed_in="a while ago")


def around(desk: Desk) -> list[Address]:
    """Return the pages of a desk that are no record's."""
    base = desk.list_url()
    found = [Address("list", base), Address("list, nothing fits", f"{base}?q=zzzzzz")]
    if desk.form:
        found += [Address("add", f"{base}add/"), *(Address("add refused", f"{base}add/", way) for way in WAYS)]
        found += [Address("import", f"{base}import/"), Address("import refused", f"{base}import/", EMPTY)]
        picks = [
            Address("picked", f"{base}add/", part=f"/{base.strip('/')}/pick/?name=x&x={word}")
            for word in ("a", "zzzzzz")
        ]
        found += picks
    return found


def further() -> Iterator[Address]:
    """Yield, for whoever sees most and for whoever sees least, the page of every record, and all pages of one record in
    each state."""
    for role, desk in itertools.product(("secretariat", "visitor"), registry.by_slug.values()):
        rows = desk.all().order_by("pk")
        yield from (Address("record", desk.url(record), role=role) for record in rows)
        for column in desk.model._meta.concrete_fields:
            if isinstance(column, StateField):
                for value in rows.order_by().values_list(column.name, flat=True).distinct():
                    yield from of_record(desk, rows.filter(**{column.name: value}).latest("pk"), role)


def linked(world: World, known: list[Address]) -> Iterator[Address]:
    """Yield what those pages link to that are no forms, two of each sort: of one view, with the same questions."""
    have, kinds = {item.url for item in known}, ("deed", "edit", "add", "delete", "import")
    for role in ("secretariat", "visitor"):
        found: dict[tuple[object, ...], list[str]] = {}
        client = world.people[role].client()
        for url in dict.fromkeys(item.url for item in known if not item.sent and not item.kind.startswith(kinds)):
            for path in _links(client.get(url, follow=True)):
                sort = _sort(path)
                if sort and path not in have and len(some := found.setdefault(sort, [])) < 2 and path not in some:
                    some.append(path)
        yield from (Address(f"linked, {one[0]}", path, role=role) for one, some in found.items() for path in some)


def _links(response: Any) -> Iterator[str]:
    if "text/html" not in response.headers.get("Content-Type", ""):
        return
    tree = html.document_fromstring(response.content.decode())
    tree.make_links_absolute(f"http://here{response.request['PATH_INFO']}")
    for href in tree.xpath("//main//a/@href"):
        path = href.partition("#")[0]
        if path.startswith("http://here/") and "/export." not in path and "next=" not in path:
            yield path.removeprefix("http://here")


def _sort(path: str) -> tuple[object, ...]:
    where, _mark, query = path.partition("?")
    try:
        met = resolve(where)
    except Resolver404:
        return ()
    asked = tuple(sorted({one.partition("=")[0] for one in query.split("&") if one}))
    return (met.url_name, met.kwargs.get("slug"), met.kwargs.get("deed"), asked)


def imports(world: World) -> list[Address]:
    """Bring sheets in as far as each of the steps: what a desk gives out, and one that is wrong in every row."""
    client, found = world.people["secretariat"].client(), []
    wrong = {"organisations": b"name,country\r\nA College,ZZ\r\n,CN\r\n", "documents": b"nothing,of,ours\r\na,b,c\r\n"}
    for slug in ("organisations", "workshops", "events", "documents"):
        out = client.get(f"/{slug}/export.csv")
        own = b"".join(out.streaming_content) if out.streaming else out.content
        for name, sheet, steps in (("rows", own, 1), ("rows", own, 2), ("rows", own, 3), ("wrong", wrong.get(slug), 1),
                                   ("wrong", wrong.get(slug), 2)):  # fmt: skip
            if sheet is not None:
                found += _steps(client, slug, SimpleUploadedFile(f"{name}.csv", sheet), steps)
    return list(dict.fromkeys(found))


def _steps(client: Client, slug: str, sheet: SimpleUploadedFile, steps: int) -> Iterator[Address]:
    """Go through so many steps of an import and yield the pages met on the way."""
    mapping = client.post(f"/{slug}/import/", {"file": sheet}).headers["Location"]
    yield Address("import, mapping", mapping, role="secretariat")
    yield Address("import, mapping refused", mapping, EMPTY, role="secretariat")
    yield Address("import, mapping sent", mapping, AS_IT_STANDS, role="secretariat")
    if steps == 1:
        return
    page = client.get(mapping).content.decode()
    chosen = dict(re.findall(r'<select[^>]*name="(column-\d+)".*?<option value="([^"]+)" selected', page, re.DOTALL))
    client.post(mapping, chosen)
    check = mapping.replace("/mapping/", "/check/")
    yield Address("import, check", check, role="secretariat")
    if steps == 3:
        client.post(check, {"keep_good": "on"})
        yield Address("import, done", check.replace("/check/", "/done/"), role="secretariat")
