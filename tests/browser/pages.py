"""Every page there is: those of the site, and per desk its lists, forms, deeds and the steps of an import."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contract.world import World
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sunmao.kernel.desk import registry

MADE_UP = "00000000-0000-4000-8000-000000000000"
ELSEWHERE = {
    "home": "/",
    "search": "/search/?q=college",
    "search finds nothing": "/search/?q=zzzzzz",
    "search asks": "/search/",
    "today": "/today/",
    "account": "/account/",
    "sign-in": "/accounts/login/",
    "second factor": "/accounts/2fa/",
    "not found": "/no-such-page/",
    "no such record": "/agreements/AG-99999/",
    "verify": "/verify/",
    "verify, nothing known": f"/v/{MADE_UP}/",
    "recognised": "/recognised/",
    "recognition register": "/recognised/register/",
    "figures": "/figures/",
    "figure": "/figures/workshops/",
    "figure as of": "/figures/alliance-members/?as_of=2025-01-01",
    "deadlines": "/agreements/deadlines/",
    "filtered list": "/organisations/?q=college&country=CN",
    "list, nothing fits": "/organisations/?q=zzzzzz",
    "saving a view": "/organisations/save-view/?country=CN",
}


@dataclass(frozen=True)
class Address:
    """One page by its kind. `sent`: its form is sent as it stands, and the page with the errors is looked at. `role`:
    who alone meets it; otherwise everybody does."""

    kind: str
    url: str
    sent: bool = False
    role: str = ""


def addresses(world: World) -> list[Address]:
    """Return every page: those of the site, and per desk its lists, forms, steps of an import, and the pages of the
    first record, of the sample, and of the record that most was done to."""
    found = [Address(kind, url) for kind, url in ELSEWHERE.items()]
    found += [Address("sign-in refused", "/accounts/login/", sent=True), *world.imports]
    for slug, desk in registry.by_slug.items():
        own = [*desk.all().order_by("pk")[:1], *desk.all().order_by("-revision", "pk")[:1]]
        own += [world.sample(slug)] if slug in world._samples else []
        base = desk.list_url()
        found += [Address("list", base), Address("list, nothing fits", f"{base}?q=zzzzzz")]
        if desk.form:
            found += [Address(kind, f"{base}{kind}/") for kind in ("add", "import")]
            found += [Address(f"{kind} refused", f"{base}{kind}/", sent=True) for kind in ("add", "import")]
        for url in dict.fromkeys(desk.url(record) for record in own):
            found += [Address("record", url), Address("history", f"{url}history/"), Address("delete", f"{url}delete/")]
            if desk.form:
                found += [Address("edit", f"{url}edit/"), Address("edit refused", f"{url}edit/", sent=True)]
            for deed in desk.deeds:
                found.append(Address("deed", f"{url}do/{deed.name}/"))
                found.append(Address("deed refused", f"{url}do/{deed.name}/", sent=True))
    return found


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
    yield Address("import, mapping sent", mapping, sent=True, role="secretariat")
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
